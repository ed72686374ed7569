"""A map in Plotly's terms: its own outlines, no world behind them, nothing fetched from anywhere.

Outlines go back from the sheet to longitude and latitude. Plotly wants rings clockwise: the other way round a ring
means everything but the area, and fills the whole picture.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from portal.reading.charts.model import Area, Areas, Sheet, Spot, Spots
from portal.reading.quantities import MARKS, NOT_REPORTED, Currency, say

RING = re.compile(r"M([^MZ]+)Z")
SHADES = ("#d5e6e2", "#a9cfca", "#71b0ac", "#378a8a", "#0b6161")
GROUND, RULE, PAPER, PAID, INK = "#f4f2ec", "#dad7cf", "#fbfaf7", "#0b6e6e", "#1c2430"
LAND = "land"
"""The only area of a county's map."""

Plain = Mapping[str, Any]
Point = tuple[float, float]


def map_traces(body: Areas | Spots, currency: Currency) -> list[Plain]:
    """The areas as a choropleth; circles, where there are any, or projects as points over it."""
    if isinstance(body, Spots):
        land = _shaded([_feature(LAND, body.outline, body.sheet)], [0])
        return [{**land, "hoverinfo": "skip"}, _projects(body.spots, currency)]
    drawn = [area for area in body.areas if area.outline]
    features = [_feature(area.code, area.outline, body.sheet) for area in drawn]
    areas = _shaded(features, [area.step for area in drawn])
    areas = {**areas, "text": [_said(area) for area in drawn], "hoverinfo": "text"}
    circles = [area for area in drawn if area.radius]
    unsaid = [area for area in drawn if not area.size.is_known]
    over = [
        *([_points(circles, body.sheet)] if circles else []),
        *([_marked(unsaid, body.sheet)] if unsaid else []),
    ]
    return [areas, *over]


def _shaded(features: Sequence[Plain], steps: Sequence[int]) -> Plain:
    return {
        "type": "choropleth",
        "geojson": {"type": "FeatureCollection", "features": features},
        "locations": [feature["id"] for feature in features],
        "z": steps,
        "zmin": 0,
        "zmax": len(SHADES),
        "colorscale": [[0, GROUND], *([step / len(SHADES), shade] for step, shade in enumerate(SHADES, 1))],
        "showscale": False,
        "marker": {"line": {"color": RULE, "width": 1}},
    }


def map_layout(sheet: Sheet) -> Plain:
    """The sheet and nothing around it, with shapes as they are: the projection keeps angles."""
    west, north = _place((0, 0), sheet)
    east, south = _place((sheet.width, sheet.height), sheet)
    geo = {
        "visible": False,
        "lonaxis": {"range": [west, east]},
        "lataxis": {"range": [south, north]},
        "bgcolor": "rgba(0,0,0,0)",
        "projection": {"type": "mercator"},
    }
    return {"geo": geo, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}}


def _marked(unsaid: Sequence[Area], sheet: Sheet) -> Plain:
    """The sign of why there is no number, where a drawing hatches: a choropleth knows no patterns."""
    places = [_place((area.x, area.y), sheet) for area in unsaid]
    return {
        "type": "scattergeo",
        "mode": "text",
        "lon": [place[0] for place in places],
        "lat": [place[1] for place in places],
        "text": [MARKS.get(area.size.status, MARKS[NOT_REPORTED]) for area in unsaid],
        "textfont": {"size": 15, "color": INK},
        "hoverinfo": "skip",
    }


def _points(circles: Sequence[Area], sheet: Sheet) -> Plain:
    places = [_place((area.x, area.y), sheet) for area in circles]
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": [place[0] for place in places],
        "lat": [place[1] for place in places],
        "text": [_said(area) for area in circles],
        "hoverinfo": "text",
        "marker": {
            "size": [2 * area.radius for area in circles],
            "color": PAID,
            "opacity": 0.6,
            "line": {"color": PAPER, "width": 1},
        },
    }


def _projects(spots: Sequence[Spot], currency: Currency) -> Plain:
    placed = [spot for spot in spots if spot.lon is not None and spot.lat is not None]
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": [spot.lon for spot in placed],
        "lat": [spot.lat for spot in placed],
        "text": [
            escape(f"{spot.name} {spot.standing} {say(spot.budget, currency)}", quote=False)
            for spot in placed
        ],
        "hoverinfo": "text",
        "marker": {"size": 9, "color": PAID, "opacity": 0.75, "line": {"color": PAPER, "width": 1}},
    }


def _said(area: Area) -> str:
    return escape(f"{area.name} {area.size.said}", quote=False)


def _feature(code: str, outline: str, sheet: Sheet) -> Plain:
    rings = [_clockwise(_ring(found, sheet)) for found in RING.findall(outline)]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "id": code, "properties": {}, "geometry": geometry}


def _ring(outline: str, sheet: Sheet) -> list[Point]:
    corners = [corner.split() for corner in outline.split("L")]
    ring = [_place((float(x), float(y)), sheet) for x, y in corners]
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _place(spot: Point, sheet: Sheet) -> Point:
    """Longitude and latitude of a spot on the sheet."""
    x, y = spot
    return round(sheet.west + (x - 4) / (sheet.stretch * sheet.scale), 5), round(
        sheet.north - (y - 4) / sheet.scale, 5
    )


def _clockwise(ring: list[Point]) -> list[Point]:
    twice = sum((after[0] - before[0]) * (after[1] + before[1]) for before, after in itertools.pairwise(ring))
    return ring if twice > 0 else ring[::-1]
