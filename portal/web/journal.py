"""The access log: one line of JSON for every request, written aside once a second, and nothing that tells who asked.

A request costs the server one small tuple. A thread makes lines of what has gathered, a few at a time, because making
them keeps the interpreter from whoever is being answered meanwhile; each piece is appended in one write, so that several
processes may share a file. A full file gets a number (`access.1.jsonl` is the newest of the full ones) and the oldest of
`FILES_KEPT` goes. A disk that refuses or cannot keep up loses lines, never answers, and the memory they wait in is
bounded; how many were lost is said.

A line has `at` (UTC), `id` (the request's number, also in `X-Request-Id`), `from` (the network: the first 24 bits of an
IPv4 address, the first 48 of an IPv6 one; `key` for whoever has one), `method`, `path`, `status`, `octets` of the body
and `ms`. Not in it: full addresses, keys, user agents, questions (the query string), and of rooms where people write
anything after the first part of the path.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections import deque
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import BinaryIO

import msgspec

log = logging.getLogger("sunshine.access")

FLUSH_S = 1.0
PIECE = 256
"""Lines made in one go: less than half a millisecond in which nobody is answered."""
BREATH_S = 0.001
MOST_WAITING = 300_000
"""Requests that may wait for their lines, some 100 MB; more are lost."""
LARGEST_FILE = 64_000_000
FILES_KEPT = 8
LONGEST_PATH = 200
TOLD_IN_FULL = frozenset(
    (
        "", "api", "datasets", "projects", "regions", "organisations", "suppliers", "spending", "compare", "receipt",
        "map", "charts", "embed", "feeds", "ocds", "releases", "reports", "q", "search", "ask", "dictionary",
        "disclosure", "verify", "design", "static", "log", "catalog", "catalog.ttl", "catalog.jsonld", "catalog.rdf",
        "data.json", "openapi.json", "developers", "sitemap.xml", "robots.txt", "favicon.ico", "healthz", "readyz",
        ".well-known",
    )
)  # fmt: skip
"""The first parts of addresses that anybody may read: only these are logged to their end."""
ROOMS = frozenset(("cases", "desk", "login", "logout", "account", "choose-password", "ratings", "following"))
"""Where people write: the first part says enough."""


Seen = tuple[float, str, str, str, str, int, int, float]
"""One request until it is written: seconds since 1970, number, asker, method, path, status, octets, seconds taken.

A plain tuple: it is made in the turn in which the answer leaves.
"""


class Line(msgspec.Struct):
    """One line of the file."""

    at: str
    id: str
    from_: str = msgspec.field(name="from")
    method: str
    path: str
    status: int
    octets: int
    ms: float


class Journal:
    """Gathers what was asked and appends it to a file."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.waiting: deque[Seen] = deque()
        self.lost = 0
        self._lost_before = 0
        self._is_complaining = False
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def of(cls, setting: str, home: Path) -> Journal | None:
        """The journal a setting describes, a relative place being in the home; None for `off`."""
        return None if setting == "off" else cls(home / setting)

    def start(self) -> None:
        """Begin to write what gathers."""
        self._thread = threading.Thread(target=self._write_on, name="access-log", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write the rest and end."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def note(self, seen: Seen) -> None:
        """Remember one request until its line is written."""
        if len(self.waiting) < MOST_WAITING:
            self.waiting.append(seen)
        else:
            self.lost += 1

    def _write_on(self) -> None:
        while not self._over.wait(FLUSH_S):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what has gathered; what cannot be written is forgotten, and that is said once while it lasts."""
        trouble, gathered = "", len(self.waiting)
        piece = max(PIECE, gathered // PIECE)  # larger ones for whoever is behind
        for _ in range(-(-gathered // piece)):
            trouble = self._write_piece(piece) or trouble
        if self.lost > self._lost_before and not self._is_complaining:
            log.warning(
                "the access log %s lost %d lines: %s",
                self.place,
                self.lost,
                trouble or "more than it can write",
            )
        self._is_complaining = self.lost > self._lost_before
        self._lost_before = self.lost

    def _write_piece(self, most: int) -> str:
        """Write the oldest lines and let others work; what went wrong, if anything."""
        seen = [self.waiting.popleft() for _ in range(min(most, len(self.waiting)))]
        try:
            append(self.place, lines_of(seen))
        except OSError as error:
            self.lost += len(seen)
            return str(error)
        self._over.wait(BREATH_S)  # an event that is set waits no more: the last lines are written at once
        return ""


def lines_of(seen: list[Seen]) -> bytes:
    """The requests as lines of JSON, in the order in which they were answered."""
    return msgspec.json.Encoder().encode_lines(
        [
            Line(
                _moment(at), request_id, network_of(asker), method, told(path), status, octets, round(took * 1000, 2)
            )
            for at, request_id, asker, method, path, status, octets, took in seen
        ]
    )  # fmt: skip


def _moment(at: float) -> str:
    return f"{_second(int(at))}.{int(at % 1 * 1000):03d}Z"


@lru_cache(maxsize=16)
def _second(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=10_000)
def network_of(asker: str) -> str:
    """Where an asker is, roughly: the network of the address; `key` for a key, empty for what is neither."""
    if asker.startswith("key:"):
        return "key"
    try:
        address = ip_address(asker)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return f"{IPv6Address(int(address) >> 80 << 80)}/48"
        address = address.ipv4_mapped
    return f"{str(address).rpartition('.')[0]}.0/24"


@lru_cache(maxsize=10_000)
def told(path: str) -> str:
    """What the log says of a path."""
    first, mark, _ = path[1:].partition("/")
    if first.partition("@")[0] in TOLD_IN_FULL:
        return path if len(path) <= LONGEST_PATH else f"{path[:LONGEST_PATH]}…"
    return f"/{first}{mark and '/…'}" if first in ROOMS else "/…"


def append(place: Path, lines: bytes) -> None:
    """Append lines to the file, in one piece whoever else writes; a full file is put aside. Raises: OSError."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    while True:
        with place.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not _is_still(place, file):  # another process has put it aside meanwhile
                continue
            file.write(lines)
            file.flush()
            if file.tell() >= LARGEST_FILE:
                _put_aside(place)
            return


def _is_still(place: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(place.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _put_aside(place: Path) -> None:
    for number in range(FILES_KEPT - 2, 0, -1):
        older = place.with_suffix(f".{number}{place.suffix}")
        if older.exists():
            older.replace(place.with_suffix(f".{number + 1}{place.suffix}"))
    place.replace(place.with_suffix(f".1{place.suffix}"))
