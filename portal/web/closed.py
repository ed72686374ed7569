"""What the public surface says at the doors of rooms it does not have: it has no database, and nobody can sign in.

These addresses belong to the surfaces `internal` and `both`. A visitor who follows a link to one of them is told where
to ask instead; nothing is opened.
"""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get

from portal.web.asking import AnyRequest, page
from portal.web.pages import site_of

CLOSED_PATHS = [
    "/login",
    "/register",
    "/account",
    "/desk",
    "/cases",
    "/cases/new",
    "/cases/statistics",
    "/ratings",
    "/follow",
]


@dataclass(frozen=True, slots=True)
class ClosedView:
    """Whom to ask instead: a mailto: or https:// address, or empty."""

    contact: str

    @property
    def contact_text(self) -> str:
        """The address as people read it."""
        return self.contact.removeprefix("mailto:")


@get(CLOSED_PATHS, sync_to_thread=False)
def closed(request: AnyRequest) -> Response[bytes]:
    """ClosedView."""
    view = ClosedView(site_of(request).settings.contact)
    return page(request, "closed.html", view, status=404, kept=False)


CLOSED = [closed]
