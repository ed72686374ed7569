"""Names that nobody hopes for, in a real browser: nothing runs, nothing grows wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog

from tests.builders.odd import PROJECTS, odd_home
from tests.builders.served import served

pytestmark = pytest.mark.browser

PATHS = (
    "/",
    "/projects",
    *(f"/projects/{project}" for project in PROJECTS),
    "/map?region=990101",
    "/map",
    "/regions/990100",
    "/organisations/U001",
    "/suppliers/S001",
    f"/compare?kind=project&with={PROJECTS[0]}&with={PROJECTS[2]}",
)


@pytest.fixture(scope="module")
def odd_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home: Path = odd_home(tmp_path_factory.mktemp("odd"))
    with served(home) as address:
        yield address


@pytest.mark.parametrize("mode", ["", "mode=elder"])
def test_no_name_makes_a_page_scroll_sideways_or_run(browser: Browser, odd_address: str, mode: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []

    def note(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    wide = {}
    for path in PATHS:
        page.goto(odd_address + path + (("&" if "?" in path else "?") + mode if mode else ""))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[path] = width
    page.close()
    assert wide == {}
    assert said == []
