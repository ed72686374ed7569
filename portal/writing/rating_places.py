"""Ratings summed up over the projects of a unit or a region: the map of satisfaction, and the table under it.

The same shrinkage and the same smallest sample as for one project; a place below it is told apart only by that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from portal.writing.clocks import china_day
from portal.writing.models import Rating
from portal.writing.ratings import Score, score


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """Overall satisfaction by unit and by region; a region holds everything below it."""

    by_unit: Mapping[str, Score]
    by_region: Mapping[str, Score]
    everything: Score


@dataclass(frozen=True, slots=True)
class RatingRow:
    """Ratings of the projects of one unit or region that were given in one quarter (named by its first day)."""

    dimension: str
    code: str
    quarter: date
    persons: int
    sum: int


def rating_rows(session: Session, until: datetime) -> tuple[RatingRow, ...]:
    """One row per unit or region and quarter, sorted. Counts are raw: the release protects them."""
    groups: dict[tuple[str, str, date], list[int]] = defaultdict(list)
    rows = session.exec(
        select(Rating.unit_id, Rating.region_path, Rating.rated_at, Rating.overall).where(
            col(Rating.rated_at) < until
        )
    )
    for unit_id, path, rated_at, star in rows:
        day = china_day(rated_at)
        quarter = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        groups["unit", unit_id, quarter].append(star)
        for code in filter(None, path.split("/")):
            groups["region", code, quarter].append(star)
    return tuple(RatingRow(*key, len(stars), sum(stars)) for key, stars in sorted(groups.items()))


def place_scores(session: Session, until: datetime) -> PlaceScores:
    """Scores of every unit and region that has a rating given before `until`."""
    rows = session.exec(
        select(Rating.unit_id, Rating.region_path, Rating.overall, func.count())
        .where(col(Rating.rated_at) < until)
        .group_by(col(Rating.unit_id), col(Rating.region_path), col(Rating.overall))
    )
    units: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    regions: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    total: dict[int, int] = defaultdict(int)
    for unit_id, path, star, count in rows:
        total[star] += count
        units[unit_id][star] += count
        for code in filter(None, path.split("/")):
            regions[code][star] += count
    return PlaceScores(
        {unit_id: score("overall", stars, total) for unit_id, stars in sorted(units.items())},
        {code: score("overall", stars, total) for code, stars in sorted(regions.items())},
        score("overall", total, total),
    )
