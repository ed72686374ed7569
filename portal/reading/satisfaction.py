"""How satisfied people are, as the shown release tells it: by project, unit and region.

Everything here is made of published numbers of the dataset `participation`, and of nothing else. So a page tells no more
than the release does, and two days compared tell nothing at all: what one person gave cannot be had from the pages.

What is shown of the overall satisfaction is drawn towards the mean of the province by `PRIOR_WEIGHT` pretended ratings:
three enthusiastic friends do not make the best project of the province, and many ratings soon outweigh it. How the stars
are spread is not published, so the 95 % interval takes the widest spread that a mean of stars from 1 to 5 allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from portal.reading.edition import Edition

DATASET = "participation"
OVERALL = "satisfaction"
ASPECTS = (OVERALL, "usefulness", "quality", "progress", "openness")
PRIOR_WEIGHT = 10
LEAST, MOST = 1, 5
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Score:
    """What is shown of one aspect. None: nothing of it is published. Only `satisfaction` has persons and an interval."""

    aspect: str
    mean: float | None = None
    persons: int | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether a mean is published."""
        return self.mean is not None


@dataclass(frozen=True, slots=True)
class Rated:
    """A project, unit or region with what is published about it.

    quarters  the quarters whose numbers are in it, in order, like `2026Q3`
    withheld  how many more quarters are withheld
    """

    code: str
    name: str
    scores: tuple[Score, ...]
    quarters: tuple[str, ...]
    withheld: int

    @property
    def overall(self) -> Score:
        """The overall satisfaction."""
        return self.scores[0]


NOTHING = tuple(Score(aspect) for aspect in ASPECTS)


def rated(edition: Edition, kind: str) -> Mapping[str, Rated]:
    """Everything of a kind (`project`, `organisation`, `region`) with a row about ratings, by code."""
    kept: Mapping[str, Rated] = edition.keep(f"satisfaction of {kind}", lambda: _rated(edition, kind))
    return kept


def quarters_of(edition: Edition) -> tuple[str, ...]:
    """The quarters in which anything was rated, in order."""
    if not edition.has(DATASET):
        return ()
    rows = edition.runs(DATASET, "subject_kind").rows("region")
    return tuple(
        sorted(
            {
                row["quarter"]
                for row in rows
                if row["ratings_status"] != "not_reported" and row["ratings"] != 0
            }
        )
    )


def _rated(edition: Edition, kind: str) -> dict[str, Rated]:
    if not edition.has(DATASET):
        return {}
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in edition.runs(DATASET, "subject_kind").rows(kind):
        if row["ratings"] != 0:  # nobody rated there in this quarter; None is withheld
            rows[row["subject_id"]].append(row)
    prior = _prior(edition)
    return {code: _one(code, found, prior) for code, found in sorted(rows.items())}


def _one(code: str, rows: Sequence[Mapping[str, Any]], prior: float) -> Rated:
    told = [row for row in rows if row["ratings"] is not None and row[OVERALL] is not None]
    quarters = tuple(sorted(row["quarter"] for row in told))
    name = rows[0]["subject_name"] or code
    if not told:
        return Rated(code, name, NOTHING, (), len(rows))
    plain, persons = _mean(told, OVERALL)
    others = (_other(told, aspect) for aspect in ASPECTS[1:])
    return Rated(code, name, (shrunk(plain, persons, prior), *others), quarters, len(rows) - len(told))


def _other(rows: Sequence[Mapping[str, Any]], aspect: str) -> Score:
    mean, persons = _mean(rows, aspect)
    return Score(aspect, round(mean, 2) if persons else None)


def _mean(rows: Iterable[Mapping[str, Any]], aspect: str) -> tuple[float, int]:
    """The mean of an aspect over the quarters that tell it, and by how many; an aspect goes by how many rated at all."""
    told = [row for row in rows if row["ratings"] and row[aspect] is not None]
    persons = sum(row["ratings"] for row in told)
    return (
        sum(row["ratings"] * row[aspect] for row in told) / persons if persons else (LEAST + MOST) / 2
    ), persons


def _prior(edition: Edition) -> float:
    """The published mean of the whole province; the middle of the stars where there is none."""
    root = edition.places.root
    rows = edition.runs(DATASET, "subject_kind").rows("region")
    return _mean((row for row in rows if root and row["subject_id"] == root.code), OVERALL)[0]


def shrunk(mean: float, persons: int, prior: float) -> Score:
    """The overall satisfaction drawn towards `prior`, with its interval.

    With W = persons + PRIOR_WEIGHT the mean is m = (persons * mean + PRIOR_WEIGHT * prior) / W. Stars from 1 to 5 with
    mean m vary by at most (m - 1)(5 - m); the variance of the mean of a multinomial under a Dirichlet prior is that
    over W + 1.
    """
    weight = persons + PRIOR_WEIGHT
    middle = (persons * mean + PRIOR_WEIGHT * prior) / weight
    reach = Z_95 * sqrt((middle - LEAST) * (MOST - middle) / (weight + 1))
    return Score(
        OVERALL,
        round(middle, 2),
        persons,
        round(max(LEAST, middle - reach), 2),
        round(min(MOST, middle + reach), 2),
    )


def ranked(found: Mapping[str, Rated]) -> tuple[Rated, ...]:
    """Those with a published mean, best first by the low end of the interval."""
    shown = [one for one in found.values() if one.overall.is_shown]
    return tuple(sorted(shown, key=lambda one: (-(one.overall.low or 0), -(one.overall.mean or 0), one.code)))
