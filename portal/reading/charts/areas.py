"""A map drawn: areas shaded by class or with a circle for the amount, hatched where the number is withheld."""

from __future__ import annotations

from collections.abc import Iterator

from portal.reading.charts.drawing import Drawing, Mark, Path, Text
from portal.reading.charts.model import Area, Areas
from portal.reading.tongue import tell

DARK = 4
"""From this class on an area is so dark that its name needs a rim to be read."""


def draw_areas(body: Areas) -> Drawing:
    """Areas first, circles over them, names on top."""
    marks = (*map(_area, body.areas), *_circles(body), *_names(body))
    return Drawing(body.sheet.height, marks, is_stretched=False, width=body.sheet.width)


def _area(area: Area) -> Mark:
    kind = f"h{area.step}" if area.size.is_known else area.size.status
    return Path(area.outline, kind, tell("{}：{}", area.name, area.size.said), area.link)


def _circles(body: Areas) -> Iterator[Mark]:
    for area in body.areas:
        if area.radius:
            size = area.radius
            half = f"a{size} {size} 0 1 0 "
            yield Path(f"M{area.x - size} {area.y}{half}{2 * size} 0{half}{-2 * size} 0Z", "ribbon")


def _names(body: Areas) -> Iterator[Mark]:
    for area in body.areas:
        below = area.radius + 14 if area.radius else 4
        kind = "label halo" if area.step >= DARK or not area.size.is_known else "label"
        yield Text(area.x, area.y + below, area.name, kind, "middle")
