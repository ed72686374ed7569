"""Conditions, counts and lists: which and how many places, projects or contracts, and whether there are any."""

from __future__ import annotations

from dataclasses import replace

from search.parse.conditions import condition_words, with_conditions
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    ROW_KEYS,
    Scene,
    Span,
    ranked,
    refuse,
)
from search.parse.tables import top_form
from search.parse.timing import make_reading, same_cube, timed
from search.plan import Measure, Operator, Plan, Statistic
from search.vocabulary import Kind

_MOST_LISTED = 100


def conditional(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Which (or how many) places, projects, contracts … meet a condition."""
    if cube.by and cube.by[0] != ROW_KEYS.get(cube.dataset):
        return _conditional_groups(cube, meaning, scene)
    if cube.dataset not in ROW_KEYS:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这个比较要用在什么上：请说明是哪些市、县、项目还是合同。")
    plan, span, times = timed(replace(cube, by=()), meaning, scene)
    plan = with_conditions(replace(cube, by=()), plan, meaning)
    words = tuple(condition_words(name, condition, cube) for name, condition in meaning.conditions)
    cube = replace(cube, scope=(*cube.scope, *words))
    if meaning.extreme:
        return top_form(cube, meaning, scene)
    listed = meaning.has("list", "which") or _asks_rows(meaning)
    if meaning.has("exists", "howmany") or (cube.column == "rows" and not listed):
        form = Form.EXISTS if meaning.has("exists") else Form.COUNT
        return _counted(form, cube, plan, span, times, meaning)
    if listed:
        return _listed(cube, plan, span, times, meaning)
    return make_reading(Form.AMOUNT, cube, plan, span, times, meaning)


def _asks_rows(meaning: Meaning) -> bool:
    return bool({"project", "contract", "supplier"} & set(meaning.splits))


def _conditional_groups(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    if any(condition.average for _, condition in meaning.conditions):
        return _against_average(cube, meaning, scene)
    plan, span, times = timed(cube, meaning, scene)
    plan = with_conditions(cube, plan, meaning)
    words = tuple(condition_words(name, condition, cube) for name, condition in meaning.conditions)
    cube = replace(cube, scope=(*cube.scope, *words))
    if "supplier_id" in cube.by and cube.dataset == "contracts":
        cube = replace(cube, scope=tuple(part for part in cube.scope if part != "合同"))
    form = (
        Form.EXISTS
        if meaning.has("exists")
        else Form.COUNT
        if meaning.has("howmany") and not meaning.has("which", "list")
        else Form.TABLE
    )
    descending = meaning.extreme != "least"
    reading = make_reading(
        form, cube, ranked(plan, cube.column, descending=descending, limit=meaning.top), span, times, meaning
    )
    if meaning.extreme and form is Form.TABLE:
        reading = replace(reading, form=Form.TOP, plan=replace(reading.plan, limit=meaning.top or 1))
    elif meaning.has("altogether") and cube.additive and form is Form.TABLE:
        reading = replace(reading, attribute="sum")
    return replace(reading, by=cube.fold or cube.by[0], descending=descending)


_PER_HEAD = "_per_head"
_RATIOS = ("%", "元/人")


def _against_average(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """执行率高于全省平均的市: the number compared with is the whole's own rate, or the mean of the members' amounts."""
    (name, condition), *others = meaning.conditions
    fits = name in ("", cube.column, "perhead") or f"{name}{_PER_HEAD}" == cube.column
    regional = cube.by == ("region_code",) and not cube.fold
    if others or meaning.extreme or not fits or not regional or not is_per_region(cube.dataset):
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "和平均水平的比较一次只能有一个，只能用于各市或各县的一个数，例如“2025年执行率高于全省平均的市”。",
        )
    of_members = cube.unit not in _RATIOS
    if of_members and condition.average == "province" and meaning.level != "city":
        raise refuse(
            Code.NOT_UNDERSTOOD, "没有看懂是谁的平均；请问各市的平均，或者问人均、执行率的平均水平。"
        )
    if not of_members and condition.average == "members":
        raise refuse(
            Code.NOT_UNDERSTOOD, f"{cube.title}的平均请说“全省平均”：它是全省的数，不是各市的简单平均。"
        )
    perhead = cube.column.endswith(_PER_HEAD)
    whole = replace(
        meaning,
        measure=cube.column.removesuffix(_PER_HEAD),
        level="",
        level_asked=False,
        conditions=(),
        asks=frozenset({"perhead"} if perhead else ()),
    )
    if condition.average == "province":
        whole = replace(whole, things=tuple(item for item in whole.things if item.kind not in _PLACES))
    plan, span, times = timed(cube, meaning, scene)
    base = plan if of_members else replace(same_cube(cube, whole, scene).plan, period=plan.period)
    form = Form.EXISTS if meaning.has("exists") else Form.COUNT if meaning.has("howmany") else Form.TABLE
    way = "高于" if condition.operator is Operator.ABOVE else "低于"
    cube = replace(cube, scope=(*cube.scope, f"{way}{_WHOSE[condition.average]}平均"))
    ordered = ranked(plan, cube.column, descending=True, limit=None)
    reading = make_reading(form, cube, ordered, span, times, meaning)
    return replace(reading, by=cube.by[0], base=base, attribute=f"average:{condition.operator}")


_WHOSE = {"province": "全省", "members": "各地", "scope": ""}
_PLACES = (Kind.REGION, Kind.GROUP)


def is_per_region(dataset: str) -> bool:
    """Whether a dataset has one row for each place, so that places can be compared with their average."""
    return dataset in ("spending", "spending_monthly", "outputs", "regions")


def _counted(
    form: Form, cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning
) -> Reading:
    counted = replace(plan, measures=(Measure("*", Statistic.COUNT),), group_by=())
    unit = {"projects": "个", "contracts": "份", "suppliers": "家"}.get(cube.dataset, "个")
    reading = make_reading(
        form, replace(cube, column="rows", unit=unit, attempts=()), counted, span, times, meaning
    )
    return replace(reading, scope=(*times, *cube.scope))


def count_members(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """How many members there are, and which."""
    plan, span, times = timed(cube, meaning, scene)
    return replace(make_reading(Form.COUNT, cube, plan, span, times, meaning), by=cube.by[0])


def exists_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """Whether there are any."""
    plan, span, times = timed(cube, meaning, scene)
    if cube.dataset in ROW_KEYS or cube.dataset == "organisations":
        return _counted(Form.EXISTS, cube, plan, span, times, meaning)
    return make_reading(Form.AMOUNT, cube, plan, span, times, meaning)


def list_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The rows themselves."""
    plan, span, times = timed(cube, meaning, scene)
    return _listed(cube, plan, span, times, meaning)


_LIST_ORDER = {"projects": "total_investment", "contracts": "amount", "suppliers": "amount"}


def _listed(cube: Cube, plan: Plan, span: Span | None, times: tuple[str, ...], meaning: Meaning) -> Reading:
    order = cube.column if cube.column != "rows" else _LIST_ORDER[cube.dataset]
    rows = ranked(replace(plan, measures=(), group_by=()), order, descending=True, limit=_MOST_LISTED)
    unit = {"projects": "个", "contracts": "份", "suppliers": "家"}[cube.dataset]
    reading = make_reading(
        Form.LIST, replace(cube, column=order, unit=unit, attempts=()), rows, span, times, meaning
    )
    counted = replace(plan, measures=(Measure("*", Statistic.COUNT),), group_by=())
    return replace(reading, base=counted, scope=(*times, *cube.scope))
