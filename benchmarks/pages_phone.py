"""A phone of the middle class on a slow network, and what its browser says of a visit; part of `./run bench pages`.

Chromium with the processor slowed by four and 1.6 Mbit/s at 150 ms, as Lighthouse has it.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, CDPSession, Page

NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER = 4
PHONE, DESK = (390, 844), (1440, 900)
FRAME = (80, 240)
"""Pixels that the window of the browser has more than the page, for its own bars."""
SETTLED_MS = 300
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


def slowed(browser: Browser, size: tuple[int, int] = PHONE) -> tuple[Page, CDPSession]:
    """A page of this size on a slow machine with a slow network; a finger touches the small one."""
    width, height = size
    is_phone = size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=is_phone, is_mobile=is_phone
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    show_whole(session, size)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def show_whole(session: CDPSession, size: tuple[int, int]) -> None:
    """Make the window large enough for the whole page.

    The window is given the size of the page but has bars of its own, so that the last 87 pixels of the page lie outside
    of it. What changes only there is never presented, and the browser reports the event that changed it as lasting until
    the next frame for which there is another reason, half a second or more.
    """
    window = session.send("Browser.getWindowForTarget")["windowId"]
    bounds = {"width": size[0] + FRAME[0], "height": size[1] + FRAME[1]}
    session.send("Browser.setWindowBounds", {"windowId": window, "bounds": bounds})


def longest_event(page: Page, act: Callable[[], object]) -> float:
    """The longest event, in ms, of what is done here: from the key or finger to the frame that shows its effect."""
    page.wait_for_timeout(SETTLED_MS)
    page.evaluate("seen.event = 0")
    act()
    page.wait_for_timeout(SETTLED_MS)
    return float(page.evaluate("seen.event"))


def beside(measured: float, goal: float) -> str:
    """A figure with what became of its goal."""
    return f"{measured:10,.0f} of {goal:<7,} {'reached' if measured < goal else 'MISSED'}"
