"""A real browser reads every page: nothing foreign is asked for, nothing is refused by our own policy."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.builders.published import publish_province
from tests.builders.served import opened_browser, served
from tests.portal.test_pages import PAGES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("browsed")
    publish_province(home, is_indexed=True)
    with served(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


def watched(browser: Browser, width: int, **options: object) -> tuple[Page, list[str]]:
    """A page whose foreign requests, console errors and policy violations are noted."""
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]

    def note_request(request: Request) -> None:
        if urlsplit(request.url).hostname != "127.0.0.1":
            troubles.append(f"foreign request: {request.url}")

    def note_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(f"console: {message.text}")

    page = context.new_page()
    page.on("request", note_request)
    page.on("console", note_console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    return page, troubles


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_asks_for_anything_foreign_breaks_its_policy_or_scrolls_sideways(
    browser: Browser, address: str, width: int
) -> None:
    page, troubles = watched(browser, width)
    for path in (*PAGES, "/?lang=en", "/map?lang=en&mode=elder"):
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide on a screen of {width}"
        assert page.evaluate(
            "[...document.scripts].every((script) => script.nonce !== '' || script.type === '')"
        )
    page.context.close()
    assert troubles == []


def test_elder_mode_is_large_and_fits_a_phone(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 390)
    for path in (
        "/",
        "/projects",
        "/projects/P202100005",
        "/spending",
        "/map",
        "/ask",
        "/search",
        "/compare",
    ):
        page.goto(f"{address}{path}?mode=elder")
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        links = page.locator("nav a:visible").evaluate_all(
            "all => all.map((a) => a.getBoundingClientRect().height)"
        )
        assert min(links) >= 44
    page.context.close()
    assert troubles == []


def test_the_common_way_works_without_script_and_by_keyboard(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 390, java_script_enabled=False)
    page.goto(address)
    page.get_by_label("提问，或查找").fill("小学扩建")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask?*")
    page.locator(".hit a").first.click()
    page.wait_for_url("**/projects/P*")
    assert page.get_by_role("heading", level=1).inner_text().endswith("）")
    assert page.get_by_role("heading", name="到哪一步了").is_visible()
    page.context.close()
    assert troubles == []


def test_a_choice_in_the_filters_applies_at_once_with_script(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 1440)
    page.goto(f"{address}/projects")
    page.get_by_label("预警").select_option("red")
    page.wait_for_url("**light=red*")
    assert "sector=" not in page.url
    page.context.close()
    assert troubles == []


def test_the_map_leads_to_the_region(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 1440)
    page.goto(address)
    page.locator(".map a").first.click()
    page.wait_for_url("**/regions/*")
    page.context.close()
    assert troubles == []


def test_the_box_offers_names_and_a_key_leads_to_one(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 390)
    page.goto(f"{address}/spending")
    box = page.get_by_role("combobox", name="提问")
    box.press_sequentially("云乙")
    option = page.get_by_role("option").first
    option.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("1")
    option.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda found: not found.endswith("/spending"))
    page.context.close()
    assert troubles == []


def test_from_the_province_to_a_project_in_four_steps_by_keyboard(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 1440, java_script_enabled=False)
    page.goto(f"{address}/map")
    for name in ("云乙1市", "第1市1县"):
        page.locator("table.steps").get_by_role("link", name=name).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/map?region=*")
        assert page.locator(".crumbs [aria-current=page]").inner_text() == name
    page.locator(".project a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/*")
    page.context.close()
    assert troubles == []


def test_a_reading_is_changed_by_choosing_another_year(browser: Browser, address: str) -> None:
    page, troubles = watched(browser, 1440)
    page.goto(f"{address}/ask?q=2025年教育支出")
    first = page.locator(".figure-said data").get_attribute("value")
    page.get_by_label("把时间改成").select_option(label="2024年")
    page.wait_for_url("**q=2024*")
    assert page.locator(".figure-said data").get_attribute("value") != first
    page.context.close()
    assert troubles == []
