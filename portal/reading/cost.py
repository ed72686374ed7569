"""What a query would touch: small ones are answered at once, large ones aside, absurd ones refused with advice."""

from __future__ import annotations

from portal.reading.coded import CodedTable
from portal.reading.errors import Fault, QueryRefused
from portal.reading.query import Query

MOST_ON_THE_SPOT = 20_000
"""Rows that may be touched without leaving the thread that serves everybody: a millisecond or two."""

MOST_CELLS = 400_000_000
"""Rows times columns that one query may touch: some seconds of work."""


def rows_touched(table: CodedTable, query: Query) -> int | None:
    """At most so many rows are looked at; None while the columns it names are not prepared yet."""
    touched = table.height
    for condition in query.conditions:
        if not table.is_prepared(condition.column):
            return None
        coded = table.coded(condition.column)
        if coded is not None and condition.operator == "eq":
            _, starts = coded.lists
            codes = [coded.places[value] for value in condition.values if value in coded.places]
            touched = min(touched, sum(starts[code + 1] - starts[code] for code in codes))
    return touched


def is_small(table: CodedTable, query: Query) -> bool:
    """Whether the query may be answered on the spot."""
    if not query.conditions and not query.sort and not query.measures:
        return True  # a slice of the table as it stands
    named = (*query.group_by, *(key.column for key in query.sort if not query.measures))
    if query.cursor or not all(map(table.is_prepared, named)):
        return False
    touched = rows_touched(table, query)
    return touched is not None and touched <= MOST_ON_THE_SPOT


def refuse_costly(table: CodedTable, query: Query) -> None:
    """Raises: QueryRefused when the query would touch too much."""
    texts = sum(found.operator == "contains" for found in query.conditions)
    columns = 1 + len(query.conditions) + 4 * texts + 2 * len(query.group_by) + len(query.measures)
    columns += 4 * len(query.sort)
    rows = table.height
    if rows * columns <= MOST_CELLS:
        return
    raise QueryRefused(
        Fault(
            "",
            f"这个查询要扫过 {rows:,} 行、约 {rows * columns:,} 个格子，超过 {MOST_CELLS:,} 的上限。"
            "请减少条件、分组或指标，或者下载整表在本机计算：文件不占限额。",
        )
    )
