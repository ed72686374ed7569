from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest

from portal.back_office import BackOffice
from portal.web.log_words import ACTION_NAMES
from portal.writing.case_table import Step
from portal.writing.models.words import AlertStatus, ApprovalState
from portal.writing.two_persons import FACTOR_HALF, PASSWORD_HALF
from publishing.home import Home
from tests.builders.rooms import House

ROOT = Path(__file__).parents[3]


def _tamper(house: House, statement: str) -> None:
    """What somebody does who owns the machine: takes the triggers off and writes into the tables."""
    with house.room.database.writer.begin() as connection:
        if house.room.database.is_sqlite:
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("ALTER TABLE operation_log DISABLE TRIGGER USER")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE operation_log SET actor_role = 'finance' WHERE sequence = 7", "第 7 条起不可信"),
        ("DELETE FROM operation_log WHERE sequence = 5", "第 5 条起不可信"),
        ("UPDATE operation_log SET object_key = 'x' WHERE sequence = 1", "第 1 条起不可信"),
    ],
    ids=["edited", "deleted", "first"],
)
def test_a_row_that_was_changed_is_named_on_the_page(house: House, statement: str, told: str) -> None:
    auditor = house.sign_in("auditor")
    assert "没有被改动" in auditor.get("/desk/log?verify=1").text
    _tamper(house, statement)
    assert told in auditor.get("/desk/log?verify=1").text


def test_an_end_that_was_cut_off_is_found_by_the_signed_release_log(house: House) -> None:
    house.sign_in("citizen")
    assert BackOffice(Home(house.room.settings.home), house.room).anchor()
    with house.room.database.reading() as session:
        last = session.connection().exec_driver_sql("SELECT max(sequence) FROM operation_log").scalar_one()
    _tamper(house, f"DELETE FROM operation_log WHERE sequence > {last - 3}")
    _tamper(
        house,
        "UPDATE operation_log_head SET sequence = (SELECT max(sequence) FROM operation_log), "
        "hash = (SELECT hash FROM operation_log ORDER BY sequence DESC LIMIT 1)",
    )
    page = house.sign_in("auditor").get("/desk/log?verify=1").text
    assert "不可信" in page


def test_the_log_is_paged_without_losing_or_doubling_a_line(house: House) -> None:
    for _ in range(12):
        house.sign_in("citizen")
    auditor = house.sign_in("auditor")
    seen: list[int] = []
    path = "/desk/log"
    while path:
        page = auditor.get(path).text
        found = [int(part.split('"')[0]) for part in page.split('<tr id="e')[1:]]
        seen += found
        path = f"/desk/log?before={found[-1]}" if 'rel="next"' in page else ""
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 1
    assert len(set(seen)) == len(seen)
    assert seen == list(range(seen[0], 0, -1))


def test_nobody_but_the_auditor_comes_to_the_log(staffed: House) -> None:
    for who in ("clerk-a", "finance", "supervision", "administrator", "citizen"):
        assert staffed.sign_in(who).get("/desk/log").status_code == 403


def test_every_action_that_is_told_to_the_log_has_a_name_of_its_own() -> None:
    told = {
        action
        for path in ROOT.joinpath("portal").rglob("*.py")
        for action in re.findall(
            r'(?:\.tell|\.event)\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")
        )
    }
    told |= {f"case.{step}" for step in Step} | {f"alert.{status}" for status in AlertStatus}
    told |= {f"approval.{state}" for state in ApprovalState} | {PASSWORD_HALF, FACTOR_HALF}
    assert len(told) > 40
    assert told - set(ACTION_NAMES) == set()
    assert len(set(ACTION_NAMES.values())) == len(ACTION_NAMES)


def test_an_action_is_shown_by_its_name_with_its_code_and_found_by_either(house: House) -> None:
    house.sign_in("citizen")
    auditor = house.sign_in("auditor")
    pages = [auditor.get(f"/desk/log?action={quote(asked)}").text for asked in ("登录成功", "session.open")]
    for page in pages:
        assert '登录成功 <span class="of mono">session.open</span>' in page
        assert "sign_in.password</span>" not in page
