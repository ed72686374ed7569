"""The map: province, city, county, project. Every state is an address; the list beside has the same numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from portal.reading.charts.model import Spot
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease
from portal.reading.leading import claim
from portal.reading.map_pins import Pin, Pinned, pinned
from portal.reading.map_values import (
    MapMeasure,
    MapValue,
    late_counts,
    map_measures,
    map_values,
    no_value,
    project_counts,
)
from portal.reading.maps import CLASSES, Geometry, Shape, geometry_within
from portal.reading.places import Place
from portal.reading.projects import Choice, ProjectLine
from portal.reading.spending import Step
from portal.reading.tongue import tell

LARGEST_CIRCLE = 34
MOST_COMPARED = 6


@dataclass(frozen=True, slots=True)
class MapQuery:
    """A state of the map. Empty text means: not asked. `cluster` is a circle of pins that was chosen."""

    region: str = ""
    measure: str = ""
    year: str = ""
    cluster: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, Sequence[str]]) -> MapQuery:
        """Take what is known from the address."""
        given = {name: values[-1].strip()[:80] for name, values in parameters.items() if values}
        return cls(*(given.get(name, "") for name in ("region", "measure", "year", "cluster")))


@dataclass(frozen=True, slots=True)
class MapArea:
    """A region on the map. `step` 0: no number or a circle says it; `radius` 0: no circle."""

    shape: Shape
    value: MapValue
    step: int
    radius: float

    @property
    def is_withheld(self) -> bool:
        """Whether it is hatched."""
        return self.value.status in ("withheld", "merged")


@dataclass(frozen=True, slots=True)
class MapRow:
    """The same region in the list beside the map."""

    place: Place
    value: MapValue
    projects: int
    late: int
    step: int


@dataclass(frozen=True, slots=True)
class LegendStep:
    """A class of the scale with its borders in words and how many regions fall into it."""

    step: int
    words: str
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class MapView:
    """One state of the map with the list in step."""

    place: Place
    line: tuple[Step, ...]
    measure: MapMeasure
    measures: tuple[Choice, ...]
    years: tuple[Choice, ...]
    places: tuple[Choice, ...]
    year: int | None
    geometry: Geometry | None
    areas: tuple[MapArea, ...]
    rows: tuple[MapRow, ...]
    legend: tuple[LegendStep, ...]
    here: MapValue
    title: str
    pins: tuple[Pin, ...]
    projects: tuple[ProjectLine, ...]
    spots: tuple[Spot, ...]
    project_count: int
    late_count: int
    unplaced: int
    outside: int
    cluster: str
    carried: dict[str, str]
    radius_words: str
    compare: str

    @property
    def is_shifted(self) -> bool:
        """Whether a device's own place may lie some hundred metres off on this map: GCJ-02 and its kin."""
        credit = self.geometry.credit.upper() if self.geometry else ""
        return "GCJ" in credit or "BD-09" in credit or "BD09" in credit

    @property
    def is_county(self) -> bool:
        """Whether this is the last step before a project."""
        return not self.rows


def map_view(edition: Edition, query: MapQuery) -> MapView:
    """The state of the map that the query asks for; what it does not know falls back to the whole.

    Raises: NotInRelease when the release names no region at all.
    """
    place = edition.places.get(query.region) or edition.places.root
    if place is None:
        raise NotInRelease(tell("这一号发布没有地区，画不出地图。"))
    offered = map_measures(edition)
    measure = next((found for found in offered if found.code == query.measure), offered[0])
    year = _year(edition, query.year)
    values = map_values(edition, measure, year)
    children = edition.places.children(place.code)
    here = values.get(place.code, no_value())
    rows = _rows(edition, children, values, measure)
    geometry = geometry_within(edition, place.code)
    found = Pinned() if children else pinned(edition, place, geometry, query.cluster)
    numbers = {row.place.code: row for row in rows}
    carried = {"measure": measure.code if measure is not offered[0] else "", "year": query.year and str(year)}
    top = max((row.value.number or 0 for row in rows), default=0)
    return MapView(
        place=place,
        line=tuple(Step(found.code, found.name) for found in edition.places.line(place.code)),
        measure=measure,
        measures=tuple(Choice(found.code, tell(found.title), None, found is measure) for found in offered),
        years=tuple(
            Choice(str(found), tell("{} 年", found), None, found == year) for found in reversed(edition.years)
        ),
        places=_place_choices(edition, place),
        year=year,
        geometry=geometry,
        areas=_areas(geometry, numbers, measure, top, here if children else no_value()),
        rows=rows,
        legend=_legend(rows) if measure.is_area else (),
        here=here,
        title=_title(place, measure, rows, project_counts(edition).get(place.code, 0)),
        pins=found.pins,
        projects=found.listed,
        spots=found.spots,
        project_count=project_counts(edition).get(place.code, 0),
        late_count=late_counts(edition).get(place.code, 0),
        unplaced=found.unplaced,
        outside=found.outside,
        cluster=query.cluster if any(pin.is_chosen for pin in found.pins) else "",
        carried={name: value for name, value in carried.items() if value},
        radius_words=max(rows, key=lambda row: row.value.number or 0).value.said if rows and top > 0 else "",
        compare="?" + urlencode([("with", row.place.code) for row in rows[:MOST_COMPARED]]),
    )


def _year(edition: Edition, asked: str) -> int | None:
    if asked.isascii() and asked.isdigit() and int(asked) in edition.years:
        return int(asked)
    return edition.year if edition.years else None


def _rows(
    edition: Edition, children: Sequence[Place], values: Mapping[str, MapValue], measure: MapMeasure
) -> tuple[MapRow, ...]:
    counts, late = project_counts(edition), late_counts(edition)
    found = [(child, values.get(child.code, no_value())) for child in children]
    known = sorted(value.number for _, value in found if value.number is not None)
    rows = [
        MapRow(
            child,
            value,
            counts.get(child.code, 0),
            late.get(child.code, 0),
            _step(value.number, known) if measure.is_area else 0,
        )
        for child, value in found
    ]
    return tuple(
        sorted(rows, key=lambda row: (row.value.number is None, -(row.value.number or 0), row.place.code))
    )


def _step(number: float | None, known: Sequence[float]) -> int:
    """The class of a number on a scale of equal steps from the least to the most; 0 without a number."""
    if number is None:
        return 0
    least, most = known[0], known[-1]
    if most <= least:
        return (CLASSES + 1) // 2
    return min(CLASSES, 1 + int((number - least) / (most - least) * CLASSES))


def _areas(
    geometry: Geometry | None, rows: Mapping[str, MapRow], measure: MapMeasure, top: float, own: MapValue
) -> tuple[MapArea, ...]:
    """What is drawn; where nothing in a place has an outline, the place itself with its own number."""
    if geometry is None:
        return ()
    areas = []
    for shape in geometry.shapes:
        row = rows.get(shape.code)
        if row is None:
            areas.append(MapArea(shape, own, 0, 0))
            continue
        number = row.value.number or 0
        radius = 0.0 if measure.is_area or number <= 0 else LARGEST_CIRCLE * math.sqrt(number / top)
        areas.append(MapArea(shape, row.value, row.step, round(max(radius, 2.0 if radius else 0), 1)))
    return tuple(areas)


def _legend(rows: Sequence[MapRow]) -> tuple[LegendStep, ...]:
    """The scale as a histogram: each class with the least and the most of what is in it."""
    steps = []
    most = max((sum(1 for row in rows if row.step == step) for step in range(1, CLASSES + 1)), default=0)
    for step in range(1, CLASSES + 1):
        inside = [row for row in rows if row.step == step]
        words = ""
        if inside:
            first, last = inside[-1].value.said, inside[0].value.said
            words = first if first == last else tell("{} 至 {}", first, last)
        steps.append(LegendStep(step, words, len(inside), round(40 * len(inside) / most, 1) if most else 0))
    return tuple(steps) if any(step.count for step in steps) else ()


def _title(place: Place, measure: MapMeasure, rows: Sequence[MapRow], projects: int) -> str:
    """The finding of the map."""
    known = [row for row in rows if row.value.number is not None]
    if not rows:
        return tell("{}有 {:,} 个公开项目", place.name, projects)
    if len(known) < 2:
        return tell("{}：{}", place.name, tell(measure.title))
    first, last = known[0], known[-1]
    if first.value.number == last.value.number:
        return tell("{}各地{}相同", place.name, tell(measure.title))
    title = tell(
        "{}{}最高，{}；{}最低，{}",
        first.place.name,
        tell(measure.title),
        first.value.said,
        last.place.name,
        last.value.said,
    )
    return claim(title, is_sure=len(known) == len(rows))


def _place_choices(edition: Edition, place: Place) -> tuple[Choice, ...]:
    """The province, its cities, and the counties of the city one is in."""
    root = edition.places.root
    if root is None:
        return ()
    line = [found.code for found in edition.places.line(place.code)]
    choices = [Choice(root.code, root.name, None, root.code == place.code)]
    for city in edition.places.children(root.code):
        choices.append(Choice(city.code, f"　{city.name}", None, city.code == place.code))
        if city.code in line:
            choices += [
                Choice(county.code, f"　　{county.name}", None, county.code == place.code)
                for county in edition.places.children(city.code)
            ]
    return tuple(choices)
