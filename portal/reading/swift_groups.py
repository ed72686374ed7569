"""Sums, counts, means and ratios of groups by arrays alone, to the fen; the rules are those of `aggregation`.

Sums of fen are exact: by doubles while every partial sum fits one, by integers otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.reading.coded import (
    EXACT_IN_A_DOUBLE,
    LARGEST_SUM,
    Coded,
    CodedTable,
    Keys,
    Mask,
    Numbers,
    Rows,
    json_numbers,
    sort_keys_of,
)
from portal.reading.query import Measured, SortKey
from publishing.specs import Metric

MOST_CELLS = 1 << 18
"""Groups are counted in an array of every combination of keys while that has no more cells than this."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows told apart by their keys: `group[i]` is the group of the i-th row, groups ascend by their keys."""

    rows: Rows
    group: NDArray[np.intp]
    size: int
    counts: NDArray[np.intp]
    keys: tuple[tuple[Coded, NDArray[np.intp]], ...]

    def shared_by(self, coded: Coded) -> bool:
        """Whether every group has one value of that column only."""
        codes = coded.codes[self.rows]
        if not len(codes) or codes.min() == codes.max():
            return True
        of_group = np.empty(self.size, dtype=codes.dtype)
        of_group[self.group] = codes  # that of one of its rows, whichever
        return bool((of_group[self.group] == codes).all())


@dataclass(frozen=True, slots=True)
class Measures:
    """A measure of every group: its numbers, which are there, and its status when the column has one."""

    label: str
    values: NDArray[Any]
    is_there: Mask
    is_money: bool
    status: list[str] | None
    largest: float = LARGEST_SUM

    def sort_keys(self, *, is_descending: bool) -> Keys:
        """Numbers that ascend in the order asked for, null last."""
        return sort_keys_of(self.values, self.is_there, is_descending=is_descending)

    def json_of(self, chosen: NDArray[np.intp]) -> list[tuple[str, list[Any]]]:
        """The columns of the answer for these groups."""
        is_there = None if self.is_there.all() else self.is_there[chosen]
        values = json_numbers(self.values[chosen], is_there, is_money=self.is_money, largest=self.largest)
        if self.status is None:
            return [(self.label, values)]
        return [
            (self.label, values),
            (f"{self.label}_status", [self.status[group] for group in chosen.tolist()]),
        ]


def groups_of(table: CodedTable, rows: Rows, names: Sequence[str]) -> Groups | None:
    """Tell rows apart by these columns; None when one of them is not held as codes."""
    columns = []
    for name in names:
        coded = table.coded(name)
        if coded is None:
            return None
        columns.append(coded)
    if not columns:
        group = np.zeros(len(rows), dtype=np.intp)
        return Groups(rows, group, 1, np.array([len(rows)]), ())
    packed = columns[0].codes[rows].astype(np.intp)
    for coded in columns[1:]:
        packed = packed * coded.size + coded.codes[rows]
    cells = int(np.prod([float(coded.size) for coded in columns]))
    if cells >= LARGEST_SUM:
        return None
    if cells <= MOST_CELLS:
        is_present = np.bincount(packed, minlength=cells)
        present = np.flatnonzero(is_present)
        place = np.empty(cells, dtype=np.intp)
        place[present] = np.arange(len(present))
        group, counts = place[packed], is_present[present]
    else:
        present, group, counts = np.unique(packed, return_inverse=True, return_counts=True)
    return Groups(rows, group, len(present), counts, _unpacked(columns, present))


def _unpacked(
    columns: Sequence[Coded], present: NDArray[np.intp]
) -> tuple[tuple[Coded, NDArray[np.intp]], ...]:
    found = []
    for coded in reversed(columns):
        present, codes = np.divmod(present, coded.size)
        found.append((coded, codes))
    return tuple(reversed(found))


def measured(table: CodedTable, groups: Groups, measure: Measured, metric: Metric | None) -> Measures | None:
    """One measure of all groups; None when the arrays cannot tell."""
    if metric is not None:
        return _ratio(table, groups, measure, metric)
    numbers = table.numbers(measure.name)
    if numbers is None:
        return None
    counts = _counts(groups, numbers)
    if measure.how == "count":
        return Measures(measure.label, counts, np.ones(groups.size, np.bool_), is_money=False, status=None)
    values = _made(groups, numbers, measure.how, counts)
    if values is None:
        return None
    is_hidden = _is_hidden(table, groups, measure.name)
    is_there = ~is_hidden & (counts > 0)
    status = None
    if table.columns[measure.name].protected:
        status = _status(is_hidden, counts > 0, "not_reported")
    largest = numbers.largest * max(1, len(groups.rows))
    return Measures(measure.label, values, is_there, numbers.is_money, status, largest)


def _made(groups: Groups, numbers: Numbers, how: str, counts: NDArray[np.intp]) -> NDArray[Any] | None:
    if how in ("min", "max"):
        return _extreme(groups, numbers, how)
    sums = _sums(groups, numbers)
    if sums is None or how == "sum":
        return sums
    means = sums / np.maximum(counts, 1)
    return np.rint(means).astype(np.int64) if numbers.is_money else means


def _sums(groups: Groups, numbers: Numbers) -> NDArray[Any] | None:
    values = numbers.values[groups.rows]
    most = numbers.largest * len(values)
    if most >= LARGEST_SUM and values.dtype.kind == "i":
        return None
    if values.dtype.kind == "f" or most < EXACT_IN_A_DOUBLE:
        return np.bincount(groups.group, values, groups.size).astype(values.dtype)
    sums = np.zeros(groups.size, dtype=np.int64)
    np.add.at(sums, groups.group, values)
    return sums


def _extreme(groups: Groups, numbers: Numbers, how: str) -> NDArray[Any]:
    values, group = numbers.values[groups.rows], groups.group
    if numbers.is_there is not None:
        is_there = numbers.is_there[groups.rows]
        values, group = values[is_there], group[is_there]
    is_float = values.dtype.kind == "f"
    end = np.inf if is_float else np.iinfo(np.int64).max
    found = np.full(groups.size, end if how == "min" else -end, dtype=values.dtype)
    (np.minimum if how == "min" else np.maximum).at(found, group, values)
    return found


def _counts(groups: Groups, numbers: Numbers) -> NDArray[np.intp]:
    if numbers.is_there is None:
        return groups.counts
    return np.bincount(groups.group[numbers.is_there[groups.rows]], minlength=groups.size)


def _is_hidden(table: CodedTable, groups: Groups, name: str) -> Mask:
    hidden = table.hidden(name)
    if hidden is None:
        return np.zeros(groups.size, np.bool_)
    return np.bincount(groups.group[hidden[groups.rows]], minlength=groups.size) > 0


def _status(is_hidden: Mask, is_there: Mask, otherwise: str) -> list[str]:
    if not is_hidden.any() and is_there.all():
        return ["published"] * len(is_there)
    words = (otherwise, "published", "withheld", "withheld")
    return [words[code] for code in (is_hidden * 2 + is_there).tolist()]


def _ratio(table: CodedTable, groups: Groups, measure: Measured, metric: Metric) -> Measures | None:
    """The one formula of the metric over the sums of the group."""
    top, bottom = table.numbers(metric.numerator), table.numbers(metric.denominator or "")
    if top is None or bottom is None:
        return None
    above, below = _sums(groups, top), _sums(groups, bottom)
    if above is None or below is None:
        return None
    is_hidden = _is_hidden(table, groups, metric.numerator) | _is_hidden(
        table, groups, metric.denominator or ""
    )
    values = above / np.where(below > 0, below, 1) * metric.scale
    status = _status(is_hidden, below > 0, "not_applicable")
    return Measures(measure.label, values, ~is_hidden & (below > 0), is_money=False, status=status)


def ordered_groups(
    groups: Groups, names: Sequence[str], measures: Sequence[Measures], sort: Sequence[SortKey]
) -> NDArray[np.intp]:
    """The groups in the order asked for, then by their keys."""
    if not sort:
        return np.arange(groups.size)
    by_label = {found.label: found for found in measures}
    keys: list[Keys] = []
    for key in sort:
        if key.column in by_label:
            keys.append(by_label[key.column].sort_keys(is_descending=key.is_descending))
            continue
        coded, codes = groups.keys[list(names).index(key.column)]
        keys.append(coded.keys_of(codes, is_descending=key.is_descending))
    return np.lexsort(keys[::-1])
