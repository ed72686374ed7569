"""Ratings of projects: given and changed by verified persons, shown only in numbers that say something.

What is shown of a project is the posterior mean under a Dirichlet prior: `PRIOR_WEIGHT` pretended ratings spread like
all ratings of the portal. So three enthusiastic friends do not make the best project of the province, and many ratings
soon outweigh the prior. The interval is the 95 % interval of that mean. Below `SMALLEST_SAMPLE` persons nothing but
"fewer than that" is shown, and the project is in no ranking.

Ratings count from the day after they were given (`until`), so that watching a page does not show what one person gave.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func, select

from portal.writing.acting import Subject, Whereabouts, Work
from portal.writing.audit import Change
from portal.writing.database import insert_once, swap
from portal.writing.errors import AlreadyDone, InputRefused, NotAllowed, NotThere, Stale
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
SMALLEST_SAMPLE = 10
PRIOR_WEIGHT = 10
Z_95 = 1.959964
STARS = (1, 2, 3, 4, 5)
Priors = Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class OwnRating:
    """One's own rating, with the version a change must name."""

    stars: Mapping[str, int | None]
    rated_at: datetime
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Score:
    """What is shown of one dimension. `mean` and the interval are None below the smallest sample."""

    dimension: str
    persons: int | None
    mean: float | None
    low: float | None
    high: float | None

    @property
    def is_shown(self) -> bool:
        """Whether enough persons rated."""
        return self.mean is not None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Projects with enough ratings, best first (by the low end of the interval); the others are only counted."""

    ranked: tuple[tuple[str, Score], ...]
    too_few: int


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


def read_priors(session: Session, until: datetime) -> Priors:
    """How all ratings of the portal are spread. The same for a whole day: keep it, and hand it to `project_scores`."""
    return {dimension: Counter(_counts(session, until, dimension)) for dimension in DIMENSIONS}


def project_scores(
    session: Session, project_id: str, until: datetime, priors: Priors | None = None
) -> tuple[Score, ...]:
    """Every dimension of one project, as far as ratings were given before `until`."""
    known = read_priors(session, until) if priors is None else priors
    of_project = col(Rating.project_id) == project_id
    return tuple(
        score(dimension, Counter(_counts(session, until, dimension, of_project)), known[dimension])
        for dimension in DIMENSIONS
    )


def rank_projects(
    session: Session, until: datetime, project_ids: Iterable[str], dimension: str = "overall"
) -> Ranking:
    """Rank some projects in one dimension."""
    prior = Counter(_counts(session, until, dimension))
    column = _column(dimension)
    rows = session.exec(
        select(Rating.project_id, column, func.count())
        .where(col(Rating.rated_at) < until, column.is_not(None))
        .group_by(col(Rating.project_id), column)
    )
    stars: dict[str, dict[int, int]] = defaultdict(dict)
    for project_id, star, count in rows:
        stars[project_id][star] = count
    scores = [(wanted, score(dimension, stars.get(wanted, {}), prior)) for wanted in sorted(set(project_ids))]
    shown = [(project_id, found) for project_id, found in scores if found.is_shown]
    shown.sort(key=lambda pair: (-(pair[1].low or 0), -(pair[1].mean or 0), pair[0]))
    return Ranking(tuple(shown), len(scores) - len(shown))


def _counts(session: Session, until: datetime, dimension: str, *where: ColumnElement[bool]) -> dict[int, int]:
    """How many gave each star."""
    column = _column(dimension)
    rows = session.exec(
        select(column, func.count())
        .where(col(Rating.rated_at) < until, column.is_not(None), *where)
        .group_by(column)
    )
    return dict(rows.all())


def _column(dimension: str) -> Mapped[int]:
    if dimension not in DIMENSIONS:
        raise InputRefused("dimension", f"没有“{dimension}”这个评分维度；可用：{'、'.join(DIMENSIONS)}。")
    column: Mapped[int] = col(getattr(Rating, dimension))
    return column


def score(dimension: str, stars: Mapping[int, int], prior: Mapping[int, int]) -> Score:
    """The score of one dimension from the count of each star; `prior` is the count of each star over everything.

    Posterior of a multinomial under a Dirichlet prior of weight `PRIOR_WEIGHT`: with p_k the posterior share of star k
    and W the total weight, the mean is m = sum(k p_k) and its variance (sum(k^2 p_k) - m^2) / (W + 1).
    """
    persons = sum(stars.get(star, 0) for star in STARS)
    if persons < SMALLEST_SAMPLE:
        return Score(dimension, None, None, None, None)
    everything = sum(prior.get(star, 0) for star in STARS)
    weight = persons + PRIOR_WEIGHT
    share = {
        star: (stars.get(star, 0) + PRIOR_WEIGHT * _prior_share(prior.get(star, 0), everything)) / weight
        for star in STARS
    }
    mean = sum(star * part for star, part in share.items())
    variance = (sum(star * star * part for star, part in share.items()) - mean * mean) / (weight + 1)
    reach = Z_95 * sqrt(max(variance, 0))
    return Score(
        dimension, persons, round(mean, 2), round(max(1, mean - reach), 2), round(min(5, mean + reach), 2)
    )


def _prior_share(count: int, everything: int) -> float:
    """With nothing known yet, every star is as likely."""
    return count / everything if everything else 1 / len(STARS)
