"""A real server in a process of its own, a relay that counts octets, and validators in their own environments."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

import portal

ROOT = Path(portal.__file__).resolve().parent.parent
STANDARDS = Path(__file__).parent / "standards"
START_S = 60.0
LONGEST_S = 200.0


@dataclass(frozen=True, slots=True)
class Site:
    """A portal that answers on loopback."""

    url: str
    port: int

    def get(self, path: str, headers: dict[str, str] | None = None) -> bytes:
        """The body of an answer; an error status raises."""
        request = urllib.request.Request(self.url + path, headers=headers or {})
        with urllib.request.urlopen(request, timeout=60) as answer:
            body: bytes = answer.read()
        return body

    def json(self, path: str) -> Any:
        """An answer in JSON."""
        return msgspec.json.decode(self.get(path))


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(home: Path, *, workers: int = 1, **settings: str) -> Iterator[Site]:
    """The program as it is installed: `sunshine serve`, with a limit that a test does not reach unless it sets one."""
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}", port)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SUNSHINE_BASE_URL": site.url,
        "SUNSHINE_RATE_LIMIT": "9000000/minute",
        "SUNSHINE_CONTACT": "mailto:open-data@example.org",
        **settings,
    }
    command = [sys.executable, "-m", "portal.cli", "serve", "--home", str(home), "--port", str(port)]
    command += ["--workers", str(workers)]
    with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.PIPE) as process:
        try:
            _wait_until_ready(site, process)
            yield site
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _wait_until_ready(site: Site, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped: {process.communicate()[1].decode()}")
        with suppress(urllib.error.URLError, ConnectionError):
            site.get("/readyz")
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer within {START_S} s")


def validator(environment: str, program: str) -> Path:
    """The path of a program in one of the environments of `requirements/validators`."""
    path = ROOT / ".cache" / "venvs" / environment / "bin" / program
    assert path.exists(), f"{path} is missing: run ./run test once, it sets the validators up"
    return path


def run(
    *command: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it said; Python programs find no package of ours."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(part) for part in command],
        env=given | environment,
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=LONGEST_S,
        check=False,
    )


def ask_python(environment: str, program: str, *arguments: str | Path, home: str = "") -> Any:
    """Run a short program with the Python of an environment; its last line is its answer in JSON."""
    done = run(validator(environment, "python"), "-c", program, *arguments, HOME=home or os.environ["HOME"])
    assert done.returncode == 0, done.stderr[-3000:]
    return msgspec.json.decode(done.stdout.strip().splitlines()[-1])


@dataclass
class Relay:
    """Passes connections on to a site and counts the octets that come back."""

    site: Site
    octets: int = 0
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where the relay listens."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def run(self) -> None:
        """Accept until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def close(self) -> None:
        """Stop listening: the connections end with their clients."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.site.port)) as server:
            back = threading.Thread(target=self._back, args=(server, client), daemon=True)
            back.start()
            _pass_on(client, server)
            back.join()

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while piece := server.recv(65_536):
                with self._lock:
                    self.octets += len(piece)
                client.sendall(piece)
            client.shutdown(socket.SHUT_WR)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def counting(site: Site) -> Iterator[Relay]:
    """A relay in front of a site, for as long as the context is open."""
    relay = Relay(site)
    thread = threading.Thread(target=relay.run, daemon=True)
    thread.start()
    try:
        yield relay
    finally:
        relay.close()
        thread.join(5)
