"""The difference of two releases, explained so that the parts sum to the exact change of every total.

A total moves because cells below it move. Each cell's *own share* is its change less the changes of its published
children, in each hierarchy of the table; own shares telescope, so over any table, with whatever is withheld in it, they
sum to the change of the top rows to the fen. Every own share then gets one reason, from what the two releases show:

1. disclosure: the cell or a child of it was published in one release and marked otherwise in the other
2. not explained: it, or a child, is not published in either, so the change is in what nobody may see
3. reclassified: an equal and opposite share stands beside it (same key but for one column), or such a group nets to zero
4. by time: a period that began after the older release's as-of day, was running then, or was closed (late or corrected)
5. in tables without time: new, removed or changed rows

Grain and units: as the datasets; money in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from publishing.release.attribution import hierarchical_columns, level_column, own_shares, trees_of
from publishing.release.differences import (
    CellChange,
    DatasetDiff,
    MeasureChange,
    Part,
    Reason,
    ReleaseDiff,
    Side,
    StatusChange,
    is_money,
)
from publishing.release.reader import Release
from publishing.release.reasons import fiscal_year, with_reasons
from publishing.specs import Column, ColumnType, DatasetSpec, Disclosure

LARGEST_SHOWN = 10
HIDDEN = ("withheld", "merged")


def diff_releases(before: Release, after: Release) -> ReleaseDiff:
    """Compare two releases, normally an older and a newer one.

    Raises: CorruptObject when a table of either is damaged.
    """
    names = list(dict.fromkeys([*_names(after), *_names(before)]))
    documents = {stored.name: stored.sha256 for stored in before.manifest.documents}
    documents_after = {stored.name: stored.sha256 for stored in after.manifest.documents}
    changed = {name for name, _ in documents.items() ^ documents_after.items()}
    return ReleaseDiff(
        _side(before),
        _side(after),
        tuple(_dataset_diff(before, after, name) for name in names),
        tuple(sorted(changed)),
    )


def _side(release: Release) -> Side:
    return Side(release.number, release.id, release.as_of, release.published_at)


def _names(release: Release) -> list[str]:
    return [entry.name for entry in release.manifest.tables]


def _dataset_diff(before: Release, after: Release, name: str) -> DatasetDiff:
    if name not in _names(before):
        entry = after.entry(name)
        return DatasetDiff(name, entry.spec.title, "added", rows_after=entry.rows, rows_added=entry.rows)
    if name not in _names(after):
        entry = before.entry(name)
        return DatasetDiff(name, entry.spec.title, "removed", rows_before=entry.rows, rows_removed=entry.rows)
    old, new = before.entry(name), after.entry(name)
    common = _Common.of(old.spec, new.spec)
    if old.digest == new.digest or not common.comparable:
        return _rows_only(old.spec, new.spec, old.rows, new.rows, same=old.digest == new.digest)
    return _compared(before, after, common)


def _rows_only(old: DatasetSpec, new: DatasetSpec, before: int, after: int, *, same: bool) -> DatasetDiff:
    """Equal tables, or tables whose keys cannot be compared: then every row is a new one."""
    added, removed = (0, 0) if same else (after, before)
    columns = {column.name for column in old.columns}, {column.name for column in new.columns}
    return DatasetDiff(
        new.name,
        new.title,
        "both",
        before,
        after,
        added,
        removed,
        columns_added=tuple(sorted(columns[1] - columns[0])),
        columns_removed=tuple(sorted(columns[0] - columns[1])),
    )


@dataclass(frozen=True, slots=True)
class _Common:
    """What the specs of a dataset in two releases share."""

    old: DatasetSpec
    new: DatasetSpec
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, old: DatasetSpec, new: DatasetSpec) -> _Common:
        kinds = {column.name: column.type for column in old.columns}
        return cls(old, new, tuple(column for column in new.columns if kinds.get(column.name) is column.type))

    @property
    def comparable(self) -> bool:
        names = {column.name for column in self.columns}
        return self.old.key == self.new.key and set(self.new.key) <= names

    @property
    def measures(self) -> list[Column]:
        """The measures whose sum over the table means something: sums over payees, but not cumulative ones."""
        if self.new.disclosure is not Disclosure.CELLS:
            return []
        whole = {ColumnType.MONEY, ColumnType.INTEGER}
        return [
            column
            for column in self.columns
            if column.additive and column.type in whole and "cumulative" not in column.name
        ]

    @property
    def measures_with_status(self) -> list[Column]:
        return [column for column in self.columns if self.is_protected(column)]

    def is_protected(self, column: Column) -> bool:
        return column.protected and f"{column.name}_status" in {found.name for found in self.columns}


def _compared(before: Release, after: Release, common: _Common) -> DatasetDiff:
    names = [column.name for column in common.columns]
    old = before.table(common.new.name).select(names)
    new = after.table(common.new.name).select(names)
    both = _side_by_side(old, new, list(common.new.key))
    rest = [name for name in names if name not in common.new.key]
    differs = pl.any_horizontal(
        pl.lit(False), *[pl.col(name).ne_missing(pl.col(f"{name}_after")) for name in rest]
    )
    counts = both.select(
        added=(~pl.col("in_before")).sum(),
        removed=(~pl.col("in_after")).sum(),
        changed=(pl.col("in_before") & pl.col("in_after") & differs).sum(),
    ).row(0, named=True)
    comparison = _Comparison(before, after, common, both)
    return replace(
        _rows_only(common.old, common.new, old.height, new.height, same=True),
        rows_added=counts["added"],
        rows_removed=counts["removed"],
        rows_changed=counts["changed"],
        statuses=comparison.status_changes(),
        measures=tuple(change for measure in common.measures for change in comparison.changes(measure)),
    )


def _side_by_side(old: pl.DataFrame, new: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """One row per key of either table: columns as before, and with `_after`; where each was present."""
    joined = old.with_columns(in_before=pl.lit(True)).join(
        new.with_columns(in_after=pl.lit(True)), on=key, how="full", suffix="_after", coalesce=True
    )
    return joined.with_columns(pl.col("in_before", "in_after").fill_null(value=False))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One dataset of two releases, side by side."""

    before: Release
    after: Release
    common: _Common
    both: pl.DataFrame

    def status_changes(self) -> tuple[StatusChange, ...]:
        found = []
        for measure in self.common.measures_with_status:
            status = f"{measure.name}_status"
            moved = (
                self.both.filter(
                    pl.col("in_before") & pl.col("in_after") & (pl.col(status) != pl.col(f"{status}_after"))
                )
                .group_by(status, f"{status}_after")
                .len()
                .sort(status, f"{status}_after")
            )
            found += [StatusChange(measure.name, *row) for row in moved.iter_rows()]
        return tuple(found)

    def changes(self, measure: Column) -> list[MeasureChange]:
        """How the total of one measure moved, year by year; years in which nothing moved are left out."""
        cells = self._cells(measure)
        key = list(self.common.new.key)
        trees = trees_of(self.common.new, self._codes(), (self.after, self.before))
        totals = _totals(cells.filter(pl.all_horizontal(pl.lit(True), *[tree.is_root() for tree in trees])))
        columns = [*key, "delta", "moved", "hidden", "in_before", "in_after"]
        shares = own_shares(cells.select(columns), key, trees)
        explained = with_reasons(shares, self.common.new, self.before.as_of, self.after.as_of)
        return [
            change
            for total in totals.iter_rows(named=True)
            if (change := self._change(measure, total, explained)) is not None
        ]

    def _cells(self, measure: Column) -> pl.DataFrame:
        """Change and visibility of every cell; what is absent or not there yet counts as nothing, which it is."""
        name, protected = measure.name, self.common.is_protected(measure)
        hidden_before = pl.col(f"{name}_status").is_in(HIDDEN) if protected else pl.lit(False)
        hidden_after = pl.col(f"{name}_status_after").is_in(HIDDEN) if protected else pl.lit(False)
        return self.both.with_columns(
            value_before=pl.col(name).fill_null(0),
            value_after=pl.col(f"{name}_after").fill_null(0),
            hidden_before=hidden_before.fill_null(value=False),
            hidden_after=hidden_after.fill_null(value=False),
            fiscal_year=fiscal_year(self.common.new),
        ).with_columns(
            delta=pl.col("value_after") - pl.col("value_before"),
            moved=pl.col("hidden_before") != pl.col("hidden_after"),
            hidden=pl.col("hidden_before") & pl.col("hidden_after"),
        )

    def _codes(self) -> dict[str, pl.DataFrame]:
        found = {}
        for column, _, _ in hierarchical_columns(self.common.new):
            level = level_column(self.common.new, column)
            either = pl.coalesce(level, f"{level}_after").alias("level")
            found[column] = self.both.select(pl.col(column).alias("code"), either).unique()
        return found

    def _change(
        self, measure: Column, total: Mapping[str, Any], explained: pl.DataFrame
    ) -> MeasureChange | None:
        year = total["fiscal_year"]
        empty = MeasureChange(
            measure.name,
            measure.title,
            is_money(measure),
            year,
            total["before"],
            total["after"],
            total["hidden_before"],
            total["hidden_after"],
        )
        of_year = explained.filter(pl.col("fiscal_year").eq_missing(pl.lit(year, dtype=pl.Int32)))
        if of_year.is_empty() and empty.change == 0:
            return None
        if empty.change is None:
            return empty
        return replace(empty, parts=_parts(of_year), largest=_largest(of_year, self.common.new))


def _totals(top: pl.DataFrame) -> pl.DataFrame:
    """Per year, the sum of the published top rows before and after, and how many are hidden; null when all are."""
    sides: dict[str, pl.Expr] = {}
    for side in ("before", "after"):
        shown = ~pl.col(f"hidden_{side}")
        nothing_shown = pl.col(f"hidden_{side}").any() & ~(shown & pl.col(f"in_{side}")).any()
        sides[side] = pl.when(nothing_shown).then(None).otherwise(pl.col(f"value_{side}").sum())
        sides[f"hidden_{side}"] = pl.col(f"hidden_{side}").sum()
    return top.group_by("fiscal_year").agg(**sides).sort("fiscal_year")


def _parts(explained: pl.DataFrame) -> tuple[Part, ...]:
    sums = explained.group_by("reason").agg(pl.col("delta").sum(), pl.len())
    found = {row["reason"]: row for row in sums.iter_rows(named=True)}
    return tuple(
        Part(reason, found[reason.value]["delta"], found[reason.value]["len"])
        for reason in Reason
        if reason.value in found
    )


def _largest(explained: pl.DataFrame, spec: DatasetSpec) -> tuple[CellChange, ...]:
    order = explained.sort(pl.col("delta").abs(), *spec.key, descending=[True, *[False] * len(spec.key)])
    return tuple(
        CellChange({name: str(row[name]) for name in spec.key}, Reason(row["reason"]), row["delta"])
        for row in order.head(LARGEST_SHOWN).iter_rows(named=True)
    )
