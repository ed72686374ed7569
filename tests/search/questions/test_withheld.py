"""A withheld value is never given away: not by sums, differences, extremes, rankings, shares, counts or conditions."""

from __future__ import annotations

import pytest

from portal.reading.answers import Answerer
from search.vocabulary import Vocabulary
from tests.search.questions.province import MemoryRelease

DIRECT = (
    "{year}年{place}{name}是多少",
    "{place}{year}年{name}占全省的比重",
    "{place}{year}年{name}同比增长多少",
    "{place}{year}年{name}比上年多多少",
    "{year}年{place}{name}排第几",
    "{year}年{place}人均{name}是多少",
    "{year}年{place}{name}执行率",
    "{place}和{other}{year}年{name}一共多少",
    "{place}和{other}{year}年{name}相差多少",
    "{place}和{other}{year}年{name}哪个多",
    "{place}{year}年{name}是{other}的几倍",
    "{year}年{place}{name}占总支出的比重",
    "{year}年{place}{name}占年初预算的百分之几",
    "{year}年{place}{name}完成预算的百分之几",
    "{year}年{place}{name}占比比上年提高几个百分点",
    "{year}年{place}和{other}{name}各是多少",
)
Cell = dict[str, object]


@pytest.fixture(scope="session")
def withheld(release: MemoryRelease, vocabulary: Vocabulary) -> list[Cell]:
    frame = release.table("spending")
    hidden = frame.filter((frame["paid_status"] == "withheld") & (frame["function_level"] == "class"))
    return hidden.gather_every(max(1, hidden.height // 25)).rows(named=True)


def _asked(cell: Cell, template: str, vocabulary: Vocabulary) -> str:
    code = str(cell["region_code"])
    parent = vocabulary.regions.nodes[code].parent or ""
    other = next(item for item in vocabulary.regions.children[parent] if item != code)
    return template.format(
        year=cell["fiscal_year"],
        place=vocabulary.regions.label(code),
        name=cell["function_name"],
        other=vocabulary.regions.label(other),
    )


@pytest.mark.parametrize("template", DIRECT)
def test_no_question_about_a_withheld_cell_is_answered(
    template: str, withheld: list[Cell], answerer: Answerer, vocabulary: Vocabulary
) -> None:
    assert withheld
    answered = []
    for cell in withheld:
        answer = answerer.ask(_asked(cell, template, vocabulary))
        if answer.status != "refused":
            answered.append((answer.question, answer.value))
    assert answered == []


MEMBERS = (
    "{year}年{parent}各县{name}最多和最少的差多少",
    "{year}年{parent}{name}最高的县是最低的几倍",
    "{year}年{parent}{name}低于平均的县有几个",
    "{year}年{parent}{name}超过各县平均的县有哪些",
    "{year}年{parent}{name}比上年下降的县有几个",
    "{year}年{parent}{name}占比最低的县",
    "{year}年{parent}{name}占比低于50%的县有几个",
)


@pytest.mark.parametrize("template", MEMBERS)
def test_what_a_withheld_member_could_change_is_not_answered(
    template: str, withheld: list[Cell], answerer: Answerer, vocabulary: Vocabulary
) -> None:
    counties = [
        cell for cell in withheld if vocabulary.regions.nodes[str(cell["region_code"])].level == "county"
    ]
    assert counties
    answered = []
    for cell in counties:
        parent = vocabulary.regions.nodes[str(cell["region_code"])].parent or ""
        question = template.format(
            year=cell["fiscal_year"], parent=vocabulary.regions.label(parent), name=cell["function_name"]
        )
        answer = answerer.ask(question)
        if answer.status == "answered":
            answered.append((question, answer.value))
    assert answered == []


def test_a_direct_question_about_a_withheld_cell_is_refused_as_withheld_and_offers_a_wider_one(
    withheld: list[Cell], answerer: Answerer, vocabulary: Vocabulary
) -> None:
    for cell in withheld:
        answer = answerer.ask(_asked(cell, DIRECT[0], vocabulary))
        assert str(answer.code) == "withheld"
        assert answer.suggestions


def test_a_ranking_leaves_withheld_places_out_and_says_how_many(
    withheld: list[Cell], answerer: Answerer, vocabulary: Vocabulary
) -> None:
    cell = next(item for item in withheld if item["region_level"] == "county")
    answer = answerer.ask(f"{cell['fiscal_year']}年各县{cell['function_name']}排名")
    assert answer.status == "answered"
    assert cell["region_code"] not in {row["code"] for row in answer.rows}
    assert any("依规不公开" in note for note in answer.notes)
    del vocabulary


def test_conditions_never_select_a_withheld_cell(withheld: list[Cell], answerer: Answerer) -> None:
    cell = next(item for item in withheld if item["region_level"] == "county")
    for words in ("超过1元", "不到99999亿元"):
        answer = answerer.ask(f"{cell['fiscal_year']}年{cell['function_name']}{words}的县有哪些")
        assert answer.code == "withheld"
        assert cell["region_code"] not in {row["code"] for row in answer.rows}
