"""Who may come to a route: declared on its line, checked before the handler, and by a test for every route there is.

    @get("/desk/cases", guards=[Desk("case", "read")])

`Anyone` and `Needs` are for pages of the public, `SignedIn` for one's own affairs, `Staff` and `Desk` for what begins
with /desk. A route of the rooms without exactly one of these, or a reading route that takes anything but GET, stops
the application from being built. What a handler then shows is again limited by the scope clauses of the domain: the
declaration opens the door, it does not choose the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.handlers.http_handlers import HTTPRouteHandler

from portal.web.form_tokens import FORM, SAFE_METHODS, SESSION, check_origin, check_token, read_cookie
from portal.web.pages import site_of
from portal.web.refusals import SignInFirst, StepFirst
from portal.web.writing_room import AnyRequest, Caller, WritingRoom, room_of
from portal.writing.acting import VISITOR, Subject, Work
from portal.writing.errors import NotAllowed
from portal.writing.permission_table import ACTIONS, RULES, Scope
from portal.writing.permissions import may_ever, said_action
from portal.writing.sessions import read_session, touch

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Anyone:
    """Open to everybody; forms need their token all the same.

    `by_link`: except one that a mail program sends by itself, where a secret in the link is what counts, not who asks.
    """

    by_link: bool = False

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let everybody in."""
        del handler
        await arrive(connection, is_form=not self.by_link)


@dataclass(frozen=True, slots=True)
class Needs:
    """Open to whoever some rule of the permission table lets do the action, visitors too where it says so."""

    resource: str
    action: str

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let in whom a rule knows. Raises: SignInFirst, StepFirst, NotAllowed."""
        del handler
        caller = await arrive(connection)
        if may_ever(VISITOR, self.resource, self.action) and caller.visit is None:
            return
        _require_complete(connection, caller)
        if not may_ever(caller.subject, self.resource, self.action):
            raise _not_allowed(self.resource, self.action)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Open to everybody who signed in. `owing` lets in those who still owe a step: the pages of these steps."""

    owing: bool = False

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let in whoever has a session. Raises: SignInFirst, StepFirst."""
        del handler
        caller = await arrive(connection)
        _require_complete(connection, caller, owing=self.owing)


@dataclass(frozen=True, slots=True)
class Staff:
    """Open to everybody who works here. `fresh`: who proved within ten minutes that it is them."""

    fresh: bool = False

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let staff in. Raises: SignInFirst, StepFirst, NotAllowed."""
        del handler
        _staff(connection, await arrive(connection), fresh=self.fresh)


@dataclass(frozen=True, slots=True)
class Desk:
    """Open to staff whom a rule beyond that of the public lets do the action, to some row at least."""

    resource: str
    action: str
    fresh: bool = False

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Let in whom a rule of their role knows. Raises: SignInFirst, StepFirst, NotAllowed."""
        del handler
        caller = await arrive(connection)
        _staff(connection, caller, fresh=self.fresh)
        if not works_with(caller.subject, self.resource, self.action):
            raise _not_allowed(self.resource, self.action)


ACCESS = (Anyone, Needs, SignedIn, Staff, Desk)
Access = Anyone | Needs | SignedIn | Staff | Desk


def works_with(subject: Subject, resource: str, action: str) -> bool:
    """Whether a role somebody holds (not everyone's, not one's own affairs) may do the action to some row."""
    reach = {Scope.GRANTED, Scope.ALL}
    return any(
        rule.role is held.role and held.clearance >= rule.clearance and rule.scope in reach
        for held in subject.held
        for rule in RULES
        if rule.resource == resource and action in rule.actions
    )


def _not_allowed(resource: str, action: str) -> NotAllowed:
    return NotAllowed(
        f"您的角色不能对{said_action(resource, action)}。"
        f"依据见 /desk/why?resource={quote(resource)}&action={quote(action)}"
    )


async def arrive(connection: Connection, *, is_form: bool = True) -> Caller:
    """Find out who sends the request, and refuse a form that is not ours. Raises: ForeignForm."""
    request = cast("AnyRequest", connection)
    room = room_of(request)
    is_checked = is_form and request.method not in SAFE_METHODS
    if is_checked:
        check_origin(request, room.settings.base_url)
    caller = await _caller(request, room)
    request.scope["state"]["caller"] = caller
    if is_checked:
        await check_token(request, room, caller.secret)
    return caller


async def _caller(request: AnyRequest, room: WritingRoom) -> Caller:
    scope = request.scope
    peer = (scope.get("client") or ("",))[0]
    origin = site_of(request).limits.client_of(peer, dict(scope["headers"]))
    request_id = str(scope["state"].get("request_id", ""))
    acting = room.acting(VISITOR, origin, request_id)
    token = read_cookie(request, room, SESSION)
    visit = await room.read(lambda session: read_session(session, token, acting.at)) if token else None
    if visit is None:
        return Caller(acting, None, read_cookie(request, room, FORM))
    acting = room.acting(visit.subject, origin, request_id)
    if visit.wants_touch:

        def put_off(work: Work) -> None:
            touch(work, visit.session_id)

        await room.write(acting, put_off)
    return Caller(acting, visit, token)


def _require_complete(connection: Connection, caller: Caller, *, owing: bool = False) -> None:
    """Somebody is signed in and owes no step. Raises: SignInFirst, StepFirst."""
    visit = caller.visit
    if visit is None:
        raise SignInFirst(_address(connection))
    if owing:
        return
    if visit.must_change_password:
        raise StepFirst("/account/password", "请先把一次性密码换成自己的密码。")
    if visit.subject.is_staff and not visit.has_second_factor:
        raise StepFirst("/account/second-factor", "工作人员登录须有第二因素，请先设置。")


def _staff(connection: Connection, caller: Caller, *, fresh: bool) -> None:
    _require_complete(connection, caller)
    if not caller.subject.is_staff:
        raise NotAllowed("这里是工作人员的工作台，您的账户没有工作人员的角色。")
    if fresh and caller.visit is not None and not caller.visit.is_freshly_confirmed(caller.acting.at):
        back = _address(connection) if cast("AnyRequest", connection).method == "GET" else "/desk"
        raise StepFirst(
            f"/account/confirm?next={quote(back, safe='')}", "这一步很重要，请先再确认一次是您本人。"
        )


def _address(connection: Connection) -> str:
    query = connection.scope["query_string"].decode("ascii", "replace")
    return quote(connection.scope["path"], safe="/@") + (f"?{query}" if query else "")


class UndeclaredRoute(TypeError):
    """A route does not say who may come to it; the program must not start like this."""


def check_declared(rooms: Iterable[HTTPRouteHandler], reading: Iterable[HTTPRouteHandler]) -> None:
    """Every route of the rooms says who may come, and reading routes only read. Raises: UndeclaredRoute."""
    for handler in reading:
        if set(handler.http_methods) - {"GET", "HEAD", "OPTIONS"}:
            raise UndeclaredRoute(f"{_name(handler)} changes something and must be a route of the rooms")
    for handler in rooms:
        access = access_of(handler)
        is_desk = any(path.startswith("/desk") for path in handler.paths)
        if is_desk and not isinstance(access, (Staff, Desk)):
            raise UndeclaredRoute(f"{_name(handler)} begins with /desk and must be declared Staff or Desk")
        if isinstance(access, (Needs, Desk)) and (access.resource, access.action) not in ACTIONS:
            raise UndeclaredRoute(f"{_name(handler)}: no rule speaks of {access.resource}/{access.action}")


def access_of(handler: HTTPRouteHandler) -> Access:
    """What a route declares. Raises: UndeclaredRoute unless it is exactly one thing."""
    guards: Sequence[object] = handler.guards or ()
    found = [guard for guard in guards if isinstance(guard, ACCESS)]
    if len(found) != 1:
        raise UndeclaredRoute(f"{_name(handler)} must declare who may come: one of Anyone … Desk")
    return found[0]


def _name(handler: HTTPRouteHandler) -> str:
    return f"{'/'.join(sorted(handler.http_methods))} {' '.join(sorted(handler.paths))}"
