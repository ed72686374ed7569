"""Earlier releases as part of the system: what is new is what is left after subtraction.

A figure that grows from release to release gives away its increment: cum(t+1) - cum(t) is the payments since. Two
releases, each clean alone, once gave away 62 sensitive monthly cells this way. So the union of releases is one system:

    key             the cell as it is now
    key@before      the cell as the earlier release had it: pinned if it was published, withheld if it was withheld
    key+since       the increment, in no table, but protected like any cell with its own contributors
    key = key@before + key+since

and the sums of the earlier release hold among the @before cells as they did then. A cell that has not changed stays one
cell: whoever withheld it then must not show it now unless the union still holds, which the suppressor sees to.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from anonymize.errors import LinkError
from anonymize.system import FREE, HIDDEN, PUBLISHED, WITHHOLD

RELATION_COLUMNS = ("relation", "key", "sign")


@dataclass(frozen=True, eq=False)
class Linked:
    """Cells and relations ready for System.from_frames."""

    cells: pl.DataFrame
    relations: pl.DataFrame


def with_earlier_release(
    current: Linked,
    earlier: Linked,
    published: pl.Series,
    increments: pl.DataFrame,
    *,
    label: str,
) -> Linked:
    """Link a release that is out to the one in the making.

    current     cells (key, value, lower, upl, lpl, state …) and relations of the new release
    earlier     the same of the earlier one, with the values and protection levels it had
    published   keys that the earlier release showed; the rest of its cells were withheld or hidden
    increments  key · value i64 · upl i64 · lpl i64 (and lower, usually 0): what came since, for every cell whose value
                changed, assessed by the primary rules over its own contributors
    label       names the earlier release in keys, e.g. "r1"

    Cells of the earlier release that are unchanged and exist now are not repeated: if they were published they are
    pinned now. Raises: LinkError when current, earlier and increment do not add up.
    """
    was = earlier.cells.select("key", before="value")
    now = current.cells.select("key", "value")
    both = was.join(now, on="key", how="inner")
    same = both.filter(pl.col("before") == pl.col("value"))["key"]
    changed = both.filter(pl.col("before") != pl.col("value"))
    _check_increments(changed, increments)
    renamed = _renaming(earlier.cells["key"], same, label)
    shown = pl.col("key").is_in(published.implode())
    cells = current.cells.with_columns(
        state=pl.when(pl.col("key").is_in(same.implode()) & shown & (pl.col("state") == FREE))
        .then(pl.lit(PUBLISHED))
        .otherwise(pl.col("state"))
    )
    old = earlier.cells.with_columns(
        state=pl.when(shown).then(pl.lit(PUBLISHED)).when(pl.col("state") == HIDDEN).then(pl.lit(HIDDEN)).otherwise(pl.lit(WITHHOLD))
    )  # fmt: skip
    old = (
        old.join(renamed, on="key")
        .with_columns(key="new")
        .drop("new")
        .filter(~pl.col("key").is_in(same.implode()))
    )
    since = increments.join(changed.select("key"), on="key", how="semi").with_columns(
        pl.concat_str("key", pl.lit(f"+{label}")).alias("key"), state=pl.lit(HIDDEN)
    )
    relations = [
        current.relations,
        _renamed_relations(earlier.relations, renamed, label),
        _growth(changed["key"], label),
    ]
    columns = [
        relation.select(*RELATION_COLUMNS).with_columns(pl.col("sign").cast(pl.Int8))
        for relation in relations
    ]
    return Linked(pl.concat([cells, old, since], how="diagonal_relaxed"), pl.concat(columns))


def _check_increments(changed: pl.DataFrame, increments: pl.DataFrame) -> None:
    grown = changed.join(increments.select("key", grown="value"), on="key", how="left")
    lost = grown.filter(pl.col("grown").is_null())
    if lost.height:
        raise LinkError(
            lost["key"][0], "its value changed since the earlier release, but it has no increment"
        )
    wrong = grown.filter(pl.col("before") + pl.col("grown") != pl.col("value"))
    if wrong.height:
        raise LinkError(wrong["key"][0], "its earlier value and its increment do not add up to its value")


def _renaming(keys: pl.Series, same: pl.Series, label: str) -> pl.DataFrame:
    kept = pl.col("key").is_in(same.implode())
    suffixed = pl.concat_str("key", pl.lit(f"@{label}"))
    return pl.DataFrame({"key": keys}).unique(maintain_order=True).with_columns(
        new=pl.when(kept).then(pl.col("key")).otherwise(suffixed)
    )  # fmt: skip


def _renamed_relations(relations: pl.DataFrame, renamed: pl.DataFrame, label: str) -> pl.DataFrame:
    return relations.join(renamed, on="key", how="left", maintain_order="left").select(
        pl.concat_str("relation", pl.lit(f"@{label}")).alias("relation"), pl.col("new").alias("key"), "sign"
    )


def _growth(changed: pl.Series, label: str) -> pl.DataFrame:
    pieces = [
        pl.DataFrame({"key": changed}).select(
            pl.concat_str(pl.lit(f"growth since {label}: "), "key").alias("relation"),
            pl.concat_str("key", pl.lit(suffix)).alias("key"),
            pl.lit(sign, dtype=pl.Int8).alias("sign"),
        )
        for suffix, sign in (("", 1), (f"@{label}", -1), (f"+{label}", -1))
    ]
    return pl.concat(pieces)
