"""The charts of the spending explorer: each a function of the release and the state, which is its address."""

from __future__ import annotations

from portal.reading.charts.model import Chart
from portal.reading.charts.shown import Shown, show_all
from portal.reading.edition import Edition
from portal.reading.spending import SpendingQuery
from portal.reading.spending_flow import flow_chart
from portal.reading.spending_parts import tree_chart
from portal.reading.spending_state import settled
from portal.reading.spending_times import heat_chart, months_chart, year_chart


def spending_chart(edition: Edition, query: SpendingQuery) -> Chart | None:
    """The chart that the state of the explorer asks for."""
    found = settled(edition, query)
    if found is None:
        return None
    query, place, year = found
    makers = {"flow": flow_chart, "months": months_chart, "heat": heat_chart}
    if query.view in makers:
        return makers[query.view](edition, query, place, year)
    return tree_chart(edition, query, place, year)


def spending_charts(edition: Edition, query: SpendingQuery) -> tuple[Shown, ...]:
    """The charts of one state of the explorer: the one asked for; by months also the year as it went."""
    found = settled(edition, query)
    if found is None:
        return ()
    also = year_chart(edition, *found) if query.view == "months" else None
    return show_all(spending_chart(edition, query), also)
