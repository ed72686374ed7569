"""A state of the map as a chart to take along: picture, table, interactive figure, embedding."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urlencode

from portal.reading.charts.model import Area, Areas, Chart, Circle, Reading, Sheet, Spots, stamp_of
from portal.reading.edition import Edition
from portal.reading.map_page import MapArea, MapQuery, MapRow, MapView, map_view
from portal.reading.map_pins import Pin
from portal.reading.maps import Geometry
from portal.reading.tongue import tell

IN_MONEY = ("paid", "adjusted", "per_head")


def map_chart(edition: Edition, view: MapView) -> Chart | None:
    """The map of a place and what lies in it; None without outlines of what lies in it, and of a county without a project on its map."""
    if view.geometry is None:
        return None
    if view.is_county:
        return _county_chart(edition, view, view.geometry) if view.pins else None
    if not {row.place.code for row in view.rows} & {shape.code for shape in view.geometry.shapes}:
        return None
    year = str(view.year) if view.year and view.measure.has_years else ""
    asked = {"region": view.place.code, "measure": view.measure.code, "year": year}
    query = urlencode({name: value for name, value in asked.items() if value})
    scope = tell("{} 年，", year) if year else ""
    return Chart(
        "map",
        query,
        view.title,
        tell("{}{}；{}：{}", scope, view.place.name, tell(view.measure.title), tell(view.measure.meaning)),
        _body(view, view.geometry),
        stamp_of(edition),
        dataset="spending" if view.measure.has_years else "projects",
        note=view.geometry.credit,
        page=f"/map?{query}",
    )


def _county_chart(edition: Edition, view: MapView, geometry: Geometry) -> Chart:
    """The projects of a county; measure and year are not asked, because neither changes it."""
    query = urlencode({"region": view.place.code})
    page = f"/map?{query}"
    return Chart(
        "map",
        query,
        view.title,
        tell("圆点是项目所在的位置，数字是挨在一起的项目数"),
        Spots(
            "".join(shape.path for shape in geometry.shapes),
            _sheet(geometry),
            tuple(_circle(pin, page) for pin in view.pins),
            view.spots,
        ),
        stamp_of(edition),
        dataset="projects",
        note=geometry.credit,
        page=page,
    )


def _circle(pin: Pin, page: str) -> Circle:
    link = (
        f"/projects/{quote(pin.project_id, safe='')}" if pin.project_id else f"{page}&cluster={pin.cluster}"
    )
    return Circle(pin.x, pin.y, pin.radius, pin.count, pin.label, link)


def _sheet(geometry: Geometry) -> Sheet:
    canvas = geometry.canvas
    return Sheet(geometry.width, geometry.height, canvas.west, canvas.north, canvas.stretch, canvas.scale)


def map_chart_of(edition: Edition, query: MapQuery) -> Chart | None:
    """The same by its address; None for a place that the release does not know."""
    if query.region and edition.places.get(query.region) is None:
        return None
    return map_chart(edition, map_view(edition, replace(query, cluster="")))


def _body(view: MapView, geometry: Geometry) -> Areas:
    drawn = {found.shape.code: found for found in view.areas}
    is_money = view.measure.code in IN_MONEY
    rows = sorted(view.rows, key=lambda row: row.place.code)
    areas = tuple(_area(view, drawn.get(row.place.code), row, is_money=is_money) for row in rows)
    steps = tuple(step.words for step in view.legend)
    unit = "%" if view.measure.code == "rate" else ""
    return Areas(areas, _sheet(geometry), tell(view.measure.title), steps, is_money, unit)


def _area(view: MapView, found: MapArea | None, row: MapRow, *, is_money: bool) -> Area:
    """A region of the list; one without an outline stands in the table only."""
    value, place = row.value, row.place
    number = (
        value.number * 100 if is_money and value.number is not None else value.number
    )  # the map counts in yuan
    link = "/map?" + urlencode({"region": place.code, **view.carried})
    reading = Reading(number, value.said, value.status)
    outline, x, y = (found.shape.path, found.shape.x, found.shape.y) if found else ("", 0.0, 0.0)
    return Area(
        place.code, place.name, outline, x, y, reading, row.step, found.radius if found else 0.0,
        row.projects, row.late, link,
    )  # fmt: skip
