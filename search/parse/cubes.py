"""From the things of a meaning to a plan without period and form: which dataset, which rows, which measure.

A `Cube` is the common ground of all forms of answer: one number, a table, a rank or a share are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.parse.meaning import Meaning
from search.parse.measures import measure_title
from search.parse.outcome import Code
from search.parse.route import (
    Scene,
    is_whole,
    members,
    refuse,
    region_scope,
    regions_below,
    scope_name,
)
from search.plan import Measure, Plan
from search.vocabulary import TOTAL, Kind

_PER_HEAD = {"paid": "paid_per_head", "approved": "approved_per_head", "adjusted": "adjusted_per_head"}
UNITS = {
    "execution_rate": "%",
    "progress": "%",
    "completion": "%",
    "population": "人",
    "contracts": "份",
    "rows": "个",
}


@dataclass(frozen=True, slots=True)
class Cube:
    """A plan that sums one measure, with everything but the period and the order.

    `several` are columns with more than one value named (two cities, three classes); `by` are the columns to group
    by, because the question asked for each member; `fold` rolls the groups of `by` up ("city", "sector", ...).
    """

    plan: Plan
    column: str
    title: str
    unit: str
    scope: tuple[str, ...]
    several: tuple[tuple[str, tuple[str, ...]], ...] = ()
    by: tuple[str, ...] = ()
    fold: str = ""
    additive: bool = True
    notes: tuple[str, ...] = ()
    attempts: tuple[Plan, ...] = ()

    @property
    def dataset(self) -> str:
        """The dataset the plan reads."""
        return self.plan.dataset

    def grouped(self) -> Plan:
        """The plan with its groups."""
        return replace(self.plan, group_by=self.by)


def needs_months(meaning: Meaning) -> bool:
    """Whether a question speaks of less than whole years, or asks month by month."""
    if {"month", "quarter"} & set(meaning.splits) or meaning.measure == "planned":
        return True
    return any(time.period is not None and not time.period.is_whole_years for time in meaning.times)


# ---------------------------------------------------------------- amounts of public spending


def spending_cube(meaning: Meaning, scene: Scene, *, months: bool) -> Cube:
    """The cube for approved, adjusted, paid, planned, rates and amounts per head of places, classes, units and sources.

    Raises: NoRoute when no published table has that combination.
    """
    if meaning.of(Kind.FUND_SOURCE, Kind.PAYEE_GROUP) or {"fund_source", "payee_group"} & set(meaning.splits):
        return _fund_flow(meaning, scene, months=months)
    by_unit = meaning.of(Kind.SECTOR, Kind.ORGANISATION, Kind.ECONOMIC) or {
        "sector",
        "organisation",
        "economic",
    } & set(meaning.splits)
    if by_unit or not scene.vocabulary.has("spending"):
        return _by_organisation(meaning, scene, months=months)
    return _by_region(meaning, scene, months=months)


def _amount_measure(meaning: Meaning, *, months: bool) -> tuple[Measure, str, str]:
    """The measure of a spending question with its title and unit."""
    measure = meaning.measure or "paid"
    allowed = ("paid", "planned") if months else ("paid", "approved", "adjusted", "execution_rate")
    if measure not in allowed:
        hint = (
            "分月数据只有支出和用款计划，没有预算和执行率；请按全年来问。"
            if months
            else "这个指标不按地区和科目公布。"
        )
        raise refuse(Code.NOT_IN_DATA, hint)
    if meaning.has("perhead"):
        if measure not in _PER_HEAD:
            raise refuse(Code.NOT_IN_DATA, f"没有“人均{measure_title(measure)}”这个指标。")
        return Measure(_PER_HEAD[measure]), f"人均{_short_title(measure)}", "元/人"
    return Measure(measure), _short_title(measure), UNITS.get(measure, "元")


def _short_title(measure: str) -> str:
    return "支出" if measure == "paid" else measure_title(measure)


def _by_region(meaning: Meaning, scene: Scene, *, months: bool) -> Cube:
    measure, title, unit = _amount_measure(meaning, months=months)
    dataset = "spending_monthly" if months else "spending"
    plan = Plan(dataset, measures=(measure,))
    plan, by, several, scope = placed(plan, meaning, scene)
    plan, more_by, more_several, more_scope = _classes(plan, meaning, scene)
    if months:
        _refuse_fine_months(plan, scene)
    return Cube(
        plan,
        measure.column,
        title,
        unit,
        (*scope, *more_scope),
        several + more_several,
        by + more_by,
        additive=unit == "元",
    )


Placed = tuple[Plan, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]


def placed(plan: Plan, meaning: Meaning, scene: Scene) -> Placed:
    """Narrow a cube by places to the places named, or to each member of them."""
    tree = scene.vocabulary.regions
    codes = region_scope(meaning, scene)
    if not codes:
        raise refuse(Code.NOT_IN_DATA, "这份数据没有地区。")
    name = scope_name(meaning, scene)
    if meaning.level:
        inside = members(codes, meaning.level, tree)
        if not inside:
            raise refuse(Code.NOT_IN_DATA, f"{name}没有下一级地区。")
        level = tree.nodes[inside[0]].level
        plan = plan.where("region_level", level)
        if not is_whole(codes, scene):
            plan = plan.where("region_code", *inside)
        words = {"city": "各市", "county": "各县（市、区）"}.get(level, "各地区")
        return plan, ("region_code",), (), (f"{name}{words}",)
    if not (meaning.versus or meaning.change or meaning.has("larger", "smaller", "times")):
        refuse_overlap(codes, scene)
    apart = len(codes) > 1 and bool(meaning.of(Kind.REGION))  # a group is one place, the sum of its members
    several = (("region_code", codes),) if apart else ()
    return plan.where("region_code", *codes), (), several, (name,)


def refuse_overlap(codes: tuple[str, ...], scene: Scene) -> None:
    """Refuse to add a place to one that contains it."""
    tree = scene.vocabulary.regions
    for outer in codes:
        for inner in codes:
            if outer != inner and tree.is_below(inner, outer):
                raise refuse(
                    Code.NOT_UNDERSTOOD,
                    f"{tree.label(inner)}包含在{tree.label(outer)}里，两个数不能相加；请分开问，或者问“占比”。",
                )


def _classes(plan: Plan, meaning: Meaning, scene: Scene) -> Placed:
    tree = scene.vocabulary.functions
    named = tuple(dict.fromkeys(concept.code for concept in meaning.of(Kind.FUNCTION)))
    if "function" in meaning.splits:
        if not named:
            return plan.where("function_level", "class"), ("function_code",), (), ("各功能分类",)
        inside = tuple(sorted(tree.children.get(named[0], ())))
        if not inside or len(named) > 1:
            raise refuse(Code.NOT_IN_DATA, f"“{tree.label(named[0])}”没有更细的分类。")
        plan = plan.where("function_level", tree.nodes[inside[0]].level).where("function_code", *inside)
        return plan, ("function_code",), (), (f"{tree.label(named[0])}的各分类",)
    if not named:
        return plan.where("function_code", TOTAL), (), (), ()
    _refuse_nested_classes(named, scene)
    label = "、".join(tree.label(code) for code in named)
    several = (("function_code", named),) if len(named) > 1 else ()
    return plan.where("function_code", *named), (), several, (label,)


def _refuse_nested_classes(codes: tuple[str, ...], scene: Scene) -> None:
    tree = scene.vocabulary.functions
    for outer in codes:
        for inner in codes:
            if outer != inner and tree.is_below(inner, outer):
                raise refuse(
                    Code.NOT_UNDERSTOOD,
                    f"“{tree.label(inner)}”包含在“{tree.label(outer)}”里，两个数不能相加；请分开问，或者问“占比”。",
                )


def _refuse_fine_months(plan: Plan, scene: Scene) -> None:
    """Months are published for the province and its cities, by class: nothing finer."""
    vocabulary = scene.vocabulary
    for item in plan.filters:
        if item.column == "region_level" and item.values == ("county",):
            raise refuse(
                Code.NOT_IN_DATA, "县（市、区）没有分月数据，只有全年数据；请按全年来问，或者问所在的市。"
            )
        if item.column == "region_code" and any(
            vocabulary.regions.nodes[code].level == "county" for code in item.values
        ):
            raise refuse(
                Code.NOT_IN_DATA, "县（市、区）没有分月数据，只有全年数据；请按全年来问，或者问所在的市。"
            )
        if item.column == "function_code" and any(
            code != TOTAL and vocabulary.functions.nodes[code].level != "class" for code in item.values
        ):
            raise refuse(Code.NOT_IN_DATA, "分月数据只到功能分类的“类”，没有更细的科目；请按全年来问。")
        if item.column == "function_level" and item.values != ("class",):
            raise refuse(Code.NOT_IN_DATA, "分月数据只到功能分类的“类”，没有更细的科目；请按全年来问。")


def _by_organisation(meaning: Meaning, scene: Scene, *, months: bool) -> Cube:
    if months:
        raise refuse(Code.NOT_IN_DATA, "按单位、部门和经济分类的数据只有全年的，没有分月的；请按全年来问。")
    if meaning.of(Kind.FUNCTION) or "function" in meaning.splits:
        raise refuse(
            Code.NOT_IN_DATA, "公开的表里，单位（部门、经济分类）和功能分类没有交叉的数据；请只问其中一个。"
        )
    if meaning.has("perhead"):
        raise refuse(Code.NOT_IN_DATA, "单位、部门和经济分类没有人均数；人均数按地区公布。")
    measure, title, unit = _amount_measure(meaning, months=False)
    plan = Plan("spending_by_organisation", measures=(measure,))
    plan, region_scope_text = rows_place(plan, meaning, scene)
    plan, by, several, scope = rows_named(
        plan, meaning, (("org_id", Kind.ORGANISATION, "organisation"), ("sector", Kind.SECTOR, "sector"))
    )
    plan, more_by, more_several, more_scope = _economic(plan, meaning)
    by = by + more_by
    fold = ""
    if meaning.level:
        by, fold = (*by, "region_code"), fold_level(meaning, scene)
    where = (
        () if meaning.of(Kind.ORGANISATION) and not meaning.of(Kind.REGION, Kind.GROUP) else region_scope_text
    )
    cube = Cube(
        plan,
        measure.column,
        title,
        unit,
        (*where, *members_in_words(meaning), *scope, *more_scope),
        several + more_several,
        by,
        fold,
        additive=unit == "元",
    )
    return replace(cube, attempts=_sector_attempts(cube, meaning, scene))


def _sector_attempts(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, ...]:
    """What a sector was paid is also the sum of its fund flow, where nothing else narrows the question."""
    narrowed = (
        cube.by
        or meaning.of(Kind.ORGANISATION, Kind.ECONOMIC)
        or not is_whole(region_scope(meaning, scene), scene)
    )
    if (
        narrowed
        or cube.column != "paid"
        or not meaning.of(Kind.SECTOR)
        or not scene.vocabulary.has("fund_flow")
    ):
        return ()
    sectors = tuple(concept.code for concept in meaning.of(Kind.SECTOR))
    return (Plan("fund_flow", measures=cube.plan.measures).where("sector", *sectors),)


def _economic(plan: Plan, meaning: Meaning) -> Placed:
    named = tuple(dict.fromkeys(concept.code for concept in meaning.of(Kind.ECONOMIC)))
    if "economic" in meaning.splits:
        return plan.where("economic_level", "class"), ("economic_code",), (), ("各经济分类",)
    if not named:
        return plan.where("economic_code", TOTAL), (), (), ()
    label = "、".join(concept.label for concept in meaning.of(Kind.ECONOMIC))
    several = (("economic_code", named),) if len(named) > 1 else ()
    return plan.where("economic_code", *named), (), several, (label,)


def _fund_flow(meaning: Meaning, scene: Scene, *, months: bool) -> Cube:
    if months:
        raise refuse(Code.NOT_IN_DATA, "资金来源和收款方类别只有全年数据，没有分月的；请按全年来问。")
    if (meaning.measure or "paid") != "paid" or meaning.has("perhead"):
        raise refuse(Code.NOT_IN_DATA, "资金来源和收款方类别只公布支出（已支付），没有预算、执行率和人均数。")
    if not is_whole(region_scope(meaning, scene), scene) or meaning.level:
        raise refuse(Code.NOT_IN_DATA, "资金来源和收款方类别的数据不分地区，只有全省合计。")
    if meaning.of(Kind.FUNCTION, Kind.ORGANISATION, Kind.ECONOMIC) or {
        "function",
        "organisation",
        "economic",
    } & set(meaning.splits):
        raise refuse(Code.NOT_IN_DATA, "资金来源和收款方类别的数据只分主管部门，不分科目和单位。")
    plan = Plan("fund_flow", measures=(Measure("paid"),))
    plan, by, several, scope = rows_named(
        plan,
        meaning,
        (
            ("fund_source", Kind.FUND_SOURCE, "fund_source"),
            ("sector", Kind.SECTOR, "sector"),
            ("payee_group", Kind.PAYEE_GROUP, "payee_group"),
        ),
    )
    return Cube(
        plan, "paid", "支出", "元", (*whole_name(scene), *members_in_words(meaning), *scope), several, by
    )


# ---------------------------------------------------------------- rows: projects, contracts, suppliers


def whole_name(scene: Scene) -> tuple[str, ...]:
    """The name of the whole territory."""
    root = scene.vocabulary.root
    return (scene.vocabulary.regions.label(root),) if root else ()


def rows_place(plan: Plan, meaning: Meaning, scene: Scene) -> tuple[Plan, tuple[str, ...]]:
    """Narrow a table whose rows stand at one place each; a place contains everything below it."""
    codes = region_scope(meaning, scene)
    if is_whole(codes, scene):
        return plan, whole_name(scene)
    refuse_overlap(codes, scene)
    return plan.where("region_code", *regions_below(codes, scene)), (scope_name(meaning, scene),)


def rows_named(plan: Plan, meaning: Meaning, columns: tuple[tuple[str, Kind, str], ...]) -> Placed:
    """Filters for the things named, groups for those asked one by one."""
    by: tuple[str, ...] = ()
    several: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scope: tuple[str, ...] = ()
    for column, kind, split in columns:
        concepts = meaning.of(kind)
        codes = tuple(dict.fromkeys(concept.code for concept in concepts))
        if codes:
            plan = plan.where(column, *codes)
            scope = (*scope, "、".join(dict.fromkeys(concept.label for concept in concepts)))
            several = (*several, (column, codes)) if len(codes) > 1 else several
        if split in meaning.splits:
            by = (*by, column)
    return plan, by, several, scope


_MEMBERS = {
    "sector": "各部门",
    "organisation": "各单位",
    "supplier": "各供应商",
    "method": "各采购方式",
    "status": "各状态",
    "light": "各预警灯",
    "fund_source": "各资金来源",
    "payee_group": "各类收款方",
}


def members_in_words(meaning: Meaning) -> tuple[str, ...]:
    """What a table has one row for, in words."""
    places = {"city": "各市", "county": "各县（市、区）", "any": "各地区"}.get(meaning.level)
    return (
        *((places,) if places else ()),
        *(_MEMBERS[split] for split in meaning.splits if split in _MEMBERS),
    )


def fold_level(meaning: Meaning, scene: Scene) -> str:
    """The level of places that rows are rolled up to."""
    if meaning.level != "any":
        return meaning.level
    codes = region_scope(meaning, scene)
    inside = members(codes, "any", scene.vocabulary.regions)
    return scene.vocabulary.regions.nodes[inside[0]].level if inside else "city"


# ---------------------------------------------------------------- indicators and people
