"""People of the demo: one account of every role in two units of the fictional province, with one-time passwords.

Each run hands out a fresh one-time password for every account whose owner has not yet chosen their own; who has chosen
keeps it. All of them are invented. Staff set up a second factor at their first sign-in.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from anonymize.text import scrub
from portal.cli_participation import write_participation
from portal.demo_cases import add_sample_corrections, add_sample_voices
from portal.reading.edition import Edition
from portal.web.writing_room import PERSON_CODES
from portal.writing.accounts import account_id_of, create_account, give, list_accounts, one_time_password
from portal.writing.acting import VISITOR, Acting, Rules, Work
from portal.writing.database import Database
from portal.writing.deadlines import Deadlines
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.migrating import migrate
from portal.writing.models.words import Role
from publishing.home import Home
from publishing.release.reader import open_release


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented person. `unit`: which of the two demo units limits the grant; `region`: the whole province does."""

    login: str
    name: str
    role: Role
    clearance: int = 1
    unit: int | None = None
    in_province: bool = False


PEOPLE = (
    DemoPerson("citizen", "市民（虚构）", Role.CITIZEN),
    DemoPerson("media", "记者（虚构）", Role.MEDIA),
    DemoPerson("deputy", "人大代表（虚构）", Role.DEPUTY),
    DemoPerson("clerk", "单位经办（虚构）", Role.OFFICIAL, 3, unit=0),
    DemoPerson("head", "单位负责人（虚构）", Role.OFFICIAL, 6, unit=0),
    DemoPerson("clerk2", "另一单位经办（虚构）", Role.OFFICIAL, 3, unit=1),
    DemoPerson("finance", "财政（虚构）", Role.FINANCE, 8, in_province=True),
    DemoPerson("supervision", "监督（虚构）", Role.SUPERVISION, 6, in_province=True),
    DemoPerson("auditor", "审计（虚构）", Role.AUDITOR, 12),
    DemoPerson("admin", "管理员（虚构）", Role.ADMINISTRATOR, 6),
)
UNITS = 2


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to show: `password` is None when its owner has chosen one already."""

    login: str
    name: str
    unit: str
    password: str | None


def people_of_demo(root: Path, today: date, database_url: str = "") -> tuple[DemoAccount, ...]:
    """Make the accounts, the sample cases and ratings where they are missing; fresh one-time passwords for the unused."""
    edition = Edition(open_release(Home(root).public))
    database = Database.at(root, database_url)
    try:
        migrate(database)
        rules = Rules(Deadlines.read(), scrub, secrets.token_bytes)
        acting = Acting(VISITOR, datetime.now(UTC), today, request_id="demo", is_system=True)
        units = busiest_units(edition)
        with database.writing() as session:
            work = Work(session, acting, rules)
            _hire_missing(work, edition, units)
            accounts = _with_passwords(work, units)
        add_sample_voices(database, rules, edition, today)
        add_sample_corrections(database, rules, edition, today)
        _person_codes(root)
        return accounts
    finally:
        database.close()


def voices_of_demo(root: Path, today: date, out: Path, database_url: str = "") -> int:
    """Play the samples on the release that is shown, and write the hand-over for the next one. Returns its rows."""
    edition = Edition(open_release(Home(root).public))
    database = Database.at(root, database_url)
    try:
        migrate(database)
        add_sample_voices(database, Rules(Deadlines.read(), scrub, secrets.token_bytes), edition, today)
        return write_participation(database, today, out)
    finally:
        database.close()


def busiest_units(edition: Edition) -> tuple[str, ...]:
    """The units with the most projects: there is something to see for their people."""
    counted = edition.frame("projects").group_by("org_id").agg(pl.len().alias("projects"))
    ordered = counted.drop_nulls("org_id").sort(["projects", "org_id"], descending=[True, False])
    return tuple(ordered["org_id"].head(UNITS).to_list())


def _hire_missing(work: Work, edition: Edition, units: tuple[str, ...]) -> None:
    known = {account.login for account in list_accounts(work.session, work.subject, is_system=True)}
    root = edition.places.root
    for person in PEOPLE:
        if person.login in known or (person.unit is not None and person.unit >= len(units)):
            continue
        wanted = AccountIn(login=person.login, display_name=person.name)
        # The demo's citizens count as verified, so that they may rate.
        account_id = create_account(work, wanted, f"demo {person.login}")
        grant = GrantIn(
            role=person.role,
            clearance=person.clearance,
            unit_id=None if person.unit is None else units[person.unit],
            region_code=root.code if person.in_province and root else None,
        )
        give(work, account_id, grant)
        one_time_password(work, account_id)


def _with_passwords(work: Work, units: tuple[str, ...]) -> tuple[DemoAccount, ...]:
    kept = {account.login: account for account in list_accounts(work.session, work.subject, is_system=True)}
    found = []
    for person in PEOPLE:
        account = kept.get(person.login)
        if account is None or account.is_disabled:
            continue
        password = None
        if account.must_change_password:
            password = one_time_password(work, account_id_of(work.session, person.login))
        unit = "" if person.unit is None else units[person.unit]
        found.append(DemoAccount(person.login, person.name, unit, password))
    return tuple(found)


def _person_codes(root: Path) -> None:
    """Verification codes for trying out the registration of a citizen."""
    path = root / "keys" / PERSON_CODES
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    codes = "".join(f"{secrets.token_hex(4)}\n" for _ in range(20))
    path.write_text(codes, encoding="utf-8")
    path.chmod(0o600)
