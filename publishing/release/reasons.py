"""One reason for each own share of a change, from what two releases show (the order of rules is in `diff`)."""

from __future__ import annotations

from datetime import date

import polars as pl

from publishing.release.differences import Reason
from publishing.specs import ColumnType, DatasetSpec

_TIMES = (ColumnType.YEAR, ColumnType.MONTH)


def fiscal_year(spec: DatasetSpec) -> pl.Expr:
    """The year a row belongs to; null in a table without years."""
    name, kind = _period(spec)
    if name is None:
        return pl.lit(None, dtype=pl.Int32)
    return pl.col(name) if kind is ColumnType.YEAR else pl.col(name).dt.year()


def with_reasons(
    shares: pl.DataFrame, spec: DatasetSpec, as_of_before: date, as_of_after: date
) -> pl.DataFrame:
    """Add `reason` and `fiscal_year` to own shares, and leave out those that are zero.

    In: as `attribution.own_shares` gives them.
    """
    moving = shares.filter(pl.col("delta") != 0)
    moving = moving.with_columns(_reclassified(moving, spec), fiscal_year=fiscal_year(spec).cast(pl.Int32))
    reason = (
        pl.when("moved")
        .then(pl.lit(Reason.DISCLOSURE.value))
        .when("hidden")
        .then(pl.lit(Reason.NOT_EXPLAINED.value))
        .when("reclassified")
        .then(pl.lit(Reason.RECLASSIFIED.value))
        .otherwise(_by_time_or_presence(spec, as_of_before, as_of_after))
    )
    return moving.with_columns(reason.alias("reason"))


def _period(spec: DatasetSpec) -> tuple[str | None, ColumnType | None]:
    for column in spec.columns:
        if column.name in spec.key and column.type in _TIMES:
            return column.name, column.type
    return None, None


def _by_time_or_presence(spec: DatasetSpec, as_of_before: date, as_of_after: date) -> pl.Expr:
    name, kind = _period(spec)
    if name is None:
        return (
            pl.when(~pl.col("in_before"))
            .then(pl.lit(Reason.NEW_ROW.value))
            .when(~pl.col("in_after"))
            .then(pl.lit(Reason.REMOVED_ROW.value))
            .otherwise(pl.lit(Reason.CHANGED_ROW.value))
        )
    if as_of_after <= as_of_before:  # no time has passed between the two
        return pl.lit(Reason.CORRECTION.value)
    if kind is ColumnType.YEAR:
        first, last = pl.date(pl.col(name), 1, 1), pl.date(pl.col(name), 12, 31)
    else:
        first, last = pl.col(name), pl.col(name).dt.month_end()
    return (
        pl.when(first > as_of_before)
        .then(pl.lit(Reason.NEW_PERIOD.value))
        .when(last > as_of_before)
        .then(pl.lit(Reason.RUNNING_PERIOD.value))
        .otherwise(pl.lit(Reason.CORRECTION.value))
    )


def _reclassified(moving: pl.DataFrame, spec: DatasetSpec) -> pl.Series:
    """Whether a share has its equal and opposite beside it, or belongs to a group that nets to zero.

    Groups are the rows that agree in every key column but one, time never being that one.
    """
    name, _ = _period(spec)
    free = [column for column in spec.key if column != name] if len(spec.key) > 2 or name is None else []
    candidates = moving.with_row_index("position").filter(~pl.col("moved") & ~pl.col("hidden"))
    found: set[int] = set()
    for column in free if len(spec.key) > 1 else []:
        others = [other for other in spec.key if other != column]
        open_rows = candidates.filter(~pl.col("position").is_in(list(found)))
        paired = (pl.len().over(*others, pl.col("delta").abs()) == 2) & (
            pl.col("delta").sum().over(*others, pl.col("delta").abs()) == 0
        )
        netting = (pl.len().over(others) > 1) & (pl.col("delta").sum().over(others) == 0)
        found.update(open_rows.filter(paired | netting)["position"].to_list())
    positions = pl.int_range(moving.height, eager=True, dtype=pl.UInt32)
    return positions.is_in(sorted(found)).alias("reclassified")
