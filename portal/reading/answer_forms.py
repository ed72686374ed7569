"""From the rows of a plan to the value and the sentence, for each form of answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from portal.reading.answer_averages import with_average
from portal.reading.answer_bounds import hidden_rows
from portal.reading.answer_cells import Outcome, Row, Scene, single, unavailable
from portal.reading.answer_members import tell_changes
from portal.reading.answer_pairs import (
    tell_difference,
    tell_growth,
    tell_per_period,
    tell_rest,
    tell_share,
    tell_times,
)
from portal.reading.answer_projects import define, look_up
from portal.reading.answer_shares import tell_share_change, tell_shares
from portal.reading.answer_tables import (
    count_groups,
    tell_larger,
    tell_parts,
    tell_rank,
    tell_spread,
    tell_table,
    tell_top,
    undecided,
)
from portal.reading.answer_words import Value, as_yuan, formula_of, say
from portal.reading.quantities import Currency
from publishing.release.query import ReadableRelease, Result
from search.errors import PlanError
from search.parse import Code, Form, Reading
from search.plan import Measure, Operator, Plan
from search.vocabulary import Vocabulary


def make_outcome(
    release: ReadableRelease, vocabulary: Vocabulary, reading: Reading, currency: Currency
) -> Outcome:
    """Run a reading, whose unit is in that currency, and say what came out."""
    scene = Scene(release, vocabulary, reading, currency=currency)
    try:
        settled = with_average(scene)
        made = settled if isinstance(settled, Outcome) else _MAKERS[reading.form](settled)
    except PlanError as error:
        return Outcome(str(error), code=Code.NOT_UNDERSTOOD)
    return made if made.formula else replace(made, formula=formula_of(reading.column))


# ---------------------------------------------------------------- cells


# ---------------------------------------------------------------- one number


def _amount(scene: Scene) -> Outcome:
    reading = scene.reading
    cell, plan = single(scene, reading.plan), reading.plan
    for attempt in reading.attempts:
        if cell.number is not None:
            break
        other = single(scene, attempt)
        if other.number is not None:
            cell, plan = other, attempt
    if cell.number is None:
        return unavailable(scene, cell.status)
    row: Row = {"scope": scene.scope, reading.column: cell.number, "status": cell.status}
    counted = ""
    if reading.base is not None:
        row["count"] = single(scene, reading.base).number or 0
        counted = f"，共{row['count']:,}{_COUNTED_IN.get(reading.base.dataset, '个')}"
    return Outcome(
        f"{scene.scope}：{say(cell.number, reading.unit)}{counted}。",
        Value(cell.number, reading.unit),
        (row,),
        plan=plan,
        notes=_beside_the_actual(scene, plan),
    )


def _beside_the_actual(scene: Scene, plan: Plan) -> tuple[str, ...]:
    """What was done, what was aimed at and the rate are told together: each of them says little alone."""
    name = plan.measures[0].name
    if plan.dataset != "outputs" or name not in {"actual", "target", "completion"} or plan.group_by:
        return ()
    unit = next((item.values[0] for item in plan.filters if item.column == "unit"), "")
    told = [
        (word, single(scene, replace(plan, measures=(Measure(column),))).number, of)
        for column, word, of in (
            ("actual", "实际完成", unit),
            ("target", "目标", unit),
            ("completion", "完成率", "%"),
        )
        if column != name
    ]
    words = [f"{word}{say(number, of)}" for word, number, of in told if number is not None]
    return (f"{'，'.join(words)}。",) if words else ()


_COUNTED_IN = {"contracts": "份", "suppliers": "家"}


def _count(scene: Scene) -> Outcome:
    reading = scene.reading
    if reading.plan.group_by:
        return count_groups(scene)
    number = single(scene, reading.plan).number or 0
    if not number and _is_of_names(reading.plan):
        return Outcome(
            f"{scene.scope}：公开项目里没有名称这样写的，不知道有没有名称不同的这类项目。",
            code=Code.NOT_IN_DATA,
        )
    left_out = hidden_rows(scene, reading.plan)
    if left_out:
        return undecided(scene, left_out, f"已公布的里面有{say(number, reading.unit)}")
    return Outcome(
        f"{scene.scope}：{say(number, reading.unit)}。",
        Value(number, reading.unit),
        ({"scope": scene.scope, "count": number},),
    )


def _is_of_names(plan: Plan) -> bool:
    """Whether the rows are picked by letters of their names: that none has them says little."""
    return any(item.operator is Operator.CONTAINS for item in plan.filters)


def _exists(scene: Scene) -> Outcome:
    made = _count(scene)
    if made.value is None:
        return made
    found = bool(made.value.number)
    text = f"有。{made.text}" if found else f"没有。{scene.scope}：公开数据里一个也没有。"
    return replace(made, text=text)


# ---------------------------------------------------------------- tables


# ---------------------------------------------------------------- several numbers


# ---------------------------------------------------------------- rows and attributes


def _list(scene: Scene) -> Outcome:
    reading = scene.reading
    result = scene.run(reading.plan)
    total = int(single(scene, reading.base).number or 0) if reading.base is not None else result.total
    rows = tuple(_plain_row(row, result) for row in result.frame.to_dicts())
    left_out = hidden_rows(scene, reading.plan)
    names = "；".join(_row_name(row) for row in rows[:10])
    tail = "……" if total > 10 else ""
    if left_out:
        return undecided(
            scene, left_out, f"已公布的里面有{total}{reading.unit}" + (f"：{names}" if names else "")
        )
    if not rows:
        return Outcome(f"{scene.scope}：公开数据里没有符合条件的记录。", Value(0, reading.unit))
    return Outcome(
        f"{scene.scope}：共{total}{reading.unit}：{names}{tail}。", Value(total, reading.unit), rows
    )


def _row_name(row: Row) -> str:
    return str(row.get("name") or row.get("title") or row.get("indicator") or "")


def _plain_row(row: Row, result: Result) -> Row:
    shown: Row = {}
    for column, value in row.items():
        if isinstance(value, (date, datetime)):
            shown[column] = value.isoformat()
        elif result.units.get(column) == "元" and isinstance(value, int):
            shown[column] = as_yuan(value)
        else:
            shown[column] = value
    return shown


def _lookup(scene: Scene) -> Outcome:
    return look_up(scene)


def _definition(scene: Scene) -> Outcome:
    return define(scene)


_MAKERS: dict[Form, Callable[[Scene], Outcome]] = {
    Form.AMOUNT: _amount,
    Form.PARTS: tell_parts,
    Form.TABLE: tell_table,
    Form.TOP: tell_top,
    Form.SPREAD: tell_spread,
    Form.RANK: tell_rank,
    Form.LARGER: tell_larger,
    Form.DIFFERENCE: tell_difference,
    Form.CHANGE: tell_difference,
    Form.GROWTH: tell_growth,
    Form.TIMES: tell_times,
    Form.CHANGES: tell_changes,
    Form.REST: tell_rest,
    Form.PER_PERIOD: tell_per_period,
    Form.SHARE: tell_share,
    Form.SHARES: tell_shares,
    Form.SHARE_CHANGE: tell_share_change,
    Form.COUNT: _count,
    Form.EXISTS: _exists,
    Form.LIST: _list,
    Form.LOOKUP: _lookup,
    Form.DEFINITION: _definition,
}
