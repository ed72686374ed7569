"""What the portal does by itself: reminds, escalates and closes. Each step is taken once, whoever runs it how often.

Nothing public waits for this: lateness is worked out whenever it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col, select

from portal.writing.acting import Work
from portal.writing.audit import Change
from portal.writing.case_asker import CLOSES_AFTER_WORKING_DAYS, close_if_silent
from portal.writing.case_clocks import face_of
from portal.writing.cases import add_message, locked_case_of_system
from portal.writing.clocks import ClockFace, Punctuality
from portal.writing.database import insert_once
from portal.writing.errors import NotAllowed
from portal.writing.models import Case, Clock, Counter
from portal.writing.models.words import Audience, ClockSubject, MessageKind, Status
from portal.writing.texts import Cleaned


class Escalation(StrEnum):
    """The steps, mildest first."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


WORDS = {
    Escalation.DUE_SOON: "即将到期，请尽快答复。",
    Escalation.OVERDUE: "已超期，已提请单位负责人督办。",
    Escalation.LONG_OVERDUE: "严重超期，已提请监督部门督办。",
}


@dataclass(frozen=True, slots=True)
class Escalated:
    """A step that was taken now; the web layer sends the letters."""

    number: str
    unit_id: str
    step: Escalation


def step_of(face: ClockFace) -> Escalation | None:
    """What a clock calls for."""
    if face.punctuality is Punctuality.LONG_OVERDUE:
        return Escalation.LONG_OVERDUE
    if face.punctuality is Punctuality.OVERDUE:
        return Escalation.OVERDUE
    is_near = face.punctuality in {Punctuality.RUNNING, Punctuality.DUE_TODAY} and face.days_left <= 1
    return Escalation.DUE_SOON if is_near else None


def escalate_cases(work: Work) -> tuple[Escalated, ...]:
    """Take every step that is called for today and was not taken yet."""
    if not work.acting.is_system:
        raise NotAllowed("催办由系统按期限自动进行。")
    running = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.subject_id))
        .where(
            col(Clock.subject_kind) == ClockSubject.CASE.value,
            col(Clock.stopped_on).is_(None),
            col(Clock.due_on).is_not(None),
        )
        .order_by(col(Clock.id))
    )
    taken = []
    for clock, case in work.session.exec(running).all():
        step = step_of(face_of(work.rules, clock, work.acting.today))
        if step is not None and _take(work, clock, case.number, step):
            taken.append(Escalated(case.number, case.unit_id, step))
    return tuple(taken)


def _take(work: Work, clock: Clock, number: str, step: Escalation) -> bool:
    if insert_once(work.session, Counter(name=f"escalation {clock.id} {step}", last=1)) is None:
        return False
    case = locked_case_of_system(work, number)
    add_message(work, case, MessageKind.ESCALATION, Audience.OFFICE, Cleaned(WORDS[step], WORDS[step]))
    work.tell("case.escalate", "case", number, Change("escalation", None, step.value))
    return True


def close_silent_cases(work: Work) -> int:
    """Close answered cases nobody rated in time; returns how many."""
    answered = select(Case.number).where(col(Case.status) == Status.ANSWERED.value).order_by(col(Case.number))
    return sum(close_if_silent(work, number) for number in work.session.exec(answered).all())


__all__ = ["CLOSES_AFTER_WORKING_DAYS", "Escalated", "Escalation", "close_silent_cases", "escalate_cases"]
