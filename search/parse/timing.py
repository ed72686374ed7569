"""Which days a reading is about, checked against what the table covers; and the common shape of all readings."""

from __future__ import annotations

from dataclasses import replace

from search.parse import cubes, row_cubes
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    Scene,
    Span,
    check_covered,
    refuse,
    span_of,
)
from search.plan import TIME_COLUMNS, Filter, Operator, Period, Plan, end_of_month
from search.timewords import describe
from search.vocabulary import Kind


def timed(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, Span | None, tuple[str, ...]]:
    """The cube's plan with its period; tables without a time column take dates of projects, or none."""
    if cube.dataset in TIME_COLUMNS:
        if cube.dataset == "contracts" and not meaning.times:
            return cube.grouped(), None, ()
        if len(meaning.times) > 1 and "fiscal_year" in cube.by:
            return chosen_years(cube, meaning, scene)
        span = span_of(meaning, scene, cube.dataset)
        refuse_part_of_year(cube, span.period)
        return replace(cube.grouped(), period=span.period), span, (describe(span.period),)
    if not meaning.times:
        return cube.grouped(), None, ()
    if cube.dataset == "projects":
        return _project_dates(cube, meaning, scene)
    raise refuse(Code.NOT_IN_DATA, f"{cube.title}没有分年的数据，只有最新的一份；请去掉时间再问。")


def chosen_years(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, Span | None, tuple[str, ...]]:
    """Several single years, named one by one."""
    periods = [time.period for time in meaning.times if time.period is not None]
    if not all(period.is_whole_years and len(period.years) == 1 for period in periods):
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")
    for period in periods:
        check_covered(period, scene.vocabulary.covered[cube.dataset], scene)
    years = tuple(sorted({str(period.start.year) for period in periods}))
    return cube.grouped().where("fiscal_year", *years), None, ("、".join(f"{year}年" for year in years),)


def refuse_part_of_year(cube: Cube, period: Period) -> None:
    """Refuse days and months where the table has only years."""
    if TIME_COLUMNS[cube.dataset] == "fiscal_year" and not period.is_whole_years:
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}只有全年的数据，没有分月的；请按全年来问。")
    if TIME_COLUMNS[cube.dataset] == "month" and period.start.day != 1:
        raise refuse(Code.NOT_IN_DATA, "支出最细到月，没有某一天的数据。")
    if TIME_COLUMNS[cube.dataset] == "month" and period.end != end_of_month(
        period.end.year, period.end.month
    ):
        raise refuse(Code.NOT_IN_DATA, "支出最细到月，没有某一天的数据。")


_ROLE_WORDS = {"starts_on": "开工", "ended_on": "完工", "planned_end": "计划完工"}


def _project_dates(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, Span | None, tuple[str, ...]]:
    role = meaning.date_role
    if (
        not role
        and any(concept.code == "completed" for concept in meaning.of(Kind.STATUS))
        and not meaning.negated
    ):
        role = "ended_on"
    if not role:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "项目表是各年累计的，没有分年的数；请说明是哪一年开工还是完工的项目，或者去掉时间。",
            f"{_year_words(meaning)}开工的项目有多少个？",
            f"{_year_words(meaning)}完工的项目有多少个？",
        )
    period = Period(
        min(time.period.start for time in meaning.times if time.period),
        max(time.period.end for time in meaning.times if time.period),
    )
    if role != "planned_end":
        _check_known(period, scene)
    plan = cube.grouped()
    kept = tuple(item for item in plan.filters if not (role == "ended_on" and item.column == "status"))
    dates = (
        Filter(role, Operator.AT_LEAST, (period.start.isoformat(),)),
        Filter(role, Operator.AT_MOST, (period.end.isoformat(),)),
    )
    plan = replace(plan, filters=(*kept, *dates))
    return plan, None, (f"{describe(period)}{_ROLE_WORDS[role]}",)


def _check_known(period: Period, scene: Scene) -> None:
    """Projects that began or ended before the money is known are not all in the table, later ones not yet.

    Raises: NoRoute with period_not_covered.
    """
    covered = scene.vocabulary.covered.get("spending")
    if covered is not None:
        check_covered(period, covered, scene)


def _year_words(meaning: Meaning) -> str:
    period = next(time.period for time in meaning.times if time.period is not None)
    return describe(period)


def make_reading(
    form: Form, cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
    """The reading of a plan, with what to say about it."""
    notes = (*cube.notes, *meaning.notes, *((span.note,) if span is not None and span.note else ()))
    attempts = tuple(replace(attempt, period=plan.period) for attempt in cube.attempts)
    return Reading(
        form,
        plan,
        cube.column,
        (*times, *cube.scope, cube.title),
        attempts=attempts,
        unit=cube.unit,
        period=span.period if span else None,
        notes=notes,
    )


def late_note(period: Period, scene: Scene) -> tuple[str, ...]:
    """What to say of a period whose figures are not complete."""
    if period.start <= scene.as_of < period.end:
        day = scene.as_of
        return (f"{period.end.year}年截至{day.month}月{day.day}日。",)
    return ()


def same_cube(cube: Cube, meaning: Meaning, scene: Scene) -> Cube:
    """The cube of the same table and measure for another meaning: other places, or all of them."""
    indicator = meaning.one(Kind.INDICATOR)
    if cube.dataset == "outputs" and indicator is not None:
        return row_cubes.outputs_cube(meaning, scene, indicator)
    by_rows = {
        "regions": row_cubes.population_cube,
        "projects": row_cubes.projects_cube,
        "contracts": row_cubes.contracts_cube,
        "suppliers": row_cubes.suppliers_cube,
    }
    if cube.dataset in by_rows:
        return by_rows[cube.dataset](meaning, scene)
    measured = meaning if meaning.measure else replace(meaning, measure="paid")
    return cubes.spending_cube(measured, scene, months=cube.dataset == "spending_monthly")
