"""One request at the door: what was decided about it, and how its answer is written.

Headers that do not depend on who asks are made once for each answer and variant (not modified, compressed, plain).
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Hashable
from typing import Any, cast

from litestar.types import Scope, Send

from portal.reading.library import Standing
from portal.web.cache import Answer
from portal.web.catching import RELEASE
from portal.web.journal import Seen
from portal.web.limits import Allowance
from portal.web.security import new_nonce, page_policy, security_headers

FRESH, PACKED, PLAIN = "fresh", "packed", "plain"
VISIT = "visit"
"""Where the state of a scope holds its visit, between the short way to an answer and the usual one."""

_PROCESS = secrets.token_hex(5)
_NUMBERS = itertools.count(1)


def new_request_id() -> str:
    """A number for a request: what tells this process from all others, and which of its requests it is."""
    return f"{_PROCESS}{next(_NUMBERS):06x}"


class Visit:
    """One request, with what was decided about it at the door."""

    def __init__(self, scope: Scope, standing: Standing) -> None:
        self.scope: dict[str, Any] = cast("dict[str, Any]", scope)
        self.standing = standing
        self.method = str(self.scope["method"])
        self.path: str = scope["path"]
        self.is_reading = self.method in ("GET", "HEAD")
        self.key: tuple[str, bytes] = (self.path, scope["query_string"])
        self.request_id = new_request_id()
        self.peer: str = (self.scope.get("client") or ("",))[0]
        self.asker = self.peer
        self.allowance: Allowance | None = None
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.plan: Hashable = None
        self.is_known = False
        self.status = 0
        self.octets = 0
        self._began = time.perf_counter()

    @property
    def took(self) -> float:
        """Seconds since the request came in."""
        return time.perf_counter() - self._began

    def seen(self) -> Seen:
        """What the access log remembers."""
        took = self.took
        return (
            time.time() - took, self.request_id, self.asker, self.method, self.path, self.status, self.octets, took
        )  # fmt: skip

    @property
    def wants_another_form(self) -> bool:
        """Whether a program asks the interface for something that is not JSON, say by `Accept: text/csv`."""
        accepted = self.headers.get(b"accept")
        if accepted is None or b"*/*" in accepted or b"json" in accepted or b"html" in accepted:
            return False
        return self.path.startswith("/api/")

    def inner_scope(self) -> Any:
        """The scope as the application sees it: HEAD is asked as GET, the body is dropped on the way out."""
        state = {
            **self.scope.get("state", {}),
            "request_id": self.request_id,
            "edition": self.standing.edition,
            "standing": self.standing,
            "is_head": self.method == "HEAD",
        }
        return {**self.scope, "method": "GET" if self.method == "HEAD" else self.method, "state": state}

    def _is_fresh(self, etag: str) -> bool:
        asked = self.headers.get(b"if-none-match")
        if not asked or not etag:
            return False
        if asked.strip() == b"*":
            return True
        bare = etag.strip('"')
        tags = (part.strip().removeprefix("W/").strip('"') for part in asked.decode("latin-1").split(","))
        return any(tag.removesuffix("-gz") == bare for tag in tags)

    async def send(self, answer: Answer, send: Send) -> None:
        """Send a whole answer: not modified, compressed or plain, with every header it must have."""
        nonce = new_nonce() if answer.is_page else ""
        variant = self.variant_of(answer)
        status, body = answer.status, b""
        if variant == FRESH:
            status = 304
        elif variant == PACKED:
            body = answer.gzipped(nonce.encode())
        else:
            body = answer.plain(nonce.encode())
        headers = [*self._head(answer, variant), *self._own_headers()]
        if answer.is_page:
            headers.append(page_policy(self.path, nonce))
        if status not in (204, 304):
            headers.append((b"content-length", str(len(body)).encode()))
        sent = b"" if self.method == "HEAD" else body
        self.status, self.octets = status, len(sent)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": sent, "more_body": False})

    def written(self, answer: Answer) -> tuple[bytes, bytes]:
        """An answer that is no page, as it is written: status line and headers but this visit's own; the body."""
        variant = self.variant_of(answer)
        self.status = 304 if variant == FRESH else answer.status
        found = answer.written.get(variant)
        if found is None:
            found = answer.written.setdefault(variant, self._write(answer, variant))
        self.octets = len(found[1])
        return found

    def _write(self, answer: Answer, variant: str) -> tuple[bytes, bytes]:
        headers = self._head(answer, variant)
        if variant == FRESH:
            return b"HTTP/1.1 304 Not Modified\r\n" + _lines(headers), b""
        body = answer.gzipped(b"") if variant == PACKED else answer.plain(b"")
        headers = [*headers, (b"content-length", str(len(body)).encode())]
        return b"HTTP/1.1 200 OK\r\n" + _lines(headers), body

    def own_lines(self) -> bytes:
        """The header lines of this one response: its number, and what is left of the allowance."""
        own = b"x-request-id: %b\r\n" % self.request_id.encode()
        return own if self.allowance is None else own + self.allowance.lines()

    def variant_of(self, answer: Answer) -> str:
        """Whether the answer is sent compressed, plain, or not at all because it is known."""
        if answer.status == 200 and self._is_fresh(answer.etag):
            return FRESH
        if answer.is_compressible and _accepts_gzip(self.headers.get(b"accept-encoding", b"")):
            return PACKED
        return PLAIN

    def _head(self, answer: Answer, variant: str) -> list[tuple[bytes, bytes]]:
        """The headers of an answer that do not depend on who asks, made once."""
        head = answer.heads.get(variant)
        if head is None:
            headers = [*answer.headers, *self.headers_for(answer.content_type, answer.release)]
            if variant == FRESH:
                headers = [pair for pair in headers if pair[0] not in (b"content-type", b"repr-digest")]
            if answer.is_compressible:
                headers.append((b"vary", b"Accept-Encoding"))
            if variant == PACKED:
                headers.append((b"content-encoding", b"gzip"))
            if answer.etag:
                etag = f'{answer.etag[:-1]}-gz"' if variant == PACKED else answer.etag
                headers.append((b"etag", etag.encode()))
            head = answer.heads.setdefault(variant, headers)
        return head

    def headers_for(self, content_type: bytes, release: int | None) -> list[tuple[bytes, bytes]]:
        """The headers that belong to the address rather than to the answer: security, and which release it shows."""
        headers = security_headers(self.path, content_type)
        if release is None and self.standing.edition is not None:
            release = self.standing.edition.number
        if release is not None:
            headers.append((RELEASE, str(release).encode()))
        return headers

    def _own_headers(self) -> list[tuple[bytes, bytes]]:
        """The headers of this one response: its number, and what is left of the allowance."""
        own = [(b"x-request-id", self.request_id.encode())]
        return own if self.allowance is None else [*own, *self.allowance.headers()]

    def stream_headers(self, content_type: bytes, release: int | None) -> list[tuple[bytes, bytes]]:
        """What is put before a stream."""
        headers = [*self.headers_for(content_type, release), *self._own_headers()]
        if content_type.startswith(b"text/html"):
            headers.append(page_policy(self.path, new_nonce()))
        return headers


def _lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    """Headers as they are written. Raises: ValueError for one that would break its line."""
    lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers) or b"\0" in lines:
        raise ValueError("a header holds a line break")
    return lines


def _accepts_gzip(accepted: bytes) -> bool:
    for part in accepted.lower().split(b","):
        name, _, parameters = part.strip().partition(b";")
        if name.strip() in (b"gzip", b"*"):
            return parameters.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False
