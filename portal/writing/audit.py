"""The operation log: who, when, from where, did what to which object, and which fields changed from what to what.

Each entry holds the hash of the one before, so editing, deleting, inserting or reordering one breaks the chain at that
entry. Cutting off the end, or rewriting everything behind some entry, is caught by the head row and by anchors: heads
that were stored elsewhere (in the signed release log).

Entries are written by `WritingSession.commit`, last of all and under the lock of the head row, in the transaction of
the change they tell of. Passwords, tokens and the texts citizens wrote do not belong in `changes`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from portal.writing.errors import LogBroken
from portal.writing.models import LogEntry, LogHead

NO_HASH = "0" * 64
Plain = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the object: its value before (None: there was none) and after."""

    field: str
    before: Plain
    after: Plain


def plain(value: object) -> Plain:
    """A value as the log keeps it."""
    return value if value is None or isinstance(value, (bool, int)) else str(value)


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be logged; the chain adds its number and hashes."""

    at: datetime
    actor_id: int | None
    actor_role: str
    origin: str
    request_id: str
    action: str
    object_kind: str
    object_key: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the log at some time: its last number and hash. Keep it where the log's owner cannot reach."""

    sequence: int
    hash: str


def seal(session: Session, events: Sequence[Event]) -> None:
    """Append the events to the chain. Whoever else wants to append waits for this transaction to end."""
    if not events:
        return
    head = session.exec(select(LogHead).where(col(LogHead.id) == 1).with_for_update()).one()
    session.refresh(head, with_for_update=True)
    for event in events:
        entry = _entry(event, head.sequence + 1, head.hash)
        session.add(entry)
        head.sequence, head.hash = entry.sequence, entry.hash
    session.add(head)
    session.flush()


def _entry(event: Event, sequence: int, previous_hash: str) -> LogEntry:
    entry = LogEntry(
        sequence=sequence,
        at=event.at.astimezone(UTC),
        actor_id=event.actor_id,
        actor_role=event.actor_role,
        origin=event.origin,
        request_id=event.request_id,
        action=event.action,
        object_kind=event.object_kind,
        object_key=event.object_key,
        changes=_canonical({change.field: [change.before, change.after] for change in event.changes}),
        previous_hash=previous_hash,
        hash="",
    )
    entry.hash = hash_of(entry)
    return entry


def hash_of(entry: LogEntry) -> str:
    """SHA-256 of everything the entry says, its number and the hash before it included."""
    content = [
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        str(entry.actor_role),
        entry.origin,
        entry.request_id,
        entry.action,
        entry.object_kind,
        entry.object_key,
        entry.changes,
        entry.previous_hash,
    ]
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: object) -> str:
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def read_head(session: Session) -> Anchor:
    """The present end of the log, to be anchored in the signed release log."""
    head = session.exec(select(LogHead)).one()
    return Anchor(head.sequence, head.hash)


def verify_log(session: Session, anchors: Iterable[Anchor] = ()) -> Anchor:
    """Check the whole log against its head and the anchors; returns the head.

    Raises: LogBroken, naming the first bad entry.
    """
    head = session.exec(select(LogHead)).one_or_none()
    if head is None:
        raise LogBroken(1, "日志的末端记录不见了")
    entries = session.exec(select(LogEntry).order_by(col(LogEntry.sequence)).execution_options(yield_per=500))
    with closing(entries):
        return verify_entries(entries, Anchor(head.sequence, head.hash), anchors)


def verify_entries(entries: Iterable[LogEntry], head: Anchor, anchors: Iterable[Anchor] = ()) -> Anchor:
    """Check entries in the order given, starting with number 1. Raises: LogBroken at the first that is bad."""
    anchored = {anchor.sequence: anchor.hash for anchor in anchors}
    previous = Anchor(0, NO_HASH)
    for entry in entries:
        expected = previous.sequence + 1
        if entry.sequence != expected:
            raise LogBroken(
                expected, f"此处应为第 {expected} 条，却是第 {entry.sequence} 条（有删除、插入或换位）"
            )
        if entry.previous_hash != previous.hash:
            raise LogBroken(expected, "与前一条的哈希对不上")
        if hash_of(entry) != entry.hash:
            raise LogBroken(expected, "内容与它自己的哈希对不上（被改动）")
        if anchored.get(expected, entry.hash) != entry.hash:
            raise LogBroken(expected, "与外部存证对不上（此条或之前的被整段重写）")
        previous = Anchor(entry.sequence, entry.hash)
    _check_end(previous, head, anchored)
    return previous


def _check_end(last: Anchor, head: Anchor, anchored: dict[int, str]) -> None:
    longest = max(anchored, default=0)
    if longest > last.sequence:
        raise LogBroken(
            last.sequence + 1, f"外部存证到第 {longest} 条，日志只到第 {last.sequence} 条（被截断）"
        )
    if head != last:
        raise LogBroken(min(head.sequence, last.sequence) + 1, "末端记录与最后一条对不上（被截断或追加）")
