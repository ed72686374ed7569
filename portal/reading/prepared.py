"""Sums that are asked for over and over, with other values each time, are made for all values at once.

A query whose conditions are all `column=value` is a part of the same query grouped by these columns, too: same rows in
each group, same rules, same numbers. So that larger query is answered once, in the order that is asked for, and written
as JSON; then the answer for any values is a stretch of that text. What is withheld stays withheld, levels that would be
mixed are not prepared at all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from portal.reading.aggregation import MOST_GROUPS, is_on_one_level, measures_of, shown_groups
from portal.reading.coded import Coded, CodedTable, as_records, coded_table
from portal.reading.cost import refuse_costly
from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.reading.query import Query
from portal.reading.swift_groups import MOST_CELLS, Groups, Measures, groups_of, ordered_groups
from publishing.specs import DatasetSpec

MOST_ROWS = 2_000_000
"""Larger tables are not worked through for every value at once."""
PIECE = 2_048
"""Groups written in one go: about a millisecond in which nobody is answered."""
BREATH_S = 0.001
LINE_END = 10


@dataclass(frozen=True, slots=True)
class PreparedSums:
    """The answers to one query for every combination of values of its conditions.

    `columns` are those of the conditions. A combination of values is a cell; the groups of cell `c` are those from
    `starts[c]` to `starts[c + 1]`, and group `g` is written in `text` from `begins[g]` to `begins[g + 1]`, one octet
    for the comma behind it included.
    """

    columns: tuple[Coded, ...]
    starts: NDArray[np.int32]
    begins: NDArray[np.int64]
    text: bytes

    @property
    def octets(self) -> int:
        """Memory it takes, about."""
        return len(self.text) + self.begins.nbytes + self.starts.nbytes

    def answer(self, codes: Sequence[int], limit: int) -> tuple[bytes, int]:
        """The first groups for these values, as JSON with commas between, and how many groups there are."""
        cell = 0
        for coded, code in zip(self.columns, codes, strict=True):
            cell = cell * coded.size + code
        first, end = int(self.starts[cell]), int(self.starts[cell + 1])
        last = min(end, first + limit)
        if last == first:
            return b"", 0
        return self.text[int(self.begins[first]) : int(self.begins[last]) - 1], end - first


def prepared_sums(
    edition: Edition, spec: DatasetSpec, query: Query, encoder: msgspec.json.Encoder
) -> PreparedSums | None:
    """Prepare a query for all values of its conditions; None when it is not of the kind that can be."""
    table = coded_table(edition, spec)
    columns = _columns_of_conditions(table, query)
    if columns is None or not query.group_by or table.height > MOST_ROWS or _is_costly(table, query):
        return None
    names = tuple(found.column for found in query.conditions)
    whole = replace(query, conditions=(), group_by=(*names, *query.group_by), cursor="")
    groups = groups_of(table, np.arange(table.height), whole.group_by)
    if groups is None or not is_on_one_level(table, spec, whole, groups):
        return None
    found = measures_of(table, spec, groups, query.measures)
    if found is None:
        return None
    measures = [replace(measure, largest=_largest(measure.values)) for measure in found]
    cells = _cells(groups, len(names))
    starts = np.searchsorted(cells, np.arange(_size(columns) + 1)).astype(np.int32)
    if int(np.diff(starts).max(initial=0)) > MOST_GROUPS:
        return None
    order = ordered_groups(groups, whole.group_by, measures, query.sort)
    order = order[np.argsort(cells[order], kind="stable")]
    text = b"".join(_written(query, groups, measures, order, encoder))
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == LINE_END) + 1
    return PreparedSums(columns, starts, np.concatenate([[0], ends]), text.replace(b"\n", b","))


def _columns_of_conditions(table: CodedTable, query: Query) -> tuple[Coded, ...] | None:
    """The columns of conditions that are all `column=value`, none of them grouped by; else None."""
    columns = []
    for condition in query.conditions:
        coded = table.coded(condition.column)
        if coded is None or condition.operator != "eq" or len(condition.values) != 1:
            return None
        columns.append(coded)
    names = [found.column for found in query.conditions]
    is_plain = len({*names, *query.group_by}) == len(names) + len(query.group_by)
    return tuple(columns) if is_plain and columns and _size(columns) <= MOST_CELLS else None


def _size(columns: Sequence[Coded]) -> int:
    """How many combinations of values there are."""
    size = 1
    for coded in columns:
        size *= coded.size
    return size


def _largest(values: NDArray[Any]) -> float:
    """The largest number by size: what fits a double is written several times as fast."""
    return float(np.abs(values).max(initial=0))


def _is_costly(table: CodedTable, query: Query) -> bool:
    try:
        refuse_costly(table, query)
    except QueryRefused:
        return True
    return False


def _cells(groups: Groups, conditions: int) -> NDArray[np.intp]:
    """Which combination of values every group belongs to; ascends with the groups."""
    cells = np.zeros(groups.size, dtype=np.intp)
    for coded, codes in groups.keys[:conditions]:
        cells = cells * coded.size + codes
    return cells


def _written(
    query: Query,
    groups: Groups,
    measures: Sequence[Measures],
    order: NDArray[np.intp],
    encoder: msgspec.json.Encoder,
) -> Iterator[bytes]:
    """All groups as lines of JSON, a piece at a time: others are answered in between."""
    keys: dict[str, Any] = dict(zip(query.group_by, groups.keys[len(query.conditions) :], strict=True))
    for at in range(0, len(order), PIECE):
        yield encoder.encode_lines(as_records(shown_groups(keys, measures, order[at : at + PIECE])))
        time.sleep(BREATH_S)
