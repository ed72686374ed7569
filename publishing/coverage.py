"""The coverage ledger: for every dataset, published + merged + withheld = the official total, to the fen.

Each yuan is followed from its finest place (a budget line's region and class, a project's month, a contract) to the
published row that shows it on that level.

The ledger is itself published, so it may say nothing that the tables do not: an amount counts as published only where
readers can work it out from published rows, and a total is shown only if the row that holds it is. The datasets of
projects and contracts are reconciled without secret and internal ones, whose sum would follow by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.projects import open_contracts
from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import flows_with_dimensions, planned_by_month
from publishing.errors import PublishingError

ControlTotals = Mapping[tuple[str, str, int], int]
"""(source table, column, fiscal year) -> fen, as the source declares or as its raw rows add up."""


class CoverageMismatch(PublishingError):
    """The published tables and the source's control totals do not add up."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The amounts of one dataset and measure at their finest places, each with the key of the row that shows it.

    places   fiscal_year · amount_fen · the key columns of the dataset; a place whose row does not exist is withheld
    told     the key columns · _told bool: whether readers can work out what stands at a place; one row per row of the
             dataset
    untold   fiscal years whose official total is itself withheld
    """

    dataset: str
    measure: str
    places: pl.DataFrame
    told: pl.DataFrame
    official: Mapping[int, int]
    untold: frozenset[int]
    explanation: str


def coverage(
    rows: SourceRows,
    tables: Mapping[str, pl.DataFrame],
    control: ControlTotals,
    verdicts: Mapping[str, pl.DataFrame],
) -> Draft:
    """Reconcile the protected tables with the control totals.

    In:   tables    name -> public frame with status twins
          verdicts  measure -> key str · withheld bool, of all cells that tables show
    Raises: CoverageMismatch when any dataset misses its official total, with the datasets, years and differences.
    """
    known = _Known(rows, tables, verdicts)
    parts = list(_parts(known, control))
    ledger = pl.concat([_reconciled(part) for part in parts])
    missed = ledger.filter(pl.col("published") + pl.col("withheld") != pl.col("official_total"))
    if not missed.is_empty():
        told = "; ".join(
            f"{row['dataset']}.{row['measure']} {row['fiscal_year']}: published + withheld = "
            f"{row['published'] + row['withheld']} fen, official total {row['official_total']} fen"
            for row in missed.head(10).iter_rows(named=True)
        )
        raise CoverageMismatch(
            f"the published tables do not reconcile with the source's control totals: {told}"
        )
    totals = pl.when(~pl.col("_untold")).then(pl.col("withheld", "official_total"))
    return draft("coverage", ledger.with_columns(totals).drop("_untold"))


def _reconciled(part: _Part) -> pl.DataFrame:
    keys = [name for name in part.told.columns if name != "_told"]
    placed = part.places.join(part.told, on=keys, how="left", nulls_equal=True)
    sums = placed.group_by("fiscal_year", pl.col("_told").fill_null(value=False)).agg(
        pl.col("amount_fen").sum()
    )
    years = sorted(set(part.official) | set(placed["fiscal_year"].unique()))
    found = {(row["fiscal_year"], row["_told"]): row["amount_fen"] for row in sums.iter_rows(named=True)}
    return pl.DataFrame(
        {
            "dataset": [part.dataset] * len(years),
            "measure": [part.measure] * len(years),
            "fiscal_year": pl.Series(years, dtype=pl.Int32),
            "published": [found.get((year, True), 0) for year in years],
            "merged": [0] * len(years),
            "withheld": [found.get((year, False), 0) for year in years],
            "official_total": [part.official.get(year, 0) for year in years],
            "explanation": [part.explanation] * len(years),
            "_untold": [year in part.untold for year in years],
        },
        schema_overrides=dict.fromkeys(("published", "merged", "withheld", "official_total"), pl.Int64),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What readers have: the public tables and, for totals that only the ledger shows, the verdicts."""

    rows: SourceRows
    tables: Mapping[str, pl.DataFrame]
    verdicts: Mapping[str, pl.DataFrame]

    def rows_told(self, dataset: str, measure: str, keys: Sequence[str]) -> pl.DataFrame:
        """Each row of a dataset, and whether its number is published."""
        shown = pl.col(f"{measure}_status") == "published"
        return self.tables[dataset].select(*keys, shown.alias("_told"))

    def places_told(self, dataset: str, measure: str, keys: Sequence[str]) -> pl.DataFrame:
        """The same for a table over regions and functions, where a row may hold more than what stands at its own place.

        What a city spends itself is its row less its counties' rows: known only if all of them are.
        """
        told = self.rows_told(dataset, measure, keys)
        told = _with_children(told, keys, "function_code", self.rows.functions)
        return _with_children(told, keys, "region_code", self.rows.regions)

    def untold_years(self, measure: str) -> frozenset[int]:
        """Years whose total over the whole province is withheld."""
        whole = self.tables["spending"].filter(
            (pl.col("region_level") == "province")
            & (pl.col("function_level") == "total")
            & (pl.col(f"{measure}_status") == "withheld")
        )
        return frozenset(whole["fiscal_year"])

    def untold_project_years(self, measure: str) -> frozenset[int]:
        """Years in which the total of all public projects is withheld."""
        if measure not in self.verdicts:
            return frozenset()
        totals = self.verdicts[measure].filter(
            pl.col("withheld") & pl.col("key").str.starts_with("inside_projects|")
        )
        return frozenset(int(key.split("|")[1]) for key in totals["key"])


def _with_children(told: pl.DataFrame, keys: Sequence[str], column: str, tree: pl.DataFrame) -> pl.DataFrame:
    parents = tree.drop_nulls("parent_code").select(column, pl.col("parent_code").alias("_parent"))
    of_children = (
        told.join(parents, on=column)
        .drop(column)
        .rename({"_parent": column})
        .group_by(*keys)
        .agg(pl.col("_told").all().alias("_children"))
    )
    return (
        told.join(of_children, on=list(keys), how="left")
        .with_columns(pl.col("_told") & pl.col("_children").fill_null(value=True))
        .drop("_children")
    )


def _parts(known: _Known, control: ControlTotals) -> Iterable[_Part]:
    rows = known.rows
    flows = flows_with_dimensions(rows)
    paid = _declared(control, "payments", "amount")
    of_payments = "官方总数为来源系统该年度国库支付的控制总数。"
    for dataset, keys in (
        ("spending", {"region_code": "region_code", "function_code": "function_code"}),
        ("spending_by_organisation", {"org_id": "org_id", "economic_code": "economic_class"}),
    ):
        columns = {name: pl.col(column) for name, column in keys.items()}
        told = known.places_told if dataset == "spending" else known.rows_told
        for measure in ("approved", "adjusted"):
            lines = rows.lines.select("fiscal_year", pl.col(f"{measure}_fen").alias("amount_fen"), **columns)
            yield _Part(
                dataset,
                measure,
                lines,
                told(dataset, measure, ["fiscal_year", *keys]),
                _declared(control, "budget_lines", measure),
                known.untold_years(measure),
                "官方总数为来源系统该年度预算指标的控制总数。",
            )
        places = flows.select("fiscal_year", "amount_fen", **columns)
        rows_told = told(dataset, "paid", ["fiscal_year", *keys])
        yield _Part(dataset, "paid", places, rows_told, paid, known.untold_years("paid"), of_payments)
    flow_keys = ["fiscal_year", "fund_source", "sector", "payee_group"]
    yield _Part(
        "fund_flow",
        "paid",
        flows.select("amount_fen", *flow_keys),
        known.rows_told("fund_flow", "paid", flow_keys),
        paid,
        known.untold_years("paid"),
        of_payments,
    )
    yield from _monthly(known, flows, paid)
    yield from _project_parts(known, flows)
    yield from _contract_parts(rows, control)


def _declared(control: ControlTotals, table: str, column: str) -> dict[int, int]:
    return {year: total for (of, name, year), total in control.items() if (of, name) == (table, column)}


def _monthly(known: _Known, flows: pl.DataFrame, paid: Mapping[int, int]) -> Iterable[_Part]:
    rows = known.rows
    shown = rows.regions.select("region_code", pl.coalesce("region_city", "region_province").alias("_shown"))
    classes = rows.functions.select("function_code", "function_class")
    keys = ["month", "region_code", "function_code"]

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

    places = placed(flows, "amount_fen")
    yield _Part(
        "spending_monthly",
        "paid",
        places,
        _of_one_year(known.places_told("spending_monthly", "paid", keys), places, keys),
        paid,
        known.untold_years("paid"),
        "按支付所属预算年度汇总；官方总数为国库支付控制总数。",
    )
    if "plans" in rows.present:
        plans = planned_by_month(rows).join(rows.lines.select("line_id", "fiscal_year"), on="line_id")
        places = placed(plans, "planned_fen")
        whole = known.tables["spending_monthly"].filter(
            (pl.col("region_level") == "province") & (pl.col("function_level") == "total")
        )
        hidden_months = whole.filter(pl.col("planned_status") == "withheld")["month"]
        of_hidden = places.filter(pl.col("month").is_in(hidden_months.implode()))
        yield _Part(
            "spending_monthly",
            "planned",
            places,
            _of_one_year(known.places_told("spending_monthly", "planned", keys), places, keys),
            _by_year(plans, "planned_fen"),
            frozenset(of_hidden["fiscal_year"]),
            "官方总数为用款计划原始记录之和。",
        )


def _of_one_year(told: pl.DataFrame, places: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """A row without a fiscal year tells what belongs to a year only if all of it belongs to that year."""
    years = places.group_by(*keys).agg(pl.col("fiscal_year").n_unique().alias("_years"))
    return (
        told.join(years, on=list(keys), how="left")
        .with_columns(pl.col("_told") & (pl.col("_years").fill_null(0) <= 1))
        .drop("_years")
    )


def _project_parts(known: _Known, flows: pl.DataFrame) -> Iterable[_Part]:
    rows = known.rows
    ids = rows.projects.filter(~pl.col("closed")).select("project_ix", "project_id")
    of_projects = flows.drop_nulls("project_ix").join(ids, on="project_ix")
    official = _by_year(of_projects, "amount_fen")
    untold = known.untold_project_years("paid")
    told = (
        "官方总数为公开项目的国库支付之和；不挂项目的支付，以及涉密、内部项目的支付，只在地区支出的合计里。"
    )
    months = of_projects.select("fiscal_year", "amount_fen", "project_id", "month")
    keys = ["project_id", "month"]
    months_told = _of_one_year(known.rows_told("project_months", "paid", keys), months, keys)
    # A project's year is its months of that year.
    every_month = months_told.group_by("project_id").agg(pl.col("_told").all())
    places = months.drop("month")
    yield _Part("projects", "paid", places, every_month, official, untold, told)
    yield _Part("project_months", "paid", months, months_told, official, untold, told)
    lines = rows.lines.drop_nulls("project_ix").filter(~pl.col("closed"))
    for measure in ("approved", "adjusted"):
        places = lines.select("fiscal_year", pl.col(f"{measure}_fen").alias("amount_fen"), "project_id")
        yield _Part(
            "projects",
            measure,
            places,
            known.rows_told("projects", measure, ["project_id"]),
            _by_year(places, "amount_fen"),
            known.untold_project_years(measure),
            "官方总数为公开项目的预算指标之和；涉密、内部项目的预算只在地区支出的合计里。",
        )


def _contract_parts(rows: SourceRows, control: ControlTotals) -> Iterable[_Part]:
    if "contracts" not in rows.present:
        return
    year = pl.col("signed_on").dt.year().alias("fiscal_year")
    every = rows.contracts.select(year, "amount_fen", "contract_id")
    signed = open_contracts(rows).select(year, "amount_fen", "contract_id")
    whole, public = _by_year(every, "amount_fen"), _by_year(signed, "amount_fen")
    declared = _declared(control, "contracts", "amount")
    # The control total is met with the contracts of closed projects, and shown without them.
    official = {year: total - whole.get(year, 0) + public.get(year, 0) for year, total in declared.items()}
    told = signed.select("contract_id", pl.lit(value=True).alias("_told"))
    yield _Part(
        "contracts",
        "amount",
        signed,
        told,
        official,
        frozenset(),
        "按签订年度；官方总数为公开合同的金额之和，不含涉密、内部项目的合同。",
    )


def _by_year(frame: pl.DataFrame, amount: str) -> dict[int, int]:
    sums = frame.group_by("fiscal_year").agg(pl.col(amount).sum())
    return dict(zip(sums["fiscal_year"], sums[amount], strict=True))
