"""What officials do with a case: each step is a form with an address of its own, declared by the permission it needs.

A step that is refused brings the page of the case back, with the reason and with what was typed: 409 when things have
moved on, 422 when a field is wrong, 403 when the second person is the first. Several steps that are one decision
(taking a case in and taking it over; finding, draft and submission) are one form and one unit of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from litestar import Response, post
from litestar.params import FromPath

from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.web.asking import standing_of
from portal.web.cases_places import whereabouts
from portal.web.desk_cases import show_desk_case, show_queue
from portal.web.desk_cases_views import BulkResult
from portal.web.guarding import Desk
from portal.web.private_pages import Form, form_of, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing import case_desk
from portal.writing.acting import Work
from portal.writing.errors import Conflict, InputRefused, NotAllowed, NotThere
from portal.writing.models.words import Finding
from portal.writing.pictures import show_picture
from portal.writing.telling import Mailing, tell_followers_of_case

TYPED = ("text", "reason", "finding_text", "release_number")
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Sent:
    """What a step is given: the case, the form, the release that names units, and how to write to followers."""

    number: str
    form: Form
    edition: Edition | None
    mailing: Mailing

    @property
    def version(self) -> int | None:
        """The version of the page the form was on."""
        return self.form.whole("version")


class Act(Protocol):
    """One step with one case."""

    def __call__(self, work: Work, sent: Sent) -> None:
        """Take it. Raises what the domain raises."""
        ...


def _accept(work: Work, sent: Sent) -> None:
    case_desk.accept(work, sent.number, is_listed=sent.form.has("listed"), expected_version=sent.version)
    _tell(work, sent, "已受理")


def _take(work: Work, sent: Sent) -> None:
    _accept(work, sent)
    case_desk.claim(work, sent.number)


def _claim(work: Work, sent: Sent) -> None:
    case_desk.claim(work, sent.number, sent.version)


def _refuse(work: Work, sent: Sent) -> None:
    case_desk.refuse(work, sent.number, sent.form.text("reason"), sent.version)


def _restore(work: Work, sent: Sent) -> None:
    case_desk.restore(work, sent.number)


def _transfer(work: Work, sent: Sent) -> None:
    unit_id = sent.form.text("unit").strip()
    if not unit_id or sent.edition is None:
        raise InputRefused("unit", "请选择要转给的单位。")
    try:
        target = whereabouts(sent.edition, "", unit_id, "")
    except QueryRefused as error:
        raise InputRefused("unit", error.faults[0].detail) from error
    case_desk.transfer(work, sent.number, target, sent.form.text("reason"), sent.version)
    _tell(work, sent, "已转办")


def _assign(work: Work, sent: Sent) -> None:
    assignee_id = sent.form.whole("assignee")
    if assignee_id is None:
        raise InputRefused("assignee", "请选择由谁办理。")
    case_desk.assign(work, sent.number, assignee_id, sent.version)


def _hand_back(work: Work, sent: Sent) -> None:
    case_desk.hand_back(work, sent.number)


def _pause(work: Work, sent: Sent) -> None:
    case_desk.pause(work, sent.number, sent.form.text("reason"))
    _tell(work, sent, "暂停计时，等待补充")


def _resume(work: Work, sent: Sent) -> None:
    case_desk.resume(work, sent.number)


def _note(work: Work, sent: Sent) -> None:
    case_desk.note(work, sent.number, sent.form.text("text"))


def _finding(work: Work, sent: Sent) -> None:
    chosen = sent.form.text("finding")
    if chosen not in set(Finding):
        raise InputRefused("finding", "请选择核查结论：确有错误，或没有错误。")
    case_desk.record_finding(work, sent.number, Finding(chosen), sent.form.text("finding_text"))


def _draft(work: Work, sent: Sent) -> None:
    if sent.form.text("finding"):
        _finding(work, sent)
    case_desk.write_reply(work, sent.number, sent.form.text("text"), sent.form.whole("draft_version"))


def _submit(work: Work, sent: Sent) -> None:
    _draft(work, sent)
    case_desk.submit_reply(work, sent.number)


def _send_back(work: Work, sent: Sent) -> None:
    case_desk.send_back_reply(work, sent.number, sent.form.text("reason"))


def _publish(work: Work, sent: Sent) -> None:
    case_desk.publish_reply(work, sent.number, sent.form.whole("draft_version"))
    _tell(work, sent, "已有答复")


def _correct(work: Work, sent: Sent) -> None:
    release_number = sent.form.whole("release_number")
    known = 0 if sent.edition is None else sent.edition.number
    if release_number is None or not 1 <= release_number <= known:
        raise InputRefused("release_number", f"更正版本应是已经发布的版本（1 至 {known}）。")
    case_desk.record_correction(work, sent.number, release_number)
    _tell(work, sent, f"已在第 {release_number} 版更正")


def _show_picture(work: Work, sent: Sent) -> None:
    show_picture(work, sent.number, sent.form.whole("picture") or 0)


def _tell(work: Work, sent: Sent, happened: str) -> None:
    tell_followers_of_case(work, sent.mailing, sent.number, happened)


STEPS: dict[str, tuple[str, Act]] = {
    "accept": ("triage", _accept),
    "take": ("triage", _take),
    "claim": ("work", _claim),
    "refuse": ("triage", _refuse),
    "restore": ("moderate", _restore),
    "transfer": ("transfer", _transfer),
    "assign": ("transfer", _assign),
    "hand-back": ("work", _hand_back),
    "pause": ("work", _pause),
    "resume": ("work", _resume),
    "note": ("note", _note),
    "finding": ("work", _finding),
    "draft": ("work", _draft),
    "submit": ("work", _submit),
    "send-back": ("review", _send_back),
    "publish": ("review", _publish),
    "correct": ("correct", _correct),
    "show-picture": ("triage", _show_picture),
}
"""Each step by its address: the permission on `case` it needs, and what it does."""


def _route(name: str, permission: str, act: Act) -> Any:
    @post(
        f"/desk/cases/{{number:str}}/{name}",
        guards=[Desk("case", permission)],
        status_code=303,
        name=f"desk-case-{name}",
    )
    async def take_step(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
        """Take one step with a case, then show it again."""
        sent = _sent(request, number, await form_of(request))
        try:
            await room_of(request).write(caller_of(request).acting, lambda work: act(work, sent))
        except (InputRefused, Conflict, NotAllowed) as error:
            return await _again(request, sent, error)
        return see_other(request, f"/desk/cases/{quote(number, safe='')}?done={name}")

    return take_step


def _sent(request: AnyRequest, number: str, form: Form) -> Sent:
    room = room_of(request)
    mailing = Mailing(room.keys.followers, room.settings.base_url)
    return Sent(number, form, standing_of(request).edition, mailing)


async def _again(
    request: AnyRequest, sent: Sent, error: InputRefused | Conflict | NotAllowed
) -> Response[bytes]:
    typed = {name: sent.form.text(name) for name in TYPED if sent.form.text(name)}
    field = error.field if isinstance(error, InputRefused) else ""
    return await show_desk_case(
        request, sent.number, errors={field: str(error)}, typed=typed, status=_status_of(error)
    )


def _status_of(error: Exception) -> int:
    if isinstance(error, NotAllowed):
        return 403
    return 409 if isinstance(error, Conflict) else 422


BULK: dict[str, Act] = {name: STEPS[name][1] for name in ("accept", "take", "claim", "refuse", "transfer")}


@post("/desk/cases", guards=[Desk("case", "triage")], status_code=200)
async def bulk(request: AnyRequest) -> Response[bytes]:
    """QueuePage: one action with many cases, each by itself; what was refused is told case by case."""
    form, room, caller = await form_of(request), room_of(request), caller_of(request)
    act = BULK.get(form.text("action"))
    numbers = list(dict.fromkeys(form.texts.get("number", ())))[:MOST_AT_ONCE]
    if act is None or not numbers:
        said = "请先选择要做什么，再勾选来件。"
        return await show_queue(request, (BulkResult("", said),), 422)
    results = []
    for number in numbers:
        sent = _sent(request, number, form)
        try:
            await room.write(caller.acting, partial(act, sent=sent))
        except (InputRefused, Conflict, NotAllowed, NotThere) as error:
            results.append(BulkResult(number, str(error)))
        else:
            results.append(BulkResult(number, ""))
    return await show_queue(request, tuple(results))


DESK_CASE_STEPS = [*(_route(name, *step) for name, step in STEPS.items()), bulk]
