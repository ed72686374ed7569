"""What `./run bench pages` measures is drawn at all: nothing of the page lies outside of the window that shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.pages_phone import DESK, PHONE, slowed
from tests.builders.served import opened_browser

pytestmark = pytest.mark.browser

SKIPPED, DRAWN = "Draw skipped.", "SoftwareRenderer::FinishDrawingFrame"
PRESSES = 6


@pytest.fixture
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_what_changes_on_the_last_lines_of_a_page_is_drawn(browser: Browser, size: tuple[int, int]) -> None:
    page, _ = slowed(browser, size)
    links = "".join(f"<a href=#{number} style='left:{number * 26}px'>{number}</a>" for number in range(12))
    page.set_content(
        "<!doctype html><meta name=viewport content='width=device-width'><style>a:focus {background: red}"
        f"a {{position: absolute; top: {size[1] - 24}px; width: 24px; height: 24px; outline: none}}</style>{links}"
    )
    page.wait_for_timeout(300)

    def act() -> None:
        for _ in range(PRESSES):
            page.keyboard.press("Tab")
            page.wait_for_timeout(80)

    names = [event["name"] for event in traced(browser, page, act)]
    assert SKIPPED not in names
    assert names.count(DRAWN) >= PRESSES
    page.context.close()


def traced(browser: Browser, page: Page, act: Callable[[], None]) -> list[dict[str, Any]]:
    """What the display compositor said while this was done."""
    session = browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda said: events.extend(said["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send(
        "Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["viz"]}}
    )
    act()
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(50)
    return events
