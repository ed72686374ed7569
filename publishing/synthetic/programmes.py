"""Subsidies that are paid to private persons: what for, how much, how the payment order words it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Programme:
    """`yuan` is a typical single payment, `reach` how many payments it has compared with others, `spread` its sigma."""

    sector: str
    function: str
    economic: str
    fund: str
    stem: str
    yuan: int
    reach: float
    spread: float


PROGRAMMES = (
    Programme("民政", "2081902", "50901", "transfer", "农村最低生活保障金", 620, 1.5, 0.35),
    Programme("民政", "2081901", "50901", "transfer", "城市最低生活保障金", 830, 0.9, 0.35),
    Programme("民政", "2082001", "50901", "general", "临时救助金", 2_400, 0.7, 0.55),
    Programme("民政", "2081002", "50999", "general", "高龄津贴", 240, 1.2, 0.30),
    Programme(
        "民政", "2081107", "50901", "general", "困难残疾人生活补贴和重度残疾人护理补贴", 260, 1.0, 0.25
    ),
    Programme("民政", "2080803", "50901", "transfer", "在乡复员军人生活补助", 1_350, 0.5, 0.25),
    Programme("民政", "2080705", "50999", "transfer", "公益性岗位补贴", 1_900, 0.7, 0.20),
    Programme("教育", "2050202", "50902", "transfer", "义务教育家庭经济困难学生生活补助", 640, 0.9, 0.25),
    Programme("教育", "2050302", "50902", "general", "中等职业学校国家助学金", 1_050, 0.7, 0.15),
    Programme("卫生健康", "2101301", "50901", "transfer", "城乡医疗救助金", 3_600, 0.7, 0.80),
    Programme("卫生健康", "2100717", "50999", "general", "计划生育家庭奖励扶助金", 980, 0.6, 0.15),
    Programme("农业农村", "2130122", "50903", "transfer", "耕地地力保护补贴", 860, 1.2, 0.60),
    Programme("农业农村", "2130505", "50903", "transfer", "脱贫户产业发展奖补", 2_800, 0.6, 0.55),
)

# 单据用途的写法：{who} 之前、之间、之后的文字；空位依次是 姓名、证件号码、电话。
PURPOSES = (
    ("发放", "（身份证号", "）", "，联系电话", ""),
    ("", "，身份证", "，", "，电话", "，社会化发放"),
    ("一卡通发放：", "，证件号", "，", "", ""),
    ("补发", "", "", "，本人电话", ""),
    ("拨付", "", "", "", ""),
    ("代发", "（", "）", "", "，已核对"),
)
