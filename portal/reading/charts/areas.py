"""A map drawn: areas shaded by class or with a circle for the amount, hatched where the number is withheld.

Of a county: its outline, and circles where its projects are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.reading.charts.drawing import Drawing, Mark, Path, Text
from portal.reading.charts.model import Area, Areas, Spots
from portal.reading.tongue import tell

DARK = 4
"""From this class on an area is so dark that its name needs a rim to be read."""


def draw_areas(body: Areas) -> Drawing:
    """Areas first, circles over them, names on top; a region without an outline stands in the table only."""
    drawn = [area for area in body.areas if area.outline]
    marks = (*map(_area, drawn), *_circles(drawn), *_names(drawn))
    return Drawing(body.sheet.height, marks, is_stretched=False, width=body.sheet.width)


def _area(area: Area) -> Mark:
    kind = f"h{area.step}" if area.size.is_known else area.size.status
    return Path(area.outline, kind, tell("{}：{}", area.name, area.size.said), area.link)


def draw_spots(body: Spots) -> Drawing:
    """The outline of a county, the circles of its projects on it, in each the number of those that lie together."""
    marks = (Path(body.outline, "land"), *_dots(body), *_counts(body))
    return Drawing(body.sheet.height, marks, is_stretched=False, width=body.sheet.width)


def _dots(body: Spots) -> Iterator[Mark]:
    for circle in body.circles:
        yield Path(_round(circle.x, circle.y, circle.radius), "dot", circle.name, circle.link)


def _counts(body: Spots) -> Iterator[Mark]:
    for circle in body.circles:
        if circle.count > 1:
            yield Text(circle.x, circle.y + 4, str(circle.count), "pale", "middle")


def _circles(areas: Sequence[Area]) -> Iterator[Mark]:
    for area in areas:
        if area.radius:
            yield Path(_round(area.x, area.y, area.radius), "ribbon")


def _round(x: float, y: float, radius: float) -> str:
    half = f"a{radius} {radius} 0 1 0 "
    return f"M{x - radius:g} {y:g}{half}{2 * radius:g} 0{half}{-2 * radius:g} 0Z"


def _names(areas: Sequence[Area]) -> Iterator[Mark]:
    for area in areas:
        below = area.radius + 14 if area.radius else 4
        kind = "label halo" if area.step >= DARK or not area.size.is_known else "label"
        yield Text(area.x, area.y + below, area.name, kind, "middle")
