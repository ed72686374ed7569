"""Who stands behind each cell, on any level of any hierarchy, without grouping all payees again each time.

The rules ask three things of a cell: how many protected contributors, the largest, the second largest. For nearly every
cell a bound settles the matter: it has at least as many contributors as its busiest part, and nobody in it has more
than what the largest payee of its parts received altogether. Only the cells that these bounds leave in doubt are
counted exactly, person by person: counting one person twice would let a cell of two pass for a cell of four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

ENOUGH = 10
"""A cell with a part of this many contributors has enough for any reasonable threshold."""

MARGIN = 4
"""A cell worth this many times anybody's whole receipts fails no p% or dominance rule (value - 2 x largest >= 2 x largest)."""

Integers = NDArray[np.int64]


class Contributors:
    """The protected contributors of one measure: rows of (atom, contributor, amount), and bounds per atom."""

    def __init__(self, rows: pl.DataFrame) -> None:
        """Index contributions.

        In: one row per (atom u32, contributor u64): amount_fen i64. Contributors that net to zero in an atom are left out.
        """
        rows = rows.filter(pl.col("amount_fen") != 0).sort("atom")
        receipts = rows.group_by("contributor").agg(pl.col("amount_fen").abs().sum().alias("receipts"))
        self._rows = rows
        self.bounds = (
            rows.select("atom", "contributor")
            .join(receipts, on="contributor")
            .group_by("atom")
            .agg(pl.len().cast(pl.UInt32).alias("count"), pl.col("receipts").max().alias("bound"))
            .sort("atom")
        )
        atoms, lengths = self.bounds["atom"], self.bounds["count"].to_numpy().astype(np.int64)
        self._atoms = atoms.to_numpy().astype(np.int64)
        self._starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)

    def leaves(self, leaf_of_atom: pl.DataFrame) -> LeafContributors:
        """Group atoms into the leaves of one table.

        In: one row per atom of the table: atom u32 · leaf u32
        """
        bounds = (
            leaf_of_atom.join(self.bounds, on="atom")
            .group_by("leaf")
            .agg(pl.col("count").max(), pl.col("bound").max())
            .sort("leaf")
        )
        return LeafContributors(self, leaf_of_atom, bounds)

    def of_atoms(self, cell_of_atom: pl.DataFrame) -> pl.DataFrame:
        """The contributions to some cells, in full: cell u32 · contributor u64 · amount_fen.

        In: one row per atom: atom u32 · cell u32
        """
        known = cell_of_atom.join(self.bounds.select("atom"), on="atom", how="semi").sort("atom")
        places = np.searchsorted(self._atoms, known["atom"].to_numpy().astype(np.int64))
        starts, ends = self._starts[places], self._starts[places + 1]
        lengths = ends - starts
        offsets = (
            np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
            if len(starts)
            else starts
        )
        positions = np.arange(lengths.sum()) + offsets
        cells = np.repeat(known["cell"].to_numpy(), lengths)
        found = self._rows[positions].select("contributor", "amount_fen")
        return found.with_columns(pl.Series("cell", cells, dtype=pl.UInt32)).select(
            "cell", "contributor", "amount_fen"
        )


@dataclass(frozen=True)
class LeafContributors:
    """The contributors of one table's leaves: bounds per leaf, and the way back to the atoms.

    bounds  leaf u32 · count u32 (at least so many) · bound i64 (nobody has more)
    """

    contributors: Contributors
    leaf_of_atom: pl.DataFrame
    bounds: pl.DataFrame

    def cells(self, cell_of_leaf: pl.DataFrame, values: pl.DataFrame) -> pl.DataFrame:
        """Tell who stands behind each cell: exactly where a rule could bite, in safe bounds elsewhere.

        In:   cell_of_leaf  one row per leaf that belongs to a cell: leaf u32 · cell u32
              values        one row per cell: cell u32 · value_fen i64
        Out:  one row per cell with a contributor, sorted by cell: cell u32 · contributors u32 · largest_fen ·
              second_fen (0 when there is no second) · largest_by u64? (who that is). In a cell that is
              safe by its bounds, `contributors` is a lower and the two amounts are upper bounds, and nobody is named.
        """
        bounded = (
            cell_of_leaf.join(self.bounds, on="leaf")
            .group_by("cell")
            .agg(pl.col("count").max(), pl.col("bound").max())
            .join(values, on="cell")
        )
        is_safe = (pl.col("count") >= ENOUGH) & (pl.col("value_fen").abs() >= MARGIN * pl.col("bound"))
        safe = bounded.filter(is_safe).select(
            "cell",
            pl.col("count").alias("contributors"),
            pl.col("bound").alias("largest_fen"),
            pl.col("bound").alias("second_fen"),
            pl.lit(None, dtype=pl.UInt64).alias("largest_by"),
        )
        doubtful = bounded.filter(~is_safe).select("cell")
        return pl.concat([safe, self._exactly(cell_of_leaf.join(doubtful, on="cell", how="semi"))]).sort(
            "cell"
        )

    def _exactly(self, cell_of_leaf: pl.DataFrame) -> pl.DataFrame:
        cell_of_atom = self.leaf_of_atom.join(cell_of_leaf, on="leaf").select("atom", "cell")
        sums = (
            self.contributors.of_atoms(cell_of_atom)
            .group_by("cell", "contributor")
            .agg(pl.col("amount_fen").sum().abs())
            .filter(pl.col("amount_fen") != 0)
        )
        return two_largest(sums, named=True)


def two_largest(rows: pl.DataFrame, *, named: bool = False) -> pl.DataFrame:
    """Count contributors and find the two largest amounts of each cell.

    In:   one row per (cell, contributor): cell u32 · amount_fen i64; contributor u64 where they are to be named
    Out:  one row per cell, sorted: cell · contributors u32 · largest_fen · second_fen (0 when there is no second);
          largest_by u64 where named
    """
    # Not top_k: it is unordered, and largest and second come out swapped in 1 % of cells.
    keys = ["cell", "amount_fen", *(["contributor"] if named else [])]
    ranked = rows.lazy().sort(*keys, descending=[name == "amount_fen" for name in keys])
    names = [pl.col("contributor").first().alias("largest_by")] if named else []
    return (
        ranked.group_by("cell", maintain_order=True)
        .agg(
            pl.len().cast(pl.UInt32).alias("contributors"),
            pl.col("amount_fen").first().alias("largest_fen"),
            pl.col("amount_fen").slice(1, 1).first().fill_null(0).alias("second_fen"),
            *names,
        )
        .collect()
    )
