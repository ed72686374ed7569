from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from portal.app import READING, build_app
from portal.settings import Settings
from tests.builders.published import province_tables, publish, publish_province
from tests.builders.served import opened_browser, served
from tests.builders.visitor import Visitor
from tests.pages.routes import pages_of


@pytest.fixture(scope="session")
def browsed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small province in two releases: what changed has something to say."""
    home = tmp_path_factory.mktemp("browsed")
    publish(home, province_tables(projects=30))
    publish_province(home, is_indexed=True)
    return home


@pytest.fixture(scope="session")
def visitor(browsed_home: Path) -> Visitor:
    return Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(browsed_home)}), "public"))


@pytest.fixture(scope="session")
def pages(visitor: Visitor) -> list[str]:
    return pages_of(visitor, READING)


@pytest.fixture(scope="session")
def address(browsed_home: Path) -> Iterator[str]:
    with served(browsed_home) as address:
        yield address


@pytest.fixture(scope="module")
def browser(pages: list[str]) -> Iterator[Browser]:
    """One for a module: while it is open no other event loop may run here, so the pages are found before."""
    del pages
    with opened_browser() as opened:
        yield opened
