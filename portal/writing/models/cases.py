"""Cases: a row, its timeline of messages, the originals apart from what may be public, pictures and clocks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from portal.writing.models.columns import Base, Code, Instant, between, one_of
from portal.writing.models.words import (
    Audience,
    CaseKind,
    ClockSubject,
    Finding,
    MessageKind,
    Status,
)


class Counter(Base, table=True):
    """A number that only the database counts up: case numbers of a day."""

    name: str = Field(primary_key=True)
    last: int


class Case(Base, table=True):
    """A question, complaint, suggestion, report of a wrong number, request or inquiry. `subject` is scrubbed."""

    __tablename__ = "public_case"
    __table_args__ = (
        one_of("kind", CaseKind),
        one_of("status", Status),
        one_of("finding", Finding),
        between("reply_rating", 1, 5),
        between("reopened_count", 0, 1),
        Index("ix_public_case_unit_id_status", "unit_id", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    lookup_digest: str
    kind: str = Field(sa_type=Code)
    status: str = Field(default=Status.RECEIVED, sa_type=Code)
    subject: str
    is_listed: bool = False
    wants_listing: bool = True
    project_id: str | None = Field(default=None, index=True)
    figure: str | None = None
    release_number: int | None = None
    unit_id: str
    sector: str
    region_path: str
    asker_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    assignee_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    received_at: datetime = Field(sa_type=Instant)
    received_on: date
    answered_on: date | None = None
    closed_on: date | None = None
    reply_rating: int | None = None
    reopened_count: int = 0
    finding: str | None = Field(default=None, sa_type=Code)
    corrected_in_release: int | None = None
    spam_hints: str = ""
    form_key: str | None = Field(default=None, unique=True)
    text_digest: str = Field(index=True)
    version: int = 0


class Message(Base, table=True):
    """One entry of a case's timeline. `text` is scrubbed when the audience is everyone, as it was written otherwise."""

    __tablename__ = "case_message"
    __table_args__ = (
        UniqueConstraint("case_id", "sequence"),
        one_of("kind", MessageKind),
        one_of("audience", Audience),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="public_case.id", index=True)
    sequence: int
    kind: str = Field(sa_type=Code)
    audience: str = Field(sa_type=Code)
    text: str
    author_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    author_label: str
    written_at: datetime = Field(sa_type=Instant)
    written_on: date


class Original(Base, table=True):
    """The text of a message as it was written, when scrubbing changed it. Never joined by anything public."""

    __tablename__ = "case_original"

    message_id: int = Field(foreign_key="case_message.id", primary_key=True)
    subject: str = ""
    text: str


class Picture(Base, table=True):
    """A picture of a case, re-encoded by us: no metadata of the camera is left."""

    __tablename__ = "case_picture"
    __table_args__ = (one_of("audience", Audience),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="public_case.id", index=True)
    digest: str = Field(index=True)
    media_type: str
    width: int
    height: int
    content: bytes = Field(sa_type=LargeBinary)
    audience: str = Field(default=Audience.OFFICE, sa_type=Code)
    added_at: datetime = Field(sa_type=Instant)


class Clock(Base, table=True):
    """A deadline that runs: day zero, working days, and the day it stopped. Lateness is worked out when it is read."""

    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "step"),
        one_of("subject_kind", ClockSubject),
        CheckConstraint("working_days > 0", name="working_days_positive"),
        CheckConstraint("stopped_on IS NULL OR stopped_on >= day_zero", name="stops_after_start"),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_kind: str = Field(sa_type=Code)
    subject_id: int
    step: str
    rule: str
    rule_version: str
    day_zero: date
    working_days: int
    due_on: date | None = Field(default=None, index=True)
    is_provisional: bool = False
    stopped_on: date | None = None


class Pause(Base, table=True):
    """Days that do not count, with the reason that is published. `until_on` is the first day that counts again."""

    __tablename__ = "clock_pause"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        CheckConstraint("reason <> ''", name="has_reason"),
        Index(
            "uq_clock_pause_open",
            "clock_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    clock_id: int = Field(foreign_key="clock.id", index=True)
    from_on: date
    until_on: date | None = None
    reason: str
