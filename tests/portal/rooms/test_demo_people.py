from __future__ import annotations

from datetime import date
from pathlib import Path

from portal.app import build_app
from portal.demo_people import PEOPLE, people_of_demo
from portal.settings import Settings
from portal.writing.accounts import account_id_of
from portal.writing.database import Database
from portal.writing.models import Account
from tests.builders.browser import BASE, Browser
from tests.builders.rooms import PASSWORD, copied_home

TODAY = date(2026, 10, 31)


def test_the_demo_hands_out_one_time_passwords_until_their_owner_chooses(
    tmp_path: Path, province_home: Path
) -> None:
    home = copied_home(province_home, tmp_path / "home")
    first = {account.login: account for account in people_of_demo(home, TODAY)}
    assert set(first) == {person.login for person in PEOPLE}
    assert first["clerk"].unit
    assert first["clerk"].unit != first["clerk2"].unit
    browser = Browser(
        build_app(Settings.read({"SUNSHINE_HOME": str(home), "SUNSHINE_BASE_URL": BASE}), "both")
    )
    password = first["citizen"].password
    assert browser.submit("/login", {"login": "citizen", "password": password}).status_code == 303
    assert browser.get("/account").headers["location"] == "/account/password"
    changed = {"current": password, "fresh": PASSWORD}
    assert browser.submit("/account/password", changed).headers["location"] == "/account?done=password"
    second = {account.login: account.password for account in people_of_demo(home, TODAY)}
    assert second["citizen"] is None
    assert second["media"] not in {None, first["media"].password}
    assert _sample_people_cannot_sign_in(home)


def _sample_people_cannot_sign_in(home: Path) -> bool:
    database = Database.at(home)
    with database.reading() as session:
        account = session.get_one(Account, account_id_of(session, "demo-sample-00"))
        found = account.password_hash is None
    database.close()
    return found
