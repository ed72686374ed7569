"""Cases as people see them: the public, the one who asked, and the desk. Each gets its own shape, made of what is
stored for it; nobody gets a row of the table. Lateness is worked out for the `today` that is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from portal.writing.acting import Rules, Subject, Whereabouts
from portal.writing.case_clocks import current_clock, face_of, pauses_of
from portal.writing.case_mentions import mentions
from portal.writing.case_table import TRANSITIONS, Step, legal_steps
from portal.writing.cases import is_lookup_code, may_see
from portal.writing.clocks import ClockFace
from portal.writing.errors import NotThere
from portal.writing.models import Case, Clock, Message, Original
from portal.writing.models.words import Audience, CaseKind, ClockSubject, Finding, MessageKind, Status
from portal.writing.permission_table import Scope
from portal.writing.permissions import CASE_COLUMNS, Row, allows, scope_clause, visible_fields

PUBLIC_WORDS = {Status.IN_REVIEW: Status.WORKING}
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class PublishedMessage:
    """One entry of a timeline as the reader may see it. `text` is empty where only the step is shown."""

    sequence: int
    kind: MessageKind
    audience: Audience
    author: str
    written_on: date
    written_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class PublicCase:
    """A case on a public page. `subject` is None when its text is not listed."""

    number: str
    kind: CaseKind
    status: Status
    subject: str | None
    project_id: str | None
    figure: str | None
    release_number: int | None
    corrected_in_release: int | None
    finding: Finding | None
    unit_id: str
    received_on: date
    answered_on: date | None
    clock: ClockFace
    pause_reason: str
    reply_rating: int | None
    was_reopened: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with the messages its reader may see."""

    case: PublicCase
    messages: tuple[PublishedMessage, ...]
    may: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskCase:
    """A case in a queue or on the desk. `asker_id` and `spam_hints` are None without the clearance for them."""

    id: int
    version: int
    case: PublicCase
    subject: str
    where: Whereabouts
    assignee_id: int | None
    asker_id: int | None
    spam_hints: str | None
    is_listed: bool


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A case on the desk: all messages the clearance reaches, the originals likewise, and the steps one may take."""

    case: DeskCase
    messages: tuple[PublishedMessage, ...]
    originals: tuple[OriginalText, ...]
    may: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class OriginalText:
    """What a message said before scrubbing."""

    sequence: int
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases of a list: all fields narrow. `before` is a case number to go on behind (lists run newest first),
    `skip` how many to pass over,
    `late_on` a day on which the case must be overdue, `words` what its number or its listed texts must hold;
    `desk_words` what number or subject must hold on the desk, where every subject is read; `only_listed` leaves out
    cases whose text is not shown.
    """

    project_id: str | None = None
    unit_id: str | None = None
    region_code: str | None = None
    kind: CaseKind | None = None
    statuses: tuple[Status, ...] = ()
    before: str | None = None
    skip: int = 0
    limit: int = 50
    late_on: date | None = None
    words: str = ""
    desk_words: str = ""
    only_listed: bool = False

    def clauses(self) -> list[ColumnElement[bool]]:
        """The filter as conditions."""
        wanted = (
            (col(Case.project_id), self.project_id),
            (col(Case.unit_id), self.unit_id),
            (col(Case.kind), self.kind),
        )
        found: list[ColumnElement[bool]] = [column == value for column, value in wanted if value is not None]
        if self.statuses:
            found.append(col(Case.status).in_([status.value for status in self.statuses]))
        if self.region_code is not None:
            found.append(col(Case.region_path).contains(f"/{self.region_code}/", autoescape=True))
        if self.before is not None:
            found.append(col(Case.number) < self.before)
        if self.late_on is not None:
            found.append(_is_late(self.late_on))
        if self.words:
            found.append(mentions(self.words))
        if self.desk_words:
            found.append(_holds(self.desk_words))
        if self.only_listed:
            found.append(col(Case.is_listed).is_(True))
        return found


def _is_late(today: date) -> ColumnElement[bool]:
    """Whether a clock of the case runs past its due day."""
    late = aliased(Clock)
    return (
        select(late.id)
        .where(
            col(late.subject_kind) == ClockSubject.CASE.value,
            col(late.subject_id) == col(Case.id),
            col(late.stopped_on).is_(None),
            col(late.due_on) < today,
        )
        .exists()
    )


def _holds(words: str) -> ColumnElement[bool]:
    """Whether the number or the subject holds the words: for those in whose scope the case lies."""
    return or_(*(column.contains(words, autoescape=True) for column in (col(Case.number), col(Case.subject))))


def list_own(session: Session, rules: Rules, today: date, subject: Subject) -> tuple[PublicCase, ...]:
    """Cases somebody asked while signed in, newest first, in any status."""
    if subject.account_id is None:
        return ()
    mine = select(Case).where(col(Case.asker_id) == subject.account_id)
    rows = session.exec(mine.order_by(col(Case.number).desc()).limit(MOST_ROWS))
    return tuple(_public(session, rules, row, today, is_asker=True) for row in rows)


def list_public(session: Session, rules: Rules, today: date, wanted: CaseFilter) -> tuple[PublicCase, ...]:
    """Public cases, newest first."""
    public = CASE_COLUMNS.public
    assert public is not None  # noqa: S101 - cases have a public side; told to the type checker
    rows = session.exec(
        select(Case)
        .where(public, *wanted.clauses())
        .order_by(col(Case.number).desc())
        .offset(wanted.skip)
        .limit(min(wanted.limit, MOST_ROWS))
    )
    return tuple(_public(session, rules, row, today) for row in rows)


def public_page(session: Session, rules: Rules, today: date, number: str) -> CasePage:
    """A public case with its public messages. Raises: NotThere."""
    case = may_see(session, Subject(), number)
    return CasePage(_public(session, rules, case, today), _messages(session, case, (Audience.EVERYONE,)))


def asker_page(
    session: Session, rules: Rules, today: date, number: str, subject: Subject, lookup_code: str | None = None
) -> CasePage:
    """A case as the one who asked sees it, in any status; by account or lookup code. Raises: NotThere."""
    case = session.exec(select(Case).where(col(Case.number) == number)).one_or_none()
    if case is None:
        raise NotThere
    is_by_code = lookup_code is not None and is_lookup_code(case, lookup_code)
    is_by_account = subject.account_id is not None and case.asker_id == subject.account_id
    if not (is_by_code or is_by_account):
        raise NotThere
    messages = _messages(session, case, (Audience.EVERYONE, Audience.ASKER), is_asker=True)
    shown = _public(session, rules, case, today, is_asker=True)
    asker_steps = ("supplement", "withdraw", "rate_reply")
    may = [step for step in legal_steps(Status(case.status)) if TRANSITIONS[step].permission in asker_steps]
    return CasePage(shown, messages, tuple(may))


def desk_page(session: Session, rules: Rules, today: date, number: str, subject: Subject) -> DeskPage:
    """A case on the desk of somebody in whose scope it lies. Raises: NotThere."""
    case = session.exec(
        select(Case).where(col(Case.number) == number, desk_scope(subject, "read"))
    ).one_or_none()
    if case is None:
        raise NotThere
    row = _row(case)
    fields = visible_fields(subject, "case", row)
    audiences = [Audience.EVERYONE]
    audiences += [Audience.ASKER] if "asker_messages" in fields else []
    audiences += [Audience.OFFICE] if "notes" in fields else []
    may = [
        step
        for step in legal_steps(Status(case.status))
        if allows(subject, "case", TRANSITIONS[step].permission, row)
    ]
    return DeskPage(
        _desk(session, rules, case, today, fields),
        _messages(session, case, audiences, is_asker=True),
        _originals(session, case) if "original" in fields else (),
        tuple(may),
    )


def queue(
    session: Session,
    rules: Rules,
    today: date,
    subject: Subject,
    wanted: CaseFilter,
    *,
    only_mine: bool = False,
) -> tuple[DeskCase, ...]:
    """Cases the subject may work on, review or at least read, by deadline: the most urgent first, paused ones last."""
    mine = [col(Case.assignee_id) == subject.account_id] if only_mine else []
    is_running = and_(
        col(Clock.subject_kind) == ClockSubject.CASE.value,
        col(Clock.subject_id) == col(Case.id),
        col(Clock.stopped_on).is_(None),
    )
    rows = session.exec(
        select(Case)
        .outerjoin(Clock, is_running)
        .where(desk_scope(subject, "read"), *wanted.clauses(), *mine)
        .order_by(col(Clock.id).is_(None), col(Clock.due_on).is_(None), col(Clock.due_on), col(Case.number))
        .limit(min(wanted.limit, MOST_ROWS))
    )
    return tuple(
        _desk(session, rules, row, today, visible_fields(subject, "case", _row(row))) for row in rows
    )


def desk_scope(subject: Subject, action: str) -> ColumnElement[bool]:
    """The scope of what the subject holds beyond being the public or the asker."""
    return scope_clause(subject, "case", action, CASE_COLUMNS, (Scope.GRANTED, Scope.ALL))


def _row(case: Case) -> Row:
    return Row(Whereabouts(case.unit_id, case.sector, case.region_path), case.asker_id)


def _public(session: Session, rules: Rules, case: Case, today: date, *, is_asker: bool = False) -> PublicCase:
    clock = current_clock(session, ClockSubject.CASE, case.id or 0)
    is_paused = clock.due_on is None and clock.stopped_on is None
    status = Status(case.status)
    return PublicCase(
        number=case.number,
        kind=CaseKind(case.kind),
        status=status if is_asker else PUBLIC_WORDS.get(status, status),
        subject=case.subject if case.is_listed or is_asker else None,
        project_id=case.project_id,
        figure=case.figure,
        release_number=case.release_number,
        corrected_in_release=case.corrected_in_release,
        finding=None if case.finding is None else Finding(case.finding),
        unit_id=case.unit_id,
        received_on=case.received_on,
        answered_on=case.answered_on,
        clock=face_of(rules, clock, today),
        pause_reason=pauses_of(session, clock)[-1].reason if is_paused else "",
        reply_rating=case.reply_rating,
        was_reopened=case.reopened_count > 0,
    )


def _desk(session: Session, rules: Rules, case: Case, today: date, fields: frozenset[str]) -> DeskCase:
    return DeskCase(
        id=case.id or 0,
        version=case.version,
        case=_public(session, rules, case, today, is_asker=True),
        subject=case.subject,
        where=Whereabouts(case.unit_id, case.sector, case.region_path),
        assignee_id=case.assignee_id,
        asker_id=case.asker_id if "asker" in fields else None,
        spam_hints=case.spam_hints if "spam_hints" in fields else None,
        is_listed=case.is_listed,
    )


def _messages(
    session: Session, case: Case, audiences: Sequence[Audience], *, is_asker: bool = False
) -> tuple[PublishedMessage, ...]:
    rows = session.exec(
        select(Message)
        .where(
            col(Message.case_id) == case.id,
            col(Message.audience).in_([audience.value for audience in audiences]),
        )
        .order_by(col(Message.sequence))
    )
    return tuple(
        PublishedMessage(
            sequence=row.sequence,
            kind=MessageKind(row.kind),
            audience=Audience(row.audience),
            author=row.author_label,
            written_on=row.written_on,
            written_at=row.written_at,
            text=row.text if case.is_listed or is_asker else "",
        )
        for row in rows
    )


def _originals(session: Session, case: Case) -> tuple[OriginalText, ...]:
    rows = session.exec(
        select(Message.sequence, Original)
        .join(Original, col(Original.message_id) == col(Message.id))
        .where(col(Message.case_id) == case.id)
        .order_by(col(Message.sequence))
    )
    return tuple(OriginalText(sequence, original.subject, original.text) for sequence, original in rows)
