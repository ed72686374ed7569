"""Sessions of people who signed in: an opaque token of 256 bits, of which only the digest is kept.

A session ends after 30 minutes without a request and after 12 hours in any case, when it is revoked, and when the
account is disabled or its password or second factor changes (the account's epoch moves on). All of that is looked at on
every request, so every worker agrees at once. The token changes on sign-in and on every rise of rights.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from portal.writing.accounts import account_of, subject_of
from portal.writing.acting import Subject, Work, digest_of
from portal.writing.database import swap
from portal.writing.errors import NotThere
from portal.writing.models import Account, SignedIn
from portal.writing.permissions import require

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
CONFIRMED_FOR = timedelta(minutes=10)
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """A live session: who it is, and whether the second factor was shown (lately enough for grave actions)."""

    session_id: int
    subject: Subject
    login: str
    display_name: str
    has_second_factor: bool
    must_change_password: bool
    confirmed_at: datetime
    wants_touch: bool

    def is_freshly_confirmed(self, at: datetime) -> bool:
        """Whether the person proved who they are within the last ten minutes: for grants, publishing, second factor."""
        return at - self.confirmed_at <= CONFIRMED_FOR


@dataclass(frozen=True, slots=True)
class SessionOut:
    """A session in one's own list of sessions."""

    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    device: str
    is_this_one: bool


def open_session(work: Work, account_id: int, *, has_second_factor: bool, device: str = "") -> str:
    """Start a session; returns its token, which is never stored. Call it anew on every sign-in: no token is taken over."""
    account = account_of(work.session, account_id)
    token = work.token()
    work.session.add(
        SignedIn(
            token_digest=digest_of(token),
            account_id=account_id,
            account_epoch=account.session_epoch,
            has_second_factor=has_second_factor,
            confirmed_at=work.acting.at,
            created_at=work.acting.at,
            seen_at=work.acting.at,
            address=work.acting.origin,
            device=device[:120],
        )
    )
    work.tell("session.open", "account", account_id)
    return token


def _live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(SignedIn.ended_at).is_(None),
        col(SignedIn.seen_at) > at - IDLE,
        col(SignedIn.created_at) > at - ABSOLUTE,
        col(SignedIn.account_epoch) == col(Account.session_epoch),
        col(Account.is_disabled).is_(False),
    )


def read_session(session: Session, token: str, at: datetime) -> Visit | None:
    """Who a token stands for now, or None. Changes nothing: see `touch`."""
    found = session.exec(
        select(SignedIn, Account)
        .join(Account, col(Account.id) == col(SignedIn.account_id))
        .where(col(SignedIn.token_digest) == digest_of(token), *_live(at))
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    return Visit(
        session_id=row.id or 0,
        subject=subject_of(session, row.account_id),
        login=account.login,
        display_name=account.display_name,
        has_second_factor=row.has_second_factor,
        must_change_password=account.must_change_password,
        confirmed_at=row.confirmed_at,
        wants_touch=at - row.seen_at >= TOUCH_EVERY,
    )


def touch(work: Work, session_id: int) -> None:
    """Put off the idle end; at most once a minute (`Visit.wants_touch`) and never backwards."""
    at = work.acting.at
    swap(work.session, SignedIn, col(SignedIn.id) == session_id, col(SignedIn.seen_at) < at, seen_at=at)


def rotate(work: Work, token: str, *, has_second_factor: bool) -> str:
    """A new token for the same session, after the person proved who they are again; the old one is dead.

    Raises: NotThere when the old one is dead already, or was rotated by another request.
    """
    fresh = work.token()
    rotated = swap(
        work.session,
        SignedIn,
        col(SignedIn.token_digest) == digest_of(token),
        col(SignedIn.ended_at).is_(None),
        token_digest=digest_of(fresh),
        has_second_factor=has_second_factor,
        confirmed_at=work.acting.at,
        seen_at=work.acting.at,
    )
    if not rotated:
        raise NotThere
    return fresh


def close_session(work: Work, token: str) -> None:
    """Sign out. A token that is dead already is no error."""
    _end(work, col(SignedIn.token_digest) == digest_of(token))


def list_sessions(session: Session, account_id: int, at: datetime, token: str = "") -> tuple[SessionOut, ...]:
    """Live sessions of an account, latest first."""
    rows = session.exec(
        select(SignedIn)
        .join(Account, col(Account.id) == col(SignedIn.account_id))
        .where(col(SignedIn.account_id) == account_id, *_live(at))
        .order_by(col(SignedIn.seen_at).desc(), col(SignedIn.id))
    )
    this = digest_of(token)
    return tuple(
        SessionOut(
            row.id or 0, row.created_at, row.seen_at, row.address, row.device, row.token_digest == this
        )
        for row in rows
    )


def end_own_session(work: Work, session_id: int) -> None:
    """End one of one's own sessions. Raises: NotThere, also for somebody else's."""
    account_id = work.subject.account_id
    if account_id is None or not _end(
        work, col(SignedIn.id) == session_id, col(SignedIn.account_id) == account_id
    ):
        raise NotThere


def end_sessions_of(work: Work, account_id: int) -> None:
    """The administrator ends every session of an account."""
    require(work.subject, "account", "end_sessions")
    account = account_of(work.session, account_id)
    account.session_epoch += 1
    work.session.add(account)
    work.tell("session.end_all", "account", account_id)


def _end(work: Work, *where: ColumnElement[bool]) -> bool:
    ended = swap(work.session, SignedIn, *where, col(SignedIn.ended_at).is_(None), ended_at=work.acting.at)
    if ended:
        work.tell("session.end", "account", work.subject.account_id)
    return ended
