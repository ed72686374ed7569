"""Interactive charts in a real browser: loaded when they are asked for and not before, within the page's own policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.builders.served import opened_browser, served
from tests.portal.test_charts import publish_with_flows

pytestmark = pytest.mark.browser
VIEWS = ("tree", "rings", "flow", "months", "heat")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("charted")
    publish_with_flows(home)
    with served(home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as opened:
        yield opened


def watched(browser: Browser, width: int) -> tuple[Page, list[str], list[str]]:
    """A page, the paths it asks for, and what it should not do."""
    paths: list[str] = []
    troubles: list[str] = []
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()

    def note_request(request: Request) -> None:
        paths.append(urlsplit(request.url).path)
        if urlsplit(request.url).hostname != "127.0.0.1":
            troubles.append(f"foreign request: {request.url}")

    def note_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(f"console: {message.text}")

    page.on("request", note_request)
    page.on("console", note_console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    return page, paths, troubles


def test_the_library_comes_when_a_reader_asks_and_breaks_no_policy(browser: Browser, address: str) -> None:
    page, paths, troubles = watched(browser, 1200)
    for view in VIEWS:
        page.goto(f"{address}/spending?view={view}&year=2026&region=990100")
        assert "/static/plotly.min.js" not in paths
        assert not [path for path in paths if path.startswith("/charts/")]
        button = page.locator("[data-act]").first
        button.focus()
        page.keyboard.press("Enter")
        page.locator(".chart-figure[data-state=ready] .plot svg").first.wait_for(timeout=30_000)
        assert paths.count("/static/plotly.min.js") == 1
        assert f"/charts/spending-{view}@1.json" in paths
        assert page.locator(".plot").first.get_attribute("aria-label")
        page.keyboard.press("Enter")
        page.locator(".chart-figure svg.chart").first.wait_for()
        assert page.locator(".chart-figure[data-state]").count() == 0
        paths.clear()
    page.context.close()
    assert troubles == []


def test_a_tile_leads_on_by_keyboard_and_on_a_phone_nothing_scrolls_sideways(
    browser: Browser, address: str
) -> None:
    page, paths, troubles = watched(browser, 390)
    page.goto(f"{address}/spending?region=990100&year=2025")
    page.locator("svg.chart a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**function=2*")
    for path in (
        "/spending?view=heat",
        "/spending?view=flow",
        "/receipt",
        "/reports/1",
        "/projects/P202100005",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}mode=elder")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.context.close()
    assert troubles == []
    assert "/static/plotly.min.js" not in paths


@pytest.fixture
def another_site(address: str) -> Iterator[str]:
    """A site of somebody else's (another port is another origin) that frames a chart."""
    frame = f'<iframe src="{address}/embed/spending-tree@1?year=2025" width="800" height="600"></iframe>'

    class Framing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(frame.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Framing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/page"
    server.shutdown()
    server.server_close()


def test_another_site_can_frame_a_chart_and_nothing_else(browser: Browser, another_site: str) -> None:
    page, _, troubles = watched(browser, 900)
    page.goto(another_site)
    frame = page.frame_locator("iframe")
    frame.locator("svg.chart").wait_for()
    assert "第 1 号发布" in frame.locator(".source").inner_text()
    assert page.context.cookies() == []
    page.context.close()
    assert troubles == []
