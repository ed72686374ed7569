"""Ratings of projects: given and changed by verified persons, one per person and project.

What people gave is shown in numbers of a release only (`portal/reading/satisfaction.py`): the hand-over of the writing room
brings it there, through the smallest sample and the disclosure rules. Nothing here counts or averages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portal.writing.acting import Subject, Whereabouts, Work
from portal.writing.audit import Change
from portal.writing.database import insert_once, swap
from portal.writing.errors import AlreadyDone, NotAllowed, NotThere, Stale
from portal.writing.inputs import RatingIn
from portal.writing.models import Rating
from portal.writing.permissions import Row, require

DIMENSIONS = ("overall", "usefulness", "quality", "progress", "openness")
DIMENSION_NAMES = {
    "overall": "总体满意",
    "usefulness": "是否实用",
    "quality": "工程质量",
    "progress": "进度",
    "openness": "信息公开",
}


@dataclass(frozen=True, slots=True)
class OwnRating:
    """One's own rating, with the version a change must name."""

    stars: Mapping[str, int | None]
    rated_at: datetime
    changed_at: datetime
    version: int


def rate(work: Work, project_id: str, where: Whereabouts, wanted: RatingIn) -> None:
    """Rate a project for the first time. Raises: AlreadyDone when this person has rated it; NotAllowed for the unverified."""
    person_key = _person(work)
    row = Rating(
        project_id=project_id,
        unit_id=where.unit_id,
        region_path=where.region_path,
        person_key=person_key,
        rated_at=work.acting.at,
        changed_at=work.acting.at,
        **wanted.model_dump(),
    )
    if insert_once(work.session, row) is None:
        raise AlreadyDone("您已经评过这个项目；可以修改原来的评分。")
    work.tell("rating.give", "project", project_id)


def change_rating(work: Work, project_id: str, wanted: RatingIn, expected_version: int) -> None:
    """Change one's rating. Raises: NotThere without one; Stale when it was changed since it was read."""
    person_key = _person(work)
    own = (col(Rating.project_id) == project_id, col(Rating.person_key) == person_key)
    if own_rating(work.session, work.subject, project_id) is None:
        raise NotThere
    changed = swap(
        work.session,
        Rating,
        *own,
        col(Rating.version) == expected_version,
        version=expected_version + 1,
        changed_at=work.acting.at,
        **wanted.model_dump(),
    )
    if not changed:
        raise Stale
    work.tell(
        "rating.change", "project", project_id, Change("version", expected_version, expected_version + 1)
    )


def _person(work: Work) -> str:
    require(work.subject, "rating", "rate", Row(owner_id=work.subject.account_id))
    if work.subject.person_key is None:
        raise NotAllowed("评分前请先完成实名核验；我们只保存一个代号，不保存您的身份信息。")
    return work.subject.person_key


def own_rating(session: Session, subject: Subject, project_id: str) -> OwnRating | None:
    """What this person gave, or None."""
    row = session.exec(
        select(Rating).where(
            col(Rating.project_id) == project_id, col(Rating.person_key) == subject.person_key
        )
    ).one_or_none()
    if row is None:
        return None
    stars = {dimension: getattr(row, dimension) for dimension in DIMENSIONS}
    return OwnRating(stars, row.rated_at, row.changed_at, row.version)
