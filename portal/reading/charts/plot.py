"""The interactive figure of a chart: what Plotly needs to draw the same body in the browser.

Plotly takes texts as a little HTML of its own, so every name is escaped here. Colours are those of the light palette;
the page's script changes them for dark mode. Only plain values: this module does not import plotly, which would cost
every process a second and 60 MB.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from portal.reading.charts.model import (
    Areas,
    Bars,
    Chart,
    Flow,
    Grid,
    Node,
    Periods,
    Radar,
    Reading,
    Spots,
    Tree,
    Way,
)
from portal.reading.charts.plot_map import map_layout, map_traces
from portal.reading.quantities import MARKS, PUBLISHED, percent
from portal.reading.tongue import tell

PAID, RUSH, BUDGET, INK, SOFT, RULE, HATCH = (
    "#0b6e6e", "#b04a0a", "#6f8f8e", "#1c2430", "#5a6472", "#dad7cf", "#b9b4a8",
)  # fmt: skip
PAPER = "#fbfaf7"
TILES = ("#dcebe8", "#c0dcd7", "#9bc8c2")
STARS = (PAID, RUSH, "#3b5b92", "#7a5195", "#8a6500", SOFT)
SCALE = ["#d5e6e2", "#a9cfca", "#71b0ac", "#378a8a", "#0b6161"]

Plain = Mapping[str, Any]


def plot_of(chart: Chart) -> Plain:
    """`{"data": [...], "layout": {...}}` in Plotly's terms; no traces for a chart that is only drawn."""
    body = chart.body
    if isinstance(body, Tree):
        return _figure(chart, [_tree(body)], height=480)
    if isinstance(body, Flow):
        return _figure(chart, [_flow(body)], height=560)
    if isinstance(body, Radar):
        return _figure(chart, list(_stars(body)), height=520, polar=_polar())
    if isinstance(body, Areas | Spots):
        return _figure(chart, map_traces(body, chart.stamp.currency), height=480, **map_layout(body.sheet))
    if isinstance(body, Way):
        return {"data": [], "layout": {}}
    return _scaled(chart, body)


def _scaled(chart: Chart, body: Periods | Grid | Bars) -> Plain:
    downwards = {"autorange": "reversed", "automargin": True}
    if isinstance(body, Grid):
        return _figure(chart, [_grid(body)], height=120 + 26 * len(body.rows), yaxis=downwards)
    if isinstance(body, Periods):
        scale, unit = _scale(chart, [period.paid for period in body.periods])
        return _figure(
            chart, _periods(body, scale), yaxis=_axis(unit), xaxis={"type": "category"}, barmode="overlay"
        )
    scale, unit = _scale(chart, [bar.size for bar in body.bars]) if body.is_money else (1.0, body.unit)
    height = 120 + 44 * len(body.bars)
    axes = {"yaxis": downwards, "xaxis": _axis(unit)}
    return _figure(chart, _bars(body, scale), height=height, barmode="overlay", **axes)


def _figure(chart: Chart, traces: Sequence[Plain], height: int = 380, **layout: Any) -> Plain:
    words = {
        "title": {"text": text(chart.title), "font": {"size": 16}, "x": 0, "xanchor": "left"},
        "annotations": [
            {
                "text": text(chart.stamp.line),
                "xref": "paper",
                "yref": "paper",
                "x": 0,
                "y": 0,
                "yshift": -58,
                "xanchor": "left",
                "showarrow": False,
                "font": {"size": 11, "color": SOFT},
            }
        ],
    }
    common = {
        "height": height,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": INK, "size": 13},
        "margin": {"l": 56, "r": 16, "t": 48, "b": 72},
        "legend": {"orientation": "h", "y": 1.08},
        "hovermode": "closest",
    }
    return {"data": list(traces), "layout": {**common, **words, **layout}}


def text(value: str) -> str:
    """Text as Plotly may be given it: markup in it is shown, not obeyed."""
    return escape(value, quote=False)


def _axis(unit: str) -> Plain:
    return {"title": {"text": text(unit)}, "rangemode": "tozero", "gridcolor": RULE, "automargin": True}


def _scale(chart: Chart, readings: Sequence[Reading]) -> tuple[float, str]:
    top = max((abs(reading.value or 0) for reading in readings), default=0)
    unit = chart.stamp.currency.unit_for(round(top))
    return float(unit.factor_fen), unit.label


def _value(reading: Reading | None, scale: float) -> float | None:
    return None if reading is None or reading.value is None else reading.value / scale


def _tree(body: Tree) -> Plain:
    nodes = list(_walk(body.whole, ""))
    hidden = [node.size.status != PUBLISHED for node, _ in nodes]
    whole = body.whole.size.value or sum(part.size.value or 0 for part in body.whole.parts)
    nominal = whole * 0.02  # a withheld part has a place, not a size
    values = [
        nominal if is_hidden else max(node.size.value or 0, 0)
        for (node, _), is_hidden in zip(nodes, hidden, strict=True)
    ]
    values[0] = 0  # with "remainder" the whole is what its parts are, plus nothing
    return {
        "type": "sunburst" if body.is_rings else "treemap",
        "ids": [node.code for node, _ in nodes],
        "labels": [text(node.name) for node, _ in nodes],
        "parents": [under for _, under in nodes],
        "values": [
            0.0 if node.parts else value / 100 for (node, _), value in zip(nodes, values, strict=True)
        ],
        "branchvalues": "remainder",
        "text": [
            text(node.size.said + (tell("（大小不代表金额）") if mark else ""))
            for (node, _), mark in zip(nodes, hidden, strict=True)
        ],
        "textinfo": "label+text",
        "hoverinfo": "label+text",
        "customdata": [node.link for node, _ in nodes],
        "marker": {
            "colors": [_shade(node, whole) for node, _ in nodes],
            "line": {"color": "#fbfaf7", "width": 1},
            "pattern": {"shape": ["/" if mark else "" for mark in hidden], "fgcolor": HATCH, "size": 6},
        },
    }


def _shade(node: Node, whole: float) -> str:
    if not node.size.is_known:
        return PAPER
    share = (node.size.value or 0) / whole if whole else 0
    return TILES[2] if share >= 0.2 else TILES[1] if share >= 0.06 else TILES[0]


def _walk(node: Node, under: str) -> Iterator[tuple[Node, str]]:
    yield node, under
    for part in node.parts:
        yield from _walk(part, node.code)


def _flow(body: Flow) -> Plain:
    known = [ribbon for ribbon in body.ribbons if ribbon.size.is_known and (ribbon.size.value or 0) > 0]
    return {
        "type": "sankey",
        "node": {"label": [text(name) for name in body.names], "color": INK, "pad": 12, "thickness": 12},
        "link": {
            "source": [ribbon.source for ribbon in known],
            "target": [ribbon.target for ribbon in known],
            "value": [(ribbon.size.value or 0) / 100 for ribbon in known],
            "label": [text(ribbon.size.said) for ribbon in known],
            "color": "rgba(11,110,110,0.3)",
        },
    }


def _periods(body: Periods, scale: float) -> list[Plain]:
    names = [text(period.label) for period in body.periods]
    traces: list[Plain] = [
        {
            "type": "bar",
            "name": text(body.paid_word),
            "x": names,
            "y": [_value(period.paid, scale) for period in body.periods],
            "text": [MARKS.get(period.paid.status, "") for period in body.periods],
            "hovertext": [text(tell("{}：{}", period.name, period.paid.said)) for period in body.periods],
            "hoverinfo": "text",
            "marker": {"color": [RUSH if period.is_marked else PAID for period in body.periods]},
        }
    ]
    lines = (("plan", body.plan_word, INK, "dash"), ("budget", body.budget_word, BUDGET, "solid"))
    traces += [
        {
            "type": "scatter",
            "mode": "lines",
            "name": text(word),
            "x": names,
            "y": [_value(getattr(period, name), scale) for period in body.periods],
            "line": {"color": colour, "dash": dash},
        }
        for name, word, colour, dash in lines
        if word
    ]
    return traces


def _grid(body: Grid) -> Plain:
    return {
        "type": "heatmap",
        "x": list(body.columns),
        "y": [text(row.name) for row in body.rows],
        "z": [
            [share if cell.is_known else None for cell, share in zip(row.cells, row.shares, strict=True)]
            for row in body.rows
        ],
        "text": [
            ["" if cell.is_known and cell.value else MARKS.get(cell.status, "0") for cell in row.cells]
            for row in body.rows
        ],
        "texttemplate": "%{text}",
        "hovertext": [
            [
                text(
                    tell("{}：{}", row.name, cell.said)
                    + (tell("，{}", percent(share)) if share is not None else "")
                )
                for cell, share in zip(row.cells, row.shares, strict=True)
            ]
            for row in body.rows
        ],
        "hoverinfo": "text",
        "colorscale": [[index / 4, colour] for index, colour in enumerate(SCALE)],
        "showscale": False,  # the bar of colours sets inline styles, which the policy forbids; the key has the steps
        "xgap": 1,
        "ygap": 1,
    }


def _bars(body: Bars, scale: float) -> list[Plain]:
    names = [text(bar.name) for bar in body.bars]
    traces: list[Plain] = []
    if body.outline_word:
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": text(body.outline_word),
                "y": names,
                "x": [_value(bar.outline, scale) for bar in body.bars],
                "marker": {"color": "rgba(0,0,0,0)", "line": {"color": BUDGET, "width": 1.5}},
            }
        )
    traces.append(
        {
            "type": "bar",
            "orientation": "h",
            "name": text(body.size_word),
            "y": names,
            "x": [_value(bar.size, scale) for bar in body.bars],
            "text": [text(bar.size.said) for bar in body.bars],
            "hoverinfo": "y+text",
            "width": 0.5,
            "marker": {"color": PAID},
        }
    )
    return traces


def _stars(body: Radar) -> Iterator[Plain]:
    for star, colour in zip(body.stars, STARS, strict=False):
        yield {
            "type": "scatterpolar",
            "name": text(star.name),
            "theta": [text(axis) for axis in (*body.axes, body.axes[0])],
            "r": [score.value for score in (*star.scores, star.scores[0])],
            "text": [text(basis) for basis in (*star.basis, star.basis[0])],
            "hoverinfo": "name+theta+r+text",
            "fill": "toself",
            "opacity": 0.7,
            "line": {"color": colour},
        }


def _polar() -> Plain:
    return {"radialaxis": {"range": [0, 100], "gridcolor": RULE}, "bgcolor": "rgba(0,0,0,0)"}
