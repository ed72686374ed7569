"""The components of the design system, each in every state it can have, filled with invented values.

The page made of this is where a change of the style sheet is looked at first, and what the checks of contrast, keyboard
and print run over. It needs no release.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.reading.charts import BarRow, BarTable, Figure, Point, bar_table, series
from portal.reading.projects import ProjectLine
from portal.reading.quantities import CNY, MERGED, NOT_APPLICABLE, NOT_REPORTED, WITHHELD, Amount
from portal.reading.spending import Measures
from portal.reading.tongue import tell

YI = 10**10  # fen in 亿元
WAN = 10**6  # fen in 万元
LONG_NAME = "云岭省澜州市滨江新区农村公路提档升级与桥梁加固改造及沿线排水照明标识绿化一体化工程" * 5
HOSTILE_NAME = "<b>粗体</b>&amp; <script>alert(1)</script> \u202eمشروع الطريق\u202c"


@dataclass(frozen=True, slots=True)
class Token:
    """A custom property of the style sheet: its name, and what it is for."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class AmountState:
    """An amount in one of the states it can have."""

    name: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class DesignView:
    """Everything the page of components shows."""

    tokens: tuple[Token, ...]
    amounts: tuple[AmountState, ...]
    measures: Measures
    bars: BarTable
    series: Figure
    projects: tuple[ProjectLine, ...]


TOKENS = (
    Token("paper", "纸：底色"),
    Token("sheet", "页脚和提示的底色"),
    Token("ink", "墨：正文"),
    Token("soft", "次要的字"),
    Token("rule", "细线"),
    Token("strong-rule", "粗线、输入框的边"),
    Token("accent", "链接、按钮、选中"),
    Token("paid", "已支付"),
    Token("budget", "预算的框"),
    Token("seal", "印：只用于逾期、超支、错误"),
    Token("green", "灯：正常"),
    Token("yellow", "灯：提醒"),
    Token("orange", "灯：关注"),
    Token("hatch", "斜纹：依规不公开"),
    Token("s1", "分级一（最少）"),
    Token("s2", "分级二"),
    Token("s3", "分级三"),
    Token("s4", "分级四"),
    Token("s5", "分级五（最多）"),
)

AMOUNTS = (
    AmountState("亿元", Amount(12_35 * YI // 100 + 7)),
    AmountState("万元", Amount(1_234_567 * WAN // 1_000 + 89)),
    AmountState("元", Amount(1_234_56)),
    AmountState("零", Amount(0)),
    AmountState("负数：退款", Amount(-3_210 * WAN)),
    AmountState("不适用", Amount(None, NOT_APPLICABLE)),
    AmountState("尚未报送", Amount(None, NOT_REPORTED)),
    AmountState("依规不公开", Amount(None, WITHHELD)),
    AmountState("合并公布", Amount(None, MERGED)),
)


def design_view() -> DesignView:
    """The components with their sample values."""
    return DesignView(
        TOKENS,
        AMOUNTS,
        Measures(Amount(9 * YI), Amount(10 * YI), Amount(6 * YI)),
        _bars(),
        _series(),
        _lines(),
    )


def _bars() -> BarTable:
    rows = (
        BarRow(tell("教育支出"), Amount(8 * YI), Amount(10 * YI), 80.0, 42.1),
        BarRow(tell("超过预算"), Amount(6 * YI), Amount(5 * YI), 120.0, 31.6),
        BarRow(tell("还没有支付"), Amount(0), Amount(3 * YI), 0.0, 0.0),
        BarRow(tell("退款多于支付"), Amount(-WAN), Amount(2 * YI), None, None),
        BarRow(tell("依规不公开的一类"), Amount(None, WITHHELD), Amount(4 * YI)),
        BarRow(LONG_NAME[:60], Amount(YI), Amount(2 * YI), 50.0, 5.3),
    )
    return bar_table(tell("教育支出最多，占 42.1%"), tell("示例，2026 年，已支付与调整预算"), rows)


def _series() -> Figure:
    points = [
        Point(
            tell("{}月", month),
            Amount(None, WITHHELD) if month == 4 else Amount(month * YI // 5),
            Amount(month * YI // 4),
        )
        for month in range(1, 13)
    ]
    return series(
        tell("年底几个月付得最多"),
        tell("示例，2026 年各月"),
        points,
        CNY,
        paid_word="已支付",
        plan_word="累计计划",
        plan_as="line",
    )


def _lines() -> tuple[ProjectLine, ...]:
    return (
        _line("SAMPLE-1", "小学扩建（一切正常）", "green", "under_way"),
        _line(
            "SAMPLE-2",
            "农村公路改造（晚了）",
            "red",
            "under_way",
            late=45,
            reason=tell("过了计划完成日 45 天，还没有报送完成"),
        ),
        _line(
            "SAMPLE-3", LONG_NAME[:200], "yellow", "planned", reason=tell("一个月的支付超过全年预算的 20%")
        ),
        _line("SAMPLE-4", HOSTILE_NAME, "orange", "suspended", paid=Amount(None, WITHHELD)),
        _line(
            "SAMPLE-5",
            "没有预算、没有支付的项目",
            "",
            "completed",
            paid=Amount(None, NOT_REPORTED),
            budget=Amount(0),
        ),
    )


def _line(  # noqa: PLR0913 - a project has that many states
    project_id: str,
    name: str,
    light: str,
    status: str,
    *,
    late: int = 0,
    reason: str = "",
    paid: Amount | None = None,
    budget: Amount | None = None,
) -> ProjectLine:
    adjusted = budget if budget is not None else Amount(5_000 * WAN)
    return ProjectLine(
        project_id=project_id,
        name=name,
        region_code="990100",
        region_name="云甲市",
        sector="交通运输",
        org_name="云甲市交通运输局",
        status=status,
        light=light,
        light_reason=reason,
        adjusted=adjusted,
        paid=paid if paid is not None else Amount(3_200 * WAN),
        execution_rate=64.0 if paid is None and adjusted.fen else None,
        progress=None,
        planned_end=date(2026, 9, 16),
        ended_on=date(2026, 10, 1) if status == "completed" else None,
        days_late=late,
    )
