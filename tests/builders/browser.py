"""A browser for tests: keeps cookies, follows nothing by itself, sends a page's form with its hidden fields."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import dataclass, field
from typing import Any

import httpx
from litestar.types import ASGIApp

from tests.builders.visitor import BROWSER

BASE = "https://portal.test"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Browser:
    """One person at one application, over https. `jar` holds the cookies by name."""

    app: ASGIApp
    address: str = "203.0.113.7"
    base: str = BASE
    jar: dict[str, str] = field(default_factory=dict)

    def send(self, request: httpx.Request) -> httpx.Response:
        """One request as it is, with the cookies."""

        async def answer() -> httpx.Response:
            app: Any = self.app
            transport = httpx.ASGITransport(app, client=(self.address, 50_000))
            async with httpx.AsyncClient(transport=transport) as client:
                return await client.send(request)

        if self.jar:
            request.headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        found = asyncio.run(answer())
        for cookie in found.headers.get_list("set-cookie"):
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self.jar[name] = value
            else:
                self.jar.pop(name, None)
        return found

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        return self.send(httpx.Request("GET", self.base + path, headers={**BROWSER, **(headers or {})}))

    def post(
        self,
        path: str,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        files: Any = None,
    ) -> httpx.Response:
        """Send fields just as they are, with the headers a browser adds."""
        given = {**BROWSER, "origin": self.base, "sec-fetch-site": "same-origin", **(headers or {})}
        request = httpx.Request("POST", self.base + path, data=fields or {}, files=files, headers=given)
        request.read()
        return self.send(request)

    def submit(
        self, path: str, fields: dict[str, Any] | None = None, *, page: str = "", files: Any = None
    ) -> httpx.Response:
        """Open the page with the form (`page`, else the path itself), then send it with its token."""
        return self.post(path, {"form_token": self.token(page or path), **(fields or {})}, files=files)

    def token(self, page: str) -> str:
        """The form token a page carries; empty when it has none."""
        return token_in(self.get(page))


def token_in(answer: httpx.Response) -> str:
    """The form token in an answer; empty when it has none."""
    found = _TOKEN.search(answer.text)
    return html.unescape(found[1]) if found else ""
