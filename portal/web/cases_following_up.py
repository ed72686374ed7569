"""What the one who asked can still do: add words or pictures, take the case back, rate the reply.

Each form goes to an address of its own. When something is wrong the page of the case comes back with the reason and with
what was typed; a step that is not possible any more is a 409 that says what the case is now.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

from anyio import to_thread
from litestar import Response, post
from litestar.params import FromPath

from portal.web.case_forms import pictures_in
from portal.web.cases import show_case
from portal.web.cases_limits import ADDING, count
from portal.web.guarding import Anyone
from portal.web.private_pages import Form, form_of, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Work
from portal.writing.case_asker import rate_reply, supplement, withdraw
from portal.writing.errors import Conflict, InputRefused, TooMany
from portal.writing.pictures import attach, clean_picture

LARGEST_FORM = 26_000_000
Act = Callable[[Work], str]


@post("/cases/{number:str}/supplement", guards=[Anyone()], status_code=303)
async def add_words(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """Add something to one's case."""
    sent = await form_of(request)

    def act(work: Work) -> str:
        count(work, ADDING)
        supplement(work, number, sent.text("text"), sent.text("code") or None)
        return "supplement"

    return await _run(request, number, sent, act)


@post(
    "/cases/{number:str}/pictures",
    guards=[Anyone()],
    status_code=303,
    request_max_body_size=LARGEST_FORM,
)
async def add_pictures(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """Add pictures to one's case."""
    sent = await form_of(request)
    try:
        clean = [await to_thread.run_sync(clean_picture, found) for found in await pictures_in(sent)]
    except InputRefused as error:
        return await _again(request, number, sent, error)

    def act(work: Work) -> str:
        if not clean:
            raise InputRefused("pictures", "请先选择图片。")
        count(work, ADDING)
        for found in clean:
            attach(work, number, found, sent.text("code") or None)
        return "pictures"

    return await _run(request, number, sent, act)


@post("/cases/{number:str}/withdraw", guards=[Anyone()], status_code=303)
async def take_back(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """Take one's case back."""
    sent = await form_of(request)

    def act(work: Work) -> str:
        if not sent.has("sure"):
            raise InputRefused("sure", "撤回后不能恢复；确实要撤回，请先勾选“我要撤回”。")
        withdraw(work, number, sent.text("code") or None)
        return "withdraw"

    return await _run(request, number, sent, act)


@post("/cases/{number:str}/rate", guards=[Anyone()], status_code=303)
async def rate(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """Rate the reply; a low rating reopens the case once."""
    sent = await form_of(request)

    def act(work: Work) -> str:
        stars = sent.whole("rating")
        if stars is None:
            raise InputRefused("rating", "请选择 1 至 5 分。")
        is_reopened = rate_reply(work, number, stars, sent.text("reason"), sent.text("code") or None)
        return "reopen" if is_reopened else "rate"

    return await _run(request, number, sent, act)


async def _run(request: AnyRequest, number: str, sent: Form, act: Act) -> Response[bytes]:
    try:
        done = await room_of(request).write(caller_of(request).acting, act)
    except (InputRefused, Conflict, TooMany) as error:
        return await _again(request, number, sent, error)
    code = sent.text("code")
    query = urlencode({**({"code": code} if code else {}), "done": done})
    return see_other(request, f"/cases/{quote(number, safe='')}?{query}")


async def _again(
    request: AnyRequest, number: str, sent: Form, error: InputRefused | Conflict | TooMany
) -> Response[bytes]:
    """The case once more, with the reason in its place and what was typed."""
    status = 429 if isinstance(error, TooMany) else 409 if isinstance(error, Conflict) else 422
    field = {"picture": "pictures"}.get(error.field, error.field) if isinstance(error, InputRefused) else ""
    typed = {name: sent.text(name) for name in ("text", "reason", "rating") if sent.text(name)}
    page = await show_case(
        request, number, sent.text("code")[:40], errors={field: str(error)}, typed=typed, status=status
    )
    if isinstance(error, TooMany):
        page.headers["retry-after"] = str(error.retry_after_seconds)
    return page


FOLLOWING_UP = [add_words, add_pictures, take_back, rate]
