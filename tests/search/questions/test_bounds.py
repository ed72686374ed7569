"""Extremes, ranks and counts are answered only where withheld numbers could not change them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from portal.reading.answers import Answerer
from tests.search.questions.province import MemoryRelease


def hiding(release: MemoryRelease, region: str) -> Answerer:
    """The province with the total of one place in 2025 withheld."""
    cell = (
        (pl.col("region_code") == region)
        & (pl.col("function_code") == "total")
        & (pl.col("fiscal_year") == 2025)
    )
    frame = release.table("spending").with_columns(
        pl.when(~cell).then(pl.col("paid")).alias("paid"),
        pl.when(cell).then(pl.lit("withheld")).otherwise(pl.col("paid_status")).alias("paid_status"),
    )
    return Answerer(replace(release, tables={**release.tables, "spending": frame}))


@pytest.fixture(scope="module")
def cities(release: MemoryRelease) -> list[str]:
    """Codes of the cities, from the one that spent most to the one that spent least."""
    rows = release.table("spending").filter(
        (pl.col("region_level") == "city")
        & (pl.col("function_code") == "total")
        & (pl.col("fiscal_year") == 2025)
    )
    return rows.sort("paid", descending=True)["region_code"].to_list()


@pytest.fixture(scope="module")
def without_largest(release: MemoryRelease, cities: list[str]) -> Answerer:
    return hiding(release, cities[0])


@pytest.fixture(scope="module")
def without_smallest(release: MemoryRelease, cities: list[str]) -> Answerer:
    return hiding(release, cities[-1])


MOST, LEAST = "2025年哪个市总支出最多", "2025年哪个市总支出最少"


def test_the_largest_of_the_published_ones_is_not_called_the_largest(
    without_largest: Answerer, answerer: Answerer
) -> None:
    answer, whole = without_largest.ask(MOST), answerer.ask(MOST)
    assert (answer.code, answer.value) == ("withheld", None)
    assert whole.value is not None
    assert str(whole.value.number) not in answer.reason


def test_a_hidden_place_that_is_surely_small_does_not_stop_the_largest(
    without_smallest: Answerer, answerer: Answerer
) -> None:
    assert without_smallest.ask(MOST).value == answerer.ask(MOST).value
    assert without_smallest.ask(LEAST).code == "withheld"


def test_a_rank_is_given_when_no_hidden_place_could_stand_before_it(
    without_smallest: Answerer, without_largest: Answerer, cities: list[str], release: MemoryRelease
) -> None:
    names = dict(release.table("regions").select("region_code", "name").iter_rows())
    question = f"2025年{names[cities[1]]}总支出排第几"
    ranked = without_smallest.ask(question)
    assert ranked.value is not None
    assert ranked.value.number == 2
    assert without_largest.ask(question).code == "withheld"


def test_a_count_is_given_when_no_hidden_place_could_belong_to_it(without_smallest: Answerer) -> None:
    assert without_smallest.ask("2025年总支出超过500亿的市有几个").status == "answered"
    assert without_smallest.ask("2025年总支出低于500亿的市有几个").code == "withheld"


def test_the_remainder_never_gives_a_withheld_number(without_largest: Answerer, cities: list[str]) -> None:
    tree = without_largest.vocabulary.regions
    for question in ("除{}外，全省2025年支出多少", "{}本级2025年支出多少", "{}2025年支出占全省多少"):
        answer = without_largest.ask(question.format(tree.label(cities[0])))
        assert (answer.status, answer.code) == ("refused", "withheld")
