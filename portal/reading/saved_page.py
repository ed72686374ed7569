"""The page of a question that stays: what was asked, its answer, its release, and the same over the current one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.reading.aggregation import aggregate_page, answer_columns, groups_query
from portal.reading.catalog import spec_of
from portal.reading.coded import coded_table
from portal.reading.cost import refuse_costly
from portal.reading.edition import Edition
from portal.reading.exports import FORMATS
from portal.reading.query import rows_query
from portal.reading.saved import Question
from portal.reading.selection import select_page
from publishing.specs import Column, ColumnType
from publishing.specs.model import STATUSES

ROWS_SHOWN = "50"
WORDS = {
    "gte": "不小于", "gt": "大于", "lte": "不大于", "lt": "小于", "ne": "不是", "contains": "含有", "isnull": "没有值",
}  # fmt: skip
MARKS = {"withheld": "◫", "merged": "⊕", "not_reported": "…", "not_applicable": "—"}


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the question in words: what it is about and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value: its text, whether it is a number, and what the mark in its place means."""

    text: str
    is_number: bool = False
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """The page of a question."""

    id: str
    question: Question
    title: str
    parts: tuple[Said, ...]
    number: int
    current: int
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    count: int
    formats: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether its release is the newest."""
        return self.number == self.current


def saved_page(edition: Edition, question: Question, current: int) -> SavedPage:
    """Answer a question over the release it was asked of.

    Raises: DatasetNotFound, QueryRefused.
    """
    spec = spec_of(edition, question.dataset)
    parameters = question.grouped() | {"limit": [ROWS_SHOWN]}
    if question.view == "rows":
        query = rows_query(spec, parameters)
        columns = tuple(spec.column(name) for name in query.columns)
        refuse_costly(coded_table(edition, spec), query)
        page = select_page(edition, spec, query)
    else:
        query = groups_query(spec, parameters)
        columns = answer_columns(spec, query)
        refuse_costly(coded_table(edition, spec), query)
        page = aggregate_page(edition, spec, query)
    shown = tuple(column for column in columns if column.type is not ColumnType.STATUS)
    return SavedPage(
        question.id,
        question,
        spec.title,
        tuple(_said(question, {column.name: column.title for column in (*spec.columns, *columns)})),
        edition.number,
        current,
        shown,
        tuple(tuple(_cell(_plain(row), column) for column in shown) for row in page.rows),
        page.total,
        tuple(FORMATS),
    )


def _said(question: Question, titles: dict[str, str]) -> list[Said]:
    found = []
    for name, values in question.grouped().items():
        column, _, operator = name.partition("__")
        listed = "、".join(values)
        if name == "group_by":
            found.append(Said("按什么分组", "、".join(titles.get(value, value) for value in values)))
        elif name == "measure":
            found.append(Said("算什么", "、".join(_measure(value, titles) for value in values)))
        elif name == "sort":
            found.append(Said("排序", "、".join(_sorted(part, titles) for part in listed.split(","))))
        elif name == "select":
            found.append(Said("要哪些列", "、".join(titles.get(part, part) for part in listed.split(","))))
        else:
            found.append(Said(titles.get(column, column), f"{WORDS.get(operator, '')}{listed}"))
    return found


def _measure(text: str, titles: dict[str, str]) -> str:
    name, _, how = text.partition(":")
    ways = {"mean": "平均", "min": "最小", "max": "最大", "count": "个数"}
    return titles.get(name, name) + (f"（{ways.get(how, how)}）" if how else "")


def _sorted(text: str, titles: dict[str, str]) -> str:
    name = text.removeprefix("-")
    return titles.get(name, name) + ("从大到小" if text.startswith("-") else "从小到大")


def _plain(row: Any) -> dict[str, Any]:
    if isinstance(row, dict):
        return row
    return {name: getattr(row, name) for name in row.__struct_fields__}


def _cell(row: dict[str, Any], column: Column) -> Cell:
    value = row[column.name]
    if value is None:
        status = row.get(f"{column.name}_status")
        return Cell(MARKS.get(status, ""), meaning=STATUSES.get(status, "")) if status else Cell("")
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if column.type is ColumnType.MONEY:
        return Cell(f"{value:,.2f}", is_number=True)
    if column.type is ColumnType.NUMBER:
        return Cell(f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}", is_number=True)
    return Cell(
        f"{value:,}" if column.type is ColumnType.INTEGER else str(value), column.type is ColumnType.INTEGER
    )
