"""How long the portal needs to make a page, over every kind of page a release has; part of `./run bench pages`.

Each address is asked once, after two others of its kind: the release is warm, the page itself is made for the first
time. Counted is processor time in this process, from the request to the last octet, so that what else the machine does
does not count; the first octet is measured over HTTP, in wall time, on a server of its own.
"""

from __future__ import annotations

import itertools
import random
import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.app import build_app
from portal.reading.edition import Edition
from portal.reading.shelf import Shelf
from portal.settings import Settings
from publishing.release.store import ReleaseStore
from tests.builders.visitor import Visitor

EACH = 30
"""Addresses of a kind, at most."""
WARMING = 2
SEARCHED = ("小学", "道路", "医院", "供水", "学校改造", "农村公路", "教育", "卫生", "河道", "桥")
ASKED = (
    "全省教育支出",
    "全省预算",
    "执行率最高的市",
    "各市教育支出",
    "医院有多少个项目",
    "逾期的项目有多少个",
)
VIEWS = ("tree", "rings", "flow", "times", "heat")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page, with addresses of it."""

    name: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Milliseconds of the processor that a kind of page takes, and its heaviest page in octets as it is sent."""

    name: str
    pages: int
    median: float
    p95: float
    slowest: str
    octets: int


def percentile(values: Sequence[float], share: int) -> float:
    """A percentile; with few values the largest."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


def edition_of(home: Path) -> Edition:
    """The newest release of a home."""
    shelf = Shelf(ReleaseStore(home / "public"))
    numbers = [note.number for note in shelf.notes()]
    return Edition(shelf.open(max(numbers)))


def kinds_of(edition: Edition) -> Iterator[Kind]:
    """Every kind of page that has something to say in this release."""
    chosen = random.Random(1)  # noqa: S311 - the same pages every time

    def some(table: str, column: str) -> list[str]:
        values: list[str] = (
            sorted(edition.frame(table)[column].drop_nulls().unique()) if edition.has(table) else []
        )
        return chosen.sample(values, min(EACH, len(values)))

    regions, projects = some("regions", "region_code"), some("projects", "project_id")
    year = edition.release.as_of.year
    yield Kind(
        "home",
        tuple(f"/?mode={mode}&theme={theme}" for mode in ("", "elder") for theme in ("", "dark", "light")),
    )
    yield Kind("project", tuple(f"/projects/{each}" for each in projects))
    yield Kind("project, English", tuple(f"/projects/{each}?lang=en" for each in projects))
    yield Kind("sign", tuple(f"/projects/{each}/sign" for each in projects))
    yield Kind("projects", tuple(f"/projects?region={each}" for each in regions))
    yield Kind("region", tuple(f"/regions/{each}" for each in regions))
    yield Kind("organisation", tuple(f"/organisations/{each}" for each in some("organisations", "org_id")))
    yield Kind("supplier", tuple(f"/suppliers/{each}" for each in some("suppliers", "supplier_id")))
    yield Kind(
        "map", tuple(f"/map?region={each}&measure={what}" for each in regions for what in ("paid", "rate"))
    )
    yield Kind(
        "spending", tuple(f"/spending?region={each}&view={view}" for each in regions[:8] for view in VIEWS)
    )
    pairs = itertools.pairwise(regions)
    yield Kind("compare", tuple(f"/compare?with={one}&with={other}" for one, other in pairs))
    yield Kind("receipt", tuple(f"/receipt?amount={amount}" for amount in range(1_000, 31_000, 1_000)))
    yield Kind("ask", tuple(f"/ask?q={year - back}年{words}" for words in ASKED for back in (0, 1, 2)))
    yield Kind("search", tuple(f"/search?q={words}" for words in SEARCHED))
    yield Kind("datasets", ("/datasets", *(f"/datasets/{name}" for name in edition.specs)))
    yield Kind("dictionary", tuple(f"/dictionary?theme={theme}" for theme in ("", "dark", "light")))
    yield Kind("disclosure", tuple(f"/disclosure?theme={theme}" for theme in ("", "dark", "light")))
    number = edition.number
    yield Kind("releases", ("/releases", *(f"/releases/{each}" for each in range(1, number + 1))))
    yield Kind("white paper", tuple(f"/reports/{each}" for each in range(1, number + 1)))


def made_by(home: Path) -> Iterator[Made]:
    """Every kind of page of a home, made in this process."""
    visitor = Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(home)}), "public"))
    for kind in kinds_of(edition_of(home)):
        if kind.paths:
            yield _made(visitor, kind)


def _made(visitor: Visitor, kind: Kind) -> Made:
    for path in kind.paths[
        -WARMING:
    ]:  # the newest release last: what it changed is worked out ahead in a server
        visitor.browse(_apart(path, "warming"))
    took: list[tuple[float, str]] = []
    heaviest = 0
    for path in kind.paths:
        start = time.process_time()
        answer = visitor.ask("GET", path, {"accept": "text/html", "accept-encoding": "gzip"})
        took.append(((time.process_time() - start) * 1000, path))
        if answer.status_code != 200:
            raise SystemExit(f"{path}: status {answer.status_code}, a page was expected")
        heaviest = max(heaviest, int(answer.headers["content-length"]))
    times = [milliseconds for milliseconds, _ in took]
    return Made(kind.name, len(took), statistics.median(times), percentile(times, 95), max(took)[1], heaviest)


def _apart(path: str, word: str) -> str:
    """An address nobody asked yet: another address is another page to the cache."""
    return f"{path}{'&' if '?' in path else '?'}{word}=1"


def first_octets(address: str, path: str, times: int) -> list[float]:
    """Milliseconds to the first octet of a page nobody asked before, over HTTP."""
    took = []
    for number in range(times):
        asked = address + _apart(quote(path, safe="/?=&@"), f"number{number}")
        start = time.perf_counter()
        with urllib.request.urlopen(asked) as answer:
            answer.read(1)
            took.append((time.perf_counter() - start) * 1000)
    return took
