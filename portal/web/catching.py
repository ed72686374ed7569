"""What stands between the door and the application: its answer is caught whole, or passed on as it streams."""

from __future__ import annotations

from typing import Any, Protocol

from litestar.types import Message, Receive, Send

from portal.web.cache import Answer, strong_etag
from portal.web.security import NONCE_MARK

KEEP = b"x-sunshine-keep"
"""A handler's word that its answer depends on release, path and query only. Never leaves the process."""

RELEASE = b"x-sunshine-release"
_MARK = NONCE_MARK.encode()


class Asker(Protocol):
    """The visit an answer is caught for."""

    method: str
    status: int
    octets: int

    def stream_headers(self, content_type: bytes, release: int | None) -> list[tuple[bytes, bytes]]:
        """What is put before a stream."""
        ...


class Bodiless:
    """What a reader sends along is not read: the application sees an empty body, then nothing but the hanging up.

    Litestar's streams call themselves once for every piece of a body they wait through; a thousand pieces end them.
    """

    def __init__(self, receive: Receive) -> None:
        self.receive = receive
        self.is_told = False

    async def __call__(self) -> Any:
        """The next event for the application."""
        if not self.is_told:
            self.is_told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                return message


class Caught:
    """Catches what the application sends: a short answer whole, a stream passed on as it comes."""

    def __init__(self, visit: Asker, send: Send) -> None:
        self.visit = visit
        self.forward = send
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.length: bytes | None = None
        self.content_type = b""
        self.release: int | None = None
        self.is_streaming = False
        self.may_be_kept = False

    async def __call__(self, message: Message) -> None:
        """One ASGI message of the application."""
        event: dict[str, Any] = dict(message)
        if event["type"] == "http.response.start":
            self.status = event["status"]
            for name, value in event["headers"]:
                self._take(name.lower(), value)
        elif event["type"] == "http.response.body":
            await self._continue(event.get("body", b""), more=event.get("more_body", False))

    def _take(self, name: bytes, value: bytes) -> None:
        if name == KEEP:
            self.may_be_kept = True
        elif name == RELEASE:
            self.release = int(value)
        elif name == b"content-length":
            self.length = value
        else:
            if name == b"content-type":
                if value.count(b"charset=") > 1:  # Litestar adds one to every text, whether it has one or not
                    value = value[: value.rindex(b";")]
                self.content_type = value
            self.headers.append((name, value))

    async def _continue(self, body: bytes, *, more: bool) -> None:
        if not self.is_streaming:
            if not more and not self._is_bodiless_head(body):
                self.body = body
                return
            self.is_streaming = True
            await self.forward(
                {"type": "http.response.start", "status": self.status, "headers": self._stream_headers()}
            )
        sent = b"" if self.visit.method == "HEAD" else body
        self.visit.status = self.status
        self.visit.octets += len(sent)
        await self.forward({"type": "http.response.body", "body": sent, "more_body": more})

    def _is_bodiless_head(self, body: bytes) -> bool:
        """A handler that knows it was asked for the head only gives the length and no body."""
        return self.visit.method == "HEAD" and not body and self.length not in (None, b"0")

    def _stream_headers(self) -> list[tuple[bytes, bytes]]:
        own = self.visit.stream_headers(self.content_type, self.release)
        length = [] if self.length is None else [(b"content-length", self.length)]
        return [*self.headers, *length, *own]

    def answer(self) -> Answer:
        """The whole answer. A page has no entity tag: its nonce differs each time."""
        given = next((value.decode() for name, value in self.headers if name == b"etag"), "")
        headers = [pair for pair in self.headers if pair[0] != b"etag"]
        is_page = self.content_type.startswith(b"text/html")
        parts = tuple(self.body.split(_MARK)) if is_page else (self.body,)
        if not given and self.may_be_kept and self.status == 200 and not is_page:
            given = strong_etag(self.body)
        return Answer(self.status, headers, parts, self.content_type, given, self.release)
