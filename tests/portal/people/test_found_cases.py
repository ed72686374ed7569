"""Cases beside search results: only what everybody may read, at once when it is accepted, gone when it is withdrawn."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from portal.writing.database import Database
from tests.builders.browser import token_in
from tests.builders.people import Asked, ask, official, step, visitor
from tests.builders.rooms import House

PHONE = "13912345678"
REPLY = "护坡工程因雨季暂停，已经安排夜间巡查。"


def searched(house: House, words: str, more: str = "") -> httpx.Response:
    answer = visitor(house).get(f"/search?q={quote(words)}{more}")
    assert answer.status_code == 200
    return answer


def is_found(house: House, case: Asked, words: str, more: str = "") -> bool:
    return f"/cases/{case.number}" in searched(house, words, more).text


def accepted(house: House, *, is_listed: bool = True, **more: str) -> Asked:
    asked = ask(house, None, **more)
    listing = {"listed": "yes"} if is_listed else {}
    assert step(official(house, "clerk-a"), asked.number, "take", **listing).status_code == 303
    return asked


def test_a_case_is_found_from_the_moment_it_is_accepted_until_it_is_withdrawn(village: House) -> None:
    citizen = visitor(village)
    asked = ask(village, citizen, subject="山体滑坡塞住了村道", text=f"滑坡三处，请打 {PHONE}。")
    assert not is_found(village, asked, "滑坡")
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    assert is_found(village, asked, "滑坡")
    assert is_found(village, asked, "滑坡 三處"), (
        "every word, in the subject or in a message, in either script"
    )
    assert not is_found(village, asked, "滑坡 泥石流")
    assert not is_found(village, asked, PHONE), "what was scrubbed is not found by its words"
    assert PHONE not in searched(village, "滑坡").text
    page = citizen.get(f"/cases/{asked.number}?code={asked.code}")
    sent = {"form_token": token_in(page), "code": asked.code, "sure": "yes"}
    assert citizen.post(f"/cases/{asked.number}/withdraw", sent).status_code == 303
    assert not is_found(village, asked, "滑坡")


def test_a_reply_is_found_once_it_is_published_and_marked_where_it_answers(village: House) -> None:
    asked = accepted(village, subject="边坡什么时候修好")
    clerk, head = official(village, "clerk-a"), official(village, "head-a")
    step(clerk, asked.number, "submit", text=REPLY)
    assert not is_found(village, asked, "夜间巡查"), "a draft is nobody's business"
    step(head, asked.number, "publish")
    found = searched(village, "夜间巡查").text
    assert f"/cases/{asked.number}" in found
    assert "<mark>夜间巡查</mark>" in found
    listed = visitor(village).get(f"/cases?q={quote('夜间巡查')}").text
    assert asked.number in listed, "the list of cases finds the same"


def test_a_case_whose_text_is_not_listed_is_not_found(village: House) -> None:
    asked = accepted(village, is_listed=False, subject="不愿公开的噪声", text="工地噪声扰民，没有办法休息。")
    assert not is_found(village, asked, "噪声")
    assert not is_found(village, asked, asked.number)


def test_filters_that_no_case_knows_leave_cases_out(village: House) -> None:
    asked = accepted(village, subject="桥面裂缝很长")
    assert is_found(village, asked, "裂缝")
    assert not is_found(village, asked, "裂缝", "&light=red")
    assert not is_found(village, asked, "裂缝", "&page=2")
    assert not is_found(village, asked, "")


def test_results_with_cases_are_kept_nowhere(village: House) -> None:
    assert searched(village, "公路").headers["cache-control"] == "no-store"


def test_signs_of_a_query_language_find_nothing_of_their_own(village: House) -> None:
    asked = accepted(village, subject="排水沟堵塞")
    assert is_found(village, asked, "排水沟\\")
    for words in ("%", "_", "%沟", "' OR 1=1 --", "x%"):
        assert is_found(village, asked, words) == (words == "%沟"), words


def test_a_search_answers_without_cases_while_the_database_does_not(
    village: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked = accepted(village, subject="路灯不亮")
    with monkeypatch.context() as broken:
        broken.setattr(Database, "reading", _away)
        assert not is_found(village, asked, "路灯")
    assert "without cases" in caplog.text
    assert is_found(village, asked, "路灯")


def _away(_: Database) -> None:
    raise OperationalError("select", {}, Exception("away"))
