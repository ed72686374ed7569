"""What has to happen without anybody asking for it: one thread in each process, every minute.

Alerts of a new internal release are taken in, cases are escalated and closed by their clocks,
followers are told of a new release, letters are sent, what has
expired is erased, and the end of the operation log is anchored. Several processes may do it at once: the database decides
who takes each step. What fails is logged and tried again; the pages never wait for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from portal.back_office import BackOffice
from portal.letters import PostOffice, send_letters
from portal.reading.edition import Edition
from portal.reading.errors import NothingPublished, QueryRefused
from portal.reading.shelf import Shelf
from portal.release_letters import write_release_letters
from portal.web.cases_places import whereabouts
from portal.web.writing_room import WritingRoom
from portal.writing.acting import Whereabouts, Work
from portal.writing.alerts import AlertIn, take_in
from portal.writing.escalation import close_silent_cases, escalate_cases
from portal.writing.follow import erase_unconfirmed
from portal.writing.proof import sweep_proofs
from portal.writing.throttle import sweep

log = logging.getLogger("sunshine.caretaker")
EVERY_SECONDS = 60.0
ALERTS_AT_ONCE = 50


@dataclass
class Caretaker:
    """The rounds of one process. `start` begins them, `stop` ends them; `round` does all there is to do now."""

    room: WritingRoom
    office: BackOffice
    post_office: PostOffice | None
    _stopping: threading.Event = field(default_factory=threading.Event)
    _taken_in: str = ""
    _told: Hashable = None

    def start(self) -> None:
        """Begin the rounds, in a thread that ends with the process."""
        threading.Thread(target=self._rounds, name="caretaker", daemon=True).start()

    def stop(self) -> None:
        """End after the present round."""
        self._stopping.set()

    def _rounds(self) -> None:
        while not self._stopping.is_set():
            self.round()
            self._stopping.wait(EVERY_SECONDS)

    def round(self) -> None:
        """Everything there is to do now; one thing that fails does not keep the others from being done."""
        for task in (
            self.take_in_alerts,
            self.escalate,
            self.erase,
            self.tell_followers,
            self.send,
            self.anchor,
        ):
            self._try(task)

    def _try(self, task: Callable[[], object]) -> None:
        try:
            task()
        except Exception:
            log.exception("a task of the caretaker failed and is tried again: %s", task.__name__)

    def take_in_alerts(self) -> int:
        """Open the handling of every alert of the internal release that is new; returns how many were."""
        try:
            edition = self.office.internal()
        except NothingPublished:
            return 0
        if edition.release.id == self._taken_in:
            return 0
        alerts, taken = alerts_of(edition), 0
        for start in range(0, len(alerts), ALERTS_AT_ONCE):
            with self.room.database.writing() as session:
                work = Work(session, self.room.by_system(), self.room.rules)
                taken += take_in(work, alerts[start : start + ALERTS_AT_ONCE])
        self._taken_in = edition.release.id
        return taken

    def escalate(self) -> None:
        """Escalation steps of today, and cases that close by themselves."""
        with self.room.database.writing() as session:
            work = Work(session, self.room.by_system(), self.room.rules)
            escalate_cases(work)
            close_silent_cases(work)

    def erase(self) -> None:
        """What has expired: addresses nobody confirmed, spent proofs, counters of tries."""
        with self.room.database.writing() as session:
            work = Work(session, self.room.by_system(), self.room.rules)
            erase_unconfirmed(work)
            sweep_proofs(work)
            sweep(session, work.acting.at)

    def tell_followers(self) -> int:
        """Letters about a release that became current since the last round."""
        store = self.office.home.public
        state = Shelf(store).state()
        if state == self._told:
            return 0
        written = write_release_letters(self.room, store, self.office.home.root / "search")
        self._told = state
        return written

    def send(self) -> int:
        """Letters that wait."""
        return send_letters(self.room, self.post_office) if self.post_office else 0

    def anchor(self) -> bool:
        """The end of the operation log, into the signed release log; at most once an hour."""
        return self.office.anchor()


def alerts_of(edition: Edition) -> list[AlertIn]:
    """The alerts of an internal release, as their handling needs them."""
    columns = ("alert_id", "rule", "grade", "project_id", "org_id")
    if not edition.has("alerts"):
        return []
    rows = edition.frame("alerts").select(columns).iter_rows()
    return [
        AlertIn(alert_id, rule or "", grade or "", edition.number, _where(edition, project_id, org_id))
        for alert_id, rule, grade, project_id, org_id in rows
    ]


def _where(edition: Edition, project_id: str | None, org_id: str | None) -> Whereabouts:
    """Whose an alert is: of its unit; else of the unit of its project; else of whoever answers for everything."""
    for project, unit in (("", org_id), (project_id, "")):
        try:
            if project or unit:
                return whereabouts(edition, project or "", unit or "", "")
        except QueryRefused:
            continue
    return whereabouts(edition, "", "", "")
