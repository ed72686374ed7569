"""How many cases there are of each standing: for the head of a list, for the desk, and for the public page.

Long overdue is counted in working days, which a database cannot; so the due days of late clocks are read and judged
one by one. There are as many as there are late cases, and a desk with thousands of those has other worries.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from portal.writing.acting import Rules, Subject
from portal.writing.case_clocks import face_of
from portal.writing.case_views import CaseFilter, desk_scope
from portal.writing.clocks import Punctuality
from portal.writing.models import Case, Clock
from portal.writing.models.words import ClockSubject, Status
from portal.writing.permissions import CASE_COLUMNS

OPEN = (Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW)
REPLIED = (Status.ANSWERED, Status.CLOSED)


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Counts of a list. `overdue` includes `long_overdue`."""

    everything: int
    open: int
    replied: int
    overdue: int
    long_overdue: int


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """Counts of a desk, of what the subject may read there."""

    mine: int
    received: int
    open: int
    overdue: int
    in_review: int
    refused: int


def count_public(session: Session, rules: Rules, today: date, wanted: CaseFilter) -> CaseCounts:
    """Counts of the public cases that a filter lets through."""
    public = CASE_COLUMNS.public
    assert public is not None  # noqa: S101 - cases have a public side; told to the type checker
    return _counted(session, rules, today, public, *wanted.clauses())


def _counted(session: Session, rules: Rules, today: date, *where: ColumnElement[bool]) -> CaseCounts:
    by_status = _by_status(session, *where)
    late = _late(session, rules, today, *where)
    return CaseCounts(
        everything=sum(by_status.values()),
        open=sum(by_status[status] for status in OPEN),
        replied=sum(by_status[status] for status in REPLIED),
        overdue=sum(late.values()),
        long_overdue=late[Punctuality.LONG_OVERDUE],
    )


def count_desk(session: Session, rules: Rules, today: date, subject: Subject) -> DeskCounts:
    """Counts of the cases in the subject's scope."""
    scope = desk_scope(subject, "read")
    by_status = _by_status(session, scope)
    mine = select(func.count()).where(
        scope,
        col(Case.assignee_id) == subject.account_id,
        col(Case.status).in_([status.value for status in OPEN]),
    )
    return DeskCounts(
        mine=session.exec(mine).one(),
        received=by_status[Status.RECEIVED],
        open=sum(by_status[status] for status in OPEN),
        overdue=sum(_late(session, rules, today, scope).values()),
        in_review=by_status[Status.IN_REVIEW],
        refused=by_status[Status.REFUSED],
    )


def _by_status(session: Session, *where: ColumnElement[bool]) -> Counter[str]:
    rows = session.exec(select(Case.status, func.count()).where(*where).group_by(col(Case.status)))
    return Counter(dict(rows.all()))


def _late(session: Session, rules: Rules, today: date, *where: ColumnElement[bool]) -> Counter[Punctuality]:
    rows = session.exec(
        select(Clock)
        .join(Case, col(Clock.subject_id) == col(Case.id))
        .where(
            col(Clock.subject_kind) == ClockSubject.CASE.value,
            col(Clock.stopped_on).is_(None),
            col(Clock.due_on) < today,
            *where,
        )
    )
    return Counter(face_of(rules, clock, today).punctuality for clock in rows)
