"""Answers with several numbers: tables, extremes, ranks, parts, and which of two is larger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import ge, gt, le, lt
from statistics import median
from typing import Any

from portal.reading.answer_bounds import (
    Doubt,
    always,
    could_be_above,
    doubt_of,
    doubtful,
)
from portal.reading.answer_cells import Outcome, Row, Scene, cell_of, rounded_gap, single, unavailable
from portal.reading.answer_words import PER_HEAD, Value, rounded, say
from publishing.release.query import Result
from search.parse import Code, Reading
from search.plan import Operator, Plan
from search.timewords import describe
from search.vocabulary import TOTAL


def count_groups(scene: Scene) -> Outcome:
    """How many groups meet the conditions, and which."""
    table = table_rows(scene, scene.reading.plan)
    doubts = _doubts(scene, table, doubt_of(scene.reading))
    number = len(table.rows)
    unit = _member_unit(scene)
    names = "、".join(row["name"] for row in table.rows[:10])
    tail = f"：{names}{'等' if number > 10 else ''}" if number else ""
    text = f"{scene.scope}：{number}{unit}{tail}。"
    if doubts:
        return undecided(scene, doubts, f"已公布的里面有{number}{unit}{tail}")
    return Outcome(text, Value(number, unit), table.rows, notes=omitted_note(table.omitted))


def _member_unit(scene: Scene) -> str:
    levels = {"region_code": "个", "supplier_id": "家", "contract_id": "份"}
    return levels.get(scene.reading.plan.group_by[0], "个")


def undecided(scene: Scene, doubts: int, known: str) -> Outcome:
    """No number, because members that are not published might change it; what is known is said in the reason."""
    text = f"{scene.scope}：有{doubts}个的数依规不公开，可能改变结果，所以不能回答；{known}。"
    return Outcome(text, code=Code.WITHHELD)


_MANY = 2_000
_MOST_TIED = 20
_TIMES = ("year", "quarter", "month")
_NOT_SHOWN = ["withheld", "merged"]


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[Row, ...]
    omitted: int
    hidden: tuple[Row, ...] = ()


def table_rows(scene: Scene, plan: Plan) -> _Table:
    """Groups with names and numbers, in order; groups without a published number are only counted.

    Where the groups are things that there may be a million of, only the first ones are looked at.
    """
    reading = scene.reading
    fold = reading.by if reading.by not in plan.group_by else ""
    result = scene.run(replace(plan, limit=None, having=()))
    frame = result.frame
    many = not fold and plan.limit is not None and frame.height > _MANY
    if many and plan.limit is not None:
        frame = frame.head(plan.limit + _MOST_TIED)
    rows = [named_row(scene, result, row, plan) for row in frame.to_dicts()]
    if plan.group_by[:1] == ("contract_id",) and plan.limit is not None:
        rows = _with_titles(scene, rows, plan.limit + _MOST_TIED)
    if fold:
        rows = _folded(scene, rows, fold, descending=reading.descending)
    rows = [row for row in rows if row["code"] != TOTAL]
    shown = tuple(row for row in rows if row["value"] is not None and meets(row["value"], plan))
    hidden = tuple(row for row in rows if row["status"] in _NOT_SHOWN)
    omitted = len(hidden)
    if many:
        omitted = int(result.frame[f"{reading.column}__status"].is_in(_NOT_SHOWN).sum())
    return _Table(shown, omitted, hidden)


def _with_titles(scene: Scene, rows: list[Row], shown: int) -> list[Row]:
    """Contracts go by their titles; only those that may be shown are looked up."""
    wanted = Plan("contracts", columns=("contract_id", "title")).where(
        "contract_id", *(row["code"] for row in rows[:shown])
    )
    found = scene.run(wanted).frame if rows else None
    titles = dict(found.select("contract_id", "title").iter_rows()) if found is not None else {}
    return [{**row, "name": titles.get(row["code"]) or row["name"]} for row in rows]


def meets(value: float, plan: Plan) -> bool:
    """Whether a number, as shown, meets the conditions of a plan on its groups."""
    compare: dict[Operator, Callable[[float, float], bool]] = {
        Operator.ABOVE: gt,
        Operator.AT_LEAST: ge,
        Operator.BELOW: lt,
        Operator.AT_MOST: le,
    }
    return all(compare[item.operator](value, float(item.values[0])) for item in plan.having)


def _doubts(scene: Scene, table: _Table, doubt: Doubt) -> int:
    """How many members without a published number could change the answer."""
    known = doubtful(scene, scene.reading.plan, table.hidden, doubt)
    return known + max(0, table.omitted - len(table.hidden))


def named_row(scene: Scene, result: Result, row: Row, plan: Plan) -> Row:
    """A row with its name and number."""
    column = plan.group_by[0]
    cell = cell_of(result, row, scene.reading.column)
    names = " · ".join(scene.name(group, _text(row[group])) for group in plan.group_by)
    return {"code": _text(row[column]), "name": names, "value": cell.number, "status": cell.status}


def _text(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:7]
    return str(value)


def _folded(scene: Scene, rows: list[Row], fold: str, *, descending: bool) -> list[Row]:
    """Roll groups up: counties into their city, units into their sector. One missing cell makes the sum missing."""
    found: dict[str, Row] = {}
    for row in rows:
        target = _fold_target(scene, row["code"], fold)
        if target is None:
            continue
        code, name = target
        kept = found.setdefault(code, {"code": code, "name": name, "value": 0, "status": "published"})
        if row["value"] is None:
            kept["value"], kept["status"] = None, row["status"]
        elif kept["value"] is not None:
            kept["value"] = round(kept["value"] + row["value"], 2)
    if fold in _TIMES and not scene.reading.plan.limit:
        return list(found.values())
    missing = [row for row in found.values() if row["value"] is None]
    shown = [row for row in found.values() if row["value"] is not None]
    shown.sort(key=lambda row: (-row["value"] if descending else row["value"], row["code"]))
    return shown + missing


def _fold_target(scene: Scene, code: str, fold: str) -> tuple[str, str] | None:
    vocabulary = scene.vocabulary
    if fold in ("year", "month"):
        name = f"{code[:4]}年" if fold == "year" else f"{code[:4]}年{int(code[5:7])}月"
        return (code[:4] if fold == "year" else code), name
    if fold == "quarter":
        quarter = (int(code[5:7]) + 2) // 3
        return f"{code[:4]}Q{quarter}", f"{code[:4]}年{'一二三四'[quarter - 1]}季度"
    if fold.startswith("org:"):
        row = vocabulary.organisations_by_id.get(code)
        if row is None:
            return None
        fold = fold.removeprefix("org:")
        if fold == "sector":
            return (row.sector, row.sector) if row.sector else None
        code = row.region or ""
    tree = vocabulary.regions
    for above in tree.above(code):
        if tree.nodes[above].level == fold:
            return above, tree.label(above)
    return None


def omitted_note(omitted: int) -> tuple[str, ...]:
    """What to say about groups whose number is not published."""
    return (f"另有{omitted}个依规不公开，不参加比较。",) if omitted else ()


def row_json(scene: Scene, row: Row) -> Row:
    """A row as the API gives it."""
    return {
        "code": row["code"],
        "name": row["name"],
        scene.reading.column: row["value"],
        "status": row["status"],
    }


def tell_table(scene: Scene) -> Outcome:
    """A number for each member."""
    reading = scene.reading
    table = table_rows(scene, reading.plan)
    rows = table.rows[: reading.plan.limit] if reading.plan.limit else table.rows
    if reading.plan.having:
        doubts = _doubts(scene, table, doubt_of(reading))
        if doubts:
            names = "、".join(row["name"] for row in rows[:10])
            return undecided(scene, doubts, f"已公布的里面有{len(rows)}个" + (f"：{names}" if names else ""))
        if not rows:
            return Outcome(f"{scene.scope}：公开数据里没有符合条件的。", Value(0, "个"))
    if not rows:
        return unavailable(scene, "withheld" if table.omitted else "absent")
    if reading.attribute in ("average", "median"):
        return _average(scene, table)
    if reading.attribute == "sum":
        return _summed(scene, rows, table.omitted)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows[:10])
    more = f"……共{len(rows)}项" if len(rows) > 10 else ""
    text = f"{scene.scope}：{listed}{more}。"
    shown = tuple(row_json(scene, row) for row in rows)
    return Outcome(
        text,
        Value(len(rows), "个"),
        shown,
        notes=omitted_note(table.omitted),
    )


def _summed(scene: Scene, rows: tuple[Row, ...], omitted: int) -> Outcome:
    """The members and their sum; where some are withheld it would be too small, unless the conditions leave them out."""
    reading = scene.reading
    if omitted and not (reading.plan.having or reading.plan.limit):
        return unavailable(scene, "withheld")
    total = rounded_gap(sum(row["value"] for row in rows), reading.unit)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows[:10])
    text = f"{scene.scope}：{len(rows)}个合计{say(total, reading.unit)}：{listed}{'……' if len(rows) > 10 else ''}。"
    shown = tuple(row_json(scene, row) for row in rows)
    return Outcome(text, Value(total, reading.unit), shown, notes=omitted_note(omitted))


def _average(scene: Scene, table: _Table) -> Outcome:
    if table.omitted:
        return unavailable(scene, "withheld")
    reading = scene.reading
    values = [row["value"] for row in table.rows]
    if reading.attribute == "median":
        mean = rounded(median(values))
        text = f"{scene.scope}：中位数是{say(mean, reading.unit)}（{len(values)}个的中位数）。"
    else:
        mean = rounded(sum(values) / len(values))
        text = f"{scene.scope}：平均每个{say(mean, reading.unit)}（{len(values)}个的平均）。"
    return Outcome(text, Value(mean, reading.unit), tuple(row_json(scene, row) for row in table.rows))


def tell_top(scene: Scene) -> Outcome:
    """The first or last members; equal ones are all named."""
    reading = scene.reading
    table = table_rows(scene, reading.plan)
    if not table.rows:
        return unavailable(scene, "withheld" if table.omitted else "absent")
    limit = reading.plan.limit or 1
    if reading.skip >= len(table.rows):
        return unavailable(scene, "absent", f"{scene.scope}：没有第{reading.skip + 1}个")
    chosen = _with_ties(table.rows[reading.skip :], limit)
    word = "最多（最高）" if reading.descending else "最少（最低）"
    word = (
        word
        if not reading.skip
        else f"从{'多到少' if reading.descending else '少到多'}第{reading.skip + 1}位"
    )
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in chosen)
    doubt = could_be_above(chosen[-1]["value"]) if reading.descending else always
    doubts = _doubts(scene, table, doubt)
    if doubts:
        return undecided(scene, doubts, f"已公布的里面{word}的是：{listed}")
    if reading.attribute == "sum":
        return _summed(scene, chosen[:limit], table.omitted)
    text = f"{scene.scope}{word}的{'是' if limit == 1 else f'{len(chosen)}个是'}：{listed}。"
    rows = tuple(row_json(scene, row) for row in chosen)
    around = table.rows[: max(_RANKED, reading.skip + len(chosen))]
    return Outcome(
        text,
        Value(chosen[0]["value"], reading.unit),
        rows,
        notes=omitted_note(table.omitted),
        ranking=tuple(row_json(scene, row) for row in around),
    )


_RANKED = 10


def _with_ties(rows: tuple[Row, ...], limit: int) -> tuple[Row, ...]:
    chosen = list(rows[:limit])
    chosen += [row for row in rows[limit:20] if row["value"] == chosen[-1]["value"]]
    return tuple(chosen)


def tell_spread(scene: Scene) -> Outcome:
    """The largest and the smallest member. A member that is not published may be smaller than any, so then none is told."""
    reading = scene.reading
    table = table_rows(scene, reading.plan)
    if len(table.rows) < 2:
        return unavailable(scene, "withheld" if table.omitted else "absent")
    first, last = table.rows[0], table.rows[-1]
    told = f"最多（最高）的是{first['name']} {say(first['value'], reading.unit)}，最少（最低）的是{last['name']} {say(last['value'], reading.unit)}"
    if table.omitted:
        return undecided(scene, table.omitted, f"已公布的里面{told}")
    rows = (row_json(scene, first), row_json(scene, last))
    if reading.attribute == "times":
        if not last["value"]:
            return unavailable(scene, "not_applicable", f"{last['name']}为零，算不出倍数")
        ratio = rounded(first["value"] / last["value"])
        return Outcome(f"{scene.scope}：{told}，前者是后者的{ratio:.2f}倍。", Value(ratio, "倍"), rows)
    if reading.attribute == "difference":
        gap = rounded_gap(first["value"] - last["value"], reading.unit)
        unit = "个百分点" if reading.unit == "%" else reading.unit
        return Outcome(f"{scene.scope}：{told}，相差{say(gap, unit)}。", Value(gap, unit), rows)
    return Outcome(f"{scene.scope}：{told}。", Value(first["value"], reading.unit), rows)


def tell_rank(scene: Scene) -> Outcome:
    """The place of one among its like."""
    reading = scene.reading
    table = table_rows(scene, reading.plan)
    subject = reading.subject
    own = next((row for row in table.rows if subject is not None and row["code"] == subject.code), None)
    if own is None:
        return unavailable(scene, "withheld" if table.omitted else "absent", subject.label if subject else "")
    better = [
        row
        for row in table.rows
        if (row["value"] > own["value"] if reading.descending else row["value"] < own["value"])
    ]
    place = len(better) + 1
    end = "" if reading.descending else "从少到多"
    doubt = could_be_above(own["value"], or_equal=False) if reading.descending else always
    doubts = _doubts(scene, table, doubt)
    if doubts:
        return undecided(scene, doubts, f"在已公布的{len(table.rows)}个里，{own['name']}{end}排第{place}位")
    text = f"{own['name']}在{scene.scope}中排{end}第{place}位（共{len(table.rows)}个有公布的数），为{say(own['value'], reading.unit)}。"
    rows = tuple(row_json(scene, row) for row in table.rows)
    return Outcome(text, Value(place, "位"), rows, notes=omitted_note(table.omitted))


def tell_parts(scene: Scene) -> Outcome:
    """A number for each of the things named, and their sum where there is one."""
    reading = scene.reading
    if reading.base is not None:
        return _parts_of_time(scene, reading.base)
    result = scene.run(reading.plan)
    rows = [named_row(scene, result, row, reading.plan) for row in result.frame.to_dicts()]
    missing = [row for row in rows if row["value"] is None]
    wanted = _wanted_parts(reading)
    if missing or len(rows) < wanted:
        return unavailable(
            scene, missing[0]["status"] if missing else "absent", missing[0]["name"] if missing else ""
        )
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows)
    shown = tuple(row_json(scene, row) for row in rows)
    if reading.unit in ("%", "分") or reading.unit.endswith(PER_HEAD):
        whole = single(scene, replace(reading.plan, group_by=()))
        tail = f"；合起来 {say(whole.number, reading.unit)}" if whole.number is not None else ""
        return Outcome(f"{scene.scope}：{listed}{tail}。", Value(whole.number, reading.unit), shown)
    total = rounded_gap(sum(row["value"] for row in rows), reading.unit)
    return Outcome(
        f"{scene.scope}：{listed}；合计 {say(total, reading.unit)}。", Value(total, reading.unit), shown
    )


def _wanted_parts(reading: Reading) -> int:
    wanted = 1
    for column in reading.plan.group_by:
        values = [item.values for item in reading.plan.filters if item.column == column and not item.operator]
        wanted *= len(values[0]) if values else 1
    return wanted


def tell_larger(scene: Scene) -> Outcome:
    """Which of two has more."""
    reading = scene.reading
    if reading.base is not None:
        return _larger_time(scene, reading.base)
    result = scene.run(reading.plan)
    rows = [named_row(scene, result, row, reading.plan) for row in result.frame.to_dicts()]
    if any(row["value"] is None for row in rows) or len(rows) < 2:
        missing = next((row["status"] for row in rows if row["value"] is None), "absent")
        return unavailable(scene, missing)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows)
    word = "更多（更高）" if reading.descending else "更少（更低）"
    equal = rows[0]["value"] == rows[1]["value"]
    text = f"{scene.scope}：{'两者一样' if equal else f'''{rows[0]['name']}{word}'''}：{listed}。"
    return Outcome(text, Value(rows[0]["value"], reading.unit), tuple(row_json(scene, row) for row in rows))


def _periods(scene: Scene, base: Plan) -> list[Row] | Outcome:
    """The numbers of the two periods of a reading; why there are none, when one of them is missing."""
    reading = scene.reading
    cells = (
        (single(scene, reading.plan), reading.period),
        (single(scene, base), reading.base_period),
    )
    rows: list[Row] = []
    for cell, period in cells:
        name = describe(period) if period is not None else ""
        if cell.number is None:
            return unavailable(scene, cell.status, f"{scene.scope}（{name}）")
        rows.append({"code": name, "name": name, "value": cell.number, "status": cell.status})
    return rows


def _parts_of_time(scene: Scene, base: Plan) -> Outcome:
    """A number for each of two periods, and their sum."""
    rows = _periods(scene, base)
    if isinstance(rows, Outcome):
        return rows
    unit = scene.reading.unit
    listed = "；".join(f"{row['name']} {say(row['value'], unit)}" for row in rows)
    total = rounded_gap(sum(row["value"] for row in rows), unit)
    text = f"{scene.scope}：{listed}；合计 {say(total, unit)}。"
    return Outcome(text, Value(total, unit), tuple(row_json(scene, row) for row in rows))


def _larger_time(scene: Scene, base: Plan) -> Outcome:
    """Which of two periods has more."""
    reading = scene.reading
    rows = _periods(scene, base)
    if isinstance(rows, Outcome):
        return rows
    rows.sort(key=lambda row: row["value"], reverse=reading.descending)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows)
    word = "更多（更高）" if reading.descending else "更少（更低）"
    equal = rows[0]["value"] == rows[1]["value"]
    text = f"{scene.scope}：{'两者一样' if equal else rows[0]['name'] + word}：{listed}。"
    return Outcome(text, Value(rows[0]["value"], reading.unit), tuple(row_json(scene, row) for row in rows))
