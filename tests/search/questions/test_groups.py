"""Groups of places that the source defines: one place each, the sum of their members, never more than is published."""

from __future__ import annotations

import polars as pl
import pytest

from portal.reading.answers import Answerer
from publishing.release.vocabulary import read_sources
from publishing.specs.tables import GROUP_JOINT
from search.parse import Code
from tests.search.questions.province import MemoryRelease

GROUPS = ("北部山区", "东部沿海", "澜州都市圈")
YEAR = 2025


def members(release: MemoryRelease, group: str) -> list[str]:
    regions = release.table("regions").drop_nulls("groups")
    belongs = pl.col("groups").str.split(GROUP_JOINT).list.contains(group)
    return regions.filter(belongs)["region_code"].sort().to_list()


def spending_of(release: MemoryRelease, codes: list[str], function: str) -> pl.DataFrame:
    return release.table("spending").filter(
        pl.col("region_code").is_in(codes),
        pl.col("function_code") == function,
        pl.col("fiscal_year") == YEAR,
    )


def test_the_groups_of_a_source_are_words_of_its_release(release: MemoryRelease) -> None:
    groups = read_sources(release).groups
    assert set(groups) == set(GROUPS)
    assert all(sorted(groups[name]) == members(release, name) for name in GROUPS)


def test_a_release_without_groups_has_none(release: MemoryRelease) -> None:
    plain = MemoryRelease({**release.tables, "regions": release.table("regions").drop("groups")})
    assert read_sources(plain).groups == {}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("function", ["total", "205", "210", "213"])
def test_a_group_spent_what_its_members_spent(
    group: str, function: str, release: MemoryRelease, answerer: Answerer
) -> None:
    spent = spending_of(release, members(release, group), function)
    name = "" if function == "total" else spent["function_name"][0].removesuffix("支出")
    answer = answerer.ask(f"{group}{YEAR}年{name}支出多少")
    if spent["paid"].null_count():
        assert answer.code is Code.WITHHELD
    else:
        assert answer.value is not None
        assert answer.value.number == pytest.approx(spent["paid"].sum() / 100)
        assert any(group in note and "市" in note for note in answer.notes)


def test_the_cities_of_a_group_are_told_one_by_one(release: MemoryRelease, answerer: Answerer) -> None:
    answer = answerer.ask(f"北部山区各市{YEAR}年教育支出")
    assert {row["code"] for row in answer.rows} <= set(members(release, "北部山区"))
    counted = answerer.ask("东部沿海有几个市")
    assert counted.value is not None
    assert counted.value.number == len(members(release, "东部沿海"))


def test_a_group_beside_another_place_is_not_added_up(answerer: Answerer) -> None:
    for question in (f"北部山区和澜州市{YEAR}年支出", f"北部山区和东部沿海{YEAR}年支出一共多少"):
        assert answerer.ask(question).status == "refused"
