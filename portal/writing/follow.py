"""Following by e-mail: asked for, confirmed by a link, left with one click; and the letters that wait to be sent.

The address is kept as long as the subscription lasts and erased on leaving. The link for leaving is made of a key and
the subscription's id, so that it stands in every letter without being stored.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, or_, select

from portal.writing.acting import Work, digest_of
from portal.writing.audit import Change
from portal.writing.database import insert_once, swap
from portal.writing.errors import AlreadyDone, InputRefused, LinkRefused
from portal.writing.models import Counter, Letter, Subscription
from portal.writing.models.words import FollowKind, FollowState

CONFIRM_WITHIN = timedelta(hours=48)
CLAIM_LASTS = timedelta(minutes=5)
TRIES_AT_MOST = 6
_ADDRESS = re.compile(r"[^\s@<>\"',;:\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")


@dataclass(frozen=True, slots=True)
class Followed:
    """What is followed."""

    kind: FollowKind
    target: str


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody to write to, with the token for leaving."""

    subscription_id: int
    address: str
    leave_token: str


@dataclass(frozen=True, slots=True)
class Following:
    """Somebody who follows something, confirmed."""

    to: Follower
    followed: Followed


@dataclass(frozen=True, slots=True)
class LetterOut:
    """A letter that this worker has claimed and must send, then report with `letter_sent`."""

    id: int
    address: str
    subject: str
    body: str
    leave_token: str
    tries: int


def ask_to_follow(work: Work, followed: Followed, address: str, key: bytes) -> str:
    """Note the wish; returns the token for the letter that asks for confirmation. Good for 48 hours.

    Raises: InputRefused for no address; AlreadyDone when it is followed already. Tell the asker the same words in both
    the new and the done case: whether somebody follows is nobody else's business.
    """
    plain = address.strip()
    if not _ADDRESS.fullmatch(plain) or len(plain) > 254:
        raise InputRefused("address", "电子邮箱的格式不对，请检查。")
    if not 1 <= len(followed.target) <= 500:
        raise InputRefused("target", "请指明关注的对象。")
    token, digest = work.token(), _address_digest(plain, key)
    row = Subscription(
        kind=followed.kind,
        target=followed.target,
        address=plain,
        address_digest=digest,
        confirm_digest=digest_of(token),
        asked_at=work.acting.at,
    )
    if insert_once(work.session, row) is not None:
        return token
    again = swap(
        work.session,
        Subscription,
        col(Subscription.address_digest) == digest,
        col(Subscription.kind) == followed.kind.value,
        col(Subscription.target) == followed.target,
        col(Subscription.state) != FollowState.ACTIVE.value,
        state=FollowState.WAITING.value,
        address=plain,
        confirm_digest=digest_of(token),
        asked_at=work.acting.at,
        confirmed_at=None,
    )
    if not again:
        raise AlreadyDone("这个邮箱已经关注。")
    return token


def confirm_following(work: Work, token: str) -> Followed:
    """The link of the letter was opened. Raises: LinkRefused when it is unknown, used or too old."""
    found = work.session.exec(
        select(Subscription).where(
            col(Subscription.confirm_digest) == digest_of(token),
            col(Subscription.state) == FollowState.WAITING.value,
            col(Subscription.asked_at) > work.acting.at - CONFIRM_WITHIN,
        )
    ).one_or_none()
    waiting = col(Subscription.state) == FollowState.WAITING.value
    if found is None or not swap(
        work.session,
        Subscription,
        col(Subscription.id) == found.id,
        waiting,
        state=FollowState.ACTIVE.value,
        confirmed_at=work.acting.at,
    ):
        raise LinkRefused
    work.tell("follow.confirm", "subscription", found.id)
    return Followed(FollowKind(found.kind), found.target)


def leave(work: Work, leave_token: str, key: bytes) -> None:
    """One click: no more letters, and the address is erased. Leaving twice is no error. Raises: LinkRefused."""
    number, _, _ = leave_token.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= 12):
        raise LinkRefused
    if not hmac.compare_digest(leave_token_of(int(number), key).encode(), leave_token.encode()):
        raise LinkRefused
    left = swap(
        work.session,
        Subscription,
        col(Subscription.id) == int(number),
        col(Subscription.state) != FollowState.LEFT.value,
        state=FollowState.LEFT.value,
        address=None,
    )
    if left:
        work.tell("follow.leave", "subscription", number)


def leave_token_of(subscription_id: int, key: bytes) -> str:
    """The token for leaving: the id and its HMAC."""
    mac = hmac.new(key, f"leave {subscription_id}".encode(), hashlib.sha256).hexdigest()
    return f"{subscription_id}.{mac}"


def followers_of(session: Session, followed: Followed, key: bytes) -> tuple[Follower, ...]:
    """Confirmed followers, in the order they came."""
    rows = session.exec(
        select(Subscription)
        .where(
            col(Subscription.kind) == followed.kind.value,
            col(Subscription.target) == followed.target,
            col(Subscription.state) == FollowState.ACTIVE.value,
        )
        .order_by(col(Subscription.id))
    )
    return tuple(Follower(row.id or 0, row.address or "", leave_token_of(row.id or 0, key)) for row in rows)


def all_following(session: Session, before: datetime, key: bytes) -> tuple[Following, ...]:
    """Everybody who followed a project, region, unit or search at that moment, in the order they came."""
    rows = session.exec(
        select(Subscription)
        .where(
            col(Subscription.state) == FollowState.ACTIVE.value,
            col(Subscription.kind) != FollowKind.CASE.value,
            col(Subscription.confirmed_at) <= before,
        )
        .order_by(col(Subscription.id))
    )
    return tuple(
        Following(
            Follower(row.id or 0, row.address or "", leave_token_of(row.id or 0, key)),
            Followed(FollowKind(row.kind), row.target),
        )
        for row in rows
    )


def was_told(session: Session, release_number: int) -> bool:
    """Whether every letter about the release is written."""
    return session.get(Counter, _told_mark(release_number)) is not None


def mark_told(work: Work, release_number: int, written: int) -> None:
    """Every letter about the release is written; a second mark is no error."""
    if insert_once(work.session, Counter(name=_told_mark(release_number), last=written)) is not None:
        work.tell("follow.release", "release", release_number, Change("letters", None, written))


def _told_mark(release_number: int) -> str:
    return f"letters about release {release_number}"


def write_letter(work: Work, once_key: str, to: Follower, subject: str, body: str) -> bool:
    """Have a letter sent after the commit. The same `once_key` is written once: False the second time."""
    row = Letter(
        once_key=once_key,
        address=to.address,
        subject=" ".join(subject.split())[:200],
        body=body,
        leave_token=to.leave_token,
        written_at=work.acting.at,
    )
    return insert_once(work.session, row) is not None


def claim_letters(work: Work, most: int = 20) -> tuple[LetterOut, ...]:
    """Letters this worker is to send now; nobody else gets them for five minutes."""
    at = work.acting.at
    is_free = or_(col(Letter.claimed_until).is_(None), col(Letter.claimed_until) < at)
    is_open = (col(Letter.sent_at).is_(None), col(Letter.tries) < TRIES_AT_MOST)
    waiting = select(Letter).where(*is_open, is_free).order_by(col(Letter.id)).limit(most)
    claimed = []
    for row in work.session.exec(waiting).all():
        mine = (col(Letter.id) == row.id, *is_open, is_free)
        if swap(work.session, Letter, *mine, claimed_until=at + CLAIM_LASTS, tries=row.tries + 1):
            claimed.append(
                LetterOut(row.id or 0, row.address, row.subject, row.body, row.leave_token, row.tries + 1)
            )
    return tuple(claimed)


def letter_sent(work: Work, letter_id: int) -> None:
    """The server took the letter; its address and text are not needed any more."""
    unsent = (col(Letter.id) == letter_id, col(Letter.sent_at).is_(None))
    swap(work.session, Letter, *unsent, sent_at=work.acting.at, address="", body="", leave_token="")


def erase_unconfirmed(work: Work) -> int:
    """Erase addresses nobody confirmed in time; returns how many."""
    before: datetime = work.acting.at - CONFIRM_WITHIN
    waiting = select(Subscription).where(
        col(Subscription.state) == FollowState.WAITING.value, col(Subscription.asked_at) <= before
    )
    rows = work.session.exec(waiting).all()
    for row in rows:
        row.state, row.address = FollowState.LEFT, None
        work.session.add(row)
    return len(rows)


def _address_digest(address: str, key: bytes) -> str:
    return hmac.new(key, f"address {address.casefold()}".encode(), hashlib.sha256).hexdigest()
