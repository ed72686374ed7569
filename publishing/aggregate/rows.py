"""The staged tables of one source package, with the hierarchies joined on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from publishing.compute import PaymentSums, sum_payments
from publishing.specs.tables import FUNCTION_LEVELS, GROUP_JOINT, PAYEE_GROUPS, REGION_LEVELS

TOTAL = "total"
FUNCTION_LEVEL_OF_LENGTH = {3: "class", 5: "section", 7: "item"}

_EMPTY: dict[str, dict[str, type[pl.DataType]]] = {
    "region_groups": {"group": pl.String, "region_code": pl.String},
    "policies": {"policy_id": pl.String, "title": pl.String, "issued_by": pl.String, "issued_on": pl.Date, "url": pl.String},
    "plans": {"line_id": pl.String, "month": pl.Date, "planned_cumulative_fen": pl.Int64},
    "suppliers": {"supplier_id": pl.String, "name": pl.String, "credit_code": pl.String, "kind": pl.String, "region_code": pl.String},
    "contracts": {
        "contract_id": pl.String, "project_id": pl.String, "org_id": pl.String, "supplier_id": pl.String, "title": pl.String,
        "signed_on": pl.Date, "amount_fen": pl.Int64, "method": pl.String, "ends_on": pl.Date,
    },
    "indicators": {
        "project_id": pl.String, "indicator": pl.String, "unit": pl.String, "kind": pl.String, "fiscal_year": pl.Int32,
        "target": pl.Float64, "actual": pl.Float64, "measured_on": pl.Date,
    },
    "milestones": {"project_id": pl.String, "name": pl.String, "planned_on": pl.Date, "done_on": pl.Date, "progress": pl.Float64},
    "economics": {"economic_code": pl.String, "name": pl.String, "parent_code": pl.String},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Everything the tables are made from; small tables in memory, payments already summed.

    regions     + region_province, region_city, region_county (the ancestor on that level, itself included; null above),
                groups (names of the groups a region belongs to, joined; null without one)
    functions   + level, function_class, function_section, function_item
    lines       budget lines + line_ix, org's region and sector with their ancestors, project_ix, closed (the line
                belongs to a secret or internal project)
    projects    + project_ix, closed
    present     names of the tables that the source really had
    """

    regions: pl.DataFrame
    organisations: pl.DataFrame
    functions: pl.DataFrame
    economics: pl.DataFrame
    policies: pl.DataFrame
    projects: pl.DataFrame
    lines: pl.DataFrame
    plans: pl.DataFrame
    suppliers: pl.DataFrame
    contracts: pl.DataFrame
    indicators: pl.DataFrame
    milestones: pl.DataFrame
    sums: PaymentSums
    present: frozenset[str]


def read_rows(tables: Mapping[str, Path], protected_kinds: Sequence[str] = ("individual",)) -> SourceRows:
    """Read the staged tables and sum the payments.

    In: table name -> staged Parquet file, as `publishing.intake` leaves them; kinds of payee that are protected.
    """
    read = {
        name: _read(tables, name)
        for name in ("regions", "organisations", "functions", "projects", "budget_lines", *_EMPTY)
    }
    present = frozenset(name for name, path in tables.items() if name == "payments" or _has_rows(path))
    regions = _with_groups(with_region_ancestors(read["regions"]), read["region_groups"])
    functions = with_function_ancestors(read["functions"])
    projects = (
        read["projects"]
        .sort("project_id")
        .with_row_index("project_ix")
        .with_columns((pl.col("secrecy") != "public").alias("closed"))
    )
    lines = _lines(read["budget_lines"], read["organisations"], regions, functions, projects)
    contracts = read["contracts"].sort("contract_id").with_row_index("contract_ix")
    closed = projects.filter("closed")
    sums = sum_payments(
        tables["payments"],
        line_projects=lines["project_ix"],
        closed_projects=closed["project_ix"],
        closed_contracts=contracts.join(closed, on="project_id", how="semi")["contract_ix"],
        protected_kinds=[list(PAYEE_GROUPS).index(kind) for kind in protected_kinds],
    )
    return SourceRows(
        regions=regions,
        organisations=read["organisations"].sort("org_id"),
        functions=functions,
        economics=read["economics"].sort("economic_code"),
        policies=read["policies"].sort("policy_id"),
        projects=projects,
        lines=lines,
        plans=read["plans"],
        suppliers=read["suppliers"].sort("supplier_id").with_row_index("supplier_ix"),
        contracts=contracts,
        indicators=read["indicators"],
        milestones=read["milestones"],
        sums=sums,
        present=present,
    )


def with_region_ancestors(regions: pl.DataFrame) -> pl.DataFrame:
    """Add, for each region, its ancestor on every level (itself included; null on levels below its own)."""
    parents = dict(zip(regions["region_code"], regions["parent_code"], strict=True))
    levels = dict(zip(regions["region_code"], regions["level"], strict=True))
    found = {
        f"region_{level}": [_ancestor(code, level, parents, levels) for code in regions["region_code"]]
        for level in REGION_LEVELS
    }
    return regions.with_columns(
        **{name: pl.Series(codes, dtype=pl.String) for name, codes in found.items()}
    ).sort("region_code")


def _with_groups(regions: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Add the groups of each region, by name."""
    joined = (
        groups.sort("group")
        .group_by("region_code")
        .agg(pl.col("group").str.join(GROUP_JOINT).alias("groups"))
    )
    return regions.join(joined, on="region_code", how="left").sort("region_code")


def with_function_ancestors(functions: pl.DataFrame) -> pl.DataFrame:
    """Add the level of each class (by the length of its code) and its ancestor on every level."""
    parents = dict(zip(functions["function_code"], functions["parent_code"], strict=True))
    levels = {code: FUNCTION_LEVEL_OF_LENGTH[len(code)] for code in parents}
    found = {
        f"function_{level}": [_ancestor(code, level, parents, levels) for code in functions["function_code"]]
        for level in FUNCTION_LEVELS
        if level != TOTAL
    }
    return functions.with_columns(
        pl.Series("level", [levels[code] for code in functions["function_code"]], dtype=pl.String),
        pl.lit(TOTAL).alias("function_total"),
        **{name: pl.Series(codes, dtype=pl.String) for name, codes in found.items()},
    ).sort("function_code")


def _ancestor(
    code: str | None, level: str, parents: Mapping[str, str | None], levels: Mapping[str, str]
) -> str | None:
    while code is not None and levels[code] != level:
        code = parents[code]
    return code


def _lines(
    budget_lines: pl.DataFrame,
    organisations: pl.DataFrame,
    regions: pl.DataFrame,
    functions: pl.DataFrame,
    projects: pl.DataFrame,
) -> pl.DataFrame:
    ancestors = regions.select("region_code", "region_province", "region_city", "region_county")
    classes = functions.select(
        "function_code", "function_total", "function_class", "function_section", "function_item"
    )
    return (
        budget_lines.sort("line_id")
        .with_row_index("line_ix")
        .join(
            organisations.select("org_id", "region_code", "sector"),
            on="org_id",
            how="left",
            maintain_order="left",
        )
        .join(ancestors, on="region_code", how="left", maintain_order="left")
        .join(classes, on="function_code", how="left", maintain_order="left")
        .join(
            projects.select("project_id", "project_ix", "closed"),
            on="project_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.col("closed").fill_null(value=False),
            pl.col("economic_code").str.slice(0, 3).alias("economic_class"),
        )
    )


def _read(tables: Mapping[str, Path], name: str) -> pl.DataFrame:
    if name in tables:
        return pl.read_parquet(tables[name])
    return pl.DataFrame(schema=_EMPTY[name])


def _has_rows(path: Path) -> bool:
    return bool(pl.scan_parquet(path).select(pl.len()).collect().item())
