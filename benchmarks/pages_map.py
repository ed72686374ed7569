"""How long the crowded map takes to answer whatever a reader does to it; part of `./run bench pages`.

Every line is the longest event duration the browser reports (which is what INP takes), median of three visits, each
with what is done in it and nothing else. Where a link is followed only the answer of this page counts: what comes next is
another visit.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.pages_phone import DESK, PHONE, beside, longest_event, slowed
from tests.builders.crowded import CROWDED

RUNS = 3
MOST_ANSWER_MS = 200
REPEAT_MS = 33
YEAR_MS = 900
"""Until another year has arrived and stands on the map."""
PRESSES = 10
STAY = """
document.addEventListener('click', (event) => { if (event.target.closest('a')) event.preventDefault(); }, true);
document.addEventListener('submit', (event) => event.preventDefault(), true);
"""
AREAS, PINS = "/map", f"/map?region={CROWDED}"
Act = Callable[[Page, CDPSession], None]


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something a reader does to a page; `before` is done first and not measured."""

    name: str
    path: str
    act: Act
    size: tuple[int, int] = PHONE
    before: Act | None = None


def held(page: Page, key: str, presses: int = PRESSES) -> None:
    """Presses as fast as a key that is held repeats; nobody is faster, and what is would share one late frame."""
    for _ in range(presses):
        page.keyboard.press(key)
        page.wait_for_timeout(REPEAT_MS)


def slide_by_keys(page: Page, session: CDPSession) -> None:
    """Two years back and one forward, each waited for."""
    del session
    page.get_by_role("slider").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_timeout(YEAR_MS)


def slide_in_haste(page: Page, session: CDPSession) -> None:
    """From year to year before any of them has arrived."""
    del session
    page.get_by_role("slider").focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight"):
        held(page, key, 1)
    page.wait_for_timeout(YEAR_MS)


def slide_by_finger(page: Page, session: CDPSession) -> None:
    """The slider dragged from its end to its beginning and half way back."""
    for kind, point in _dragged(page):
        points = [] if kind == "End" else [{"x": point[0], "y": point[1]}]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
        page.wait_for_timeout(REPEAT_MS)
    page.wait_for_timeout(YEAR_MS)


def slide_by_mouse(page: Page, session: CDPSession) -> None:
    """The same with a mouse."""
    del session
    for kind, point in _dragged(page):
        page.mouse.move(*point)
        if kind == "Start":
            page.mouse.down()
        if kind == "End":
            page.mouse.up()
        page.wait_for_timeout(REPEAT_MS)
    page.wait_for_timeout(YEAR_MS)


def _dragged(page: Page) -> Iterator[tuple[str, tuple[float, float]]]:
    slider = page.get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    shares = [0.98 - step / 16 for step in range(16)] + [step / 16 for step in range(9)]
    points = [(box["x"] + box["width"] * share, box["y"] + box["height"] / 2) for share in shares]
    yield "Start", points[0]
    for point in points[1:]:
        yield "Move", point
    yield "End", points[-1]


def tab_from(selector: str) -> Act:
    """Tab held from the first of these on."""

    def act(page: Page, session: CDPSession) -> None:
        del session
        page.locator(selector).first.focus()
        held(page, "Tab")

    return act


def tap(selector: str, position: int = 0) -> Act:
    """A tap on one of these; a click where there is no finger."""

    def act(page: Page, session: CDPSession) -> None:
        del session
        found = page.locator(selector).nth(position)
        found.scroll_into_view_if_needed()
        box = found.bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
        at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if (page.viewport_size or {"width": 0})["width"] == PHONE[0]:
            page.touchscreen.tap(*at)
        else:
            page.mouse.click(*at)

    return act


def over_areas(page: Page, session: CDPSession) -> None:
    """The mouse over one area after another."""
    del session
    areas = page.locator("#map-body svg a path")
    for position in range(20, 20 + PRESSES):
        areas.nth(position).hover()
        page.wait_for_timeout(REPEAT_MS)


def choose_measure(page: Page, session: CDPSession) -> None:
    """Another measure by the keys of its list."""
    del session
    page.get_by_label("看什么").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(REPEAT_MS)


def interactive(page: Page, session: CDPSession) -> None:
    """The button of the interactive chart, until it stands there."""
    tap("[data-act]")(page, session)
    page.locator(".plot .choroplethlayer path").first.wait_for(state="attached")


def near(page: Page, session: CDPSession) -> None:
    """What is near, until it is listed."""
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 20.4, "longitude": 110.4})
    tap(".near button")(page, session)
    page.locator(".near-list li").first.wait_for()


INTERACTIONS = (
    Interaction("124 areas: slider by keys, year by year", AREAS, slide_by_keys),
    Interaction("124 areas: slider by keys, in haste", AREAS, slide_in_haste),
    Interaction("124 areas: slider by finger", AREAS, slide_by_finger),
    Interaction("124 areas: slider by mouse, 1440 px", AREAS, slide_by_mouse, DESK),
    Interaction("124 areas: Tab held from area to area", AREAS, tab_from("#map-body svg a")),
    Interaction(
        "the same after the year was moved", AREAS, tab_from("#map-body svg a"), before=slide_by_keys
    ),
    Interaction("the same at 1440 px", AREAS, tab_from("#map-body svg a"), DESK),
    Interaction("124 areas: Tab held down the list", AREAS, tab_from("#map-list table a")),
    Interaction("124 areas: a tap on an area", AREAS, tap("#map-body svg a path", 60)),
    Interaction("124 areas: mouse over areas, 1440 px", AREAS, over_areas, DESK),
    Interaction("124 areas: another measure", AREAS, choose_measure),
    Interaction("124 areas: the downloads", AREAS, tap(".chart-tools summary")),
    Interaction("124 areas: the interactive chart", AREAS, interactive),
    Interaction(
        "124 areas: a tap on the interactive chart", AREAS, tap(".plot .choroplethlayer path", 60), before=interactive
    ),
    Interaction("3,000 pins: Tab held from pin to pin", PINS, tab_from(".pin")),
    Interaction("3,000 pins: a tap on a pin", PINS, tap(".pin circle", 20)),
    Interaction("3,000 pins: Tab held down the list", PINS, tab_from("#map-list li a")),
    Interaction("3,000 pins: what is near", PINS, near),
)  # fmt: skip


def answered(browser: Browser, address: str, interaction: Interaction) -> float:
    """The longest event, in ms, of one visit in which this is done."""
    page, session = slowed(browser, interaction.size)
    page.goto(address + interaction.path)
    page.evaluate(STAY)
    if interaction.before:
        interaction.before(page, session)
    longest = longest_event(page, lambda: interaction.act(page, session))
    page.context.close()
    return longest


def report_map(browser: Browser, address: str) -> None:
    """A line for each thing a reader does to the crowded map."""
    for interaction in INTERACTIONS:
        took = statistics.median(answered(browser, address, interaction) for _ in range(RUNS))
        print(f"{interaction.name:44} longest event, ms {beside(took, MOST_ANSWER_MS)}", flush=True)
