"""A load generator: so many connections ask a server in turn for the addresses of a list, over and over.

    python -m benchmarks.load http://127.0.0.1:8000 ADDRESSES --connections 32 --seconds 5

Plain GETs over kept connections, one request at a time on each. `--once` stops at the end of the list, so that no
address is asked for twice. Prints one line of JSON: requests, failures (any status but 200), seconds, milliseconds at
the 50th, 95th and 99th of a hundred, and the processor seconds that asking itself took.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import uvloop

OK = b"HTTP/1.1 200"
STRAGGLING_S = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run measured; latencies in milliseconds."""

    requests: int
    failures: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    own_cpu_s: float


@dataclass
class Run:
    """What the connections of one run share."""

    requests: list[bytes]
    deadline: float
    is_once: bool
    position: int = 0
    failures: int = 0
    times: list[float] = field(default_factory=list)

    def next_request(self) -> bytes | None:
        """The next request to send; None when the run is over."""
        if time.perf_counter() >= self.deadline or (self.is_once and self.position >= len(self.requests)):
            return None
        found = self.requests[self.position % len(self.requests)]
        self.position += 1
        return found


class Connection(asyncio.Protocol):
    """One kept connection: asks, waits for the whole answer, asks again."""

    def __init__(self, run: Run, ended: asyncio.Future[None]) -> None:
        self.run = run
        self.ended = ended
        self.received = b""
        self.wanted: int | None = None
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the first question."""
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods only
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that this one is over."""
        del exc
        if not self.ended.done():
            self.ended.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Gather octets until the answer is whole."""
        self.received = self.received + data if self.received else data
        if self.wanted is None:
            self._read_head()
        if self._is_whole():
            self.run.times.append(time.perf_counter() - self.started)
            self.run.failures += not self.received.startswith(OK)
            self._ask()

    def _read_head(self) -> None:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end].lower()
        at = head.find(b"\r\ncontent-length:")
        self.wanted = -1 if at < 0 else end + 4 + int(head[at + 17 :].split(b"\r\n", 1)[0])

    def _is_whole(self) -> bool:
        if self.wanted == -1:  # sent in chunks
            return self.received.endswith(b"\r\n0\r\n\r\n")
        return self.wanted is not None and len(self.received) >= self.wanted

    def _ask(self) -> None:
        request = self.run.next_request()
        if request is None:
            self.transport.close()
            return
        self.received, self.wanted = b"", None
        self.started = time.perf_counter()
        self.transport.write(request)


async def load(
    url: str, paths: list[str], *, connections: int, seconds: float, is_once: bool = False
) -> Outcome:
    """Ask a server for the paths, in turn, until the time is up or (`is_once`) the list ends."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    requests = [f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode() for path in paths]
    started, cpu = time.perf_counter(), time.process_time()
    run = Run(requests, started + seconds, is_once)
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(connections)]
    for end in ends:
        await loop.create_connection(lambda end=end: Connection(run, end), host, port)  # type: ignore[misc]
    async with asyncio.timeout(seconds + STRAGGLING_S):
        await asyncio.gather(*ends)
    elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu
    return outcome_of(run.times, run.failures, elapsed, cpu)


def outcome_of(times: list[float], failures: int, seconds: float, cpu: float = 0.0) -> Outcome:
    """The figures of the seconds each request took."""
    ordered = sorted(times) or [float("nan")]

    def quantile(part: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000, 3)

    return Outcome(len(times), failures, seconds, quantile(0.5), quantile(0.95), quantile(0.99), cpu)


def main() -> None:
    """Read the command line, run, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("url")
    parser.add_argument("addresses", type=Path, help="a file with one path a line")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--once", action="store_true")
    given = parser.parse_args()
    paths = given.addresses.read_text().split()
    work = load(given.url, paths, connections=given.connections, seconds=given.seconds, is_once=given.once)
    json.dump(asdict(uvloop.run(work)), sys.stdout)
    print()


if __name__ == "__main__":
    main()
