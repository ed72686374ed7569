"""People around one published project for tests: an asker, and a clerk and a head of the unit that answers.

`Village` wraps the house of `rooms` with staff whose unit really stands behind a project of the release.
"""

from __future__ import annotations

import html
import itertools
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altcha
import httpx

from portal.writing.accounts import give
from portal.writing.acting import Work
from portal.writing.inputs import GrantIn
from portal.writing.models.words import Role
from portal.writing.receipts import QUICKEST
from tests.builders.browser import Browser, token_in
from tests.builders.rooms import House

PROJECT, UNIT, OTHER_UNIT = "P202100005", "U005", "U006"
TEXT = "这条农村公路什么时候完工？已经停了两个月。"
SUBJECT = "关于农村公路的工期"
_HIDDEN = re.compile(r'name="(form_key|checked)" value="([^"]*)"')
_NUMBER = re.compile(r"\b\d{8}-\d{4}\b")
_CODE = re.compile(r'big-code">([A-Z2-7]{16})<')


_ADDRESSES = itertools.count(1)
SIGNED_IN_LASTS = timedelta(minutes=20)


def visitor(house: House) -> Browser:
    """Somebody new, from an address nobody used before: limits count by address."""
    number = next(_ADDRESSES)
    return house.browser(f"198.18.{number // 250}.{number % 250 + 1}")


def official(house: House, login: str) -> Browser:
    """Somebody who signed in a while ago; hashing a password for every step would take the time of the tests."""
    since, browser = house.officials.get(login, (None, None))
    if browser is None or since is None or house.clock.now - since > SIGNED_IN_LASTS:
        browser = house.sign_in(login)
        house.officials[login] = (house.clock.now, browser)
    return browser


@dataclass(frozen=True)
class Asked:
    """A case somebody asked, with the receipt."""

    number: str
    code: str
    answer: httpx.Response


def staff_of_the_project(house: House) -> None:
    """Let the people of unit A and B work for the units that stand behind published projects."""
    grants = {
        "clerk-a": GrantIn(role=Role.OFFICIAL, clearance=3, unit_id=UNIT),
        "head-a": GrantIn(role=Role.OFFICIAL, clearance=6, unit_id=UNIT),
        "clerk-b": GrantIn(role=Role.OFFICIAL, clearance=3, unit_id=OTHER_UNIT),
    }
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        for login, grant in grants.items():
            give(work, house.people[login], grant)


def hidden_in(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form for a case, with its token."""
    found = {name: html.unescape(value) for name, value in _HIDDEN.findall(answer.text)}
    return {**found, "form_token": token_in(answer)}


def proof_from(browser: Browser) -> str:
    """A solved challenge, as the script of the page solves it."""
    challenge = altcha.Challenge.from_dict(browser.get("/cases/challenge").json())
    solution = altcha.solve_challenge(challenge, derive_key=altcha.derive_key_pbkdf2)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def typed(**more: Any) -> dict[str, Any]:
    """The fields a person fills in."""
    return {
        "kind": "question",
        "subject": SUBJECT,
        "text": TEXT,
        "project": PROJECT,
        "listing": "yes",
        **more,
    }


def fill_in(house: House, browser: Browser, *, proven: bool = True, **more: Any) -> dict[str, Any]:
    """Open the form, take the time a person takes, and fill it in."""
    fields = typed(**more)
    page = browser.get(f"/cases/new?kind={fields['kind']}&project={fields['project']}")
    assert page.status_code == 200, page.text[:500]
    house.clock.later(seconds=QUICKEST.total_seconds() + 30)
    proof = {"proof": proof_from(browser)} if proven else {}
    return {**hidden_in(page), **proof, "checked": "yes", **fields}


def send(browser: Browser, fields: dict[str, Any], files: Any = None) -> Asked:
    """Send the form; the receipt must come."""
    answer = browser.post("/cases/new", fields, files=files)
    assert answer.status_code == 201, answer.text[:3000]
    number, code = _NUMBER.search(answer.text), _CODE.search(answer.text)
    assert number is not None
    assert code is not None
    return Asked(number[0], code[1], answer)


def ask(house: House, browser: Browser | None = None, **more: Any) -> Asked:
    """Ask as somebody with a browser and a script does."""
    asker = browser or visitor(house)
    return send(asker, fill_in(house, asker, **more))


def step(official: Browser, number: str, name: str, **fields: Any) -> httpx.Response:
    """One step on the desk, from the page of the case."""
    page = official.get(f"/desk/cases/{number}")
    given = {"form_token": token_in(page), **fields}
    return official.post(f"/desk/cases/{number}/{name}", given)
