"""The bar tables and column series of the pages as charts: the same numbers as pictures and files to take along.

A page draws them as tables with bars, which need no picture; whoever wants to take one into a talk or a spreadsheet
gets it here, under an address of its own: `spending-functions`, `spending-regions`, `spending-years`,
`spending-monthly`, `spending-cities` (per head), `organisation-economics`, `project-money`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from portal.reading.charts import BarTable, Figure, periods_of
from portal.reading.charts.model import Bar, Bars, Chart, Periods, Reading, money, stamp_of
from portal.reading.charts.shown import Shown, show
from portal.reading.edition import Edition
from portal.reading.entities import OrganisationPage, RegionPage, organisation_page
from portal.reading.home import HomeView, city_bars
from portal.reading.places import Place
from portal.reading.project_page import ProjectPage
from portal.reading.quantities import Amount, part_of, say_each
from portal.reading.spending import (
    TOTAL,
    SpendingQuery,
    SpendingView,
    by_functions,
    by_months,
    by_regions,
    over_years,
)
from portal.reading.spending_state import settled
from portal.reading.tongue import tell

SPENDING_TABLES = ("functions", "regions", "years", "monthly", "cities")


@dataclass(frozen=True, slots=True)
class Taken:
    """What can be taken along of a page's tables; None where the page does not have the table."""

    functions: Shown | None = None
    regions: Shown | None = None
    years: Shown | None = None
    monthly: Shown | None = None
    cities: Shown | None = None
    economics: Shown | None = None
    money: Shown | None = None


def spending_table(edition: Edition, name: str, query: SpendingQuery) -> Chart | None:
    """One table of the explorer in the state that the query gives; None when the release has nothing in it."""
    found = settled(edition, query)
    if found is None:
        return None
    query, place, year = found
    if name in ("years", "monthly"):
        figure = (
            over_years(edition, place, query.function)
            if name == "years"
            else by_months(edition, place, query.function, year)
        )
        return _columns(edition, name, query, figure) if figure else None
    table = _table(edition, name, query, place, year)
    return _spending_bars(edition, name, query, table) if table.rows else None


def _table(edition: Edition, name: str, query: SpendingQuery, place: Place, year: int) -> BarTable:
    if name == "cities":
        return city_bars(edition, year, place.code)
    maker = by_functions if name == "functions" else by_regions
    return maker(edition, year, place, query.function)


def organisation_table(edition: Edition, org_id: str) -> Chart | None:
    """The economic classes of a budget unit's year.

    Raises: NotInRelease when there is no such unit.
    """
    return _economics(edition, organisation_page(edition, org_id))


def project_money(edition: Edition, view: ProjectPage) -> Chart | None:
    """Investment, budget, contracts and payments of a project on one scale; None when nothing is known."""
    bars = tuple(Bar(tell(item.name), money(item.amount, edition.currency)) for item in view.money)
    chart = Chart(
        "project-money",
        urlencode({"id": view.line.project_id}),
        view.sentence.rstrip("。."),
        tell("{}：总投资、预算、合同和已支付", view.line.name),
        Bars(bars, tell("金额")),
        stamp_of(edition),
        "projects",
        page=f"/projects/{quote(view.line.project_id, safe='')}",
    )
    return None if chart.is_empty else chart


# ---------------------------------------------------------------- what a page offers


def taken_of_spending(edition: Edition, view: SpendingView) -> Taken:
    """Of the explorer, in the state it is in."""
    if view.place is None or view.year is None:
        return Taken()
    state = view.query
    return Taken(
        functions=_shown(_spending_bars(edition, "functions", state, view.by_function)),
        regions=_shown(_spending_bars(edition, "regions", state, view.by_region)),
        years=_shown(_columns(edition, "years", state, view.over_years) if view.over_years else None),
        monthly=_shown(_columns(edition, "monthly", state, view.months) if view.months else None),
    )


def taken_of_region(edition: Edition, view: RegionPage) -> Taken:
    """Of the page of a region."""
    if view.year is None:
        return Taken()
    state = SpendingQuery(view.place.code, TOTAL, str(view.year))
    return Taken(
        functions=_shown(_spending_bars(edition, "functions", state, view.functions)),
        years=_shown(_columns(edition, "years", state, view.over_years) if view.over_years else None),
    )


def taken_of_home(edition: Edition, view: HomeView) -> Taken:
    """Of the first page. What is taken of the classes are all of them, not only those the page has room for."""
    root = edition.places.root
    if root is None or view.year is None:
        return Taken()
    state = SpendingQuery(root.code, TOTAL, str(view.year))
    classes = by_functions(edition, view.year, root, TOTAL)
    return Taken(
        functions=_shown(_spending_bars(edition, "functions", state, classes)),
        cities=_shown(_spending_bars(edition, "cities", state, view.cities)),
    )


def taken_of_organisation(edition: Edition, view: OrganisationPage) -> Taken:
    """Of the page of a budget unit."""
    return Taken(economics=_shown(_economics(edition, view)))


def taken_of_project(edition: Edition, view: ProjectPage) -> Taken:
    """Of the page of a project."""
    return Taken(money=_shown(project_money(edition, view)))


def _shown(chart: Chart | None) -> Shown | None:
    return None if chart is None or chart.is_empty else show(chart)


# ---------------------------------------------------------------- as charts


def _spending_bars(edition: Edition, name: str, state: SpendingQuery, table: BarTable) -> Chart:
    word = tell("人均支出") if table.is_per_head else tell("已支付")
    parameters = {"region": state.region, "year": state.year}
    if state.function != TOTAL and not table.is_per_head:
        parameters["function"] = state.function
    return _bars(edition, f"spending-{name}", parameters, table, word, "spending", "/spending")


def _economics(edition: Edition, view: OrganisationPage) -> Chart:
    address = f"/organisations/{quote(view.org_id, safe='')}"
    name, dataset = "organisation-economics", "spending_by_organisation"
    return _bars(edition, name, {"id": view.org_id}, view.economics, tell("已支付"), dataset, address)


def _bars(
    edition: Edition,
    name: str,
    parameters: Mapping[str, str],
    table: BarTable,
    word: str,
    dataset: str,
    page: str,
) -> Chart:
    has_budget = any(row.budget is not None and row.budget.is_known for row in table.rows)
    bars = tuple(
        Bar(
            row.name,
            _reading(row.paid, edition, is_each=table.is_per_head),
            tell("占 {}", part_of(row.share)) if row.share is not None else "",
            money(row.budget, edition.currency) if has_budget and row.budget else None,
        )
        for row in table.rows
    )
    query = urlencode(parameters)
    return Chart(
        name,
        query,
        table.title,
        table.subtitle,
        Bars(bars, word, outline_word=tell("调整预算") if has_budget else ""),
        stamp_of(edition),
        dataset,
        page=f"{page}?{query}" if page == "/spending" else page,
    )


def _reading(amount: Amount, edition: Edition, *, is_each: bool) -> Reading:
    if not is_each:
        return money(amount, edition.currency)
    return Reading(
        amount.fen if amount.is_known else None, str(say_each(amount, edition.currency)), amount.status
    )


def _columns(edition: Edition, name: str, state: SpendingQuery, figure: Figure) -> Chart:
    parameters = {"region": state.region, "year": state.year}
    if state.function != TOTAL:
        parameters["function"] = state.function
    query = urlencode(parameters)
    return Chart(
        f"spending-{name}",
        query,
        figure.title,
        figure.subtitle,
        Periods(periods_of(figure, edition.currency), figure.paid_word, figure.plan_word),
        stamp_of(edition),
        "spending" if name == "years" else "spending_monthly",
        figure.note,
        f"/spending?{query}",
    )
