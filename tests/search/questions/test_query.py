"""Running plans: published cells only, withheld carried through, no sum over mixed levels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from publishing.release.query import run
from publishing.specs import dataset_spec
from search.errors import MixedLevels, UnfitValue, UnknownName
from search.plan import Filter, Measure, Operator, Order, Plan, Statistic
from tests.search.questions.province import MemoryRelease

COUNTIES = {"990101": ("甲县", 100), "990102": ("乙县", 200), "990103": ("丙县", 400)}


def spending_row(
    code: str, level: str, paid: int | None, adjusted: int = 1_000, **more: Any
) -> dict[str, Any]:
    status = "withheld" if paid is None else "published"
    row = dict.fromkeys((column.name for column in dataset_spec("spending").columns), None)
    return row | {
        "region_code": code,
        "region_name": code,
        "region_level": level,
        "function_code": "205",
        "function_name": "教育支出",
        "function_level": "class",
        "fiscal_year": 2025,
        "approved": 900,
        "approved_status": "published",
        "adjusted": adjusted,
        "adjusted_status": "published",
        "paid": paid,
        "paid_status": status,
        **more,
    }


@pytest.fixture
def small() -> MemoryRelease:
    rows = [
        spending_row("990100", "city", 1_500, 3_000),
        spending_row("990101", "county", 800),
        spending_row("990102", "county", None),
        spending_row("990103", "county", 500),
    ]
    regions = pl.DataFrame(
        [
            {
                "region_code": code,
                "name": name,
                "parent_code": "990100",
                "level": "county",
                "population": people,
            }
            for code, (name, people) in COUNTIES.items()
        ]
    )
    return MemoryRelease(
        {"spending": pl.DataFrame(rows, schema=dataset_spec("spending").schema), "regions": regions}
    )


PAID = Plan("spending", measures=(Measure("paid"),)).where("function_code", "205")


def test_a_group_with_a_withheld_cell_has_no_value_and_says_so(small: MemoryRelease) -> None:
    result = run(small, PAID.where("region_level", "county"))
    assert result.frame.rows() == [(None, "withheld")]


def test_the_published_cell_of_the_higher_level_answers_directly(small: MemoryRelease) -> None:
    assert run(small, PAID.where("region_code", "990100")).frame.rows() == [(1_500, "published")]


def test_published_cells_are_summed(small: MemoryRelease) -> None:
    assert run(small, PAID.where("region_code", "990101", "990103")).frame.rows() == [(1_300, "published")]


@pytest.mark.parametrize("statistic", [Statistic.MEAN, Statistic.LEAST, Statistic.MOST])
def test_no_statistic_over_a_withheld_cell_has_a_value(small: MemoryRelease, statistic: Statistic) -> None:
    plan = Plan("spending", measures=(Measure("paid", statistic),), filters=PAID.filters).where(
        "region_level", "county"
    )
    assert run(small, plan).frame.rows() == [(None, "withheld")]


def test_a_sum_over_two_levels_is_refused_with_advice(small: MemoryRelease) -> None:
    with pytest.raises(MixedLevels) as caught:
        run(small, PAID)
    assert "region_level=county" in caught.value.nearest
    with pytest.raises(MixedLevels):
        run(small, PAID.where("region_code", "990100", "990101"))


def test_groups_come_in_the_order_asked_for_with_missing_values_last(small: MemoryRelease) -> None:
    plan = replace(
        PAID,
        group_by=("region_code",),
        order=(Order("paid", descending=True),),
    )
    result = run(small, plan.where("region_level", "county"))
    assert result.frame["region_code"].to_list() == ["990101", "990103", "990102"]
    assert result.omitted == 1


def test_rates_and_amounts_per_head_come_from_sums(small: MemoryRelease) -> None:
    plan = replace(PAID, measures=(Measure("execution_rate"), Measure("paid_per_head"))).where(
        "region_code", "990101", "990103"
    )
    row = run(small, plan).frame.row(0, named=True)
    assert row["execution_rate"] == pytest.approx(65.0)
    assert row["paid_per_head"] == pytest.approx(13.00 / 500)


def test_no_row_is_absent_and_not_zero(small: MemoryRelease) -> None:
    assert run(small, PAID.where("region_code", "990199")).frame.rows() == [(None, "absent")]


def test_conditions_on_sums_leave_out_what_is_not_published(small: MemoryRelease) -> None:
    plan = replace(
        PAID,
        group_by=("region_code",),
        having=(Filter("paid", Operator.BELOW, ("999999",)),),
    )
    assert run(small, plan.where("region_level", "county")).frame["region_code"].to_list() == [
        "990101",
        "990103",
    ]


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (PAID.where("nothing", "1"), UnknownName),
        (PAID.where("fiscal_year", "x"), UnfitValue),
        (PAID.where("paid", "1e400"), UnfitValue),
        (PAID.where("paid", "NaN"), UnfitValue),
        (replace(PAID, measures=(Measure("region_name"),)).where("region_level", "county"), UnfitValue),
        (Plan("spending", order=(Order("nothing"),)), UnknownName),
    ],
)
def test_what_does_not_exist_or_fit_is_refused(
    small: MemoryRelease, plan: Plan, error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(small, plan)
