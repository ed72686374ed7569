"""Every kind of chart drawn: the body in, marks on a sheet out; then the page's SVG and the key to its marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.reading.charts.areas import draw_areas, draw_spots
from portal.reading.charts.drawing import Drawing, Follow, page_svg
from portal.reading.charts.flows import draw_flow, draw_way
from portal.reading.charts.model import (
    Areas,
    Bars,
    Body,
    Chart,
    Flow,
    Grid,
    Periods,
    Radar,
    Reading,
    Spots,
    Tree,
    Way,
)
from portal.reading.charts.scales import draw_bars, draw_grid, draw_periods, draw_radar
from portal.reading.charts.table import table_of
from portal.reading.charts.trees import draw_rings, draw_treemap
from portal.reading.quantities import Currency
from portal.reading.tongue import tell
from publishing.specs.model import STATUSES


def drawing_of(chart: Chart) -> Drawing:
    """The marks of a chart."""
    return _drawn(chart.body, chart.stamp.currency)


def _drawn(body: Body, currency: Currency) -> Drawing:
    if isinstance(body, Tree):
        return draw_rings(body) if body.is_rings else draw_treemap(body)
    if isinstance(body, Flow):
        return draw_flow(body)
    if isinstance(body, Way):
        return draw_way(body)
    if isinstance(body, Areas):
        return draw_areas(body)
    if isinstance(body, Spots):
        return draw_spots(body)
    return _scaled(body, currency)


def _scaled(body: Periods | Grid | Bars | Radar, currency: Currency) -> Drawing:
    if isinstance(body, Periods):
        return draw_periods(body, currency)
    if isinstance(body, Grid):
        return draw_grid(body)
    return draw_bars(body) if isinstance(body, Bars) else draw_radar(body)


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key under a chart: a kind of mark and what it means."""

    kind: str
    word: str


def keys_of(chart: Chart) -> tuple[Key, ...]:
    """What the marks of the chart mean; of the five marks those that stand in it. Pins show none of them."""
    if isinstance(chart.body, Spots):
        return ()
    return (*_own_keys(chart.body), *(Key(status, tell(STATUSES[status])) for status in _statuses(chart)))


def _own_keys(body: Body) -> Iterator[Key]:
    if isinstance(body, Periods):
        words = (
            ("paid", body.paid_word),
            ("rush", body.marked_word),
            ("plan", body.plan_word),
            ("budget-line", body.budget_word),
        )
        yield from (Key(kind, word) for kind, word in words if word)
    elif isinstance(body, Bars):
        both = (("paid", body.size_word), ("budget", body.outline_word))
        yield from (Key(kind, word) for kind, word in both if word)
    elif isinstance(body, Radar):
        yield from (Key(f"star{number}", star.name) for number, star in enumerate(body.stars, start=1))
    elif isinstance(body, Grid):
        yield from _steps(body.borders)
    elif isinstance(body, Areas):
        yield from (Key(f"h{step}", word) for step, word in enumerate(body.steps, start=1) if word)


def _steps(borders: tuple[float, ...]) -> Iterator[Key]:
    lows = (0.0, *borders)
    for step, low in enumerate(lows, start=1):
        yield Key(f"h{step}", f"{low:g}—{lows[step]:g}%" if step < len(lows) else tell("{:g}% 以上", low))


def _statuses(chart: Chart) -> list[str]:
    found = {
        cell.status
        for row in table_of(chart).rows
        for cell in row
        if isinstance(cell, Reading) and not cell.is_known
    }
    return [status for status in STATUSES if status in found]


def svg_of(chart: Chart, follow: Follow | None = None) -> str:
    """The chart as it stands in a page; `follow` gives links the language and mode of the page."""
    return page_svg(drawing_of(chart), chart.alternative, follow)
