"""Cookies of sessions and forms, and the proof that a form was sent from a page of ours.

Over https cookies are called `__Host-…`: the browser itself then refuses them for another path, another host, or
without Secure. Plain http is taken on loopback only, for trying things out; there the names have no prefix.

A form token is `salt.HMAC(salt + secret)`: the secret is the session's token, or a random cookie of a visitor who is
not signed in. It is another text on each page, so compressed pages do not give it away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from litestar.datastructures import Cookie

from portal.web.refusals import ForeignForm
from portal.web.writing_room import AnyRequest, WritingRoom

SESSION, FORM, STEP = "sunshine-session", "sunshine-form", "sunshine-step"
FIELD = "form_token"
HEADER = "x-form-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(room: WritingRoom, name: str) -> str:
    """The name of a cookie as this installation has it."""
    return f"__Host-{name}" if is_secure(room) else name


def is_secure(room: WritingRoom) -> bool:
    """Whether visitors come over https."""
    return room.settings.base_url.startswith("https://")


def read_cookie(request: AnyRequest, room: WritingRoom, name: str) -> str:
    """The value of one of our cookies; empty when there is none, or one nobody of ours can have set."""
    value = request.cookies.get(cookie_name(room, name), "")
    return value if len(value) <= 2_000 and value.isascii() else ""


def made_cookie(room: WritingRoom, name: str, value: str, *, seconds: int | None = None) -> Cookie:
    """A cookie to set; without `seconds` it ends with the browser."""
    return Cookie(
        cookie_name(room, name),
        value=value,
        path="/",
        max_age=seconds,
        secure=is_secure(room),
        httponly=True,
        samesite="lax",
    )


def dead_cookie(room: WritingRoom, name: str) -> Cookie:
    """A cookie that makes the browser forget ours."""
    return made_cookie(room, name, "", seconds=0)


def new_secret() -> str:
    """What an anonymous visitor's forms are bound to."""
    return secrets.token_urlsafe(24)


def form_token(room: WritingRoom, secret: str) -> str:
    """The hidden field of a form on a page for the bearer of the secret."""
    salt = secrets.token_hex(8)
    return f"{salt}.{_mac(room, salt, secret)}"


def _mac(room: WritingRoom, salt: str, secret: str) -> str:
    return hmac.new(room.keys.forms, f"page {salt} {secret}".encode(), hashlib.sha256).hexdigest()


def check_origin(request: AnyRequest, base_url: str) -> None:
    """Refuse what another site's page sends. Raises: ForeignForm.

    Browsers name the page's origin, and newer ones say how it stands to ours. Programs send neither: for them the token
    alone decides.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignForm
    origin = headers.get("origin")
    if origin is None:
        return
    ours = {headers.get("host", ""), urlsplit(base_url).netloc} - {""}
    if urlsplit(origin).netloc not in ours:
        raise ForeignForm


async def check_token(request: AnyRequest, room: WritingRoom, secret: str) -> None:
    """Refuse a form without the token of this session. Raises: ForeignForm."""
    given = request.headers.get(HEADER) or (await request.form()).get(FIELD)
    salt, _, mac = given.partition(".") if isinstance(given, str) else ("", "", "")
    if not secret or not hmac.compare_digest(_mac(room, salt, secret).encode(), mac.encode()):
        raise ForeignForm
