"""The query interface in one run, beside Datasette and beside a bare Litestar handler.

    ./run bench api                       everything; the data are made once, in .cache/bench/api
    ./run bench api --months 100000       a quick look
    ./run bench api --only questions      questions | cached | exports | walk | growth

Both servers answer the same questions over the same 214 k rows: Datasette from SQLite with covering indexes and
statistics, its pages without count and facets. Compared are requests a second and, for a machine that has other work,
processor milliseconds per request (the server's, threads included). No question is asked twice where it says uncached.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.api_questions import Questions, questions
from benchmarks.api_servers import Measured, Server, bare, datasette, measure, measure_hot, ours
from benchmarks.api_tables import make_home, make_sqlite
from benchmarks.api_walk import export_while_browsing, walk_while_publishing

PLACE = Path(".cache/bench/api")
FEW, MANY = 8, 32
GROWTH = "/api/v1/datasets/project_months@1/rows.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the data lie."""

    home: Path
    database: Path
    seconds: float


def line(name: str, found: Measured) -> str:
    """One measurement in words."""
    outcome = found.outcome
    return (
        f"  {name:<12}{found.rate:>9,.0f} /s   p50 {outcome.p50_ms:>8.2f}   p99 {outcome.p99_ms:>8.2f} ms"
        f"   {found.cpu_ms:>7.3f} ms cpu   {outcome.requests:>7,} asked"
    )


def compare_questions(place: Place) -> None:
    """Uncached, each kind of question, the servers in turn."""
    print(
        "\nUncached, against Datasette (wanted: prepared 8 x, other sums 1.3 x, other pages 3 x, lower p99)"
    )
    with ours(place.home) as own, datasette(place.database) as peer:
        for kind in questions():
            warm = slice(0, 20)
            measure(own, kind.ours[warm], connections=1, seconds=60, is_once=True)
            measure(peer, kind.theirs[warm], connections=1, seconds=60, is_once=True)
            _compare(kind, place.seconds, own, peer)


def _compare(kind: Questions, seconds: float, own: Server, peer: Server) -> None:
    rest = slice(20, None)
    mine = measure(own, kind.ours[rest], connections=FEW, seconds=seconds, is_once=True)
    theirs = measure(peer, kind.theirs[rest], connections=FEW, seconds=seconds, is_once=True)
    wanted = 8 if kind.is_prepared else 3 if kind.is_page else 1.3
    print(f"{kind.name}{' (prepared)' if kind.is_prepared else ''}")
    print(line("ours", mine))
    print(line("Datasette", theirs))
    print(
        f"  {mine.rate / theirs.rate:.1f} x its rate, {theirs.cpu_ms / mine.cpu_ms:.1f} x by processor time"
        f" (wanted {wanted} x); p99 {'lower' if mine.outcome.p99_ms < theirs.outcome.p99_ms else 'NOT LOWER'}"
    )


def compare_cached(place: Place) -> None:
    """The same few questions over and over: against Datasette, and against a bare handler with the same body."""
    print("\nCached (wanted: 75 x Datasette, 2 x a bare Litestar handler, p99 under 10 ms at 32 connections)")
    kind = next(found for found in questions() if found.name == "sum by region")
    asked = slice(0, 20)
    with ours(place.home) as own:
        body = own.fetch(kind.ours[0])
        with bare(body) as plain, datasette(place.database) as peer:
            for server, paths in ((own, kind.ours), (plain, ("/",)), (peer, kind.theirs)):
                measure(server, paths[asked], connections=1, seconds=1, is_once=False)
            mine = measure_hot(own, kind.ours[asked], connections=MANY, seconds=place.seconds)
            handler = measure_hot(plain, ("/",), connections=MANY, seconds=place.seconds)
            theirs = measure_hot(peer, kind.theirs[asked], connections=MANY, seconds=place.seconds)
    for name, found in (("ours", mine), ("bare handler", handler), ("Datasette", theirs)):
        print(line(name, found))
    print(
        f"  {mine.rate / theirs.rate:.0f} x Datasette ({theirs.cpu_ms / mine.cpu_ms:.0f} x by processor time),"
        f" {mine.rate / handler.rate:.2f} x the bare handler ({handler.cpu_ms / mine.cpu_ms:.2f} x)"
    )


def exports(place: Place) -> None:
    """Everything as CSV, three times at once, while fifty people browse."""
    print("\nThree exports while 50 browse (wanted: equal digests, page p95 < 2 s, growth < 200 MB)")
    with ours(place.home) as own:
        found = export_while_browsing(own)
    print(
        f"  {len(found.digests)} of 3 complete, {len(set(found.digests))} different digest(s),"
        f" {found.octets / 1e6:,.0f} MB in {found.seconds:.1f} s\n"
        f"  pages: {found.pages.requests:,}, {found.pages.failures} failures, p95 {found.pages.p95_ms:,.0f} ms;"
        f" memory grew by {found.growth_mb:,.0f} MB"
    )


def walk(place: Place) -> None:
    """By `next` through everything while a new release is published, in a copy of the home."""
    print("\nA walk through every row while a new release comes out (wanted: every key once, count equal)")
    with tempfile.TemporaryDirectory(dir=PLACE) as folder:
        copy = Path(folder) / "home"
        shutil.copytree(place.home, copy, copy_function=_linked)
        with ours(copy) as own:
            found = walk_while_publishing(own, copy)
    print(
        f"  {found.rows:,} rows, {found.distinct:,} different keys, count said {found.promised:,},"
        f" {found.seconds:.1f} s; the new release {'came' if found.was_replaced else 'DID NOT COME'}"
    )


def _linked(source: str, target: str) -> None:
    """Objects are never written again, so a link is a copy; everything else is copied."""
    if "/objects/" in source:
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)


def growth(place: Place) -> None:
    """Exports of a part, a half and all of a table: seconds and memory against rows."""
    print("\nGrowth (wanted: no faster than rows)")
    months = (("2022-06", "an eighth"), ("2023-12", "a half"), ("2026-02", "all"))
    for last, said in months:
        with ours(place.home) as own:
            path = f"{GROWTH}?month__lte={last}"
            own.fetch(f"{GROWTH}?month__lte=2022-01")
            before, cpu = own.resident_mb(), own.cpu_seconds()
            started = time.perf_counter()
            rows = own.fetch(path).count(b"\n") - 1
            print(
                f"  {said:<10}{rows:>10,} rows   {time.perf_counter() - started:6.2f} s"
                f"   {(own.cpu_seconds() - cpu) / max(1, rows) * 1e6:6.2f} cpu s per million"
                f"   memory +{own.resident_mb() - before:,.0f} MB"
            )


PARTS: dict[str, Callable[[Place], None]] = {
    "questions": compare_questions,
    "cached": compare_cached,
    "exports": exports,
    "walk": walk,
    "growth": growth,
}


def main() -> None:
    """Make the data, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--months", type=int, default=1_000_000, help="rows of the project months")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each kind of question is asked")
    parser.add_argument("--only", choices=sorted(PARTS), action="append")
    given = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    place = Place(PLACE / f"home-{given.months}", PLACE / "bench.db", given.seconds)
    make_home(place.home, given.months)
    make_sqlite(place.database)
    for name in given.only or PARTS:
        PARTS[name](place)
    load = subprocess.run(["uptime"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"\nthe machine meanwhile: {load}")


if __name__ == "__main__":
    main()
