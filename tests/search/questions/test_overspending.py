"""超预算 compares with the budget: what was paid beside what was budgeted, and never with a number that was not said."""

from __future__ import annotations

import polars as pl
import pytest

from portal.reading.answers import Answerer
from tests.search.questions.province import MemoryRelease


@pytest.fixture
def overspent(release: MemoryRelease) -> pl.DataFrame:
    return release.table("projects").filter(pl.col("paid") > pl.col("adjusted"))


@pytest.mark.parametrize("words", ["超预算", "支出超过预算", "支出大于调整预算", "超支"])
def test_projects_over_budget_are_those_that_were_paid_more(
    words: str, overspent: pl.DataFrame, answerer: Answerer
) -> None:
    answer = answerer.ask(f"{words}的项目有几个")
    assert "执行率超过100%" in answer.scope
    # The release withholds what one project was paid, which might be over its budget, too.
    assert f"已公布的里面有{overspent.height}个" in answer.reason
    assert overspent.height > 0


@pytest.mark.parametrize("words", ["超预算了吗", "是否超支", "有没有超预算"])
def test_whether_a_project_is_over_budget_is_told_by_its_rate(
    words: str, overspent: pl.DataFrame, answerer: Answerer
) -> None:
    name, rate = overspent.select("name", "execution_rate").row(0)
    answer = answerer.ask(f"{name}{words}")
    assert answer.value is not None
    assert answer.value.number == pytest.approx(rate)
    assert answer.value.unit == "%"


@pytest.mark.parametrize(
    "question", ["超预算10%的项目有几个", "没有超预算的项目有几个", "超预算多少的项目最多"]
)
def test_another_comparison_is_not_taken_for_it(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status != "answered"
