"""A released table as arrays: what is asked for often is answered without starting a query engine.

A column with few values is a number per row and the list of its values, with the rows of each value at hand, so that
`column=value` is a slice and not a scan. A measure is an array of its numbers. All of it is made on first use and kept
with the edition; a column that fits neither is left to Polars.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from portal.reading.edition import Edition
from publishing.specs import Column, ColumnType, DatasetSpec, Role

MOST_VALUES = 65_536
SMALL = 256
EXACT_IN_A_DOUBLE = 2**53
LARGEST_SUM = 2**62
NOT_SHOWN = ("withheld", "merged")

Rows = NDArray[Any]
Mask = NDArray[np.bool_]
Keys = NDArray[Any]
Made = TypeVar("Made")


class Coded:
    """A column of few values.

    `codes[row]` is the place of the row's value in `values`, which ascend, null last; `shown` are the same as JSON has
    them.
    """

    def __init__(self, codes: NDArray[Any], values: pl.Series, shown: Sequence[Any]) -> None:
        self.codes = codes
        self.series = values
        self.shown = np.empty(len(values), dtype=object)
        self.shown[:] = shown
        self.size = len(values)
        self.has_null = values.null_count() > 0
        self.places: dict[Any, int] = {value: code for code, value in enumerate(values.to_list())}
        self._lists: tuple[NDArray[Any], list[int]] | None = None

    @property
    def lists(self) -> tuple[NDArray[Any], list[int]]:
        """All rows by value, ascending for each, and where each value's rows begin."""
        if self._lists is None:
            ends = np.cumsum(np.bincount(self.codes, minlength=self.size))
            self._lists = (np.argsort(self.codes, kind="stable").astype(np.int32), [0, *ends.tolist()])
        return self._lists

    def sort_keys(self, rows: Rows, *, is_descending: bool) -> Keys:
        """Numbers that ascend in the order asked for, null last."""
        return self.keys_of(self.codes[rows].astype(np.int32), is_descending=is_descending)

    def keys_of(self, codes: NDArray[Any], *, is_descending: bool) -> Keys:
        """Codes as numbers that ascend in the order asked for, null last."""
        if not is_descending:
            return codes
        last = self.size - 1 if self.has_null else -1
        return np.where(codes == last, self.size, -codes)

    def json_of(self, rows: Rows) -> list[Any]:
        """The values of these rows as JSON has them."""
        return self.shown_of(self.codes[rows])

    def shown_of(self, codes: NDArray[Any]) -> list[Any]:
        """What these codes stand for, as JSON has it."""
        found: list[Any] = self.shown[codes].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Numbers:
    """A measure: its numbers (0 where there is none), which of them are there (None: all), the largest by size."""

    values: NDArray[Any]
    is_there: Mask | None
    largest: float
    is_money: bool

    def sort_keys(self, rows: Rows, *, is_descending: bool) -> Keys:
        """Numbers that ascend in the order asked for, null last."""
        return sort_keys_of(
            self.values[rows],
            None if self.is_there is None else self.is_there[rows],
            is_descending=is_descending,
        )

    def json_of(self, rows: Rows) -> list[Any]:
        """The values of these rows as JSON has them."""
        is_there = None if self.is_there is None else self.is_there[rows]
        return json_numbers(self.values[rows], is_there, is_money=self.is_money, largest=self.largest)


def sort_keys_of(values: NDArray[Any], is_there: Mask | None, *, is_descending: bool) -> Keys:
    """Numbers that ascend in the order asked for, null last."""
    keys = -values if is_descending else values
    if is_there is None or bool(is_there.all()):
        return keys
    last = np.inf if keys.dtype.kind == "f" else np.iinfo(np.int64).max
    return np.where(is_there, keys, last)


def json_numbers(
    values: NDArray[Any], is_there: Mask | None, *, is_money: bool, largest: float = LARGEST_SUM
) -> list[Any]:
    """Numbers as JSON has them: fen as yuan, null where there is none. None is larger than `largest`."""
    found: list[Any]
    if is_money and largest < EXACT_IN_A_DOUBLE:
        found = (values / 100).tolist()
    else:
        found = values.tolist()
        if is_money:
            found = [fen / 100 if abs(fen) < EXACT_IN_A_DOUBLE else Decimal(fen) / 100 for fen in found]
    if is_there is not None:
        for place in np.flatnonzero(~is_there).tolist():
            found[place] = None
    return found


class CodedTable:
    """The arrays of one table. Safe to use from several threads."""

    def __init__(self, frame: pl.DataFrame, spec: DatasetSpec) -> None:
        self.frame = frame
        self.spec = spec
        self.columns = {column.name: column for column in spec.columns}
        self._made: dict[Hashable, Any] = {}
        self._lock = threading.RLock()

    @property
    def height(self) -> int:
        """How many rows the table has."""
        return self.frame.height

    def is_prepared(self, name: str) -> bool:
        """Whether the column can be used without making its arrays first."""
        return ("coded", name) in self._made

    def coded(self, name: str) -> Coded | None:
        """The column as codes; None for a measure and for a column of too many values."""
        return self._keep(("coded", name), lambda: _coded(self.frame[name], self.columns[name]))

    def numbers(self, name: str) -> Numbers | None:
        """The measure as numbers; None for any other column."""
        return self._keep(("numbers", name), lambda: _numbers(self.frame[name], self.columns[name]))

    def hidden(self, name: str) -> Mask | None:
        """Which cells of a measure are withheld or merged; None when none is or the measure is not protected."""
        return self._keep(("hidden", name), lambda: self._hidden(name))

    def _hidden(self, name: str) -> Mask | None:
        if not self.columns[name].protected:
            return None
        found = self.frame[f"{name}_status"].is_in(NOT_SHOWN).fill_null(value=False).to_numpy()
        return found if found.any() else None

    def _keep(self, key: Hashable, make: Callable[[], Made]) -> Made:
        if key not in self._made:
            with self._lock:
                if key not in self._made:
                    self._made[key] = make()
        made: Made = self._made[key]
        return made

    def json_of(self, name: str, rows: Rows) -> list[Any]:
        """The values of these rows as JSON has them."""
        column: Coded | Numbers | None = self.coded(name) or self.numbers(name)
        if column is not None:
            return column.json_of(rows)
        return json_values(self.frame[name].gather(rows), self.columns[name])


def _coded(series: pl.Series, column: Column) -> Coded | None:
    if column.role is Role.MEASURE or not series.len() or series.n_unique() > MOST_VALUES:
        return None
    values = series.unique().sort(nulls_last=True)
    numbered = values.to_frame("value").with_row_index("code")
    joined = series.to_frame("value").join(
        numbered, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    if joined["code"].null_count():  # a NaN is not equal to itself
        return None
    codes = joined["code"].to_numpy().astype(np.uint8 if len(values) <= SMALL else np.uint16)
    return Coded(codes, values, json_values(values, column))


def _numbers(series: pl.Series, column: Column) -> Numbers | None:
    if column.role is not Role.MEASURE or not (series.dtype.is_integer() or series.dtype.is_float()):
        return None
    is_there = None if not series.null_count() else series.is_not_null().to_numpy()
    values = series.fill_null(0).to_numpy()
    values = values.astype(np.float64 if series.dtype.is_float() else np.int64)
    largest = float(np.abs(values).max()) if len(values) else 0.0
    if not np.isfinite(largest) or (values.dtype.kind == "i" and largest >= LARGEST_SUM):
        return None
    return Numbers(values, is_there, largest, column.type is ColumnType.MONEY)


def json_values(series: pl.Series, column: Column) -> list[Any]:
    """A series as JSON has it: money a number of yuan, months `YYYY-MM`, absent values null."""
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


def coded_table(edition: Edition, spec: DatasetSpec) -> CodedTable:
    """The arrays of a released table, kept with its edition."""
    return edition.keep(("coded", spec.name), lambda: CodedTable(edition.frame(spec.name), spec))


@lru_cache(maxsize=256)
def _record(names: tuple[str, ...]) -> type[msgspec.Struct]:
    return msgspec.defstruct("Record", names)


def as_records(columns: Sequence[tuple[str, list[Any]]]) -> list[Any]:
    """Columns of JSON values as rows that msgspec writes as objects, several times as fast as it would dicts."""
    kind = _record(tuple(name for name, _ in columns))
    return list(map(kind, *(values for _, values in columns)))
