"""No word that might restrict the scope is skipped: a broader number would be a wrong one."""

from __future__ import annotations

import pytest

from portal.reading.answers import Answerer

FRAMES = (
    "2025年澜州市{}教育支出是多少",
    "2025年澜州市教育{}支出是多少",
    "澜州市2025年{}支出",
    "2025年{}合同有多少份",
    "在建{}项目有多少个",
    "2025年哪个市{}教育支出最多",
    "2025年新建{}农村公路多少公里",
)
RESTRICTING = [
    "公立",
    "私立",
    "民办",
    "国有",
    "外资",
    "小微企业",
    "乡镇",
    "街道",
    "村级",
    "城镇",
    "贫困",
    "边远",
    "山区",
    "沿海",
    "北部",
    "西部",
    "中部",
    "城区",
    "老城",
    "新城",
    "男性",
    "女性",
    "党员",
    "志愿者",
    "一次性",
    "经常性",
    "临时",
    "专项",
    "追加",
    "结转",
    "预付",
    "退款",
    "隐性",
    "免费",
    "优质",
    "紧急",
    "特殊",
    "重点",
    "大型",
    "中型",
    "小型",
    "蔬菜",
    "茶叶",
    "渔业",
    "铁路",
    "高铁",
    "机场",
    "港口",
    "差旅",
    "会议",
    "出国",
    "公车",
    "奖金",
    "工资",
    "节日",
    "春节",
    "周末",
    "租赁",
    "紧急",
    "净",
    "毛",
    "仅",
    "只",
    "单独",
    "除外",
    "不含",
    "剔除",
    "扣除",
    "上级",
    "下级",
    "中央",
    "直属",
    "第二",
    "第三",
    "大数据",
    "人工智能",
    "信息化",
    "疫苗",
    "药品",
    "急诊",
    "体检",
    "保险",
    "贷款",
    "利息",
    "燃气",
    "供水",
    "供电",
    "路灯",
    "公园",
    "厕所",
    "市场",
    "超市",
    "物流",
    "外贸",
    "招商",
    "开发区",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_restricting_word_never_leaves_the_answer_as_it_was(frame: str, answerer: Answerer) -> None:
    plain = answerer.ask(frame.format(""))
    assert plain.status == "answered"
    same = []
    for word in RESTRICTING:
        answer = answerer.ask(frame.format(word))
        if answer.status == "answered" and answer.value == plain.value and answer.scope == plain.scope:
            same.append(word)
    assert same == []


@pytest.mark.parametrize(
    "question",
    [
        "2025年其他市的教育支出合计",
        "2025年教育支出中给贫困生的有多少",
        "澜州市霁港市青湾区教育支出之比",
    ],
)
def test_what_cannot_be_computed_as_asked_is_refused(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status == "refused"
