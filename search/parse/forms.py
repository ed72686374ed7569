"""The form of an answer: a number, parts, a table, the top, a rank, a share, a change, a count, a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from search.parse import cubes
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    TOTAL,
    Scene,
    Span,
    base_period,
    check_covered,
    is_whole,
    limit_filters,
    members,
    place_names,
    ranked,
    refuse,
    region_scope,
    same_part,
    span_of,
)
from search.plan import TIME_COLUMNS, Filter, Measure, Operator, Period, Plan, Statistic
from search.timewords import describe
from search.vocabulary import Concept, Kind

_ROW_KEYS = {"projects": "project_id", "contracts": "contract_id", "suppliers": "supplier_id"}
_PERCENT = frozenset({"execution_rate", "progress", "completion"})
_MOST_LISTED = 100


def shape(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Choose the form and make the reading.

    Raises: NoRoute when the form does not fit the data.
    """
    if cube.by and cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能对一个维度逐个列出；请先去掉一个并列的条件。")
    make = next((make for wanted, make in _FORMS if wanted(cube, meaning)), _amount)
    reading = make(cube, meaning, scene)
    _refuse_unused(reading, meaning)
    return reading


_ALWAYS_USED = frozenset({"howmuch", "money", "which", "signed", "who"})
_USED: dict[Form, frozenset[str]] = {
    Form.AMOUNT: frozenset({"howmany", "perhead", "average", "exists"}),
    Form.COUNT: frozenset({"howmany", "list"}),
    Form.EXISTS: frozenset({"exists", "howmany", "list"}),
    Form.LIST: frozenset({"list"}),
    Form.PARTS: frozenset({"perhead", "howmany", "list", "larger", "smaller"}),
    Form.TABLE: frozenset({"perhead", "rank", "list", "trend", "share", "average", "howmany"}),
    Form.TOP: frozenset({"perhead", "rank", "list", "larger", "smaller", "trend"}),
    Form.RANK: frozenset({"perhead", "rank", "howmany"}),
    Form.LARGER: frozenset({"perhead", "larger", "smaller"}),
    Form.DIFFERENCE: frozenset({"perhead", "larger", "smaller", "times"}),
    Form.TIMES: frozenset({"perhead", "times"}),
    Form.CHANGE: frozenset({"perhead", "larger", "smaller", "trend"}),
    Form.GROWTH: frozenset({"perhead", "trend", "share"}),
    Form.SHARE: frozenset({"share", "howmany"}),
}
_USES_EXTREME = (Form.TOP, Form.RANK, Form.TABLE)
_USES_CHANGE = (Form.CHANGE, Form.GROWTH, Form.DIFFERENCE, Form.TIMES)


def _refuse_unused(reading: Reading, meaning: Meaning) -> None:
    """What was asked must have been used: nothing that was said may be dropped on the way.

    Raises: NoRoute naming what has no place.
    """
    unused = meaning.asks - _ALWAYS_USED - _USED.get(reading.form, frozenset())
    if unused:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问题里的几个要求怎样放在一起；请一次只问一件事。")
    if meaning.extreme and reading.form not in _USES_EXTREME and not reading.plan.order:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂“最多”“最少”要用在什么上；请说明是各市、各县、各部门还是各项目。")
    if meaning.change and reading.form not in _USES_CHANGE:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和什么比较；请说明是哪两个时间，或者哪两个对象。")
    if meaning.versus and reading.form not in (*_USES_CHANGE, Form.LARGER, Form.PARTS):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和什么比较；请说明是哪两个时间，或者哪两个对象。")
    if meaning.baseline is not None and reading.form not in _USES_CHANGE:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要和哪个时间比较。")
    if meaning.conditions and not (reading.plan.having or _has_conditions(reading, meaning)):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个比较要用在什么上。")
    several_years = any(item.column == "fiscal_year" for item in reading.plan.filters)
    if len(meaning.times) > 1 and not several_years and reading.form in (Form.AMOUNT, Form.COUNT, Form.EXISTS, Form.LIST, Form.TOP, Form.RANK, Form.SHARE, Form.TABLE):
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")


def _has_conditions(reading: Reading, meaning: Meaning) -> bool:
    compared = [item for item in reading.plan.filters if item.operator in (Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)]
    return len(compared) >= len(meaning.conditions)


# ---------------------------------------------------------------- periods


def _timed(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, Span | None, tuple[str, ...]]:
    """The cube's plan with its period; tables without a time column take dates of projects, or none."""
    if cube.dataset in TIME_COLUMNS:
        if cube.dataset == "contracts" and not meaning.times:
            return cube.grouped(), None, ()
        if len(meaning.times) > 1 and "fiscal_year" in cube.by:
            return _chosen_years(cube, meaning, scene)
        span = span_of(meaning, scene, cube.dataset)
        _refuse_part_of_year(cube, span.period, scene)
        return replace(cube.grouped(), period=span.period), span, (describe(span.period),)
    if not meaning.times:
        return cube.grouped(), None, ()
    if cube.dataset == "projects":
        return _project_dates(cube, meaning, scene)
    raise refuse(Code.NOT_IN_DATA, f"{cube.title}没有分年的数据，只有最新的一份；请去掉时间再问。")


def _chosen_years(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, Span | None, tuple[str, ...]]:
    """Several single years, named one by one."""
    periods = [time.period for time in meaning.times if time.period is not None]
    if not all(period.is_whole_years and len(period.years) == 1 for period in periods):
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")
    for period in periods:
        check_covered(period, scene.vocabulary.covered[cube.dataset], scene)
    years = tuple(sorted({str(period.start.year) for period in periods}))
    return cube.grouped().where("fiscal_year", *years), None, ("、".join(f"{year}年" for year in years),)


def _refuse_part_of_year(cube: Cube, period: Period, scene: Scene) -> None:
    if TIME_COLUMNS[cube.dataset] == "fiscal_year" and not period.is_whole_years:
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}只有全年的数据，没有分月的；请按全年来问。")
    if TIME_COLUMNS[cube.dataset] == "month" and period.start.day != 1:
        raise refuse(Code.NOT_IN_DATA, "支出最细到月，没有某一天的数据。")
    if TIME_COLUMNS[cube.dataset] == "month" and period.end != same_end(period):
        raise refuse(Code.NOT_IN_DATA, "支出最细到月，没有某一天的数据。")
    del scene


def same_end(period: Period) -> object:
    """End of the month in which a period ends."""
    from search.plan import end_of_month  # noqa: PLC0415 - kept beside its only use

    return end_of_month(period.end.year, period.end.month)


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
    plan = cube.grouped()
    kept = tuple(item for item in plan.filters if not (role == "ended_on" and item.column == "status"))
    dates = (
        Filter(role, Operator.AT_LEAST, (period.start.isoformat(),)),
        Filter(role, Operator.AT_MOST, (period.end.isoformat(),)),
    )
    plan = replace(plan, filters=(*kept, *dates))
    return plan, None, (f"{describe(period)}{_ROLE_WORDS[role]}",)


def _year_words(meaning: Meaning) -> str:
    period = next(time.period for time in meaning.times if time.period is not None)
    return describe(period)


def _reading(
    form: Form, cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
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


# ---------------------------------------------------------------- one number


def _amount(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if meaning.conditions:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个比较要用在什么上：请说明是哪些市、县、项目还是合同。")
    if meaning.extreme:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要在哪些对象里找最多或最少的：请说明是各市、各县、各部门还是各项目。",
        )
    if meaning.top is not None:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要列出什么的前几名。")
    plan, span, times = _timed(cube, meaning, scene)
    if cube.by:
        return _table(cube, meaning, scene)
    if meaning.has("list", "which") and cube.dataset in _ROW_KEYS:
        return _list(cube, meaning, scene)
    if meaning.has("exists"):
        return _exists(cube, meaning, scene)
    if cube.column == "rows":
        return _reading(Form.COUNT, cube, plan, span, times, meaning)
    if cube.several:
        return _parts(cube, meaning, scene)
    if len(meaning.times) > 1 and cube.dataset in TIME_COLUMNS:
        return _parts_by_time(cube, meaning, scene)
    return _reading(Form.AMOUNT, cube, plan, span, times, meaning)


def _parts(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    columns = tuple(column for column, _ in cube.several)
    return replace(
        _reading(Form.PARTS, cube, replace(plan, group_by=columns), span, times, meaning), by=columns[0]
    )


def _parts_by_time(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if TIME_COLUMNS[cube.dataset] != "fiscal_year":
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个时间；可以分开来问，或者问两个时间相比变化多少。")
    cube = replace(cube, by=("fiscal_year",))
    plan, span, times = _chosen_years(cube, meaning, scene)
    reading = _reading(Form.PARTS, cube, plan, span, times, meaning)
    late = max((time.period for time in meaning.times if time.period is not None), key=lambda period: period.end)
    return replace(reading, by="fiscal_year", notes=(*reading.notes, *_late_note(late, scene)))


def _late_note(period: Period, scene: Scene) -> tuple[str, ...]:
    if period.start <= scene.as_of < period.end:
        day = scene.as_of
        return (f"{period.end.year}年截至{day.month}月{day.day}日。",)
    return ()


# ---------------------------------------------------------------- tables, extremes, ranks


def _table(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    reading = _reading(Form.TABLE, cube, plan, span, times, meaning)
    reading = replace(reading, by=cube.fold or cube.by[0])
    if meaning.has("rank") or not _is_time(cube.by[0]):
        return replace(reading, plan=ranked(plan, cube.column, descending=True, limit=None))
    return replace(reading, plan=ranked(plan, cube.by[0], descending=False, limit=None))


def _is_time(column: str) -> bool:
    return column in ("fiscal_year", "month")


def _by_time(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Cube, Meaning]:
    """Group by year or month, over the period named, else over all years (months: this year)."""
    monthly = "month" in meaning.splits
    column = TIME_COLUMNS.get(cube.dataset)
    if (
        "quarter" in meaning.splits
        or column not in ("fiscal_year", "month")
        or (monthly and column != "month")
    ):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}没有这样的分期数据；可以按年来问。")
    if not meaning.times and not monthly:
        covered = scene.vocabulary.covered[cube.dataset]
        from search.timewords import TimeMatch  # noqa: PLC0415 - kept beside its only use

        meaning = replace(
            meaning,
            times=(
                TimeMatch(
                    0, 0, Period(covered.start.replace(month=1, day=1), covered.end.replace(month=12, day=31))
                ),
            ),
        )
    return replace(cube, by=(*cube.by, column)), meaning


def _trend(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    cube, meaning = _by_time(cube, meaning, scene)
    if meaning.extreme or meaning.has("larger", "smaller"):
        return _top(cube, meaning, scene)
    return _table(cube, meaning, scene)


def _top(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if not cube.by:
        cube = _by_row(cube)
    plan, span, times = _timed(cube, meaning, scene)
    plan = _with_conditions(cube, plan, meaning)
    descending = meaning.extreme != "least" and not meaning.has("smaller")
    limit = meaning.top or 1
    form = Form.TOP
    reading = _reading(
        form, cube, ranked(plan, cube.column, descending=descending, limit=limit), span, times, meaning
    )
    return replace(reading, by=cube.fold or cube.by[0], descending=descending)


def _by_row(cube: Cube) -> Cube:
    key = _ROW_KEYS.get(cube.dataset)
    if cube.several and len(cube.several) == 1:
        return replace(cube, by=(cube.several[0][0],))
    if key is None or cube.column == "rows":
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要在哪些对象里找最多或最少的：请说明是各市、各县、各部门还是各项目。",
        )
    return replace(cube, by=(key,))


def _rank(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The place of one city among the cities, or of one county among the counties."""
    subject = _rank_subject(meaning, scene)
    among = meaning.among
    tree = scene.vocabulary.regions
    level = tree.nodes[subject.code].level
    rest = replace(
        meaning,
        things=tuple(item for item in meaning.things if item.kind is not Kind.REGION)
        + ((among,) if among else ()),
        level=level,
    )
    if cube.dataset not in ("spending", "spending_monthly", "outputs", "regions"):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}不能按地区排名。")
    wide = _same_cube(cube, rest, scene)
    plan, span, times = _timed(wide, meaning, scene)
    descending = meaning.extreme != "least"
    reading = _reading(
        Form.RANK, wide, ranked(plan, wide.column, descending=descending, limit=None), span, times, meaning
    )
    return replace(reading, subject=subject, by=wide.by[0], descending=descending)


def _rank_subject(meaning: Meaning, scene: Scene) -> Concept:
    places = [concept for concept in meaning.of(Kind.REGION) if concept.code != scene.vocabulary.root]
    if len(places) != 1:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要给谁排名：一次问一个市或县的名次。")
    return places[0]


def _same_cube(cube: Cube, meaning: Meaning, scene: Scene) -> Cube:
    if cube.dataset == "regions":
        return cubes.population_cube(meaning, scene)
    indicator = meaning.one(Kind.INDICATOR)
    if indicator is not None:
        return cubes.outputs_cube(meaning, scene, indicator)
    measured = meaning if meaning.measure else replace(meaning, measure="paid")
    return cubes.spending_cube(measured, scene, months=cube.dataset == "spending_monthly")


# ---------------------------------------------------------------- conditions, counts, lists


def _with_conditions(cube: Cube, plan: Plan, meaning: Meaning) -> Plan:
    """Conditions on the groups where there are groups, on the rows where there are not."""
    for measure, condition in meaning.conditions:
        name = _condition_measure(cube, measure, percent=condition.percent)
        filters = limit_filters(name, condition, percent_measure=name in _PERCENT)
        if cube.by and cube.by[0] not in _ROW_KEYS.values():
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


def _conditional(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Which (or how many) places, projects, contracts … meet a condition."""
    if cube.by and cube.by[0] not in _ROW_KEYS.values():
        return _conditional_groups(cube, meaning, scene)
    if cube.dataset not in _ROW_KEYS:
        return _amount(cube, meaning, scene)
    plan, span, times = _timed(replace(cube, by=()), meaning, scene)
    plan = _with_conditions(replace(cube, by=()), plan, meaning)
    words = tuple(condition_words(name, condition, cube) for name, condition in meaning.conditions)
    cube = replace(cube, scope=(*cube.scope, *words))
    if meaning.extreme:
        return _top(cube, meaning, scene)
    if meaning.has("exists"):
        return _counted(Form.EXISTS, cube, plan, span, times, meaning)
    if (
        meaning.has("howmany")
        or cube.column == "rows"
        and not meaning.has("list", "which")
        and not _asks_rows(meaning)
    ):
        return _counted(Form.COUNT, cube, plan, span, times, meaning)
    if meaning.has("list", "which") or _asks_rows(meaning):
        return _listed(cube, plan, span, times, meaning)
    return _reading(Form.AMOUNT, cube, plan, span, times, meaning)


def _asks_rows(meaning: Meaning) -> bool:
    return bool({"project", "contract", "supplier"} & set(meaning.splits))


def _conditional_groups(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    plan = _with_conditions(cube, plan, meaning)
    words = tuple(condition_words(name, condition, cube) for name, condition in meaning.conditions)
    cube = replace(cube, scope=(*cube.scope, *words))
    form = (
        Form.EXISTS
        if meaning.has("exists")
        else Form.COUNT
        if meaning.has("howmany") and not meaning.has("which", "list")
        else Form.TABLE
    )
    descending = meaning.extreme != "least"
    reading = _reading(
        form, cube, ranked(plan, cube.column, descending=descending, limit=meaning.top), span, times, meaning
    )
    if meaning.extreme and form is Form.TABLE:
        reading = replace(reading, form=Form.TOP, plan=replace(reading.plan, limit=meaning.top or 1))
    return replace(reading, by=cube.fold or cube.by[0], descending=descending)


def condition_words(name: str, condition: object, cube: Cube) -> str:
    """A condition in words, for the scope that is read back."""
    from search.parse.compose import measure_title  # noqa: PLC0415 - kept beside its only use
    from search.parse.tokens import Condition  # noqa: PLC0415 - kept beside its only use

    if not isinstance(condition, Condition):  # pragma: no cover - always a Condition
        return ""
    title = (
        measure_title(name)
        if name and name != "perhead"
        else cube.title
        if cube.column != "rows"
        else "总投资"
        if cube.dataset == "projects"
        else "合同金额"
    )
    word = {
        Operator.ABOVE: "超过",
        Operator.AT_LEAST: "不低于",
        Operator.BELOW: "低于",
        Operator.AT_MOST: "不超过",
    }.get(condition.operator, "等于")
    unit = "%" if condition.percent else "元" if condition.money else ""
    text = f"{title}{word}{condition.value.normalize():f}{unit}"
    return text if condition.upper is None else f"{text}、不超过{condition.upper.normalize():f}{unit}"


def _counted(
    form: Form, cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
    counted = replace(plan, measures=(Measure("*", Statistic.COUNT),), group_by=())
    unit = {"projects": "个", "contracts": "份", "suppliers": "家"}.get(cube.dataset, "个")
    reading = _reading(
        form, replace(cube, column="rows", unit=unit, attempts=()), counted, span, times, meaning
    )
    return replace(reading, scope=(*times, *cube.scope))


def _exists(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    if cube.dataset in _ROW_KEYS or cube.dataset == "organisations":
        return _counted(Form.EXISTS, cube, plan, span, times, meaning)
    return _reading(Form.AMOUNT, cube, plan, span, times, meaning)


def _list(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    return _listed(cube, plan, span, times, meaning)


_LIST_ORDER = {"projects": "total_investment", "contracts": "amount", "suppliers": "amount"}


def _listed(cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning) -> Reading:
    order = cube.column if cube.column != "rows" else _LIST_ORDER[cube.dataset]
    rows = ranked(replace(plan, measures=(), group_by=()), order, descending=True, limit=_MOST_LISTED)
    unit = {"projects": "个", "contracts": "份", "suppliers": "家"}[cube.dataset]
    reading = _reading(
        Form.LIST, replace(cube, column=order, unit=unit, attempts=()), rows, span, times, meaning
    )
    counted = replace(plan, measures=(Measure("*", Statistic.COUNT),), group_by=())
    return replace(reading, base=counted, scope=(*times, *cube.scope))


def _average(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if cube.by and not _is_time(cube.by[0]):
        plan, span, times = _timed(cube, meaning, scene)
        reading = _reading(
            Form.TABLE, cube, ranked(plan, cube.column, descending=True, limit=None), span, times, meaning
        )
        return replace(reading, by=cube.fold or cube.by[0], attribute="average")
    if cube.dataset not in _ROW_KEYS or cube.column == "rows":
        raise refuse(
            Code.NOT_UNDERSTOOD, "没有看懂要对什么求平均：请说明是每个市、每个县、每个项目还是每份合同。"
        )
    name = cube.plan.measures[0].name
    if name == "execution_rate":
        return _amount(cube, replace(meaning, asks=meaning.asks - {"average"}), scene)
    mean = replace(
        cube,
        plan=replace(cube.plan, measures=(Measure(name, Statistic.MEAN),)),
        column=f"{name}:mean",
        title=f"平均{cube.title}",
        additive=False,
    )
    plan, span, times = _timed(mean, meaning, scene)
    return _reading(Form.AMOUNT, mean, plan, span, times, meaning)


# ---------------------------------------------------------------- two things against each other


def _is_pair(cube: Cube, meaning: Meaning) -> bool:
    wanted = meaning.has("larger", "smaller", "times") or bool(meaning.change) or meaning.versus
    return wanted and any(len(codes) == 2 for _, codes in cube.several)


def _pair(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    column, codes = next((column, codes) for column, codes in cube.several if len(codes) == 2)
    if len(cube.several) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能比较两个对象。")
    plan, span, times = _timed(cube, meaning, scene)
    if meaning.has("larger", "smaller") and not meaning.change and not meaning.has("times"):
        return _larger(cube, plan, column, span, times, meaning)
    first, second = (_only(plan, column, code) for code in codes)
    form = Form.TIMES if meaning.has("times") else Form.DIFFERENCE
    reading = _reading(form, cube, first, span, times, meaning)
    if not meaning.change and not meaning.has("times", "larger", "smaller"):
        return replace(
            _reading(Form.PARTS, cube, replace(plan, group_by=(column,)), span, times, meaning), by=column
        )
    return replace(reading, base=second, by=column, attribute="signed" if meaning.versus else "", attempts=())


def _larger(
    cube: Cube, plan: Plan, column: str, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
    descending = not meaning.has("smaller")
    reading = _reading(
        Form.LARGER,
        cube,
        ranked(replace(plan, group_by=(column,)), cube.column, descending=descending, limit=None),
        span,
        times,
        meaning,
    )
    return replace(reading, by=column, descending=descending)


def _only(plan: Plan, column: str, code: str) -> Plan:
    kept = tuple(item for item in plan.filters if item.column != column)
    return replace(plan, filters=(*kept, Filter(column, Operator.EQUALS, (code,))))


def _is_change(cube: Cube, meaning: Meaning) -> bool:
    if not (
        meaning.change
        or meaning.baseline is not None
        or (meaning.versus and len(meaning.times) > 1)
        or (meaning.has("times") and len(meaning.times) > 1)
    ):
        return False
    return cube.dataset in TIME_COLUMNS


def _change(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """This period against an earlier one."""
    if cube.by:
        raise refuse(Code.NOT_UNDERSTOOD, "目前还不能对每个对象分别计算变化；请一次问一个地区、科目或单位。")
    if cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个对象的变化。")
    now, then = _two_periods(cube, meaning, scene)
    note: tuple[str, ...] = ()
    if now.start <= scene.as_of < now.end:
        cube, now, then, note = _running(cube, meaning, scene, now, then)
    covered = scene.vocabulary.covered[cube.dataset]
    check_covered(now, covered, scene)
    check_covered(then, covered, scene)
    _refuse_part_of_year(cube, now, scene)
    _refuse_part_of_year(cube, then, scene)
    growth = meaning.change == "growth"
    form = Form.TIMES if meaning.has("times") else Form.GROWTH if growth and cube.unit != "%" else Form.CHANGE
    if meaning.has("larger", "smaller") and not meaning.change:
        form = Form.CHANGE
    reading = _reading(form, cube, replace(cube.plan, period=now), None, (describe(now),), meaning)
    return replace(
        reading,
        base=replace(cube.plan, period=then),
        period=now,
        base_period=then,
        notes=(*reading.notes, *note),
        attempts=(),
    )


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


def _end_like(part: Period, then: Period) -> object:
    from search.plan import end_of_month  # noqa: PLC0415 - kept beside its only use

    return end_of_month(then.start.year + part.end.year - part.start.year, part.end.month)


# ---------------------------------------------------------------- shares


def _share(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if cube.unit in ("%", "元/人") or cube.several:
        raise refuse(Code.NOT_UNDERSTOOD, "占比只能按金额或数量、一次对一个对象来算。")
    whole_meaning, base_scope = _whole_of(meaning, scene)
    if cube.by:
        return _shares_of_members(cube, meaning, scene)
    whole = _cube_like(cube, whole_meaning, scene)
    if whole.plan.filters == cube.plan.filters:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要算占什么的比重，请写明，例如“教育支出占总支出的比重”。")
    plan, span, times = _timed(cube, meaning, scene)
    base = replace(whole.plan, period=plan.period)
    reading = _reading(Form.SHARE, cube, plan, span, times, meaning)
    return replace(
        reading, base=base, base_scope=base_scope or "、".join((*whole.scope, whole.title)), unit="%"
    )


def _shares_of_members(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    reading = _table(cube, replace(meaning, asks=meaning.asks - {"share"}), scene)
    return replace(reading, attribute="shares")


def _cube_like(cube: Cube, meaning: Meaning, scene: Scene) -> Cube:
    if cube.dataset == "projects":
        return cubes.projects_cube(meaning, scene)
    if cube.dataset == "contracts":
        return cubes.contracts_cube(meaning, scene)
    if cube.dataset == "outputs":
        return _same_cube(cube, meaning, scene)
    measured = meaning if meaning.measure else replace(meaning, measure="paid")
    return cubes.spending_cube(measured, scene, months=cube.dataset == "spending_monthly")


_PLACES = (Kind.REGION, Kind.GROUP)


def _whole_of(meaning: Meaning, scene: Scene) -> tuple[Meaning, str]:
    """What a share is a share of: what was named after 占, else everything of the narrowest kind."""
    whole = meaning.whole
    plain = replace(meaning, whole=None, asks=meaning.asks - {"share"})
    if whole is not None and (whole.things or whole.measure):
        return _named_whole(plain, whole, scene), ""
    if meaning.of(Kind.STATUS, Kind.LIGHT) or meaning.livelihood:
        return replace(
            plain,
            things=tuple(
                item for item in plain.things if item.kind in (*_PLACES, Kind.SECTOR, Kind.FUNCTION)
            ),
            livelihood="",
            negated=False,
        ), ""
    narrow = [item for item in plain.things if item.kind not in _PLACES]
    if narrow:
        return replace(plain, things=tuple(item for item in plain.things if item.kind in _PLACES)), ""
    return replace(plain, things=()), ""


def _named_whole(plain: Meaning, whole: Meaning, scene: Scene) -> Meaning:
    places = whole.of(*_PLACES)
    others = tuple(item for item in whole.things if item.kind not in _PLACES)
    kept_places = places or plain.of(*_PLACES)
    own = tuple(item for item in plain.things if item.kind not in _PLACES)
    if others:
        return replace(plain, things=(*kept_places, *others), livelihood="", negated=False)
    if places and not whole.measure and codes_differ(places, plain):
        return replace(plain, things=(*places, *own))
    if places and whole.measure and not own:
        return replace(plain, things=places)
    if (
        places
        and whole.measure
        and codes_differ(places, plain)
        and not is_whole(tuple(item.code for item in places), scene)
    ):
        return replace(plain, things=places)
    return replace(plain, things=kept_places, livelihood="", negated=False)


def codes_differ(places: tuple[Concept, ...], plain: Meaning) -> bool:
    """Whether the whole's places are other ones than the part's."""
    return {item.code for item in places} != {item.code for item in plain.of(*_PLACES)}


def scope_title(codes: tuple[str, ...], scene: Scene) -> str:
    """Names of places for people."""
    return place_names(codes, scene.vocabulary.regions)


# ---------------------------------------------------------------- which form

_Wanted = Callable[[Cube, Meaning], bool]
_Make = Callable[[Cube, Meaning, Scene], Reading]

_FORMS: tuple[tuple[_Wanted, _Make], ...] = (
    (
        lambda _cube, meaning: (
            meaning.has("rank")
            and not meaning.level
            and bool(meaning.of(Kind.REGION))
            and not meaning.splits
            and meaning.top is None
        ),
        _rank,
    ),
    (lambda _cube, meaning: meaning.has("share") or meaning.whole is not None, _share),
    (_is_pair, _pair),
    (_is_change, _change),
    (
        lambda _cube, meaning: (
            bool({"year", "month", "quarter"} & set(meaning.splits)) or meaning.has("trend")
        ),
        _trend,
    ),
    (
        lambda cube, meaning: meaning.has("average") and not meaning.extreme and not meaning.conditions,
        _average,
    ),
    (
        lambda cube, meaning: meaning.has("larger", "smaller") and bool(cube.several),
        lambda cube, meaning, scene: _larger_of_several(cube, meaning, scene),
    ),
    (lambda _cube, meaning: bool(meaning.conditions), _conditional),
    (lambda cube, meaning: bool(meaning.extreme), _top),
    (lambda cube, meaning: bool(cube.by) and meaning.has("rank"), _table),
)


def _larger_of_several(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    plan, span, times = _timed(cube, meaning, scene)
    return _larger(cube, plan, cube.several[0][0], span, times, meaning)


__all__ = ["TOTAL", "members", "region_scope", "scope_title", "shape"]
