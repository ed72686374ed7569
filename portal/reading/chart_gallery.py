"""Every chart by its name: what addresses of charts, downloads and embeds may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portal.reading.charts.model import Chart
from portal.reading.compare_charts import compare_chart
from portal.reading.compare_things import CompareQuery
from portal.reading.edition import Edition
from portal.reading.errors import Fault, NotInRelease, QueryRefused
from portal.reading.forecast import forecast_chart
from portal.reading.map_chart import map_chart_of
from portal.reading.map_page import MapQuery
from portal.reading.project_charts import curve_chart, ranks_chart, way_chart
from portal.reading.project_page import ProjectPage, project_page
from portal.reading.receipt import ReceiptQuery, receipt_chart
from portal.reading.spending import VIEWS, SpendingQuery
from portal.reading.spending_charts import spending_chart
from portal.reading.spending_state import settled
from portal.reading.spending_times import year_chart
from portal.reading.table_charts import SPENDING_TABLES, organisation_table, project_money, spending_table
from portal.reading.tongue import tell

Parameters = Mapping[str, Sequence[str]]
Maker = Callable[[Edition, Parameters], Chart | None]


def _spending(view: str) -> Maker:
    def make(edition: Edition, parameters: Parameters) -> Chart | None:
        return spending_chart(edition, replace(SpendingQuery.read(parameters), view=view))

    return make


def _year(edition: Edition, parameters: Parameters) -> Chart | None:
    found = settled(edition, SpendingQuery.read(parameters))
    return year_chart(edition, *found) if found else None


def _table(name: str) -> Maker:
    return lambda edition, parameters: spending_table(edition, name, SpendingQuery.read(parameters))


def _organisation(edition: Edition, parameters: Parameters) -> Chart | None:
    return organisation_table(edition, (parameters.get("id") or [""])[-1])


def _compare(name: str) -> Maker:
    make = compare_chart(name)
    return lambda edition, parameters: make(edition, CompareQuery.read(parameters))


def _project(make: Callable[[Edition, ProjectPage], Chart | None]) -> Maker:
    def made(edition: Edition, parameters: Parameters) -> Chart | None:
        year = (parameters.get("year") or [""])[-1]
        known = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
        return make(edition, project_page(edition, (parameters.get("id") or [""])[-1], known))

    return made


def _receipt(edition: Edition, parameters: Parameters) -> Chart | None:
    return receipt_chart(edition, ReceiptQuery.read(parameters))


def _forecast(edition: Edition, parameters: Parameters) -> Chart | None:
    place = edition.places.get((parameters.get("region") or [""])[-1]) or edition.places.root
    return forecast_chart(edition, place) if place else None


CHARTS: dict[str, Maker] = {
    **{f"spending-{view}": _spending(view) for view in VIEWS},
    "spending-year": _year,
    **{f"spending-{name}": _table(name) for name in SPENDING_TABLES},
    "organisation-economics": _organisation,
    **{
        name: _compare(name)
        for name in ("compare-paid", "compare-per-head", "compare-share", "compare-rate", "compare-stars")
    },
    "project-curve": _project(curve_chart),
    "project-way": _project(way_chart),
    "project-ranks": _project(ranks_chart),
    "project-money": _project(project_money),
    "receipt": _receipt,
    "forecast": _forecast,
    "map": lambda edition, parameters: map_chart_of(edition, MapQuery.read(parameters)),
}


PARAMETERS: dict[str, tuple[str, ...]] = {
    "spending": ("region", "function", "year", "by", "sector"),
    "compare": ("kind", "with", "year"),
    "project": ("id", "year"),
    "organisation": ("id",),
    "receipt": ("amount", "region", "year"),
    "forecast": ("region",),
    "map": ("region", "measure", "year"),
}
"""What the address of a chart may say, by the first word of its name. Nothing else, so that a state has one address."""


def chart_named(edition: Edition, name: str, parameters: Parameters) -> Chart:
    """The chart of that name in the state that the parameters give.

    Raises: NotInRelease when there is no such chart, or the release has nothing to draw in it; QueryRefused when the
    address says something that the chart does not know.
    """
    maker = CHARTS.get(name)
    if maker is None:
        raise NotInRelease(tell("没有名为 {} 的图。可用的图：{}。", name[:60], "、".join(CHARTS)))
    known = PARAMETERS[name.partition("-")[0]]
    strange = [word for word in parameters if word not in known]
    if strange:
        faults = [
            Fault(word[:40], tell("这张图没有名为 {} 的参数；有 {}。", word[:40], "、".join(known)))
            for word in strange[:5]
        ]
        raise QueryRefused(*faults)
    chart = maker(edition, parameters)
    if chart is None:
        raise NotInRelease(tell("第 {} 号发布没有画“{}”所需的数。", edition.number, name))
    return chart
