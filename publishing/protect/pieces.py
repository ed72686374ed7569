"""What the tables of a family are put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.rows import TOTAL
from publishing.contributors import Contributors, LeafContributors
from publishing.protect.tree import RELATION_SCHEMA


@dataclass(frozen=True, slots=True)
class Rows:
    """Atoms with their ancestors on every level, and who stands behind them."""

    values: pl.DataFrame
    contributors: Contributors

    def where(self, condition: pl.Expr) -> Rows:
        """Some of the atoms."""
        return Rows(self.values.filter(condition), self.contributors)

    def with_total(self, column: str) -> Rows:
        """Add a level above all codes of a dimension that has none."""
        return Rows(self.values.with_columns(pl.lit(TOTAL).alias(column)), self.contributors)


def leaves_of(
    rows: Rows, keys: Sequence[str], levels: Sequence[str]
) -> tuple[pl.DataFrame, LeafContributors]:
    """Number the leaves of one table, and find who stands behind them."""
    columns = [*keys, *levels]
    leaves = rows.values.group_by(*columns).agg(pl.col("value_fen").sum()).sort(*keys).with_row_index("leaf")
    leaf_of_atom = rows.values.join(leaves.select("leaf", *keys), on=list(keys), nulls_equal=True).select(
        "atom", "leaf"
    )
    return leaves, rows.contributors.leaves(leaf_of_atom)


def hidden(cells: pl.DataFrame) -> pl.DataFrame:
    """The same cells, not shown in any table."""
    return cells.with_columns(pl.lit(value=False).alias("shown"))


def sum_relation(pairs: pl.DataFrame, name: str) -> pl.DataFrame:
    """`parent` is the sum of its `key`s."""
    relation = (pl.col("parent") + name).alias("relation")
    totals = (
        pairs.select("parent")
        .unique()
        .select(relation, pl.col("parent").alias("key"), pl.lit(1, dtype=pl.Int8).alias("sign"))
    )
    children = pairs.select(relation, "key", pl.lit(-1, dtype=pl.Int8).alias("sign"))
    return pl.concat([totals, children]).select(*RELATION_SCHEMA)
