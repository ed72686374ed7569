"""One release made ready for pages: tables held once per process, with the few indexes that pages use most.

A Polars query costs a third of a millisecond before it does anything; a lookup in a table that is sorted by what is
looked up, with its runs known, costs microseconds. Everything here is computed on first use and kept for the life of
the edition; a release never changes, so nothing is ever stale.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from portal.reading.places import Places
from portal.reading.quantities import CNY, Currency, currency_of
from publishing.release.reader import Release
from publishing.specs import DatasetSpec

Kept = TypeVar("Kept")


class Runs:
    """A table sorted by some columns, with the place and length of each run of equal values."""

    def __init__(self, frame: pl.DataFrame, columns: tuple[str, ...]) -> None:
        self.frame = frame.sort(columns, maintain_order=True)
        starts = (
            self.frame.select(columns)
            .with_row_index("first")
            .group_by(columns, maintain_order=True)
            .agg(pl.col("first").min(), pl.len().alias("length"))
        )
        keys: Iterator[Hashable] = (
            iter(starts[columns[0]].to_list()) if len(columns) == 1 else starts.select(columns).iter_rows()
        )
        self.places = dict(zip(keys, zip(starts["first"], starts["length"], strict=True), strict=True))

    def find(self, *key: Hashable) -> tuple[int, int]:
        """Where the rows whose columns equal the key begin, and how many they are."""
        return self.places.get(key[0] if len(key) == 1 else key, (0, 0))

    def of(self, *key: Hashable) -> pl.DataFrame:
        """The rows whose columns equal the key: none when there are none."""
        return self.frame.slice(*self.find(*key))

    def rows(self, *key: Hashable) -> list[dict[str, Any]]:
        """The same rows, as dicts, for the module that asked."""
        return self.of(*key).to_dicts()


class Edition:
    """A release with its prepared tables. Safe to use from several threads."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._kept: dict[Hashable, Any] = {}
        self._lock = threading.Lock()
        self._being_made: dict[Hashable, threading.RLock] = {}

    @property
    def number(self) -> int:
        """The release's number."""
        return self.release.number

    @cached_property
    def currency(self) -> Currency:
        """The currency every amount of the release is in."""
        return currency_of(self.release.lineage.currency)

    @cached_property
    def specs(self) -> dict[str, DatasetSpec]:
        """The specs of the release's tables by name, in the order of the catalogue, units in the release's currency."""
        return {spec.name: _in_currency(spec, self.currency) for spec in self.release.specs}

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` returns, made once per edition. Making one thing holds up nobody who wants another."""
        if key not in self._kept:
            with self._lock:
                being_made = self._being_made.setdefault(key, threading.RLock())
            with being_made:
                if key not in self._kept:
                    self._kept[key] = make()
        kept: Kept = self._kept[key]
        return kept

    def frame(self, name: str) -> pl.DataFrame:
        """The table of that name; an empty one with the right columns when the release does not have it."""
        return self.keep(("frame", name), lambda: self._read(name))

    def _read(self, name: str) -> pl.DataFrame:
        from publishing.specs import dataset_spec  # noqa: PLC0415 - only for tables this release does not have

        if name in self.specs:
            return self.release.table(name)
        return pl.DataFrame(schema=dataset_spec(name).schema)

    def has(self, name: str) -> bool:
        """Whether the release has the table and anything stands in it."""
        return name in self.specs and self.frame(name).height > 0

    def runs(self, name: str, *columns: str) -> Runs:
        """The table sorted by these columns, ready to be looked up by them."""
        return self.keep(("runs", name, columns), lambda: Runs(self.frame(name), columns))

    @cached_property
    def places(self) -> Places:
        """The tree of regions."""
        return Places.read(self.frame("regions"), self.frame("spending"))

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The fiscal years the release has spending for, ascending."""
        found = set(self.frame("spending")["fiscal_year"].unique().to_list())
        return tuple(sorted(year for year in found if year is not None))

    @cached_property
    def year(self) -> int:
        """The year that pages open with: that of the as-of day, or the last one that has payments reported.

        A budget that is new on the as-of day has a year of which nothing was reported yet: a page of empty places.
        """
        spending = self.frame("spending")
        reported = spending.filter(pl.col("paid_status") != "not_reported")["fiscal_year"].unique().to_list()
        years = sorted(year for year in reported if year is not None) or list(self.years)
        wanted = self.release.as_of.year
        return wanted if wanted in years or not years else years[-1]

    def document(self, name: str) -> bytes | None:
        """A document of the release, or None when it has none of that name."""
        return self.release.document(name) if name in self.release.documents else None

    def warm(self) -> None:
        """Read and verify every table, so that the first visitor does not wait and damage is found now."""
        for name in self.specs:
            self.frame(name)


def _in_currency(spec: DatasetSpec, currency: Currency) -> DatasetSpec:
    """The spec with its amounts in that currency: as they are written, they are in yuan."""
    if currency == CNY:
        return spec
    columns = tuple(
        replace(column, unit=currency.in_place_of_yuan(column.unit)) if column.unit else column
        for column in spec.columns
    )
    return replace(spec, columns=columns)
