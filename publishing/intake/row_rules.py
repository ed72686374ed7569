"""Rules inside a table that are not about single values: dates in order, plans that grow, codes that check."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from publishing.intake import scalars
from publishing.intake.hierarchies import check_classes, check_organisations, check_regions
from publishing.intake.report import ReportBuilder
from publishing.intake.table_rows import TableRows
from publishing.intake.tables_budget import PROCUREMENT_METHODS

Tables = dict[str, TableRows]
_LIKE_PERSON = r"^\p{Han}{2,4}$|^\p{Han}+[·•]\p{Han}+$"
"""No name of a company is that short."""


def check_rows(rows: TableRows, tables: Tables, report: ReportBuilder, fiscal_year_first_month: int) -> None:
    """Apply the rules of the table, if it has any."""
    if rows.table.name == "plans":
        _plans(rows, tables, report, fiscal_year_first_month)
        return
    check = _RULES.get(rows.table.name)
    if check is not None:
        check(rows, report)


def _projects(rows: TableRows, report: ReportBuilder) -> None:
    frame = rows.frame
    rows.tell(
        report,
        "dates_disordered",
        frame.filter(pl.col("planned_end") < pl.col("starts_on")),
        "planned_end",
        "planned_end < starts_on",
    )
    rows.tell(
        report,
        "dates_disordered",
        frame.filter(pl.col("ended_on") < pl.col("starts_on")),
        "ended_on",
        "ended_on < starts_on",
    )
    rows.tell(
        report,
        "coordinates_incomplete",
        frame.filter(pl.col("lon").is_null() != pl.col("lat").is_null()),
        "lon",
    )
    completed, ended = pl.col("status") == "completed", pl.col("ended_on").is_not_null()
    rows.tell(report, "completed_without_end", frame.filter(completed & ~ended), "status")
    finished = pl.col("status").is_in(["completed", "cancelled"])
    rows.tell(report, "ended_but_not_completed", frame.filter(ended & ~finished), "status")


def _contracts(rows: TableRows, report: ReportBuilder) -> None:
    frame = rows.frame
    rows.tell(
        report,
        "dates_disordered",
        frame.filter(pl.col("ends_on") < pl.col("signed_on")),
        "ends_on",
        "ends_on < signed_on",
    )
    rows.tell(report, "method_unknown", frame.filter(~pl.col("method").is_in(PROCUREMENT_METHODS)), "method")


def _suppliers(rows: TableRows, report: ReportBuilder) -> None:
    codes = rows.frame.get_column("credit_code").drop_nulls().unique()
    faults: dict[str, list[str]] = {}
    for code in codes:
        fault = scalars.credit_code_fault(code)
        if fault is not None:
            faults.setdefault(fault, []).append(code)
    for rule, wrong in faults.items():
        rows.tell(report, rule, rows.frame.filter(pl.col("credit_code").is_in(wrong)), "credit_code")
    shared = rows.frame.filter(
        pl.col("credit_code").is_not_null() & ~pl.col("credit_code").is_first_distinct()
    )
    rows.tell(report, "credit_code_shared", shared, "credit_code")
    unknown = rows.frame.filter(
        (pl.col("kind") == "company")
        & pl.col("credit_code").is_null()
        & pl.col("name").str.contains(_LIKE_PERSON)
    )
    rows.tell(report, "supplier_may_be_person", unknown, "name")


def _plans(rows: TableRows, tables: Tables, report: ReportBuilder, first_month: int) -> None:
    lines = (
        tables["budget_lines"]
        .frame.select("line_id", "fiscal_year", "adjusted_fen")
        .unique("line_id", keep="first")
    )
    joined = rows.frame.join(lines, on="line_id", how="left", maintain_order="left")
    outside = fiscal_year(pl.col("month"), first_month) != pl.col("fiscal_year")
    rows.tell(report, "plan_outside_year", joined.filter(outside), "month")
    ordered = joined.sort("line_id", "month", maintain_order=True)
    falls = pl.col("planned_cumulative_fen") < pl.col("planned_cumulative_fen").shift(1).over("line_id")
    rows.tell(report, "plan_decreasing", ordered.filter(falls), "planned_cumulative")
    above = pl.col("planned_cumulative_fen") > pl.col("adjusted_fen")
    rows.tell(report, "plan_above_budget", joined.filter(above), "planned_cumulative")


def fiscal_year(day: pl.Expr, first_month: int) -> pl.Expr:
    """The fiscal year of a date: the calendar year in which that fiscal year begins."""
    return day.dt.year().cast(pl.Int64) - (day.dt.month() < first_month).cast(pl.Int64)


def _indicators(rows: TableRows, report: ReportBuilder) -> None:
    frame = rows.frame
    unmeasured = pl.col("actual").is_not_null() & pl.col("measured_on").is_null()
    rows.tell(report, "actual_without_date", frame.filter(unmeasured), "actual")
    usual = frame.group_by("indicator", maintain_order=True).agg(pl.col("unit").first().alias("usual"))
    joined = frame.join(usual, on="indicator", how="left", maintain_order="left")
    rows.tell(report, "unit_differs", joined.filter(pl.col("unit") != pl.col("usual")), "unit")


_RULES: dict[str, Callable[[TableRows, ReportBuilder], None]] = {
    "regions": check_regions,
    "organisations": check_organisations,
    "functions": check_classes,
    "economics": check_classes,
    "projects": _projects,
    "contracts": _contracts,
    "suppliers": _suppliers,
    "indicators": _indicators,
}
