"""`sunshine serve` on the wire: ready answers are the same answers, connections stay usable, heads are bounded."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conformance.server import Site, serving

PATH = "/api/v1/datasets/spending/rows?limit=3&fiscal_year=2025"


@pytest.fixture(scope="module")
def site(province_home: Path) -> Iterator[Site]:
    with serving(province_home) as running:
        yield running


def spoken(site: Site, *requests: bytes) -> bytes:
    """All that comes back on one connection until the server has nothing more to say."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        found = b""
        with suppress(ConnectionError):  # a server that refuses does not wait for the rest
            connection.sendall(b"".join(requests))
        while piece := connection.recv(65_536):
            found += piece
        return found


def request(path: str = PATH, *lines: str, method: str = "GET", is_last: bool = False) -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: portal.test", *lines, *["Connection: close"] * is_last]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def parts(answer: bytes) -> tuple[str, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    pairs = [line.split(": ", 1) for line in lines]
    return status, {name.lower(): value for name, value in pairs}, body


PASSING = {"x-request-id", "date", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "connection"}


def test_an_answer_that_is_ready_is_the_answer_that_was_made(site: Site) -> None:
    made = parts(spoken(site, request(is_last=True)))
    # The connection is kept after the first: the second is ready. It is cut off by a third that ends it.
    both = spoken(site, request(), request("/healthz", is_last=True))
    status, headers, rest = parts(both)
    length = int(headers["content-length"])
    ready = (status, headers, rest[:length])
    assert ready[0] == made[0] == "HTTP/1.1 200 OK"
    assert ready[2] == made[2]
    fixed = [
        {name: value for name, value in found[1].items() if name not in PASSING} for found in (made, ready)
    ]
    assert fixed[0] == fixed[1]
    assert set(ready[1]) | {"connection"} == set(made[1]) | {"connection"}
    assert ready[1]["x-request-id"] != made[1]["x-request-id"]
    assert int(ready[1]["x-ratelimit-remaining"]) < int(made[1]["x-ratelimit-remaining"])


def test_requests_sent_together_are_answered_in_their_order(site: Site) -> None:
    paths = [PATH, "/healthz", PATH, "/api/v1/datasets/nothing/rows", PATH]
    site.get(PATH)
    found = spoken(site, *(request(path) for path in paths), request("/readyz", is_last=True))
    statuses = []
    while found:
        status, headers, rest = parts(found)
        statuses.append(status.split(" ")[1])
        found = rest[int(headers["content-length"]) :]
    assert statuses == ["200", "200", "200", "404", "200", "200"]


def test_what_is_known_already_is_not_sent_again(site: Site) -> None:
    site.get(PATH)
    etag = parts(spoken(site, request(is_last=True)))[1]["etag"]
    found = spoken(site, request(PATH, f"If-None-Match: {etag}"), request("/healthz", is_last=True))
    status, headers, rest = parts(found)
    assert status == "HTTP/1.1 304 Not Modified"
    assert "content-length" not in headers
    assert rest.startswith(b"HTTP/1.1 200")


def test_a_head_without_end_is_refused_and_the_server_lives(site: Site) -> None:
    endless = b"GET / HTTP/1.1\r\nHost: portal.test\r\n" + b"X-More: " + b"a" * 30_000 + b"\r\n"
    found = spoken(site, endless + b"X-Again: " + b"b" * 60_000 + b"\r\n\r\n")
    assert found.startswith(b"HTTP/1.1 431")
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(500))
    assert spoken(site, b"GET / HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 431")
    assert site.get("/healthz")


@pytest.mark.parametrize("octets", [10_000, 100_000, 1_000_000])
def test_an_address_that_is_too_long_is_refused_as_a_problem(site: Site, octets: int) -> None:
    status, headers, body = parts(spoken(site, request(f"{PATH}&region_name={'a' * octets}", is_last=True)))
    assert status.startswith("HTTP/1.1 414")
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["status"] == 414


def test_an_address_may_have_chinese_in_it_as_it_is(site: Site) -> None:
    plain = parts(spoken(site, request("/api/v1/search?q=公路", is_last=True)))
    encoded = parts(spoken(site, request("/api/v1/search?q=%E5%85%AC%E8%B7%AF", is_last=True)))
    assert plain[0] == encoded[0] == "HTTP/1.1 200 OK"
    assert json.loads(plain[2]) == json.loads(encoded[2])
    assert json.loads(plain[2])["count"] > 0


@pytest.mark.parametrize("sign", ["a", "支", "🚧", "a支", "%01", "%"])
@pytest.mark.parametrize("path", ["/ask", "/api/v1/ask", "/search", "/api/v1/search", "/api/v1/suggest"])
def test_ten_thousand_characters_get_a_kind_answer_where_people_type(
    site: Site, path: str, sign: str
) -> None:
    typed = sign if sign == "%01" else quote(sign)
    status, _, body = parts(spoken(site, request(f"{path}?q={typed * (10_000 // len(sign))}", is_last=True)))
    assert status == "HTTP/1.1 200 OK", body[:300]


def test_octets_that_are_no_utf_8_are_refused_and_not_an_error(site: Site) -> None:
    status, headers, _ = parts(
        spoken(site, b"GET /api/v1/search?q=\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    )
    assert status.split()[1] in {"200", "400"}
    assert headers["content-type"].startswith("application/")


def test_what_is_no_http_gets_a_problem(site: Site) -> None:
    status, headers, body = parts(spoken(site, b"HELLO\x00 there\r\n\r\n"))
    assert status == "HTTP/1.1 400 Bad Request"
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["status"] == 400
