"""How units answer: cases, punctuality, days, and how replies were rated. Fair: nothing is shown below a sample.

Only listed cases are counted here: each of them is public with its standing and its rating, so that these sums tell nothing
that anybody could not count. Sums with the others come with a release, through the disclosure rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from sqlmodel import Session, col, select

from portal.writing.acting import Rules
from portal.writing.case_clocks import face_of
from portal.writing.clocks import Punctuality
from portal.writing.models import Case, Clock
from portal.writing.models.words import PUBLIC_STATUSES, ClockSubject

SMALLEST_SAMPLE = 5
_OPEN_LATE = (Punctuality.OVERDUE, Punctuality.LONG_OVERDUE)


@dataclass(frozen=True, slots=True)
class ReplyStatistics:
    """One unit, or one region, in one period. What needs a sample is None below it; `overdue_now` never is hidden."""

    key: str
    cases: int
    answered: int
    overdue_now: int
    on_time_share: float | None
    median_working_days: float | None
    mean_rating: float | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A case with its first clock, which decides about punctuality: reopening does not excuse the first reply."""

    case: Case
    punctuality: Punctuality
    working_days: int | None


def statistics_by_unit(
    session: Session, rules: Rules, today: date, since: date
) -> tuple[ReplyStatistics, ...]:
    """Units with listed cases received since a day, by unit."""
    groups: dict[str, list[Answered]] = defaultdict(list)
    for found in answered_cases(session, rules, today, since):
        if found.case.is_listed:
            groups[found.case.unit_id].append(found)
    return tuple(_statistics(unit_id, groups[unit_id]) for unit_id in sorted(groups))


def _statistics(key: str, group: Sequence[Answered]) -> ReplyStatistics:
    days = [found.working_days for found in group if found.working_days is not None]
    ratings = [found.case.reply_rating for found in group if found.case.reply_rating is not None]
    has_sample = len(days) >= SMALLEST_SAMPLE
    on_time = sum(found.punctuality is Punctuality.ON_TIME for found in group)
    return ReplyStatistics(
        key=key,
        cases=len(group),
        answered=len(days),
        overdue_now=sum(found.punctuality in _OPEN_LATE for found in group),
        on_time_share=round(on_time / len(days), 4) if has_sample else None,
        median_working_days=float(median(days)) if has_sample else None,
        mean_rating=round(sum(ratings) / len(ratings), 2) if len(ratings) >= SMALLEST_SAMPLE else None,
    )


def answered_cases(session: Session, rules: Rules, today: date, since: date) -> Iterable[Answered]:
    """The public cases received since a day, in the order in which they came."""
    rows = session.exec(
        select(Case, Clock)
        .join(Clock, col(Clock.subject_id) == col(Case.id))
        .where(
            col(Clock.subject_kind) == ClockSubject.CASE.value,
            col(Clock.step) == "reply",
            col(Case.received_on) >= since,
            col(Case.status).in_([status.value for status in PUBLIC_STATUSES]),
        )
        .order_by(col(Case.id))
    )
    for case, clock in rows.all():
        face = face_of(rules, clock, today)
        stopped = clock.stopped_on
        days = None if stopped is None else rules.calendar.working_days_between(clock.day_zero, stopped)
        yield Answered(case, face.punctuality, days)
