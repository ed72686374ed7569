"""What needs a second person: drafted, submitted, then approved by somebody who wrote none of it.

Replies to cases, releases, plans of rectification and disclosures all go through here. `subject` names what it is for
(`reply 20261105-0007/0`); at most one approval is open for a subject, and its whole history stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from portal.writing.acting import Work
from portal.writing.audit import Change
from portal.writing.database import insert_once, swap
from portal.writing.errors import AlreadyDone, NotAllowed, NotThere, OwnWork, Stale, WrongOrder
from portal.writing.models import Approval
from portal.writing.models.words import ApprovalState

_OPEN = (ApprovalState.DRAFT.value, ApprovalState.SUBMITTED.value)


@dataclass(frozen=True, slots=True)
class ApprovalSubject:
    """What is to be approved: its kind (`reply`, `release`, …) and its key within the kind."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True)
class ApprovalOut:
    """One draft and what became of it."""

    id: int
    subject: ApprovalSubject
    body: str
    state: ApprovalState
    author_id: int
    written_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    reason: str
    version: int


def draft(
    work: Work, subject: ApprovalSubject, body: str, expected_version: int | None = None
) -> ApprovalOut:
    """Write a draft, or rewrite the open one. A rewrite by another person is a new draft; both count as authors.

    Raises: WrongOrder while it is in review; Stale when it is not the version that was read.
    """
    author_id = _person(work)
    found = open_approval(work.session, subject)
    if found is not None:
        if found.state is ApprovalState.SUBMITTED:
            raise WrongOrder("草稿已提交审核，不能再改；请先由审核人退回。")
        if expected_version is not None and found.version != expected_version:
            raise Stale
        if found.author_id == author_id:
            _move(work, found, ApprovalState.DRAFT, body=body, written_at=work.acting.at)
            return _reread(work, found.id)
        _move(work, found, ApprovalState.DROPPED)
    row = Approval(
        subject_kind=subject.kind,
        subject_key=subject.key,
        body=body,
        author_id=author_id,
        written_at=work.acting.at,
    )
    approval_id = insert_once(work.session, row)
    if approval_id is None:
        raise AlreadyDone("别人刚刚也起草了。请刷新，在已有的草稿上修改。")
    work.tell("approval.draft", subject.kind, subject.key, Change("draft", None, approval_id))
    return _reread(work, approval_id)


def submit(work: Work, subject: ApprovalSubject) -> ApprovalOut:
    """Hand the draft to a second person. Raises: WrongOrder when there is no draft."""
    found = _open(work.session, subject, ApprovalState.DRAFT, "没有可以提交的草稿。")
    _move(work, found, ApprovalState.SUBMITTED)
    return _reread(work, found.id)


def approve(work: Work, subject: ApprovalSubject, expected_version: int | None = None) -> ApprovalOut:
    """The second person approves what was submitted.

    Raises: OwnWork for anybody who wrote a draft of it; WrongOrder when nothing waits; Stale when it was changed.
    """
    found = _open(work.session, subject, ApprovalState.SUBMITTED, "没有等待审核的内容，可能已由他人处理。")
    if expected_version is not None and found.version != expected_version:
        raise Stale
    _refuse_authors(work, subject)
    _decide(work, found, ApprovalState.APPROVED)
    return _reread(work, found.id)


def send_back(work: Work, subject: ApprovalSubject, reason: str) -> ApprovalOut:
    """The second person sends it back, with a reason."""
    found = _open(work.session, subject, ApprovalState.SUBMITTED, "没有等待审核的内容，可能已由他人处理。")
    _refuse_authors(work, subject)
    _move(work, found, ApprovalState.DRAFT, reason=reason)
    return _reread(work, found.id)


def drop_open(work: Work, subject: ApprovalSubject) -> None:
    """Nothing will come of the open draft; its text stays in the history."""
    found = open_approval(work.session, subject)
    if found is not None:
        _move(work, found, ApprovalState.DROPPED)


def open_approval(session: Session, subject: ApprovalSubject) -> ApprovalOut | None:
    """The draft or submission that is open."""
    row = session.exec(
        select(Approval)
        .where(_is_for(subject), col(Approval.state).in_(_OPEN))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else _out(row)


def history(session: Session, subject: ApprovalSubject) -> tuple[ApprovalOut, ...]:
    """Everything there ever was for a subject, oldest first."""
    rows = session.exec(select(Approval).where(_is_for(subject)).order_by(col(Approval.id)))
    return tuple(_out(row) for row in rows)


def _is_for(subject: ApprovalSubject) -> ColumnElement[bool]:
    return (col(Approval.subject_kind) == subject.kind) & (col(Approval.subject_key) == subject.key)


def _person(work: Work) -> int:
    if work.subject.account_id is None:
        raise NotAllowed("起草和审核须由登录的工作人员本人进行。")
    return work.subject.account_id


def _open(session: Session, subject: ApprovalSubject, state: ApprovalState, otherwise: str) -> ApprovalOut:
    found = open_approval(session, subject)
    if found is None or found.state is not state:
        raise WrongOrder(otherwise)
    return found


def _refuse_authors(work: Work, subject: ApprovalSubject) -> None:
    reviewer_id = _person(work)
    if any(found.author_id == reviewer_id for found in history(work.session, subject)):
        raise OwnWork("审核人不能是起草人；您写过此件的草稿，请由另一位同事审核。")


def _decide(work: Work, found: ApprovalOut, state: ApprovalState) -> None:
    _move(work, found, state, decided_by=_person(work), decided_at=work.acting.at)


def _move(work: Work, found: ApprovalOut, state: ApprovalState, **values: object) -> None:
    """Only the first of those who saw this version gets through."""
    same = (
        col(Approval.id) == found.id,
        col(Approval.version) == found.version,
        col(Approval.state) == found.state.value,
    )
    if not swap(work.session, Approval, *same, state=state.value, version=found.version + 1, **values):
        raise Stale
    change = Change("state", found.state.value, state.value)
    work.tell(f"approval.{state}", found.subject.kind, found.subject.key, change)


def _reread(work: Work, approval_id: int) -> ApprovalOut:
    row = work.session.get(Approval, approval_id, populate_existing=True)
    if row is None:
        raise NotThere
    return _out(row)


def _out(row: Approval) -> ApprovalOut:
    return ApprovalOut(
        id=row.id or 0,
        subject=ApprovalSubject(row.subject_kind, row.subject_key),
        body=row.body,
        state=ApprovalState(row.state),
        author_id=row.author_id,
        written_at=row.written_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        version=row.version,
    )
