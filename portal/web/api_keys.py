"""Making a key for the query interface oneself: `/api/keys`. The key is shown once; only its digest is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from litestar import Response, get, post

from portal.api_keys import ApiKeys
from portal.web.guarding import Anyone
from portal.web.limits import limit_in_words
from portal.web.pages import site_of
from portal.web.private_pages import form_of, private_page
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Work
from portal.writing.errors import TooMany
from portal.writing.throttle import Limit, take

KEYS_A_DAY = Limit("api-keys", 5, 86_400)


@dataclass(frozen=True, slots=True)
class KeysView:
    """The page: the two allowances, a key that was just made (shown this once), whether one was just ended."""

    anonymous: str
    keyed: str
    key: str = ""
    ended: str = ""


def _view(request: AnyRequest, *, key: str = "", ended: str = "") -> KeysView:
    limits = site_of(request).limits
    return KeysView(limit_in_words(limits.anonymous), limit_in_words(limits.keyed), key, ended)


@get("/api/keys", guards=[Anyone()])
async def keys_page(request: AnyRequest) -> Response[bytes]:
    """KeysView."""
    return private_page(request, "keys.html", _view(request))


@post("/api/keys", guards=[Anyone()], status_code=200)
async def change_keys(request: AnyRequest) -> Response[bytes]:
    """KeysView: with a new key, or with what became of one that was to end. Raises: TooMany."""
    keys, form = ApiKeys.of(site_of(request).settings.home), await form_of(request)
    sent = form.text("key").strip()
    if sent:
        has_ended = keys.end(sent.encode())
        return private_page(
            request, "keys.html", _view(request, ended="已作废。" if has_ended else "没有这个密钥。")
        )

    def count(work: Work) -> int:
        return take(work.session, KEYS_A_DAY, work.acting.at, work.acting.origin)

    wait = await room_of(request).write(caller_of(request).acting, count)
    if wait:
        raise TooMany(wait)
    key = keys.make(datetime.now(UTC).date())
    return private_page(request, "keys.html", _view(request, key=key))


API_KEYS = (keys_page, change_keys)
