"""The public pages as they would be with a candidate: the same handlers over another release, for staff only.

An application of the reading pages is asked with the candidate put where the current release stands. Links of its pages
stay inside the preview, and a strip on each says what it is. Nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from litestar import Litestar, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.types import Message

from portal.back_office import office_of
from portal.reading.library import Standing
from portal.web.errors import answer_error
from portal.web.finding import FINDING_PAGES
from portal.web.guarding import Desk
from portal.web.pages import site_of
from portal.web.private_pages import PRIVATE
from portal.web.public import PAGES
from portal.web.writing_room import AnyRequest


@dataclass
class _Caught:
    """What the inner application answered."""

    status: int = 500
    media_type: str = "text/html"
    body: bytes = b""

    async def __call__(self, message: Message) -> None:
        """One ASGI message."""
        event: dict[str, Any] = dict(message)
        if event["type"] == "http.response.start":
            self.status = event["status"]
            found = {name.lower(): value for name, value in event["headers"]}
            self.media_type = found.get(b"content-type", b"text/html").decode().partition(";")[0]
        elif event["type"] == "http.response.body":
            self.body += event.get("body", b"")


@get(
    ["/desk/preview/{number:int}", "/desk/preview/{number:int}/{rest:path}"],
    guards=[Desk("release", "read")],
)
async def preview(request: AnyRequest, number: FromPath[int], rest: FromPath[str] = "/") -> Response[bytes]:
    """Whatever the reading page shows, with the candidate's data."""
    office, site = office_of(request), site_of(request)
    edition = await to_thread.run_sync(office.candidate, number)
    path = "/" + rest.strip("/")
    if path.startswith(("/desk", "/account", "/login")):
        raise NotFoundException
    standing = Standing(("candidate", number), edition, site.library.standing.notes)
    prefix = f"/desk/preview/{number}"
    state = {**request.scope["state"], "edition": edition, "standing": standing, "prefix": prefix}
    inner: dict[str, Any] = {
        key: request.scope[key]
        for key in ("type", "asgi", "http_version", "scheme", "query_string", "headers", "client", "server")
        if key in request.scope
    }
    inner |= {"method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "state": state}
    caught, app = _Caught(), _reading_app(request)
    await app(inner, _nothing, caught)  # type: ignore[arg-type]
    return Response(
        caught.body, status_code=caught.status, media_type=caught.media_type, headers=dict(PRIVATE)
    )


async def _nothing() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


def _reading_app(request: AnyRequest) -> Litestar:
    """The application of reading pages; made once per process."""
    state = request.app.state
    if "preview_app" not in state:
        state.preview_app = Litestar(
            [*PAGES, *FINDING_PAGES],
            exception_handlers={Exception: answer_error},
            openapi_config=None,
            logging_config=None,
            state=state.copy(),
        )
    app: Litestar = state.preview_app
    return app


PREVIEW = [preview]
