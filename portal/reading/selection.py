"""Running a checked query over a released table: which rows, in which order, which page.

A release never changes, so a place in an ordered result is a cursor that never skips or repeats. The cursor is bound
to release, dataset and query; any other use of it is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.reading.query import Condition, Query
from publishing.specs import Column, ColumnType, DatasetSpec

EXACT_IN_A_DOUBLE = 2**53
KEPT_RESULTS = 24
KEPT_ROWS = 4_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a result: its rows, how many there are in all, and the cursor of the page after it."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    total: int
    next_cursor: str | None


class Results:
    """Row numbers of the last results that needed work, so that the next page needs none."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, pl.Series] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> pl.Series | None:
        """The row numbers of that result, if they are kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, rows: pl.Series) -> None:
        """Keep row numbers; the oldest go when there are too many."""
        with self._lock:
            self._kept[key] = rows
            while len(self._kept) > KEPT_RESULTS or sum(map(len, self._kept.values())) > KEPT_ROWS:
                if len(self._kept) == 1:
                    break
                self._kept.popitem(last=False)


def select_page(edition: Edition, spec: DatasetSpec, query: Query) -> Page:
    """The page of rows that a query asks for, in a stable order: as asked, then by key.

    Raises: QueryRefused when the cursor belongs to something else.
    """
    offset = read_cursor(edition, spec.name, query)
    frame = edition.frame(spec.name)
    columns = tuple(spec.column(name) for name in query.columns)
    if not query.conditions and not query.sort:
        page, total = frame.slice(offset, query.limit), frame.height
    else:
        rows = _matching(edition, spec, query)
        page, total = frame[rows.slice(offset, query.limit)], len(rows)
    end = offset + page.height
    return Page(
        page.select(query.columns),
        columns,
        total,
        write_cursor(edition, spec.name, query, end) if end < total else None,
    )


def select_all(edition: Edition, spec: DatasetSpec, query: Query) -> pl.DataFrame:
    """The whole result, for files."""
    frame = edition.frame(spec.name)
    if query.conditions or query.sort:
        frame = frame[_matching(edition, spec, query)]
    return frame.select(query.columns)


def _matching(edition: Edition, spec: DatasetSpec, query: Query) -> pl.Series:
    results = edition.keep("results", Results)
    key = (spec.name, repr((query.conditions, query.sort)))
    rows = results.get(key)
    if rows is None:
        rows = _ordered(narrowed(edition, spec, query.conditions), query)
        results.put(key, rows)
    return rows


ROW = "__row"


def narrowed(edition: Edition, spec: DatasetSpec, conditions: Sequence[Condition]) -> pl.DataFrame:
    """The rows that meet all conditions, with their number in the table as `__row`.

    Equality on the first columns of the key is a lookup in the sorted table, not a scan.
    """
    fixed = {found.column: found for found in conditions if found.operator == "eq" and len(found.values) == 1}
    prefix: list[str] = []
    for name in spec.key[:3]:
        if name not in fixed:
            break
        prefix.append(name)
    if not prefix:
        frame = edition.keep(("numbered", spec.name), lambda: edition.frame(spec.name).with_row_index(ROW))
        rest = list(conditions)
    else:
        runs = edition.runs(spec.name, *prefix)
        first, length = runs.find(*(fixed[name].values[0] for name in prefix))
        frame = runs.frame.slice(first, length).with_row_index(ROW, offset=first)
        rest = [found for found in conditions if found.column not in prefix or found.operator != "eq"]
    return frame.filter([found.expression() for found in rest]) if rest else frame


def _ordered(found: pl.DataFrame, query: Query) -> pl.Series:
    if query.sort:
        keys = [key.column for key in query.sort]
        descending = [key.is_descending for key in query.sort]
        # The table is sorted by its key, so its row number is the key's order: ties stay where they are.
        found = found.sort([*keys, ROW], descending=[*descending, False], nulls_last=True)
    return found[ROW]


def _bound_to(dataset: str, query: Query) -> str:
    return hashlib.sha256(f"{dataset}\n{query.canonical}".encode()).hexdigest()[:16]


def write_cursor(edition: Edition, dataset: str, query: Query, offset: int) -> str:
    """A cursor for the rows from `offset` on."""
    content = json.dumps([edition.number, _bound_to(dataset, query), offset], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def read_cursor(edition: Edition, dataset: str, query: Query) -> int:
    """Where a cursor says to go on; 0 without one.

    Raises: QueryRefused when it is damaged, or made for another release or another query.
    """
    text = query.cursor
    if not text:
        return 0
    try:
        number, bound, offset = json.loads(
            base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        )
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise QueryRefused(Fault("cursor", "cursor 不完整：请照抄上一页回答里的 next。")) from None
    if number != edition.number:
        raise QueryRefused(
            Fault(
                "cursor",
                f"这个 cursor 属于第 {str(number)[:9]} 号发布，不能用于第 {edition.number} 号；请用带 @号码 的地址。",
            )
        )
    if bound != _bound_to(dataset, query) or type(offset) is not int or not 0 <= offset < 2**40:
        raise QueryRefused(Fault("cursor", "这个 cursor 属于另一个查询：翻页时其他参数不能改。"))
    return offset


def as_rows(frame: pl.DataFrame, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Rows as JSON has them: money a number of yuan, months `YYYY-MM`, absent values null."""
    values = [_json_values(frame[column.name], column) for column in columns]
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _json_values(series: pl.Series, column: Column) -> list[Any]:
    if column.type is ColumnType.MONTH:
        return series.dt.strftime("%Y-%m").to_list()
    values = series.to_list()
    if column.type is not ColumnType.MONEY:
        return values
    # Python divides exactly rounded, so that fen/100 prints with its two decimals; Polars does not.
    return [
        None if fen is None else fen / 100 if abs(fen) < EXACT_IN_A_DOUBLE else Decimal(fen) / 100
        for fen in values
    ]
