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
from typing import Any

import numpy as np
import polars as pl

from portal.reading.coded import CodedTable, Rows, as_records, coded_table, json_values
from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.reading.query import Condition, Query
from portal.reading.swift_rows import matching_rows, ordered_rows
from publishing.specs import Column, DatasetSpec

KEPT_RESULTS = 24
KEPT_ROWS = 4_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a result: its rows as JSON has them, how many there are in all, and the cursor of the page after it."""

    rows: list[Any]
    total: int
    next_cursor: str | None


class Results:
    """Row numbers of the last results that needed work, so that the next page needs none."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Rows | None:
        """The row numbers of that result, if they are kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, rows: Rows) -> None:
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
    table = coded_table(edition, spec)
    rows, total = _page_rows(edition, table, query, offset)
    end = offset + len(rows)
    return Page(
        as_records([(name, table.json_of(name, rows)) for name in query.columns]),
        total,
        write_cursor(edition, spec.name, query, end) if end < total else None,
    )


def _page_rows(edition: Edition, table: CodedTable, query: Query, offset: int) -> tuple[Rows, int]:
    """The numbers of the rows of a page, and how many rows there are in all."""
    end = offset + query.limit
    if not query.conditions and not query.sort:
        return np.arange(offset, min(end, table.height)), table.height
    if not offset:  # a first page is not sorted to its end
        found = matching_rows(table, query.conditions)
        ordered = None if found is None else ordered_rows(table, found, query.sort, query.limit)
        if found is not None and ordered is not None:
            return ordered, len(found)
    rows = _matching(edition, table, query)
    return rows[offset:end], len(rows)


def count_rows(edition: Edition, spec: DatasetSpec, query: Query) -> int:
    """How many rows a query has, without fetching any."""
    found = matching_rows(coded_table(edition, spec), query.conditions)
    return len(found) if found is not None else narrowed(edition, spec, query.conditions).height


def select_all(edition: Edition, spec: DatasetSpec, query: Query) -> pl.DataFrame:
    """The whole result, for files."""
    frame = edition.frame(spec.name)
    if query.conditions or query.sort:
        frame = frame[_matching(edition, coded_table(edition, spec), query)]
    return frame.select(query.columns)


def _matching(edition: Edition, table: CodedTable, query: Query) -> Rows:
    """All rows in order, remembered for the pages to come."""
    results = edition.keep("results", Results)
    key = (table.spec.name, repr((query.conditions, query.sort)))
    rows = results.get(key)
    if rows is None:
        found = matching_rows(table, query.conditions)
        rows = None if found is None else ordered_rows(table, found, query.sort)
        if rows is None:
            rows = _ordered(narrowed(edition, table.spec, query.conditions), query).to_numpy()
        rows = rows.astype(np.uint32)
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
    values = [json_values(frame[column.name], column) for column in columns]
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]
