"""What the next release is made from: every rating and every case of the quarters that are over, one row each.

Internal. Nothing that was written is in it, and nobody's name: a person is a code, the same in every hand-over, so that
protection can count persons rather than ratings and see who came in between two releases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlmodel import Session, col, select

from portal.writing.acting import Rules
from portal.writing.clocks import CHINA, Punctuality, china_day
from portal.writing.models import Case, Rating
from portal.writing.statistics import answered_cases

FIRST_DAY = date(2000, 1, 1)
NO_UNIT = "-"
"""The unit of a case that is not with any unit yet; it waits until it is."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """One rating or case; the fields are the columns of the file, empty where they do not apply."""

    record_id: str
    record: str
    quarter: str
    person: str
    project_id: str = ""
    org_id: str = ""
    region_code: str = ""
    overall: int | None = None
    usefulness: int | None = None
    quality: int | None = None
    progress: int | None = None
    openness: int | None = None
    case_kind: str = ""
    is_listed: str = ""
    reply: str = ""
    reply_rating: int | None = None


def handed_over(session: Session, rules: Rules, today: date) -> Iterator[HandedOver]:
    """Ratings, then cases, of the quarters that ended before today, each in the order in which they came."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    yield from _ratings(session, datetime.combine(first, time(), CHINA).astimezone(UTC))
    yield from _cases(session, rules, today, first)


def _ratings(session: Session, until: datetime) -> Iterator[HandedOver]:
    for row in session.exec(select(Rating).where(col(Rating.rated_at) < until).order_by(col(Rating.id))):
        yield HandedOver(
            _code("rating", row.project_id, row.person_key),
            "rating",
            _quarter(china_day(row.rated_at)),
            _code("person", row.person_key),
            row.project_id,
            overall=row.overall,
            usefulness=row.usefulness,
            quality=row.quality,
            progress=row.progress,
            openness=row.openness,
        )


def _cases(session: Session, rules: Rules, today: date, first: date) -> Iterator[HandedOver]:
    for found in answered_cases(session, rules, today, FIRST_DAY):
        case = found.case
        place = [code for code in case.region_path.split("/") if code]
        if case.received_on >= first or case.unit_id == NO_UNIT or not place:
            continue
        is_open = found.working_days is None
        on_time = found.punctuality is Punctuality.ON_TIME
        yield HandedOver(
            _code("case", case.number),
            "case",
            _quarter(case.received_on),
            _code("asker", _asker(case)),
            org_id=case.unit_id,
            region_code=place[-1],
            case_kind=case.kind,
            is_listed="true" if case.is_listed else "false",
            reply="open" if is_open else "on_time" if on_time else "late",
            reply_rating=None if is_open else case.reply_rating,
        )


def _asker(case: Case) -> str:
    """Who asked; whoever asked without an account is somebody else each time."""
    return f"case {case.number}" if case.asker_id is None else f"account {case.asker_id}"


def _code(*parts: str) -> str:
    return hashlib.sha256("\n".join(("sunshine participation", *parts)).encode()).hexdigest()[:24]


def _quarter(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"
