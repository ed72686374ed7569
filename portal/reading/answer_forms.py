"""From the rows of a plan to the value and the sentence, for each form of answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from portal.reading.answer_words import (
    STATUS_REASONS,
    Value,
    as_yuan,
    formula_of,
    name_of,
    rounded,
    say,
)
from publishing.release.query import ReadableRelease, Result, run
from search.errors import PlanError
from search.parse import Code, Form, Reading
from search.plan import Plan
from search.timewords import describe
from search.vocabulary import Vocabulary

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Value and sentence, or a code with the reason; `plan` is what the rows come from when it is not the reading's."""

    text: str
    value: Value | None = None
    rows: tuple[Row, ...] = ()
    formula: str = ""
    code: Code | None = None
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What every form needs."""

    release: ReadableRelease
    vocabulary: Vocabulary
    reading: Reading
    names: Mapping[str, str] = field(default_factory=dict)

    def run(self, plan: Plan) -> Result:
        """Rows of a plan."""
        return run(self.release, plan)

    @property
    def scope(self) -> str:
        """The scope in words, as the beginning of a sentence."""
        return " ".join(self.reading.scope)

    def name(self, column: str, code: object) -> str:
        """What a code is called."""
        return name_of(self.vocabulary, column, code)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with its status; money in yuan."""

    number: float | int | None
    status: str


def make_outcome(release: ReadableRelease, vocabulary: Vocabulary, reading: Reading) -> Outcome:
    """Run a reading and say what came out."""
    scene = Scene(release, vocabulary, reading)
    try:
        made = _MAKERS[reading.form](scene)
    except PlanError as error:
        return Outcome(str(error), code=Code.NOT_UNDERSTOOD)
    return made if made.formula else replace(made, formula=formula_of(reading.column))


# ---------------------------------------------------------------- cells


def _cell(result: Result, row: Row, column: str) -> Cell:
    return Cell(_shown(row.get(column), result, column), row.get(f"{column}__status", "published"))


def _shown(value: Any, result: Result, column: str) -> float | int | None:
    if value is None:
        return None
    if result.units.get(column) == "元" and result.frame.schema.get(column) in (pl.Int64, pl.Float64):
        return as_yuan(round(value)) if not isinstance(value, int) else as_yuan(value)
    return value if isinstance(value, int) else rounded(value, 6)


def _single(scene: Scene, plan: Plan) -> Cell:
    result = scene.run(plan)
    rows = result.frame.to_dicts()
    return _cell(result, rows[0], plan.measures[0].column) if rows else Cell(None, "absent")


def _unavailable(scene: Scene, status: str, what: str = "") -> Outcome:
    """No number, and why. Absent is no zero: the combination has no published row."""
    subject = what or scene.scope
    code = Code.WITHHELD if status in ("withheld", "merged") else Code.NOT_IN_DATA
    return Outcome(
        f"{subject}：{STATUS_REASONS.get(status, '没有可以公布的数')}。", code=code, suggestions=_wider(scene)
    )


def _wider(scene: Scene) -> tuple[str, ...]:
    """The nearest question that can be answered: the same for the place above, or for the whole class."""
    reading, vocabulary = scene.reading, scene.vocabulary
    codes = [value for item in reading.plan.filters if item.column == "region_code" for value in item.values]
    if len(codes) != 1 or reading.period is None:
        return ()
    node = vocabulary.regions.nodes.get(codes[0])
    if node is None or node.parent is None or node.parent not in vocabulary.regions.nodes:
        return ()
    wider = vocabulary.regions.label(node.parent)
    parts = [part for part in reading.scope if part != node.name]
    return (f"{parts[0]}{wider}{''.join(parts[1:])}是多少？",) if parts else ()


# ---------------------------------------------------------------- one number


def _amount(scene: Scene) -> Outcome:
    reading = scene.reading
    cell, plan = _single(scene, reading.plan), reading.plan
    for attempt in reading.attempts:
        if cell.number is not None:
            break
        other = _single(scene, attempt)
        if other.number is not None:
            cell, plan = other, attempt
    if cell.number is None:
        return _unavailable(scene, cell.status)
    row = {"scope": scene.scope, reading.column: cell.number, "status": cell.status}
    return Outcome(
        f"{scene.scope}：{say(cell.number, reading.unit)}。",
        Value(cell.number, reading.unit),
        (row,),
        plan=plan,
    )


def _count(scene: Scene) -> Outcome:
    reading = scene.reading
    if reading.plan.group_by:
        return _count_groups(scene)
    number = _single(scene, reading.plan).number or 0
    return Outcome(
        f"{scene.scope}：{say(number, reading.unit)}。",
        Value(number, reading.unit),
        ({"scope": scene.scope, "count": number},),
    )


def _count_groups(scene: Scene) -> Outcome:
    table = _table_rows(scene, scene.reading.plan)
    number = len(table.rows)
    unit = _member_unit(scene)
    names = "、".join(row["name"] for row in table.rows[:10])
    tail = f"：{names}{'等' if number > 10 else ''}" if number else ""
    text = f"{scene.scope}：{number}{unit}{tail}。"
    return Outcome(text, Value(number, unit), table.rows, notes=_omitted_note(scene, table.omitted))


def _member_unit(scene: Scene) -> str:
    levels = {"region_code": "个", "supplier_id": "家", "contract_id": "份"}
    return levels.get(scene.reading.plan.group_by[0], "个")


def _exists(scene: Scene) -> Outcome:
    made = _count(scene)
    if made.value is None:
        return made
    found = bool(made.value.number)
    text = f"有。{made.text}" if found else f"没有。{scene.scope}：公开数据里一个也没有。"
    return replace(made, text=text)


# ---------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[Row, ...]
    omitted: int


def _table_rows(scene: Scene, plan: Plan) -> _Table:
    """Groups with names and numbers, in order; groups without a published number apart."""
    reading = scene.reading
    fold = reading.by if reading.by not in plan.group_by else ""
    result = scene.run(replace(plan, limit=None))
    rows = [_named_row(scene, result, row, plan) for row in result.frame.to_dicts()]
    if fold:
        rows = _folded(scene, rows, fold, descending=reading.descending)
    rows = [row for row in rows if row["code"] != "total"]
    shown = [row for row in rows if row["value"] is not None]
    omitted = sum(1 for row in rows if row["status"] in ("withheld", "merged"))
    return _Table(tuple(shown), omitted)


def _named_row(scene: Scene, result: Result, row: Row, plan: Plan) -> Row:
    column = plan.group_by[0]
    cell = _cell(result, row, scene.reading.column)
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
    missing = [row for row in found.values() if row["value"] is None]
    shown = [row for row in found.values() if row["value"] is not None]
    shown.sort(key=lambda row: (-row["value"] if descending else row["value"], row["code"]))
    return shown + missing


def _fold_target(scene: Scene, code: str, fold: str) -> tuple[str, str] | None:
    vocabulary = scene.vocabulary
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


def _omitted_note(scene: Scene, omitted: int) -> tuple[str, ...]:
    del scene
    return (f"另有{omitted}个依规不公开，不参加比较。",) if omitted else ()


def _row_json(scene: Scene, row: Row) -> Row:
    return {
        "code": row["code"],
        "name": row["name"],
        scene.reading.column: row["value"],
        "status": row["status"],
    }


def _table(scene: Scene) -> Outcome:
    reading = scene.reading
    table = _table_rows(scene, reading.plan)
    rows = table.rows[: reading.plan.limit] if reading.plan.limit else table.rows
    if not rows:
        return _unavailable(scene, "withheld" if table.omitted else "absent")
    if reading.attribute == "average":
        return _average(scene, table)
    if reading.attribute == "shares":
        return _shares(scene, table)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows[:10])
    more = f"……共{len(rows)}项" if len(rows) > 10 else ""
    text = f"{scene.scope}：{listed}{more}。"
    shown = tuple(_row_json(scene, row) for row in rows)
    return Outcome(
        text,
        Value(len(rows), "个"),
        shown,
        notes=_omitted_note(scene, table.omitted),
    )


def _average(scene: Scene, table: _Table) -> Outcome:
    if table.omitted:
        return _unavailable(scene, "withheld")
    reading = scene.reading
    mean = rounded(sum(row["value"] for row in table.rows) / len(table.rows))
    text = f"{scene.scope}：平均每个{say(mean, reading.unit)}（{len(table.rows)}个的平均）。"
    return Outcome(text, Value(mean, reading.unit), tuple(_row_json(scene, row) for row in table.rows))


def _shares(scene: Scene, table: _Table) -> Outcome:
    if table.omitted:
        return _unavailable(scene, "withheld")
    total = sum(row["value"] for row in table.rows)
    if not total:
        return _unavailable(scene, "not_applicable")
    rows = tuple(
        {**_row_json(scene, row), "share_pct": rounded(row["value"] * 100 / total)} for row in table.rows
    )
    listed = "；".join(f"{row['name']} {row['share_pct']:.2f}%" for row in rows[:10])
    return Outcome(
        f"{scene.scope}各自的占比：{listed}。",
        Value(len(rows), "项"),
        rows,
        formula="占比 = 部分 ÷ 合计 × 100%",
    )


def _top(scene: Scene) -> Outcome:
    reading = scene.reading
    table = _table_rows(scene, reading.plan)
    if not table.rows:
        return _unavailable(scene, "withheld" if table.omitted else "absent")
    limit = reading.plan.limit or 1
    chosen = _with_ties(table.rows, limit)
    word = "最多（最高）" if reading.descending else "最少（最低）"
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in chosen)
    text = f"{scene.scope}{word}的{'是' if limit == 1 else f'{len(chosen)}个是'}：{listed}。"
    rows = tuple(_row_json(scene, row) for row in chosen)
    return Outcome(
        text, Value(chosen[0]["value"], reading.unit), rows, notes=_omitted_note(scene, table.omitted)
    )


def _with_ties(rows: tuple[Row, ...], limit: int) -> tuple[Row, ...]:
    chosen = list(rows[:limit])
    chosen += [row for row in rows[limit:20] if row["value"] == chosen[-1]["value"]]
    return tuple(chosen)


def _rank(scene: Scene) -> Outcome:
    reading = scene.reading
    table = _table_rows(scene, reading.plan)
    subject = reading.subject
    own = next((row for row in table.rows if subject is not None and row["code"] == subject.code), None)
    if own is None:
        return _unavailable(
            scene, "withheld" if table.omitted else "absent", subject.label if subject else ""
        )
    better = [
        row
        for row in table.rows
        if (row["value"] > own["value"] if reading.descending else row["value"] < own["value"])
    ]
    place = len(better) + 1
    end = "" if reading.descending else "倒数"
    text = f"{own['name']}在{scene.scope}中排{end}第{place}位（共{len(table.rows)}个有公布的数），为{say(own['value'], reading.unit)}。"
    rows = tuple(_row_json(scene, row) for row in table.rows)
    return Outcome(text, Value(place, "位"), rows, notes=_omitted_note(scene, table.omitted))


# ---------------------------------------------------------------- several numbers


def _parts(scene: Scene) -> Outcome:
    reading = scene.reading
    result = scene.run(reading.plan)
    rows = [_named_row(scene, result, row, reading.plan) for row in result.frame.to_dicts()]
    missing = [row for row in rows if row["value"] is None]
    wanted = _wanted_parts(reading)
    if missing or len(rows) < wanted:
        return _unavailable(
            scene, missing[0]["status"] if missing else "absent", missing[0]["name"] if missing else ""
        )
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows)
    shown = tuple(_row_json(scene, row) for row in rows)
    if reading.unit in ("%", "元/人", "分"):
        whole = _single(scene, replace(reading.plan, group_by=()))
        tail = f"；合起来 {say(whole.number, reading.unit)}" if whole.number is not None else ""
        return Outcome(f"{scene.scope}：{listed}{tail}。", Value(whole.number, reading.unit), shown)
    total = _rounded_gap(sum(row["value"] for row in rows), reading.unit)
    return Outcome(
        f"{scene.scope}：{listed}；合计 {say(total, reading.unit)}。", Value(total, reading.unit), shown
    )


def _wanted_parts(reading: Reading) -> int:
    wanted = 1
    for column in reading.plan.group_by:
        values = [item.values for item in reading.plan.filters if item.column == column and not item.operator]
        wanted *= len(values[0]) if values else 1
    return wanted


def _larger(scene: Scene) -> Outcome:
    reading = scene.reading
    result = scene.run(reading.plan)
    rows = [_named_row(scene, result, row, reading.plan) for row in result.frame.to_dicts()]
    if any(row["value"] is None for row in rows) or len(rows) < 2:
        missing = next((row["status"] for row in rows if row["value"] is None), "absent")
        return _unavailable(scene, missing)
    listed = "；".join(f"{row['name']} {say(row['value'], reading.unit)}" for row in rows)
    word = "更多（更高）" if reading.descending else "更少（更低）"
    equal = rows[0]["value"] == rows[1]["value"]
    text = f"{scene.scope}：{'两者一样' if equal else f'''{rows[0]['name']}{word}'''}：{listed}。"
    return Outcome(text, Value(rows[0]["value"], reading.unit), tuple(_row_json(scene, row) for row in rows))


def _two(scene: Scene) -> tuple[Cell, Cell, str, str]:
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    first, second = _single(scene, reading.plan), _single(scene, base)
    if reading.base_period is not None and reading.period is not None:
        return first, second, describe(reading.period), describe(reading.base_period)
    column = reading.by
    return first, second, _filter_name(scene, reading.plan, column), _filter_name(scene, base, column)


def _filter_name(scene: Scene, plan: Plan, column: str) -> str:
    code = next((item.values[0] for item in plan.filters if item.column == column), "")
    return scene.name(column, code)


def _two_rows(scene: Scene, first: Cell, second: Cell, left: str, right: str) -> tuple[Row, ...]:
    column = scene.reading.column
    return (
        {"name": left, column: first.number, "status": first.status},
        {"name": right, column: second.number, "status": second.status},
    )


def _difference(scene: Scene) -> Outcome:
    """One minus another: two places, two classes, or two periods."""
    first, second, left, right = _two(scene)
    reading = scene.reading
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return _unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    gap = _rounded_gap(first.number - second.number, reading.unit)
    unit = "个百分点" if reading.unit == "%" else reading.unit
    word = "多" if gap > 0 else "少"
    shown = gap if reading.attribute == "signed" or reading.form is Form.CHANGE else abs(gap)
    percent = (
        f"（{'增长' if gap >= 0 else '下降'}{abs(rounded(gap * 100 / second.number)):.2f}%）"
        if second.number and reading.unit != "%" and reading.form is Form.CHANGE
        else ""
    )
    text = f"{scene.scope}：{left}比{right}{word}{say(abs(gap), unit)}{percent}；{left} {say(first.number, reading.unit)}，{right} {say(second.number, reading.unit)}。"
    if gap == 0:
        text = f"{scene.scope}：{left}和{right}一样，都是{say(first.number, reading.unit)}。"
    rows = _two_rows(scene, first, second, left, right)
    return Outcome(
        text, Value(shown, unit), rows, formula=f"差 = {left} − {right}；{formula_of(reading.column)}"
    )


def _rounded_gap(gap: float, unit: str) -> float | int:
    """Differences of floats carry noise in the last places; money has two, rates six at most."""
    rounded_gap = rounded(gap, 2 if unit == "元" else 6)
    return int(rounded_gap) if rounded_gap == int(rounded_gap) else rounded_gap


def _growth(scene: Scene) -> Outcome:
    first, second, left, right = _two(scene)
    reading = scene.reading
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return _unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    if second.number <= 0:
        return _unavailable(scene, "not_applicable", f"{right}为零或负数，算不出增长率")
    rate = rounded((first.number - second.number) * 100 / second.number)
    word = "增长" if rate >= 0 else "下降"
    text = f"{scene.scope}：{left}比{right}{word}{abs(rate):.2f}%；{left} {say(first.number, reading.unit)}，{right} {say(second.number, reading.unit)}。"
    return Outcome(
        text,
        Value(rate, "%"),
        _two_rows(scene, first, second, left, right),
        formula=f"同比 = ({left} − {right}) ÷ {right} × 100%",
    )


def _times(scene: Scene) -> Outcome:
    first, second, left, right = _two(scene)
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return _unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    if not second.number:
        return _unavailable(scene, "not_applicable", f"{right}为零，算不出倍数")
    ratio = rounded(first.number / second.number)
    text = f"{scene.scope}：{left}是{right}的{ratio:.2f}倍。"
    return Outcome(
        text,
        Value(ratio, "倍"),
        _two_rows(scene, first, second, left, right),
        formula=f"倍数 = {left} ÷ {right}",
    )


def _share(scene: Scene) -> Outcome:
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    part, whole = _single(scene, reading.plan), _single(scene, base)
    if part.number is None:
        return _unavailable(scene, part.status)
    if whole.number is None:
        return _unavailable(scene, whole.status, reading.base_scope)
    if not whole.number:
        return _unavailable(scene, "not_applicable", f"{reading.base_scope}为零")
    unit = scene.run(reading.plan).units.get(reading.plan.measures[0].column, "") or "个"
    rate = rounded(part.number * 100 / whole.number)
    text = f"{scene.scope}占{reading.base_scope}的{rate:.2f}%：{say(part.number, unit)} ÷ {say(whole.number, unit)}。"
    rows = (
        {"name": scene.scope, reading.column: part.number, "status": part.status},
        {"name": reading.base_scope, reading.column: whole.number, "status": whole.status},
    )
    return Outcome(
        text, Value(rate, "%"), rows, formula=f"占比 = {scene.scope} ÷ {reading.base_scope} × 100%"
    )


# ---------------------------------------------------------------- rows and attributes


def _list(scene: Scene) -> Outcome:
    reading = scene.reading
    result = scene.run(reading.plan)
    total = int(_single(scene, reading.base).number or 0) if reading.base is not None else result.total
    rows = tuple(_plain_row(row, result) for row in result.frame.to_dicts())
    names = "；".join(_row_name(row) for row in rows[:10])
    tail = "……" if total > 10 else ""
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
    from portal.reading.answer_projects import look_up  # noqa: PLC0415 - the two modules share the outcome type

    return look_up(scene)


def _definition(scene: Scene) -> Outcome:
    from portal.reading.answer_projects import define  # noqa: PLC0415 - the two modules share the outcome type

    return define(scene)


_MAKERS: dict[Form, Callable[[Scene], Outcome]] = {
    Form.AMOUNT: _amount,
    Form.PARTS: _parts,
    Form.TABLE: _table,
    Form.TOP: _top,
    Form.RANK: _rank,
    Form.LARGER: _larger,
    Form.DIFFERENCE: _difference,
    Form.CHANGE: _difference,
    Form.GROWTH: _growth,
    Form.TIMES: _times,
    Form.SHARE: _share,
    Form.COUNT: _count,
    Form.EXISTS: _exists,
    Form.LIST: _list,
    Form.LOOKUP: _lookup,
    Form.DEFINITION: _definition,
}
