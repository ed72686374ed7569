"""What the desk keeps beside cases: second persons, ratings, alerts, reply templates, followers, the operation log."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from portal.writing.models.columns import Base, Code, Instant, between, one_of
from portal.writing.models.words import AlertStatus, ApprovalState, FollowKind, FollowState

_IS_OPEN = text("state IN ('draft', 'submitted')")


class Approval(Base, table=True):
    """Something one person made and another must approve. At most one is open for a subject at a time."""

    __table_args__ = (
        one_of("state", ApprovalState),
        CheckConstraint("decided_by IS NULL OR decided_by <> author_id", name="second_person"),
        CheckConstraint("state <> 'approved' OR decided_by IS NOT NULL", name="approved_by_somebody"),
        Index(
            "uq_approval_open",
            "subject_kind",
            "subject_key",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    subject_kind: str
    subject_key: str
    body: str
    state: str = Field(default=ApprovalState.DRAFT, sa_type=Code)
    author_id: int = Field(foreign_key="account.id", index=True)
    written_at: datetime = Field(sa_type=Instant)
    decided_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str = ""
    version: int = 0


class Rating(Base, table=True):
    """What one verified person thinks of one project, 1 to 5 on each dimension. It can be changed, not doubled."""

    __table_args__ = (
        UniqueConstraint("project_id", "person_key"),
        between("overall", 1, 5),
        between("usefulness", 1, 5),
        between("quality", 1, 5),
        between("progress", 1, 5),
        between("openness", 1, 5),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: str = Field(index=True)
    unit_id: str = Field(index=True)
    region_path: str
    person_key: str
    overall: int
    usefulness: int | None = None
    quality: int | None = None
    progress: int | None = None
    openness: int | None = None
    rated_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    version: int = 0


class AlertHandling(Base, table=True):
    """How people deal with one alert of the internal release; the alert itself is computed there."""

    __tablename__ = "alert_handling"
    __table_args__ = (one_of("status", AlertStatus),)

    id: int | None = Field(default=None, primary_key=True)
    alert_id: str = Field(unique=True)
    rule: str
    grade: str
    release_number: int
    unit_id: str = Field(index=True)
    sector: str
    region_path: str
    status: str = Field(default=AlertStatus.OPEN, sa_type=Code)
    opened_on: date
    explanation: str = ""
    explained_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    plan: str = ""
    planned_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    outcome: str = ""
    closed_by: int | None = Field(default=None, foreign_key="account.id", index=True)
    closed_on: date | None = None
    version: int = 0


class ReplyTemplate(Base, table=True):
    """A reply a unit uses often; text with a few named places, never code."""

    __tablename__ = "reply_template"
    __table_args__ = (UniqueConstraint("unit_id", "title"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: str
    title: str
    body: str
    author_id: int = Field(foreign_key="account.id", index=True)
    written_at: datetime = Field(sa_type=Instant)
    is_retired: bool = False


class Subscription(Base, table=True):
    """Somebody follows something by e-mail. The address is erased on leaving."""

    __table_args__ = (
        UniqueConstraint("address_digest", "kind", "target"),
        one_of("kind", FollowKind),
        one_of("state", FollowState),
        CheckConstraint("state <> 'left' OR address IS NULL", name="left_means_erased"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=Code)
    target: str
    address: str | None
    address_digest: str
    state: str = Field(default=FollowState.WAITING, sa_type=Code)
    confirm_digest: str = Field(index=True)
    asked_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)


class Letter(Base, table=True):
    """An e-mail to be sent: written with the change it tells of, sent by a worker that claims it."""

    __table_args__ = (Index("ix_letter_sent_at_claimed_until", "sent_at", "claimed_until"),)

    id: int | None = Field(default=None, primary_key=True)
    once_key: str = Field(unique=True)
    address: str
    subject: str
    body: str
    leave_token: str = ""
    written_at: datetime = Field(sa_type=Instant)
    claimed_until: datetime | None = Field(default=None, sa_type=Instant)
    tries: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=Instant)


class LogEntry(Base, table=True):
    """One action of one person: who, when, from where, on what, which fields, before and after; chained by hash."""

    __tablename__ = "operation_log"

    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant, index=True)
    actor_id: int | None = Field(default=None, index=True)
    actor_role: str
    origin: str
    request_id: str
    action: str
    object_kind: str
    object_key: str
    changes: str
    previous_hash: str = Field(unique=True)
    hash: str = Field(unique=True)


class LogHead(Base, table=True):
    """The end of the operation log: one row, locked while an entry is added."""

    __tablename__ = "operation_log_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True, sa_column_kwargs={"autoincrement": False})
    sequence: int
    hash: str
