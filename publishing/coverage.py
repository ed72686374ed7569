"""The coverage ledger: for every dataset, published + merged + withheld = the source's official total, to the fen.

Each yuan is followed from its finest place (a budget line's region and class, a project's month, a contract) to the
published row that shows it on that level, and counted under that row's status. What belongs to secret and internal
projects, and so stands in no row of a row-level table, counts as withheld there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import flows_with_dimensions, planned_by_month
from publishing.errors import PublishingError

ControlTotals = Mapping[tuple[str, str, int], int]
"""(source table, column, fiscal year) -> fen, as the source declares or as its raw rows add up."""

_ITEM = "withheld"


class CoverageMismatch(PublishingError):
    """The published tables and the source's control totals do not add up."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The amounts of one dataset and measure at their finest places, each with the key of the row that shows it.

    `places`: fiscal_year · amount_fen · the key columns of the dataset; a place whose row does not exist is withheld.
    """

    dataset: str
    measure: str
    places: pl.DataFrame
    official: Mapping[int, int]
    explanation: str


def coverage(rows: SourceRows, tables: Mapping[str, pl.DataFrame], control: ControlTotals) -> Draft:
    """Reconcile the protected tables with the control totals.

    In:   tables   name -> public frame with status twins
    Raises: CoverageMismatch when any dataset misses its official total, with the datasets, years and differences.
    """
    parts = list(_parts(rows, control))
    frames = [_reconciled(part, tables[part.dataset]) for part in parts]
    ledger = draft("coverage", pl.concat(frames))
    missed = ledger.frame.filter(
        pl.col("published") + pl.col("merged") + pl.col("withheld") != pl.col("official_total")
    )
    if not missed.is_empty():
        told = "; ".join(
            f"{row['dataset']}.{row['measure']} {row['fiscal_year']}: published + merged + withheld = "
            f"{row['published'] + row['merged'] + row['withheld']} fen, official total {row['official_total']} fen"
            for row in missed.head(10).iter_rows(named=True)
        )
        raise CoverageMismatch(
            f"the published tables do not reconcile with the source's control totals: {told}"
        )
    return ledger


def _reconciled(part: _Part, table: pl.DataFrame) -> pl.DataFrame:
    status = f"{part.measure}_status"
    keys = [
        name
        for name in part.places.columns
        if name not in {"fiscal_year", "amount_fen"} or name in _key_years(part.dataset)
    ]
    shown = pl.col(status) if status in table.columns else pl.lit("published")
    known = table.select(*keys, shown.alias("_status"))
    placed = part.places.join(known, on=keys, how="left", nulls_equal=True).with_columns(
        pl.col("_status").fill_null(_ITEM)
    )
    # `not_reported` has no amount; anything else that is neither published nor merged is kept back
    group = pl.when(pl.col("_status").is_in(["published", "merged"])).then("_status").otherwise(pl.lit(_ITEM))
    sums = placed.group_by("fiscal_year", group.alias("group")).agg(pl.col("amount_fen").sum())
    years = sorted(set(part.official) | set(placed["fiscal_year"].unique()))
    found = {(row["fiscal_year"], row["group"]): row["amount_fen"] for row in sums.iter_rows(named=True)}
    return pl.DataFrame(
        {
            "dataset": [part.dataset] * len(years),
            "measure": [part.measure] * len(years),
            "fiscal_year": pl.Series(years, dtype=pl.Int32),
            "published": [found.get((year, "published"), 0) for year in years],
            "merged": [found.get((year, "merged"), 0) for year in years],
            "withheld": [found.get((year, _ITEM), 0) for year in years],
            "official_total": [part.official.get(year, 0) for year in years],
            "explanation": [part.explanation] * len(years),
        },
        schema_overrides=dict.fromkeys(("published", "merged", "withheld", "official_total"), pl.Int64),
    )


def _key_years(dataset: str) -> frozenset[str]:
    return (
        frozenset({"fiscal_year"})
        if dataset in {"spending", "spending_by_organisation", "fund_flow"}
        else frozenset()
    )


def _parts(rows: SourceRows, control: ControlTotals) -> Iterable[_Part]:
    flows = flows_with_dimensions(rows)
    paid = {
        year: total
        for (table, column, year), total in control.items()
        if (table, column) == ("payments", "amount")
    }
    budget = {
        measure: {
            year: total
            for (table, column, year), total in control.items()
            if (table, column) == ("budget_lines", measure)
        }
        for measure in ("approved", "adjusted")
    }
    for dataset, keys in (
        ("spending", {"region_code": "region_code", "function_code": "function_code"}),
        ("spending_by_organisation", {"org_id": "org_id", "economic_code": "economic_class"}),
    ):
        for measure, official in budget.items():
            lines = rows.lines.select(
                "fiscal_year",
                pl.col(f"{measure}_fen").alias("amount_fen"),
                **{name: pl.col(column) for name, column in keys.items()},
            )
            yield _Part(dataset, measure, lines, official, "官方总数为来源系统该年度预算指标的控制总数。")
        places = flows.select(
            "fiscal_year", "amount_fen", **{name: pl.col(column) for name, column in keys.items()}
        )
        yield _Part(dataset, "paid", places, paid, "官方总数为来源系统该年度国库支付的控制总数。")
    yield _Part(
        "fund_flow",
        "paid",
        flows.select("fiscal_year", "amount_fen", "fund_source", "sector", "payee_group"),
        paid,
        "官方总数为来源系统该年度国库支付的控制总数。",
    )
    yield from _monthly(rows, flows, paid)
    yield from _project_parts(rows, flows)
    yield from _contract_parts(rows, control)


def _monthly(rows: SourceRows, flows: pl.DataFrame, paid: Mapping[int, int]) -> Iterable[_Part]:
    shown = rows.regions.select("region_code", pl.coalesce("region_city", "region_province").alias("_shown"))
    classes = rows.functions.select("function_code", "function_class")

    def placed(frame: pl.DataFrame, amount: str) -> pl.DataFrame:
        return (
            frame.join(shown, on="region_code")
            .join(classes, on="function_code")
            .select(
                "fiscal_year",
                pl.col(amount).alias("amount_fen"),
                "month",
                pl.col("_shown").alias("region_code"),
                pl.col("function_class").alias("function_code"),
            )
        )

    yield _Part(
        "spending_monthly",
        "paid",
        placed(flows, "amount_fen"),
        paid,
        "按支付所属预算年度汇总；官方总数为国库支付控制总数。",
    )
    if "plans" in rows.present:
        plans = planned_by_month(rows).join(rows.lines.select("line_id", "fiscal_year"), on="line_id")
        yield _Part(
            "spending_monthly",
            "planned",
            placed(plans, "planned_fen"),
            _by_year(plans, "planned_fen"),
            "官方总数为用款计划原始记录之和。",
        )


def _project_parts(rows: SourceRows, flows: pl.DataFrame) -> Iterable[_Part]:
    ids = rows.projects.select("project_ix", "project_id")
    of_projects = flows.drop_nulls("project_ix").join(ids, on="project_ix")
    official = _by_year(of_projects, "amount_fen")
    told = "官方总数为挂在项目上的国库支付之和；不挂项目的支付见地区支出。"
    yield _Part(
        "projects", "paid", of_projects.select("fiscal_year", "amount_fen", "project_id"), official, told
    )
    yield _Part(
        "project_months",
        "paid",
        of_projects.select("fiscal_year", "amount_fen", "project_id", "month"),
        official,
        told,
    )
    lines = rows.lines.drop_nulls("project_ix")
    for measure in ("approved", "adjusted"):
        places = lines.select("fiscal_year", pl.col(f"{measure}_fen").alias("amount_fen"), "project_id")
        yield _Part(
            "projects",
            measure,
            places,
            _by_year(places, "amount_fen"),
            "官方总数为挂在项目上的预算指标之和。",
        )


def _contract_parts(rows: SourceRows, control: ControlTotals) -> Iterable[_Part]:
    if "contracts" not in rows.present:
        return
    signed = rows.contracts.select(
        pl.col("signed_on").dt.year().alias("fiscal_year"), "amount_fen", "contract_id"
    )
    declared = {
        year: total
        for (table, column, year), total in control.items()
        if (table, column) == ("contracts", "amount")
    }
    yield _Part("contracts", "amount", signed, declared, "按签订年度；官方总数为来源系统合同金额的控制总数。")


def _by_year(frame: pl.DataFrame, amount: str) -> dict[int, int]:
    sums = frame.group_by("fiscal_year").agg(pl.col(amount).sum())
    return dict(zip(sums["fiscal_year"], sums[amount], strict=True))
