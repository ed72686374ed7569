"""An application with rooms for tests: a small published province, a database with one person of every role.

Everybody's password is `PASSWORD`; staff have a second factor whose secret is `SECRET`. The clock stands still until it
is moved, so codes and time limits are exact.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pyotp
from litestar.types import ASGIApp
from sqlmodel import select

from portal.app import build_app
from portal.settings import Settings, Surface
from portal.web.writing_room import WritingRoom, open_room
from portal.writing.accounts import create_account, give
from portal.writing.acting import Work
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.models import Account
from portal.writing.models.words import Role
from portal.writing.passwords import hash_password
from publishing.release.store import ReleaseStore
from tests.builders.browser import BASE, Browser
from tests.builders.published import publish_internal

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
REGION = "990000"
UNIT_A, UNIT_B = "U001", "U002"

PEOPLE: dict[str, tuple[GrantIn, ...]] = {
    "citizen": (GrantIn(role=Role.CITIZEN),),
    "media": (GrantIn(role=Role.MEDIA),),
    "deputy": (GrantIn(role=Role.DEPUTY),),
    "clerk-a": (GrantIn(role=Role.OFFICIAL, clearance=3, unit_id=UNIT_A),),
    "head-a": (GrantIn(role=Role.OFFICIAL, clearance=6, unit_id=UNIT_A),),
    "clerk-b": (GrantIn(role=Role.OFFICIAL, clearance=3, unit_id=UNIT_B),),
    "finance": (GrantIn(role=Role.FINANCE, clearance=7, region_code=REGION),),
    "supervision": (GrantIn(role=Role.SUPERVISION, clearance=6, region_code=REGION),),
    "auditor": (GrantIn(role=Role.AUDITOR, clearance=12),),
    "administrator": (GrantIn(role=Role.ADMINISTRATOR, clearance=6),),
}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = field(default_factory=lambda: datetime(2026, 11, 2, 2, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def later(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass
class House:
    """The application, its room, and the ids of its people. `officials` keeps browsers that are signed in."""

    app: ASGIApp
    room: WritingRoom
    clock: Clock
    people: dict[str, int]
    officials: dict[str, tuple[datetime, Browser]] = field(default_factory=dict)

    def browser(self, address: str = "203.0.113.7") -> Browser:
        """Somebody who has not signed in."""
        return Browser(self.app, address)

    def code(self) -> str:
        """The second factor of this moment; the clock is moved on, because a code works once."""
        return self.code_of(SECRET)

    def code_of(self, secret: str) -> str:
        """The code of another secret."""
        self.clock.later(seconds=30)
        return pyotp.TOTP(secret).at(self.clock.now)

    def sign_in(self, login: str, address: str = "") -> Browser:
        """A browser of somebody who signed in as people do, from an address of their own: tries are counted by it."""
        browser = self.browser(address or f"198.51.100.{self.people[login] % 250}")
        answer = browser.submit("/login", {"login": login, "password": PASSWORD})
        if answer.headers["location"].startswith("/login/code"):
            answer = browser.submit("/login/code", {"code": self.code()})
        assert answer.status_code == 303, answer.text[:2000]
        return browser

    def sign_in_to_unit(self, unit_id: str) -> Browser:
        """A browser of a clerk of that unit, who is hired for it."""
        login = f"clerk-{unit_id.casefold()}"
        grant = GrantIn(role=Role.OFFICIAL, clearance=3, unit_id=unit_id)
        self.people[login] = _hired(self.room, login, (grant,))
        return self.sign_in(login)


def build_house(home: Path, surface: Surface = "both", **settings: str) -> House:
    """Open a home (a copy of a published one); people are hired when it has none yet."""
    read = Settings.read({"SUNSHINE_HOME": str(home), "SUNSHINE_BASE_URL": BASE, **settings})
    clock = Clock()
    if not ReleaseStore(home / "internal").numbers():
        publish_internal(home)
    room = open_room(read, clock)
    with room.database.reading() as session:
        people = {
            login: account_id or 0 for account_id, login in session.exec(select(Account.id, Account.login))
        }
    if not people:
        people = {login: _hired(room, login, grants) for login, grants in PEOPLE.items()}
    return House(build_app(read, surface, room=room), room, clock, people)


@cache
def _password_hash() -> str:
    """Hashed once for everybody: argon2 is slow on purpose."""
    return hash_password(PASSWORD)


def _hired(room: WritingRoom, login: str, grants: tuple[GrantIn, ...]) -> int:
    with room.database.writing() as session:
        work = Work(session, room.by_system(), room.rules)
        wanted = AccountIn(login=login, display_name=f"{login}（虚构）")
        account_id = create_account(work, wanted, f"person {login}")
        for grant in grants:
            give(work, account_id, grant)
        account = session.get_one(Account, account_id)
        account.password_hash = _password_hash()
        if grants[0].role not in {Role.CITIZEN, Role.MEDIA, Role.DEPUTY}:
            box = room.keys.second_factors
            account.totp_sealed = box.seal(SECRET, f"account {account_id}", room.rules.entropy)
        session.add(account)
        return account_id


def copied_home(published: Path, target: Path) -> Path:
    """A home of one's own with the same releases."""
    shutil.copytree(published, target, copy_function=shutil.copy2)
    return target
