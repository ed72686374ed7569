"""The server's side of a connection, with two things uvicorn's has not: answers that are ready, and a bound on heads.

A kept answer goes out in one write, in the very turn in which its request came in: no task, no event, no header looked
at again. Everything else goes uvicorn's way. A request whose head is longer than `LONGEST_HEAD` is refused (400) while
it comes in, because the parser itself has no bound.

Nothing else of ours is imported here: a worker process loads this before it can tell that it is alive.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

LONGEST_HEAD = 64 * 1024
MOST_HEADERS = 200


class HeadTooLarge(Exception):
    """The head of a request is longer than anything that is asked here."""


class DoorProtocol(HttpToolsProtocol):
    """One connection of `sunshine serve`."""

    def on_message_begin(self) -> None:
        """A new request begins."""
        super().on_message_begin()
        self.head_octets = 0

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def _count(self, octets: int) -> None:
        """Raises: HeadTooLarge, which the parser hands on as a request that is not valid."""
        self.head_octets += octets
        if self.head_octets > LONGEST_HEAD or len(self.headers) >= MOST_HEADERS:
            raise HeadTooLarge

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        ready = None
        ask = getattr(app, "ready", None)  # the doorway's; a server may be given another application
        if ask is not None and not self.flow.write_paused and cycle.keep_alive:
            ready = ask(cycle.scope)
        if ready is None:
            super()._start_asgi_task(cycle, app)
            return
        status, headers, body = ready
        usual = b"".join(b"%b: %b\r\n" % pair for pair in cycle.default_headers)
        self.transport.write(b"".join((status, usual, headers, b"\r\n", body)))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        cycle.on_response()
