"""The administrator's rooms: accounts, invitations, grants. The auditor reads them. Nobody here sees any content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath
from pydantic import ValidationError
from sqlmodel import Session

from portal.reading.tongue import tell
from portal.web.account import said_role
from portal.web.asking import parameters_of, standing_of
from portal.web.guarding import Desk, works_with
from portal.web.private_pages import Form, form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.accounts import (
    AccountOut,
    disable,
    give,
    invite,
    list_accounts,
    reset_link,
    take_back,
)
from portal.writing.acting import Work
from portal.writing.errors import AlreadyDone, InputRefused, NotThere
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.models.words import GRANTABLE, ROLE_NAMES, Role
from portal.writing.recovery import clear_second_factor
from portal.writing.sessions import end_sessions_of

DONE = {
    "granted": "已授权，立即生效。",
    "ended": "授权已收回，立即生效。",
    "disabled": "账户已停用，它的登录和链接都已失效。",
    "sessions": "它的登录已全部结束。",
    "factor": "第二因素已取消，下次登录时重新设置。",
}
ROLE_CHOICES = tuple((role.value, ROLE_NAMES[role]) for role in GRANTABLE)
UNLIMITED = frozenset({Role.CITIZEN, Role.MEDIA, Role.DEPUTY, Role.AUDITOR, Role.ADMINISTRATOR})
"""Roles that have no unit, region or sector."""


@dataclass(frozen=True, slots=True)
class AccountsView:
    """All accounts, or those whose login or name holds what was looked for."""

    accounts: tuple[AccountOut, ...]
    sought: str
    total: int
    may_invite: bool


@dataclass(frozen=True, slots=True)
class OneAccountView:
    """One account with its grants and what may be done to it."""

    account: AccountOut
    grants: tuple[tuple[int, str], ...]
    may: frozenset[str]
    is_own: bool
    done: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InviteView:
    """The form for a new account, or the link that was made: shown once, kept nowhere."""

    typed: dict[str, str]
    errors: dict[str, str]
    link: str = ""


@get("/desk/accounts", guards=[Desk("account", "read")])
async def accounts_page(request: AnyRequest) -> Response[bytes]:
    """AccountsView."""
    room, caller = room_of(request), caller_of(request)
    sought = parameters_of(request).get("q", [""])[-1].strip()[:100]

    def look(session: Session) -> AccountsView:
        accounts = list_accounts(session, caller.subject)
        folded = sought.casefold()
        found = tuple(one for one in accounts if folded in one.login or folded in one.display_name.casefold())
        return AccountsView(
            found[:500], sought, len(accounts), works_with(caller.subject, "account", "invite")
        )

    return private_page(request, "desk/accounts.html", await room.read(look), said_role=said_role)


@get("/desk/accounts/{account_id:int}", guards=[Desk("account", "read")])
async def account_page(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """OneAccountView."""
    done = parameters_of(request).get("done", [""])[-1]
    return await _one(request, account_id, done=done)


async def _one(
    request: AnyRequest,
    account_id: int,
    *,
    done: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response[bytes]:
    room, caller = room_of(request), caller_of(request)
    accounts = await room.read(lambda session: list_accounts(session, caller.subject))
    account = next((found for found in accounts if found.id == account_id), None)
    if account is None:
        raise NotThere
    actions = ("grant", "disable", "reset", "end_sessions")
    view = OneAccountView(
        account,
        tuple((found.id, said_role(found.held)) for found in account.grants),
        frozenset(name for name in actions if works_with(caller.subject, "account", name)),
        account_id == caller.account_id,
        done,
        typed or {},
        errors or {},
    )
    status = 422 if errors else 200
    return private_page(
        request, "desk/account_one.html", view, status=status, messages=DONE, role_choices=ROLE_CHOICES
    )


@get("/desk/accounts/invite", guards=[Desk("account", "invite")])
async def invite_page(request: AnyRequest) -> Response[bytes]:
    """InviteView."""
    return private_page(request, "desk/invite.html", InviteView({}, {}), role_choices=ROLE_CHOICES)


@post("/desk/accounts/invite", guards=[Desk("account", "invite", fresh=True)], status_code=200)
async def invite_somebody(request: AnyRequest) -> Response[bytes]:
    """Make the account; show the link, once."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    typed = {name: form.text(name)[:200] for name in form.texts}
    try:
        wanted = AccountIn(login=form.text("login"), display_name=form.text("display_name"))
        grant = grant_of(request, form)
        token = await room.write(caller.acting, lambda work: invite(work, wanted, [grant]))
    except (InputRefused, AlreadyDone) as error:
        view = InviteView(typed, {getattr(error, "field", "login"): str(error)})
        return private_page(request, "desk/invite.html", view, status=422, role_choices=ROLE_CHOICES)
    view = InviteView(typed, {}, link_to(request, token))
    return private_page(request, "desk/invite.html", view, role_choices=ROLE_CHOICES)


def link_to(request: AnyRequest, token: str) -> str:
    """The address by which somebody chooses a password."""
    return f"{room_of(request).settings.base_url}/choose-password/{quote(token, safe='')}"


def grant_of(request: AnyRequest, form: Form) -> GrantIn:
    """The grant a form asks for. Raises: InputRefused when it would reach nothing, or something that is not there."""
    try:
        grant = GrantIn(
            role=Role(form.text("role")),
            clearance=form.whole("clearance") or 1,
            unit_id=form.text("unit_id").strip() or None,
            region_code=form.text("region_code").strip() or None,
            sector=form.text("sector").strip() or None,
        )
    except (ValueError, ValidationError) as error:
        raise InputRefused("role", "请选择一个角色。") from error
    _check_reach(request, grant)
    return grant


def _check_reach(request: AnyRequest, grant: GrantIn) -> None:
    limits = (grant.unit_id, grant.region_code, grant.sector)
    if grant.role in UNLIMITED:
        if any(limits):
            raise InputRefused("unit_id", "这个角色没有单位、地区或领域之分，请留空。")
        return
    if not any(limits):
        raise InputRefused(
            "unit_id", "请写明单位、地区或领域中的至少一项；什么都不写，这项授权什么也看不到。"
        )
    edition = standing_of(request).edition
    if edition is None:
        return
    if grant.unit_id and not edition.runs("organisations", "org_id").find(grant.unit_id)[1]:
        raise InputRefused("unit_id", tell("最新发布里没有编号为 {} 的单位，请核对。", grant.unit_id))
    if grant.region_code and grant.region_code not in edition.places.by_code:
        raise InputRefused("region_code", tell("没有代码为 {} 的地区，请核对。", grant.region_code))


@post(
    "/desk/accounts/{account_id:int}/grants", guards=[Desk("account", "grant", fresh=True)], status_code=303
)
async def grant_role(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """Give a role."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    try:
        wanted = grant_of(request, form)
        await room.write(caller.acting, lambda work: give(work, account_id, wanted))
    except InputRefused as error:
        typed = {name: form.text(name)[:200] for name in form.texts}
        return await _one(request, account_id, typed=typed, errors={error.field: str(error)})
    return see_other(request, f"/desk/accounts/{account_id}?done=granted")


@post(
    "/desk/accounts/{account_id:int}/grants/{grant_id:int}/end",
    guards=[Desk("account", "grant", fresh=True)],
    status_code=303,
)
async def end_grant(
    request: AnyRequest, account_id: FromPath[int], grant_id: FromPath[int]
) -> Response[bytes]:
    """Take a role back."""
    return await _do(request, account_id, lambda work: take_back(work, grant_id), "ended")


@post(
    "/desk/accounts/{account_id:int}/disable",
    guards=[Desk("account", "disable", fresh=True)],
    status_code=303,
)
async def disable_account(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """Close an account."""
    if account_id == caller_of(request).account_id:
        raise InputRefused("account", "不能停用自己的账户，请由另一位管理员办理。")
    return await _do(request, account_id, lambda work: disable(work, account_id), "disabled")


@post(
    "/desk/accounts/{account_id:int}/end-sessions",
    guards=[Desk("account", "end_sessions", fresh=True)],
    status_code=303,
)
async def end_sessions(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """End every session of an account."""
    return await _do(request, account_id, lambda work: end_sessions_of(work, account_id), "sessions")


@post(
    "/desk/accounts/{account_id:int}/second-factor",
    guards=[Desk("account", "reset", fresh=True)],
    status_code=303,
)
async def clear_factor(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """Take a lost second factor off."""
    return await _do(request, account_id, lambda work: clear_second_factor(work, account_id), "factor")


async def _do(
    request: AnyRequest, account_id: int, act: Callable[[Work], None], done: str
) -> Response[bytes]:
    await room_of(request).write(caller_of(request).acting, act)
    return see_other(request, f"/desk/accounts/{account_id}?done={done}")


@post("/desk/accounts/{account_id:int}/reset", guards=[Desk("account", "reset", fresh=True)], status_code=200)
async def reset_password(request: AnyRequest, account_id: FromPath[int]) -> Response[bytes]:
    """A link for a new password; shown once."""
    room, caller = room_of(request), caller_of(request)
    token = await room.write(caller.acting, lambda work: reset_link(work, account_id))
    view = InviteView({}, {}, link_to(request, token))
    return private_page(request, "desk/invite.html", view, role_choices=ROLE_CHOICES)


DESK_ACCOUNTS = [
    accounts_page, account_page, invite_page, invite_somebody, grant_role, end_grant, disable_account, end_sessions,
    clear_factor, reset_password,
]  # fmt: skip
