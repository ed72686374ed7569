"""The change of each member of a dimension: which city grew fastest, what every class gained."""

from __future__ import annotations

from dataclasses import replace

from portal.reading.answer_cells import Outcome, Row, Scene, rounded_gap, unavailable
from portal.reading.answer_tables import meets, omitted_note, row_json, table_rows, undecided
from portal.reading.answer_words import Value, rounded, say
from search.timewords import describe


def tell_changes(scene: Scene) -> Outcome:
    """The members that changed most, or all of them. A member without both numbers leaves an extreme undecided."""
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    now, then = table_rows(scene, replace(reading.plan, having=())), table_rows(scene, base)
    before = {_followed_by(row["code"], reading.by): row["value"] for row in then.rows}
    hidden = {row["code"] for row in (*now.hidden, *then.hidden)}
    rows = [
        {**row, "value": _change(row["value"], before[row["code"]], growth=reading.attribute == "growth")}
        for row in now.rows
        if _comparable(before.get(row["code"]), growth=reading.attribute == "growth")
    ]
    if not rows:
        return unavailable(scene, "withheld" if hidden else "absent")
    if reading.plan.having:
        rows = [row for row in rows if meets(row["value"], reading.plan)]
    rows.sort(key=lambda row: (-row["value"] if reading.descending else row["value"], row["code"]))
    return _told(scene, rows, len(hidden))


def _followed_by(code: str, column: str) -> str:
    """Years are compared with the year before, anything else with itself at another time."""
    return str(int(code) + 1) if column == "fiscal_year" else code


def _comparable(before: float | None, *, growth: bool) -> bool:
    """Whether a change from that number can be told: a rate needs something to grow from."""
    return before is not None and (before > 0 or not growth)


def _told(scene: Scene, rows: list[Row], hidden: int) -> Outcome:
    reading = scene.reading
    growth = reading.attribute == "growth"
    unit = "%" if growth else "个百分点" if reading.unit == "%" else reading.unit
    against = f"与{describe(reading.base_period)}相比" if reading.base_period is not None else ""
    limit = reading.plan.limit
    chosen = rows[reading.skip : reading.skip + limit] if limit else rows
    if hidden and reading.plan.having:
        names = "、".join(row["name"] for row in chosen[:10])
        return undecided(scene, hidden, f"已公布的里面有{len(chosen)}个" + (f"：{names}" if names else ""))
    if not chosen and reading.plan.having:
        return Outcome(f"{scene.scope}，{against}：公开数据里一个也没有。", Value(0, "个"))
    if not chosen:
        return unavailable(scene, "absent")
    listed = "；".join(f"{row['name']} {say(row['value'], unit)}" for row in chosen[:10])
    if limit:
        way = "增长最多" if reading.descending else "增长最少（下降最多）"
        if hidden:
            return undecided(scene, hidden, f"已公布的里面{way}的是：{listed}")
        text = f"{scene.scope}，{against}{way}的是：{listed}。"
        value = Value(chosen[0]["value"], unit)
    else:
        text = f"{scene.scope}，{against}的变化：{listed}{'……' if len(chosen) > 10 else ''}。"
        value = Value(len(chosen), "个")
    formula = "同比 = (本期 − 上期) ÷ 上期 × 100%" if growth else "变化 = 本期 − 上期"
    shown = tuple(row_json(scene, row) for row in chosen)
    return Outcome(text, value, shown, formula=formula, notes=omitted_note(hidden))


def _change(now: float, then: float, *, growth: bool) -> float:
    return rounded((now - then) * 100 / then) if growth else rounded_gap(now - then, "元")
