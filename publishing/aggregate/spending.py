"""Spending by region, function, month, budget unit and flow of funds."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.rows import TOTAL, SourceRows
from publishing.specs.tables import FUNCTION_LEVELS, PAYEE_GROUPS

REGION_LEVELS = (("region_province", "province"), ("region_city", "city"), ("region_county", "county"))
CLASS_LEVELS = (
    ("function_total", TOTAL),
    ("function_class", "class"),
    ("function_section", "section"),
    ("function_item", "item"),
)


def spending(rows: SourceRows) -> Draft:
    """Sum approved, adjusted and paid per region, function class and fiscal year, on every level of both trees.

    Out: one row per (fiscal_year, region_code, function_code) that has a budget line or a payment. A place contains
    everything below it: a province's row includes its own level, its cities and their counties. A region or class
    without lines is absent, not zero; a cell with lines and no payment has paid = 0, or null (not reported) in a
    fiscal year of which the source has no payment at all.
    """
    leaves = _budget_and_paid(rows, ("fiscal_year", "region_code", "function_code"))
    return draft("spending", _by_place_and_class(leaves, rows, "fiscal_year", REGION_LEVELS, CLASS_LEVELS))


def spending_monthly(rows: SourceRows) -> Draft:
    """Sum paid and planned per region, function class (类) and calendar month, for the province and its cities.

    A plan is cumulative within its year; a month's plan is the difference to the month before. Months without
    plan or payment are absent. `paid` is null (not reported) in a month of which the source has no payment at all, as
    in those that are planned and still to come; where the source has no plans, `planned` is.
    """
    keys = ("month", "region_code", "function_code")
    planned = planned_by_month(rows).group_by(*keys).agg(pl.col("planned_fen").sum().alias("planned"))
    paid = _paid(rows, keys)
    leaves = where_reported("month", _merged(keys, paid, planned), paid)
    monthly = _by_place_and_class(leaves, rows, "month", REGION_LEVELS[:2], CLASS_LEVELS[:2])
    if "plans" not in rows.present:
        monthly = monthly.with_columns(pl.lit(None, dtype=pl.Int64).alias("planned"))
    return draft("spending_monthly", monthly)


def spending_by_organisation(rows: SourceRows) -> Draft:
    """Sum approved, adjusted and paid per budget unit, economic class (类) and fiscal year, with the unit's total."""
    keys = ("fiscal_year", "org_id", "economic_class")
    leaves = _budget_and_paid(rows, keys).with_columns(pl.lit(TOTAL).alias("economic_total"))
    levels = [
        leaves.group_by("org_id", "fiscal_year", pl.col(column).alias("economic_code"))
        .agg(pl.col("approved", "adjusted").sum(), _sum_or_nothing("paid"))
        .with_columns(pl.lit(level).alias("economic_level"))
        for column, level in (("economic_total", TOTAL), ("economic_class", "class"))
    ]
    total = pl.DataFrame({"economic_code": [TOTAL], "economic_name": ["合计"]})
    names = pl.concat([rows.economics.select("economic_code", economic_name="name"), total])
    units = rows.organisations.select("org_id", "region_code", "sector", org_name="name")
    return draft(
        "spending_by_organisation",
        pl.concat(levels).join(units, on="org_id", how="left").join(names, on="economic_code", how="left"),
    )


def fund_flow(rows: SourceRows) -> Draft:
    """Sum paid per fund source, sector, payee group and fiscal year."""
    return draft("fund_flow", _paid(rows, ("fiscal_year", "fund_source", "sector", "payee_group")))


# ---------------------------------------------------------------- leaves


def flows_with_dimensions(rows: SourceRows) -> pl.DataFrame:
    """Payment sums with the dimensions of their budget line: one row per atom (line, project, month, payee kind)."""
    lines = rows.lines.select(
        "line_ix",
        "line_id",
        "fiscal_year",
        "org_id",
        "region_code",
        "sector",
        "function_code",
        "economic_class",
        "fund_source",
    )
    return rows.sums.flows.join(lines, on="line_ix").join(_PAYEE_GROUPS, on="payee_kind")


_PAYEE_GROUPS = pl.DataFrame(
    {"payee_kind": pl.Series(range(len(PAYEE_GROUPS)), dtype=pl.UInt8), "payee_group": list(PAYEE_GROUPS)}
)


def planned_by_month(rows: SourceRows) -> pl.DataFrame:
    """Turn cumulative plans into months.

    Out: one row per (line_id, month) of a plan: line_id · month · planned_fen i64 (the cumulative plan less that of
    the month before in the same plan) · planned_cumulative_fen · the dimensions of the line · closed · project_ix.
    """
    before = pl.col("planned_cumulative_fen").shift(1).over("line_id").fill_null(0)
    lines = rows.lines.select("line_id", "region_code", "function_code", "project_id", "project_ix", "closed")
    return (
        rows.plans.sort("line_id", "month")
        .with_columns((pl.col("planned_cumulative_fen") - before).alias("planned_fen"))
        .join(lines, on="line_id")
    )


def _budget_and_paid(rows: SourceRows, keys: tuple[str, ...]) -> pl.DataFrame:
    budget = rows.lines.group_by(*keys).agg(
        pl.col("approved_fen").sum().alias("approved"), pl.col("adjusted_fen").sum().alias("adjusted")
    )
    paid = _paid(rows, keys)
    return where_reported("fiscal_year", _merged(keys, budget, paid), paid)


def where_reported(period: str, leaves: pl.DataFrame, paid: pl.DataFrame) -> pl.DataFrame:
    """`leaves` with `paid` null in a period that `paid` has no row of.

    A year or month of which no payment at all was handed over is not one in which nothing was paid.
    """
    reported = pl.col(period).is_in(paid[period].unique().implode())
    return leaves.with_columns(pl.when(reported).then("paid").alias("paid"))


def _paid(rows: SourceRows, keys: Sequence[str]) -> pl.DataFrame:
    return flows_with_dimensions(rows).group_by(*keys).agg(pl.col("amount_fen").sum().alias("paid"))


def _merged(keys: tuple[str, ...], left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Outer-join two parts on their keys; absent sums are zero."""
    return left.join(right, on=keys, how="full", coalesce=True).with_columns(pl.exclude(*keys).fill_null(0))


def _sum_or_nothing(*measures: str) -> pl.Expr:
    """Sum; null when nothing was reported (a plain sum of nothing would be zero)."""
    return pl.when(pl.col(*measures).count() > 0).then(pl.col(*measures).sum())


# ---------------------------------------------------------------- levels


def _by_place_and_class(
    leaves: pl.DataFrame,
    rows: SourceRows,
    period: str,
    region_levels: Sequence[tuple[str, str]],
    class_levels: Sequence[tuple[str, str]],
) -> pl.DataFrame:
    """Sum leaves on every combination of levels; a leaf without an ancestor on a level does not belong to it."""
    measures = [name for name in leaves.columns if name not in {period, "region_code", "function_code"}]
    regions = rows.regions.select("region_code", *(column for column, _ in region_levels))
    classes = rows.functions.select("function_code", *(f"function_{level}" for level in FUNCTION_LEVELS))
    tree = (
        leaves.join(regions, on="region_code")
        .join(classes, on="function_code")
        .drop("region_code", "function_code")
    )
    combinations = [
        tree.drop_nulls([region, function])
        .group_by(period, pl.col(region).alias("region_code"), pl.col(function).alias("function_code"))
        .agg(_sum_or_nothing(*measures))
        .with_columns(
            pl.lit(region_level).alias("region_level"), pl.lit(function_level).alias("function_level")
        )
        for region, region_level in region_levels
        for function, function_level in class_levels
    ]
    everything = pl.DataFrame({"function_code": [TOTAL], "function_name": ["全部科目"]})
    names = pl.concat([rows.functions.select("function_code", function_name="name"), everything])
    return (
        pl.concat(combinations)
        .join(rows.regions.select("region_code", region_name="name"), on="region_code", how="left")
        .join(names, on="function_code", how="left")
    )
