"""What is another unit's looks, and is worked out, exactly like what does not exist.

Every address with an id is walked by somebody of another unit: the answer is 404 with the same page as for an id nobody
has, after the same statements to the database. Equal statements are what makes the time equal; a stopwatch in a test
would only measure the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, event
from sqlmodel import col, select

from portal.back_office import BackOffice
from portal.caretaker import Caretaker
from portal.writing.models import AlertHandling, Case
from publishing.home import Home
from tests.builders.browser import Browser
from tests.builders.people import OTHER_UNIT, PROJECT, UNIT, ask, official, step, visitor
from tests.builders.rooms import UNIT_B, House

NOBODYS_CASE, NOBODYS_ALERT = "20200101-0001", "A-NOBODY"
CASE_STEPS = ("claim", "take", "submit", "publish", "note", "transfer", "correct", "draft")
ALERT_STEPS = ("explain", "plan", "close")
_CHANGING = re.compile(r'(nonce|value|content)="[^"]*"|[0-9a-f]{8,}|\bQ[-\w]{6,}')


@pytest.fixture(scope="module")
def walked(village: House) -> House:
    """Cases and alerts of unit A; somebody of unit B signed in."""
    caretaker = Caretaker(village.room, BackOffice(Home(village.room.settings.home), village.room), None)
    caretaker.take_in_alerts()
    clerk = official(village, "clerk-a")
    for listed in ("yes", "no", "yes"):
        asked = ask(village)
        step(clerk, asked.number, "take", listed=listed)
    ask(village)
    return village


@contextmanager
def _statements(house: House) -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile, without its values."""
    seen: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        del connection, cursor
        seen.append(statement)

    engines = (house.room.database.reader, house.room.database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def _said(page: str, identity: str) -> str:
    """A page without what differs between any two requests, and without the id that was asked for."""
    return _CHANGING.sub("", page.replace(identity, "ID"))


def _answer(
    house: House, who: Browser, path: str, identity: str, token: str | None
) -> tuple[int, str, list[str]]:
    with _statements(house) as seen:
        address = path.replace("{id}", identity)
        if token is None:
            answer = who.get(address)
        else:
            given = {
                "form_token": token,
                "text": "一段足够长的文字。",
                "reason": "一段理由",
                "unit": OTHER_UNIT,
            }
            answer = who.post(address, given)
    return answer.status_code, _said(answer.text, identity), seen


def test_a_walk_of_all_ids_of_one_unit_finds_nothing_for_another(walked: House) -> None:
    with walked.room.database.reading() as session:
        cases = list(session.exec(select(Case.number).where(col(Case.unit_id) == UNIT)))
        alerts = list(
            session.exec(
                select(AlertHandling.alert_id).where(col(AlertHandling.unit_id).not_in({OTHER_UNIT, UNIT_B}))
            )
        )
    assert len(cases) >= 4
    assert len(alerts) >= 4
    stranger = official(walked, "clerk-b")
    token = stranger.token("/desk/cases/templates")
    walks = [
        (cases, NOBODYS_CASE, "/desk/cases/{id}", None),
        *((cases[:2], NOBODYS_CASE, f"/desk/cases/{{id}}/{name}", token) for name in CASE_STEPS),
        (alerts, NOBODYS_ALERT, "/desk/alerts/{id}", None),
        *((alerts[:2], NOBODYS_ALERT, f"/desk/alerts/{{id}}/{name}", token) for name in ALERT_STEPS),
    ]
    for there, nobodys, path, sent in walks:
        _answer(walked, stranger, path, nobodys, sent)  # whatever is made once is made now
        missing = _answer(walked, stranger, path, nobodys, sent)
        assert missing[0] in ((404,) if sent is None else (403, 404)), path
        for identity in there:
            found = _answer(walked, stranger, path, identity, sent)
            assert found == missing, (path, identity)


def test_a_case_that_is_not_public_and_a_wrong_code_look_like_no_case(walked: House) -> None:
    asked = ask(walked)  # received, not yet looked at: nobody else's business
    somebody = visitor(walked)
    for path in ("/cases/{id}", "/cases/{id}?code=AAAABBBBCCCCDDDD"):
        _answer(walked, somebody, path, NOBODYS_CASE, None)
        missing = _answer(walked, somebody, path, NOBODYS_CASE, None)
        assert missing[0] == 404
        assert _answer(walked, somebody, path, asked.number, None) == missing, path
    assert PROJECT not in somebody.get(f"/cases/{asked.number}").text
