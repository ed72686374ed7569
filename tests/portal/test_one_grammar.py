"""One grammar: what search and answers plan, written as parameters, is a query of the interface with the same answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.reading.aggregation import aggregate_all, groups_query
from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.reading.query import rows_query
from portal.reading.selection import select_all
from portal.reading.shelf import Shelf
from publishing.release.query import run
from publishing.release.store import ReleaseStore
from search.errors import MixedLevels
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


FILTERS: tuple[st.SearchStrategy[Filter], ...] = tuple(
    st.builds(
        Filter, st.just(column), st.just(operator), st.lists(values, min_size=1, max_size=most).map(tuple)
    )
    for column, operator, values, most in (
        ("region_code", Operator.EQUALS, st.sampled_from(["990000", "990100", "990101", "990202"]), 3),
        ("region_level", Operator.EQUALS, st.sampled_from(["province", "city", "county"]), 1),
        ("region_level", Operator.NOT, st.sampled_from(["province", "city", "county"]), 2),
        ("function_level", Operator.EQUALS, st.sampled_from(["total", "class", "section"]), 1),
        ("function_code", Operator.EQUALS, st.sampled_from(["205", "208", "20502"]), 2),
        ("region_name", Operator.CONTAINS, st.sampled_from(["市", "县", "1"]), 1),
        ("fiscal_year", Operator.EQUALS, st.sampled_from(["2024", "2025", "2026"]), 2),
        ("paid", Operator.AT_LEAST, st.sampled_from(["0", "20000000.01", "41000000.07"]), 1),
        ("paid", Operator.IS_NULL, st.sampled_from(["true", "false"]), 1),
        ("adjusted", Operator.BELOW, st.sampled_from(["30000000", "90000000.5"]), 1),
    )
)
MEASURES = st.one_of(
    st.builds(Measure, st.sampled_from(["paid", "approved", "adjusted"]), st.sampled_from(list(Statistic))),
    st.just(Measure("execution_rate")),
)
CONDITIONS = st.lists(st.one_of(FILTERS), max_size=4, unique_by=lambda found: (found.column, found.operator))
RANDOM_PLANS = st.builds(
    Plan,
    st.just("spending"),
    st.lists(MEASURES, min_size=1, max_size=3, unique=True).map(tuple),
    st.builds(
        lambda fixed, others: (
            *fixed,
            *(found for found in others if not (fixed and "level" in found.column)),
        ),
        st.sampled_from([CITIES, CITIES, ()]),  # most plans name their levels, or they would all be refused
        CONDITIONS,
    ),
    st.sampled_from([None, YEARS, Period(date(2025, 1, 1), date(2025, 12, 31))]),
    st.lists(
        st.sampled_from(["region_code", "region_level", "function_code", "function_level", "fiscal_year"]),
        max_size=3,
        unique=True,
    ).map(tuple),
)


def answers_of(edition: Edition, plan: Plan) -> dict[tuple[Any, ...], tuple[Any, ...]] | str:
    """What search, charts and answers make of a plan, by group."""
    try:
        frame = run(edition.release, plan).frame
    except MixedLevels:
        return "levels would be mixed"
    names = [measure.column for measure in plan.measures]
    keys = frame.select(plan.group_by).rows() if plan.group_by else [()] * frame.height
    return dict(zip(keys, frame.select(names).rows(), strict=True))


def interface_of(edition: Edition, plan: Plan) -> dict[tuple[Any, ...], tuple[Any, ...]] | str:
    """What the interface answers to its parameters."""
    spec = edition.specs[plan.dataset]
    query = groups_query(spec, grouped(to_parameters(plan)))
    try:
        frame = aggregate_all(edition, spec, query).frame
    except QueryRefused:
        return "levels would be mixed"
    labels = {found.label: found for found in query.measures}
    names = [
        next(
            label
            for label, found in labels.items()
            if (found.name, found.how) == (wanted.name, wanted.statistic)
        )
        for wanted in plan.measures
    ]
    keys = frame.select(plan.group_by).rows() if plan.group_by else [()] * frame.height
    return dict(zip(keys, frame.select(names).rows(), strict=True))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=RANDOM_PLANS)
def test_whatever_is_planned_charts_answers_and_the_interface_say_the_same(
    edition: Edition, plan: Plan
) -> None:
    planned, asked = answers_of(edition, plan), interface_of(edition, plan)
    if isinstance(planned, str):
        return  # a plan must name its level; the interface also takes rows that happen to be on one
    assert not isinstance(asked, str)
    assert planned.keys() == asked.keys()
    for key, values in planned.items():
        for mine, theirs in zip(values, asked[key], strict=True):
            assert mine == (theirs if theirs is None else pytest.approx(theirs)), key
