"""What the office does with a case: from triage to the published reply.

claim -> write_reply -> submit_reply (one person) -> publish_reply (another). Each takes the version of the page it was
asked from, where that matters, and refuses a stale one.
"""

from __future__ import annotations

from portal.writing import approvals
from portal.writing.accounts import subject_of
from portal.writing.acting import Whereabouts, Work
from portal.writing.approvals import ApprovalOut, ApprovalSubject
from portal.writing.case_clocks import (
    current_clock,
    pause_clock,
    restart_clock,
    resume_clock,
    stop_clock,
)
from portal.writing.case_table import TRANSITIONS, Step
from portal.writing.cases import add_message, check_step, locked_case, move
from portal.writing.errors import InputRefused, WrongOrder
from portal.writing.models import Case, Clock
from portal.writing.models.words import Audience, CaseKind, ClockSubject, Finding, MessageKind
from portal.writing.permissions import Row, allows
from portal.writing.texts import REASON, TEXT, Cleaned, clean


def accept(work: Work, number: str, *, is_listed: bool, expected_version: int | None = None) -> None:
    """Triage: the case is the office's to answer. Listed means that its text is shown, if the asker agreed."""
    case = _locked(work, number, Step.ACCEPT, expected_version)
    move(work, case, Step.ACCEPT, is_listed=is_listed and case.wants_listing)


def refuse(work: Work, number: str, reason: str, expected_version: int | None = None) -> None:
    """Not taken, for a reason the asker reads. Spam too: nothing is deleted."""
    case = _locked(work, number, Step.REFUSE, expected_version)
    check_step(case, Step.REFUSE)
    stop_clock(work, _clock(work, case))
    move(work, case, Step.REFUSE, clean(work.rules, "reason", reason, REASON), closed_on=work.acting.today)


def restore(work: Work, number: str) -> None:
    """It was refused by mistake; its clock goes on as if it had not been."""
    case = _locked(work, number, Step.RESTORE)
    check_step(case, Step.RESTORE)
    restart_clock(work, _clock(work, case))
    move(work, case, Step.RESTORE, closed_on=None)


def transfer(
    work: Work, number: str, target: Whereabouts, reason: str, expected_version: int | None = None
) -> None:
    """Another unit is responsible; everyone sees from whom to whom and why. The clock goes on."""
    case = _locked(work, number, Step.TRANSFER, expected_version)
    check_step(case, Step.TRANSFER)
    if target.unit_id == case.unit_id:
        raise InputRefused("unit", "此件已经在这个单位。")
    _drop_draft(work, case)
    move(
        work,
        case,
        Step.TRANSFER,
        clean(work.rules, "reason", reason, REASON),
        unit_id=target.unit_id,
        sector=target.sector,
        region_path=target.region_path,
        assignee_id=None,
    )


def assign(work: Work, number: str, assignee_id: int, expected_version: int | None = None) -> None:
    """Somebody else answers this one; it must be somebody who may."""
    case = _locked(work, number, Step.ASSIGN, expected_version)
    place = Row(Whereabouts(case.unit_id, case.sector, case.region_path))
    if not allows(subject_of(work.session, assignee_id), "case", "work", place):
        raise InputRefused("assignee", "此人没有办理这个单位案件的权限。")
    move(work, case, Step.ASSIGN, assignee_id=assignee_id)


def claim(work: Work, number: str, expected_version: int | None = None) -> None:
    """I answer this one."""
    case = _locked(work, number, Step.CLAIM, expected_version)
    move(work, case, Step.CLAIM, assignee_id=work.subject.account_id)


def hand_back(work: Work, number: str) -> None:
    """Back into the queue of the unit."""
    case = _locked(work, number, Step.HAND_BACK)
    check_step(case, Step.HAND_BACK)
    _drop_draft(work, case)
    move(work, case, Step.HAND_BACK, assignee_id=None)


def pause(work: Work, number: str, reason: str) -> None:
    """The clock stands still, for a reason that is published (something is needed from the asker, say)."""
    case = _locked(work, number, Step.PAUSE)
    check_step(case, Step.PAUSE)
    text = clean(work.rules, "reason", reason, REASON)
    pause_clock(work, _clock(work, case), text.public)
    move(work, case, Step.PAUSE, text)


def resume(work: Work, number: str) -> None:
    """The clock runs again."""
    case = _locked(work, number, Step.RESUME)
    check_step(case, Step.RESUME)
    resume_clock(work, _clock(work, case))
    move(work, case, Step.RESUME)


def note(work: Work, number: str, text: str) -> None:
    """A remark for the office only."""
    case = locked_case(work, number, "note")
    add_message(work, case, MessageKind.NOTE, Audience.OFFICE, clean(work.rules, "text", text, TEXT))
    work.tell("case.note", "case", number)


def record_finding(work: Work, number: str, finding: Finding, text: str) -> None:
    """What the check of a reported wrong number found."""
    case = _locked(work, number, Step.RECORD_FINDING)
    check_step(case, Step.RECORD_FINDING)
    if case.kind != CaseKind.WRONG_NUMBER:
        raise WrongOrder("只有数据纠错类的件需要记录核查结论。")
    move(work, case, Step.RECORD_FINDING, clean(work.rules, "text", text, REASON), finding=finding.value)


def write_reply(work: Work, number: str, text: str, expected_version: int | None = None) -> ApprovalOut:
    """Draft the reply, or rewrite the draft. `expected_version` is that of the draft."""
    case = _locked(work, number, Step.SUBMIT)
    check_step(case, Step.SUBMIT)
    body = clean(work.rules, "text", text, TEXT).original
    return approvals.draft(work, reply_of(case), body, expected_version)


def submit_reply(work: Work, number: str) -> ApprovalOut:
    """Hand the draft to a second person."""
    case = _locked(work, number, Step.SUBMIT)
    check_step(case, Step.SUBMIT)
    if case.kind == CaseKind.WRONG_NUMBER and case.finding is None:
        raise WrongOrder("请先记录核查结论（确有错误或没有错误），再提交答复。")
    submitted = approvals.submit(work, reply_of(case))
    move(work, case, Step.SUBMIT)
    return submitted


def send_back_reply(work: Work, number: str, reason: str) -> None:
    """The second person wants it changed."""
    case = _locked(work, number, Step.SEND_BACK)
    check_step(case, Step.SEND_BACK)
    text = clean(work.rules, "reason", reason, REASON)
    approvals.send_back(work, reply_of(case), text.original)
    move(work, case, Step.SEND_BACK, text)


def publish_reply(work: Work, number: str, expected_version: int | None = None) -> None:
    """The second person approves, and with that the reply is public. `expected_version` is that of the draft.

    Personal data left in the reply is scrubbed here too: see `preview_reply` for what would go.
    """
    case = _locked(work, number, Step.PUBLISH)
    check_step(case, Step.PUBLISH)
    approved = approvals.approve(work, reply_of(case), expected_version)
    stop_clock(work, _clock(work, case))
    text = Cleaned(approved.body, work.rules.scrub(approved.body).text)
    move(work, case, Step.PUBLISH, text, answered_on=work.acting.today)


def preview_reply(work: Work, number: str) -> Cleaned | None:
    """The open draft as written and as it would be published. None when there is no draft."""
    case = locked_case(work, number, "work")
    found = approvals.open_approval(work.session, reply_of(case))
    return None if found is None else Cleaned(found.body, work.rules.scrub(found.body).text)


def record_correction(work: Work, number: str, release_number: int) -> None:
    """The confirmed wrong number is right from this release on; the asker and everyone are told."""
    case = _locked(work, number, Step.CORRECT)
    check_step(case, Step.CORRECT)
    if case.finding != Finding.CONFIRMED:
        raise WrongOrder("核查结论不是“确有错误”，没有可以登记的更正。")
    if case.corrected_in_release is not None:
        raise WrongOrder(f"已登记在第 {case.corrected_in_release} 版更正。")
    if case.release_number is not None and release_number <= case.release_number:
        raise InputRefused("release_number", f"更正版本应晚于被指出的第 {case.release_number} 版。")
    text = f"此数字已在第 {release_number} 版更正。"
    move(
        work,
        case,
        Step.CORRECT,
        Cleaned(text, text),
        corrected_in_release=release_number,
        closed_on=case.closed_on or work.acting.today,
    )


def reply_of(case: Case) -> ApprovalSubject:
    """What is approved when a reply is: a case that was reopened gets a second one."""
    return ApprovalSubject("reply", f"{case.number}/{case.reopened_count}")


def _locked(work: Work, number: str, step: Step, expected_version: int | None = None) -> Case:
    return locked_case(work, number, TRANSITIONS[step].permission, expected_version)


def _clock(work: Work, case: Case) -> Clock:
    return current_clock(work.session, ClockSubject.CASE, case.id or 0)


def _drop_draft(work: Work, case: Case) -> None:
    approvals.drop_open(work, reply_of(case))
