"""What only staff reach: the internal releases, the signing of acts, and the anchoring of the operation log.

It composes the release stores with the database; neither knows of the other. The internal store is opened when somebody
first looks into it, and again when a newer release is there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from litestar import Request

from portal.reading.edition import Edition
from portal.reading.errors import NothingPublished
from portal.reading.library import Library
from portal.reading.shelf import Shelf
from portal.web.desk_log import ANCHOR, anchors_of
from portal.web.writing_room import WritingRoom
from portal.writing.acting import Work
from portal.writing.audit import Change, read_head
from publishing.home import Home
from publishing.release.reader import open_candidate

ANCHOR_EVERY = timedelta(hours=1)


@dataclass
class BackOffice:
    """The home with its two stores, and the room whose log is anchored."""

    home: Home
    room: WritingRoom
    _internal: Library | None = None
    _candidates: dict[tuple[int, str], Edition] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def internal(self) -> Edition:
        """The current internal release. Raises: NothingPublished."""
        with self._lock:
            if self._internal is None:
                self._internal = Library(Shelf(self.home.internal), _nothing_ahead)
            if self._internal.has_news():
                self._internal.refresh()
            edition = self._internal.standing.edition
        if edition is None:
            raise NothingPublished("还没有内部发布。")
        return edition

    def candidate(self, number: int) -> Edition:
        """A candidate made ready for pages; kept while it is looked at. Raises: ReleaseNotFound."""
        release = open_candidate(self.home.public, number)
        key = (number, release.id)
        with self._lock:
            if key not in self._candidates:
                self._candidates.clear()  # one at a time: a candidate is as large as a release
                self._candidates[key] = Edition(release)
            return self._candidates[key]

    def anchor(self, *, at_once: bool = False) -> bool:
        """Put the end of the operation log into the signed release log, when it moved on.

        At most once an hour unless `at_once`: every anchor is a new head of the public log. Says whether it did.
        """
        store = self.home.public
        if not store.numbers():
            return False
        with self.room.database.reading() as session:
            head = read_head(session)
        at = self.room.clock()
        with store.exclusive():
            last = max((entry.at for entry in store.log().entries if entry.kind == "anchor"), default=None)
            is_new = head.sequence > max((held.sequence for held in anchors_of(store)), default=0)
            is_due = at_once or last is None or at - last >= ANCHOR_EVERY
            if is_new and is_due:
                store.anchor(f"{ANCHOR}{head.sequence}", head.hash, at=at, key=self.home.key("public"))
            return is_new and is_due

    def approve(self, work: Work, number: int, approver: str) -> None:
        """Publish a candidate; logged in the same unit of work, which fails when the store refuses."""
        store = self.home.public
        candidate = store.candidate(number)
        work.tell("release.approve", "release", number, Change("id", None, candidate.manifest.id))
        store.approve(number, approver=approver, at=work.acting.at, key=self.home.key("public"))

    def discard(self, work: Work, number: int) -> None:
        """Throw a candidate away."""
        candidate = self.home.public.candidate(number)
        work.tell("release.discard", "release", number, Change("id", candidate.manifest.id, None))
        self.home.public.discard(number)

    def withdraw(self, work: Work, number: int, reason: str, by: str) -> None:
        """Stop offering a release; everybody can read the reason."""
        work.tell("release.withdraw", "release", number, Change("reason", None, reason))
        self.home.public.withdraw(
            number, reason=reason, by=by, at=work.acting.at, key=self.home.key("public")
        )


def _nothing_ahead(edition: Edition) -> None:
    """Internal tables are read when somebody asks for them."""
    del edition


def office_of(request: Request[Any, Any, Any]) -> BackOffice:
    """The back office of the application a request came to."""
    return cast("BackOffice", request.app.state.office)


def names_of(edition: Edition, ids: Iterable[str]) -> dict[str, str]:
    """What units are called; an id that the release does not know stands for itself."""
    runs = edition.runs("organisations", "org_id")
    found = {}
    for org_id in set(ids):
        rows = runs.rows(org_id)
        found[org_id] = str(rows[0]["name"] or org_id) if rows else org_id
    return found
