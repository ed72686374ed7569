"""The table of a chart: the same columns and rows on the page, in CSV, in XLSX and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from portal.reading.charts.model import (
    Area,
    Areas,
    Bars,
    Body,
    Chart,
    Flow,
    Grid,
    Node,
    Periods,
    Radar,
    Reading,
    Spot,
    Spots,
    Tree,
    Way,
    money,
)
from portal.reading.quantities import MARKS, NOT_APPLICABLE, NOT_REPORTED, Currency
from portal.reading.tongue import tell
from publishing.specs import Column, ColumnType, DatasetSpec, Disclosure, Role

Cell = str | Reading | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its Chinese title and what it holds."""

    title: str
    type: ColumnType = ColumnType.TEXT
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """Headings and rows; a cell is text, a reading, or None where the column does not apply."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(chart: Chart) -> ChartTable:
    """The table behind a chart."""
    headings, rows = _content(chart.body, chart.stamp.currency)
    return ChartTable(tuple(headings), tuple(rows))


def _money(title: str, label: str) -> Heading:
    return Heading(title, ColumnType.MONEY, label)


Content = tuple[list[Heading], Iterable[tuple[Cell, ...]]]


def _content(body: Body, currency: Currency) -> Content:
    label = currency.word
    if isinstance(body, Periods):
        return _period_content(body, label)
    if isinstance(body, Bars):
        return _bar_content(body, label)
    if isinstance(body, Radar):
        return _star_content(body)
    if isinstance(body, Way):
        return _way_content(body)
    if isinstance(body, Areas | Spots):
        return _map_content(body, currency)
    return _money_content(body, label)


def _money_content(body: Tree | Flow | Grid, label: str) -> Content:
    if isinstance(body, Tree):
        headings = [
            Heading(tell("代码")),
            Heading(body.part_word),
            Heading(tell("所属")),
            _money(body.size_word, label),
        ]
        return headings, _tree_rows(body.whole, "")
    if isinstance(body, Flow):
        titles = [Heading(title) for title in body.titles]
        return [*titles, _money(tell("已支付"), label)], ((*row.names, row.size) for row in body.rows)
    titles = [_money(title, label) for title in body.columns]
    return [Heading(body.row_word), *titles], ((row.name, *row.cells) for row in body.rows)


def _star_content(body: Radar) -> Content:
    titles = [Heading(axis, ColumnType.NUMBER, tell("分")) for axis in body.axes]
    basis = [Heading(tell("{}·依据", axis)) for axis in body.axes]
    return [Heading(tell("名称")), *titles, *basis], (
        (star.name, *star.scores, *star.basis) for star in body.stars
    )


def _tree_rows(node: Node, under: str) -> Iterator[tuple[Cell, ...]]:
    yield node.code, node.name, under, node.size
    for part in node.parts:
        yield from _tree_rows(part, node.name)


def _period_content(body: Periods, label: str) -> Content:
    shown = [("paid", body.paid_word), ("plan", body.plan_word), ("budget", body.budget_word)]
    named = [(name, word) for name, word in shown if word]
    headings = [Heading(tell("期间")), *(_money(word, label) for _, word in named)]
    return headings, ((period.name, *(getattr(period, name) for name, _ in named)) for period in body.periods)


def _bar_content(body: Bars, label: str) -> Content:
    size = (
        _money(body.size_word, label)
        if body.is_money
        else Heading(body.size_word, ColumnType.NUMBER, body.unit)
    )
    headings = [Heading(tell("名称")), size]
    if body.outline_word:
        headings.append(_money(body.outline_word, label))
        return headings, ((bar.name, bar.size, bar.outline) for bar in body.bars)
    if any(bar.under for bar in body.bars):
        return [*headings, Heading(tell("分母"))], ((bar.name, bar.size, bar.under) for bar in body.bars)
    return headings, ((bar.name, bar.size) for bar in body.bars)


def _way_content(body: Way) -> Content:
    headings = [Heading(tell("环节")), Heading(tell("名称")), Heading(tell("金额"))]
    return headings, ((stop.title, stop.name, stop.said) for stop in body.stops)


def _map_content(body: Areas | Spots, currency: Currency) -> Content:
    if isinstance(body, Areas):
        return _area_content(body, currency.word)
    words = [Heading(tell(word)) for word in ("项目编号", "名称", "状态")]
    place = [Heading(tell(word), ColumnType.NUMBER, "°") for word in ("经度", "纬度")]
    headings = [*words, _money(tell("调整预算"), currency.word), *place]
    return headings, (_spot_row(spot, currency) for spot in body.spots)


def _spot_row(spot: Spot, currency: Currency) -> tuple[Cell, ...]:
    budget = money(spot.budget, currency)
    return spot.code, spot.name, spot.standing, budget, _degrees(spot.lon), _degrees(spot.lat)


def _degrees(angle: float | None) -> Reading:
    if angle is None:
        return Reading(None, MARKS[NOT_REPORTED], NOT_REPORTED)
    return Reading(angle, f"{angle:.5f}")


def _area_content(body: Areas, label: str) -> Content:
    size = (
        _money(body.size_word, label)
        if body.is_money
        else Heading(body.size_word, ColumnType.NUMBER, body.unit)
    )
    counts = [Heading(tell(word), ColumnType.NUMBER) for word in ("公开项目", "逾期")]
    headings = [Heading(tell("代码")), Heading(tell("地区")), size, *counts]
    return headings, map(_area_row, body.areas)


def _area_row(area: Area) -> tuple[Cell, ...]:
    counts = (Reading(float(count), f"{count:,}") for count in (area.projects, area.late))
    return area.code, area.name, area.size, *counts


# ---------------------------------------------------------------- as a frame with declared columns


def spec_of(chart: Chart, table: ChartTable) -> DatasetSpec:
    """The table declared like a published one, so that files of charts are written by the writers of releases."""
    columns = tuple(_columns(table))
    return DatasetSpec(
        chart.name,
        chart.title,
        chart.name,
        chart.subtitle,
        chart.subtitle,
        columns,
        (),
        Disclosure.PUBLIC,
        (chart.dataset,) if chart.dataset else (),
        "spending",
        description=chart.stamp.line,
    )


def _columns(table: ChartTable) -> Iterator[Column]:
    for index, heading in enumerate(table.headings):
        unit = tell("（{}）", heading.unit) if heading.unit else ""
        is_number = heading.type is not ColumnType.TEXT
        role = Role.MEASURE if is_number else Role.DIMENSION
        yield Column(
            f"{heading.title}{unit}",
            heading.title,
            f"column {index + 1}",
            heading.type,
            role,
            "",
            heading.unit or None,
        )
        if is_number:
            title = tell("{}·状态", heading.title)
            yield Column(title, title, f"column {index + 1}: status", ColumnType.STATUS, Role.STATUS)


def frame_of(table: ChartTable, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The rows as a frame: money in fen, a status beside every number."""
    rows = [tuple(_values(table, row)) for row in table.rows]
    return pl.DataFrame(rows, schema={column.name: column.memory_type for column in columns}, orient="row")


def _values(table: ChartTable, row: tuple[Cell, ...]) -> Iterator[object]:
    for heading, cell in zip(table.headings, row, strict=True):
        if heading.type is ColumnType.TEXT:
            yield cell if isinstance(cell, str) else None
            continue
        reading = cell if isinstance(cell, Reading) else None
        value = reading.value if reading is not None else None
        is_fen = heading.type is ColumnType.MONEY
        yield round(value) if is_fen and value is not None else value
        yield reading.status if reading is not None else NOT_APPLICABLE
