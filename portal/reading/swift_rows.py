"""Which rows meet the conditions of a query, and in which order, by arrays alone.

The shortest list of rows that any `column=value` gives is taken, the other conditions are tried on these rows only.
Nothing here guesses: what the arrays do not hold is answered with None, and Polars does it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.reading.coded import Coded, CodedTable, Keys, Mask, Numbers, Rows
from portal.reading.query import Condition, SortKey

_COMPARED: dict[str, Callable[[NDArray[Any], Any], Mask]] = {
    "gte": lambda values, bound: values >= bound,
    "gt": lambda values, bound: values > bound,
    "lte": lambda values, bound: values <= bound,
    "lt": lambda values, bound: values < bound,
}


def matching_rows(table: CodedTable, conditions: Sequence[Condition]) -> Rows | None:
    """The numbers of the rows that meet all conditions, ascending; None when the arrays cannot tell."""
    chosen: list[tuple[Coded, list[int]]] = []
    measured: list[tuple[Numbers, Condition]] = []
    for condition in conditions:
        coded = table.coded(condition.column)
        if coded is not None:
            chosen.append((coded, _codes_of(coded, condition)))
            continue
        numbers = table.numbers(condition.column)
        if numbers is None:
            return None
        measured.append((numbers, condition))
    rows = _first_rows(table, chosen)
    for coded, codes in chosen:
        rows = rows[_is_among(coded.codes[rows], codes, coded.size)]
    for numbers, condition in measured:
        rows = rows[_meets(numbers, condition, rows)]
    return rows


def _codes_of(coded: Coded, condition: Condition) -> list[int]:
    """The codes of the values that meet a condition, ascending."""
    if condition.operator == "eq":
        return sorted({coded.places[value] for value in condition.values if value in coded.places})
    values = coded.series.alias(condition.column).to_frame()
    met = values.select(condition.expression().fill_null(value=False)).to_series().to_numpy()
    found: list[int] = np.flatnonzero(met).tolist()
    return found


def _first_rows(table: CodedTable, chosen: list[tuple[Coded, list[int]]]) -> Rows:
    """The rows of the most telling choice, which is taken out of the list; all rows when there is none."""
    if not chosen:
        return np.arange(table.height)
    coded, codes = min(chosen, key=_size)
    chosen.remove((coded, codes))
    rows, starts = coded.lists
    if len(codes) == 1:
        return rows[starts[codes[0]] : starts[codes[0] + 1]]
    parts = [rows[starts[code] : starts[code + 1]] for code in codes]
    return np.sort(np.concatenate([*parts, rows[:0]]))


def _size(choice: tuple[Coded, list[int]]) -> int:
    coded, codes = choice
    _, starts = coded.lists
    return sum(starts[code + 1] - starts[code] for code in codes)


def _is_among(found: NDArray[Any], codes: list[int], values: int) -> Mask:
    is_wanted = np.zeros(values, dtype=np.bool_)
    is_wanted[codes] = True
    is_met: Mask = found == codes[0] if len(codes) == 1 else is_wanted[found]
    return is_met


def _meets(numbers: Numbers, condition: Condition, rows: Rows) -> Mask:
    is_there = np.ones(len(rows), np.bool_) if numbers.is_there is None else numbers.is_there[rows]
    if condition.operator == "isnull":
        return ~is_there if condition.values[0] else is_there
    values = numbers.values[rows]
    if condition.operator in ("eq", "ne"):
        is_equal = np.isin(values, condition.values)
        return is_there & (is_equal if condition.operator == "eq" else ~is_equal)
    return is_there & _COMPARED[condition.operator](values, condition.values[0])


def ordered_rows(
    table: CodedTable, rows: Rows, sort: Sequence[SortKey], first: int | None = None
) -> Rows | None:
    """The rows in the order asked for, then as they stand; only the `first` of them when that is said.

    None when the arrays do not hold a column of the order.
    """
    if not sort:
        return rows if first is None else rows[:first]
    keys: list[Keys] = []
    for key in sort:
        column: Coded | Numbers | None = table.coded(key.column) or table.numbers(key.column)
        if column is None:
            return None
        keys.append(column.sort_keys(rows, is_descending=key.is_descending))
    if len(keys) > 1:
        return rows[np.lexsort(keys[::-1])[:first]]
    return rows[_order(keys[0], first)]


def _order(keys: Keys, first: int | None) -> NDArray[np.intp]:
    """Positions in ascending order of the keys, equal ones as they stand; the `first` of them without sorting all."""
    if first is None or first * 4 >= len(keys):
        return np.argsort(keys, kind="stable")[:first]
    least = np.flatnonzero(keys <= np.partition(keys, first - 1)[first - 1])
    return least[np.argsort(keys[least], kind="stable")][:first]
