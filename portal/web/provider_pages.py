"""Signing in by the provider, and linking its identity to one's own account.

An identity that nobody linked lets nobody in: accounts come from the administrator or the registration, and their
owners link. Staff whose provider asked for no second factor show ours.
"""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, get
from litestar.exceptions import NotFoundException

from portal.web.asking import parameters_of
from portal.web.form_tokens import STEP, dead_cookie
from portal.web.guarding import Anyone, SignedIn
from portal.web.private_pages import local_path, private_page, see_other
from portal.web.provider import BACK, Identity, Provider, ProviderRefused, Question
from portal.web.signing_in import begin_second_step, device_of, enter, welcome
from portal.web.steps import Step, carried, step_of
from portal.web.writing_room import AnyRequest, WritingRoom, caller_of, room_of
from portal.writing.accounts import account_by_identity, account_of, link_identity, subject_of
from portal.writing.errors import AlreadyDone

ACCOUNT_LINK = "/account/provider"
UNKNOWN = (
    "这个身份还没有关联本站的账户。请先用本站账户登录，在“我的账户”里关联；没有账户的，请找本单位管理员。"
)


def _provider(room: WritingRoom) -> Provider:
    if not room.settings.oidc_issuer:
        raise NotFoundException
    return Provider.of(room.settings)


@get("/login/provider", guards=[Anyone()])
async def to_provider(request: AnyRequest) -> Response[bytes]:
    """Send the browser to the provider."""
    next_path = local_path(parameters_of(request).get("next", [""])[-1], "")
    return await _ask(request, "provider", 0, next_path)


@get(ACCOUNT_LINK, guards=[SignedIn()])
async def to_link(request: AnyRequest) -> Response[bytes]:
    """Send somebody who is signed in to the provider, to link the identity."""
    visit = caller_of(request).visit
    if visit is not None and not visit.is_freshly_confirmed(caller_of(request).acting.at):
        return see_other(request, f"/account/confirm?next={ACCOUNT_LINK}")
    return await _ask(request, "link", caller_of(request).account_id, "/account")


async def _ask(request: AnyRequest, kind: str, account_id: int, next_path: str) -> Response[bytes]:
    room = room_of(request)
    try:
        address, question = await to_thread.run_sync(_provider(room).ask)
    except ProviderRefused as error:
        return _refused(request, str(error), 503)
    at = int(room.clock().timestamp())
    step = Step(kind, account_id, 0, at, next_path, question.to_text())
    answer = see_other(request, "/login", cookies=[carried(room, step)])
    answer.headers["location"] = address
    return answer


def _refused(request: AnyRequest, message: str, status: int) -> Response[bytes]:
    return private_page(
        request,
        "desk/provider_refused.html",
        message,
        status=status,
        cookies=[dead_cookie(room_of(request), STEP)],
    )


@get(BACK, guards=[Anyone()])
async def from_provider(request: AnyRequest) -> Response[bytes]:
    """The browser comes back with the provider's answer."""
    room, caller = room_of(request), caller_of(request)
    given = {name: values[-1] for name, values in parameters_of(request).items()}
    linking = step_of(request, room, "link")
    step = linking or step_of(request, room, "provider")
    if step is None:
        return _refused(request, "登录用时太久，或这个浏览器没有发起过登录。请重新登录。", 410)
    if "error" in given:
        return _refused(request, "统一身份认证没有完成登录。可以再试一次，或用本站账户登录。", 403)
    provider, question = _provider(room), Question.from_text(step.secret)
    state, code = given.get("state", ""), given.get("code", "")
    try:
        identity = await to_thread.run_sync(lambda: provider.identity(question, state, code, room.clock()))
    except ProviderRefused as error:
        return _refused(request, str(error), 403)
    if linking is not None:
        if caller.visit is None or caller.account_id != linking.account_id:
            return _refused(request, "请先登录要关联的账户。", 403)
        return await _link(request, identity)
    return await _let_in(request, identity, step.next_path)


async def _link(request: AnyRequest, identity: Identity) -> Response[bytes]:
    room, caller = room_of(request), caller_of(request)
    try:
        await room.write(
            caller.acting,
            lambda work: link_identity(work, caller.account_id, identity.issuer, identity.subject),
        )
    except AlreadyDone as error:
        return _refused(request, str(error), 409)
    return see_other(request, "/account?done=linked", cookies=[dead_cookie(room, STEP)])


async def _let_in(request: AnyRequest, identity: Identity, next_path: str) -> Response[bytes]:
    room, caller = room_of(request), caller_of(request)
    account_id = await room.read(
        lambda session: account_by_identity(session, identity.issuer, identity.subject)
    )
    if account_id is None:
        return _refused(request, UNKNOWN, 403)
    account = await room.read(lambda session: account_of(session, account_id))
    is_staff = await room.read(lambda session: subject_of(session, account_id).is_staff)
    is_set = account.totp_sealed is not None
    if not identity.has_second_factor and (is_staff or is_set):
        return await begin_second_step(request, room, account_id, next_path, is_set=is_set)
    token = await room.write(
        caller.acting,
        lambda work: enter(
            work,
            caller,
            account_id,
            has_second_factor=identity.has_second_factor,
            device=device_of(request),
        ),
    )
    return await welcome(request, room, account_id, token, next_path)


PROVIDER_PAGES = [to_provider, to_link, from_provider]
