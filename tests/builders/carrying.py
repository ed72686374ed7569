"""An application of this process behind a real socket, seen by a real browser as somebody who is signed in."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


class Carrying:
    """The application with the cookies of somebody on every request: their names are for https, and this is not."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.cookie = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.cookie and scope["type"] == "http":
            headers = [pair for pair in scope["headers"] if pair[0] != b"cookie"]
            scope = {**scope, "headers": [*headers, (b"cookie", self.cookie)]}
        await self.app(scope, receive, send)


@contextmanager
def served(app: Carrying) -> Iterator[str]:
    """The application behind a real socket, in a thread of this process."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
