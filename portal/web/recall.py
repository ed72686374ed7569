"""Requests that are known to the octet: what was read in a head once is not read again.

What a parser makes of the octets of one whole request depends on nothing else. Programs send the same head for the same
address over and over, so a head that was answered from the cache is kept with what was found in it. The next one like
it costs a look into a dictionary, the asker's allowance and one write. Nothing that may change is remembered: which
release is shown, whether the answer is still kept, who asks and what is left to them is looked up every time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from portal.reading.library import Standing
from portal.web.cache import Answer, AnswerCache
from portal.web.journal import Journal
from portal.web.limits import Limits
from portal.web.visit import FRESH, VISIT, Visit, new_request_id

MOST_HEADS = 4096
LONGEST_HEAD = 2048

Lines = list[tuple[bytes, bytes]]


class KnownHead:
    """A request as it was read, and which variant of its answer it wants."""

    __slots__ = ("etag", "is_counted", "variant", "visit")

    def __init__(self, visit: Visit, *, is_counted: bool) -> None:
        self.visit = visit
        self.is_counted = is_counted
        self.etag: str | None = None
        self.variant = ""

    def written(self, answer: Answer, standing: Standing) -> tuple[bytes, bytes]:
        """Head and body of the answer; the variant depends on its entity tag."""
        if self.etag != answer.etag:
            self.etag, self.variant = answer.etag, self.visit.variant_of(answer)
        found = answer.written.get(self.variant)
        if found is None:
            self.visit.standing = standing
            found = self.visit.written(answer)
        return found


class Recall:
    """Answers heads that it knows; for one event loop."""

    def __init__(
        self, cache: AnswerCache, limits: Limits, standing: Callable[[], Standing], journal: Journal | None
    ) -> None:
        self.cache = cache
        self.limits = limits
        self.standing = standing
        self.journal = journal
        self._known: dict[bytes, KnownHead] = {}
        self._usual: tuple[Lines, bytes] = ([], b"")

    def learn(self, head: bytes, scope: Any) -> None:
        """Remember a whole request that came alone and for which `Doorway.ready` had an answer kept."""
        visit: Visit = scope["state"][VISIT]
        if len(head) > LONGEST_HEAD or not visit.is_known or self.limits.cost_of(visit.path) > 1:
            return
        if len(self._known) >= MOST_HEADS:
            self._known.clear()
        is_counted = self.limits.covers(visit.path) and self.limits.counts(visit.path)
        self._known[head] = KnownHead(visit, is_counted=is_counted)

    def answer(self, head: bytes, peer: str, usual: Lines) -> bytes | None:
        """The whole answer to a head, with the server's `usual` header lines; None when it must be read."""
        known = self._known.get(head)
        if known is None:
            return None
        at, standing, visit = time.time(), self.standing(), known.visit
        answer = self.cache.get(standing.generation, visit.key)
        if answer is None:
            return None
        asker = self.limits.asker_of(peer, visit.headers)
        allowance = self.limits.take_lines(asker) if known.is_counted else b""
        if allowance is None:
            return None  # refused in full the usual way
        written, body = known.written(answer, standing)
        if self._usual[0] is not usual:  # a new list every second, with the date
            self._usual = (usual, b"".join(b"%b: %b\r\n" % pair for pair in usual))
        request_id = new_request_id()
        if self.journal is not None:
            status = 304 if known.variant == FRESH else 200
            self.journal.note((at, request_id, asker, "GET", visit.path, status, len(body), time.time() - at))
        own = b"x-request-id: %b\r\n" % request_id.encode()
        return b"".join((written, self._usual[1], own, allowance, b"\r\n", body))
