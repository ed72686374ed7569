"""Following by e-mail: asked for on a page, confirmed by a link, left with one click.

The answer to a request is the same whether the address follows already or not: that is nobody else's business. A link in
a letter opens a page with one button, because programs that check mail open links too; the button in the mail program
itself (RFC 8058) posts straight to the same address, and the token in it is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from litestar import Response, get, post

from portal.reading.edition import Edition
from portal.web.asking import edition_of, parameters_of, standing_of
from portal.web.cases_limits import FOLLOWED_ADDRESS, FOLLOWING, count
from portal.web.cases_places import is_project, is_unit, project_name, unit_name
from portal.web.guarding import Anyone
from portal.web.private_pages import form_of, private_page
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Work
from portal.writing.errors import AlreadyDone, InputRefused, NotThere, TooMany
from portal.writing.follow import Followed, ask_to_follow, confirm_following, leave
from portal.writing.models.words import FollowKind
from portal.writing.telling import Mailing, write_confirmation
from portal.writing.throttle import require_room

KIND_WORDS = {
    FollowKind.PROJECT: "项目",
    FollowKind.REGION: "地区",
    FollowKind.UNIT: "单位",
    FollowKind.SEARCH: "检索",
    FollowKind.CASE: "来件",
}


@dataclass(frozen=True, slots=True)
class FollowPage:
    """The form, or what became of it. `feed` is the Atom feed of the same, or empty."""

    kind: str
    target: str
    what: str
    feed: str
    address: str
    error: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class LinkPage:
    """A page of one button, or what became of it: confirming or leaving. `path` is where the button leads."""

    is_leaving: bool
    token: str
    is_done: bool
    path: str
    followed: str


@get("/follow", guards=[Anyone()])
async def follow_form(request: AnyRequest) -> Response[bytes]:
    """FollowPage."""
    given = parameters_of(request)
    kind, target = (given.get(name, [""])[-1][:500] for name in ("kind", "target"))
    return await _show(request, kind, target)


async def _show(
    request: AnyRequest,
    kind: str,
    target: str,
    *,
    address: str = "",
    error: str = "",
    is_asked: bool = False,
    status: int = 200,
) -> Response[bytes]:
    followed = await _followed(request, kind, target)
    view = FollowPage(
        followed.kind.value,
        followed.target,
        said(followed, standing_of(request).edition),
        feed_of(followed),
        address,
        error,
        is_asked,
    )
    return private_page(request, "cases/follow.html", view, status=status)


async def _followed(request: AnyRequest, kind: str, target: str) -> Followed:
    """What is to be followed. Raises: NotThere for nothing we know."""
    if kind not in set(FollowKind) or not target.strip():
        raise NotThere
    followed = Followed(FollowKind(kind), target.strip())
    if not _is_known(edition_of(request), followed):
        raise NotThere
    return followed


def _is_known(edition: Edition, followed: Followed) -> bool:
    """Whether the release has it; a search and a case are taken at their word."""
    if followed.kind is FollowKind.PROJECT:
        return is_project(edition, followed.target)
    if followed.kind is FollowKind.UNIT:
        return is_unit(edition, followed.target)
    return followed.kind is not FollowKind.REGION or edition.places.get(followed.target) is not None


def said(followed: Followed, edition: Edition | None) -> str:
    """What is followed, in words."""
    word = KIND_WORDS[followed.kind]
    name = followed.target
    if followed.kind is FollowKind.PROJECT:
        name = project_name(edition, followed.target)
    elif followed.kind is FollowKind.UNIT:
        name = unit_name(edition, followed.target)
    elif followed.kind is FollowKind.REGION and edition is not None:
        name = edition.places.name(followed.target)
    return f"{word}“{name}”"


def feed_of(followed: Followed) -> str:
    """The address of the Atom feed of the same thing."""
    if followed.kind is FollowKind.SEARCH:
        return f"/feeds/search.atom?{urlencode({'q': followed.target})}"
    if followed.kind is FollowKind.CASE:
        return ""
    return f"/feeds/{followed.kind.value}s/{quote(followed.target, safe='')}.atom"


@post("/follow", guards=[Anyone()], status_code=200)
async def ask_following(request: AnyRequest) -> Response[bytes]:
    """FollowPage: a letter is on its way, whether or not the address followed before."""
    sent, room, caller = await form_of(request), room_of(request), caller_of(request)
    kind, target, address = (sent.text(name)[:500] for name in ("kind", "target", "address"))
    followed = await _followed(request, kind, target)
    key = room.keys.followers
    mailing = Mailing(key, room.settings.base_url)

    def act(work: Work) -> None:
        count(work, FOLLOWING)
        require_room(work.session, FOLLOWED_ADDRESS, work.acting.at, address.strip().casefold())
        try:
            token = ask_to_follow(work, followed, address, key)
        except AlreadyDone:
            return
        write_confirmation(work, mailing, address, token)

    try:
        await room.write(caller.acting, act)
    except (InputRefused, TooMany) as error:
        status = 429 if isinstance(error, TooMany) else 422
        return await _show(request, kind, target, address=address, error=str(error), status=status)
    return await _show(request, kind, target, is_asked=True)


@get("/follow/confirm", guards=[Anyone()], sync_to_thread=False)
def confirm_page(request: AnyRequest) -> Response[bytes]:
    """LinkPage: the button."""
    token = parameters_of(request).get("token", [""])[-1][:200]
    return private_page(
        request, "cases/follow_link.html", LinkPage(False, token, False, "/follow/confirm", "")
    )


@post("/follow/confirm", guards=[Anyone()], status_code=200)
async def confirm(request: AnyRequest) -> Response[bytes]:
    """LinkPage: followed from now on. Raises: LinkRefused."""
    token = (await form_of(request)).text("token")[:200]
    found = await room_of(request).write(
        caller_of(request).acting, lambda work: confirm_following(work, token)
    )
    view = LinkPage(False, "", True, "/follow/confirm", said(found, standing_of(request).edition))
    return private_page(request, "cases/follow_link.html", view)


@get("/follow/leave", guards=[Anyone()], sync_to_thread=False)
def leave_page(request: AnyRequest) -> Response[bytes]:
    """LinkPage: the button."""
    token = parameters_of(request).get("token", [""])[-1][:200]
    return private_page(request, "cases/follow_link.html", LinkPage(True, token, False, "/follow/leave", ""))


@post("/follow/leave", guards=[Anyone(by_link=True)], status_code=200)
async def leave_now(request: AnyRequest) -> Response[bytes]:
    """LinkPage: no more letters, the address is erased. Leaving twice is no error. Raises: LinkRefused.

    Mail programs post here without having seen a page of ours; the token in the address is what counts.
    """
    in_address = parameters_of(request).get("token", [""])[-1]
    token = ((await form_of(request)).text("token") or in_address)[:200]
    key = room_of(request).keys.followers
    await room_of(request).write(caller_of(request).acting, lambda work: leave(work, token, key))
    return private_page(request, "cases/follow_link.html", LinkPage(True, "", True, "/follow/leave", ""))


FOLLOWING_ROUTES = [follow_form, ask_following, confirm_page, confirm, leave_page, leave_now]
