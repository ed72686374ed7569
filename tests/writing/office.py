"""Builders: people of two invented units, and work done by one of them at a moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import select

from anonymize.text import scrub
from portal.writing.accounts import create_account, give, subject_of
from portal.writing.acting import VISITOR, Acting, Rules, Subject, Whereabouts, Work, region_path
from portal.writing.case_desk import accept, claim, publish_reply, submit_reply, write_reply
from portal.writing.cases import OpenedCase, open_case
from portal.writing.clocks import CHINA
from portal.writing.database import Database
from portal.writing.deadlines import Deadlines
from portal.writing.inputs import AccountIn, CaseIn, GrantIn
from portal.writing.models import Account
from portal.writing.models.words import CaseKind, Role

MONDAY = date(2026, 11, 2)
ROADS = Whereabouts("U-ROADS", "交通", region_path(("440000", "440100", "440103")))
SCHOOLS = Whereabouts("U-SCHOOLS", "教育", region_path(("440000", "440200")))


def seeded_entropy(seed: int = 7) -> Callable[[int], bytes]:
    return random.Random(seed).randbytes  # noqa: S311 - the tests want the same tokens every time


@dataclass
class Office:
    """A database with people in it. `work` opens a unit of work of somebody; `today` can be moved."""

    database: Database
    today: date = MONDAY
    rules: Rules = field(default_factory=lambda: Rules(Deadlines.read(), scrub, seeded_entropy()))
    people: dict[str, int] = field(default_factory=dict)
    _subjects: dict[str, Subject] = field(default_factory=dict)

    def acting(self, subject: Subject, *, is_system: bool = False, origin: str = "10.0.0.7") -> Acting:
        at = datetime.combine(self.today, time(10, 0), CHINA).astimezone(UTC)
        return Acting(subject, at, self.today, origin, "request-1", is_system=is_system)

    @contextmanager
    def work(self, name: str | None = None, *, origin: str = "10.0.0.7") -> Iterator[Work]:
        subject = self.subject(name)
        with self.database.writing() as session:
            yield Work(session, self.acting(subject, origin=origin), self.rules)

    @contextmanager
    def system(self) -> Iterator[Work]:
        with self.database.writing() as session:
            yield Work(session, self.acting(VISITOR, is_system=True), self.rules)

    def subject(self, name: str | None) -> Subject:
        if name is None:
            return VISITOR
        if name not in self._subjects:
            with self.database.reading() as session:
                self._subjects[name] = subject_of(session, self.people[name])
        return self._subjects[name]

    def hire(self, name: str, *grants: GrantIn, person_key: str | None = None) -> int:
        with self.system() as work:
            account_id = create_account(work, AccountIn(login=name, display_name=name), person_key)
            for grant in grants:
                give(work, account_id, grant)
        self.people[name] = account_id
        self._subjects.pop(name, None)
        return account_id

    def citizen(self, name: str, *, is_verified: bool = True) -> int:
        key = f"person of {name}" if is_verified else None
        return self.hire(name, GrantIn(role=Role.CITIZEN), person_key=key)

    def move_to(self, day: date) -> None:
        self.today = day

    def later(self, days: int) -> None:
        self.today += timedelta(days=days)


def official(where: Whereabouts, clearance: int = 3) -> GrantIn:
    return GrantIn(role=Role.OFFICIAL, clearance=clearance, unit_id=where.unit_id)


def staff(database: Database) -> None:
    """Two units with a clerk and a head each, finance, supervision, an auditor, an administrator, two citizens."""
    office = Office(database)
    for unit, where in (("roads", ROADS), ("schools", SCHOOLS)):
        office.hire(f"{unit}-clerk", official(where, 3))
        office.hire(f"{unit}-head", official(where, 6))
    office.hire("finance", GrantIn(role=Role.FINANCE, clearance=7, region_code="440000"))
    office.hire("supervision", GrantIn(role=Role.SUPERVISION, clearance=6, region_code="440000"))
    office.hire("auditor", GrantIn(role=Role.AUDITOR, clearance=12))
    office.hire("administrator", GrantIn(role=Role.ADMINISTRATOR, clearance=6))
    office.citizen("chen")
    office.citizen("lin")


def open_office(database: Database) -> Office:
    """The office of a database that was staffed."""
    with database.reading() as session:
        people = {account.login: account.id or 0 for account in session.exec(select(Account))}
    return Office(database, people=people)


def question(text: str = "这条农村公路什么时候完工？已经停了两个月。", **more: object) -> CaseIn:
    values: dict[str, object] = {"kind": CaseKind.QUESTION, "subject": "关于农村公路的工期", "text": text}
    return CaseIn.model_validate(values | more)


def ask(
    office: Office, name: str | None = "chen", form: CaseIn | None = None, where: Whereabouts = ROADS
) -> OpenedCase:
    with office.work(name) as work:
        return open_case(work, form or question(), where)


def accepted(office: Office, name: str | None = "chen", form: CaseIn | None = None) -> OpenedCase:
    opened = ask(office, name, form)
    with office.work("roads-clerk") as work:
        accept(work, opened.number, is_listed=True)
    return opened


def in_review(office: Office, name: str | None = "chen", form: CaseIn | None = None) -> OpenedCase:
    opened = accepted(office, name, form)
    with office.work("roads-clerk") as work:
        claim(work, opened.number)
        write_reply(work, opened.number, "工程因雨季暂停，将于十二月底前完工。")
        submit_reply(work, opened.number)
    return opened


def answered(office: Office, name: str | None = "chen", form: CaseIn | None = None) -> OpenedCase:
    opened = in_review(office, name, form)
    with office.work("roads-head") as work:
        publish_reply(work, opened.number)
    return opened


def account_row(office: Office, name: str) -> Account:
    with office.database.reading() as session:
        return session.get_one(Account, office.people[name])
