from __future__ import annotations

import asyncio
import gzip
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.cache import Answer, AnswerCache
from tests.builders.visitor import BROWSER, Visitor

EVERYTHING: tuple[tuple[str, str, dict[str, str], int], ...] = (
    ("GET", "/", BROWSER, 200),
    ("HEAD", "/", BROWSER, 200),
    ("GET", "/nowhere", BROWSER, 404),
    ("GET", "/nowhere", {}, 404),
    ("POST", "/projects", {}, 405),
    ("DELETE", "/api/v1/releases", {}, 405),
    ("GET", "/api/v1/datasets/spending/rows?nonsense=1", {}, 400),
    ("GET", "/api/v1/releases", {}, 200),
    ("GET", "/datasets/spending@1/spending.csv", {}, 200),
    ("GET", "/datasets/spending@1/spending.parquet", {"range": "bytes=0-9"}, 206),
    ("GET", "/datasets/spending@1/spending.parquet", {"range": "bytes=999999999-"}, 416),
    ("GET", "/datasets/spending/spending.csv", {}, 302),
    ("GET", "/static/sunshine.css", {}, 200),
    ("GET", "/static/none.css", {}, 404),
    ("GET", "/healthz", {}, 200),
    ("GET", "/projects?q=%ff%fe", BROWSER, 400),
    ("GET", "/projects?q=%00", {}, 400),
    ("GET", "/projects?" + "q=1&" * 4000, {}, 414),
    ("GET", "/projects?" + "&".join(f"a{n}=1" for n in range(200)), {}, 400),
    ("TRACE", "/", {}, 405),
)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"), EVERYTHING, ids=lambda value: str(value)[:40]
)
def test_every_response_carries_every_security_header(
    province: Visitor, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = province.ask(method, path, headers)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"]
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])
    assert "set-cookie" not in answer.headers
    assert "server" not in answer.headers
    assert answer.headers.get("content-type", "").count("charset") <= 1


def test_the_nonce_is_new_for_every_response_and_is_the_one_in_the_page(province: Visitor) -> None:
    seen = set()
    for encoding in ("gzip", "identity", "gzip"):
        answer = province.ask("GET", "/", BROWSER | {"accept-encoding": encoding})
        nonce = re.search("'nonce-([^']+)' 'strict-dynamic'", answer.headers["content-security-policy"])
        assert nonce is not None
        assert f'nonce="{nonce[1]}"' in answer.text
        seen.add(nonce[1])
    assert len(seen) == 3


def test_a_head_has_the_headers_of_the_get_and_no_body(province: Visitor) -> None:
    for path in (
        "/",
        "/projects",
        "/api/v1/releases",
        "/datasets/spending@1/spending.csv",
        "/static/sunshine.css",
    ):
        headers = {"accept-encoding": "identity"}
        got, head = province.ask("GET", path, headers), province.ask("HEAD", path, headers)
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-length", "content-type", "etag", "cache-control"):
            assert head.headers.get(name) == got.headers.get(name)


def test_the_same_question_gets_the_same_tag_and_is_not_sent_twice(province: Visitor) -> None:
    path = "/api/v1/datasets/spending/rows?fiscal_year=2025&limit=5"
    first = province.get(path)
    for tag in (
        first.headers["etag"],
        f"W/{first.headers['etag']}",
        f'"other", {first.headers["etag"]}',
        "*",
    ):
        again = province.get(path, {"if-none-match": tag})
        assert again.status_code == 304
        assert again.content == b""
        assert "content-length" not in again.headers
    assert province.get(path, {"if-none-match": '"other"'}).status_code == 200
    other = province.get(path.replace("2025", "2024"))
    assert other.headers["etag"] != first.headers["etag"]


def test_odd_headers_change_nothing(province: Visitor) -> None:
    odd = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "gopher",
        "x-original-url": "/desk",
        "x-rewrite-url": "/desk",
        "forwarded": "host=evil.example",
        "x-user": "admin",
        "host": "evil.example",
        "accept-language": "xx",
        "x-http-method-override": "DELETE",
    }
    for path in ("/api/v1/datasets", "/feeds/releases.atom", "/robots.txt", "/sitemap.xml"):
        assert province.get(path, odd).content == province.get(path).content
    page = province.ask("GET", "/", BROWSER | odd).text
    assert "evil.example" not in page


def test_errors_are_pages_for_browsers_and_problem_documents_for_programs(province: Visitor) -> None:
    assert province.browse("/nowhere").headers["content-type"].startswith("text/html")
    problem = province.get("/nowhere")
    assert problem.headers["content-type"] == "application/problem+json"
    document = problem.json()
    assert set(document) >= {"type", "title", "status", "detail", "instance", "errors", "request_id"}
    assert document["status"] == 404
    assert document["request_id"] == problem.headers["x-request-id"]
    interface = province.ask("GET", "/api/v1/nowhere", BROWSER)
    assert interface.headers["content-type"] == "application/problem+json"
    refused = province.ask("POST", "/api/v1/releases")
    assert refused.status_code == 405
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"


@given(st.lists(st.binary(max_size=4000), min_size=1, max_size=4), st.binary(min_size=22, max_size=22))
def test_a_body_compressed_in_parts_is_the_body(parts: list[bytes], nonce: bytes) -> None:
    answer = Answer(200, [], tuple(parts), b"text/html; charset=utf-8")
    assert gzip.decompress(answer.gzipped(nonce)) == nonce.join(parts) == answer.plain(nonce)


def test_the_cache_forgets_the_oldest_and_everything_of_an_older_generation() -> None:
    cache = AnswerCache(100_000)
    answers = {name: Answer(200, [], (bytes(4000),), b"text/plain") for name in "abcdefghijklmno"}
    for name, answer in answers.items():
        cache.put(1, name, answer)
    assert cache.get(1, "o") is answers["o"]
    assert cache.get(1, "a") is None
    cache.put(2, "p", answers["a"])
    assert cache.get(1, "o") is None
    assert cache.get(2, "o") is None
    cache.put(2, "large", Answer(200, [], (bytes(90_000),), b"text/plain"))
    assert cache.get(2, "large") is None


def test_a_reader_who_sends_a_body_in_many_pieces_gets_the_file(province: Visitor) -> None:
    sent: list[dict[str, Any]] = []
    pieces = 5000
    whole = asyncio.Event()

    async def receive() -> Any:
        nonlocal pieces
        pieces -= 1
        await asyncio.sleep(0)
        if pieces > 0:
            return {"type": "http.request", "body": b"x", "more_body": True}
        await whole.wait()  # as servers do: nobody hangs up before the response is whole
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            whole.set()

    path = "/datasets/spending@1/spending.parquet"
    scope: Any = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "client": ("203.0.113.1", 1),
        "server": ("portal.test", 80),
        "scheme": "http",
        "root_path": "",
        "asgi": {"version": "3.0"},
    }
    app: Any = province.app
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == 200
    assert sum(len(message.get("body", b"")) for message in sent) > 1000
