"""Exports and walks of a large table while others browse and a new release comes out."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from benchmarks.api_servers import ROOT, Server
from benchmarks.load import Outcome, outcome_of

EXPORT = "/api/v1/datasets/project_months@1/rows.csv"
WALK = "/api/v1/datasets/project_months/rows?limit=1000&select=project_id,month"
PAGES = ("/", "/projects", "/spending", "/datasets", "/releases", "/datasets/spending", "/regions/990000")
BROWSERS = 50
PUBLISH = """
import sys
from pathlib import Path
from tests.builders.published import province_tables, publish
publish(Path(sys.argv[1]), province_tables(cities=2, counties=2, projects=20))
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """Three exports of everything while fifty browse."""

    digests: tuple[str, ...]
    octets: int
    seconds: float
    pages: Outcome
    growth_mb: float


@dataclass(frozen=True, slots=True)
class Walked:
    """A walk by `next`: what `count` promised, how many keys came, how many were different."""

    promised: int
    rows: int
    distinct: int
    seconds: float
    was_replaced: bool


def export_while_browsing(server: Server) -> Exported:
    """Three exports at once; pages are asked for until the last one is whole."""
    server.fetch(f"{EXPORT}?month=2022-01")
    before, most, over = server.resident_mb(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.05):
            most = max(most, server.resident_mb())

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    started = time.perf_counter()
    digests, octets, pages = asyncio.run(_together(server.url))
    seconds = time.perf_counter() - started
    over.set()
    watching.join()
    return Exported(digests, octets, seconds, pages, most - before)


async def _together(url: str) -> tuple[tuple[str, ...], int, Outcome]:
    over, times, failures = asyncio.Event(), list[float](), list[int]()
    limits = httpx.Limits(max_connections=BROWSERS + 10)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=600) as client:
        started = time.perf_counter()
        browsers = [
            asyncio.create_task(_browse(client, number, over, times, failures)) for number in range(BROWSERS)
        ]
        found = await asyncio.gather(*(_digest(client) for _ in range(3)))
        over.set()
        await asyncio.gather(*browsers)
        seconds = time.perf_counter() - started
    return (
        tuple(digest for digest, _ in found),
        sum(size for _, size in found),
        outcome_of(times, len(failures), seconds),
    )


async def _digest(client: httpx.AsyncClient) -> tuple[str, int]:
    seen, size = hashlib.sha256(), 0
    async with client.stream("GET", EXPORT) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            seen.update(piece)
            size += len(piece)
    return seen.hexdigest(), size


async def _browse(
    client: httpx.AsyncClient, number: int, over: asyncio.Event, times: list[float], failures: list[int]
) -> None:
    """One visitor: a page, a moment's reading, the next page."""
    while not over.is_set():
        started = time.perf_counter()
        answer = await client.get(PAGES[number % len(PAGES)])
        times.append(time.perf_counter() - started)
        if answer.status_code != 200:
            failures.append(answer.status_code)
        number += 1
        await asyncio.sleep(0.5)


def walk_while_publishing(server: Server, home: Path) -> Walked:
    """Follow `next` from the first row to the last; a new release is published meanwhile."""
    keys: set[tuple[str, str]] = set()
    rows, promised, path = 0, -1, WALK
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", PUBLISH, str(home)], cwd=ROOT) as publisher:
        while path:
            page = msgspec.json.decode(server.fetch(path))
            promised = page["count"] if promised < 0 else promised
            rows += len(page["rows"])
            keys.update((row["project_id"], row["month"]) for row in page["rows"])
            path = (page["next"] or "").removeprefix(server.url)
        publisher.wait(timeout=300)
    seconds = time.perf_counter() - started
    return Walked(promised, rows, len(keys), seconds, _is_replaced(server))


def _is_replaced(server: Server) -> bool:
    """Whether the new release is shown, within a minute."""
    for _ in range(120):
        if msgspec.json.decode(server.fetch("/healthz"))["release"] == 2:
            return True
        time.sleep(0.5)
    return False
