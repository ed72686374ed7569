"""Satisfaction on pages: made of what the release tells, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reading.edition import Edition
from portal.reading.satisfaction import PRIOR_WEIGHT, quarters_of, ranked, rated, shrunk
from publishing.home import Home
from publishing.release.reader import open_release


@pytest.fixture(scope="module")
def edition(province_home: Path) -> Edition:
    return Edition(open_release(Home(province_home).public))


def test_a_project_is_shown_as_the_release_tells_it(edition: Edition) -> None:
    assert quarters_of(edition) == ("2026Q3",)
    rows = {
        row["subject_id"]: row
        for row in edition.frame("participation").iter_rows(named=True)
        if row["subject_kind"] == "project"
    }
    projects = rated(edition, "project")
    assert set(projects) == set(rows)
    shown = [one for one in projects.values() if one.overall.is_shown]
    assert shown
    for one in shown:
        row = rows[one.code]
        assert row["satisfaction_status"] == row["ratings_status"] == "published"
        assert one.overall.persons == row["ratings"] >= 10
    for one in projects.values():
        assert one.overall.is_shown or rows[one.code]["satisfaction_status"] == "withheld"


def test_a_release_without_participation_tells_nothing(sheets_home: Path) -> None:
    edition = Edition(open_release(Home(sheets_home).public))
    assert rated(edition, "project") == {}
    assert quarters_of(edition) == ()


def test_ranking_goes_by_the_low_end_of_the_interval(edition: Edition) -> None:
    order = ranked(rated(edition, "project"))
    lows = [one.overall.low or 0 for one in order]
    assert lows == sorted(lows, reverse=True)
    few, many = shrunk(5.0, 10, 3.5), shrunk(4.9, 300, 3.5)
    assert (few.low or 0) < (many.low or 0)


@given(mean=st.floats(1, 5), persons=st.integers(10, 5_000), prior=st.floats(1, 5))
def test_a_shrunk_mean_lies_between_the_mean_and_the_prior_and_in_its_interval(
    mean: float, persons: int, prior: float
) -> None:
    found = shrunk(mean, persons, prior)
    assert found.mean is not None
    assert found.low is not None
    assert found.high is not None
    assert min(mean, prior) - 0.006 <= found.mean <= max(mean, prior) + 0.006
    assert 1 <= found.low <= found.mean <= found.high <= 5
    assert abs(found.mean - mean) <= abs(prior - mean) * PRIOR_WEIGHT / (persons + PRIOR_WEIGHT) + 0.006


@given(mean=st.floats(1.5, 4.5))
def test_more_ratings_make_a_narrower_interval(mean: float) -> None:
    widths = [
        (one.high or 0) - (one.low or 0) for one in (shrunk(mean, many, mean) for many in (10, 100, 1_000))
    ]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1]
