"""All tables that share totals, as one set of cells and sums per measure.

Somebody who wants to know a withheld number has every published table in front of them: the region table and its
levels, the months, the units, the flow of funds, the projects. So these are one system, not five. Besides the published
cells it holds the cells that follow from them by subtraction: a city's own level, what a region spends outside
public projects, what a project pays outside its contracts.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import polars as pl

from publishing.aggregate.rows import TOTAL, SourceRows
from publishing.aggregate.spending import (
    contributions_with_dimensions,
    flows_with_dimensions,
    planned_by_month,
)
from publishing.compute import ContributorIndex
from publishing.protect.tree import CELL_SCHEMA, OWN, RELATION_SCHEMA, CellTable, key_of, tree_table

REGION_COLUMNS = ("region_province", "region_city", "region_county")
FUNCTION_COLUMNS = ("function_total", "function_class", "function_section", "function_item")
_VALUE = "value_fen"


def paid_family(rows: SourceRows) -> CellTable:
    """Every cell of `paid` in spending, spending_monthly, spending_by_organisation, fund_flow, projects and project_months."""
    flows = with_own_levels(flows_with_dimensions(rows).rename({"amount_fen": _VALUE}), rows)
    people = contributions_with_dimensions(rows)
    spending = _spending("spending", flows, people)
    monthly = _monthly(flows, people)
    units = _units(flows, people)
    funds = _funds(flows, people)
    projects = _projects(rows, flows, people)
    outside = _outside_projects(rows, flows, people)
    return merge([spending, monthly, units, funds, projects, outside])


def budget_family(rows: SourceRows, measure: str) -> CellTable:
    """Every cell of `approved` or `adjusted`; only secret and internal projects are protected contributors here."""
    lines = with_own_levels(rows.lines.rename({f"{measure}_fen": _VALUE}), rows)
    closed = _closed(lines)
    return merge(
        [_spending("spending", lines, closed), _units(lines, closed), _known_projects(lines, closed)]
    )


def planned_family(rows: SourceRows) -> CellTable:
    """Every cell of `planned` in spending_monthly."""
    dimensions = rows.lines.select("line_id", "fiscal_year")
    plans = with_own_levels(
        planned_by_month(rows).join(dimensions, on="line_id").rename({"planned_fen": _VALUE}), rows
    )
    return _months("spending_monthly", plans, _closed(plans))


def merge(tables: Sequence[CellTable]) -> CellTable:
    """Put tables together; a cell that several name is one cell (shown if any of them shows it)."""
    cells = pl.concat([table.cells for table in tables])
    once = cells.group_by("key").agg(
        pl.col("value_fen").first(),
        pl.col("contributors").max(),
        pl.col("largest_fen").max(),
        pl.col("second_fen").max(),
        pl.col("shown").any(),
    )
    return CellTable(once.select(*CELL_SCHEMA).sort("key"), pl.concat([table.relations for table in tables]))


def with_own_levels(leaves: pl.DataFrame, rows: SourceRows) -> pl.DataFrame:
    """Join the ancestors of region and function, and give each place and class its own level where others lie below."""
    regions = rows.regions.select("region_code", *REGION_COLUMNS)
    functions = rows.functions.select("function_code", *FUNCTION_COLUMNS)
    joined = leaves.drop(*(name for name in (*REGION_COLUMNS, *FUNCTION_COLUMNS) if name in leaves.columns))
    joined = joined.join(regions, on="region_code").join(functions, on="function_code")
    for columns in (REGION_COLUMNS, FUNCTION_COLUMNS):
        for upper, lower in itertools.pairwise(columns):
            divided = joined.filter(pl.col(lower).is_not_null())[upper].unique()
            own = (
                pl.col(lower).is_null()
                & pl.col(upper).is_in(divided.implode())
                & ~pl.col(upper).str.ends_with(OWN)
            )
            joined = joined.with_columns(
                pl.when(own).then(pl.col(upper) + OWN).otherwise(pl.col(lower)).alias(lower)
            )
    return joined


# ---------------------------------------------------------------- the tables


def _spending(name: str, leaves: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    keys = ["fiscal_year", "region_code", "function_code"]
    numbered, index = _leaves(leaves, people, keys, [*REGION_COLUMNS, *FUNCTION_COLUMNS])
    return tree_table(
        name, numbered, [REGION_COLUMNS, FUNCTION_COLUMNS], contributors=index, fixed=["fiscal_year"]
    )


def _monthly(flows: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    """The months, and how they add up to the year's cells of `spending`."""
    months = _months("spending_monthly", flows, people)
    # A month that holds payments of several fiscal years is split into hidden parts, one a year.
    years = flows.group_by("month").agg(pl.col("fiscal_year").n_unique().alias("years"))
    single = flows.join(years.filter(pl.col("years") == 1), on="month", how="semi")
    parts = []
    for region in REGION_COLUMNS[:2]:
        for function in FUNCTION_COLUMNS[:2]:
            placed = single.drop_nulls([region, function])
            whole_years = _years_of_single_months(flows, years)
            pairs = placed.join(whole_years, on="fiscal_year", how="semi").select(
                key_of("spending_monthly", ["month", region, function]).alias("key"),
                key_of("spending", ["fiscal_year", region, function]).alias("parent"),
            )
            parts.append(sum_relation(pairs.unique(), "/months"))
    return CellTable(months.cells, pl.concat([months.relations, *parts]))


def _years_of_single_months(flows: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """Fiscal years all of whose months hold payments of that year alone."""
    return (
        flows.select("fiscal_year", "month")
        .unique()
        .join(years, on="month")
        .group_by("fiscal_year")
        .agg(pl.col("years").max())
        .filter(pl.col("years") == 1)
        .select("fiscal_year")
    )


def _months(name: str, leaves: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    # Cities are the last level here; a province's own level stands beside them.
    keys = ["month", "region_code", "function_code"]
    numbered, index = _leaves(leaves, people, keys, [*REGION_COLUMNS[:2], *FUNCTION_COLUMNS[:2]])
    return tree_table(
        name, numbered, [REGION_COLUMNS[:2], FUNCTION_COLUMNS[:2]], contributors=index, fixed=["month"]
    )


def _units(leaves: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    """Budget units by economic class; the units of a place add up to its own level in `spending`."""
    keys = ["fiscal_year", "org_id", "economic_class"]
    leaves = leaves.with_columns(pl.lit(TOTAL).alias("economic_total"))
    numbered, index = _leaves(leaves, people, keys, ["economic_total"], extra=["economic_class"])
    units = tree_table(
        "spending_by_organisation",
        numbered,
        [["org_id"], ["economic_total", "economic_class"]],
        contributors=index,
        fixed=["fiscal_year"],
    )
    own_level = pl.coalesce("region_county", "region_city", "region_province").alias("_own")
    pairs = leaves.with_columns(own_level).select(
        key_of("spending_by_organisation", ["fiscal_year", "org_id", "economic_total"]).alias("key"),
        key_of("spending", ["fiscal_year", "_own", "function_total"]).alias("parent"),
    )
    return CellTable(units.cells, pl.concat([units.relations, sum_relation(pairs.unique(), "/units")]))


def _funds(flows: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    """The flow of funds; each sector's flows add up to what its units spent."""
    flows = flows.with_columns(pl.lit(TOTAL).alias("economic_total"))
    keys = ["fiscal_year", "fund_source", "sector", "payee_group"]
    numbered, index = _leaves(flows, people, keys, [], extra=keys[1:])
    funds = tree_table(
        "fund_flow",
        numbered,
        [["fund_source"], ["sector"], ["payee_group"]],
        contributors=index,
        fixed=["fiscal_year"],
    )
    sector = key_of("sector", ["fiscal_year", "sector"]).alias("parent")
    of_funds = sum_relation(flows.select(key_of("fund_flow", keys).alias("key"), sector).unique(), "/flows")
    unit = key_of("spending_by_organisation", ["fiscal_year", "org_id", "economic_total"]).alias("key")
    of_units = sum_relation(flows.select(unit, sector).unique(), "/sector-units")
    sectors, behind = _leaves(flows, people, ["fiscal_year", "sector"], [], extra=["sector"])
    totals = tree_table("sector", sectors, [["sector"]], contributors=behind, fixed=["fiscal_year"])
    return CellTable(
        pl.concat([funds.cells, hidden(totals.cells)]), pl.concat([funds.relations, of_funds, of_units])
    )


def _projects(rows: SourceRows, flows: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    """Public projects and their months; and what each project pays outside its contracts, which follows by subtraction."""
    public = rows.projects.filter(~pl.col("closed")).select("project_ix", "project_id")
    flows = flows.join(public, on="project_ix").with_columns(pl.lit(TOTAL).alias("month_total"))
    people = people.join(public, on="project_ix").with_columns(pl.lit(TOTAL).alias("month_total"))
    numbered, index = _leaves(
        flows, people, ["project_id", "month"], ["month_total"], extra=["project_id", "month"]
    )
    numbered = numbered.with_columns(pl.col("month").cast(pl.String))
    months = tree_table(
        "project_months", numbered, [["project_id"], ["month_total", "month"]], contributors=index
    )
    return CellTable(
        pl.concat([months.cells, _outside_contracts(rows, months.cells)]),
        pl.concat([months.relations, _contract_relations(rows, months.cells)]),
    )


def _outside_contracts(rows: SourceRows, cells: pl.DataFrame) -> pl.DataFrame:
    """What a project paid outside its public contracts, and those contracts' payments (known to everybody)."""
    paid = _contract_payments(rows)
    totals = cells.with_columns(pl.col("key").str.split("|").alias("_codes")).filter(
        (pl.col("_codes").list.get(2) == TOTAL) & (pl.col("contributors") > 0)
    )
    joined = totals.with_columns(pl.col("_codes").list.get(1).alias("project_id")).join(paid, on="project_id")
    rest = joined.with_columns(
        pl.concat_str(pl.lit("outside_contracts|"), "project_id").alias("key"),
        (pl.col("value_fen") - pl.col("contract_paid")).alias("value_fen"),
        pl.lit(value=False).alias("shown"),
    )
    known = joined.select(
        pl.concat_str(pl.lit("contracts|"), "project_id").alias("key"),
        pl.col("contract_paid").alias("value_fen"),
        pl.lit(0, dtype=pl.UInt32).alias("contributors"),
        pl.lit(0, dtype=pl.Int64).alias("largest_fen"),
        pl.lit(0, dtype=pl.Int64).alias("second_fen"),
        pl.lit(value=True).alias("shown"),
    )
    return pl.concat([rest.select(*CELL_SCHEMA), known.select(*CELL_SCHEMA)])


def _contract_relations(rows: SourceRows, cells: pl.DataFrame) -> pl.DataFrame:
    rest = (
        _outside_contracts(rows, cells)
        .filter(~pl.col("shown"))
        .select(pl.col("key").str.split("|").list.get(1).alias("project_id"))
    )
    parent = pl.concat_str(pl.lit("project_months|"), "project_id", pl.lit(f"|{TOTAL}")).alias("parent")
    pairs = [
        rest.select(pl.concat_str(pl.lit(f"{kind}|"), "project_id").alias("key"), parent)
        for kind in ("outside_contracts", "contracts")
    ]
    return sum_relation(pl.concat(pairs), "/contracts")


def _contract_payments(rows: SourceRows) -> pl.DataFrame:
    closed = rows.projects.filter("closed").select("project_id")
    return (
        rows.contracts.drop_nulls("project_id")
        .join(closed, on="project_id", how="anti")
        .join(rows.sums.contracts, on="contract_ix")
        .group_by("project_id")
        .agg(pl.col("amount_fen").sum().alias("contract_paid"))
    )


def _outside_projects(rows: SourceRows, flows: pl.DataFrame, people: pl.DataFrame) -> CellTable:
    """Split each protected cell of `spending` into what public projects paid and the rest.

    Public projects publish their months, so the rest (payments without a project, and all of the closed projects) follows
    by subtraction wherever those months are published.
    """
    public = rows.projects.filter(~pl.col("closed")).select("project_ix", "project_id")
    inside = flows.join(public, on="project_ix", how="left")
    rest, inside = (
        inside.filter(pl.col("project_id").is_null()),
        inside.filter(pl.col("project_id").is_not_null()),
    )
    rest_people = people.join(public, on="project_ix", how="anti")
    inside_people = people.join(public, on="project_ix", how="semi")
    outside_table = _spending("outside_projects", rest, rest_people)
    inside_table = _spending("inside_projects", inside, inside_people)
    split = _split(outside_table.cells, inside_table.cells)
    # A project's month that falls into one leaf is that leaf's part; one that spreads over several is split into hidden parts.
    codes = ["fiscal_year", "region_code", "function_code"]
    spread = inside.group_by("project_id", "month").agg(pl.struct(codes).n_unique().alias("leaves"))
    atoms = (
        inside.group_by("project_id", "month", *codes, *REGION_COLUMNS, *FUNCTION_COLUMNS)
        .agg(pl.col(_VALUE).sum())
        .join(spread, on=["project_id", "month"])
    )
    finest = [
        pl.coalesce(*reversed(columns)).alias(f"_{columns[0]}")
        for columns in (REGION_COLUMNS, FUNCTION_COLUMNS)
    ]
    atoms = atoms.with_columns(*finest)
    month = key_of("project_months", ["project_id", "month"])
    part = key_of(
        "project_part", ["project_id", "month", "fiscal_year", "_region_province", "_function_total"]
    )
    leaf = key_of("inside_projects", ["fiscal_year", "_region_province", "_function_total"])
    of_leaf = atoms.select(
        pl.when(pl.col("leaves") == 1).then(month).otherwise(part).alias("key"), leaf.alias("parent")
    )
    parts = atoms.filter(pl.col("leaves") > 1).select(
        part.alias("key"), month.alias("parent"), pl.col(_VALUE)
    )
    nobody = [pl.lit(0).alias(name) for name in ("contributors", "largest_fen", "second_fen")]
    cells = parts.select("key", "value_fen", *nobody, pl.lit(value=False).alias("shown")).cast(CELL_SCHEMA)  # type: ignore[arg-type]
    return CellTable(
        pl.concat([hidden(outside_table.cells), hidden(inside_table.cells), cells]),
        pl.concat(
            [
                outside_table.relations,
                inside_table.relations,
                split,
                sum_relation(of_leaf, "/projects"),
                sum_relation(parts.select("key", "parent"), "/parts"),
            ]
        ),
    )


def _split(outside: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    both = [
        table.select("key", pl.col("key").str.replace(r"^[a-z_]+\|", "spending|").alias("parent"))
        for table in (outside, inside)
    ]
    return sum_relation(pl.concat(both), "/inside-and-outside")


def _known_projects(lines: pl.DataFrame, closed: pl.DataFrame) -> CellTable:
    """What is left of each protected cell once the budgets of public projects, which are published, are subtracted."""
    inside = lines.filter(pl.col("project_id").is_not_null() & ~pl.col("closed"))
    rest = lines.filter(pl.col("project_id").is_null() | pl.col("closed"))
    outside_table = _spending("outside_projects", rest, closed)
    inside_table = _spending("inside_projects", inside, closed.clear())
    protected = outside_table.cells.filter(pl.col("contributors") > 0)
    parents = protected.select(pl.col("key").str.replace(r"^[a-z_]+\|", "spending|").alias("parent"), "key")
    known = inside_table.cells.join(
        parents.select(pl.col("parent").str.replace(r"^[a-z_]+\|", "inside_projects|").alias("key")),
        on="key",
        how="semi",
    )
    return CellTable(pl.concat([hidden(protected), known]), _split(protected, known))


# ---------------------------------------------------------------- pieces


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


def _leaves(
    leaves: pl.DataFrame,
    people: pl.DataFrame,
    keys: Sequence[str],
    levels: Sequence[str],
    extra: Sequence[str] = (),
) -> tuple[pl.DataFrame, ContributorIndex]:
    """Number the leaves of one table and index who stands behind them."""
    columns = list(dict.fromkeys([*keys, *levels, *extra]))
    numbered = leaves.group_by(*columns).agg(pl.col(_VALUE).sum()).sort(*keys).with_row_index("leaf")
    sums = (
        people.join(numbered.select("leaf", *keys), on=list(keys))
        .group_by("leaf", "contributor")
        .agg(pl.col("amount_fen").sum())
    )
    return numbered, ContributorIndex(sums)


def _closed(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.filter("closed").with_columns(
        pl.col("project_ix").cast(pl.UInt64).alias("contributor"), pl.col(_VALUE).alias("amount_fen")
    )
