"""Signing in and out: password, then the second factor; setting one up where the role asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from litestar import Response, get, post
from litestar.datastructures import Cookie

from portal.reading.qr import qr_code
from portal.web.asking import parameters_of
from portal.web.form_tokens import FORM, SESSION, STEP, dead_cookie, made_cookie
from portal.web.guarding import Anyone
from portal.web.private_pages import form_of, local_path, private_page, see_other
from portal.web.steps import Step, account_in_step, carried, step_of
from portal.web.writing_room import AnyRequest, Caller, WritingRoom, caller_of, room_of
from portal.writing.accounts import account_of, subject_of
from portal.writing.acting import Work
from portal.writing.errors import NotThere, TooMany
from portal.writing.recovery import check_recovery_code, new_recovery_codes
from portal.writing.sessions import close_session, open_session
from portal.writing.signing_in import (
    Outcome,
    SignIn,
    check_code,
    check_credentials,
    confirm_second_factor,
    start_second_factor,
)
from portal.writing.totp import address_for_app

DONE = {
    "password": "新密码已设好，请登录。",
    "left": "已退出登录。",
    "registered": "账户已建立，请登录。",
}
WRONG = "用户名或密码不对。"
WRONG_RECOVERY = "恢复码不对、已经用过，或连续试得太多。每个恢复码只能用一次；连续错 5 次要等 5 分钟。"
WRONG_CODE = "验证码不对、已经用过，或连续试得太多。请等下一个验证码；连续错 5 次要等 5 分钟。"


@dataclass(frozen=True, slots=True)
class LoginView:
    """The sign-in form: what was typed, what was wrong, and the provider whose sign-in may be used instead."""

    login: str = ""
    next_path: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    done: str = ""
    provider: str = ""
    may_register: bool = False


@dataclass(frozen=True, slots=True)
class CodeView:
    """The form for the second factor. When it is being set up: the secret, its address for apps, and a code to scan."""

    errors: dict[str, str] = field(default_factory=dict)
    secret: str = ""
    address: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryCodesView:
    """Fresh recovery codes, shown this once; `onward` is where to go when they are put away."""

    codes: tuple[str, ...]
    onward: str


@get("/login", guards=[Anyone()])
async def login_page(request: AnyRequest) -> Response[bytes]:
    """LoginView."""
    given = parameters_of(request)
    next_path = local_path(given.get("next", [""])[-1], "")
    return _login_page(request, LoginView(next_path=next_path, done=given.get("done", [""])[-1]))


def _login_page(request: AnyRequest, view: LoginView, status: int = 200, wait: int = 0) -> Response[bytes]:
    settings = room_of(request).settings
    shown = LoginView(
        view.login,
        view.next_path,
        view.errors,
        view.done,
        provider=settings.oidc_name if settings.oidc_issuer else "",
        may_register=bool(request.app.state.takes_part),
    )
    answer = private_page(request, "desk/login.html", shown, status=status, messages=DONE)
    if wait:
        answer.headers["retry-after"] = str(wait)
    return answer


@post("/login", guards=[Anyone()], status_code=303)
async def login(request: AnyRequest) -> Response[bytes]:
    """Try a login and password; go on to the second factor, or in."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    typed, next_path = form.text("login"), local_path(form.text("next"), "")
    view = LoginView(typed[:64], next_path, {"login": WRONG})
    try:
        tried = await room.hash(
            lambda: check_credentials(
                room.database, room.rules, caller.acting, typed, form.text("password")[:1_000]
            )
        )
    except TooMany as error:
        told = LoginView(typed[:64], next_path, {"login": str(error)})
        return _login_page(request, told, 429, error.retry_after_seconds)
    if tried.account_id is None:
        return _login_page(request, view, 422)
    return await _after_password(request, room, caller, tried, next_path)


async def _after_password(
    request: AnyRequest, room: WritingRoom, caller: Caller, tried: SignIn, next_path: str
) -> Response[bytes]:
    account_id = tried.account_id or 0
    if tried.outcome is Outcome.IN:
        token = await room.write(
            caller.acting,
            lambda work: enter(work, caller, account_id, has_second_factor=False, device=device_of(request)),
        )
        return await welcome(request, room, account_id, token, next_path)
    return await begin_second_step(
        request, room, account_id, next_path, is_set=tried.outcome is Outcome.NEEDS_CODE
    )


async def begin_second_step(
    request: AnyRequest, room: WritingRoom, account_id: int, next_path: str, *, is_set: bool
) -> Response[bytes]:
    """Somebody is known; now their second factor, or setting it up."""
    account = await room.read(lambda session: account_of(session, account_id))
    kind = "code" if is_set else "set_up"
    secret = "" if is_set else start_second_factor(room.rules, account.login)[0]
    step = Step(kind, account_id, account.session_epoch, int(room.clock().timestamp()), next_path, secret)
    path = "/login/code" if is_set else "/login/set-up"
    return see_other(request, path, cookies=[carried(room, step)])


def device_of(request: AnyRequest) -> str:
    """What the browser calls itself, for one's own list of sessions."""
    return "".join(sign for sign in request.headers.get("user-agent", "")[:120] if sign.isprintable())


def enter(work: Work, caller: Caller, account_id: int, *, has_second_factor: bool, device: str) -> str:
    """A new session for somebody who just proved who they are; the one they had in this browser is closed."""
    if caller.visit is not None:
        close_session(work, caller.secret)
    acting = replace(work.acting, subject=subject_of(work.session, account_id))
    named = Work(work.session, acting, work.rules)  # the log names who came in
    return open_session(named, account_id, has_second_factor=has_second_factor, device=device)


async def welcome(
    request: AnyRequest, room: WritingRoom, account_id: int, token: str, next_path: str
) -> Response[bytes]:
    """Go on as somebody who is signed in: the new session's cookie, the others forgotten."""
    onward = next_path or await _first_room(room, account_id)
    return see_other(request, onward, cookies=_inside(room, token))


async def _first_room(room: WritingRoom, account_id: int) -> str:
    subject = await room.read(lambda session: subject_of(session, account_id))
    return "/desk" if subject.is_staff else "/account"


def _inside(room: WritingRoom, token: str) -> list[Cookie]:
    return [made_cookie(room, SESSION, token), dead_cookie(room, STEP), dead_cookie(room, FORM)]


def codes_page(
    request: AnyRequest, codes: tuple[str, ...], onward: str, cookies: Sequence[Cookie] = ()
) -> Response[bytes]:
    """RecoveryCodesView. An answer to a form, never an address of its own: loading it again shows nothing."""
    view = RecoveryCodesView(codes, onward)
    return private_page(request, "desk/recovery_codes.html", view, cookies=cookies)


@get("/login/code", guards=[Anyone()])
async def code_page(request: AnyRequest) -> Response[bytes]:
    """CodeView."""
    if step_of(request, room_of(request), "code") is None:
        return see_other(request, "/login")
    return private_page(request, "desk/login_code.html", CodeView())


@post("/login/code", guards=[Anyone()], status_code=303)
async def code(request: AnyRequest) -> Response[bytes]:
    """Take the second factor, or a recovery code in its place, and let in."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    step = step_of(request, room, "code")
    if step is None:
        return see_other(request, "/login")
    by_recovery = form.has("recovery")

    def let_in(work: Work) -> str | None:
        account_in_step(work.session, step)
        if by_recovery:
            is_right = check_recovery_code(work, step.account_id, form.text("recovery")[:40])
        else:
            box = room.keys.second_factors
            is_right = check_code(work, box, step.account_id, form.text("code")[:20])
        if not is_right:
            return None
        return enter(work, caller, step.account_id, has_second_factor=True, device=device_of(request))

    try:
        token = await room.write(caller.acting, let_in)
    except NotThere:
        return see_other(request, "/login", cookies=[dead_cookie(room, STEP)])
    if token is None:
        errors = {"recovery": WRONG_RECOVERY} if by_recovery else {"code": WRONG_CODE}
        return private_page(request, "desk/login_code.html", CodeView(errors), status=422)
    next_path = "/account?done=recovered" if by_recovery else step.next_path
    return await welcome(request, room, step.account_id, token, next_path)


@get("/login/set-up", guards=[Anyone()])
async def set_up_page(request: AnyRequest) -> Response[bytes]:
    """CodeView, with the secret."""
    room = room_of(request)
    step = step_of(request, room, "set_up")
    if step is None:
        return see_other(request, "/login")
    return await _set_up_page(request, room, step)


async def _set_up_page(
    request: AnyRequest, room: WritingRoom, step: Step, errors: dict[str, str] | None = None
) -> Response[bytes]:
    account = await room.read(lambda session: account_in_step(session, step))
    view = set_up_view(step.secret, account.login, errors or {})
    return private_page(
        request, "desk/second_factor.html", view, status=422 if errors else 200, to_path="/login/set-up"
    )


def set_up_view(secret: str, login: str, errors: dict[str, str]) -> CodeView:
    """The secret as text, as an address for apps on the same phone, and as a picture for apps on another."""
    address = address_for_app(secret, login)
    return CodeView(
        errors, " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)), address, qr_code(address)
    )


@post("/login/set-up", guards=[Anyone()], status_code=200)
async def set_up(request: AnyRequest) -> Response[bytes]:
    """The first code shows that the app has the secret: keep it, let in, and show the recovery codes."""
    room, caller, form = room_of(request), caller_of(request), await form_of(request)
    step = step_of(request, room, "set_up")
    if step is None:
        return see_other(request, "/login")

    def keep(work: Work) -> tuple[str, tuple[str, ...]] | None:
        account = account_in_step(work.session, step)
        if account.totp_sealed is not None:  # set up in another window meanwhile
            raise NotThere
        box, code = room.keys.second_factors, form.text("code")[:20]
        if not confirm_second_factor(work, box, step.account_id, step.secret, code):
            return None
        codes = new_recovery_codes(work, step.account_id)
        device = device_of(request)
        return enter(work, caller, step.account_id, has_second_factor=True, device=device), codes

    try:
        kept = await room.write(caller.acting, keep)
    except NotThere:
        return see_other(request, "/login", cookies=[dead_cookie(room, STEP)])
    if kept is None:
        return await _set_up_page(request, room, step, {"code": WRONG_CODE})
    token, codes = kept
    onward = step.next_path or await _first_room(room, step.account_id)
    return codes_page(request, codes, onward, _inside(room, token))


@post("/logout", guards=[Anyone()], status_code=303)
async def logout(request: AnyRequest) -> Response[bytes]:
    """End the session; the browser forgets it."""
    room, caller = room_of(request), caller_of(request)
    if caller.visit is not None:
        await room.write(caller.acting, lambda work: close_session(work, caller.secret))
    return see_other(
        request, "/login?done=left", cookies=[dead_cookie(room, SESSION), dead_cookie(room, STEP)]
    )


SIGNING_IN = [login_page, login, code_page, code, set_up_page, set_up, logout]
