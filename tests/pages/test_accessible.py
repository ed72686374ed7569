"""axe over every page: WCAG 2.2 AA without a violation, in light and dark, large text and English, narrow and wide.

In the same visits: no error on the console, no request to anywhere else, nothing that scrolls sideways.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tests.pages.routes import ERRORS

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SEEN = ["color-contrast", "target-size", "link-in-text-block"]
RUN = """async (run) => (await axe.run(document, {runOnly: run, resultTypes: ["violations"]})).violations
  .map((found) => found.id + ": " + found.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | "))"""


@dataclass(frozen=True, slots=True)
class Mode:
    """How somebody looks at the pages. What depends on colours and sizes only is all that is checked again."""

    name: str
    width: int
    scheme: Literal["light", "dark"]
    asked: str = ""
    is_whole: bool = False

    def address(self, path: str) -> str:
        return path + (("&" if "?" in path else "?") + self.asked if self.asked else "")

    @property
    def rules(self) -> dict[str, Any]:
        if self.is_whole:
            return {"type": "tag", "values": TAGS}
        return {"type": "rule", "values": SEEN}


MODES = (
    Mode("narrow-light", 390, "light", is_whole=True),
    Mode("wide-dark", 1440, "light", "theme=dark"),
    Mode("elder-dark", 390, "dark", "mode=elder"),
    Mode("elder-light", 390, "light", "mode=elder"),
    Mode("english", 1440, "light", "lang=en"),
)


def watched(browser: Browser, mode: Mode) -> tuple[Page, list[str]]:
    troubles: list[str] = []
    context = browser.new_context(viewport={"width": mode.width, "height": 900}, color_scheme=mode.scheme)
    page = context.new_page()
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "request",
        lambda sent: (
            None if urlsplit(sent.url).hostname == "127.0.0.1" else troubles.append(f"foreign: {sent.url}")
        ),
    )
    return page, troubles


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.name)
def test_axe_finds_nothing_on_any_page(browser: Browser, address: str, pages: list[str], mode: Mode) -> None:
    page, troubles = watched(browser, mode)
    found = {}
    for path in (*pages, *ERRORS):
        if "mode=elder" in path and "elder" in mode.asked:
            continue
        page.goto(address + mode.address(path))
        page.evaluate(AXE_SCRIPT)
        violations = page.evaluate(RUN, mode.rules)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > mode.width:
            violations.append(f"scrolls sideways: {wide}")
        if violations:
            found[path] = violations
    page.context.close()
    assert found == {}
    assert [trouble for trouble in troubles if "404" not in trouble] == []  # said for `ERRORS`, as it must be


def test_axe_does_find_what_is_planted(browser: Browser, address: str) -> None:
    """The check itself works: three defects, three violations."""
    page, _ = watched(browser, MODES[0])
    page.goto(address)
    page.evaluate(
        """() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<img src="/static/icon.svg"><label>x</label><input id="bare"><p class="soft-on-soft">pale</p>')"""
    )
    page.evaluate(
        """() => { const s = document.querySelector(".soft-on-soft").style; s.color = "#ddd"; s.background = "#fff"; }"""
    )
    page.evaluate(AXE_SCRIPT)
    found = {violation.split(":")[0] for violation in page.evaluate(RUN, MODES[0].rules)}
    page.context.close()
    assert {"image-alt", "label", "color-contrast"} <= found
