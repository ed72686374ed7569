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
from portal.reading.words import FORMAT_WORDS
from publishing.specs import Column, ColumnType
from publishing.specs.model import STATUSES

ROWS_SHOWN = "50"
WORDS = {
    "gte": "不小于", "gt": "大于", "lte": "不大于", "lt": "小于", "ne": "不是", "contains": "含有", "isnull": "没有值",
}  # fmt: skip
LEVELS = {
    "province": "全省", "city": "市", "county": "县（市、区）", "total": "合计", "class": "类", "section": "款", "item": "项",
}  # fmt: skip
ARROW = "Arrow（分析用）"
Names = dict[str, dict[str, str]]
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
    formats: tuple[tuple[str, str], ...]
    """Each with its ending and what it is for."""

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
    names = _names(edition, {column.name for column in columns})
    return SavedPage(
        question.id,
        question,
        spec.title,
        tuple(_said(question, {column.name: column.title for column in (*spec.columns, *columns)}, names)),
        edition.number,
        current,
        shown,
        tuple(tuple(_cell(_plain(row), column, names) for column in shown) for row in page.rows),
        page.total,
        tuple((ending, FORMAT_WORDS.get(ending, ARROW)) for ending in FORMATS),
    )


def _names(edition: Edition, columns: set[str]) -> Names:
    """The names of codes, by column; of those whose name does not stand in the row beside them anyway."""
    found: Names = {"region_level": LEVELS, "function_level": LEVELS}
    if "region_name" not in columns:
        found["region_code"] = {code: place.name for code, place in edition.places.by_code.items()}
    if "function_name" not in columns and "functions" in edition.specs:
        functions = edition.frame("functions")
        pairs = zip(functions["function_code"].to_list(), functions["name"].to_list(), strict=True)
        found["function_code"] = {"total": "全部科目", **dict(pairs)}
    return found


def _named(names: Names, column: str, value: str) -> str:
    name = names.get(column, {}).get(value)
    return f"{value} {name}" if name else value


def _said(question: Question, titles: dict[str, str], names: Names) -> list[Said]:
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
            told = "、".join(_named(names, column, value) for value in values)
            found.append(Said(titles.get(column, column), f"{WORDS.get(operator, '')}{told}"))
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


def _cell(row: dict[str, Any], column: Column, names: Names) -> Cell:
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
    if column.type is ColumnType.INTEGER:
        return Cell(f"{value:,}", is_number=True)
    return Cell(_named(names, column.name, str(value)))
