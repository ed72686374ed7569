"""Reading the operation log: the auditor sees all of it, others what their rule reaches, nobody changes any.

Before and after, and the address somebody came from, need their own clearance.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from portal.writing.acting import Acting, Subject
from portal.writing.audit import Change
from portal.writing.database import WritingSession
from portal.writing.models import LogEntry
from portal.writing.permissions import NO_COLUMNS, Row, allows, require, scope_clause

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries: all fields narrow. `before` is a number to go on behind (newest first)."""

    actor_id: int | None = None
    action: str | None = None
    object_kind: str | None = None
    object_key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 100

    def clauses(self) -> list[ColumnElement[bool]]:
        """The filter as conditions."""
        equal = (
            (col(LogEntry.actor_id), self.actor_id),
            (col(LogEntry.action), self.action),
            (col(LogEntry.object_kind), self.object_kind),
            (col(LogEntry.object_key), self.object_key),
        )
        found: list[ColumnElement[bool]] = [column == value for column, value in equal if value is not None]
        if self.since is not None:
            found.append(col(LogEntry.at) >= self.since)
        if self.until is not None:
            found.append(col(LogEntry.at) < self.until)
        if self.before is not None:
            found.append(col(LogEntry.sequence) < self.before)
        return found


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as its reader may see it; `changes` and `origin` are None without the clearance."""

    sequence: int
    at: datetime
    actor_id: int | None
    actor_role: str
    action: str
    object_kind: str
    object_key: str
    request_id: str
    changes: tuple[Change, ...] | None
    origin: str | None
    hash: str


def search_log(session: Session, subject: Subject, wanted: LogFilter) -> tuple[LogLine, ...]:
    """Entries, newest first."""
    scope = scope_clause(subject, "log", "read", NO_COLUMNS)
    rows = session.exec(
        select(LogEntry)
        .where(scope, *wanted.clauses())
        .order_by(col(LogEntry.sequence).desc())
        .limit(min(wanted.limit, MOST_ROWS))
    )
    return tuple(_line(row, subject) for row in rows)


def export_log(session: WritingSession, acting: Acting, wanted: LogFilter) -> Iterator[LogLine]:
    """All entries of a filter, oldest first, ready to be written out; that it was taken is itself logged.

    Raises: NotAllowed for everyone but the auditor.
    """
    require(acting.subject, "log", "export")
    session.tell(acting.event("log.export", "log", "all"))
    found = select(LogEntry).where(*wanted.clauses()).order_by(col(LogEntry.sequence))
    with closing(session.exec(found.execution_options(yield_per=500))) as rows:
        for row in rows:
            yield _line(row, acting.subject)


def _line(row: LogEntry, subject: Subject) -> LogLine:
    return LogLine(
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        actor_role=row.actor_role,
        action=row.action,
        object_kind=row.object_kind,
        object_key=row.object_key,
        request_id=row.request_id,
        changes=_changes(row.changes) if _may_see(subject, "changes") else None,
        origin=row.origin if _may_see(subject, "origin") else None,
        hash=row.hash,
    )


def _may_see(subject: Subject, field: str) -> bool:
    return allows(subject, "log", "read", Row(), field)


def _changes(text: str) -> tuple[Change, ...]:
    return tuple(Change(field, before, after) for field, (before, after) in json.loads(text).items())
