"""The language of an answer, settled before anything of it is made."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from portal.reading.tongue import speaking
from portal.web.language import words_for


class Spoken:
    """Lets the application answer a request with the words of the language that its address asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass a lifespan event on."""
        query_string = scope["query_string"] if scope["type"] == ScopeType.HTTP else b""
        with speaking(words_for(query_string)):
            await self.app(scope, receive, send)
