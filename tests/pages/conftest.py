from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.app import READING, build_app
from portal.settings import Settings
from tests.builders.published import province_tables, publish, publish_province
from tests.builders.visitor import Visitor
from tests.pages.routes import pages_of
from tests.portal.test_cli import ROOT, wait_for

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]


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


def served(home: Path) -> Iterator[str]:
    """The portal over a home, as long as somebody asks for the next address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "portal.cli", "serve", "--home", str(home), "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def address(browsed_home: Path) -> Iterator[str]:
    yield from served(browsed_home)


@pytest.fixture(scope="module")
def browser(pages: list[str]) -> Iterator[Browser]:
    """One for a module: while it is open no other event loop may run here, so the pages are found before."""
    del pages
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
