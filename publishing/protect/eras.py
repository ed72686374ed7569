"""A release together with all before it, as one linear system.

A cell whose value did not change from one release to the next is one cell. One that changed has versions, and the
difference of two versions is a cell of its own, because whoever has both releases can subtract: it gets its own primary
rule, over the payments that came in between.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

import numpy as np
import polars as pl

from anonymize.policy import Policy
from anonymize.rules import PrimaryRules, assess
from anonymize.system import FREE, HIDDEN, KNOWN, LARGEST_VALUE, PUBLISHED, WITHHOLD, System
from publishing.protect.family import Trees, family
from publishing.protect.insiders import PART_SCHEMA, insiders_of, parts_of
from publishing.protect.recorded import MeasureRows
from publishing.protect.tree import CellTable


class Books(Protocol):
    """What was known on one day, as far as it can be compared with an earlier day."""

    def less(self, earlier: Self) -> Self:
        """What came in between."""
        ...


Kept = TypeVar("Kept", bound=Books)


@dataclass(frozen=True, slots=True)
class Era(Generic[Kept]):
    """One release: what its books said of one measure, and what it published of it.

    statuses   key str · published bool, for every shown cell; None for the release that is being made
    """

    number: int
    rows: Kept
    statuses: pl.DataFrame | None


@dataclass(frozen=True, slots=True)
class Frame(Generic[Kept]):
    """How the books of a release become cells and sums.

    cells, changes  every cell of a release, or of what came in between two, as `anonymize.rules.assess` leaves them;
                    closed: not published even where nothing is left to hide; stamp: a cell with another stamp is another
                    cell, though its value be the same
    weight          what withholding a cell costs, from its `variable` and `value`
    insiders        whether single contributors attack too
    upwards         a difference need only stay open upwards: counts and stars have ends beyond which nothing goes
    """

    cells: Callable[[Kept], CellTable]
    changes: Callable[[Kept], CellTable]
    weight: pl.Expr
    insiders: bool
    upwards: bool = False


@dataclass(frozen=True, slots=True)
class EraSystem:
    """The system, and which of its cells each key of the newest release is.

    variables  key str · variable str · reason str? (why it is sensitive by itself) · shown bool (in a published table) ·
               closed bool (not to be published in any case)
    """

    system: System
    variables: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Measure:
    """How cells are judged: the primary rules, the unit to count in (fen), the least a cell can be (in that unit)."""

    rules: PrimaryRules
    unit: int
    lowest: int


def spending_system(
    eras: Sequence[Era[MeasureRows]], trees: Trees, measure: str, policy: Policy
) -> EraSystem:
    """Write down everything an attacker has of one measure of money."""
    unit = _unit(eras)
    judge = _Measure(policy.rules, unit, policy.lowest // unit)

    def cells(rows: MeasureRows) -> CellTable:
        return _assessed(family(rows, trees, measure), rows, judge)

    return build_system(eras, Frame(cells, cells, _weight(trees), policy.insiders))


def build_system(eras: Sequence[Era[Kept]], frame: Frame[Kept]) -> EraSystem:
    """Write down everything an attacker has: all releases, their sums, their differences.

    In: eras oldest first; the last is the release that is being made.
    """
    tables = [frame.cells(era.rows) for era in eras]
    known = _versions(eras, tables)
    relations = _relations(eras, tables, known)
    changes, change_relations, change_parts = _changes(eras, frame, known)
    cells = pl.concat([_cells(eras, known, frame.weight), changes])
    newest = known.filter(era=eras[-1].number).select("key", "variable", "reason", "shown", "closed")
    system = System.from_frames(cells, pl.concat([relations, change_relations]))
    if frame.insiders:
        parts = pl.concat([parts_of(known), change_parts])
        system = system.with_insiders(tuple(insiders_of(system, parts)))
    return EraSystem(system, newest)


def _unit(eras: Sequence[Era[MeasureRows]]) -> int:
    """In what unit to count: the fen, unless the totals are too large for the solver and all amounts are multiples of more.

    A national budget in yen has no fen; counted in yen it fits.
    """
    largest = max((int(era.rows.atoms["value_fen"].abs().sum()) for era in eras), default=0)
    if largest < LARGEST_VALUE:
        return 1
    columns = [era.rows.atoms["value_fen"] for era in eras] + [era.rows.people["amount_fen"] for era in eras]
    return (
        int(np.gcd.reduce([int(np.gcd.reduce(column.to_numpy())) for column in columns if len(column)])) or 1
    )


# ---------------------------------------------------------------- one release


def _assessed(table: CellTable, rows: MeasureRows, judge: _Measure) -> CellTable:
    """Apply the primary rules; where no public project pays a protected payee, leave the projects out of the system.

    Their months are then public without more ado, and so is the part of each cell that they make up; what is left is
    the same cell less a known number.
    """
    amounts = {"value_fen": "value", "largest_fen": "largest", "second_fen": "second"}
    counted = table.cells.rename(amounts).with_columns(pl.col(*amounts.values()) // judge.unit)
    cells = _judged(counted, judge)
    of_projects = rows.atoms.filter(pl.col("project_id").is_not_null()).select("atom")
    if rows.people.join(of_projects, on="atom", how="semi").is_empty():
        cells, relations = _without_projects(cells, table.relations)
        return CellTable(cells, relations)
    return CellTable(cells, table.relations)


def _judged(cells: pl.DataFrame, judge: _Measure) -> pl.DataFrame:
    """Apply the primary rules where refunds may have made a cell smaller than what single payees have in it.

    For the rules a cell is at least as large as its two largest contributors together: what the others have is never
    less than nothing. Below zero comes only by refunds, and of a net refund an outsider knows no more than that it may
    be as large again.
    """
    size = pl.max_horizontal(pl.col("value").abs(), pl.col("largest") + pl.col("second"))
    lower = pl.when(pl.col("value") < 0).then(pl.col("value") - size).otherwise(judge.lowest)
    sized = cells.with_columns(pl.col("value").alias("net"), lower.alias("lower")).with_columns(
        size.alias("value")
    )
    return (
        assess(sized, judge.rules)
        .with_columns(pl.col("net").alias("value"))
        .drop("net")
        .with_columns(pl.lit(value=False).alias("closed"), pl.lit(0, dtype=pl.Int64).alias("stamp"))
        .with_columns(pl.min_horizontal("upl", pl.col("value") - pl.col("lower")).alias("lpl"))
    )


def _without_projects(cells: pl.DataFrame, relations: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    aside = pl.col("key").str.contains(r"^(project_months|project_part|inside_projects|outside_projects)\|")
    outside = cells.filter(pl.col("key").str.starts_with("outside_projects|")).select(
        pl.col("key").str.replace(r"^outside_projects\|", "spending|"),
        pl.col("value").alias("outside"),
        pl.col("lower").alias("outside_lower"),
        pl.col("upl").alias("outside_upl"),
        pl.col("lpl").alias("outside_lpl"),
        pl.col("reason").alias("outside_reason"),
    )
    is_spending = pl.col("key").str.starts_with("spending|")
    kept = (
        cells.filter(~aside)
        .join(outside, on="key", how="left")
        .with_columns(
            pl.when(is_spending)
            .then(pl.col("value") - (pl.col("outside") - pl.col("outside_lower")).fill_null(0))
            .otherwise("lower")
            .alias("lower"),
            pl.max_horizontal("upl", pl.col("outside_upl").fill_null(0)).alias("upl"),
            pl.max_horizontal("lpl", pl.col("outside_lpl").fill_null(0)).alias("lpl"),
            pl.coalesce("reason", "outside_reason").alias("reason"),
            # all of it is made up by public projects: withholding it would hide nothing
            (pl.col("known") | (is_spending & pl.col("outside").is_null())).alias("known"),
        )
        .drop("outside", "outside_lower", "outside_upl", "outside_lpl", "outside_reason")
    )
    without = relations.filter(~aside)
    broken = relations.filter(aside).select("relation").unique()
    return kept, without.join(broken, on="relation", how="anti")


# ---------------------------------------------------------------- all releases


def _versions(eras: Sequence[Era[Kept]], tables: Sequence[CellTable]) -> pl.DataFrame:
    """One row per key and release: which version of the cell it is, and what was published of it."""
    rows = pl.concat(
        [
            table.cells.with_columns(pl.lit(era.number).alias("era"))
            for era, table in zip(eras, tables, strict=True)
        ]
    )
    statuses = pl.concat(
        [
            pl.DataFrame(schema={"key": pl.String, "published": pl.Boolean, "era": pl.Int32}),
            *(
                era.statuses.select("key", "published", pl.lit(era.number).alias("era"))
                for era in eras
                if era.statuses is not None
            ),
        ]
    )
    now = pl.struct("value", "stamp")
    changed = (now != now.shift(1)).over("key").fill_null(value=False)
    numbered = rows.sort("key", "era").with_columns(
        changed.cast(pl.Int32).cum_sum().over("key").alias("version")
    )
    several = pl.col("version").max().over("key") > 0
    name = pl.when(several).then(pl.concat_str("key", pl.lit("@"), "version")).otherwise("key")
    return numbered.with_columns(name.alias("variable")).join(
        statuses, on=["key", "era"], how="left", maintain_order="left"
    )


def _weight(trees: Trees) -> pl.Expr:
    """What withholding a cell costs: its value, and much more where everybody looks first.

    Readers want the totals of the province, then those of each place and of each class. They are given up only when nothing else helps.
    """
    root = "|".join(trees.regions["region_province"].drop_nulls().unique().sort())
    key = pl.col("variable")
    of_province, of_all = key.str.contains(rf"^[a-z_]+\|[^|]*\|({root})\|"), key.str.contains(r"\|total(@|$)")
    factor = (
        pl.when(of_province & of_all).then(_DEAREST).when(of_province | of_all).then(_DEAR).otherwise(1.0)
    )
    return pl.max_horizontal(pl.col("value").abs().cast(pl.Float64), 1.0) * factor


_DEAREST, _DEAR = 1000.0, 3.0


def _cells(eras: Sequence[Era[Kept]], known: pl.DataFrame, weight: pl.Expr) -> pl.DataFrame:
    newest = eras[-1].number
    merged = known.group_by("variable").agg(
        pl.col("value").first(),
        pl.col("lower").min(),
        pl.col("upl").max(),
        pl.col("lpl").max(),
        pl.col("shown").any(),
        pl.col("known").any(),
        pl.col("published").any().fill_null(value=False).alias("was_published"),
        (pl.col("published") == False).any().fill_null(value=False).alias("was_withheld"),  # noqa: E712 - null is neither
        (pl.col("era") == newest).any().alias("is_new"),
    )
    state = (
        pl.when("known").then(pl.lit(KNOWN))
        .when("was_published").then(pl.lit(PUBLISHED))
        .when(~pl.col("shown") | ~pl.col("is_new")).then(pl.lit(HIDDEN))
        .when("was_withheld").then(pl.lit(WITHHOLD))
        .otherwise(pl.lit(FREE))
    )  # fmt: skip
    return merged.select(
        pl.col("variable").alias("key"),
        "value",
        "lower",
        "upl",
        "lpl",
        state.alias("state"),
        weight.alias("weight"),
    )


def _relations(eras: Sequence[Era[Kept]], tables: Sequence[CellTable], known: pl.DataFrame) -> pl.DataFrame:
    """The sums of every release between the versions of its cells; a sum that did not change is written once."""
    parts = []
    for era, table in zip(eras, tables, strict=True):
        named = known.filter(era=era.number).select("key", "variable")
        placed = table.relations.join(named, on="key", how="left").with_columns(
            pl.concat_str("variable", pl.lit("/"), "sign").hash().alias("_part")
        )
        parts.append(
            placed.with_columns(
                pl.col("_part").sum().over("relation").alias("_whole"), pl.lit(era.number).alias("era")
            )
        )
    every = pl.concat(parts)
    first = every.group_by("relation", "_whole").agg(pl.col("era").min())
    once = every.join(first, on=["relation", "_whole", "era"], how="semi")
    return once.select(
        pl.concat_str("relation", pl.lit("@"), "era").alias("relation"),
        pl.col("variable").alias("key"),
        "sign",
    )


def _changes(
    eras: Sequence[Era[Kept]], frame: Frame[Kept], known: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The sensitive differences between versions, as hidden cells; what ties them to the versions; who knows them."""
    cells = [
        pl.DataFrame(
            schema={
                "key": pl.String,
                "value": pl.Int64,
                "lower": pl.Int64,
                "upl": pl.Int64,
                "lpl": pl.Int64,
                "state": pl.String,
                "weight": pl.Float64,
            }
        )
    ]
    relations = [pl.DataFrame(schema={"relation": pl.String, "key": pl.String, "sign": pl.Int8})]
    parts = [pl.DataFrame(schema=PART_SCHEMA)]
    for before, after in itertools.combinations(eras, 2):
        table = frame.changes(after.rows.less(before.rows))
        sensitive = table.cells.filter((pl.col("upl") > 0) | (pl.col("lpl") > 0))
        pair = (
            sensitive.join(
                known.filter(era=before.number).select("key", pl.col("variable").alias("old")), on="key"
            )
            .join(known.filter(era=after.number).select("key", pl.col("variable").alias("new")), on="key")
            .filter(pl.col("old") != pl.col("new"))
            .with_columns(pl.concat_str("new", pl.lit("-"), "old").alias("difference"))
        )
        parts.append(parts_of(pair.rename({"difference": "variable"})))
        # An outsider knows no sign of a difference: corrections go both ways.
        wide = pl.col("value").abs() + pl.col("largest") + pl.col("upl")
        lower = pl.col("value") if frame.upwards else -wide
        cells.append(
            pair.select(
                pl.col("difference").alias("key"),
                "value",
                lower.alias("lower"),
                "upl",
                (pl.lit(0, dtype=pl.Int64) if frame.upwards else pl.col("upl")).alias("lpl"),
                pl.lit(HIDDEN).alias("state"),
                pl.lit(1.0).alias("weight"),
            )
        )
        for column, sign in (("new", 1), ("old", -1), ("difference", -1)):
            relations.append(
                pair.select(
                    pl.col("difference").alias("relation"),
                    pl.col(column).alias("key"),
                    pl.lit(sign, dtype=pl.Int8).alias("sign"),
                )
            )
    return pl.concat(cells).unique("key"), pl.concat(relations).unique(), pl.concat(parts)
