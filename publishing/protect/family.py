"""All tables that share totals, as one set of cells and sums per measure.

Somebody who wants to know a withheld number has every published table in front of them: the region table and its
levels, the months, the units, the flow of funds, the projects. So these are one system, not five. Besides the published
cells it holds the cells that follow from them by subtraction: a city's own level, what a region spends outside
public projects.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.rows import (
    SourceRows,
    with_function_ancestors,
    with_region_ancestors,
)
from publishing.contributors import Contributors
from publishing.protect.knowledge import by_law, to_suppliers, under_contract
from publishing.protect.pieces import Rows, hidden, leaves_of, sum_relation
from publishing.protect.recorded import PAID, PLANNED, MeasureRows
from publishing.protect.tree import CELL_SCHEMA, OWN, CellTable, key_of, tree_table

REGION_COLUMNS = ("region_province", "region_city", "region_county")
FUNCTION_COLUMNS = ("function_total", "function_class", "function_section", "function_item")


@dataclass(frozen=True, slots=True)
class Trees:
    """Regions and function classes with their ancestors on every level, own levels named.

    One row per code: the code and one column per level. Where others lie below a place or class, what it spends itself
    stands one level down under its code and `!`.
    """

    regions: pl.DataFrame
    functions: pl.DataFrame

    @classmethod
    def of(cls, rows: SourceRows) -> Trees:
        """The trees of one source package."""
        return cls._of_ancestors(rows.regions, rows.functions)

    @classmethod
    def of_tables(cls, regions: pl.DataFrame, functions: pl.DataFrame) -> Trees:
        """The trees of a release, from its published dimension tables."""
        return cls._of_ancestors(
            with_region_ancestors(regions), with_function_ancestors(functions.drop("level"))
        )

    @classmethod
    def _of_ancestors(cls, regions: pl.DataFrame, functions: pl.DataFrame) -> Trees:
        return cls(
            _with_own_level(regions.select("region_code", "parent_code", *REGION_COLUMNS), REGION_COLUMNS),
            _with_own_level(
                functions.select("function_code", "parent_code", *FUNCTION_COLUMNS), FUNCTION_COLUMNS
            ),
        )


def _with_own_level(tree: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    divided = tree["parent_code"].drop_nulls().unique()
    for upper, lower in itertools.pairwise(columns):
        own = pl.col(lower).is_null() & pl.col(upper).is_in(divided.implode())
        tree = tree.with_columns(pl.when(own).then(pl.col(upper) + OWN).otherwise(pl.col(lower)).alias(lower))
    return tree.drop("parent_code")


def family(rows: MeasureRows, trees: Trees, measure: str) -> CellTable:
    """Every cell of one measure in all tables that show it, and every sum between them."""
    values = rows.atoms.join(trees.regions, on="region_code").join(trees.functions, on="function_code")
    placed = Rows(values, Contributors(rows.people))
    if measure == PLANNED:
        # The plans of public projects are public month by month: what counts is what stands beside them.
        return _months(_outside(placed))
    tables = [_spending("spending", placed), _units(placed), _outside_projects(placed), by_law(placed)]
    if measure == PAID:
        tables += [_monthly(placed), _funds(placed), _projects(placed), under_contract(placed)]
        tables += [to_suppliers(placed)]
    return merge(tables)


def merge(tables: Sequence[CellTable]) -> CellTable:
    """Put tables together; a cell that several name is one cell (shown if any of them shows it)."""
    cells = pl.concat([table.cells for table in tables])
    once = cells.group_by("key").agg(
        pl.col("value_fen").first(),
        pl.col("contributors").max(),
        pl.col("largest_fen").max(),
        pl.col("second_fen").max(),
        pl.col("largest_by").max(),
        pl.col("shown").any(),
        pl.col("known").any(),
    )
    return CellTable(once.select(*CELL_SCHEMA).sort("key"), pl.concat([table.relations for table in tables]))


# ---------------------------------------------------------------- the tables


def _spending(name: str, rows: Rows) -> CellTable:
    keys = ["fiscal_year", "region_code", "function_code"]
    leaves, index = leaves_of(rows, keys, [*REGION_COLUMNS, *FUNCTION_COLUMNS])
    return tree_table(
        name, leaves, [REGION_COLUMNS, FUNCTION_COLUMNS], contributors=index, fixed=["fiscal_year"]
    )


def _monthly(rows: Rows) -> CellTable:
    """The months; they add up to the year's cells of `spending` where a year's months hold payments of that year alone."""
    months = _months(rows)
    values = rows.values
    per_month = values.group_by("month").agg(pl.col("fiscal_year").n_unique().alias("years"))
    whole_years = (
        values.select("fiscal_year", "month")
        .unique()
        .join(per_month, on="month")
        .group_by("fiscal_year")
        .agg(pl.col("years").max())
        .filter(pl.col("years") == 1)
    )
    single = values.join(whole_years, on="fiscal_year", how="semi")
    sums = [
        sum_relation(
            single.drop_nulls([region, function])
            .select(
                key_of("spending_monthly", ["month", region, function]).alias("key"),
                key_of("spending", ["fiscal_year", region, function]).alias("parent"),
            )
            .unique(),
            "/months",
        )
        for region in REGION_COLUMNS[:2]
        for function in FUNCTION_COLUMNS[:2]
    ]
    return CellTable(months.cells, pl.concat([months.relations, *sums]))


def _months(rows: Rows) -> CellTable:
    # Cities are the last level here; a province's own level stands beside them.
    keys = ["month", "region_code", "function_code"]
    leaves, index = leaves_of(rows, keys, [*REGION_COLUMNS[:2], *FUNCTION_COLUMNS[:2]])
    return tree_table(
        "spending_monthly",
        leaves,
        [REGION_COLUMNS[:2], FUNCTION_COLUMNS[:2]],
        contributors=index,
        fixed=["month"],
    )


def _units(rows: Rows) -> CellTable:
    """Budget units by economic class; the units of a place add up to its own level in `spending`."""
    rows = rows.with_total("economic_total")
    leaves, index = leaves_of(rows, ["fiscal_year", "org_id", "economic_class"], ["economic_total"])
    units = tree_table(
        "spending_by_organisation",
        leaves,
        [["org_id"], ["economic_total", "economic_class"]],
        contributors=index,
        fixed=["fiscal_year"],
    )
    own_level = pl.coalesce(*reversed(REGION_COLUMNS)).alias("_own")
    pairs = rows.values.with_columns(own_level).select(
        key_of("spending_by_organisation", ["fiscal_year", "org_id", "economic_total"]).alias("key"),
        key_of("spending", ["fiscal_year", "_own", "function_total"]).alias("parent"),
    )
    return CellTable(units.cells, pl.concat([units.relations, sum_relation(pairs.unique(), "/units")]))


def _funds(rows: Rows) -> CellTable:
    """The flow of funds; each sector's flows add up to what its units spent."""
    rows = rows.with_total("economic_total")
    keys = ["fiscal_year", "fund_source", "sector", "payee_group"]
    leaves, index = leaves_of(rows, keys, [])
    funds = tree_table(
        "fund_flow",
        leaves,
        [["fund_source"], ["sector"], ["payee_group"]],
        contributors=index,
        fixed=["fiscal_year"],
    )
    sector = key_of("sector", ["fiscal_year", "sector"]).alias("parent")
    of_funds = sum_relation(
        rows.values.select(key_of("fund_flow", keys).alias("key"), sector).unique(), "/flows"
    )
    unit = key_of("spending_by_organisation", ["fiscal_year", "org_id", "economic_total"]).alias("key")
    of_units = sum_relation(rows.values.select(unit, sector).unique(), "/sector-units")
    sectors, behind = leaves_of(rows, ["fiscal_year", "sector"], [])
    totals = tree_table("sector", sectors, [["sector"]], contributors=behind, fixed=["fiscal_year"])
    return CellTable(
        pl.concat([funds.cells, hidden(totals.cells)]), pl.concat([funds.relations, of_funds, of_units])
    )


def _projects(rows: Rows) -> CellTable:
    """Public projects and their months."""
    inside = _inside(rows).with_total("month_total")
    leaves, index = leaves_of(inside, ["project_id", "month"], ["month_total"])
    leaves = leaves.with_columns(pl.col("month").cast(pl.String))
    return tree_table(
        "project_months", leaves, [["project_id"], ["month_total", "month"]], contributors=index
    )


def _outside_projects(rows: Rows) -> CellTable:
    """Split each cell of `spending` into what public projects account for and the rest.

    Public projects publish their budgets and months, so the rest (spending without a project, and all of the closed
    projects) follows by subtraction wherever those are published.
    """
    outside = _spending("outside_projects", _outside(rows))
    inside = _spending("inside_projects", _inside(rows))
    parts = [table.cells.select("key", _renamed("spending").alias("parent")) for table in (outside, inside)]
    split = sum_relation(pl.concat(parts), "/inside-and-outside")
    months = _months_of_projects(_inside(rows))
    totals = _inside(rows).values.select(
        key_of("inside_projects", ["fiscal_year", REGION_COLUMNS[0], FUNCTION_COLUMNS[0]])
    )
    in_ledger = pl.col("key").is_in(totals.to_series().unique().implode())  # the coverage ledger shows these
    return CellTable(
        pl.concat([hidden(outside.cells), inside.cells.with_columns(in_ledger.alias("shown")), months.cells]),
        pl.concat([outside.relations, inside.relations, split, months.relations]),
    )


def _months_of_projects(inside: Rows) -> CellTable:
    """A project's month is part of one cell of `inside_projects`, or spreads over several in hidden parts."""
    codes = ["fiscal_year", "region_code", "function_code"]
    values = inside.values.drop_nulls("month")
    spread = values.group_by("project_id", "month").agg(pl.struct(codes).n_unique().alias("leaves"))
    finest = [
        pl.coalesce(*reversed(columns)).alias(f"_{columns[0]}")
        for columns in (REGION_COLUMNS, FUNCTION_COLUMNS)
    ]
    atoms = (
        values.group_by("project_id", "month", *codes, *REGION_COLUMNS, *FUNCTION_COLUMNS)
        .agg(pl.col("value_fen").sum())
        .join(spread, on=["project_id", "month"])
        .with_columns(*finest)
    )
    month = key_of("project_months", ["project_id", "month"])
    part = key_of(
        "project_part", ["project_id", "month", "fiscal_year", "_region_province", "_function_total"]
    )
    leaf = key_of("inside_projects", ["fiscal_year", "_region_province", "_function_total"])
    of_leaf = atoms.select(
        pl.when(pl.col("leaves") == 1).then(month).otherwise(part).alias("key"), leaf.alias("parent")
    )
    parts = atoms.filter(pl.col("leaves") > 1).select(
        part.alias("key"), month.alias("parent"), pl.col("value_fen")
    )
    cells = parts.select(
        "key",
        "value_fen",
        pl.lit(0, dtype=pl.UInt32).alias("contributors"),
        pl.lit(0, dtype=pl.Int64).alias("largest_fen"),
        pl.lit(0, dtype=pl.Int64).alias("second_fen"),
        pl.lit(None, dtype=pl.UInt64).alias("largest_by"),
        pl.lit(value=False).alias("shown"),
        pl.lit(value=False).alias("known"),
    )
    return CellTable(
        cells,
        pl.concat(
            [sum_relation(of_leaf, "/projects"), sum_relation(parts.select("key", "parent"), "/parts")]
        ),
    )


def _renamed(table: str) -> pl.Expr:
    return pl.col("key").str.replace(r"^[a-z_]+\|", f"{table}|")


def _inside(rows: Rows) -> Rows:
    return rows.where(pl.col("project_id").is_not_null())


def _outside(rows: Rows) -> Rows:
    return rows.where(pl.col("project_id").is_null())
