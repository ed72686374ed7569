"""The outermost layer: what every request passes first and every response last.

Litestar's own middleware never sees a 404 or 405, and a cache inside a handler is four times slower than none at
all behind a bare server. So this plain ASGI layer does what must hold for everything: a request id, one release for
the whole request, the kept answers, not-modified, HEAD, compression, and the security headers.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.reading.library import Library, Standing
from portal.web.cache import Answer, AnswerCache
from portal.web.catching import RELEASE, Bodiless, Caught
from portal.web.limits import Allowance, Limits
from portal.web.problems import FAULT, TOO_LONG, TOO_MANY, Kind
from portal.web.security import new_nonce, page_policy, security_headers

log = logging.getLogger("sunshine.web")

LONGEST_QUERY = 8_000
LONGEST_PATH = 2_000
LOOK_EVERY_S = 0.02
"""How long what is current is taken for granted before the store is looked at again."""
FRESH, PACKED, PLAIN = "fresh", "packed", "plain"
Shortcut = Callable[[Standing, str, bytes], Answer | None]
"""Answers what is asked most, given what is shown, the path and the query, without the application; None: ask it."""


class Doorway:
    """Wraps the application; see the module's text."""

    def __init__(
        self,
        app: ASGIApp,
        library: Library,
        cache: AnswerCache,
        limits: Limits,
        shortcut: Shortcut = lambda *_: None,
    ) -> None:
        self.app = app
        self.library = library
        self.cache = cache
        self.limits = limits
        self.shortcut = shortcut
        self._looked_at = 0.0
        self._refreshing = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass a lifespan event on."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        visit = Visit(scope, self._standing())
        if not await self._may_pass(visit):
            await visit.send(_plain_problem(TOO_MANY, visit), send)
            return
        if len(scope["query_string"]) > LONGEST_QUERY or len(scope["path"]) > LONGEST_PATH:
            await visit.send(_plain_problem(TOO_LONG, visit), send)
            return
        answer = self._known(visit)
        if answer is None:
            answer = await self._ask(visit, receive, send)
        if answer is not None:
            await visit.send(answer, send)

    def ready(self, scope: Any) -> tuple[bytes, bytes, bytes] | None:
        """A kept answer as status line, header lines and body; None when the request must go the usual way.

        For the server, which may send it at once: the request is counted, and nothing waits for anything.
        """
        key = (scope["path"], scope["query_string"])
        if not self.cache.holds(key) or scope["method"] != "GET" or self.limits.is_shared:
            return None
        visit = Visit(scope, self._standing())
        answer = None if visit.wants_another_form else self.cache.get(visit.standing.generation, key)
        if answer is None or answer.is_page:
            return None
        if self.limits.covers(visit.path) and self.limits.counts(visit.path):
            visit.allowance = self.limits.check(self.limits.asker_of(visit.peer, visit.headers))
            if not visit.allowance.is_allowed:
                return None  # refused in full the usual way
        return visit.written(answer)

    def _known(self, visit: Visit) -> Answer | None:
        """A kept answer, or one that the shortcut makes; none for whoever wants another form than the usual one."""
        if not visit.is_reading or visit.wants_another_form:
            return None
        generation = visit.standing.generation
        answer = self.cache.get(generation, visit.key)
        if answer is None:
            answer = self.shortcut(visit.standing, visit.path, visit.key[1])
            if answer is not None:
                self.cache.put(generation, visit.key, answer)
        return answer

    async def _may_pass(self, visit: Visit) -> bool:
        """Count a request to the interface; what is left is told in the headers of its response."""
        if not self.limits.covers(visit.path):
            return True
        client = self.limits.asker_of(visit.peer, visit.headers)
        take = self.limits.check if self.limits.counts(visit.path) else self.limits.look
        if self.limits.is_shared:
            visit.allowance = await to_thread.run_sync(take, client)
        else:
            visit.allowance = take(client)
        return visit.allowance.is_allowed or not self.limits.counts(visit.path)

    def _standing(self) -> Standing:
        """What is current; a newer release is opened in the background and shown when it is ready."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY_S:
            return self.library.standing
        self._looked_at = now
        if self.library.has_news() and self._refreshing.acquire(blocking=False):
            threading.Thread(target=self._refresh, name="open-release", daemon=True).start()
        return self.library.standing

    def _refresh(self) -> None:
        try:
            self.library.refresh()
        except Exception:
            log.exception("the newest release could not be opened; the one before stays")
        finally:
            self._refreshing.release()

    async def _ask(self, visit: Visit, receive: Receive, send: Send) -> Answer | None:
        """Ask the application. A short answer is returned whole; a stream is sent on and None returned."""
        caught = Caught(visit, send)
        scope = visit.inner_scope()
        try:
            await self.app(scope, Bodiless(receive) if visit.is_reading else receive, caught)
        except Exception as error:
            if caught.is_streaming:
                raise
            log.exception("incident %s at %s", visit.request_id, scope["path"], exc_info=error)
            return _plain_problem(FAULT, visit)
        if caught.is_streaming:
            return None
        answer = caught.answer()
        if caught.may_be_kept and visit.is_reading and answer.status == 200 and not visit.wants_another_form:
            self.cache.put(visit.standing.generation, visit.key, answer)
        return answer


class Visit:
    """One request, with what was decided about it at the door."""

    def __init__(self, scope: Scope, standing: Standing) -> None:
        self.scope: dict[str, Any] = cast("dict[str, Any]", scope)
        self.standing = standing
        self.method = str(self.scope["method"])
        self.path: str = scope["path"]
        self.is_reading = self.method in ("GET", "HEAD")
        self.key: tuple[str, bytes] = (self.path, scope["query_string"])
        self.request_id = secrets.token_hex(8)
        self.peer: str = (self.scope.get("client") or ("",))[0]
        self.allowance: Allowance | None = None
        self.headers: dict[bytes, bytes] = dict(scope["headers"])

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
        variant = self._variant(answer)
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
        await send({"type": "http.response.start", "status": status, "headers": headers})
        sent = b"" if self.method == "HEAD" else body
        await send({"type": "http.response.body", "body": sent, "more_body": False})

    def written(self, answer: Answer) -> tuple[bytes, bytes, bytes]:
        """A whole answer that is no page, as the octets of its status line, its headers and its body."""
        variant = self._variant(answer)
        body = b"" if variant == FRESH else answer.gzipped(b"") if variant == PACKED else answer.plain(b"")
        head = answer.written.get(variant)
        if head is None:
            headers = self._head(answer, variant)
            if variant != FRESH:
                headers = [*headers, (b"content-length", str(len(body)).encode())]
            head = answer.written.setdefault(variant, _lines(headers))
        status = b"HTTP/1.1 304 Not Modified\r\n" if variant == FRESH else b"HTTP/1.1 200 OK\r\n"
        own = b"x-request-id: %b\r\n" % self.request_id.encode()
        return status, head + own + (self.allowance.lines() if self.allowance else b""), body

    def _variant(self, answer: Answer) -> str:
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


def _plain_problem(kind: Kind, visit: Visit) -> Answer:
    """A problem told without the application, for when it cannot be asked."""
    document = {
        "type": f"/api#problem-{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.advice,
        "instance": visit.path[:200],
        "errors": [],
        "request_id": visit.request_id,
    }
    content_type = b"application/problem+json"
    headers = [(b"content-type", content_type), (b"cache-control", b"no-store")]
    return Answer(kind.status, headers, (msgspec.json.encode(document),), content_type)
