"""The releases of one store, as the portal lists and opens them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime

from publishing.errors import CorruptObject, ReleaseNotFound
from publishing.release.log import CHECKPOINT
from publishing.release.manifest import Manifest
from publishing.release.reader import Release, open_release
from publishing.release.records import CURRENT
from publishing.release.store import ReleaseStore


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """One line of the list of releases: enough to choose one without opening it.

    `withdrawn` is the reason of the withdrawal; None for a release that stands.
    """

    number: int
    id: str
    published_at: datetime
    as_of: date
    note: str = ""
    withdrawn: str | None = None
    datasets: tuple[str, ...] = ()


class Shelf:
    """Reads a `ReleaseStore`, writes nothing, and never looks at another one."""

    def __init__(self, store: ReleaseStore) -> None:
        self.store = store
        self._notes: dict[int, ReleaseNote] = {}

    def state(self) -> Hashable:
        """A cheap value that changes whenever a release is published or withdrawn."""
        return (self.store.storage.stamp(CURRENT), self.store.storage.stamp(CHECKPOINT))

    def open_current(self) -> Release | None:
        """The current release with every byte checked, or the newest whole one before it; None before the first.

        Raises: CorruptObject when none is whole.
        """
        try:
            return open_release(self.store, check_all=True)
        except ReleaseNotFound:
            return None

    def open(self, number: int) -> Release:
        """A release by its number.

        Raises: ReleaseNotFound; ReleaseWithdrawn; CorruptObject.
        """
        return open_release(self.store, number)

    def notes(self) -> tuple[ReleaseNote, ...]:
        """Every release ever published, newest first, withdrawn ones included; none while the log is damaged."""
        try:
            numbers = self.store.numbers()
        except CorruptObject:
            return tuple(reversed(self._notes.values()))
        self._notes = {number: self._note(number) for number in numbers}
        return tuple(reversed(self._notes.values()))

    def _note(self, number: int) -> ReleaseNote:
        tombstone = self.store.tombstone(number)
        reason = tombstone.reason if tombstone else None
        known = self._notes.get(number)
        if known is not None and known.withdrawn == reason:
            return known
        manifest = Manifest.from_bytes(self.store.manifest_bytes(number))
        return ReleaseNote(
            number=number,
            id=manifest.id,
            published_at=manifest.published_at,
            as_of=manifest.lineage.as_of,
            note=manifest.note,
            withdrawn=reason,
            datasets=tuple(entry.name for entry in manifest.tables),
        )
