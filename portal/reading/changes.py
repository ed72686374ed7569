"""What changed between two releases, in words and sums a reader can follow: which totals moved, by how much, why."""

from __future__ import annotations

from dataclasses import dataclass

from portal.reading.edition import Edition
from portal.reading.quantities import Amount
from publishing.release.diff import diff_releases
from publishing.release.differences import REASON_TITLES, DatasetDiff, MeasureChange


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason and its exact share of a change."""

    words: str
    amount: Amount
    cells: int


@dataclass(frozen=True, slots=True)
class TotalChange:
    """How one total moved; the causes sum to `change` exactly. A quantity that is not money has `is_money` False."""

    title: str
    year: int | None
    is_money: bool
    before: Amount
    after: Amount
    change: Amount
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class DatasetChanges:
    """What happened to one dataset."""

    name: str
    title: str
    presence: str
    added: int
    removed: int
    changed: int
    totals: tuple[TotalChange, ...]


PRESENCES = {"added": "新数据集", "removed": "不再发布", "both": ""}


def changes_between(before: Edition, after: Edition) -> tuple[DatasetChanges, ...]:
    """The datasets that changed; computed once per pair, because releases never change."""

    def compare() -> tuple[DatasetChanges, ...]:
        found = diff_releases(before.release, after.release)
        return tuple(_dataset(part) for part in found.datasets if not part.is_empty)

    return after.keep(("changes since", before.number), compare)


def _dataset(found: DatasetDiff) -> DatasetChanges:
    moved = [change for change in found.measures if change.change != 0]
    return DatasetChanges(
        found.name,
        found.title,
        PRESENCES.get(found.presence, found.presence),
        found.rows_added,
        found.rows_removed,
        found.rows_changed,
        tuple(_total(change) for change in moved),
    )


def _total(change: MeasureChange) -> TotalChange:
    return TotalChange(
        change.title,
        change.fiscal_year,
        change.is_money,
        _amount(change.before),
        _amount(change.after),
        _amount(change.change),
        tuple(Cause(REASON_TITLES[part.reason], Amount(part.amount), part.cells) for part in change.parts),
    )


def _amount(value: int | None) -> Amount:
    return Amount(None, "withheld") if value is None else Amount(value)
