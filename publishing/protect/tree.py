"""A table over hierarchies as cells and sums: what an attacker who can add and subtract sees of it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publishing.contributors import LeafContributors

OWN = "!"
"""Suffix of a place or class that stands for its own level: `990100!` is what city 990100 spends itself.

Such a cell is in no published table, but it is the city less its counties, so it must be protected like any other.
"""


@dataclass(frozen=True, slots=True)
class CellTable:
    """Cells and the sums between them.

    cells      key str · value_fen i64 · contributors u32 · largest_fen i64 · second_fen i64 · largest_by u64? ·
               shown bool · known bool
               (the largest contributor is named where the rules could bite. shown: the cell is a number of a published table; otherwise it only follows from others. known: an
               attacker has it from elsewhere, by law)
    relations  relation str · key str · sign i8: for each relation Σ sign x value = 0
    """

    cells: pl.DataFrame
    relations: pl.DataFrame


CELL_SCHEMA = {
    "key": pl.String,
    "value_fen": pl.Int64,
    "contributors": pl.UInt32,
    "largest_fen": pl.Int64,
    "second_fen": pl.Int64,
    "largest_by": pl.UInt64,
    "shown": pl.Boolean,
    "known": pl.Boolean,
}
RELATION_SCHEMA = {"relation": pl.String, "key": pl.String, "sign": pl.Int8}


def tree_table(
    name: str,
    leaves: pl.DataFrame,
    dimensions: Sequence[Sequence[str]],
    *,
    contributors: LeafContributors,
    fixed: Sequence[str] = (),
    shown_levels: Mapping[int, Sequence[str]] | None = None,
) -> CellTable:
    """Roll leaves up over every combination of levels, and say which cells are sums of which.

    In:   leaves       one row per leaf: leaf u32 · value_fen i64 · one str column per level (null: the leaf stops above)
          dimensions   for each dimension its level columns from the root down
          fixed        columns that are part of every key (the fiscal year)
          shown_levels dimension -> level columns that the published table has; others are worked out only
    A key is `name|fixed…|code|code…`; codes must be unique over the levels of a dimension.
    """
    cells: list[pl.DataFrame] = []
    relations: list[pl.DataFrame] = []
    for combination in itertools.product(*(range(len(levels)) for levels in dimensions)):
        columns = [levels[depth] for levels, depth in zip(dimensions, combination, strict=True)]
        placed = leaves.drop_nulls(columns)
        grouped = _cells(name, placed, [*fixed, *columns], contributors)
        shown = all(
            shown_levels is None or levels[depth] in shown_levels.get(dimension, levels)
            for dimension, (levels, depth) in enumerate(zip(dimensions, combination, strict=True))
        )
        own = pl.any_horizontal(pl.col(column).str.ends_with(OWN) for column in columns)
        states = ((pl.lit(shown) & ~own).alias("shown"), pl.lit(value=False).alias("known"))
        cells.append(grouped.with_columns(*states).select(*CELL_SCHEMA))
        relations.extend(
            _sums(name, placed, [*fixed, *columns], len(fixed) + dimension, dimensions[dimension][depth - 1])
            for dimension, depth in enumerate(combination)
            if depth > 0
        )
    return CellTable(pl.concat(cells), pl.concat([pl.DataFrame(schema=RELATION_SCHEMA), *relations]))


def key_of(name: str, columns: Sequence[str]) -> pl.Expr:
    """The key of a cell from the columns that hold its codes."""
    return pl.concat_str(pl.lit(name), *(pl.col(column).cast(pl.String) for column in columns), separator="|")


def _cells(
    name: str, placed: pl.DataFrame, columns: Sequence[str], contributors: LeafContributors
) -> pl.DataFrame:
    grouped = placed.group_by(*columns).agg(pl.col("value_fen").sum()).sort(*columns).with_row_index("cell")
    cell_of_leaf = placed.join(grouped.select("cell", *columns), on=list(columns)).select("leaf", "cell")
    behind = contributors.cells(cell_of_leaf, grouped.select("cell", "value_fen"))
    return (
        grouped.join(behind, on="cell", how="left", maintain_order="left")
        .with_columns(pl.col("contributors", "largest_fen", "second_fen").fill_null(0))
        .with_columns(key_of(name, columns).alias("key"))
    )


def _sums(
    name: str, placed: pl.DataFrame, columns: Sequence[str], position: int, parent: str
) -> pl.DataFrame:
    """Each parent cell is the sum of its children along one dimension."""
    parents = [parent if index == position else column for index, column in enumerate(columns)]
    child_and_parent = placed.select(
        key_of(name, columns).alias("key"), key_of(name, parents).alias("parent")
    ).unique()
    children = child_and_parent.select(
        pl.concat_str("parent", pl.lit(f"/{position}")).alias("relation"),
        "key",
        pl.lit(-1, dtype=pl.Int8).alias("sign"),
    )
    totals = (
        child_and_parent.select("parent")
        .unique()
        .select(
            pl.concat_str("parent", pl.lit(f"/{position}")).alias("relation"),
            pl.col("parent").alias("key"),
            pl.lit(1, dtype=pl.Int8).alias("sign"),
        )
    )
    return pl.concat([totals, children]).sort("relation", "sign", "key", descending=[False, True, False])
