"""Comparisons with a number, as filters on rows or on groups, and in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from search.parse.cubes import Cube
from search.parse.edges import Condition
from search.parse.meaning import Meaning
from search.parse.measures import measure_title
from search.parse.outcome import Code
from search.parse.route import (
    MONEY,
    ROW_KEYS,
    limit_filters,
    refuse,
)
from search.plan import Operator, Plan

_PERCENT = frozenset({"execution_rate", "progress", "completion"})


def with_conditions(cube: Cube, plan: Plan, meaning: Meaning) -> Plan:
    """Conditions on the groups where there are groups, on the rows where there are not."""
    for measure, condition in meaning.conditions:
        if condition.average:
            raise refuse(
                Code.NOT_UNDERSTOOD,
                "和平均水平的比较只能用于各市或各县，例如“2025年执行率高于全省平均的市”。",
            )
        name = _condition_measure(cube, measure, percent=condition.percent)
        if name in MONEY and not condition.money and not condition.percent:
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个数的单位，请写明，例如“超过1000万元”。")
        filters = limit_filters(name, condition, percent_measure=name in _PERCENT)
        if cube.by and cube.by[0] != ROW_KEYS.get(cube.dataset):
            if name != cube.column:
                raise refuse(Code.NOT_UNDERSTOOD, "条件里的数和要问的数不是同一个，目前还不能一起算。")
            plan = replace(plan, having=(*plan.having, *filters))
        else:
            plan = replace(plan, filters=(*plan.filters, *filters))
    return plan


def _condition_measure(cube: Cube, measure: str, *, percent: bool) -> str:
    if cube.dataset == "contracts":
        return {"": "amount", "contracted": "amount"}.get(measure, measure)
    if cube.dataset == "projects":
        return measure or ("execution_rate" if percent else "total_investment")
    if measure == "perhead":
        return cube.column
    if measure in ("paid", "approved", "adjusted") and cube.column == f"{measure}_per_head":
        return cube.column
    return measure or cube.column


_WORDS = {
    Operator.ABOVE: "超过",
    Operator.AT_LEAST: "不低于",
    Operator.BELOW: "低于",
    Operator.AT_MOST: "不超过",
}


def condition_words(name: str, condition: Condition, cube: Cube) -> str:
    """A condition in words, for the scope that is read back."""
    measure = _condition_measure(cube, name, percent=condition.percent)
    title = (
        cube.title
        if measure == cube.column
        else measure_title("contracted" if measure == "amount" else measure)
    )
    is_money = measure in MONEY or measure.endswith("_per_head")
    unit = "%" if condition.percent else "元" if condition.money and is_money else ""
    text = f"{title}{_WORDS[condition.operator]}{_said(condition.value, unit)}"
    return text if condition.upper is None else f"{text}、不超过{_said(condition.upper, unit)}"


def _said(value: Decimal, unit: str) -> str:
    for scale, name in ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万")):
        if unit in ("元", "") and value >= scale:
            return f"{(value / scale).normalize():f}{name}{unit}"
    return f"{value.normalize():f}{unit}"
