"""The clocks of cases and alerts in the database: started, paused, resumed, stopped, read.

`due_on` is kept so that queues can be sorted by it; whether it has passed is worked out from today whenever it is read.
"""

from __future__ import annotations

from datetime import date

from sqlmodel import Session, col, select

from portal.writing.acting import Rules, Work
from portal.writing.audit import Change, plain
from portal.writing.clocks import ClockFace, Due, Punctuality, Span, due_day, read_clock
from portal.writing.errors import WrongOrder
from portal.writing.models import Clock, Pause
from portal.writing.models.words import ClockSubject


def start_clock(work: Work, kind: ClockSubject, subject_id: int, step: str, rule: str) -> Due:
    """Start a clock today, by the deadline in force today."""
    day_zero = work.acting.today
    deadline = work.rules.deadlines.deadline(rule, day_zero)
    due = due_day(work.rules.calendar, day_zero, deadline.working_days)
    work.session.add(
        Clock(
            subject_kind=kind,
            subject_id=subject_id,
            step=step,
            rule=rule,
            rule_version=deadline.version,
            day_zero=day_zero,
            working_days=deadline.working_days,
            due_on=due.on,
            is_provisional=due.is_provisional,
        )
    )
    return due


def clocks_of(session: Session, kind: ClockSubject, subject_id: int) -> tuple[Clock, ...]:
    """Clocks of a case or alert, in the order they were started."""
    found = select(Clock).where(col(Clock.subject_kind) == kind, col(Clock.subject_id) == subject_id)
    return tuple(session.exec(found.order_by(col(Clock.id))))


def current_clock(session: Session, kind: ClockSubject, subject_id: int) -> Clock:
    """The clock that was started last."""
    return clocks_of(session, kind, subject_id)[-1]


def pauses_of(session: Session, clock: Clock) -> tuple[Pause, ...]:
    """Pauses of a clock, in order."""
    return tuple(session.exec(select(Pause).where(col(Pause.clock_id) == clock.id).order_by(col(Pause.id))))


def due_of(session: Session, rules: Rules, clock: Clock) -> Due:
    """The due day, worked out anew."""
    spans = [Span(pause.from_on, pause.until_on) for pause in pauses_of(session, clock)]
    return due_day(rules.calendar, clock.day_zero, clock.working_days, spans)


def face_of(rules: Rules, clock: Clock, today: date) -> ClockFace:
    """What the clock shows on a day. The due day is the one that is kept; the holidays' remark is worked out."""
    version = next(
        (found for found in rules.deadlines.versions if found.name == clock.rule_version),
        rules.deadlines.in_force_on(clock.day_zero),
    )
    years = () if clock.due_on is None else rules.calendar.uncovered_years(clock.day_zero, clock.due_on)
    due = Due(clock.due_on, years if clock.is_provisional else ())
    return read_clock(rules.calendar, due, today, version.long_overdue_after, clock.stopped_on)


def pause_clock(work: Work, clock: Clock, reason: str) -> None:
    """Days do not count from today on, for a reason that is published. An overdue clock cannot be paused."""
    face = face_of(work.rules, clock, work.acting.today)
    if face.punctuality in {Punctuality.OVERDUE, Punctuality.LONG_OVERDUE}:
        raise WrongOrder("此件已经超期，不能再暂停计时。请尽快答复。")
    work.session.add(
        Pause(clock_id=clock.id or 0, from_on=max(work.acting.today, clock.day_zero), reason=reason)
    )
    _refresh(work, clock)


def resume_clock(work: Work, clock: Clock) -> None:
    """Days count again, today included."""
    for pause in pauses_of(work.session, clock):
        if pause.until_on is None:
            pause.until_on = max(work.acting.today, pause.from_on)
            work.session.add(pause)
    _refresh(work, clock)


def stop_clock(work: Work, clock: Clock) -> None:
    """The clock stops today; how late it is stays as it is."""
    resume_clock(work, clock)
    clock.stopped_on = max(work.acting.today, clock.day_zero)
    work.session.add(clock)


def restart_clock(work: Work, clock: Clock) -> None:
    """A clock that was stopped by mistake runs on, as if it had not been stopped."""
    clock.stopped_on = None
    work.session.add(clock)


def recount_running_clocks(work: Work) -> int:
    """Work out every running due day anew, after the calendar learned a year; returns how many moved."""
    moved = 0
    running = select(Clock).where(col(Clock.stopped_on).is_(None)).order_by(col(Clock.id))
    for clock in work.session.exec(running).all():
        before = clock.due_on
        _refresh(work, clock)
        if clock.due_on != before:
            moved += 1
            change = Change("due_on", plain(before), plain(clock.due_on))
            work.tell("clock.recount", str(clock.subject_kind), clock.subject_id, change)
    return moved


def _refresh(work: Work, clock: Clock) -> None:
    work.session.flush()
    due = due_of(work.session, work.rules, clock)
    clock.due_on, clock.is_provisional = due.on, due.is_provisional
    work.session.add(clock)
