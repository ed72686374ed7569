"""One linear system: the cells of all linked tables, and the sums between them, as an attacker sees it.

A cell is one number. Several published tables may show it; it is still one cell, so a cell withheld in one table
is withheld in all, and linked tables are no special case. A relation says that a signed sum of cells is zero
(a total less its parts). What has been published before enters as pinned cells; what is never published at all (a
city's own level, the payments outside contracts) enters as hidden cells, which an attacker does not see but whose
sums with visible cells he may work out.

States of a cell
    free       may be published or withheld; the suppressor decides
    known      public by law, or a structural zero: the attacker knows it whatever we do
    published  in an earlier release: it cannot be taken back
    withhold   must not be published (still withheld from an earlier release, or by policy)
    hidden     in no published table
A free cell with a protection level (`upl` or `lpl` above zero) is sensitive and is always withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from anonymize.errors import LinkError, TableError, TableProblem

FREE: Final = "free"
KNOWN: Final = "known"
PUBLISHED: Final = "published"
WITHHOLD: Final = "withhold"
HIDDEN: Final = "hidden"
STATES: Final = (FREE, KNOWN, PUBLISHED, WITHHOLD, HIDDEN)

LARGEST_VALUE: Final = 1 << 53
"""Values stay below 2^53 so that the solver's doubles hold them exactly (90 million million yuan in fen)."""

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

CELL_DEFAULTS: Final = {
    "lower": pl.lit(0, dtype=pl.Int64),
    "upl": pl.lit(0, dtype=pl.Int64),
    "lpl": pl.lit(0, dtype=pl.Int64),
    "state": pl.lit(FREE),
}


@dataclass(frozen=True, eq=False)
class Insider:
    """What one payee knows that outsiders do not: its own part of some cells.

    cells  positions of cells it contributes to
    own    its part of each: it knows that the cell is at least that
    sole   whether it is the only contributor to everything in the cell: then it knows the cell
    """

    name: str
    cells: Integers
    own: Integers
    sole: Booleans

    def leeway(self, value: Integers) -> Integers:
        """How far each of its cells may fall below the truth for all it knows; nothing where it is alone."""
        return np.where(self.sole, 0, (value[self.cells] - self.own).clip(0))


@dataclass(frozen=True, eq=False)
class System:
    """Cells and the relations between them. Build with `from_frames`.

    keys       the cells' keys, sorted; positions in every array below follow this order
    value      true values
    lower      the smallest value an outsider thinks possible (0, or the refund bound)
    upl, lpl   protection levels; 0 = nothing to protect
    weight     what withholding a free cell costs (by default its value)
    state      index into STATES
    relations  one row per relation, entries +1 or -1; relations @ value = 0
    insiders   payees whose own knowledge must not narrow anybody else's cell
    """

    keys: pl.Series
    value: Integers
    lower: Integers
    upl: Integers
    lpl: Integers
    weight: NDArray[np.float64]
    state: NDArray[np.uint8]
    relations: sparse.csr_matrix
    insiders: tuple[Insider, ...] = ()

    @classmethod
    def from_frames(
        cls, cells: pl.DataFrame, relations: pl.DataFrame, insiders: Sequence[Insider] = ()
    ) -> System:
        """Check the frames and number the cells.

        cells      key str · value i64; optional lower i64 (0) · upl i64 (0) · lpl i64 (0) · state str (free) ·
                   weight f64 (the value, at least 1). The same key may come from several tables: one value, the
                   larger protection levels, the strictest state.
        relations  relation str · key str · sign int: for each relation, the sum of sign x value is 0

        `insiders` refer to positions in the sorted unique keys.
        Raises: LinkError when tables disagree about a cell or a relation names a cell that does not exist;
        TableError when sums do not add up or a value is below its bound.
        """
        merged = _merge(_with_defaults(cells))
        _check_values(merged)
        matrix = _matrix(merged["key"], relations)
        value = merged["value"].to_numpy().astype(np.int64)
        _check_sums(relations, matrix, value)
        state = merged["state"].cast(pl.Enum(STATES)).to_physical().cast(pl.UInt8).to_numpy()
        return cls(
            keys=merged["key"],
            value=value,
            lower=merged["lower"].to_numpy().astype(np.int64),
            upl=merged["upl"].to_numpy().astype(np.int64),
            lpl=merged["lpl"].to_numpy().astype(np.int64),
            weight=merged["weight"].to_numpy().astype(np.float64),
            state=state,
            relations=matrix,
            insiders=tuple(insiders),
        )

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.value)

    @cached_property
    def pinned(self) -> Booleans:
        """Cells the attacker knows whatever the pattern says."""
        return np.isin(self.state, [STATES.index(KNOWN), STATES.index(PUBLISHED)])

    @cached_property
    def sensitive(self) -> Booleans:
        """Cells that need protection: they have a protection level and are not public by law."""
        sensitive: Booleans = ((self.upl > 0) | (self.lpl > 0)) & (self.state != STATES.index(KNOWN))
        return sensitive

    @cached_property
    def must_withhold(self) -> Booleans:
        """Cells that no pattern may publish: sensitive, hidden, or withheld before."""
        closed = np.isin(self.state, [STATES.index(WITHHOLD), STATES.index(HIDDEN)])
        return (closed | self.sensitive) & ~self.pinned

    @cached_property
    def room_below(self) -> Integers:
        """How far each cell could fall before it passes its bound."""
        return self.value - self.lower

    def with_insiders(self, insiders: Sequence[Insider]) -> System:
        """The same system, attacked by these payees as well."""
        return replace(self, insiders=tuple(insiders))

    def position(self, key: str) -> int:
        """Find a cell by its key. Raises KeyError when there is none."""
        at = self.keys.search_sorted(key)
        if at >= self.size or self.keys[at] != key:
            raise KeyError(key)
        return int(at)


def _with_defaults(cells: pl.DataFrame) -> pl.DataFrame:
    filled = cells.with_columns(
        default.alias(name) for name, default in CELL_DEFAULTS.items() if name not in cells.columns
    )
    if "weight" not in filled.columns:
        filled = filled.with_columns(weight=pl.max_horizontal(pl.col("value").abs().cast(pl.Float64), 1.0))
    unknown = filled.filter(~pl.col("state").is_in(STATES))
    if unknown.height:
        raise LinkError(unknown["key"][0], f"state {unknown['state'][0]!r} is none of {', '.join(STATES)}")
    return filled.select("key", "value", "lower", "upl", "lpl", "weight", "state")


def _merge(cells: pl.DataFrame) -> pl.DataFrame:
    """Make one row per key, sorted by key."""
    if cells["key"].is_duplicated().any():
        differing = (
            cells.group_by("key").agg(pl.col("value").n_unique()).filter(pl.col("value") > 1).sort("key")
        )
        if differing.height:
            raise LinkError(
                differing["key"][0], "linked tables give it different values; it must be one number"
            )
        strictness = pl.col("state").replace_strict(
            {FREE: 0, HIDDEN: 1, WITHHOLD: 2, PUBLISHED: 3, KNOWN: 4}, return_dtype=pl.Int8
        )
        cells = (
            # A cell that is hidden in one table and shown in another is shown.
            cells.with_columns(rank=pl.when(pl.col("state") == HIDDEN).then(-1).otherwise(strictness))
            .sort("key", "rank")
            .group_by("key", maintain_order=True)
            .agg(
                pl.col("value").first(),
                pl.col("lower").max(),
                pl.col("upl").max(),
                pl.col("lpl").max(),
                pl.col("weight").max(),
                pl.col("state").last(),
            )
        )
    return cells.sort("key")


def _check_values(cells: pl.DataFrame) -> None:
    if cells.null_count().sum_horizontal().item() if cells.height else 0:
        empty = cells.filter(pl.any_horizontal(pl.all().is_null()))
        raise LinkError(str(empty["key"][0]), "a value, bound or protection level is empty")
    low = cells.filter(pl.col("value") < pl.col("lower"))
    huge = cells.filter(pl.col("value").abs() >= LARGEST_VALUE)
    problems = [
        TableProblem(None, None, f"cell {key!r} is {value}, below its bound {lower}")
        for key, value, lower in low.select("key", "value", "lower").iter_rows()
    ]
    problems += [
        TableProblem(None, None, f"cell {key!r} is {value}; values must stay below 2^53")
        for key, value in huge.select("key", "value").iter_rows()
    ]
    if problems:
        raise TableError("cells", problems)


def _matrix(keys: pl.Series, relations: pl.DataFrame) -> sparse.csr_matrix:
    numbered = pl.DataFrame({"key": keys}).with_row_index("cell")
    placed = relations.select("relation", "key", pl.col("sign").cast(pl.Int64)).join(
        numbered, on="key", how="left", maintain_order="left"
    )
    lost = placed.filter(pl.col("cell").is_null())
    if lost.height:
        raise LinkError(
            lost["key"][0], f"relation {lost['relation'][0]!r} names it, but there is no such cell"
        )
    names = relations.select(pl.col("relation").unique().sort()).with_row_index("row")
    placed = placed.join(names, on="relation", how="left", maintain_order="left")
    matrix = sparse.csr_matrix(
        (
            placed["sign"].to_numpy(),
            (placed["row"].to_numpy().astype(np.int64), placed["cell"].to_numpy().astype(np.int64)),
        ),
        shape=(names.height, len(keys)),
        dtype=np.int64,
    )
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return matrix


def _check_sums(relations: pl.DataFrame, matrix: sparse.csr_matrix, value: Integers) -> None:
    off = np.asarray(matrix @ value)
    wrong = np.flatnonzero(off)
    if not len(wrong):
        return
    names = relations["relation"].unique().sort()
    raise TableError(
        "relations",
        [
            TableProblem(
                None,
                None,
                f"{names[int(row)]!r} does not add up: the total differs from its parts by {off[row]}",
            )
            for row in wrong
        ],
    )
