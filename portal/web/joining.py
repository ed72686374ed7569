"""Coming to an account: by an invitation or reset link of the administrator, or as a citizen by oneself.

No identity is stored. A citizen who has a verification code (whatever check is plugged in as `person_check`) is known
as one person, and may rate; without one the account may ask and follow its cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from litestar import Response, get, post
from litestar.params import FromPath

from portal.web.form_tokens import SESSION, dead_cookie
from portal.web.guarding import Anyone
from portal.web.private_pages import form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.accounts import redeem_link
from portal.writing.acting import Work
from portal.writing.errors import AlreadyDone, InputRefused, TooMany
from portal.writing.inputs import AccountIn
from portal.writing.persons import PersonCheck, person_key, register_citizen
from portal.writing.throttle import Limit, take

REGISTRATIONS = Limit("register", 10, 3600)
LINKS = Limit("links", 20, 900)


@dataclass(frozen=True, slots=True)
class ChooseView:
    """The form for choosing a password by a link."""

    token: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisterView:
    """The form of a citizen who makes an account."""

    login: str = ""
    display_name: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@get("/choose-password/{token:str}", guards=[Anyone()])
async def choose_page(request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
    """ChooseView. Whether the link is good shows only when a password is sent."""
    return private_page(request, "desk/choose_password.html", ChooseView(token))


@post("/choose-password/{token:str}", guards=[Anyone()], status_code=303)
async def choose(request: AnyRequest, token: FromPath[str]) -> Response[bytes]:
    """Choose a password by an invitation or reset link, then sign in with it."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    await _count(request, LINKS)
    try:
        await room.hash_and_write(caller.acting, lambda work: redeem_link(work, token, form.text("fresh")))
    except InputRefused as error:
        view = ChooseView(token, {"fresh": str(error)})
        return private_page(request, "desk/choose_password.html", view, status=422)
    return see_other(request, "/login?done=password", cookies=[dead_cookie(room, SESSION)])


async def _count(request: AnyRequest, limit: Limit) -> None:
    """Count a try from here, in a unit of work of its own: it stays counted when the try fails. Raises: TooMany."""

    def count(work: Work) -> int:
        return take(work.session, limit, work.acting.at, work.acting.origin)

    wait = await room_of(request).write(caller_of(request).acting, count)
    if wait:
        raise TooMany(wait)


@get("/register", guards=[Anyone()])
async def register_page(request: AnyRequest) -> Response[bytes]:
    """RegisterView."""
    return private_page(request, "desk/register.html", RegisterView(), checks=room_of(request).checks_persons)


@post("/register", guards=[Anyone()], status_code=303)
async def register(request: AnyRequest) -> Response[bytes]:
    """A citizen makes an account."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    wanted = AccountIn(login=form.text("login")[:200], display_name=form.text("display_name")[:200])

    def make(work: Work) -> int:
        return register_citizen(work, wanted, form.text("fresh"), verified)

    try:
        verified = _verified(room.person_check, form.text("claim"), room.keys.persons)
        await _count(request, REGISTRATIONS)
        await room.hash_and_write(caller.acting, make)
    except (InputRefused, AlreadyDone, TooMany) as error:
        name = getattr(error, "field", "login")
        errors = {"fresh" if name == "password" else name: str(error)}
        view = RegisterView(wanted.login, wanted.display_name, errors)
        status = 429 if isinstance(error, TooMany) else 422
        return private_page(request, "desk/register.html", view, status=status, checks=room.checks_persons)
    return see_other(request, "/login?done=registered")


def _verified(check: PersonCheck, claim: str, key: bytes) -> str | None:
    if not claim.strip():
        return None
    identity = check.identity_of(claim.strip()[:200])
    if identity is None:
        raise InputRefused("claim", "这个核验码不对，或不是本省发放的。不填也可以注册，只是不能评价项目。")
    return person_key(identity, key)


LINKS_ROUTES = [choose_page, choose]
JOINING = [register_page, register]
