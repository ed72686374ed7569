"""The projects of one county on its map: circles of those that lie together, and every one of them with its place."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from portal.reading.charts.model import Spot
from portal.reading.edition import Edition
from portal.reading.map_points import DECIMALS
from portal.reading.maps import WIDTH, Geometry
from portal.reading.places import Place
from portal.reading.projects import ProjectLine, line_of, projects_by
from portal.reading.quantities import amount_in
from portal.reading.tongue import tell

CELL = 44  # pixels of the drawing: pins nearer than this are one circle, so that each can be hit by a finger
LISTED_PROJECTS = 24
SPOT_COLUMNS = ("project_id", "name", "status", "adjusted", "adjusted_status", "lon", "lat")
Placed = tuple[float, float, int]
"""Where on the drawing, and which of the projects."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Projects that lie close together: one circle with their number, or one project."""

    x: float
    y: float
    radius: float
    count: int
    cluster: str
    project_id: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Pinned:
    """A county's projects: the circles, those listed beside, all of them; how many report no place, and how many one that
    lies outside of the map.
    """

    pins: tuple[Pin, ...] = ()
    listed: tuple[ProjectLine, ...] = ()
    spots: tuple[Spot, ...] = ()
    unplaced: int = 0
    outside: int = 0


def pinned(edition: Edition, place: Place, geometry: Geometry | None, chosen: str) -> Pinned:
    """The projects of a county; `chosen` is the circle whose projects are listed, all where there is no such circle."""
    rows = (
        projects_by(edition, "region_code")
        .of(place.code)
        .sort(["light_rank", "adjusted", "project_id"], descending=[False, True, False], nulls_last=True)
    )
    spots = tuple(_spots(rows))
    cells = _cells(geometry, spots)
    listed = [position for _, _, position in cells[chosen]] if chosen in cells else range(rows.height)
    unplaced = sum(spot.lon is None or spot.lat is None for spot in spots)
    drawn = sum(map(len, cells.values()))
    return Pinned(
        pins=tuple(_pin(name, members, spots, chosen) for name, members in sorted(cells.items())),
        listed=tuple(map(line_of, rows[listed[:LISTED_PROJECTS]].iter_rows(named=True))),
        spots=spots,
        unplaced=unplaced,
        outside=len(spots) - unplaced - drawn if geometry else 0,
    )


def _spots(rows: pl.DataFrame) -> Iterator[Spot]:
    """Read column by column what the map needs: a county may have thousands of projects of forty columns each."""
    wanted = [name for name in SPOT_COLUMNS if name in rows.columns]
    places = pl.col("lon", "lat").round(DECIMALS)
    for row in rows.select(wanted).with_columns(places).iter_rows(named=True):
        yield Spot(
            row["project_id"],
            row["name"],
            row["status"] or "",
            amount_in(row, "adjusted"),
            row["lon"],
            row["lat"],
        )


def _cells(geometry: Geometry | None, spots: Sequence[Spot]) -> dict[str, list[Placed]]:
    """What lies on the drawing, by the square it falls in."""
    cells: dict[str, list[Placed]] = {}
    for position, spot in enumerate(spots):
        at = _on_drawing(geometry, spot)
        if at is not None:
            cells.setdefault(f"{int(at[0] // CELL)}-{int(at[1] // CELL)}", []).append((*at, position))
    return cells


def _on_drawing(geometry: Geometry | None, spot: Spot) -> tuple[float, float] | None:
    if geometry is None or spot.lon is None or spot.lat is None:
        return None
    x, y = geometry.canvas.at((spot.lon, spot.lat))
    return (x, y) if 0 <= x <= WIDTH and 0 <= y <= geometry.height else None


def _pin(name: str, members: Sequence[Placed], spots: Sequence[Spot], chosen: str) -> Pin:
    count = len(members)
    first = spots[members[0][2]]
    return Pin(
        x=round(sum(x for x, _, _ in members) / count, 1),
        y=round(sum(y for _, y, _ in members) / count, 1),
        radius=round(min(8 + 3.2 * math.sqrt(count), CELL / 2), 1),
        count=count,
        cluster="" if count == 1 else name,
        project_id=first.code if count == 1 else "",
        label=first.name if count == 1 else tell("{} 个项目", count),
        is_chosen=name == chosen,
    )
