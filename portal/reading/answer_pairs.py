"""Answers made of two numbers: differences, growth, multiples, shares."""

from __future__ import annotations

from portal.reading.answer_cells import Cell, Outcome, Row, Scene, rounded_gap, single, unavailable
from portal.reading.answer_words import Value, formula_of, rounded, say, whole_in_words
from search.parse import Form
from search.parse.measures import measure_title
from search.plan import Plan
from search.timewords import describe


def _two(scene: Scene) -> tuple[Cell, Cell, str, str]:
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    first, second = single(scene, reading.plan), single(scene, base)
    if reading.base_period is not None and reading.period is not None:
        return first, second, describe(reading.period), describe(reading.base_period)
    column = reading.by
    return first, second, _filter_name(scene, reading.plan, column), _filter_name(scene, base, column)


def _filter_name(scene: Scene, plan: Plan, column: str) -> str:
    if column == "measure":
        return {"paid": "支出"}.get(plan.measures[0].name, measure_title(plan.measures[0].name))
    code = next((item.values[0] for item in plan.filters if item.column == column), "")
    return scene.name(column, code)


def _two_rows(scene: Scene, first: Cell, second: Cell, left: str, right: str) -> tuple[Row, ...]:
    column = scene.reading.column
    return (
        {"name": left, column: first.number, "status": first.status},
        {"name": right, column: second.number, "status": second.status},
    )


def tell_difference(scene: Scene) -> Outcome:
    """One minus another: two places, two classes, or two periods."""
    first, second, left, right = _two(scene)
    reading = scene.reading
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    gap = rounded_gap(first.number - second.number, reading.unit)
    unit = "个百分点" if reading.unit == "%" else reading.unit
    word = "多" if gap > 0 else "少"
    signed = -gap if reading.attribute == "less" else gap
    shown = signed if reading.attribute or reading.form is Form.CHANGE else abs(gap)
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


def tell_growth(scene: Scene) -> Outcome:
    """One period against an earlier one, in percent."""
    first, second, left, right = _two(scene)
    reading = scene.reading
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    if second.number <= 0:
        return unavailable(scene, "not_applicable", f"{right}为零或负数，算不出增长率")
    rate = rounded((first.number - second.number) * 100 / second.number) + 0.0  # no negative zero
    over_time = reading.base_period is not None
    word = ("增长" if rate >= 0 else "下降") if over_time else ("多" if rate >= 0 else "少")
    text = f"{scene.scope}：{left}比{right}{word}{abs(rate):.2f}%；{left} {say(first.number, reading.unit)}，{right} {say(second.number, reading.unit)}。"
    shown = -rate if reading.attribute == "less" else rate
    return Outcome(
        text,
        Value(shown, "%"),
        _two_rows(scene, first, second, left, right),
        formula=f"{'同比' if over_time else '相差'} = ({left} − {right}) ÷ {right} × 100%",
    )


def tell_rest(scene: Scene) -> Outcome:
    """Everything but what was excluded: the whole minus its parts, all of them published."""
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    whole, part = single(scene, reading.plan), single(scene, base)
    if whole.number is None:
        return unavailable(scene, whole.status)
    if part.number is None and part.status == "absent" and reading.attribute == "own":
        part = Cell(0, "published")
    if part.number is None:
        return unavailable(scene, part.status, reading.base_scope)
    rest = rounded_gap(whole.number - part.number, reading.unit)
    text = f"{scene.scope}：{say(rest, reading.unit)}；全部 {say(whole.number, reading.unit)}，减去{reading.base_scope} {say(part.number, reading.unit)}。"
    rows = _two_rows(scene, whole, part, "全部", reading.base_scope)
    return Outcome(text, Value(rest, reading.unit), rows, formula=f"全部 − {reading.base_scope}")


def tell_per_period(scene: Scene) -> Outcome:
    """The mean of a year, quarter or month over a period of whole ones."""
    reading = scene.reading
    unit, _, count = reading.attribute.partition(":")
    cell = single(scene, reading.plan)
    if cell.number is None:
        return unavailable(scene, cell.status)
    mean = rounded(cell.number / int(count))
    text = f"{scene.scope}：平均每{unit}{say(mean, reading.unit)}（{count}{unit}合计 {say(cell.number, reading.unit)}）。"
    row = {"name": scene.scope, reading.column: cell.number, "status": cell.status}
    return Outcome(text, Value(mean, reading.unit), (row,), formula=f"平均 = 合计 ÷ {count}")


def tell_times(scene: Scene) -> Outcome:
    """One number divided by another."""
    first, second, left, right = _two(scene)
    if first.number is None or second.number is None:
        missing, what = (first, left) if first.number is None else (second, right)
        return unavailable(scene, missing.status, f"{scene.scope}（{what}）")
    if not second.number:
        return unavailable(scene, "not_applicable", f"{right}为零，算不出倍数")
    ratio = rounded(first.number / second.number)
    text = f"{scene.scope}：{left}是{right}的{ratio:.2f}倍。"
    if scene.reading.attribute == "more":
        ratio = rounded((first.number - second.number) / second.number)
        text = f"{scene.scope}：{left}比{right}增长{ratio:.2f}倍（是它的{ratio + 1:.2f}倍）。"
    return Outcome(
        text,
        Value(ratio, "倍"),
        _two_rows(scene, first, second, left, right),
        formula=f"倍数 = {left} ÷ {right}",
    )


def tell_share(scene: Scene) -> Outcome:
    """A part divided by its whole, in percent."""
    reading = scene.reading
    base = reading.base if reading.base is not None else reading.plan
    part, whole = single(scene, reading.plan), single(scene, base)
    if part.number is None:
        return unavailable(scene, part.status)
    if whole.number is None:
        return unavailable(scene, whole.status, reading.base_scope)
    if not whole.number:
        return unavailable(scene, "not_applicable", f"{reading.base_scope}为零")
    unit = scene.run(reading.plan).units.get(reading.plan.measures[0].column, "") or "个"
    rate = rounded(part.number * 100 / whole.number)
    text = f"{scene.scope}占{whole_in_words(reading)}的{rate:.2f}%：{say(part.number, unit)} ÷ {say(whole.number, unit)}。"
    rows = (
        {"name": scene.scope, reading.column: part.number, "status": part.status},
        {"name": reading.base_scope, reading.column: whole.number, "status": whole.status},
    )
    return Outcome(
        text, Value(rate, "%"), rows, formula=f"占比 = {scene.scope} ÷ {reading.base_scope} × 100%"
    )
