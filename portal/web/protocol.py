"""The server's side of a connection, with two things uvicorn's has not: ready answers, a bound on heads.

A kept answer goes out in one write, in the very turn in which its request came in: no task, no event, no header looked
at again. A request that is known to the octet (`recall`) is not even parsed; only what came alone, from the end of one
request to its own end, is ever known, since there the parser remembers nothing of what was before. Everything else goes
uvicorn's way. A request whose address is longer than `LONGEST_ADDRESS` or whose headers are longer than `LONGEST_HEAD` is
refused (414 or 431) while it comes in, because the parser itself has no bound. An address with Chinese in it as it is (`curl ".../ask?q=支出"`)
is read as its percent-encoded spelling, which the parser insists on and people do not type.

Nothing else of ours is imported here: a worker process loads this before it can tell that it is alive.
"""

from __future__ import annotations

import json
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LONGEST_ADDRESS = 128 * 1024
LONGEST_READ = 60_000
LONGEST_HEAD = 64 * 1024
MOST_HEADERS = 200
UNREADABLE = "请求行、请求头或正文的边界读不出来；请用一般的客户端再试。"
SHORTER = "请缩短以后再试，或改用整表下载。"
LINGER_S = 1.0
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
REFUSAL = (
    "HTTP/1.1 {status} {reason}\r\ncontent-type: application/problem+json\r\ncontent-length: {length}\r\n"
    "cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
)


CUT_CHARACTER = re.compile(rb"%(?:[c-fC-F][0-9a-fA-F](?:%[89abAB][0-9a-fA-F])*%?[89abAB]?|[0-9a-fA-F]?)$")


class HeadTooLarge(Exception):
    """The head of a request is longer than anything that is asked here."""


def beginning(address: bytes) -> bytes:
    """As much of an address as is read, without a last character that may have been cut."""
    return CUT_CHARACTER.sub(b"", address[:LONGEST_READ])


class DoorProtocol(HttpToolsProtocol):
    """One connection of `sunshine serve`."""

    is_refused = False
    is_within = False
    """Whether a request has begun and its body is not yet complete."""
    is_lively = False
    """Something was answered unparsed since the clock for idle connections was set."""
    begun = 0
    """Requests that began in the octets at hand."""
    answered: Any = None
    """The scope of the request among them that was answered at once."""

    def on_message_begin(self) -> None:
        """A new request begins."""
        super().on_message_begin()
        self.head_octets = 0
        self.is_within = True
        self.begun += 1

    def on_message_complete(self) -> None:
        """The request is here, its body too."""
        self.is_within = False
        super().on_message_complete()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_ADDRESS:
            self._refuse(414, "URI Too Long", "address-too-long", "请求的地址太长", SHORTER)
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        """The head is here. The parser takes no address of more than 64 KiB: of a longer one the beginning is enough
        to be told, kindly where people type, that it is too long.
        """
        if len(self.url) > LONGEST_READ:
            self.url = beginning(self.url)
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, octets: int) -> None:
        self.head_octets += octets
        if self.head_octets > LONGEST_HEAD or len(self.headers) >= MOST_HEADERS:
            self._refuse(431, "Request Header Fields Too Large", "bad-request", "请求头太长", SHORTER)
            raise HeadTooLarge

    def _refuse(self, status: int, reason: str, slug: str, title: str, detail: str) -> None:
        """Say why, and end the connection."""
        problem = {
            "type": f"/api#problem-{slug}",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": "",
            "errors": [],
            "request_id": "",
        }
        body = json.dumps(problem, ensure_ascii=False).encode()
        head = REFUSAL.format(status=status, reason=reason, length=len(body))
        self.transport.write(head.encode() + body)
        self.is_refused = (
            True  # what still comes is let go by: closing at once would cut the refusal off, too
        )
        self.loop.call_later(LINGER_S, self.transport.close)

    def data_received(self, data: bytes) -> None:
        """Octets of the client."""
        if self.is_refused:
            return
        recall = getattr(self.app, "recall", None)  # the doorway's; a server may be given another application
        was_within = self.is_within
        if recall is not None and not was_within and self._is_recalled(recall, data):
            return
        self.begun, self.answered = 0, None
        is_plain = was_within or data.isascii()
        super().data_received(data if is_plain else percent_encoded(data))
        if recall is not None and self.answered and self.begun == 1 and not (was_within or self.is_within):
            recall.learn(data, self.answered)

    def _is_recalled(self, recall: Any, data: bytes) -> bool:
        """Whether these octets are a request that is known, and have been answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        if self.flow.write_paused or self.transport.is_closing():
            return False
        peer = self.client[0] if self.client else ""
        answer = recall.answer(data, peer, self.server_state.default_headers)
        if answer is None:
            return False
        self.transport.write(answer)
        self.server_state.total_requests += 1
        self.is_lively = True
        if self.timeout_keep_alive_task is None:
            self._watch_idleness()
        return True

    def _watch_idleness(self) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        """The clock for idle connections ran down: close, unless something was answered meanwhile."""
        if self.is_lively:
            self.is_lively = False
            self._watch_idleness()
        else:
            super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the parser's own words; ours are Chinese
        """What the parser could not read is refused, unless that was done already."""
        if not self.is_refused:
            self._refuse(400, "Bad Request", "bad-request", "请求不合 HTTP 的写法", UNREADABLE)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        ready = None
        ask = getattr(app, "ready", None)  # the doorway's; a server may be given another application
        if ask is not None and not self.flow.write_paused and cycle.keep_alive:
            ready = ask(cycle.scope)
        if ready is None:
            super()._start_asgi_task(cycle, app)
            return
        head, own, body = ready
        usual = b"".join(b"%b: %b\r\n" % pair for pair in cycle.default_headers)
        self.transport.write(b"".join((head, usual, own, b"\r\n", body)))
        self.answered = cycle.scope
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()


def percent_encoded(data: bytes) -> bytes:
    """The beginning of a request with every octet beyond ASCII in its first line written as %XX."""
    line, end, rest = data.partition(b"\r\n")
    return BEYOND_ASCII.sub(lambda octet: b"%%%02X" % octet[0][0], line) + end + rest
