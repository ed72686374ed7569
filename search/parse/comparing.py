"""Two things against each other: two places, two classes, or two periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from search.parse import cubes
from search.parse.conditions import condition_words
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    Scene,
    Span,
    base_period,
    check_covered,
    limit_filters,
    preceding,
    ranked,
    refuse,
    same_part,
    span_of,
)
from search.parse.timing import make_reading, refuse_part_of_year, same_cube, timed
from search.plan import TIME_COLUMNS, Filter, Operator, Period, Plan, end_of_month
from search.timewords import describe


def is_pair(cube: Cube, meaning: Meaning) -> bool:
    """Whether two things are set against each other."""
    wanted = meaning.has("larger", "smaller", "times") or bool(meaning.change) or meaning.versus
    return wanted and any(len(codes) == 2 for _, codes in cube.several)


def pair(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Two things: which is larger, by how much, how many times."""
    column, codes = next((column, codes) for column, codes in cube.several if len(codes) == 2)
    if len(cube.several) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能比较两个对象。")
    plan, span, times = timed(cube, meaning, scene)
    if meaning.has("larger", "smaller") and not meaning.change and not meaning.has("times"):
        return _larger(cube, plan, column, span, times, meaning)
    first, second = (_only(plan, column, code) for code in codes)
    growth = meaning.change == "growth" and not meaning.has("times")
    if growth and meaning.over_time:
        raise refuse(Code.NOT_UNDERSTOOD, "两个对象的增长率目前不能直接相比；请分别问它们的同比，再比较。")
    form = (
        Form.TIMES
        if meaning.has("times")
        else Form.GROWTH
        if growth and cube.unit != "%"
        else Form.DIFFERENCE
    )
    reading = make_reading(form, cube, first, span, times, meaning)
    if not meaning.change and not meaning.has("times", "larger", "smaller"):
        return replace(
            make_reading(Form.PARTS, cube, replace(plan, group_by=(column,)), span, times, meaning), by=column
        )
    attribute = _sign(meaning)
    if form is Form.TIMES:
        refuse_fewer_times(meaning)
        attribute = "more" if meaning.more else ""
    if form is Form.GROWTH:
        attribute = "less" if meaning.less else ""
    return replace(reading, base=second, by=column, attribute=attribute, attempts=())


def refuse_fewer_times(meaning: Meaning) -> None:
    """少几倍 has no one meaning.

    Raises: NoRoute when that was asked.
    """
    if meaning.less:
        raise refuse(
            Code.NOT_UNDERSTOOD, "减少不用倍数来说；请问减少了百分之几，或者问一个数是另一个数的几倍。"
        )


def _sign(meaning: Meaning) -> str:
    """Whether the difference has a sign: A比B多多少 may be negative, A和B相差多少 may not."""
    return ("less" if meaning.less else "signed") if meaning.versus else ""


def _larger(
    cube: Cube, plan: Plan, column: str, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
    descending = not meaning.has("smaller")
    reading = make_reading(
        Form.LARGER,
        cube,
        ranked(replace(plan, group_by=(column,)), cube.column, descending=descending, limit=None),
        span,
        times,
        meaning,
    )
    return replace(reading, by=column, descending=descending)


def later_or_earlier(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """一季度和二季度哪个多: which of two periods has more."""
    if cube.by or cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能比较两个时间。")
    first, second = (time.period for time in meaning.times if time.period is not None)
    for period in (first, second):
        check_covered(period, scene.vocabulary.covered[cube.dataset], scene)
        refuse_part_of_year(cube, period)
    plan = replace(cube.plan, period=first)
    reading = make_reading(
        Form.LARGER, cube, plan, None, (f"{describe(first)}和{describe(second)}",), meaning
    )
    return replace(
        reading,
        base=replace(cube.plan, period=second),
        period=first,
        base_period=second,
        descending=not meaning.has("smaller"),
        attempts=(),
    )


def is_two_times(cube: Cube, meaning: Meaning) -> bool:
    """Whether two periods are weighed against each other, and nothing else is."""
    asked = meaning.has("larger", "smaller") and not meaning.change and not meaning.versus
    periods = [time.period for time in meaning.times if time.period is not None]
    if len(periods) != 2 or all(period.is_whole_years for period in periods):
        return False  # years are columns of one table
    return (
        asked
        and len(meaning.times) == 2
        and cube.dataset in TIME_COLUMNS
        and not cube.by
        and not cube.several
    )


def _only(plan: Plan, column: str, code: str) -> Plan:
    kept = tuple(item for item in plan.filters if item.column != column)
    return replace(plan, filters=(*kept, Filter(column, Operator.EQUALS, (code,))))


def two_measures(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Two amounts of the same scope: paid against the budget, the adjusted budget against the approved one."""
    plan, span, times = timed(cube, meaning, scene)
    if cube.by or cube.several or meaning.has("perhead"):
        raise refuse(Code.NOT_UNDERSTOOD, "两个数的比较一次只能问一个地区、一个科目。")
    other = same_cube(cube, replace(meaning, measure=meaning.second_measure), scene)
    growth = meaning.change == "growth" and cube.unit != "%"
    form = Form.TIMES if meaning.has("times") else Form.GROWTH if growth else Form.DIFFERENCE
    reading = make_reading(form, cube, plan, span, times, meaning)
    return replace(
        reading,
        scope=reading.scope[:-1],
        base=replace(other.plan, period=plan.period),
        by="measure",
        attribute=_sign(meaning),
        attempts=(),
    )


def is_change(cube: Cube, meaning: Meaning) -> bool:
    """Whether two periods are set against each other."""
    if not (
        meaning.change
        or meaning.baseline is not None
        or (meaning.versus and len(meaning.times) > 1)
        or (meaning.has("times") and len(meaning.times) > 1)
        or (meaning.has("times") and _is_span(meaning, 2))
        or (meaning.versus and _is_span(meaning, 2, most=2))
    ):
        return False
    return cube.dataset in TIME_COLUMNS


def _is_span(meaning: Meaning, least: int, *, most: int = 100) -> bool:
    """Whether one time of several whole years was named, whose last is weighed against its first: 2021年到2024年翻了几倍."""
    spans = [time.period for time in meaning.times if time.period is not None]
    return len(spans) == 1 and spans[0].is_whole_years and least <= len(spans[0].years) <= most


def change_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Compare a period with an earlier one."""
    if cube.dataset not in TIME_COLUMNS:  # the share of something that is counted as it is now
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}没有分年的数据，不能比较两个时间。")
    spans = [time.period for time in meaning.times if time.period is not None]
    two = meaning.baseline is not None or len(spans) > 1 or (spans and len(spans[0].years) > 1)
    if meaning.joined and not two:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要比较哪两个数；请写明两个地区、两个科目或者两个时间。")
    if any(column in ("fiscal_year", "month") for column in cube.by) or len(cube.by) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要对什么分别计算变化；请一次问一种地区、科目或单位。")
    if cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个对象的变化。")
    now, then = _two_periods(cube, meaning, scene)
    if now == then:
        raise refuse(Code.NOT_UNDERSTOOD, "要比较的两个时间是同一个；请写明另一个时间。")
    note: tuple[str, ...] = ()
    if now.start <= scene.as_of < now.end:
        cube, now, then, note = _running(cube, meaning, scene, now, then)
    covered = scene.vocabulary.covered[cube.dataset]
    check_covered(now, covered, scene)
    check_covered(then, covered, scene)
    refuse_part_of_year(cube, now)
    refuse_part_of_year(cube, then)
    growth = meaning.change == "growth"
    form = Form.TIMES if meaning.has("times") else Form.GROWTH if growth and cube.unit != "%" else Form.CHANGE
    if meaning.has("larger", "smaller") and not meaning.change:
        form = Form.CHANGE
    grown = form is Form.TIMES and meaning.more  # 增长了几倍 is one less than 是几倍
    if form is Form.TIMES:
        refuse_fewer_times(meaning)
    if cube.by:
        return _changes(cube, meaning, now, then, note)
    reading = make_reading(form, cube, replace(cube.plan, period=now), None, (describe(now),), meaning)
    return replace(
        reading,
        attribute="less" if meaning.less else "more" if grown else "",
        base=replace(cube.plan, period=then),
        period=now,
        base_period=then,
        notes=(*reading.notes, *note),
        attempts=(),
    )


def _changes(cube: Cube, meaning: Meaning, now: Period, then: Period, note: tuple[str, ...]) -> Reading:
    """The change of each member, or of those that changed most."""
    limit = (meaning.top or 1) if meaning.extreme else None
    growth = cube.unit != "%" and (
        meaning.change == "growth" or any(item.percent for _, item in meaning.conditions)
    )
    having, words = _on_change(cube, meaning, growth=growth)
    plan = replace(cube.grouped(), period=now, limit=limit, having=having)
    cube = replace(cube, scope=(*cube.scope, *words))
    reading = make_reading(Form.CHANGES, cube, plan, None, (describe(now),), meaning)
    return replace(
        reading,
        base=replace(cube.grouped(), period=then),
        by=cube.fold or cube.by[0],
        attribute="growth" if growth else "difference",
        descending=(meaning.extreme != "least") != meaning.less,
        skip=meaning.skip,
        period=now,
        base_period=then,
        notes=(*reading.notes, *note),
        attempts=(),
    )


def _on_change(cube: Cube, meaning: Meaning, *, growth: bool) -> tuple[tuple[Filter, ...], tuple[str, ...]]:
    """Conditions on the change itself: 下降的市, 增长超过5%的市; a fall is a negative change.

    Raises: NoRoute when the number does not fit.
    """
    down = meaning.less and not meaning.more
    if not meaning.conditions:
        if meaning.extreme or not meaning.picked or meaning.less == meaning.more:
            return (), ()
        operator = Operator.BELOW if down else Operator.ABOVE
        return (Filter(cube.column, operator, ("0",)),), ("下降的" if down else "增长的",)
    found: list[Filter] = []
    for name, condition in meaning.conditions:
        if name not in ("", cube.column) or condition.average or condition.percent != growth:
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个比较要用在什么上。")
        if cube.unit == "元" and not growth and not condition.money:
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个数的单位，请写明，例如“超过1000万元”。")
        limits = limit_filters(cube.column, condition, percent_measure=growth)
        found += [_fallen(item) for item in limits] if down else limits
        if down and condition.operator in (Operator.BELOW, Operator.AT_MOST):
            found.append(Filter(cube.column, Operator.BELOW, ("0",)))  # 降幅低于5%: it did fall
    words = [
        condition_words("", item, replace(cube, title="下降" if down else "增长", unit=""))
        for _, item in meaning.conditions
    ]
    return tuple(found), tuple(words)


_MIRRORED = {
    Operator.ABOVE: Operator.BELOW,
    Operator.BELOW: Operator.ABOVE,
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.AT_MOST: Operator.AT_LEAST,
}


def _fallen(item: Filter) -> Filter:
    """A condition on a fall as one on the change: a fall of more than 5 is a change below -5."""
    return Filter(item.column, _MIRRORED[item.operator], tuple(f"-{value}" for value in item.values))


def _two_periods(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Period, Period]:
    periods = [time.period for time in meaning.times if time.period is not None]
    if meaning.baseline is None and len(periods) == 2:
        return (periods[1], periods[0]) if periods[0].start < periods[1].start else (periods[0], periods[1])
    if len(periods) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能比较两个时间。")
    if meaning.baseline is None and periods and periods[0].is_whole_years and len(periods[0].years) > 1:
        years = periods[0].years
        from search.timewords import year_period  # noqa: PLC0415 - kept beside its only use

        return year_period(years[-1]), year_period(years[0])
    now = periods[0] if periods else span_of(replace(meaning, times=()), scene, cube.dataset).period
    if meaning.preceding or (meaning.baseline is not None and meaning.baseline.preceding):
        return now, preceding(now)
    return now, base_period(now, meaning.baseline)


def _running(
    cube: Cube, meaning: Meaning, scene: Scene, now: Period, then: Period
) -> tuple[Cube, Period, Period, tuple[str, ...]]:
    """A year that is not over is compared with the same months of the other one, where there are months."""
    if cube.dataset == "outputs" or TIME_COLUMNS[cube.dataset] not in ("fiscal_year", "month"):
        return (
            cube,
            now,
            then,
            (f"{describe(now)}尚未结束，截至{scene.as_of.year}年{scene.as_of.month}月{scene.as_of.day}日。",),
        )
    if cube.column == "approved" and cube.dataset != "spending_monthly":
        return cube, now, then, ()  # approved before the year began, so all of it is known
    part = same_part(now, scene)
    earlier = Period(then.start, _end_like(part, then))
    note = (f"{describe(now)}还没有结束，按同期（{part.start.month}月至{part.end.month}月）比较。",)
    if TIME_COLUMNS[cube.dataset] == "fiscal_year":
        if cube.column not in ("paid", "paid_per_head") or cube.dataset != "spending":
            raise refuse(
                Code.NOT_IN_DATA,
                f"{now.start.year}年还没有结束，{cube.title}没有分月数据，不能和往年同期比较。",
            )
        measured = meaning if meaning.measure else replace(meaning, measure="paid")
        cube = cubes.spending_cube(measured, scene, months=True)
    return cube, part, earlier, note


def _end_like(part: Period, then: Period) -> date:
    return end_of_month(then.start.year + part.end.year - part.start.year, part.end.month)


def larger_of_several(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Which of three or more has the most."""
    plan, span, times = timed(cube, meaning, scene)
    return _larger(cube, plan, cube.several[0][0], span, times, meaning)
