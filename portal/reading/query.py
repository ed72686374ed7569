"""The closed grammar of the query interface: parameters in, a checked query out, or every fault with its place.

Filters are flat: `column=value` (repeated: or), `column__gte|gt|lte|lt|ne|contains|isnull`. Reserved words are
`select`, `sort`, `limit`, `cursor`, `group_by` and `measure`. Nothing else is understood, nothing is guessed, and
nothing but published columns can be named.

Values are written as answers write them: money in yuan, months as `YYYY-MM`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from portal.reading.errors import Fault, QueryRefused
from portal.reading.once import once_per_spec
from publishing.specs import Column, ColumnType, DatasetSpec

OPERATORS = ("gte", "gt", "lte", "lt", "ne", "contains", "isnull")
ROW_WORDS = ("select", "sort", "limit", "cursor")
GROUP_WORDS = ("group_by", "measure", "sort", "limit", "cursor")
DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1_000
MOST_VALUES = 200
LONGEST_VALUE = 500
TEXTUAL = (ColumnType.TEXT, ColumnType.CODE, ColumnType.STATUS)


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: a column, an operator (`eq` when none is written) and its values as the table holds them."""

    column: str
    operator: str
    values: tuple[Any, ...]

    def expression(self) -> pl.Expr:
        """The filter as Polars has it. A null is never equal, unequal, greater or smaller."""
        column = pl.col(self.column)
        value = self.values[0]
        if self.operator == "eq":
            return column.is_in(list(self.values)) if len(self.values) > 1 else column == pl.lit(value)
        if self.operator == "ne":
            return ~column.is_in(list(self.values)) & column.is_not_null()
        if self.operator == "contains":
            wanted = [
                column.str.to_lowercase().str.contains(str(text).lower(), literal=True)
                for text in self.values
            ]
            return pl.any_horizontal(wanted)
        if self.operator == "isnull":
            return column.is_null() if value else column.is_not_null()
        compared: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
            "gte": lambda left, right: left >= right,
            "gt": lambda left, right: left > right,
            "lte": lambda left, right: left <= right,
            "lt": lambda left, right: left < right,
        }
        return compared[self.operator](column, pl.lit(value))


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of an order."""

    column: str
    is_descending: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of an aggregation: the column (or metric) and how its values become one."""

    name: str
    how: str

    @property
    def label(self) -> str:
        """The name of the column in the answer."""
        return self.name if self.how == "sum" else f"{self.name}_{self.how}"


HOW = ("sum", "mean", "min", "max", "count")


@dataclass(frozen=True, slots=True)
class Query:
    """A checked query. `columns` are those of the answer for rows; `group_by` and `measures` for an aggregation."""

    conditions: tuple[Condition, ...]
    columns: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    measures: tuple[Measured, ...] = ()
    sort: tuple[SortKey, ...] = ()
    limit: int = DEFAULT_LIMIT
    cursor: str = ""

    @property
    def canonical(self) -> str:
        """Text that is equal exactly for queries with the same result, whatever page of it is asked for."""
        conditions = sorted(
            (found.column, found.operator, sorted(map(repr, found.values))) for found in self.conditions
        )
        return repr((conditions, self.columns, self.group_by, self.measures, self.sort))


Parameters = Mapping[str, Sequence[str]]


@once_per_spec
def columns_of(spec: DatasetSpec) -> Mapping[str, Column]:
    """The columns of a dataset by name."""
    return {column.name: column for column in spec.columns}


class Parser:
    """Collects what is right and every fault of one set of parameters."""

    def __init__(self, spec: DatasetSpec, parameters: Parameters) -> None:
        self.spec = spec
        self.parameters = parameters
        self.columns = columns_of(spec)
        self.faults: list[Fault] = []

    def fault(self, parameter: str, detail: str, nearest: str | None = None) -> None:
        """Note something wrong."""
        self.faults.append(Fault(shown(parameter), detail, nearest))

    def done(self) -> None:
        """Raises: QueryRefused with all faults that were noted."""
        if self.faults:
            raise QueryRefused(*self.faults)

    def conditions(self, reserved: Sequence[str]) -> tuple[Condition, ...]:
        """All filters; a parameter that is neither reserved nor a filter is a fault."""
        found = []
        for name, values in self.parameters.items():
            if name in reserved:
                continue
            condition = self._condition(name, values, reserved)
            if condition is not None:
                found.append(condition)
        return tuple(found)

    def _condition(self, name: str, values: Sequence[str], reserved: Sequence[str]) -> Condition | None:
        stem, mark, operator = name.partition("__")
        column = self.columns.get(stem)
        if column is None:
            near = nearest(stem, [*self.columns, *reserved])
            self.fault(name, f"数据集 {self.spec.name} 没有名为 {shown(stem)} 的列或参数。", near)
            return None
        if mark and operator not in OPERATORS:
            self.fault(name, f"没有 {shown(operator)} 这种比较。", nearest(operator, OPERATORS))
            return None
        operator = operator or "eq"
        if len(values) > MOST_VALUES or (len(values) > 1 and operator not in ("eq", "ne", "contains")):
            self.fault(name, f"{shown(name)} 写了 {len(values)} 次。")
            return None
        if operator == "contains" and column.type not in TEXTUAL:
            self.fault(name, f"{column.name} 不是文本，不能用 contains。", f"{column.name}__gte")
            return None
        parsed = [self._value(name, column, operator, text) for text in values]
        return None if None in parsed else Condition(stem, operator, tuple(parsed))

    def _value(self, name: str, column: Column, operator: str, text: str) -> Any:
        if len(text) > LONGEST_VALUE:
            self.fault(name, f"值太长，最多 {LONGEST_VALUE} 个字符。")
            return None
        if operator == "isnull":
            return self._boolean(name, text)
        if column.enum and operator in ("eq", "ne") and text not in column.enum:
            self.fault(
                name,
                f"{column.name} 的取值是 {'、'.join(column.enum)}，没有 {shown(text)}。",
                nearest(text, column.enum),
            )
            return None
        value = PARSERS[column.type](text)
        if value is None:
            self.fault(name, f"{shown(text)} 不能用于 {column.name}：要{WANTED[column.type]}。")
        return value

    def _boolean(self, name: str, text: str) -> bool | None:
        value = parse_boolean(text)
        if value is None:
            self.fault(name, f"{shown(text)} 应为 true 或 false。", "true")
        return value

    def single(self, name: str) -> str | None:
        """The value of a parameter that may be written once."""
        values = self.parameters.get(name, ())
        if len(values) > 1:
            self.fault(name, f"{name} 只能写一次，这里写了 {len(values)} 次。")
        return values[0] if values else None

    def listed(self, name: str) -> list[str]:
        """The values of a parameter that may be repeated or separated by commas."""
        return [
            part.strip()
            for value in self.parameters.get(name, ())
            for part in value.split(",")
            if part.strip()
        ]

    def limit(self) -> int:
        """Rows of a page."""
        text = self.single("limit")
        if text is None:
            return DEFAULT_LIMIT
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST_LIMIT and len(text) < 9):
            self.fault("limit", f"limit 应为 1 到 {LARGEST_LIMIT} 的整数。", str(LARGEST_LIMIT))
            return DEFAULT_LIMIT
        return int(text)

    def sort(self, known: Sequence[str]) -> tuple[SortKey, ...]:
        """The order that is asked for."""
        keys = []
        for text in self.listed("sort"):
            column = text.removeprefix("-")
            if column not in known:
                self.fault("sort", f"不能按 {shown(column)} 排序：没有这一列。", nearest(column, known))
                continue
            keys.append(SortKey(column, text.startswith("-")))
        return tuple(keys)


def rows_query(spec: DatasetSpec, parameters: Parameters) -> Query:
    """Read the parameters of `rows`.

    Raises: QueryRefused with every fault.
    """
    parser = Parser(spec, parameters)
    conditions = parser.conditions(ROW_WORDS)
    names = [column.name for column in spec.columns]
    selected = parser.listed("select")
    for name in selected:
        if name not in names:
            parser.fault("select", f"没有名为 {shown(name)} 的列。", nearest(name, names))
    columns = tuple(dict.fromkeys(selected)) or tuple(names)
    sort, limit, cursor = parser.sort(names), parser.limit(), parser.single("cursor") or ""
    parser.done()
    return Query(conditions, columns, sort=sort, limit=limit, cursor=cursor)


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice most like the word, if any is."""
    found = difflib.get_close_matches(word[:80], choices, n=1, cutoff=0.5)
    return found[0] if found else None


def shown(text: str) -> str:
    """Text of a stranger, safe and short enough to repeat."""
    cut = text if len(text) <= 60 else text[:60] + "…"
    return "".join(sign if sign.isprintable() else "�" for sign in cut)


# ---------------------------------------------------------------- values
_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?\Z")
_INTEGER = re.compile(r"-?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?\Z")
_YEAR = re.compile(r"[0-9]{4}\Z")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(-01)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def parse_money(text: str) -> int | None:
    """Yuan with at most two decimals, to fen."""
    return int(Decimal(text) * 100) if _MONEY.match(text) else None


def parse_boolean(text: str) -> bool | None:
    """`true` or `false`."""
    return {"true": True, "false": False}.get(text.lower())


def _parse_month(text: str) -> date | None:
    found = _MONTH.match(text)
    try:
        return date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def _parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


PARSERS: dict[ColumnType, Callable[[str], Any]] = {
    ColumnType.TEXT: str,
    ColumnType.CODE: str,
    ColumnType.STATUS: str,
    ColumnType.MONEY: parse_money,
    ColumnType.INTEGER: lambda text: int(text) if _INTEGER.match(text) else None,
    ColumnType.NUMBER: lambda text: float(text) if _NUMBER.match(text) else None,
    ColumnType.BOOLEAN: parse_boolean,
    ColumnType.DATE: _parse_date,
    ColumnType.MONTH: _parse_month,
    ColumnType.YEAR: lambda text: int(text) if _YEAR.match(text) else None,
}
WANTED: dict[ColumnType, str] = {
    ColumnType.TEXT: "文本",
    ColumnType.CODE: "代码",
    ColumnType.STATUS: "状态",
    ColumnType.MONEY: "以元为单位、最多两位小数的数",
    ColumnType.INTEGER: "整数",
    ColumnType.NUMBER: "数",
    ColumnType.BOOLEAN: " true 或 false",
    ColumnType.DATE: "日期，如 2026-10-31",
    ColumnType.MONTH: "月份，如 2026-10",
    ColumnType.YEAR: "四位数的年度",
}
