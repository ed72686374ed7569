"""Three hundred submissions a minute on SQLite with two workers, while others read.

    ./run bench writing                     a minute of each: reading alone, reading while 300 cases come in
    ./run bench writing --seconds 20        a quick look

Each submission is what a browser does: the form was opened and its proof of work solved before the clock runs, then the
form is sent at its appointed time, each from an address of its own. Counted: the 95th percentile of the answers, how
many of them are in the database (all, once each), and how much slower reading pages were meanwhile.
Wanted: none lost, p95 under 300 ms, reading at most 1.2 times as slow.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import altcha
import httpx
from sqlmodel import select

from portal.writing.database import Database
from portal.writing.models import Case
from tests.builders.published import publish_province

PAGES = ("/", "/projects", "/projects/P202100005", "/spending", "/regions/990100", "/datasets")
READS_A_SECOND = 20
_HIDDEN = re.compile(r'name="(form_token|form_key)" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Prepared:
    """A form that is filled in and proven, with the address and the cookie it is sent with."""

    fields: dict[str, str]
    headers: dict[str, str]


@dataclass
class Timed:
    """Seconds each answer took, and those that were not what they should be."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)

    def percentile(self, share: int) -> float:
        """A percentile in milliseconds."""
        return statistics.quantiles(self.seconds, n=100)[share - 1] * 1000


@contextmanager
def served(home: Path, workers: int) -> Iterator[str]:
    """The real server with its workers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "SUNSHINE_BASE_URL": address, "SUNSHINE_TRUSTED_PROXIES": "127.0.0.1"}
    command = [sys.executable, "-m", "portal.cli", "serve", "--home", str(home), "--port", str(port)]
    command += ["--surface", "both", "--workers", str(workers)]
    server = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"{address}/readyz")
        yield address
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(240):
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise SystemExit("the server did not start")


def solved(challenge: dict[str, object]) -> str:
    """The work a browser does for one form."""
    wanted = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(wanted, derive_key=altcha.derive_key_pbkdf2)
    if solution is None:
        raise SystemExit("a proof of work could not be solved")
    return altcha.Payload(wanted, solution).to_base64()


def prepare(address: str, count: int) -> list[Prepared]:
    """Open and fill in the forms, each as a visitor of its own."""
    opened: list[tuple[dict[str, str], dict[str, str]]] = []
    challenges = []
    with httpx.Client(base_url=address, timeout=30) as client:
        for index in range(count):
            headers = {"x-forwarded-for": f"198.18.{index // 250}.{index % 250 + 1}", "accept": "text/html"}
            client.cookies.clear()
            page = client.get("/cases/new?kind=question&project=P202100005", headers=headers)
            hidden = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.text)}
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            opened.append((hidden, {**headers, "cookie": cookie, "origin": address}))
            challenges.append(client.get("/cases/challenge", headers=headers).json())
    with ProcessPoolExecutor(2) as pool:
        proofs = list(pool.map(solved, challenges, chunksize=10))
    return [
        Prepared(
            {
                **hidden,
                "kind": "question",
                "project": "P202100005",
                "subject": f"第 {index} 次问工期",
                "text": f"第 {index} 个人想知道这条路什么时候完工，电话 1380013{index:04d}。",
                "listing": "yes",
                "checked": "yes",
                "proof": proof,
            },
            headers,
        )
        for index, ((hidden, headers), proof) in enumerate(zip(opened, proofs, strict=True))
    ]


async def send_all(address: str, forms: Sequence[Prepared], seconds: float) -> Timed:
    """Send every form at its appointed time, whether or not those before have been answered."""
    found = Timed()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        start = time.perf_counter()

        async def send(index: int, form: Prepared) -> None:
            await asyncio.sleep(max(0, start + index * seconds / len(forms) - time.perf_counter()))
            began = time.perf_counter()
            answer = await client.post("/cases/new", data=form.fields, headers=form.headers)
            found.seconds.append(time.perf_counter() - began)
            if answer.status_code != 201:
                found.wrong.append(answer.status_code)

        await asyncio.gather(*(send(index, form) for index, form in enumerate(forms)))
    return found


async def read_pages(address: str, seconds: float) -> Timed:
    """Read pages at an even pace; addresses differ, so that not every answer is a kept one."""
    found = Timed()
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        start = time.perf_counter()

        async def read(index: int) -> None:
            await asyncio.sleep(max(0, start + index / READS_A_SECOND - time.perf_counter()))
            began = time.perf_counter()
            answer = await client.get(f"{PAGES[index % len(PAGES)]}?mode=elder")
            found.seconds.append(time.perf_counter() - began)
            if answer.status_code != 200:
                found.wrong.append(answer.status_code)

        await asyncio.gather(*(read(index) for index in range(int(seconds * READS_A_SECOND))))
    return found


async def both(address: str, forms: Sequence[Prepared], seconds: float) -> tuple[Timed, Timed]:
    """Write and read at the same time."""
    written, seen = await asyncio.gather(send_all(address, forms, seconds), read_pages(address, seconds))
    return written, seen


def cases_in(home: Path) -> list[str]:
    """The numbers that are in the database."""
    database = Database.at(home)
    try:
        with database.reading() as session:
            return list(session.exec(select(Case.number)))
    finally:
        database.close()


def main() -> None:
    """Measure and say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--per-minute", type=int, default=300)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    count = max(10, round(arguments.per_minute * arguments.seconds / 60))
    with tempfile.TemporaryDirectory(prefix="sunshine-writing-") as folder:
        home = Path(folder)
        publish_province(home, is_indexed=True)
        with served(home, arguments.workers) as address:
            forms = prepare(address, count)
            asyncio.run(read_pages(address, 3))  # warm
            alone = asyncio.run(read_pages(address, arguments.seconds))
            written, meanwhile = asyncio.run(both(address, forms, arguments.seconds))
        _say(count, written, alone, meanwhile, cases_in(home))


def _say(count: int, written: Timed, alone: Timed, meanwhile: Timed, numbers: Sequence[str]) -> None:
    print(f"submissions: {count} sent, {len(numbers)} in the database, {len(set(numbers))} numbers")
    print(f"  not taken: {written.wrong or 'none'}")
    print(f"  p50 {written.percentile(50):.1f} ms   p95 {written.percentile(95):.1f} ms (wanted < 300)")
    for name, found in (("alone", alone), ("meanwhile", meanwhile)):
        print(
            f"reading {name:<10} mean {statistics.fmean(found.seconds) * 1000:.2f} ms"
            f"   p50 {found.percentile(50):.2f}   p95 {found.percentile(95):.2f} ms   wrong {len(found.wrong)}"
        )
    ratio = statistics.fmean(meanwhile.seconds) / statistics.fmean(alone.seconds)
    middle = meanwhile.percentile(50) / alone.percentile(50)
    print(f"reading slower by {ratio:.2f} x in the mean, {middle:.2f} x in the median (wanted <= 1.2)")


if __name__ == "__main__":
    main()
