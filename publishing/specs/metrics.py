"""The metric dictionary: one definition and one formula per metric, used by pages, API and answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """A number that people cite: its name, unit, formula in words and symbols, and what it must not be mixed with.

    `numerator` and `denominator` name measures; a metric without denominator is the measure itself.
    """

    name: str
    title: str
    title_en: str
    unit: str
    formula: str
    formula_en: str
    definition: str
    numerator: str
    denominator: str | None = None
    scale: int = 1
    synonyms: tuple[str, ...] = ()


METRICS: tuple[Metric, ...] = (
    Metric(
        "approved",
        "年初预算",
        "approved budget",
        "元",
        "Σ 年初批复的预算指标",
        "sum of budget lines as approved",
        "年初由人民代表大会批准、财政部门批复的预算金额，不含年中调整。",
        "approved",
        synonyms=("年初预算数", "批复预算", "预算批复数"),
    ),
    Metric(
        "adjusted",
        "调整预算",
        "adjusted budget",
        "元",
        "Σ 调整后的预算指标",
        "sum of budget lines after adjustments",
        "年初预算加减年中追加、追减、调剂以后的当前预算金额。",
        "adjusted",
        synonyms=("调整后预算", "调整预算数", "当前预算", "现行预算"),
    ),
    Metric(
        "paid",
        "已支付",
        "paid",
        "元",
        "Σ 国库支付金额（退款为负）",
        "sum of treasury payments, refunds negative",
        "国库已经实际支付出去的金额；退回的款项在退回当月冲减。",
        "paid",
        synonyms=("支出", "花了", "支付", "实际支出", "已支出", "执行数"),
    ),
    Metric(
        "execution_rate",
        "执行率",
        "execution rate",
        "%",
        "已支付 ÷ 调整预算",
        "paid / adjusted",
        "已支付金额占调整预算的百分比。调整预算为零时不适用。",
        "paid",
        "adjusted",
        100,
        synonyms=("预算执行率", "支出进度", "执行进度", "支付进度"),
    ),
    Metric(
        "paid_per_head",
        "人均支出",
        "paid per head",
        "元/人",
        "已支付 ÷ 同一地区常住人口",
        "paid / population of the same region",
        "该地区已支付金额除以同一地区的常住人口。",
        "paid",
        "population",
        synonyms=("人均", "人均支付", "每人"),
    ),
    Metric(
        "planned",
        "用款计划",
        "planned spending",
        "元",
        "Σ 当月计划用款",
        "sum of planned spending of the month",
        "预算单位报送的当月计划用款；累计计划减去上月累计计划。",
        "planned",
        synonyms=("计划", "计划支出", "用款计划数"),
    ),
    Metric(
        "planned_cumulative",
        "累计用款计划",
        "cumulative plan",
        "元",
        "Σ 截至当月的累计用款计划",
        "sum of cumulative plans",
        "截至该月底计划累计用款。",
        "planned_cumulative",
    ),
    Metric(
        "total_investment",
        "总投资",
        "total investment",
        "元",
        "Σ 项目总投资",
        "sum of total investment",
        "项目批复的总投资，含以前年度和以后年度。",
        "total_investment",
        synonyms=("投资", "投资额", "总造价"),
    ),
    Metric(
        "contracted",
        "合同金额",
        "contracted",
        "元",
        "Σ 合同金额",
        "sum of contract amounts",
        "已签订合同的金额合计。",
        "amount",
        synonyms=("合同额", "中标金额", "成交金额"),
    ),
    Metric(
        "contracts",
        "合同数",
        "number of contracts",
        "份",
        "合同的份数",
        "number of contracts",
        "已公开合同的份数。",
        "contracts",
        synonyms=("合同份数", "合同数量"),
    ),
    Metric(
        "progress",
        "形象进度",
        "physical progress",
        "%",
        "最近一个已完成里程碑的进度",
        "progress of the latest completed milestone",
        "项目单位报送的最近一个已完成节点所对应的工程进度。",
        "progress",
        synonyms=("进度", "工程进度", "完成进度"),
    ),
    Metric(
        "target",
        "目标值",
        "target",
        "按指标",
        "年度绩效目标值",
        "annual target",
        "项目申报并批复的年度绩效目标值。",
        "target",
        synonyms=("目标", "计划值"),
    ),
    Metric(
        "actual",
        "实际完成值",
        "actual",
        "按指标",
        "年度实际完成值",
        "annual actual",
        "项目单位报送的年度实际完成值。",
        "actual",
        synonyms=("完成", "实际", "完成值"),
    ),
)
"""Every measure of every published table that is money, a rate or a quantity has exactly one entry."""
