"""Cubes over tables of things: projects, contracts, suppliers, units, indicators, inhabitants."""

from __future__ import annotations

from dataclasses import replace

from search.parse.cubes import (
    UNITS,
    Cube,
    fold_level,
    members_in_words,
    placed,
    rows_named,
    rows_place,
    whole_name,
)
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
from search.plan import Measure, Operator, Plan, Statistic
from search.synonyms import OVERDUE, OVERDUE_LABEL
from search.vocabulary import Concept, Kind

_PROJECT_MEASURES = (
    "total_investment",
    "approved",
    "adjusted",
    "paid",
    "contracted",
    "execution_rate",
    "progress",
)


def projects_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube over public projects: how many, how much in all, by place, sector, status, light."""
    if not scene.vocabulary.has("projects"):
        raise refuse(Code.NOT_IN_DATA, "这一版数据没有项目表。")
    if "function" in meaning.splits:  # 领域 of projects are the departments they belong to
        splits = ("sector" if split == "function" else split for split in meaning.splits)
        meaning = replace(meaning, splits=tuple(dict.fromkeys(splits)))
    plan, place = rows_place(Plan("projects"), meaning, scene)
    plan, by, several, scope = rows_named(
        plan,
        meaning,
        (
            ("org_id", Kind.ORGANISATION, "organisation"),
            ("sector", Kind.SECTOR, "sector"),
            ("light", Kind.LIGHT, "light"),
        ),
    )
    plan, more = _project_state(plan, meaning, scene)
    plan, classes = _project_classes(plan, meaning, scene)
    plan, kinds = _of_kind(plan, meaning)
    if "status" in meaning.splits:
        by = (*by, "status")
    fold = ""
    if meaning.level:
        by, fold = (*by, "region_code"), fold_level(meaning, scene)
    refused = meaning.of(Kind.FUND_SOURCE, Kind.PAYEE_GROUP, Kind.ECONOMIC, Kind.METHOD)
    if refused:
        raise refuse(Code.NOT_IN_DATA, f"项目表里没有“{refused[0].label}”这一项。")
    measure, title, unit = _project_measure(meaning)
    plan = replace(plan, measures=(measure,))
    return Cube(
        plan,
        measure.column,
        title,
        unit,
        (*place, *members_in_words(meaning), *scope, *more, *classes, *kinds, "项目"),
        several,
        by,
        fold,
        additive=unit != "%",
    )


def _project_measure(meaning: Meaning) -> tuple[Measure, str, str]:
    name = meaning.measure
    if name in ("", "projects"):
        return Measure("*", Statistic.COUNT), "项目数", "个"
    if name not in _PROJECT_MEASURES:
        raise refuse(Code.NOT_IN_DATA, f"项目表里没有“{measure_title(name)}”。")
    if name == "progress":
        return Measure(name, Statistic.MEAN), "平均形象进度", "%"
    title = {"paid": "支出"}.get(name, measure_title(name))
    return Measure(name), title, UNITS.get(name, "元")


_UNFINISHED = ("under_way", "planned", "suspended")


def _overdue(plan: Plan, scene: Scene, *, any_state: bool) -> Plan:
    """Not finished although the day planned for it is past."""
    plan = plan.where("planned_end", scene.as_of.isoformat(), operator=Operator.BELOW)
    return plan.where("status", *_UNFINISHED) if any_state else plan


def _project_state(plan: Plan, meaning: Meaning, scene: Scene) -> tuple[Plan, tuple[str, ...]]:
    scope: tuple[str, ...] = ()
    statuses = tuple(item for item in meaning.of(Kind.STATUS) if item.code != OVERDUE)
    if len(statuses) < len(meaning.of(Kind.STATUS)):
        if meaning.negated:
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂是逾期还是没有逾期的项目，请换一种说法。")
        plan, scope = _overdue(plan, scene, any_state=not statuses), (OVERDUE_LABEL,)
    if statuses:
        operator = Operator.NOT if meaning.negated else Operator.EQUALS
        for concept in statuses if meaning.negated else ():
            plan = plan.where("status", concept.code, operator=operator)
        if not meaning.negated:
            plan = plan.where("status", *(concept.code for concept in statuses))
        scope = (
            *scope,
            "、".join(("未" if meaning.negated else "") + concept.label for concept in statuses),
        )
    if meaning.livelihood:
        plan = plan.where("livelihood", "true" if meaning.livelihood == "yes" else "false")
        scope = (*scope, "民生" if meaning.livelihood == "yes" else "非民生")
    return plan, scope


def _of_kind(plan: Plan, meaning: Meaning) -> tuple[Plan, tuple[str, ...]]:
    kinds = meaning.of(Kind.PROJECT_KIND)
    for kind in kinds:
        plan = plan.where("name", kind.code, operator=Operator.CONTAINS)
    return plan, tuple(kind.label for kind in kinds)


def _project_classes(plan: Plan, meaning: Meaning, scene: Scene) -> tuple[Plan, tuple[str, ...]]:
    named = meaning.of(Kind.FUNCTION)
    if not named:
        return plan, ()
    codes = tuple(
        sorted({code for concept in named for code in scene.vocabulary.functions.below(concept.code)})
    )
    return plan.where("function_code", *codes), (
        "、".join(concept.label.removesuffix("支出") for concept in named),
    )


def contracts_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube over public contracts: how many, how much, by supplier, unit, method."""
    if not scene.vocabulary.has("contracts"):
        raise refuse(Code.NOT_IN_DATA, "这一版数据没有合同。")
    refused = meaning.of(
        Kind.FUNCTION, Kind.FUND_SOURCE, Kind.PAYEE_GROUP, Kind.ECONOMIC, Kind.STATUS, Kind.LIGHT
    )
    if refused:
        raise refuse(
            Code.NOT_IN_DATA,
            f"合同表里没有“{refused[0].label}”这一项；合同可以按签订单位、供应商、采购方式和时间来问。",
        )
    plan, place = _contract_place(Plan("contracts"), meaning, scene)
    plan, by, several, scope = rows_named(
        plan,
        meaning,
        (
            ("supplier_id", Kind.SUPPLIER, "supplier"),
            ("method", Kind.METHOD, "method"),
            ("project_id", Kind.PROJECT, "project"),
        ),
    )
    if "organisation" in meaning.splits:
        by = (*by, "org_id")
    fold = ""
    if meaning.level or "sector" in meaning.splits:
        by, fold = (
            (*by, "org_id"),
            f"org:{'sector' if 'sector' in meaning.splits else fold_level(meaning, scene)}",
        )
    measure, title, unit = _contract_measure(meaning)
    plan = replace(plan, measures=(measure,))
    return Cube(
        plan,
        measure.column,
        title,
        unit,
        (*place, *members_in_words(meaning), *scope, "合同"),
        several,
        by,
        fold,
    )


def _contract_measure(meaning: Meaning) -> tuple[Measure, str, str]:
    name = meaning.measure
    if name in ("", "contracts"):
        return Measure("*", Statistic.COUNT), "合同数", "份"
    if name == "contracted":
        return Measure("amount"), "合同金额", "元"
    if name == "paid":
        return Measure("paid"), "合同已支付金额", "元"
    raise refuse(Code.NOT_IN_DATA, f"合同表里没有“{measure_title(name)}”。")


def _contract_place(plan: Plan, meaning: Meaning, scene: Scene) -> tuple[Plan, tuple[str, ...]]:
    """Contracts stand with the unit that signed them; its place and sector narrow them."""
    vocabulary = scene.vocabulary
    units = meaning.of(Kind.ORGANISATION)
    sectors = {concept.code for concept in meaning.of(Kind.SECTOR)}
    codes = region_scope(meaning, scene)
    whole = is_whole(codes, scene)
    if units:
        return plan.where("org_id", *(concept.code for concept in units)), (
            "、".join(concept.label for concept in units),
        )
    if whole and not sectors:
        return plan, whole_name(scene)
    inside = frozenset(regions_below(codes, scene)) if not whole else None
    chosen = tuple(
        row.code
        for row in vocabulary.organisation_rows
        if (inside is None or row.region in inside) and (not sectors or row.sector in sectors)
    )
    if not chosen:
        raise refuse(Code.NOT_IN_DATA, "这个范围里没有预算单位。")
    name = scope_name(meaning, scene) if codes else ""
    scope = tuple(part for part in (name, "、".join(sorted(sectors))) if part)
    return plan.where("org_id", *chosen), scope


def suppliers_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube over suppliers: how many there are, what they were paid."""
    if not scene.vocabulary.has("suppliers"):
        raise refuse(Code.NOT_IN_DATA, "这一版数据没有供应商。")
    plan, place = rows_place(Plan("suppliers"), meaning, scene)
    if any(item.code == "individual" for item in meaning.of(Kind.PAYEE_GROUP)):
        raise refuse(Code.NOT_IN_DATA, "供应商表里没有个人，只有企业、事业单位和机关团体。")
    columns = (("supplier_id", Kind.SUPPLIER, "supplier"), ("kind", Kind.PAYEE_GROUP, "payee_group"))
    plan, by, several, scope = rows_named(plan, meaning, columns)
    if meaning.has("winners"):
        plan, scope = plan.where("contracts", "0", operator=Operator.ABOVE), (*scope, "中过标的")
    each = tuple(word for word in members_in_words(meaning) if word != "各类收款方")
    name = meaning.measure
    if name in ("", "suppliers"):
        measure, title, unit = Measure("*", Statistic.COUNT), "供应商数", "家"
    elif name == "paid":
        measure, title, unit = Measure("paid"), "收到的财政支付", "元"
    elif name in ("contracted", "contracts"):
        measure = Measure("amount" if name == "contracted" else "contracts")
        title, unit = measure_title(name), "元" if name == "contracted" else "份"
    else:
        raise refuse(Code.NOT_IN_DATA, f"供应商表里没有“{measure_title(name)}”。")
    refused = meaning.of(Kind.FUNCTION, Kind.SECTOR, Kind.FUND_SOURCE, Kind.ECONOMIC, Kind.ORGANISATION)
    if refused:
        raise refuse(Code.NOT_IN_DATA, f"供应商表里没有“{refused[0].label}”这一项。")
    return Cube(
        replace(plan, measures=(measure,)),
        measure.column,
        title,
        unit,
        (*place, *each, *scope, "各类供应商" if "payee_group" in meaning.splits else "供应商"),
        several,
        by,
    )


def organisations_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube that counts budget units."""
    plan, place = rows_place(Plan("organisations"), meaning, scene)
    plan, by, several, scope = rows_named(plan, meaning, (("sector", Kind.SECTOR, "sector"),))
    plan = replace(plan, measures=(Measure("*", Statistic.COUNT),))
    fold = ""
    if meaning.level:
        by, fold = (*by, "region_code"), fold_level(meaning, scene)
    return Cube(
        plan,
        "rows",
        "预算单位数",
        "个",
        (*place, *members_in_words(meaning), *scope, "预算单位"),
        several,
        by,
        fold,
    )


def outputs_cube(meaning: Meaning, scene: Scene, indicator: Concept) -> Cube:
    """The cube over sums of one additive indicator by place and year."""
    plan = Plan("outputs").where("indicator", indicator.code).where("unit", indicator.level)
    plan, by, several, scope = placed(plan, meaning, scene)
    refused = meaning.of(
        Kind.FUNCTION, Kind.SECTOR, Kind.ORGANISATION, Kind.FUND_SOURCE, Kind.STATUS, Kind.LIGHT
    )
    if refused:
        raise refuse(Code.NOT_IN_DATA, f"产出汇总只按地区和年度公布，不按“{refused[0].label}”分。")
    name = meaning.measure if meaning.measure in ("target", "completion") else "actual"
    if meaning.measure == "projects":
        measure, title, unit = Measure("projects"), "报送该指标的项目数", "个"
    elif name == "completion":
        measure, title, unit = Measure("completion"), f"{indicator.label}目标完成率", "%"
    else:
        word = "目标值" if name == "target" else "实际完成"
        measure, title, unit = Measure(name), f"{indicator.label}（{word}）", indicator.level
    return Cube(
        replace(plan, measures=(measure,)),
        measure.column,
        title,
        unit,
        (*scope, indicator.label),
        several,
        by,
        additive=unit != "%",
    )


def population_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube over the number of inhabitants."""
    tree = scene.vocabulary.regions
    codes = region_scope(meaning, scene)
    if not codes:
        raise refuse(Code.NOT_IN_DATA, "这份数据没有地区和人口。")
    plan = Plan("regions", measures=(Measure("population"),))
    if meaning.level:
        inside = members(codes, meaning.level, tree)
        return Cube(
            plan.where("region_code", *inside),
            "population",
            "常住人口",
            "人",
            (f"{scope_name(meaning, scene)}各地",),
            (),
            ("region_code",),
        )
    apart = len(codes) > 1 and bool(meaning.of(Kind.REGION))
    several = (("region_code", codes),) if apart else ()
    return Cube(
        plan.where("region_code", *codes),
        "population",
        "常住人口",
        "人",
        (scope_name(meaning, scene),),
        several,
    )


def places_cube(meaning: Meaning, scene: Scene) -> Cube:
    """The cube that counts the places of a level, each by itself so that they can be named."""
    tree, name = scene.vocabulary.regions, scope_name(meaning, scene)
    codes = region_scope(meaning, scene)
    of_group = bool(meaning.of(Kind.GROUP)) and not meaning.of(Kind.REGION)
    inside = tuple(code for code in members(codes, meaning.level, tree) if of_group or code not in codes)
    if not inside:
        raise refuse(Code.NOT_IN_DATA, f"{name}没有下一级地区。")
    word = {"city": "市", "county": "县（市、区）"}.get(tree.nodes[inside[0]].level, "地区")
    if meaning.place_tail:
        word = meaning.place_tail
        inside = tuple(code for code in inside if tree.label(code).endswith(word))
        if not inside:
            raise refuse(Code.NOT_IN_DATA, f"{name}没有叫“{word}”的下一级地区。")
    plan = Plan("regions", measures=(Measure("*", Statistic.COUNT),)).where("region_code", *inside)
    return Cube(plan, "rows", f"{word}的个数", "个", (name,), (), ("region_code",))
