"""Pages as a phone meets them: Chromium with four times less processor and a slow network, by its own counters.

    ./run bench pages                      the small province and the crowded one
    ./run bench pages --home DIR           pages of that home instead of the small province

Reported for each page, median of three: first contentful paint and largest contentful paint (ms), layout shift, bytes
that came over the wire, and how long the server needs for the page when nothing is kept (p50, p95 of 60). Then, on a
map of 124 areas and in one with 3,000 pins, how long the page takes to answer a key, a tap and the slider (the longest
event duration the browser reports, which is what INP takes).

Lighthouse is not among the pinned tools; its mobile profile is imitated: 1.6 Mbit/s, 150 ms, processor slowed by four.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, CDPSession, Page

from tests.builders.crowded import CROWDED, crowded_home
from tests.builders.published import publish_province
from tests.builders.served import opened_browser, served

NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
RUNS = 3
ASKED = 60
PAGES = {
    "home": "/",
    "project": "/projects/P202100005",
    "map": "/map",
    "spending": "/spending",
    "ask": "/ask?q=2025年教育支出",
    "disclosure": "/disclosure",
}
WATCH = """
window.seen = {fcp: 0, lcp: 0, shift: 0, event: 0};
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (e.name === 'first-contentful-paint') seen.fcp = e.startTime; })
  .observe({type: 'paint', buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.lcp = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shift += e.value; })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver((list) => { for (const e of list.getEntries()) seen.event = Math.max(seen.event, e.duration); })
  .observe({type: 'event', durationThreshold: 16, buffered: true});
"""


def slowed(browser: Browser) -> tuple[Page, CDPSession]:
    """A phone of the middle class on a slow network."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def loaded(browser: Browser, address: str) -> dict[str, float]:
    """One cold visit."""
    page, session = slowed(browser)
    octets: list[float] = []
    session.on("Network.loadingFinished", lambda event: octets.append(event["encodedDataLength"]))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(600)
    seen: dict[str, float] = page.evaluate("window.seen")
    page.context.close()
    return seen | {"bytes": sum(octets)}


def rendered(address: str) -> list[float]:
    """Milliseconds of the server for the page when no answer is kept: every address differs."""
    took = []
    for number in range(ASKED):
        mark = "&" if "?" in address else "?"
        start = time.perf_counter()
        with urllib.request.urlopen(f"{address}{mark}nothing={number}") as answer:
            answer.read()
        took.append((time.perf_counter() - start) * 1000)
    return sorted(took)


def quoted(path: str) -> str:
    """The path as a program may ask for it."""
    return quote(path, safe="/?=&@")


def report_pages(browser: Browser, address: str) -> None:
    """A line for each page."""
    print(f"{'page':12} {'FCP ms':>8} {'LCP ms':>8} {'CLS':>6} {'bytes':>8} {'server p50':>11} {'p95 ms':>7}")
    for name, path in PAGES.items():
        visits = [loaded(browser, address + path) for _ in range(RUNS)]
        median = {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}
        took = rendered(address + quoted(path))
        print(
            f"{name:12} {median['fcp']:8.0f} {median['lcp']:8.0f} {median['shift']:6.3f} {median['bytes']:8.0f} "
            f"{statistics.median(took):11.1f} {took[int(len(took) * 0.95)]:7.1f}"
        )


def report_map(browser: Browser, address: str) -> None:
    """How long the crowded map takes to answer."""
    page, _ = slowed(browser)
    page.goto(f"{address}/map")
    slider = page.get_by_role("slider")
    slider.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(900)
    for _ in range(10):
        page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    print(f"124 areas: slider and keys, longest event {page.evaluate('seen.event'):.0f} ms")
    page.goto(f"{address}/map?region={CROWDED}")
    page.locator(".pin").first.focus()
    for _ in range(10):
        page.keyboard.press("Tab")
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault(), true)")
    page.locator(".pin circle").nth(20).tap()
    page.wait_for_timeout(300)
    print(
        f"3,000 pins: keys and a tap, longest event {page.evaluate('seen.event'):.0f} ms "
        f"({page.locator('.pin').count()} circles drawn)"
    )
    page.context.close()


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--home", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as made, opened_browser() as browser:
        home = given.home or Path(made) / "small"
        if given.home is None:
            publish_province(home, is_indexed=True)
        with served(home) as address:
            report_pages(browser, address)
        with served(crowded_home(Path(made) / "crowded")) as address:
            report_map(browser, address)


if __name__ == "__main__":
    main()
