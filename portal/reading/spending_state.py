"""The state of the spending explorer as an address, and charts that know theirs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from portal.reading.charts.model import Chart, stamp_of
from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.spending import CUTS, TOTAL, VIEWS, SpendingQuery, function_parents, has_months, year_of


def settled(edition: Edition, query: SpendingQuery) -> tuple[SpendingQuery, Place, int] | None:
    """The query with what it does not know replaced by the whole; None when there is no spending to show."""
    place = edition.places.get(query.region) or edition.places.root
    year = year_of(edition, query.year)
    if place is None or year is None:
        return None
    function = query.function if query.function in function_parents(edition) else TOTAL
    return replace(query, region=place.code, function=function, year=str(year)), place, year


def views_of(edition: Edition) -> dict[str, str]:
    """The kinds of chart that this release has numbers for."""
    needs = {"flow": "fund_flow", "months": "spending_monthly", "heat": "spending_monthly"}
    known = {name: edition.has(name) for name in needs.values()}
    known["spending_monthly"] = has_months(edition)
    return {view: word for view, word in VIEWS.items() if view not in needs or known[needs[view]]}


def cuts_of(edition: Edition, place: Place | None) -> dict[str, str]:
    """What the whole can be divided by in this release and place."""
    known = {
        "function": True,
        "sector": edition.has("spending_by_organisation"),
        "region": place is not None and bool(edition.places.children(place.code)),
    }
    return {cut: word for cut, word in CUTS.items() if known[cut]}


def address(query: SpendingQuery, **changes: str) -> str:
    """The page of that state."""
    return "/spending?" + urlencode(replace(query, **changes).parameters())


def state_chart(edition: Edition, query: SpendingQuery, title: str, subtitle: str, **more: Any) -> Chart:
    """A chart of one state, with its address; `more` is the body, the dataset and a note."""
    parameters = query.parameters()
    view = parameters.pop("view", "tree")
    parameters.pop("order", "")  # of the tables beside the chart, not of the chart
    return Chart(
        f"spending-{view}",
        urlencode(parameters),
        title,
        subtitle,
        more.pop("body"),
        stamp_of(edition),
        page="/spending?" + urlencode(query.parameters()),
        **more,
    )
