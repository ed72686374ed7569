"""A reply in at most six actions, with nothing but the keyboard, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.builders.carrying import Carrying, served
from tests.builders.people import ask, official, visitor
from tests.builders.rooms import House
from tests.builders.served import opened_browser

pytestmark = pytest.mark.browser
REPLY = "工程因雨季暂停，将于十二月底前完工。"


def _cookie(house: House, login: str) -> bytes:
    jar = official(house, login).jar
    return "; ".join(f"{name}={value}" for name, value in jar.items()).encode()


def _leads_on(page: Page, keys: str) -> None:
    """Press a key and wait for the page it leads to."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(keys)


def test_a_case_is_taken_answered_and_published_in_six_actions_by_keys_alone(filed_village: House) -> None:
    asked = ask(filed_village)
    cookies = {login: _cookie(filed_village, login) for login in ("clerk-a", "head-a")}
    app = Carrying(filed_village.app)
    with served(app) as address, opened_browser() as opened:
        page = opened.new_page()
        app.cookie = cookies["clerk-a"]
        page.goto(f"{address}/desk/cases?view=new&q={asked.number}")
        page.keyboard.press("j")  # 1: open the case that is due first
        _leads_on(page, "o")
        assert asked.number in page.url
        page.keyboard.press("a")  # 2: take it
        _leads_on(page, "Enter")
        page.keyboard.press("r")  # 3: write
        page.keyboard.insert_text(REPLY)
        _leads_on(page, "Control+Enter")  # 4: hand it to the second person
        assert "done=submit" in page.url, page.url
        app.cookie = cookies["head-a"]
        page.goto(f"{address}/desk/cases?view=review&q={asked.number}")
        page.keyboard.press("j")  # 5: the second person opens it
        _leads_on(page, "o")
        page.keyboard.press("a")
        assert page.evaluate("document.activeElement.textContent") == "审核通过并公开"
        _leads_on(page, "Enter")  # 6: and publishes
        assert "done=publish" in page.url, page.url
    assert REPLY in visitor(filed_village).get(f"/cases/{asked.number}").text
