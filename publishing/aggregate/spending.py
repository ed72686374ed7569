"""Spending by region, function, month, budget unit and flow of funds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.draft import BEHIND, Draft, behind, draft
from publishing.aggregate.rows import TOTAL, SourceRows
from publishing.compute import ContributorIndex
from publishing.specs.tables import FUNCTION_LEVELS, PAYEE_GROUPS


@dataclass(frozen=True, slots=True)
class Leaves:
    """The finest cells of one table, and who stands behind each of its measures.

    `frame`: one row per leaf: leaf u32 · the key columns of the leaf · one i64 column per measure (fen).
    `contributors`: measure -> index over (leaf, contributor).
    """

    frame: pl.DataFrame
    contributors: dict[str, ContributorIndex]


def spending(rows: SourceRows) -> Draft:
    """Sum approved, adjusted and paid per region, function class and fiscal year, on every level of both trees.

    Out: one row per (fiscal_year, region_code, function_code) that has a budget line or a payment. A place contains
    everything below it: a province's row includes its own level, its cities and their counties. A region or class
    without lines is absent, not zero; a cell with lines and no payment has paid = 0.
    """
    leaves = _leaves(rows, ("fiscal_year", "region_code", "function_code"))
    regions = [("region_province", "province"), ("region_city", "city"), ("region_county", "county")]
    functions = [
        ("function_total", TOTAL),
        ("function_class", "class"),
        ("function_section", "section"),
        ("function_item", "item"),
    ]
    tree = leaves.frame.join(_region_ancestors(rows), on="region_code").join(
        _function_ancestors(rows), on="function_code"
    )
    combinations = [
        _roll_up(
            tree,
            leaves,
            {"region_code": region, "function_code": function, "fiscal_year": "fiscal_year"},
            {"region_level": region_level, "function_level": function_level},
        )
        for region, region_level in regions
        for function, function_level in functions
    ]
    return draft("spending", _named(pl.concat(combinations), rows))


def spending_monthly(rows: SourceRows) -> Draft:
    """Sum paid and planned per region, function class (类) and calendar month, for the province and its cities.

    A plan is cumulative within its year; a month's plan is the difference to the month before. Months without
    plan or payment are absent. Where the source has no plans, `planned` is null (not reported).
    """
    keys = ("month", "region_code", "function_code")
    plans = planned_by_month(rows)
    planned = plans.group_by(*keys).agg(pl.col("planned_fen").sum().alias("planned"))
    closed_plans = plans.filter("closed").select(
        *keys,
        pl.col("planned_fen").alias("amount_fen"),
        pl.col("project_ix").cast(pl.UInt64).alias("contributor"),
    )
    frame = _merged(keys, {"paid": _paid_leaves(rows, keys), "planned": planned})
    leaves = Leaves(
        frame,
        {
            "paid": _contributors(frame, contributions_with_dimensions(rows), keys),
            "planned": _contributors(frame, closed_plans, keys),
        },
    )
    tree = frame.join(_region_ancestors(rows), on="region_code").join(
        _function_ancestors(rows), on="function_code"
    )
    combinations = [
        _roll_up(
            tree,
            leaves,
            {"region_code": region, "function_code": function, "month": "month"},
            {"region_level": region_level, "function_level": function_level},
        )
        for region, region_level in (("region_province", "province"), ("region_city", "city"))
        for function, function_level in (("function_total", TOTAL), ("function_class", "class"))
    ]
    monthly = _named(pl.concat(combinations), rows)
    if "plans" not in rows.present:
        monthly = monthly.with_columns(pl.lit(None, dtype=pl.Int64).alias("planned"))
    return draft("spending_monthly", monthly)


def spending_by_organisation(rows: SourceRows) -> Draft:
    """Sum approved, adjusted and paid per budget unit, economic class (类) and fiscal year, with the unit's total."""
    leaves = _leaves(rows, ("fiscal_year", "org_id", "economic_class"))
    tree = leaves.frame.with_columns(pl.lit(TOTAL).alias("economic_total"))
    combinations = [
        _roll_up(
            tree,
            leaves,
            {"org_id": "org_id", "economic_code": column, "fiscal_year": "fiscal_year"},
            {"economic_level": level},
        )
        for column, level in (("economic_total", TOTAL), ("economic_class", "class"))
    ]
    names = pl.concat(
        [
            rows.economics.select("economic_code", economic_name="name"),
            pl.DataFrame({"economic_code": [TOTAL], "economic_name": ["合计"]}),
        ]
    )
    frame = (
        pl.concat(combinations)
        .join(
            rows.organisations.select("org_id", "region_code", "sector", org_name="name"),
            on="org_id",
            how="left",
        )
        .join(names, on="economic_code", how="left")
    )
    return draft("spending_by_organisation", frame)


def fund_flow(rows: SourceRows) -> Draft:
    """Sum paid per fund source, sector, payee group and fiscal year."""
    keys = ("fiscal_year", "fund_source", "sector", "payee_group")
    frame = _merged(keys, {"paid": _paid_leaves(rows, keys)})
    leaves = Leaves(frame, {"paid": _contributors(frame, contributions_with_dimensions(rows), keys)})
    return draft("fund_flow", _roll_up(frame, leaves, {key: key for key in keys}, {}))


# ---------------------------------------------------------------- leaves


def _leaves(rows: SourceRows, keys: tuple[str, ...]) -> Leaves:
    """Leaves with approved, adjusted and paid, and the contributors behind each."""
    budget = rows.lines.group_by(*keys).agg(
        pl.col("approved_fen").sum().alias("approved"), pl.col("adjusted_fen").sum().alias("adjusted")
    )
    frame = _merged(keys, {"approved": budget, "paid": _paid_leaves(rows, keys)})
    closed = rows.lines.filter("closed").with_columns(
        pl.col("project_ix").cast(pl.UInt64).alias("contributor")
    )
    return Leaves(
        frame,
        {
            "approved": _contributors(frame, closed.rename({"approved_fen": "amount_fen"}), keys),
            "adjusted": _contributors(frame, closed.rename({"adjusted_fen": "amount_fen"}), keys),
            "paid": _contributors(frame, contributions_with_dimensions(rows), keys),
        },
    )


def _merged(keys: tuple[str, ...], parts: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Outer-join parts on their keys, absent sums zero, numbered as leaves."""
    frames = list(parts.values())
    merged = frames[0]
    for other in frames[1:]:
        merged = merged.join(other, on=keys, how="full", coalesce=True, nulls_equal=True)
    return merged.with_columns(pl.exclude(*keys).fill_null(0)).sort(*keys).with_row_index("leaf")


def flows_with_dimensions(rows: SourceRows) -> pl.DataFrame:
    """Payment sums with the dimensions of their budget line: one row per (line, project, month, payee kind)."""
    return rows.sums.flows.join(_line_dimensions(rows), on="line_ix").join(_PAYEE_GROUPS, on="payee_kind")


def contributions_with_dimensions(rows: SourceRows) -> pl.DataFrame:
    """What protected contributors received: one row per (line, project, month, payee kind, contributor)."""
    return rows.sums.contributions.join(_line_dimensions(rows), on="line_ix").join(
        _PAYEE_GROUPS, on="payee_kind"
    )


_PAYEE_GROUPS = pl.DataFrame(
    {"payee_kind": pl.Series(range(len(PAYEE_GROUPS)), dtype=pl.UInt8), "payee_group": list(PAYEE_GROUPS)}
)


def _line_dimensions(rows: SourceRows) -> pl.DataFrame:
    return rows.lines.select(
        "line_ix",
        "fiscal_year",
        "org_id",
        "region_code",
        "sector",
        "function_code",
        "economic_class",
        "fund_source",
    )


def _paid_leaves(rows: SourceRows, keys: Sequence[str]) -> pl.DataFrame:
    return flows_with_dimensions(rows).group_by(*keys).agg(pl.col("amount_fen").sum().alias("paid"))


def planned_by_month(rows: SourceRows) -> pl.DataFrame:
    """Turn cumulative plans into months.

    Out: one row per (line_id, month) of a plan: line_id · month · planned_fen i64 (the cumulative plan less that of
    the month before in the same plan) · planned_cumulative_fen · the dimensions of the line · closed · project_ix.
    """
    before = pl.col("planned_cumulative_fen").shift(1).over("line_id").fill_null(0)
    return (
        rows.plans.sort("line_id", "month")
        .with_columns((pl.col("planned_cumulative_fen") - before).alias("planned_fen"))
        .join(
            rows.lines.select(
                "line_id", "region_code", "function_code", "project_id", "project_ix", "closed"
            ),
            on="line_id",
        )
    )


def _contributors(leaves: pl.DataFrame, contributions: pl.DataFrame, keys: Sequence[str]) -> ContributorIndex:
    sums = (
        contributions.join(leaves.select("leaf", *keys), on=keys, nulls_equal=True)
        .group_by("leaf", "contributor")
        .agg(pl.col("amount_fen").sum())
    )
    return ContributorIndex(sums)


# ---------------------------------------------------------------- levels


def _roll_up(
    tree: pl.DataFrame, leaves: Leaves, keys: dict[str, str], labels: dict[str, str]
) -> pl.DataFrame:
    """Sum leaves to one combination of levels.

    `keys` maps each key column of the table to the column of `tree` that holds the ancestor on this level; leaves
    without an ancestor there (an organisation of the province has no county) do not belong to this level.
    """
    placed = tree.select(
        "leaf", *leaves.contributors, **{name: pl.col(column) for name, column in keys.items()}
    ).drop_nulls(list(keys))
    cells = (
        placed.group_by(*keys)
        .agg(pl.col(measure).sum() for measure in leaves.contributors)
        .sort(*keys)
        .with_row_index("cell")
    )
    cell_of_leaf = placed.join(cells.select("cell", *keys), on=list(keys)).select("leaf", "cell")
    for measure, index in leaves.contributors.items():
        found = index.cells(cell_of_leaf).rename({what: behind(measure, what) for what in BEHIND})
        cells = cells.join(found, on="cell", how="left", maintain_order="left")
    return cells.drop("cell").with_columns(pl.lit(value).alias(name) for name, value in labels.items())


def _region_ancestors(rows: SourceRows) -> pl.DataFrame:
    return rows.regions.select("region_code", "region_province", "region_city", "region_county")


def _function_ancestors(rows: SourceRows) -> pl.DataFrame:
    return rows.functions.select("function_code", *(f"function_{level}" for level in FUNCTION_LEVELS))


def _named(frame: pl.DataFrame, rows: SourceRows) -> pl.DataFrame:
    classes = pl.concat(
        [
            rows.functions.select("function_code", function_name="name"),
            pl.DataFrame({"function_code": [TOTAL], "function_name": ["全部科目"]}),
        ]
    )
    return frame.join(
        rows.regions.select("region_code", region_name="name"), on="region_code", how="left"
    ).join(classes, on="function_code", how="left")
