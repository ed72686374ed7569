"""Ratings summed up over the projects of a unit or a region: the map of satisfaction, and the table under it.

The same shrinkage and the same smallest sample as for one project; a place below it is told apart only by that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from portal.writing.models import Rating
from portal.writing.ratings import Score, score


@dataclass(frozen=True, slots=True)
class PlaceScores:
    """Overall satisfaction by unit and by region; a region holds everything below it."""

    by_unit: Mapping[str, Score]
    by_region: Mapping[str, Score]
    everything: Score


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
