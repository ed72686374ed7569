"""Row-level tables: is anybody alone in a row?

A table of single rows (ratings, cases, payments without names) is checked for k-anonymity: every combination of
quasi-identifiers, columns that somebody could know about a person from elsewhere, must be shared by at least k rows. And
where all rows of such a group have the same sensitive value, being in the group gives the value away (1-diversity).
Source: Sweeney (2002), k-anonymity; Machanavajjhala et al. (2007), l-diversity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.errors import TableError, TableProblem


@dataclass(frozen=True, eq=False)
class MicroReport:
    """What the check found.

    small    one row per group of fewer than k rows: the quasi-identifiers · rows u32
    uniform  one row per group, large enough, whose rows all have the same value of a sensitive column:
             the quasi-identifiers · rows u32 · column str
    rows     rows checked; `risky_rows` of them are in a small group
    """

    small: pl.DataFrame
    uniform: pl.DataFrame
    rows: int
    risky_rows: int

    @property
    def clean(self) -> bool:
        """Whether every row hides among k and no group gives a value away."""
        return self.small.is_empty() and self.uniform.is_empty()


def check_rows(
    rows: pl.DataFrame, quasi_identifiers: Sequence[str], k: int, *, sensitive: Sequence[str] = ()
) -> MicroReport:
    """Check k-anonymity of the rows, and that no group of rows shares one sensitive value.

    Absence (null) is a value like any other: rows without a code can be told apart from rows with one.
    Raises: TableError when a column does not exist.
    """
    missing = [column for column in (*quasi_identifiers, *sensitive) if column not in rows.columns]
    if missing:
        raise TableError("rows", [TableProblem(None, column, "the column is missing") for column in missing])
    groups = rows.group_by(*quasi_identifiers).agg(
        pl.len().alias("rows"), *(pl.col(column).n_unique().alias(f"_{column}") for column in sensitive)
    )
    groups = groups.sort(*quasi_identifiers, nulls_last=True)
    large = pl.col("rows") >= k
    uniform = [
        groups.filter(large & (pl.col(f"_{column}") == 1)).select(
            *quasi_identifiers, "rows", pl.lit(column).alias("column")
        )
        for column in sensitive
    ]
    empty = groups.clear().select(*quasi_identifiers, "rows", pl.lit("").alias("column"))
    small = groups.filter(~large).select(*quasi_identifiers, "rows")
    return MicroReport(small, pl.concat([empty, *uniform]), rows.height, int(small["rows"].sum()))


def without_small_groups(rows: pl.DataFrame, quasi_identifiers: Sequence[str], k: int) -> pl.DataFrame:
    """Leave out the rows that hide among fewer than k. How many are left out must be said beside the table."""
    return rows.filter(pl.len().over(*quasi_identifiers) >= k)
