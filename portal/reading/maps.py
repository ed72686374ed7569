"""The map of regions as paths: geometry comes with the release, with its source and review number, or there is none.

Points are put on a fixed grid before they are thinned out, so that two neighbours keep the very same border.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.reading.edition import Edition
from portal.reading.quantities import Amount
from portal.reading.tongue import tell

WIDTH = 640
CLASSES = 5
Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Canvas:
    """Longitude and latitude to pixels: equirectangular, true at the middle latitude."""

    west: float
    north: float
    stretch: float
    scale: float
    height: int

    @classmethod
    def around(cls, points: Sequence[Point]) -> Canvas:
        """A drawing that just holds these points."""
        west, east = min(point[0] for point in points), max(point[0] for point in points)
        south, north = min(point[1] for point in points), max(point[1] for point in points)
        stretch = math.cos(math.radians((south + north) / 2))
        scale = (WIDTH - 8) / max((east - west) * stretch, 1e-9)
        return cls(west, north, stretch, scale, round((north - south) * scale) + 8)

    def at(self, point: Point) -> Point:
        """Where a place lies on the drawing."""
        x = 4 + (point[0] - self.west) * self.stretch * self.scale
        return round(x, 1), round(4 + (self.north - point[1]) * self.scale, 1)

    def path(self, rings: Sequence[Ring]) -> str:
        """Outlines as the `d` of a path."""
        parts = []
        for ring in rings:
            kept: list[tuple[int, int]] = []
            for point in ring:
                x, y = self.at(point)
                snapped = (round(x), round(y))
                if not kept or snapped != kept[-1]:
                    kept.append(snapped)
            if len(kept) > 3:
                parts.append("M" + "L".join(f"{x} {y}" for x, y in kept) + "Z")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Shape:
    """A region on the map: its outline, and a point inside for its name."""

    code: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Geometry:
    """The outlines of one level of regions, drawn on one canvas, with what the map's corner must say."""

    shapes: tuple[Shape, ...]
    width: int
    height: int
    credits: tuple[tuple[str, str], ...]
    canvas: Canvas

    @property
    def credit(self) -> str:
        """Source, datum and review number for the map's corner; one that is missing is said to be missing."""
        parts = (tell("{}：{}", tell(word), said or tell("未提供")) for word, said in self.credits)
        return tell("；").join(parts)


@dataclass(frozen=True, slots=True)
class Area:
    """A region on a map of amounts: which class of the scale it falls in, and its words. Class 0: no value."""

    shape: Shape
    amount: Amount
    step: int
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class RegionMap:
    """A choropleth: areas with classes, and the borders between the classes for the legend."""

    geometry: Geometry
    areas: tuple[Area, ...]
    borders: tuple[int, ...]


def geometry_of(edition: Edition, level: str) -> Geometry | None:
    """The outlines of all regions of a level; None when the release has no geometry for them."""
    codes = [place.code for place in edition.places.by_code.values() if place.level == level]
    return edition.keep(("geometry", level), lambda: _geometry(edition, codes))


def geometry_within(edition: Edition, code: str) -> Geometry | None:
    """The outlines of what lies directly in a region; of the region itself when nothing in it has an outline."""

    def make() -> Geometry | None:
        below = [place.code for place in edition.places.children(code)]
        return _geometry(edition, below) or _geometry(edition, [code])

    return edition.keep(("geometry within", code), make)


def region_map(edition: Edition, level: str, amounts: dict[str, Amount]) -> RegionMap | None:
    """Regions of a level coloured by amount, in five classes of equal size; None without geometry."""
    geometry = geometry_of(edition, level)
    if geometry is None:
        return None
    known = sorted(amount.fen for amount in amounts.values() if amount.fen is not None)
    if not known:
        return None
    borders = tuple(known[len(known) * step // CLASSES] for step in range(1, CLASSES))
    areas = tuple(_area(shape, amounts.get(shape.code), borders) for shape in geometry.shapes)
    return RegionMap(geometry, areas, (known[0], *borders, known[-1]))


def _area(shape: Shape, amount: Amount | None, borders: Sequence[int]) -> Area:
    amount = amount or Amount(None, "not_reported")
    step = 0 if amount.fen is None else 1 + sum(amount.fen >= border for border in borders)
    return Area(shape, amount, step, amount.status == "withheld")


@dataclass(frozen=True, slots=True)
class _Atlas:
    """All outlines of a release in degrees, by region, and what must stand in the corner of a map."""

    rings: dict[str, list[Ring]]
    credits: tuple[tuple[str, str], ...]
    datum: str


def datum_of(edition: Edition) -> str:
    """In which coordinates the release gives places; empty when it does not say."""
    return edition.keep("atlas", lambda: _atlas(edition)).datum


def _atlas(edition: Edition) -> _Atlas:
    content = edition.document("regions.geojson")
    if content is None:
        return _Atlas({}, (), "")
    collection = json.loads(content)
    rings = {
        str((feature.get("properties") or {}).get("region_code", "")): list(
            _rings(feature.get("geometry") or {})
        )
        for feature in collection.get("features", ())
    }
    stated = _stated(collection)
    return _Atlas(rings, _credits(stated), stated.get("datum", ""))


def _geometry(edition: Edition, codes: Sequence[str]) -> Geometry | None:
    atlas = edition.keep("atlas", lambda: _atlas(edition))
    rings = {code: atlas.rings[code] for code in codes if atlas.rings.get(code)}
    points = [point for found in rings.values() for ring in found for point in ring]
    if not points:
        return None
    canvas = Canvas.around(points)
    shapes = []
    for code, found in rings.items():
        place = edition.places.by_code[code]
        centre = (place.lon, place.lat) if place.lon and place.lat else found[0][0]
        x, y = canvas.at(centre)
        shapes.append(Shape(code, place.name, canvas.path(found), x, y))
    shapes.sort(key=lambda shape: shape.code)
    return Geometry(tuple(shapes), WIDTH, canvas.height, atlas.credits, canvas)


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates") or ()
    polygons = coordinates if kind == "MultiPolygon" else [coordinates] if kind == "Polygon" else []
    for polygon in polygons:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


CREDITS = (
    ("来源", ("source", "attribution")),
    ("坐标系", ("datum", "crs_name")),
    ("审图号", ("review_number", "审图号")),
    ("许可", ("licence", "license")),
)
REQUIRED_CREDITS = ("来源", "坐标系", "审图号")


def _stated(collection: dict[str, Any]) -> dict[str, str]:
    """What the geometry file says of itself, wherever in the file it says it."""
    found = {**(collection.get("metadata") or {}), **(collection.get("properties") or {}), **collection}
    return {name: value for name, value in found.items() if isinstance(value, str) and value}


def _credits(stated: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What the map's corner says; empty what should be there and is not."""
    found = ((word, next((stated[name] for name in names if name in stated), "")) for word, names in CREDITS)
    return tuple((word, said) for word, said in found if said or word in REQUIRED_CREDITS)
