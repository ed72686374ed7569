"""Requests known to the octet: the answers of a server that reads every head anew, and nothing that outlives its time."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from portal.api_keys import ApiKeys
from tests.builders.published import province_tables, publish
from tests.conformance.server import Site, serving

PATH = "/api/v1/datasets/spending/rows?limit=3&fiscal_year=2025"
CHANGING = {"x-request-id", "date", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("recall")
    publish(home, province_tables(cities=1, counties=1, projects=3))
    with serving(home, SUNSHINE_RATE_LIMIT="400/hour") as running:
        yield running


def request(path: str = PATH, *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: portal.test", *lines, "", ""]).encode()


class Client:
    """One kept connection that sends octets as they are."""

    def __init__(self, site: Site) -> None:
        self.socket = socket.create_connection(("127.0.0.1", site.port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""

    def ask(self, *pieces: bytes) -> tuple[str, dict[str, str], bytes]:
        for piece in pieces:
            self.socket.sendall(piece)
            if piece is not pieces[-1]:
                time.sleep(0.05)
        return self.answer()

    def answer(self) -> tuple[str, dict[str, str], bytes]:
        while b"\r\n\r\n" not in self.received:
            self._read()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(self.received) < length:
            self._read()
        body, self.received = self.received[:length], self.received[length:]
        return status, headers, body

    def close(self) -> None:
        self.socket.close()

    def _read(self) -> None:
        piece = self.socket.recv(65_536)
        if not piece:
            raise EOFError(self.received)
        self.received += piece


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    with closing(Client(site)) as client:
        yield client


def test_an_answer_from_memory_is_the_answer_and_counts(client: Client) -> None:
    found = [client.ask(request()) for _ in range(5)]
    status, headers, body = found[0]
    for other in found[1:]:
        assert (other[0], other[2]) == (status, body)
        assert list(other[1]) == list(found[1][1])
        assert {n: v for n, v in other[1].items() if n not in CHANGING} == {
            n: v for n, v in headers.items() if n not in CHANGING
        }
    left = [int(answer[1]["x-ratelimit-remaining"]) for answer in found]
    assert left == list(range(left[0], left[0] - 5, -1))
    assert len({answer[1]["x-request-id"] for answer in found}) == 5


def test_a_known_request_in_pieces_or_together_with_others_is_read_as_ever(client: Client) -> None:
    known = request()
    body = client.ask(known)[2]
    assert client.ask(known)[2] == client.ask(known)[2] == body
    assert client.ask(known[:20], known[20:-2], known[-2:])[2] == body
    together = client.ask(known + request("/healthz") + known)
    assert together[2] == body
    assert client.answer()[2].startswith(b'{"status"')
    assert client.answer()[2] == body
    # A body whose octets look like a known request is a body.
    posted = f"POST /api/v1/quota HTTP/1.1\r\nHost: x\r\nContent-Length: {len(known)}\r\n\r\n".encode()
    assert client.ask(posted, known)[0].split()[1] == "405"
    assert client.ask(known)[2] == body


def test_what_the_asker_holds_already_is_not_sent_from_memory_either(client: Client) -> None:
    etag = client.ask(request())[1]["etag"]
    asked = request(PATH, f"If-None-Match: {etag}")
    for _ in range(3):
        status, headers, body = client.ask(asked)
        assert (status, body) == ("HTTP/1.1 304 Not Modified", b"")
        assert headers["etag"] == etag
    packed = request(PATH + "&limit=1", "Accept-Encoding: gzip")
    assert client.ask(packed)[0] == client.ask(packed)[0] == "HTTP/1.1 400 Bad Request"  # limit given twice


def test_a_key_that_has_ended_ends_in_memory_too(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=3))
    with serving(tmp_path, SUNSHINE_RATE_LIMIT="5/hour", SUNSHINE_KEY_RATE_LIMIT="50/hour") as site:
        keys = ApiKeys.of(tmp_path)
        key = keys.make(date(2026, 1, 1))
        asked = request(PATH, f"X-API-Key: {key}")
        with closing(Client(site)) as client:
            assert [client.ask(asked)[1]["x-ratelimit-limit"] for _ in range(3)] == ["50"] * 3
            keys.end(key.encode())
            after = [client.ask(asked) for _ in range(7)]
        assert [answer[0].split()[1] for answer in after] == ["200"] * 5 + ["429"] * 2
        assert after[0][1]["x-ratelimit-limit"] == "5"


def test_a_new_release_is_told_to_those_whose_request_is_known(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=3))
    with serving(tmp_path) as site, closing(Client(site)) as client:
        assert [client.ask(request())[1]["x-sunshine-release"] for _ in range(3)] == ["1"] * 3
        publish(tmp_path, province_tables(cities=2, counties=1, projects=3))
        deadline = time.monotonic() + 30
        while client.ask(request())[1]["x-sunshine-release"] == "1":
            assert time.monotonic() < deadline
            time.sleep(0.1)
        status, headers, body = client.ask(request())
        assert (status, headers["x-sunshine-release"]) == ("HTTP/1.1 200 OK", "2")
        assert b'"number":2' in body
