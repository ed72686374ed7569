"""The query grammar: a plan and its flat parameters say the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import UnfitValue, UnknownName
from search.plan import (
    Filter,
    Measure,
    Operator,
    Order,
    Period,
    Plan,
    Statistic,
    end_of_month,
    from_parameters,
    to_parameters,
)

NAMES = st.sampled_from(["region_code", "function_code", "sector", "amount"])
VALUES = st.text("0123456789教育", min_size=1, max_size=6)
FILTERS = st.builds(
    Filter,
    NAMES,
    st.sampled_from([Operator.EQUALS, Operator.AT_LEAST, Operator.NOT]),
    st.lists(VALUES, min_size=1, max_size=3, unique=True).map(tuple),
)
PLANS = st.builds(
    Plan,
    st.just("spending"),
    measures=st.lists(
        st.builds(Measure, st.sampled_from(["paid", "approved"]), st.sampled_from(Statistic)),
        max_size=2,
        unique=True,
    ).map(tuple),
    filters=st.lists(FILTERS, max_size=3, unique_by=lambda item: (item.column, item.operator)).map(tuple),
    period=st.none()
    | st.integers(2000, 2030).map(lambda year: Period(date(year, 1, 1), date(year + year % 3, 12, 31))),
    group_by=st.lists(NAMES, max_size=2, unique=True).map(tuple),
    order=st.lists(st.builds(Order, NAMES, st.booleans()), max_size=1).map(tuple),
    limit=st.none() | st.integers(1, 1000),
)


@settings(deadline=None)  # a busy machine is no failure
@given(PLANS)
def test_a_plan_survives_its_parameters(plan: Plan) -> None:
    assert from_parameters("spending", to_parameters(plan)) == plan.canonical()


def test_a_period_is_written_as_conditions_on_the_time_column() -> None:
    period = Period(date(2025, 1, 1), end_of_month(2025, 6))
    assert to_parameters(Plan("spending_monthly", period=period)) == (
        ("month__gte", "2025-01"),
        ("month__lte", "2025-06"),
    )
    assert to_parameters(Plan("spending", period=Period(date(2025, 1, 1), date(2025, 12, 31)))) == (
        ("fiscal_year", "2025"),
    )


@pytest.mark.parametrize(
    ("pairs", "error", "nearest"),
    [
        ([("paid__above", "3")], UnknownName, "paid__gt"),
        ([("measure", "paid:median")], UnknownName, "paid:mean"),
        ([("limit", "-3")], UnfitValue, "100"),
        ([("limit", "１０")], UnfitValue, "100"),
    ],
)
def test_a_bad_parameter_is_refused_with_the_nearest_valid_choice(
    pairs: list[tuple[str, str]], error: type[UnknownName | UnfitValue], nearest: str
) -> None:
    with pytest.raises(error) as caught:
        from_parameters("spending", pairs)
    assert nearest in caught.value.nearest
