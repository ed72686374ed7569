"""Asking: the form, the step that shows similar cases, and the receipt.

The receipt is the answer to the form itself, and the same form always gives the same receipt: a reload, a second click
or a lost answer neither registers twice nor loses the number.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from anyio import to_thread
from litestar import Response, get, post

from portal.reading.errors import QueryRefused
from portal.web.asking import edition_of, parameters_of
from portal.web.case_forms import (
    CaseForm,
    TypedCase,
    case_form,
    pictures_in,
    place_of,
    with_error,
)
from portal.web.cases_limits import PROVEN, UNPROVEN, count
from portal.web.cases_places import unit_name
from portal.web.guarding import Needs
from portal.web.private_pages import form_of, private_json, private_page
from portal.web.writing_room import AnyRequest, WritingRoom, caller_of, machine_clock, room_of
from portal.writing.acting import Whereabouts, Work
from portal.writing.cases import OpenedCase, open_case
from portal.writing.clocks import ClockFace, read_clock
from portal.writing.errors import (
    AlreadyDone,
    Conflict,
    InputRefused,
    NotAllowed,
    ProofRefused,
    TooMany,
    WritingError,
)
from portal.writing.inputs import CaseIn
from portal.writing.pictures import CleanPicture, attach, clean_picture
from portal.writing.proof import new_challenge, spend_proof
from portal.writing.receipts import QUICKEST, form_age, lookup_code_of, new_form_key, receipt_of
from portal.writing.similar import similar_cases
from portal.writing.texts import SUBJECT, TEXT, tidy

LARGEST_FORM = 26_000_000
UNPROVEN_HINT, HASTY_HINT = "未经机器验证", "填写用时极短"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the asker is told at once. `code` is shown here only."""

    number: str
    code: str
    kind: str
    unit: str
    clock: ClockFace


@get("/cases/new", guards=[Needs("case", "open")], sync_to_thread=False)
def ask_form(request: AnyRequest) -> Response[bytes]:
    """CaseForm: first the choice of a kind, then its form."""
    given = parameters_of(request)
    typed = TypedCase.read(lambda name: given.get(name, [""])[-1])
    fresh = replace(typed, form_key=_new_key(room_of(request)), checked="", proof="", listing="yes")
    return private_page(request, "cases/new.html", _form(request, fresh))


@get("/cases/challenge", guards=[Needs("case", "open")], sync_to_thread=False)
def challenge(request: AnyRequest) -> Response[Any]:
    """A piece of work for the browser, as altcha words it. The library judges its expiry by the machine's clock."""
    return private_json(new_challenge(room_of(request).keys.proofs, machine_clock()))


@get("/cases/similar", guards=[Needs("case", "open")])
async def similar(request: AnyRequest) -> Response[Any]:
    """Public cases like what somebody is typing (`q`, `project`)."""
    given = parameters_of(request)
    text, project = (given.get(name, [""])[-1][:200] for name in ("q", "project"))
    found = await room_of(request).read(lambda session: similar_cases(session, text, project or None))
    hints = [
        {"number": hint.number, "subject": hint.subject, "is_answered": hint.is_answered} for hint in found
    ]
    return private_json({"similar": hints})


@post("/cases/new", guards=[Needs("case", "open")], status_code=201, request_max_body_size=LARGEST_FORM)
async def send_case(request: AnyRequest) -> Response[bytes]:
    """Receipt; or CaseForm with what is wrong, or with similar cases to look at first."""
    sent = await form_of(request)
    typed = TypedCase.read(sent.text)
    try:
        where = place_of(typed, edition_of(request))
        wanted = _checked(room_of(request), typed)
        pictures = [await to_thread.run_sync(clean_picture, found) for found in await pictures_in(sent)]
    except (InputRefused, QueryRefused) as error:
        return _again(request, typed, error, 422)
    if not typed.checked:
        found = await room_of(request).read(
            lambda session: similar_cases(session, typed.subject, typed.project or None)
        )
        if found:
            form = replace(_form(request, replace(typed, checked="yes", proof="")), similar=found)
            return private_page(request, "cases/new.html", form, status=200)
    return await _take(request, typed, wanted, where, pictures)


def _checked(room: WritingRoom, typed: TypedCase) -> CaseIn:
    """The case, as far as it can be judged before the database is asked. Raises: InputRefused."""
    form_age(room.keys.forms, typed.form_key, room.clock())
    tidy("subject", typed.subject, SUBJECT, is_one_line=True)
    tidy("text", typed.text, TEXT)
    return typed.wanted(typed.form_key)


async def _take(
    request: AnyRequest,
    typed: TypedCase,
    wanted: CaseIn,
    where: Whereabouts,
    pictures: list[CleanPicture],
) -> Response[bytes]:
    room, caller = room_of(request), caller_of(request)
    try:
        opened = await room.write(caller.acting, _opening(room, typed, wanted, where, pictures))
    except AlreadyDone:
        code = lookup_code_of(room.keys.forms, typed.form_key)
        before = await room.read(lambda session: receipt_of(session, room.rules, typed.form_key, code))
        if before is None:
            raise
        opened = before
    except (InputRefused, ProofRefused, TooMany, NotAllowed) as error:
        return _again(request, typed, error, _status_of(error))
    receipt = Receipt(
        opened.number,
        opened.lookup_code,
        wanted.kind.value,
        unit_name(edition_of(request), where.unit_id),
        read_clock(room.rules.calendar, opened.due, caller.acting.today, 1),
    )
    return private_page(request, "cases/receipt.html", receipt, status=201)


def _opening(
    room: WritingRoom, typed: TypedCase, wanted: CaseIn, where: Whereabouts, pictures: list[CleanPicture]
) -> Callable[[Work], OpenedCase]:
    key = room.keys.forms
    code = lookup_code_of(key, typed.form_key)

    def act(work: Work) -> OpenedCase:
        before = receipt_of(work.session, work.rules, typed.form_key, code)
        if before is not None:
            return before
        count(work, PROVEN if typed.proof else UNPROVEN)
        hints = [] if typed.proof else [UNPROVEN_HINT]
        if form_age(key, typed.form_key, work.acting.at) < QUICKEST:
            hints.append(HASTY_HINT)
        opened = open_case(work, wanted, where, lookup_code=code, hints=tuple(hints))
        if typed.proof:
            spend_proof(work, room.keys.proofs, typed.proof)
        for picture in pictures:
            attach(work, opened.number, picture, code)
        return opened

    return act


def _again(request: AnyRequest, typed: TypedCase, error: Exception, status: int) -> Response[bytes]:
    """The form once more, with everything that was typed. A form that is too old gets a fresh key."""
    if isinstance(error, InputRefused) and error.field == "form":
        typed = replace(typed, form_key=_new_key(room_of(request)))
    form = with_error(_form(request, replace(typed, proof="")), error)
    page = private_page(request, "cases/new.html", form, status=status)
    if isinstance(error, TooMany):
        page.headers["retry-after"] = str(error.retry_after_seconds)
    return page


def _status_of(error: WritingError) -> int:
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, NotAllowed):
        return 403
    return 409 if isinstance(error, Conflict) else 422


def _form(request: AnyRequest, typed: TypedCase) -> CaseForm:
    return case_form(typed, caller_of(request).subject, edition_of(request))


def _new_key(room: WritingRoom) -> str:
    return new_form_key(room.keys.forms, secrets.token_bytes(16), room.clock())


OPENING = [ask_form, challenge, similar, send_case]
