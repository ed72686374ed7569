"""The servers of `./run bench api`: ours as it is installed, Datasette, and a bare Litestar handler."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil
from litestar import Litestar, get

from benchmarks.load import Outcome
from tests.conformance.server import free_port, validator

ROOT = Path(__file__).resolve().parents[1]
START_S = 300.0
PLENTY = "900000000/minute"
SETTINGS = ("sql_time_limit_ms", "20000", "cache_size_kb", "400000", "num_sql_threads", "3")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, with the process that does."""

    url: str
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """Processor seconds it has used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def resident_mb(self) -> float:
        """Memory it holds now."""
        return float(self.process.memory_info().rss) / 1e6

    def fetch(self, path: str) -> bytes:
        """One answer."""
        with urllib.request.urlopen(self.url + path, timeout=300) as answer:
            body: bytes = answer.read()
        return body


@dataclass(frozen=True, slots=True)
class Measured:
    """What a load made of a server: the client's view, and the processor's milliseconds per request."""

    outcome: Outcome
    cpu_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.outcome.requests / self.outcome.seconds


def measure(
    server: Server, paths: tuple[str, ...], *, connections: int, seconds: float, is_once: bool
) -> Measured:
    """Load a server from another process."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(paths))
        listed.flush()
        command = [sys.executable, "-m", "benchmarks.load", server.url, listed.name]
        command += ["--connections", str(connections), "--seconds", str(seconds)]
        before = server.cpu_seconds()
        done = subprocess.run(
            command + ["--once"] * is_once, capture_output=True, check=True, cwd=ROOT, timeout=seconds + 90
        )
        used = server.cpu_seconds() - before
    outcome = msgspec.json.decode(done.stdout, type=Outcome)
    if outcome.failures:
        raise SystemExit(f"{outcome.failures} of {outcome.requests} answers of {server.url} were failures")
    return Measured(outcome, used / max(1, outcome.requests) * 1000)


def measure_hot(server: Server, paths: tuple[str, ...], *, connections: int, seconds: float) -> Measured:
    """Load a server with what it knows already, by wrk: beside it, our own generator takes as long as an answer."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        listed = ", ".join(f"wrk.format('GET', [==[{path}]==])" for path in paths)
        script.write(WRK % listed)
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", script.name, server.url]
        before = server.cpu_seconds()
        try:
            done = subprocess.run(command, capture_output=True, check=True, timeout=seconds + 60)
        except FileNotFoundError:
            raise SystemExit("this part needs the program wrk (Debian: apt-get install wrk)") from None
        used = server.cpu_seconds() - before
    outcome = msgspec.json.decode(done.stdout.splitlines()[-1], type=Outcome)
    if outcome.failures:
        raise SystemExit(f"{outcome.failures} of {outcome.requests} answers of {server.url} were failures")
    return Measured(outcome, used / max(1, outcome.requests) * 1000)


WRK = """
local asked, n = nil, 0
function init(args) asked = { %s } end
function request() n = n + 1 return asked[n %% #asked + 1] end
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format(
    '{"requests": %%d, "failures": %%d, "seconds": %%f, "p50_ms": %%f, "p95_ms": %%f, "p99_ms": %%f, "own_cpu_s": 0}\\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3,
    latency:percentile(99) / 1e3))
end
"""
"""What wrk asks in turn, and its summary as an `Outcome`."""


@contextmanager
def _running(command: list[str], port: int, ready: str, **environment: str) -> Iterator[Server]:
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=given, cwd=ROOT, stdout=said, stderr=said) as process,
    ):
        server = Server(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
        try:
            deadline = time.monotonic() + START_S
            while not _answers(server, ready):
                if process.poll() is not None or time.monotonic() > deadline:
                    said.seek(0)
                    raise SystemExit(f"{command[0]} did not start: {said.read().decode()[-2000:]}")
                time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)


def _answers(server: Server, path: str) -> bool:
    with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
        urllib.request.urlopen(server.url + path, timeout=5).close()
        return True
    return False


@contextmanager
def ours(home: Path) -> Iterator[Server]:
    """`sunshine serve`, one worker, limits and headers on."""
    port = free_port()
    command = [sys.executable, "-m", "portal.cli", "serve", "--home", str(home), "--port", str(port)]
    with _running(command, port, "/readyz", SUNSHINE_RATE_LIMIT=PLENTY) as server:
        yield server


@contextmanager
def datasette(database: Path) -> Iterator[Server]:
    """Datasette over the same rows, its database immutable."""
    port = free_port()
    pairs = zip(SETTINGS[::2], SETTINGS[1::2], strict=True)
    options = [word for name, value in pairs for word in ("--setting", name, value)]
    program = str(validator("datasette", "datasette"))
    with _running(
        [program, "serve", "-i", str(database), "--port", str(port), *options], port, "/"
    ) as server:
        yield server


@contextmanager
def bare(body: bytes) -> Iterator[Server]:
    """A bare Litestar handler that encodes the same answer, under the same server with the same options."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "answer.json").write_bytes(body)
        command = [sys.executable, "-m", "uvicorn", "benchmarks.api_servers:bare_app", "--factory"]
        command += ["--port", str(port), "--no-access-log", "--log-level", "warning"]
        with _running(command, port, "/", BENCH_ANSWER=f"{folder}/answer.json") as server:
            yield server


def bare_app() -> Litestar:
    """One route, one value, no middleware."""
    value = msgspec.json.decode(Path(os.environ["BENCH_ANSWER"]).read_bytes())

    @get("/", sync_to_thread=False)
    def answer() -> dict[str, object]:
        return dict(value)

    return Litestar([answer], openapi_config=None, logging_config=None)
