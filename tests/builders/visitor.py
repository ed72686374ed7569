"""A visitor of the portal for tests: asks the ASGI application itself, without a socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
from litestar.types import ASGIApp

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Asks one application. Redirects are not followed; `address` is where the visitor seems to come from."""

    app: ASGIApp
    address: str = "203.0.113.7"

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """One request."""

        async def answer() -> httpx.Response:
            app: Any = self.app
            transport = httpx.ASGITransport(app, client=(self.address, 50_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
                return await client.request(method, path, headers=headers)

        return asyncio.run(answer())

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """A GET as programs send it."""
        return self.ask("GET", path, headers)

    def browse(self, path: str) -> httpx.Response:
        """A GET as browsers send it."""
        return self.ask("GET", path, BROWSER)
