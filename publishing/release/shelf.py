"""The releases a running portal has open: the current one at once, older ones when asked for.

`current()` costs a few `stat` calls. It looks again when the pointer or the log changed, or when a file of the open
release turned out to be damaged; then the newest whole release takes its place, and `health()` says so.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from publishing.errors import CorruptObject, ReleaseError
from publishing.release.log import CHECKPOINT
from publishing.release.reader import Release, open_release
from publishing.release.records import CURRENT
from publishing.release.store import ReleaseStore


@dataclass(frozen=True, slots=True)
class Health:
    """What `/healthz` tells: the release that is served, and what is wrong, if anything."""

    serving: int | None
    problems: tuple[str, ...]

    @property
    def degraded(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.problems)


class Shelf:
    """Open releases of one store; safe to share between threads."""

    def __init__(self, store: ReleaseStore, *, keep: int = 4) -> None:
        self.store = store
        self._keep = keep
        self._lock = threading.RLock()
        self._stamp: Hashable = None
        self._current: Release | None = None
        self._numbered: OrderedDict[int, Release] = OrderedDict()

    def current(self) -> Release:
        """The current release. Raises: ReleaseNotFound; CorruptObject when none is whole and none was open."""
        with self._lock:
            stamp = self._now()
            if self._current is None or stamp != self._stamp or self._current.damage:
                self._current = self._reopened()
                self._stamp = stamp
            return self._current

    def release(self, number: int) -> Release:
        """A release by its number; the last few stay open.

        Raises: ReleaseNotFound; ReleaseWithdrawn; CorruptObject.
        """
        with self._lock:
            if self._current is not None and self._current.number == number and self._stamp == self._now():
                return self._current
            known = self._numbered.get(number)
            if known is not None and not known.damage and number not in self.store.log().withdrawn:
                self._numbered.move_to_end(number)
                return known
            release = open_release(self.store, number)
            self._numbered[number] = release
            while len(self._numbered) > self._keep:
                self._numbered.popitem(last=False)
            return release

    def health(self, *, thorough: bool = False) -> Health:
        """Look at the current release; with `thorough`, read every byte of it again."""
        try:
            release = self.current()
        except ReleaseError as error:
            return Health(None, (str(error),))
        problems = release.recheck(thorough=thorough)
        if problems:
            release = self.current()  # another one, if one is whole
        reasons = (release.degraded_reason,) if release.degraded else ()
        return Health(release.number, tuple(dict.fromkeys((*reasons, *problems))))

    def _now(self) -> Hashable:
        return (self.store.storage.stamp(CURRENT), self.store.storage.stamp(CHECKPOINT))

    def _reopened(self) -> Release:
        """Open the current release anew; one that is open and whole is kept with the tables it holds."""
        before = self._current
        try:
            found = open_release(self.store)
        except CorruptObject as error:
            if before is None or before.damage:
                raise
            before.degraded_reason = str(error)  # what is in memory was verified; serve it and say so
            return before
        if (
            before is not None
            and before.id == found.id
            and before.number == found.number
            and not before.damage
        ):
            before.degraded_reason = found.degraded_reason
            return before
        return found
