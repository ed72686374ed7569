"""The outermost layer: what every request passes first and every response last.

Litestar's own middleware never sees a 404 or 405, and a cache inside a handler is four times slower than none at
all behind a bare server. So this plain ASGI layer does what must hold for everything: a request id, one release for
the whole request, the kept answers, not-modified, HEAD, compression, and the security headers.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import msgspec
from anyio import to_thread
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.reading.ahead import settle_again, work_ahead
from portal.reading.library import Library, Standing
from portal.web.cache import Answer, AnswerCache
from portal.web.catching import Bodiless, Caught
from portal.web.journal import Journal
from portal.web.limits import Limits
from portal.web.problems import FAULT, TOO_LONG, TOO_MANY, Kind
from portal.web.recall import Recall
from portal.web.visit import VISIT, Visit

log = logging.getLogger("sunshine.web")

LONGEST_QUERY = 8_000
TYPED = frozenset(("/ask", "/search", "/api/v1/ask", "/api/v1/search", "/api/v1/suggest"))
"""Where people type what they like, and ten thousand characters get a kind answer, too."""
LONGEST_PATH = 2_000
LOOK_EVERY_S = 0.02
"""How long what is current is taken for granted before the store is looked at again."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a shortcut finds: the answer, or None to ask the application, and what equal questions have in common."""

    answer: Answer | None = None
    plan: Hashable = None


UNKNOWN = Found()
Shortcut = Callable[[Standing, str, bytes], Found]
"""Answers what is asked most, given what is shown, the path and the query, without the application."""


class Doorway:
    """Wraps the application; see the module's text."""

    def __init__(
        self,
        app: ASGIApp,
        library: Library,
        cache: AnswerCache,
        limits: Limits,
        shortcut: Shortcut = lambda *_: UNKNOWN,
        journal: Journal | None = None,
    ) -> None:
        self.app = app
        self.library = library
        self.cache = cache
        self.limits = limits
        self.shortcut = shortcut
        self.journal = journal
        self.recall = Recall(cache, limits, self._standing, journal)
        self._looked_at = 0.0
        self._refreshing = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass a lifespan event on."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        state: dict[str, Any] = scope.get("state") or {}
        visit: Visit = state.pop(VISIT, None) or Visit(scope, self._standing())
        try:
            await self._welcome(visit, receive, send)
        finally:
            self._note(visit)

    async def _welcome(self, visit: Visit, receive: Receive, send: Send) -> None:
        if not await self._may_pass(visit):
            await visit.send(_plain_problem(TOO_MANY, visit), send)
            return
        if _is_too_long(visit):
            await visit.send(_plain_problem(TOO_LONG, visit), send)
            return
        answer = self._known(visit)
        if answer is None:
            answer = await self._ask(visit, receive, send)
        if answer is not None:
            await visit.send(answer, send)

    def _note(self, visit: Visit) -> None:
        """Into the access log, when there is one."""
        if self.journal is not None:
            self.journal.note(visit.seen())

    def ready(self, scope: Any) -> tuple[bytes, bytes, bytes] | None:
        """An answer that is kept or quickly made: status line and headers, header lines of this response, body.

        None when the request must go the usual way, on which it is not counted again. For the server, which may send
        the answer at once: nothing waits for anything.
        """
        key = (scope["path"], scope["query_string"])
        is_open = self.limits.covers(key[0])
        if scope["method"] != "GET" or self.limits.is_shared or not (is_open or self.cache.holds(key)):
            return None
        visit = scope["state"][VISIT] = Visit(scope, self._standing())
        if is_open and not self._is_allowed(visit):
            return None
        if visit.wants_another_form or _is_too_long(visit):
            return None
        answer = self.cache.get(visit.standing.generation, key)
        visit.is_known = answer is not None
        if answer is None:
            answer = self._shortened(visit)
        if answer is None or answer.is_page:
            return None
        head, body = visit.written(answer)
        self._note(visit)
        return head, visit.own_lines(), body

    def _known(self, visit: Visit) -> Answer | None:
        """A kept answer, or one that the shortcut makes; none for whoever wants another form than the usual one."""
        if not visit.is_reading or visit.wants_another_form:
            return None
        generation = visit.standing.generation
        return self.cache.get(generation, visit.key) or self._shortened(visit)

    def _shortened(self, visit: Visit) -> Answer | None:
        found = self.shortcut(visit.standing, visit.path, visit.key[1])
        visit.plan = found.plan
        if found.answer is not None:
            self._keep(visit, found.answer)
        return found.answer

    def _keep(self, visit: Visit, answer: Answer) -> None:
        """Keep an answer under its address, and under its plan for those who spell the question differently."""
        self.cache.put(visit.standing.generation, visit.key, answer, visit.plan)

    async def _may_pass(self, visit: Visit) -> bool:
        """Count a request to the interface; what is left is told in the headers of its response."""
        if visit.allowance is not None:  # counted on the short way
            return visit.allowance.is_allowed or not self.limits.counts(visit.path)
        if not self.limits.covers(visit.path):
            visit.asker = self.limits.client_of(visit.peer, visit.headers)
            return True
        if self.limits.is_shared:
            return await to_thread.run_sync(self._is_allowed, visit)
        return self._is_allowed(visit)

    def _is_allowed(self, visit: Visit) -> bool:
        visit.asker = self.limits.asker_of(visit.peer, visit.headers)
        if not self.limits.counts(visit.path):
            visit.allowance = self.limits.look(visit.asker)
            return True
        visit.allowance = self.limits.check(visit.asker, self.limits.cost_of(visit.path))
        return visit.allowance.is_allowed

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
            work_ahead(self.library)
            settle_again()
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
        is_one_of_many = answer.status == 200 and len(visit.key[1]) <= LONGEST_QUERY
        if caught.may_be_kept and visit.is_reading and is_one_of_many and not visit.wants_another_form:
            self._keep(visit, answer)
        return answer


def _is_too_long(visit: Visit) -> bool:
    is_long = len(visit.key[1]) > LONGEST_QUERY and visit.path not in TYPED
    return is_long or len(visit.path) > LONGEST_PATH


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
