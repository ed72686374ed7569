"""Where the web meets what people write: one database, its rules and keys, asked in threads.

The room exists on the surfaces `internal` and `both` only; the public surface never loads this module. Handlers hand
in a function of the domain; it is run in a thread with a reading session, or with a `Work` that is committed once.
Time and today come from the room's clock (`SUNSHINE_TODAY` fixes the day), never from the machine below.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from anyio import to_thread
from litestar import Request

from anonymize.text import scrub
from portal.settings import Settings
from portal.writing.acting import VISITOR, Acting, Rules, Subject, Work
from portal.writing.clocks import china_day
from portal.writing.database import Database, ReadingSession
from portal.writing.deadlines import Deadlines
from portal.writing.keys import Keys, read_keys
from portal.writing.migrating import migrate
from portal.writing.persons import IssuedCodes, PersonCheck
from portal.writing.sessions import Visit

T = TypeVar("T")
AnyRequest = Request[Any, Any, Any]
HASHES_AT_ONCE = 4
"""Passwords hashed at the same time in one process: each takes 19 MiB and a core."""


NO_CODES = IssuedCodes(frozenset())
PERSON_CODES = "person-codes.txt"
"""In `keys/`: one verification code per line, handed out in person."""


def machine_clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request: what they are to the domain, their session if any, and what their forms are bound to.

    `secret` is the session's token, or the value of an anonymous visitor's form cookie; empty when there is neither.
    """

    acting: Acting
    visit: Visit | None = None
    secret: str = ""

    @property
    def subject(self) -> Subject:
        """Who it is."""
        return self.acting.subject

    @property
    def account_id(self) -> int:
        """The account of somebody signed in; 0 for a visitor."""
        return self.subject.account_id or 0


@dataclass(frozen=True, slots=True)
class WritingRoom:
    """The database with everything its functions are given. Made once per process, in `portal.app`."""

    database: Database
    rules: Rules
    keys: Keys
    settings: Settings
    clock: Callable[[], datetime] = machine_clock
    person_check: PersonCheck = NO_CODES
    hashing: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(HASHES_AT_ONCE)
    )

    def acting(self, subject: Subject = VISITOR, origin: str = "", request_id: str = "") -> Acting:
        """Somebody doing something now."""
        at = self.clock()
        return Acting(subject, at, self.settings.today or china_day(at), origin, request_id)

    def by_system(self) -> Acting:
        """The program itself doing something now."""
        at = self.clock()
        today = self.settings.today or china_day(at)
        return Acting(VISITOR, at, today, request_id="system", is_system=True)

    async def read(self, question: Callable[[ReadingSession], T]) -> T:
        """Ask the database, in a thread."""

        def ask() -> T:
            with self.database.reading() as session:
                return question(session)

        return await to_thread.run_sync(ask)

    async def write(self, acting: Acting, act: Callable[[Work], T]) -> T:
        """One unit of work, in a thread: committed when `act` returns, undone when it raises."""

        def do() -> T:
            with self.database.writing() as session:
                return act(Work(session, acting, self.rules))

        return await to_thread.run_sync(do)

    async def hash(self, slow: Callable[[], T]) -> T:
        """Something that hashes a password, in a thread; only a few at a time."""

        def wait_and_do() -> T:
            with self.hashing:
                return slow()

        return await to_thread.run_sync(wait_and_do)

    async def hash_and_write(self, acting: Acting, act: Callable[[Work], T]) -> T:
        """One unit of work in which a password is hashed."""

        def do() -> T:
            with self.hashing, self.database.writing() as session:
                return act(Work(session, acting, self.rules))

        return await to_thread.run_sync(do)

    @property
    def checks_persons(self) -> bool:
        """Whether there is any way to be verified."""
        return self.person_check != NO_CODES


def open_room(settings: Settings, clock: Callable[[], datetime] = machine_clock) -> WritingRoom:
    """Open the database, bring its tables up to date, read the keys."""
    database = Database.at(settings.home, settings.database_url)
    migrate(database)
    rules = Rules(Deadlines.read(), scrub, secrets.token_bytes)
    return WritingRoom(
        database,
        rules,
        read_keys(settings.home, secrets.token_bytes),
        settings,
        clock,
        _issued_codes(settings),
    )


def _issued_codes(settings: Settings) -> PersonCheck:
    path = settings.home / "keys" / PERSON_CODES
    if not path.exists():
        return NO_CODES
    lines = path.read_text(encoding="utf-8").split()
    return IssuedCodes(frozenset(lines))


def room_of(request: AnyRequest) -> WritingRoom:
    """The room of the application a request came to."""
    return cast("WritingRoom", request.app.state.room)


def caller_of(request: AnyRequest) -> Caller:
    """Who sends the request; set by the guard of the route."""
    return cast("Caller", request.scope["state"]["caller"])
