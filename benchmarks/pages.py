"""Pages as a phone meets them, and how long the portal needs for them: every figure beside its goal.

    ./run bench pages                      the small province, the busy project, the crowded map
    ./run bench pages --home DIR           pages of that home instead of the small province
    ./run bench pages --only server        one part: phone, server, busy or map

phone   first and largest contentful paint, layout shift and octets of a cold visit, median of three
server  what each kind of page costs the server, made for the first time from a warm release; the first octet over HTTP
busy    the same for a project with five years of payments, a hundred contracts and fifty cases
map     how long the page takes to answer whatever a reader does to 124 areas and to 3,000 pins (the longest event
        duration the browser reports, which is what INP takes)

Chromium with the processor slowed by four and 1.6 Mbit/s at 150 ms, as Lighthouse has it (`./run bench lighthouse`).
Wall times are only worth something on a quiet machine.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.pages_kinds import edition_of, first_octets, made_by, percentile
from benchmarks.pages_map import held, report_map
from benchmarks.pages_phone import beside, longest_event, slowed
from tests.builders.busy import BUSY, busy_home
from tests.builders.crowded import crowded_home
from tests.builders.published import publish_province
from tests.builders.served import opened_browser, served

RUNS = 3
ASKED = 60
PARTS = ("phone", "server", "busy", "map")
MOST_PAINT_MS, MOST_OCTETS, MOST_RENDER_MS, MOST_WAIT_MS, MOST_ANSWER_MS = 1_200, 100_000, 30, 50, 200
PAGES = {
    "home": "/",
    "project": "/projects",
    "map": "/map",
    "spending": "/spending",
    "ask": "/ask?q=2025年教育支出",
    "disclosure": "/disclosure",
}


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


def report_phone(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """A line for each page as a phone meets it."""
    print(f"{'page':16} {'LCP ms':>7} {'CLS':>6}  first paint, ms              octets")
    for name, path in pages.items():
        visits = [loaded(browser, address + path) for _ in range(RUNS)]
        median = {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}
        print(
            f"{name:16} {median['lcp']:7.0f} {median['shift']:6.3f}  "
            f"{beside(median['fcp'], MOST_PAINT_MS):27}  {beside(median['bytes'], MOST_OCTETS)}",
            flush=True,
        )


def pages_of(home: Path) -> dict[str, str]:
    """The pages people open most, with a project that the release has."""
    projects = edition_of(home).frame("projects")["project_id"].sort()
    return PAGES | {"project": f"/projects/{projects[len(projects) // 2]}"}


def report_server(home: Path, address: str) -> None:
    """A line for each kind of page: processor time of the server; then the first octet of the two most visited."""
    print(
        f"{'kind':17} {'pages':>5} {'p50 ms':>7}  p95 of processor time, ms   heaviest, octets            slowest"
    )
    for made in made_by(home):
        print(
            f"{made.name:17} {made.pages:5} {made.median:7.1f}  {beside(made.p95, MOST_RENDER_MS):26}  "
            f"{beside(made.octets, MOST_OCTETS):27} {made.slowest}",
            flush=True,
        )
    for name in ("home", "project"):
        report_wait(name, address, pages_of(home)[name])


def report_wait(name: str, address: str, path: str) -> None:
    """The first octet of a page that is not kept."""
    took = first_octets(address, path, ASKED)
    print(
        f"{name}: first octet, p50 {statistics.median(took):.1f} ms, p95 {beside(percentile(took, 95), MOST_WAIT_MS)}"
    )


def report_busy(browser: Browser, address: str) -> None:
    """The project that has everything, and what people said about it."""
    pages = {"busy project": f"/projects/{BUSY}", "its cases": f"/projects/{BUSY}/voices"}
    report_phone(browser, address, pages)
    for name, path in pages.items():
        report_wait(name, address, path)
    longest = statistics.median(
        answered_by_busy(browser, address + pages["busy project"]) for _ in range(RUNS)
    )
    print(f"busy project: keys and a tap, longest event, ms {beside(longest, MOST_ANSWER_MS)}")


def answered_by_busy(browser: Browser, address: str) -> float:
    """The longest event, in ms, of opening a table by a tap and going from link to link by keys."""
    page, _ = slowed(browser)
    page.goto(address)

    def act() -> None:
        page.locator("summary").first.tap()
        held(page, "Tab")

    longest = longest_event(page, act)
    page.context.close()
    return longest


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--home", type=Path)
    asked.add_argument("--only", choices=PARTS, action="append")
    given = asked.parse_args()
    parts = given.only or PARTS
    with tempfile.TemporaryDirectory() as made:
        home = given.home or Path(made) / "small"
        if given.home is None:
            publish_province(home, is_indexed=True)
        if "server" in parts:  # before there is a browser: no other event loop may run beside it
            with served(home) as address:
                report_server(home, address)
        if set(parts) - {"server"}:
            with opened_browser() as browser:
                report_seen(browser, home, Path(made), parts)


def report_seen(browser: Browser, home: Path, made: Path, parts: Sequence[str]) -> None:
    """What a browser is needed for."""
    if "phone" in parts:
        with served(home) as address:
            report_phone(browser, address, pages_of(home))
    if "busy" in parts:
        with served(busy_home(made / "busy"), "--surface", "both") as address:
            report_busy(browser, address)
    if "map" in parts:
        with served(crowded_home(made / "crowded")) as address:
            report_map(browser, address)


if __name__ == "__main__":
    main()
