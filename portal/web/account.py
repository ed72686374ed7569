"""One's own account: what one may do, one's sessions, the password, the second factor, proving once more who it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from litestar import Response, get, post
from litestar.params import FromPath
from sqlmodel import Session

from portal.reading.tongue import is_chinese, tell
from portal.web.asking import parameters_of
from portal.web.form_tokens import SESSION, STEP, dead_cookie, made_cookie
from portal.web.guarding import SignedIn
from portal.web.private_pages import form_of, local_path, private_page, see_other
from portal.web.signing_in import WRONG_CODE, CodeView, codes_page, device_of, enter, set_up_view
from portal.web.steps import Step, carried, step_of
from portal.web.writing_room import AnyRequest, Caller, WritingRoom, caller_of, room_of
from portal.writing.accounts import account_of, set_password
from portal.writing.acting import Held, Work
from portal.writing.errors import TooMany, WeakPassword
from portal.writing.models.words import ROLE_NAMES
from portal.writing.recovery import codes_left, new_recovery_codes
from portal.writing.sessions import SessionOut, end_own_session, list_sessions, rotate
from portal.writing.signing_in import (
    Outcome,
    check_code,
    check_credentials,
    confirm_second_factor,
    start_second_factor,
)

DONE = {
    "password": "密码已更换，其他地方的登录都已结束。",
    "recovered": "您用一个恢复码登录了，它已作废。手机找不回来，请现在更换第二因素；改用新手机后，恢复码也会换新。",
    "session": "那一处登录已经结束。",
    "linked": "统一身份已关联，以后可以用它登录。",
}
WRONG_PASSWORD = "现在的密码不对。"  # noqa: S105 - a message


@dataclass(frozen=True, slots=True)
class AccountView:
    """One's own account."""

    login: str
    display_name: str
    roles: tuple[str, ...]
    has_second_factor: bool
    codes_left: int
    sessions: tuple[SessionOut, ...]
    provider: str
    done: str


@dataclass(frozen=True, slots=True)
class PasswordView:
    """The form for another password; `is_owed`: a one-time password must be replaced first."""

    is_owed: bool
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfirmView:
    """Proving once more who it is: by code where there is a second factor, else by password."""

    by_code: bool
    next_path: str
    errors: dict[str, str] = field(default_factory=dict)


def said_role(held: Held) -> str:
    """A role with its clearance and limits, as people read it."""
    limits = [
        f"{tell(name)} {value}"
        for name, value in (("单位", held.unit_id), ("地区", held.region_code), ("领域", held.sector))
        if value is not None
    ]
    stop = "，" if is_chinese() else ", "
    return stop.join([tell(ROLE_NAMES[held.role]), tell("密级 {}", held.clearance), *limits])


@get("/account", guards=[SignedIn()])
async def account_page(request: AnyRequest) -> Response[bytes]:
    """AccountView."""
    room, caller = room_of(request), caller_of(request)
    done = parameters_of(request).get("done", [""])[-1]

    def look(session: Session) -> AccountView:
        account = account_of(session, caller.account_id)
        return AccountView(
            login=account.login,
            display_name=account.display_name,
            roles=tuple(said_role(held) for held in caller.subject.held),
            has_second_factor=account.totp_sealed is not None,
            codes_left=codes_left(session, caller.account_id),
            sessions=list_sessions(session, caller.account_id, caller.acting.at, caller.secret),
            provider=room.settings.oidc_name if room.settings.oidc_issuer else "",
            done=done,
        )

    return private_page(request, "desk/account.html", await room.read(look), messages=DONE)


@post("/account/sessions/{session_id:int}/end", guards=[SignedIn()], status_code=303)
async def end_session(request: AnyRequest, session_id: FromPath[int]) -> Response[bytes]:
    """End one of one's own sessions."""
    room, caller = room_of(request), caller_of(request)
    await room.write(caller.acting, lambda work: end_own_session(work, session_id))
    return see_other(request, "/account?done=session")


@get("/account/password", guards=[SignedIn(owing=True)])
async def password_page(request: AnyRequest) -> Response[bytes]:
    """PasswordView."""
    return private_page(request, "desk/password.html", PasswordView(_owes_password(caller_of(request))))


def _owes_password(caller: Caller) -> bool:
    return caller.visit is not None and caller.visit.must_change_password


@post("/account/password", guards=[SignedIn(owing=True)], status_code=303)
async def change_password(request: AnyRequest) -> Response[bytes]:
    """Another password, for whoever knows the present one. Every session ends but this one, which gets a new token."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    errors = await _wrong_password(room, caller, form.text("current"))
    fresh = form.text("fresh")
    if not errors and fresh == form.text("current"):
        errors = {"fresh": "新密码不能与现在的相同。"}

    def change(work: Work) -> str:
        set_password(work, caller.account_id, fresh)
        has_factor = caller.visit is not None and caller.visit.has_second_factor
        return enter(work, caller, caller.account_id, has_second_factor=has_factor, device=device_of(request))

    if not errors:
        try:
            token = await room.hash_and_write(caller.acting, change)
        except WeakPassword as error:
            errors = {"fresh": str(error)}
        else:
            cookies = [made_cookie(room, SESSION, token)]
            return see_other(request, "/account?done=password", cookies=cookies)
    view = PasswordView(_owes_password(caller), errors)
    return private_page(request, "desk/password.html", view, status=422)


async def _wrong_password(room: WritingRoom, caller: Caller, password: str) -> dict[str, str]:
    """What is wrong with the present password somebody typed; counted like any try to sign in."""
    login = caller.visit.login if caller.visit else ""
    try:
        tried = await room.hash(
            lambda: check_credentials(room.database, room.rules, caller.acting, login, password[:1_000])
        )
    except TooMany as error:
        return {"current": str(error)}
    return {"current": WRONG_PASSWORD} if tried.outcome is Outcome.REFUSED else {}


FACTOR = "/account/second-factor"


@get(FACTOR, guards=[SignedIn(owing=True)])
async def factor_page(request: AnyRequest) -> Response[bytes]:
    """CodeView, with a new secret. Replacing one asks to prove first who it is."""
    room, caller = room_of(request), caller_of(request)
    account = await room.read(lambda session: account_of(session, caller.account_id))
    visit = caller.visit
    if account.totp_sealed is not None and visit and not visit.is_freshly_confirmed(caller.acting.at):
        return see_other(request, f"/account/confirm?next={FACTOR}")
    secret, _ = start_second_factor(room.rules, account.login)
    at = int(room.clock().timestamp())
    step = Step("replace", caller.account_id, account.session_epoch, at, "/account", secret)
    view = set_up_view(secret, account.login, {})
    cookies = [carried(room, step)]
    return private_page(request, "desk/second_factor.html", view, cookies=cookies, to_path=FACTOR)


@post(FACTOR, guards=[SignedIn(owing=True)], status_code=200)
async def set_factor(request: AnyRequest) -> Response[bytes]:
    """The first code shows that the app has the secret. Every session ends but this one, which gets a new token.

    RecoveryCodesView: fresh recovery codes; those from before are dead.
    """
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    step = step_of(request, room, "replace")
    if step is None or step.account_id != caller.account_id:
        return see_other(request, FACTOR)

    def keep(work: Work) -> tuple[str, tuple[str, ...]] | None:
        box, code = room.keys.second_factors, form.text("code")[:20]
        if not confirm_second_factor(work, box, caller.account_id, step.secret, code):
            return None
        codes = new_recovery_codes(work, caller.account_id)
        device = device_of(request)
        return enter(work, caller, caller.account_id, has_second_factor=True, device=device), codes

    kept = await room.write(caller.acting, keep)
    if kept is None:
        login = caller.visit.login if caller.visit else ""
        view: CodeView = set_up_view(step.secret, login, {"code": WRONG_CODE})
        return private_page(request, "desk/second_factor.html", view, status=422, to_path=FACTOR)
    token, codes = kept
    cookies = [made_cookie(room, SESSION, token), dead_cookie(room, STEP)]
    return codes_page(request, codes, "/account", cookies)


@post("/account/recovery-codes", guards=[SignedIn()], status_code=200)
async def fresh_codes(request: AnyRequest) -> Response[bytes]:
    """RecoveryCodesView: ten fresh codes, for who has a second factor and just proved it is them."""
    room, caller = room_of(request), caller_of(request)
    visit = caller.visit
    if visit is None or not visit.has_second_factor:
        return see_other(request, FACTOR)
    if not visit.is_freshly_confirmed(caller.acting.at):
        return see_other(request, "/account/confirm?next=/account")
    codes = await room.write(caller.acting, lambda work: new_recovery_codes(work, caller.account_id))
    return codes_page(request, codes, "/account")


@get("/account/confirm", guards=[SignedIn()])
async def confirm_page(request: AnyRequest) -> Response[bytes]:
    """ConfirmView."""
    next_path = local_path(parameters_of(request).get("next", [""])[-1], "/account")
    visit = caller_of(request).visit
    view = ConfirmView(visit is not None and visit.has_second_factor, next_path)
    return private_page(request, "desk/confirm.html", view)


@post("/account/confirm", guards=[SignedIn()], status_code=303)
async def confirm(request: AnyRequest) -> Response[bytes]:
    """Proved once more: the session goes on under a new token."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    next_path = local_path(form.text("next"), "/account")
    by_code = caller.visit is not None and caller.visit.has_second_factor
    errors: dict[str, str] = {}
    if not by_code:
        errors = await _wrong_password(room, caller, form.text("current"))

    def renew(work: Work) -> str | None:
        code = form.text("code")[:20]
        if by_code and not check_code(work, room.keys.second_factors, caller.account_id, code):
            return None
        return rotate(work, caller.secret, has_second_factor=by_code)

    token = None if errors else await room.write(caller.acting, renew)
    if token is None:
        view = ConfirmView(by_code, next_path, errors or {"code": WRONG_CODE})
        return private_page(request, "desk/confirm.html", view, status=422)
    return see_other(request, next_path, cookies=[made_cookie(room, SESSION, token)])


ACCOUNT = [
    account_page,
    end_session,
    password_page,
    change_password,
    factor_page,
    set_factor,
    fresh_codes,
    confirm_page,
    confirm,
]
