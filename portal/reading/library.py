"""Which release is current, and the releases a process holds open.

The store is looked at on every request (a few `stat`, no reading). When it changed, the new release is opened, every
byte of it verified, and only then shown; until then, and for ever if it turns out damaged, the one before is served.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from portal.reading.edition import Edition
from portal.reading.shelf import ReleaseNote, Shelf
from publishing.errors import CorruptObject

log = logging.getLogger("sunshine.library")

OLD_EDITIONS_KEPT = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """What the library shows right now: one value, swapped in one step."""

    state: Hashable
    edition: Edition | None
    notes: tuple[ReleaseNote, ...]
    trouble: str = ""
    generation: Hashable = field(init=False)
    """Changes exactly when answers may change."""

    def __post_init__(self) -> None:
        number = self.edition.number if self.edition else 0
        object.__setattr__(self, "generation", (self.state, number))

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with what is shown; nothing when all is well."""
        damage = self.edition.release.damage if self.edition else ""
        return tuple(dict.fromkeys(text for text in (self.trouble, damage) if text))


class Library:
    """The releases of one store, opened as they are asked for."""

    def __init__(self, shelf: Shelf, prepare: Callable[[Edition], None] = Edition.warm) -> None:
        self.shelf = shelf
        self.prepare = prepare
        self._old: OrderedDict[int, Edition] = OrderedDict()
        self._lock = threading.Lock()
        self._seen: Hashable = None
        self.standing = Standing(None, None, ())
        self.refresh()

    def has_news(self) -> bool:
        """Whether the store changed since the last refresh began. Costs a few `stat` calls."""
        return self.shelf.state() != self._seen

    def refresh(self) -> Standing:
        """Look at the store, open what is new, then show it. What is shown stays until something better is open."""
        with self._lock:
            state = self.shelf.state()
            if state != self._seen:
                self._seen = state
                self._old.clear()
                self.standing = self._look(state)
            return self.standing

    def _look(self, state: Hashable) -> Standing:
        shown = self.standing.edition
        try:
            notes = self.shelf.notes()
            release = self.shelf.open_current()
            if release is None:
                return Standing(state, None, notes)
            if shown is not None and shown.release.id == release.id and shown.number == release.number:
                return Standing(state, shown, notes, release.degraded_reason)
            edition = Edition(release)
            self.prepare(edition)
        except CorruptObject as error:
            log.exception("the newest release cannot be served")
            return Standing(state, shown, self.standing.notes, str(error))
        if release.degraded_reason:
            log.error(
                "serving release %d instead of a newer one: %s", release.number, release.degraded_reason
            )
        return Standing(state, edition, notes, release.degraded_reason)

    def edition(self, number: int) -> Edition:
        """The edition of that number.

        Raises: ReleaseNotFound; ReleaseWithdrawn; CorruptObject.
        """
        current = self.standing.edition
        if current is not None and current.number == number:
            return current
        with self._lock:
            if number in self._old:
                self._old.move_to_end(number)
                return self._old[number]
            edition = Edition(self.shelf.open(number))
            self._old[number] = edition
            while len(self._old) > OLD_EDITIONS_KEPT:
                self._old.popitem(last=False)
            return edition
