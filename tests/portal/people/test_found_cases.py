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


# ---------------------------------------------------------------- for programs


def found_by_programs(house: House, words: str, more: str = "") -> httpx.Response:
    return visitor(house).get(f"/api/v1/search?kind=case&q={quote(words)}{more}")


def test_the_interface_finds_cases_in_the_shape_of_any_other_hits(village: House) -> None:
    asked = accepted(village, subject="渡口的栏杆松了")
    answer = found_by_programs(village, "栏杆")
    body = answer.json()
    hit = next(hit for hit in body["hits"] if hit["id"] == asked.number)
    assert hit["kind"] == "case"
    assert hit["url"].endswith(f"/cases/{asked.number}")
    start, end = hit["title"]["matches"][0]
    assert hit["title"]["text"][start:end] == "栏杆"
    assert (body["facets"], body["next"], body["page"], body["note"]) == ({}, None, 1, None)
    assert answer.headers["cache-control"] == "no-store"
    others = visitor(village).get("/api/v1/search?kind=project").json()
    assert set(others) == set(body)
    assert set(others["hits"][0]) == set(hit)


def test_the_interface_pages_through_cases_and_each_comes_once(
    village: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.reading.finding_address.PAGE_SIZE", 2)
    asked = {accepted(village, subject=f"堤岸第{number}段塌了").number for number in range(3)}
    first = found_by_programs(village, "堤岸").json()
    assert (first["count"], len(first["hits"])) == (3, 2)
    assert "kind=case" in first["next"]
    second = found_by_programs(village, "堤岸", "&page=2").json()
    assert second["next"] is None
    assert {hit["id"] for page in (first, second) for hit in page["hits"]} == asked


@pytest.mark.parametrize(
    "more", ["&light=red", "&kind=project", "&sort=amount", "&region=1&region=2", "&min=5"]
)
def test_the_interface_refuses_filters_that_no_case_knows(village: House, more: str) -> None:
    answer = found_by_programs(village, "公路", more)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "kind"


def test_the_interface_says_that_cases_are_away_rather_than_none(
    village: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Database, "reading", _away)
        answer = found_by_programs(village, "路灯")
    assert answer.status_code == 503
    assert "without cases" in caplog.text
    assert found_by_programs(village, "路灯").status_code == 200
