"""A word that restricts is never dropped: golden questions with one more restriction never give the plain number.

The added word may be unknown (a place or office that is not in the data), known (a state, a source of funds, another
time), or an exclusion. The changed question must be refused, asked back, or read as another question than the plain
one; the plain reading would be a broader number than was asked for, and nobody would be told.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from portal.reading.answers import Answerer
from search.parse import Form, Reading
from tests.search.questions.test_golden import GOLDEN

RESTRICTIONS = {
    "places that are not in the data": (
        "云岭市", "柳溪区", "东莞市", "北京", "沙河镇", "城南片区", "内陆地区", "山区", "革命老区", "城区", "农村地区", "省外", "北部", "某县", "高新区",
    ),
    "offices that are not in the data": (
        "盐业局", "烟草专卖局", "知识产权局", "红十字会", "消防总队", "某公司", "阳光集团", "国资委", "团省委",
    ),
    "exclusions": (
        "除教育外", "除了澜州市", "不含澜州市", "不包括水利", "不算卫生健康", "扣除交通", "非教育", "没有教育的", "教育以外", "除去人员经费", "不是企业的",
    ),
    "second conditions": (
        "执行率低于80%的", "超过500万元", "由企业承建的", "红灯", "公开招标", "债券资金的", "中央资金", "民生", "在建", "转移支付", "项目支出", "女性",
        "65岁以上", "省属", "民办", "中小企业", "外资", "新开工", "PPP", "追加的", "会议费", "基建", "示范", "国有", "私营",
    ),
    "other times": (
        "1998年", "2035年", "2019年", "建国以来", "疫情期间", "春节期间", "周末", "每天", "2025年5月3日", "上午", "夏天", "寒假", "第53周",
    ),
    "people who are not told apart": (
        "残障人士", "留守儿童", "外来务工人员", "少数民族", "孕产妇", "退役军人家属", "港澳台居民", "在校生", "高龄老人", "农村居民",
    ),
    "ways and parts of paying": (
        "现金", "公务卡", "质保金", "首付款", "进度款", "垫付", "冲销", "欠付", "应付", "可用", "质押", "授权支付", "挂账",
    ),
    "other ways of counting": (
        "含税", "税前", "可比价", "权责发生制", "审定", "暂估", "折合美元", "每平方米", "每小时", "笔均", "加权", "前百分之十", "恰好一个", "超过半数的市",
    ),
    "things that are not told apart": (
        "公务接待", "差旅费", "劳务派遣", "奖学金", "取暖费", "软件", "印刷", "广告", "保洁", "诉讼", "租金", "无人机", "药品", "路灯", "宿舍",
    ),
}  # fmt: skip
ASKED = [row.question for row in GOLDEN if row.expect == "answered"]
EVERY = 18
_BEFORE_WHAT = re.compile("支出|预算|项目|合同|多少|是|最")


def changed(question: str, word: str) -> Iterator[str]:
    """The word before the question, behind its year, before what is asked, and at its end."""
    yield f"{word}{question}"
    if "年" in question:
        yield question.replace("年", f"年{word}", 1)
    found = _BEFORE_WHAT.search(question)
    if found is not None:
        yield f"{question[: found.start()]}{word}{question[found.start() :]}"
    yield f"{question.rstrip('？?。')}{word}"


def meant(outcome: object) -> tuple[object, ...] | None:
    """What a reading computes; None when nothing is computed."""
    if not isinstance(outcome, Reading):
        return None
    base = None if outcome.base is None else outcome.base.canonical()
    return outcome.form, outcome.plan.canonical(), base, outcome.subject, outcome.attribute, outcome.skip


@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_a_restriction_that_was_added_is_never_dropped(kind: str, answerer: Answerer) -> None:
    chance = random.Random(kind)  # noqa: S311 - other words for each question, the same ones every time
    dropped = []
    for question in ASKED[len(kind) % EVERY :: EVERY]:
        plain = meant(answerer.reader.read(question))
        for word in chance.sample(RESTRICTIONS[kind], 3):
            if plain is None or word in question:
                continue
            dropped += [
                text for text in changed(question, word) if meant(answerer.reader.read(text)) == plain
            ]
    assert dropped == []


@pytest.mark.parametrize(
    "question",
    [
        "2035年澜州市跟霁港市比，2025年教育支出多多少",
        "2025年澜州教育支出相当于霁港的多少倍2025年5月3日",
        "2025年澜州市跟霁港市比2035年教育支出多多少",
        "除青湾区外2025年哪个市教育支出最多",
        "除了澜州市2025年澜州市哪个区教育支出最多",
        "新开工的教育项目有多少个",
        "1998年已竣工的项目数",
        "澜州市常住人口中小企业多少",
        "2025年教育占全省总项目支出的百分之多少",
        "去年12月份全省花了多少占全年多少2025年5月3日",
        "2025年医院床位总数",
        "截至2025年底全省养老床位数",
        "2025年中小企业数量",
        "2025年全省有多少张养老床位",
        "2025年减少了多少养老床位",
        "2025年图书馆有多少个",
        "2025年更新了多少公车",
        "2025年澜州市城区支出",
        "全省满意度人数是多少",
    ],
)
def test_what_cannot_be_used_is_not_answered(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status != "answered"


def test_what_was_spent_on_projects_is_not_their_number(answerer: Answerer) -> None:
    reading = answerer.reader.read("2025年开工的项目教育支出多少")
    assert isinstance(reading, Reading)
    assert (reading.column, reading.unit) == ("paid", "元")


def test_projects_that_differ_in_brackets_only_are_asked_back(answerer: Answerer) -> None:
    names = [row.name for row in answerer.vocabulary.project_rows]
    twins = [name for name in names if any(other.startswith(f"{name}（") for other in names)]
    assert twins
    asked = twins[0].removesuffix("工程").removesuffix("项目")
    assert answerer.ask(f"{asked}完工了吗").status == "ambiguous"


def test_the_other_cities_together_are_without_the_province_itself(answerer: Answerer) -> None:
    reading = answerer.reader.read("2025年澜州市以外其他各市支出合计多少")
    assert isinstance(reading, Reading)
    assert (reading.form, reading.attribute, reading.plan.group_by) == (Form.TABLE, "sum", ("region_code",))


def test_a_project_is_found_by_pieces_of_its_name_only_when_they_explain_every_word(
    answerer: Answerer,
) -> None:
    name = next(row.name for row in answerer.vocabulary.project_rows if "镇公办幼儿园" in row.name)
    town = name.partition("镇公办幼儿园")[0][-2:]
    told = answerer.ask(f"{town}那个公办幼儿园总投资")
    assert told.status in ("answered", "ambiguous")
    assert town in f"{told.scope}{[choice.label for choice in told.choices]}"
    assert answerer.ask("柳溪那个公办幼儿园总投资").status != "answered"


def test_the_amounts_of_all_cities_together_are_one_sum(answerer: Answerer) -> None:
    reading = answerer.reader.read("2025年各市教育支出合计")
    assert isinstance(reading, Reading)
    assert (reading.form, reading.attribute, reading.unit) == (Form.TABLE, "sum", "元")


def test_the_card_of_an_extreme_has_the_ranking_it_comes_from(answerer: Answerer) -> None:
    answer = answerer.ask("2025年哪个市教育支出最多")
    assert len(answer.rows) == 1
    assert answer.ranking[0] == answer.rows[0]
    numbers = [row["paid"] for row in answer.ranking]
    assert len(numbers) > 5
    assert numbers == sorted(numbers, reverse=True)
    assert None not in numbers


def test_years_asked_for_one_by_one_are_not_added_up(answerer: Answerer) -> None:
    answer = answerer.ask("近三年全省教育支出分别是多少")
    assert answer.reading is not None
    assert (answer.reading.form, len(answer.rows)) == (Form.TABLE, 3)
