"""The five commonest tasks, each twice: with a pointer on a phone, and with nothing but the keyboard on a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

MOST_STOPS = 150  # how often somebody presses Tab before giving up
WAYS = ("pointer", "keyboard")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at a page, with one way of working it."""

    page: Page
    address: str
    way: str

    def opens(self, path: str) -> None:
        self.page.goto(self.address + path)

    def chooses(self, thing: Locator) -> None:
        """Come to a link or button and follow it."""
        if self.way == "pointer":
            thing.click()
            return
        self.comes_to(thing)
        self.page.keyboard.press("Enter")

    def comes_to(self, thing: Locator) -> None:
        """Press Tab until the thing has the focus, as one must without a pointer."""
        for _ in range(MOST_STOPS):
            if thing.evaluate("(element) => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"not reached with {MOST_STOPS} presses of Tab: {thing}")

    def types(self, box: Locator, text: str) -> None:
        if self.way == "pointer":
            box.click()
        else:
            self.comes_to(box)
        self.page.keyboard.type(text)

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()


@pytest.fixture(params=WAYS)
def reader(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Reader]:
    is_phone = request.param == "pointer"
    context = browser.new_context(
        viewport={"width": 390 if is_phone else 1280, "height": 800},
        has_touch=is_phone,
        accept_downloads=True,
    )
    yield Reader(context.new_page(), address, request.param)
    context.close()


def test_what_is_being_built_in_my_county(reader: Reader) -> None:
    reader.opens("/map")
    for name in ("云乙1市", "第1市1县"):
        reader.chooses(reader.page.locator("#map-list").get_by_role("link", name=name, exact=True))
        reader.page.wait_for_url("**/map?region=*")
        assert reader.page.locator(".crumbs [aria-current=page]").inner_text() == name
    project = reader.page.locator("#map-list .project a").first
    name = project.inner_text()
    reader.chooses(project)
    reader.page.wait_for_url("**/projects/*")
    assert reader.heading == name


def test_a_question_in_words_gets_a_number(reader: Reader) -> None:
    reader.opens("/")
    reader.types(reader.page.locator("main").get_by_role("combobox"), "2025年教育支出")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/ask?*")
    assert float(reader.page.locator(".figure-said data").first.get_attribute("value") or 0) > 0


def test_two_cities_are_put_side_by_side(reader: Reader) -> None:
    reader.opens("/map?measure=per_head")
    reader.chooses(reader.page.get_by_role("link", name="对比前几个地区"))
    reader.page.wait_for_url("**/compare?*")
    assert "人均" in reader.heading


def test_a_table_is_taken_home(reader: Reader) -> None:
    reader.opens("/datasets")
    reader.chooses(reader.page.locator("main").get_by_role("link", name="支出").first)
    reader.page.wait_for_url("**/datasets/*")
    with reader.page.expect_download() as caught:
        reader.chooses(reader.page.get_by_role("link", name="下载 CSV").first)
    assert caught.value.suggested_filename.endswith(".csv")


def test_why_a_number_cannot_be_seen(reader: Reader) -> None:
    reader.opens("/spending?region=990101")
    reader.chooses(reader.page.locator("main").get_by_role("link", name="为什么看不到").first)
    reader.page.wait_for_url("**/disclosure*")
    assert reader.page.get_by_role("heading", name="这个数为什么看不到").is_visible()


def test_the_first_stop_on_a_page_leads_past_the_menu(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
