"""Public cases like the one somebody is typing, so that an answer that exists is found before it is asked for again.

By shared pairs of characters of the (scrubbed, listed) subject; good enough for a hint over the latest few thousand.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from sqlmodel import Session, col, select

from portal.writing.models import Case
from portal.writing.models.words import Status
from portal.writing.permissions import CASE_COLUMNS

LOOKED_AT = 3_000
LEAST_LIKENESS = 0.25
MOST_HINTS = 5


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A hint: how like it is (0 to 1), and whether it has an answer."""

    number: str
    subject: str
    is_answered: bool
    likeness: float


def similar_cases(session: Session, subject: str, project_id: str | None = None) -> tuple[SimilarCase, ...]:
    """Listed public cases with a similar subject, the most similar first; those of the same project count more."""
    typed = _pairs(subject)
    public = CASE_COLUMNS.public
    if len(typed) < 2 or public is None:
        return ()
    rows = session.exec(
        select(Case.number, Case.subject, Case.status, Case.project_id)
        .where(public, col(Case.is_listed).is_(True))
        .order_by(col(Case.id).desc())
        .limit(LOOKED_AT)
    )
    found = []
    for number, text, status, of_project in rows:
        likeness = _likeness(typed, _pairs(text)) * (1.3 if project_id and of_project == project_id else 1)
        if likeness >= LEAST_LIKENESS:
            is_answered = status in {Status.ANSWERED, Status.CLOSED}
            found.append(SimilarCase(number, text, is_answered, round(min(likeness, 1), 3)))
    found.sort(key=lambda hint: (-hint.likeness, hint.number))
    return tuple(found[:MOST_HINTS])


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    return frozenset(letters[start : start + 2] for start in range(len(letters) - 1))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0.0
