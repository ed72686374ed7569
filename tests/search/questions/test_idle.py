"""What a reading leaves out must be idle where it stands, and what it says must fit what was asked."""

from __future__ import annotations

import pytest

from portal.reading.answers import Answerer
from search.parse import Code

NARROWED = {
    "a verb of asking that is a noun here": ("2025年统计支出", "2025年咨询支出多少", "2025年急支出", "2025年调查合同有多少份"),
    "a filler that is a kind here": (
        "2025年每笔教育支出多少", "2025年单笔教育支出", "2025年一般支出", "2025年地方资金支出多少", "2025年本地企业合同金额",
        "澜州市自己2025年花了多少", "2025年群众教育支出", "2025年注册在澜州的教育支出", "2025年预算内教育支出", "超过工期一年的项目",
    ),
    "letters that are one word together": ("2025年教育可用资金", "2025年应付教育支出", "按时完工的项目有多少个", "2025年支出结构调整多少"),
    "a count that is no amount": ("2025年教育支出多少次", "2025年支付次数", "2025年教育支出多少人"),
    "payments in another direction": (
        "2025年支付给省教育厅多少钱", "2025年拨付给澜州市多少", "2025年由企业支付了多少", "2025年到账资金", "2025年收款多少",
    ),
    "a gap with one side": ("2025年教育支出相差多少", "2025年教育支出差额"),
    "each of something": ("2025年每份合同支出多少", "2025年每个单位教育支出多少"),
    "another sort of growth": ("2025年教育支出实际增长", "2025年教育支出几何平均增长"),
    "a question inside a question": ("2025年支出最多的市的执行率", "2025年执行率最高的市的教育支出", "合同最多的供应商合同金额是多少", "2025年人均支出最高的市总支出是多少"),
    "two numbers at once": (
        "2025年澜州市支出多少，执行率多少", "年初预算是多少，花了多少", "2025年支出多少合同有多少份", "项目有多少个，总投资有多少",
    ),
    "years to come": ("2021到2028年教育支出合计", "十五五期间教育支出"),
    "another sort of answer": ("2025年不公开金额占比", "停工项目涉及的资金", "2025年教育支出增长但执行率下降的市"),
    "a town, as a piece of a project's name": ("2025年澜州市李岭镇支出",),
    "what two places have in common": ("同时在澜州市和霁港市的项目有多少个",),
    "a slip that is a word of its own": ("央企项目有多少个", "隔年教育支出", "2025年澜州市误支出", "2025年全省总河长的支出", "2025年学后教育支出", "2025年车辆购置的支出"),
    "one sort of cases": ("2026年三季度投诉件数", "投诉最多的市"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NARROWED)
def test_a_word_that_narrows_is_never_left_out(kind: str, answerer: Answerer) -> None:
    assert [text for text in NARROWED[kind] if answerer.ask(text).status == "answered"] == []


@pytest.mark.parametrize(
    "question",
    [
        "请统计2025年各市教育支出",
        "统计一下2025年全省教育支出",
        "2025年全省教育支出，汇总一下",
        "查询合同金额超过1000万的合同有多少份",
        "单笔最大的合同金额",
        "单笔合同金额超过5000万元的有多少份",
        "注册在澜州市的供应商有多少家",
        "一般来说2025年全省教育支出是多少",
        "近三年全省教育支出累计多少",
        "2025年实际支出多少",
        "全省共有多少个在建项目",
        "2025年教育一年花了多少钱",
        "2025年签合同最多的单位",
        "2025年支出最多的市是哪个",
        "2025年澜州市和霁港市教育支出相差多少",
        "2025年付给企业多少钱",
    ],
)
def test_the_same_words_are_idle_elsewhere(question: str, answerer: Answerer) -> None:
    told = answerer.ask(question)
    assert told.code in (None, Code.WITHHELD), told.reason


def test_a_name_with_a_letter_of_its_own_is_asked_back(answerer: Answerer) -> None:
    names = [row.name for row in answerer.vocabulary.project_rows]
    known = next(name for name in names if "公办幼儿园" in name)
    told = answerer.ask(f"{known.replace('公办', '民办')}总投资")
    assert told.status == "ambiguous"
    assert known in [choice.label for choice in told.choices]


def test_a_piece_of_a_project_is_no_kind_of_spending_of_its_place(answerer: Answerer) -> None:
    place = answerer.vocabulary.regions.label("990100")
    assert answerer.ask(f"2025年{place}重点支出多少").status != "answered"
    assert answerer.ask(f"{place}服务支出2025").status != "answered"
