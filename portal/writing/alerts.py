"""How people deal with alerts. The alert itself is computed into the internal release; here is what became of it.

open -> explained (two working days) -> planned (five) -> closed by finance or supervision, never by the unit itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import Session, col, select

from portal.writing.acting import Rules, Subject, Whereabouts, Work
from portal.writing.audit import Change
from portal.writing.case_clocks import clocks_of, current_clock, face_of, start_clock, stop_clock
from portal.writing.clocks import ClockFace
from portal.writing.database import insert_once, swap
from portal.writing.deadlines import ANOMALY_EXPLANATION, ANOMALY_PLAN
from portal.writing.errors import NotAllowed, NotThere, OwnWork, Stale, WrongOrder
from portal.writing.models import AlertHandling, Clock
from portal.writing.models.words import ALERT_STATUS_NAMES, AlertStatus, ClockSubject
from portal.writing.permissions import ALERT_COLUMNS, scope_clause
from portal.writing.texts import REASON, TEXT, tidy

GRAVITY = {"urgent": 0, "attention": 1, "notice": 2}
"""Grades by how grave they are."""


@dataclass(frozen=True, slots=True)
class AlertIn:
    """An alert of the internal release, as far as handling needs it. `alert_id` is stable over releases."""

    alert_id: str
    rule: str
    grade: str
    release_number: int
    where: Whereabouts


@dataclass(frozen=True, slots=True)
class AlertOut:
    """An alert and what became of it."""

    alert_id: str
    rule: str
    grade: str
    release_number: int
    where: Whereabouts
    status: AlertStatus
    opened_on: date
    explanation: str
    plan: str
    outcome: str
    closed_on: date | None
    clocks: tuple[tuple[str, ClockFace], ...]
    version: int


def take_in(work: Work, alerts: Iterable[AlertIn]) -> int:
    """Open handling for alerts that are new; known ones are left as they are. Returns how many were new."""
    if not work.acting.is_system:
        raise NotAllowed("预警由系统在发布时登记。")
    return sum(_take_in(work, alert) for alert in alerts)


def _take_in(work: Work, alert: AlertIn) -> bool:
    row = AlertHandling(
        alert_id=alert.alert_id,
        rule=alert.rule,
        grade=alert.grade,
        release_number=alert.release_number,
        unit_id=alert.where.unit_id,
        sector=alert.where.sector,
        region_path=alert.where.region_path,
        opened_on=work.acting.today,
    )
    handling_id = insert_once(work.session, row)
    if handling_id is None:
        return False
    start_clock(work, ClockSubject.ALERT, handling_id, "explanation", ANOMALY_EXPLANATION)
    work.tell("alert.open", "alert", alert.alert_id, Change("status", None, AlertStatus.OPEN.value))
    return True


def explain(work: Work, alert_id: str, text: str, expected_version: int | None = None) -> None:
    """The unit says why; the clock of the plan starts."""
    row = _locked(work, alert_id, "explain", AlertStatus.OPEN, expected_version)
    words = tidy("text", text, TEXT)
    stop_clock(work, current_clock(work.session, ClockSubject.ALERT, row.id or 0))
    start_clock(work, ClockSubject.ALERT, row.id or 0, "plan", ANOMALY_PLAN)
    _move(work, row, AlertStatus.EXPLAINED, explanation=words, explained_by=work.subject.account_id)


def plan(work: Work, alert_id: str, text: str, expected_version: int | None = None) -> None:
    """The unit says what it will do about it."""
    row = _locked(work, alert_id, "plan", AlertStatus.EXPLAINED, expected_version)
    words = tidy("text", text, TEXT)
    stop_clock(work, current_clock(work.session, ClockSubject.ALERT, row.id or 0))
    _move(work, row, AlertStatus.PLANNED, plan=words, planned_by=work.subject.account_id)


def close_alert(work: Work, alert_id: str, outcome: str, expected_version: int | None = None) -> None:
    """Finance or supervision accepts the rectification. Raises: OwnWork for whoever explained or planned it."""
    row = _locked(work, alert_id, "close", AlertStatus.PLANNED, expected_version)
    if work.subject.account_id in {row.explained_by, row.planned_by}:
        raise OwnWork("验收人不能是说明人或整改人，请由另一位同事验收。")
    _move(
        work,
        row,
        AlertStatus.CLOSED,
        outcome=tidy("outcome", outcome, REASON),
        closed_by=work.subject.account_id,
        closed_on=work.acting.today,
    )


def list_alerts(session: Session, rules: Rules, today: date, subject: Subject) -> tuple[AlertOut, ...]:
    """Alerts in the scope of the subject, oldest first."""
    scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
    rows = session.exec(select(AlertHandling).where(scope).order_by(col(AlertHandling.id)))
    return tuple(_out(session, rules, today, row) for row in rows)


def count_alerts(session: Session, subject: Subject) -> dict[AlertStatus, int]:
    """How many alerts there are in the scope of the subject, by where they stand."""
    scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
    counted = session.exec(
        select(AlertHandling.status, func.count()).where(scope).group_by(col(AlertHandling.status))
    )
    found = {AlertStatus(status): int(count) for status, count in counted}
    return {status: found.get(status, 0) for status in AlertStatus}


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts are wanted: standing so, and of one rule or one grade where it is named."""

    statuses: tuple[AlertStatus, ...]
    rule: str = ""
    grade: str = ""

    def clauses(self) -> list[ColumnElement[bool]]:
        """As conditions on the table."""
        found: list[ColumnElement[bool]] = [
            col(AlertHandling.status).in_([status.value for status in self.statuses])
        ]
        if self.rule:
            found.append(col(AlertHandling.rule) == self.rule)
        if self.grade:
            found.append(col(AlertHandling.grade) == self.grade)
        return found


@dataclass(frozen=True, slots=True)
class AlertKind:
    """The alerts of one rule and grade in somebody's scope."""

    rule: str
    grade: str
    count: int


def alert_kinds(session: Session, subject: Subject, wanted: AlertFilter) -> tuple[AlertKind, ...]:
    """What kinds of alerts there are, the gravest first, then the most frequent."""
    scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
    kind = (col(AlertHandling.rule), col(AlertHandling.grade))
    rows = session.exec(
        select(*kind, func.count())
        .where(scope, *wanted.clauses())
        .group_by(*kind)
        .order_by(_gravity(), func.count().desc(), col(AlertHandling.rule))
    )
    return tuple(AlertKind(rule, grade, int(count)) for rule, grade, count in rows)


def _gravity() -> ColumnElement[int]:
    """Urgent before attention before notice, and a grade we do not know last."""
    return case(GRAVITY, value=col(AlertHandling.grade), else_=len(GRAVITY))


def alert_queue(
    session: Session, rules: Rules, today: date, subject: Subject, wanted: AlertFilter, limit: int = 100
) -> tuple[AlertOut, ...]:
    """Alerts in the scope of the subject, the gravest first, and among them those that are due first."""
    scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
    is_running = and_(
        col(Clock.subject_kind) == ClockSubject.ALERT.value,
        col(Clock.subject_id) == col(AlertHandling.id),
        col(Clock.stopped_on).is_(None),
    )
    rows = session.exec(
        select(AlertHandling)
        .outerjoin(Clock, is_running)
        .where(scope, *wanted.clauses())
        .order_by(_gravity(), col(Clock.due_on).is_(None), col(Clock.due_on), col(AlertHandling.id))
        .limit(limit)
    )
    return tuple(_out(session, rules, today, row) for row in rows)


def read_alert(session: Session, rules: Rules, today: date, subject: Subject, alert_id: str) -> AlertOut:
    """One alert. Raises: NotThere, also for somebody else's."""
    scope = scope_clause(subject, "alert", "read", ALERT_COLUMNS)
    found = select(AlertHandling).where(col(AlertHandling.alert_id) == alert_id, scope)
    row = session.exec(found).one_or_none()
    if row is None:
        raise NotThere
    return _out(session, rules, today, row)


def _locked(
    work: Work, alert_id: str, action: str, status: AlertStatus, expected_version: int | None
) -> AlertHandling:
    scope = scope_clause(work.subject, "alert", action, ALERT_COLUMNS)
    found = select(AlertHandling).where(col(AlertHandling.alert_id) == alert_id, scope)
    row = work.session.exec(found.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotThere
    if expected_version is not None and row.version != expected_version:
        raise Stale
    if row.status != status:
        raise WrongOrder(
            f"此预警现在是“{ALERT_STATUS_NAMES[AlertStatus(row.status)]}”，"
            f"这一步只用于“{ALERT_STATUS_NAMES[status]}”。"
        )
    return row


def _move(work: Work, row: AlertHandling, status: AlertStatus, **values: object) -> None:
    before = str(row.status)
    same = (col(AlertHandling.id) == row.id, col(AlertHandling.version) == row.version)
    if not swap(work.session, AlertHandling, *same, status=status.value, version=row.version + 1, **values):
        raise Stale
    work.tell(f"alert.{status}", "alert", row.alert_id, Change("status", before, status.value))


def _out(session: Session, rules: Rules, today: date, row: AlertHandling) -> AlertOut:
    clocks = clocks_of(session, ClockSubject.ALERT, row.id or 0)
    return AlertOut(
        alert_id=row.alert_id,
        rule=row.rule,
        grade=row.grade,
        release_number=row.release_number,
        where=Whereabouts(row.unit_id, row.sector, row.region_path),
        status=AlertStatus(row.status),
        opened_on=row.opened_on,
        explanation=row.explanation,
        plan=row.plan,
        outcome=row.outcome,
        closed_on=row.closed_on,
        clocks=tuple((clock.step, face_of(rules, clock, today)) for clock in clocks),
        version=row.version,
    )
