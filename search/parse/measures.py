"""What measures are called, and which one is meant when several are named together."""

from __future__ import annotations

MEASURE_TITLES = {
    "paid": "支出（已支付）",
    "spent_on": "支出（已支付）",
    "approved": "年初预算",
    "adjusted": "调整预算",
    "budget": "预算",
    "execution_rate": "执行率",
    "planned": "用款计划",
    "planned_cumulative": "累计用款计划",
    "total_investment": "总投资",
    "contracted": "合同金额",
    "contracts": "合同数",
    "projects": "项目数",
    "suppliers": "供应商数",
    "organisations": "预算单位数",
    "progress": "形象进度",
    "target": "目标值",
    "actual": "实际完成值",
    "completion": "目标完成率",
    "population": "常住人口",
    "cases": "来件数",
    "on_time": "按时答复数",
    "on_time_rate": "按时答复率",
    "satisfaction": "满意度",
    "ratings": "评分人数",
    "answered": "已答复数",
    "withheld": "依规不公开的金额",
}


"""What a measure is called when a reading is read back."""


MERGED: dict[frozenset[str], str] = {
    frozenset({"paid", "execution_rate"}): "execution_rate",
    frozenset({"budget", "execution_rate"}): "execution_rate",
    frozenset({"paid", "budget", "execution_rate"}): "execution_rate",
    frozenset({"adjusted", "execution_rate"}): "execution_rate",
    frozenset({"paid", "actual"}): "paid",
    frozenset({"budget", "adjusted"}): "adjusted",
    frozenset({"budget", "approved"}): "approved",
    frozenset({"target", "completion"}): "completion",
    frozenset({"actual", "completion"}): "completion",
    frozenset({"target", "actual", "completion"}): "completion",
    frozenset({"target", "paid"}): "planned",
    frozenset({"budget", "actual"}): "execution_rate",
    frozenset({"progress", "actual"}): "progress",
    frozenset({"progress", "paid"}): "execution_rate",
    frozenset({"contracted", "paid"}): "contracted",
    frozenset({"withheld", "paid"}): "withheld",
    frozenset({"cases", "on_time"}): "on_time",
    frozenset({"cases", "satisfaction"}): "satisfaction",
    frozenset({"cases", "on_time_rate"}): "on_time_rate",
    frozenset({"cases", "answered"}): "answered",
}
"""Measures named together that mean one of them."""

ORDERED: dict[tuple[str, ...], str] = {("paid", "approved"): "approved", ("paid", "adjusted"): "adjusted"}
"""支出的年初预算 is the budget; 年初预算花了多少 is not."""


def measure_title(measure: str) -> str:
    """What a measure is called in Chinese."""
    return MEASURE_TITLES.get(measure, measure)
