"""Who does something, when, from where, and by which rules: the context every function of this package is given.

Time, today and randomness come in here; nothing below asks the machine for them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from anonymize.text import Scrubbed
from portal.writing.audit import Change, Event
from portal.writing.clocks import Calendar
from portal.writing.database import WritingSession
from portal.writing.deadlines import Deadlines
from portal.writing.models.words import STAFF, Role

Entropy = Callable[[int], bytes]
Scrub = Callable[[str], Scrubbed]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a thing belongs: its unit, the sector of the unit, and the regions from the province down.

    `region_path` is `/440000/440100/440103/`, so that a subtree is a substring.
    """

    unit_id: str
    sector: str
    region_path: str


def region_path(codes: tuple[str, ...]) -> str:
    """The path of a region from the codes of its ancestors, province first, itself last."""
    return f"/{'/'.join(codes)}/"


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds now, with its clearance (1 to 12) and the scope it is limited to."""

    role: Role
    clearance: int = 1
    unit_id: str | None = None
    region_code: str | None = None
    sector: str | None = None


ANYONE = Held(Role.ANYONE)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody as the permission table sees them. `account_id` is None for a visitor who has not signed in."""

    account_id: int | None = None
    held: tuple[Held, ...] = ()
    person_key: str | None = None

    @property
    def grants(self) -> tuple[Held, ...]:
        """What is held, and what everyone holds."""
        return (ANYONE, *self.held)

    @property
    def is_staff(self) -> bool:
        """Whether any role belongs to the administration."""
        return any(grant.role in STAFF for grant in self.held)

    @property
    def roles(self) -> str:
        """The roles as they are logged."""
        return "+".join(sorted({grant.role.value for grant in self.held})) or Role.ANYONE.value


VISITOR = Subject()
SYSTEM_ROLE = "system"


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody doing something now. `origin` is the address of the peer; kept of staff only."""

    subject: Subject
    at: datetime
    today: date
    origin: str = ""
    request_id: str = ""
    is_system: bool = False

    def event(self, action: str, object_kind: str, object_key: object, *changes: Change) -> Event:
        """The log entry of an action."""
        return Event(
            at=self.at,
            actor_id=self.subject.account_id,
            actor_role=SYSTEM_ROLE if self.is_system else self.subject.roles,
            origin=self.origin if self.subject.is_staff else "",
            request_id=self.request_id,
            action=action,
            object_kind=object_kind,
            object_key=str(object_key),
            changes=tuple(change for change in changes if change.before != change.after),
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """What does not change during a process: deadlines with their calendar, the scrubber, the source of randomness."""

    deadlines: Deadlines
    scrub: Scrub
    entropy: Entropy

    @property
    def calendar(self) -> Calendar:
        """Working days."""
        return self.deadlines.calendar


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work of one request: its unit of work, who does it and when, and the rules in force."""

    session: WritingSession
    acting: Acting
    rules: Rules

    @property
    def subject(self) -> Subject:
        """Who does it."""
        return self.acting.subject

    def tell(self, action: str, object_kind: str, object_key: object, *changes: Change) -> None:
        """Have it logged in the same transaction."""
        self.session.tell(self.acting.event(action, object_kind, object_key, *changes))

    def token(self, octets: int = 32) -> str:
        """A fresh secret that fits into an address."""
        return base64.urlsafe_b64encode(self.rules.entropy(octets)).rstrip(b"=").decode()


def digest_of(secret: str) -> str:
    """What is kept of a token: it is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
