"""Counting tries: one row per key and window, counted up by the database, so all workers agree exactly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlmodel import Session

from portal.writing.database import dialect_of
from portal.writing.errors import TooMany
from portal.writing.models import Base

_TABLE = Base.metadata.tables["throttle"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `tries` in a window of `seconds`, for each key of the purpose."""

    purpose: str
    tries: int
    seconds: int

    def key(self, *parts: str) -> str:
        """The row of somebody; addresses and logins are not kept in clear."""
        return hashlib.sha256("\x1f".join((self.purpose, *parts)).encode()).hexdigest()


def take(session: Session, limit: Limit, at: datetime, *parts: str) -> int:
    """Count one try; returns 0 when it is allowed, else the seconds to wait."""
    ends = at + timedelta(seconds=limit.seconds)
    insert = dialect_of(session).insert(_TABLE).values(key=limit.key(*parts), window_ends_at=ends, count=1)
    is_over = _TABLE.c.window_ends_at <= at
    statement = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((is_over, 1), else_=_TABLE.c.count + 1),
            "window_ends_at": case((is_over, insert.excluded.window_ends_at), else_=_TABLE.c.window_ends_at),
        },
    ).returning(_TABLE.c.count, _TABLE.c.window_ends_at)
    count, window_ends_at = session.connection().execute(statement).one()
    return 0 if count <= limit.tries else max(1, round((window_ends_at - at).total_seconds()))


def forget(session: Session, limit: Limit, *parts: str) -> None:
    """Start anew, after a success."""
    session.connection().execute(delete(_TABLE).where(_TABLE.c.key == limit.key(*parts)))


def require_room(session: Session, limit: Limit, at: datetime, *parts: str) -> None:
    """Count one try. Raises: TooMany. The caller's transaction must survive for the count to stay."""
    wait = take(session, limit, at, *parts)
    if wait:
        raise TooMany(wait)


def sweep(session: Session, at: datetime) -> None:
    """Remove windows that are over."""
    session.connection().execute(delete(_TABLE).where(_TABLE.c.window_ends_at < at))
