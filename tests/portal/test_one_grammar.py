"""One grammar: what search and answers plan, written as parameters, is a query of the interface with the same answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.reading.aggregation import aggregate_all, groups_query
from portal.reading.edition import Edition
from portal.reading.query import rows_query
from portal.reading.selection import select_all
from portal.reading.shelf import Shelf
from publishing.release.query import run
from publishing.release.store import ReleaseStore
from search.plan import (
    Filter,
    Measure,
    Operator,
    Order,
    Period,
    Plan,
    Statistic,
    from_parameters,
    to_parameters,
)
from tests.builders.published import province_tables, publish

YEARS = Period(date(2024, 1, 1), date(2025, 12, 31))
CITIES = (
    Filter("region_level", Operator.EQUALS, ("city",)),
    Filter("function_level", Operator.EQUALS, ("class",)),
)
PAID = (Measure("paid"),)
PLANS = (
    Plan("spending", PAID, CITIES, YEARS, ("region_code",)),
    Plan(
        "spending", PAID, CITIES, YEARS, ("function_code",), order=(Order("paid", descending=True),), limit=3
    ),
    Plan("spending", (Measure("execution_rate"), *PAID), CITIES, YEARS, ("fiscal_year",)),
    Plan("spending", (Measure("adjusted", Statistic.MOST),), CITIES, None, ("region_code", "fiscal_year")),
    Plan(
        "spending",
        PAID,
        (*CITIES, Filter("paid", Operator.AT_LEAST, ("30000000.50",))),
        None,
        ("region_code",),
    ),
    Plan("project_months", PAID, (), Period(date(2026, 2, 1), date(2026, 4, 30)), ("month",)),
    Plan("contracts", (Measure("amount"),), (), Period(date(2023, 1, 1), date(2024, 6, 30)), ("method",)),
)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    home: Path = tmp_path_factory.mktemp("grammar")
    publish(home, province_tables(cities=2, counties=2, projects=30))
    release = Shelf(ReleaseStore(home / "public")).open_current()
    assert release is not None
    return Edition(release)


def grouped(pairs: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    "plan", PLANS, ids=lambda plan: "&".join("=".join(pair) for pair in to_parameters(plan))
)
def test_a_plan_means_the_same_to_answers_and_to_the_interface(edition: Edition, plan: Plan) -> None:
    pairs = to_parameters(plan)
    assert from_parameters(plan.dataset, pairs) == plan.canonical()
    spec = edition.specs[plan.dataset]
    query = groups_query(spec, grouped(pairs))
    asked: Any = aggregate_all(edition, spec, query).frame
    if plan.limit is not None:
        asked = asked.head(plan.limit)
    planned = run(edition.release, plan).frame
    for measure, label in zip(plan.measures, [found.label for found in query.measures], strict=True):
        keys = list(plan.group_by)
        mine = {row[:-1]: row[-1] for row in asked.select(*keys, label).iter_rows()}
        theirs = {row[:-1]: row[-1] for row in planned.select(*keys, measure.column).iter_rows()}
        assert mine.keys() == theirs.keys()
        for key, value in theirs.items():
            assert mine[key] == (value if value is None else pytest.approx(value)), (measure, key)


def test_a_list_of_rows_is_the_same_too(edition: Edition) -> None:
    plan = Plan("spending", filters=CITIES, period=YEARS, order=(Order("paid", descending=True),))
    spec = edition.specs["spending"]
    asked = select_all(edition, spec, rows_query(spec, grouped(to_parameters(plan))))
    assert asked.rows() == run(edition.release, plan).frame.rows()
