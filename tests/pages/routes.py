"""Every page there is, found from the application itself: a new route is checked from the day it exists.

A path with parameters needs a sample value for each; a parameter without one is an error with a name, not a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from tests.builders.visitor import Visitor

SAMPLES: Final = {
    "project_id": "P202100005",
    "code": "990100",
    "org_id": "U001",
    "supplier_id": "S001",
    "name": "spending",
    "number": "1",
}
"""By the name of the parameter. Paths whose parameter means something else are in `SPECIAL`."""

STATES: Final = (
    "/?mode=elder",
    "/projects?q=%E4%BA%91%E4%BA%91%E4%BA%91",
    "/spending?region=990101&function=205&year=2025&order=rate",
    "/map?region=990100&measure=paid&year=2025",
    "/map?region=990101",
    "/ask?q=2025%E5%B9%B4%E5%90%84%E5%B8%82%E6%95%99%E8%82%B2%E6%94%AF%E5%87%BA",
    "/ask?q=2025%E5%B9%B4%E9%A2%84%E7%AE%97",
    "/search?q=%E5%B0%8F%E5%AD%A6&kind=project&light=red",
    "/search?q=%E6%9C%88%E7%90%83%E8%83%8C%E9%9D%A2",
    "/compare?with=990100&with=990200&year=2025",
    "/compare?kind=project&with=P202100005&q=%E5%B0%8F%E5%AD%A6",
    "/datasets/spending@1",
    "/spending?view=rings&by=region",
    "/spending?view=heat&region=990100",
    "/receipt?amount=abc",
)
"""Further states of pages that their plain address does not show."""

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


def paths_of(handlers: Iterable[Any]) -> list[str]:
    """The paths of all GET routes, sorted."""
    found: set[str] = set()
    for handler in handlers:
        if "GET" in {str(getattr(method, "value", method)) for method in handler.http_methods}:
            found |= set(handler.paths)
    return sorted(found)


def sample(path: str) -> str | None:
    """The path with sample values; None when a parameter has none."""
    names = PARAMETER.findall(path)
    if any(name not in SAMPLES for name in names):
        return None
    return PARAMETER.sub(lambda found: SAMPLES[found[1]], path)


def pages_of(visitor: Visitor, handlers: Iterable[Any]) -> list[str]:
    """Addresses that answer a browser with a page."""
    found = []
    for path in paths_of(handlers):
        address = sample(path)
        if address is None:
            continue
        answer = visitor.browse(address)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            found.append(address)
    return [*found, *STATES]


ERRORS: Final = ("/nowhere", "/projects/P202100005x", "/releases/99")
"""Addresses that have a page of their own saying that there is nothing."""
