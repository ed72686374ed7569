"""A meaning becomes a reading: which table, which form of answer, over which period."""

from __future__ import annotations

from dataclasses import replace

from search.parse import cubes, excluding, forms, lookups, row_cubes
from search.parse.cubes import Cube
from search.parse.defaults import with_default_measure
from search.parse.grouping import with_group
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Reading
from search.parse.participation import PEOPLE_MEASURES, participation
from search.parse.route import Scene, last_whole_month, refuse
from search.timewords import year_period
from search.vocabulary import Kind

_PROJECT_MEASURES = frozenset({"total_investment", "progress", "projects"})


def read_meaning(meaning: Meaning, scene: Scene) -> Reading:
    """Find the reading of a meaning.

    Raises: NoRoute with a refusal when no published table answers it.
    """
    lookup = meaning.has("definition") and (meaning.measure or meaning.has("perhead"))
    if lookup:
        return lookups.definition(meaning, scene)
    if meaning.one(Kind.PROJECT) is not None and not _is_contract(meaning):
        return lookups.project(meaning, scene)
    meaning = with_default_measure(with_group(meaning, scene))
    meaning = _with_running_year(_with_outer_place(meaning, scene), scene)
    if meaning.measure in PEOPLE_MEASURES:
        return participation(meaning, scene)
    if meaning.measure == "withheld" and not meaning.has("howmuch", "money"):
        raise refuse(Code.WITHHELD, "依规不公开的数这里没有，也推算不出来；可以问不公开的金额一共有多少。")
    if meaning.measure == "withheld":
        return lookups.withheld_total(meaning, scene)
    if meaning.one(Kind.INDICATOR) is not None:
        return _indicator(meaning, scene)
    if meaning.measure in ("target", "actual", "completion") or meaning.subject == "indicator":
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个绩效指标，请写出指标名称，例如“新增养老床位”。")
    _refuse_lookups(meaning)
    return _shaped(_cube(meaning, scene), meaning, scene)


def _shaped(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    _refuse_leftovers(meaning, cube)
    if meaning.excluded or meaning.own:
        return excluding.rest_reading(cube, meaning, scene, forms.shape)
    return forms.shape(cube, meaning, scene)


def _with_outer_place(meaning: Meaning, scene: Scene) -> Meaning:
    """在全省排第几, 在全省占多少: the outer place is what the inner one is ranked in or compared with, not added to."""
    places = meaning.of(Kind.REGION)
    tree = scene.vocabulary.regions
    if (
        meaning.has("rank")
        and len(places) == 1
        and meaning.level in (tree.nodes[places[0].code].level, "any")
    ):
        return replace(meaning, level="")
    if len(places) != 2 or not (meaning.has("rank", "share") or meaning.whole is not None):
        return meaning
    for inner, outer in (places, places[::-1]):
        if inner.code != outer.code and tree.is_below(inner.code, outer.code):
            rest = replace(
                meaning, things=tuple(item for item in meaning.things if item is not outer), level=""
            )
            if meaning.has("rank"):
                return replace(rest, among=outer)
            whole = meaning.whole or Meaning()
            return replace(rest, whole=replace(whole, things=(outer, *whole.things)))
    return meaning


_MEASURES_OF_OUTPUTS = frozenset({"", "target", "actual", "completion", "projects"})


def _indicator(meaning: Meaning, scene: Scene) -> Reading:
    indicator = meaning.one(Kind.INDICATOR)
    if indicator is None:  # pragma: no cover - asked before
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个指标。")
    if len(meaning.of(Kind.INDICATOR)) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个绩效指标。")
    if all(item.code == "completed" for item in meaning.of(Kind.STATUS)) and not meaning.negated:
        kept = tuple(item for item in meaning.things if item.kind is not Kind.STATUS)
        meaning = replace(meaning, things=kept)  # 建成了多少: what an indicator reports is completed
    other = meaning.measure not in _MEASURES_OF_OUTPUTS
    if other or meaning.subject in ("contract", "supplier", "project") or meaning.has("perhead"):
        raise refuse(
            Code.NOT_IN_DATA,
            f"“{indicator.label}”是产出指标，没有对应的金额、进度或人数；可以问它完成了多少，或者按科目问支出。",
            f"{_some_year(meaning, scene)}{indicator.label}是多少？",
        )
    counted = meaning.measure in ("completion", "") and bool(meaning.units)
    if counted and (meaning.measure or meaning.has("status")):
        # 建了多少公里，完成目标没有: the number, beside which target and rate are told
        meaning = replace(meaning, measure="actual", asks=meaning.asks - {"status", "share"})
    if meaning.has("status"):  # 任务完成了没有: by what part
        settled = meaning.measure in ("", "target", "actual", "completion")
        meaning = replace(
            meaning, asks=meaning.asks - {"status"}, measure="completion" if settled else meaning.measure
        )
    lookups.check_indicator_words(meaning, indicator, scene)
    if meaning.less and not meaning.versus and meaning.baseline is None and indicator.loose:
        raise refuse(
            Code.NOT_IN_DATA,
            f"“{indicator.label}”只有每年完成了多少，没有减少了多少；要和上一年比，请写明和哪一年相比。",
            f"{_some_year(meaning, scene)}{indicator.label}是多少？",
        )
    plain = not meaning.versus and meaning.baseline is None and len(meaning.times) < 2
    if meaning.change == "difference" and plain and indicator.loose and indicator.detail.startswith("新增"):
        meaning = replace(
            meaning, change=""
        )  # 增加了多少公办学位 asks for what is new, not for a change of it
    additive = any(
        item.name == indicator.code and item.unit == indicator.level and item.additive
        for item in scene.vocabulary.indicators
    )
    if not additive:
        raise refuse(Code.NOT_IN_DATA, f"“{indicator.label}”不能按地区加总，只能问单个项目的数。")
    return _shaped(row_cubes.outputs_cube(meaning, scene, indicator), meaning, scene)


def _some_year(meaning: Meaning, scene: Scene) -> str:
    periods = [time.period for time in meaning.times if time.period is not None]
    return f"{periods[0].start.year if periods else scene.this_year}年"


_BESIDE_A_PURCHASE = frozenset(
    {Kind.REGION, Kind.GROUP, Kind.SECTOR, Kind.ORGANISATION, Kind.METHOD, Kind.SUPPLIER}
)


def _is_purchase(meaning: Meaning) -> bool:
    """采购了多少钱: purchases are contracts, unless a thing was bought that an indicator counts."""
    bought = any(word.startswith("采购") for word in meaning.verb_words)
    return bought and all(item.kind in _BESIDE_A_PURCHASE for item in meaning.things) and not meaning.measure


def _is_kind_of_supplier(meaning: Meaning) -> bool:
    """事业单位供应商的合同金额: kinds stand in the table of suppliers, which knows their sums but no dates."""
    kinds = meaning.of(Kind.PAYEE_GROUP) or "payee_group" in meaning.splits
    return bool(kinds) and "supplier" in meaning.subjects and "contract" not in meaning.splits


def _is_contract(meaning: Meaning) -> bool:
    if _is_kind_of_supplier(meaning):
        return False
    if _is_purchase(meaning) or _is_won_in_a_year(meaning):
        return True
    if meaning.subject == "contract" or "contract" in meaning.splits or meaning.measure == "contracts":
        return True
    if meaning.of(Kind.METHOD) or "method" in meaning.splits or meaning.has("signed"):
        return True
    if any(name == "contracted" for name, _ in meaning.conditions) and meaning.subject != "project":
        return True
    return (
        meaning.measure == "contracted" and meaning.subject != "project" and "project" not in meaning.splits
    )


def _is_project(meaning: Meaning) -> bool:
    if meaning.subject == "project" or "project" in meaning.splits or meaning.livelihood or meaning.date_role:
        return True
    if meaning.of(Kind.STATUS, Kind.LIGHT) or {"status", "light"} & set(meaning.splits):
        return True
    if any(name in _PROJECT_MEASURES for name, _ in meaning.conditions):
        return True
    return meaning.measure in _PROJECT_MEASURES


_OF_REGIONS = {"population": row_cubes.population_cube, "places": row_cubes.places_cube}


def _cube(meaning: Meaning, scene: Scene) -> Cube:
    if meaning.measure in _OF_REGIONS:
        return _OF_REGIONS[meaning.measure](meaning, scene)
    if _is_contract(meaning):
        return row_cubes.contracts_cube(_contract_of(meaning), scene)
    if _is_project(meaning):
        return row_cubes.projects_cube(_project_of(meaning), scene)
    if (
        meaning.subject == "supplier"
        or "supplier" in meaning.splits
        or meaning.of(Kind.SUPPLIER)
        or meaning.measure == "suppliers"
    ):
        return row_cubes.suppliers_cube(_supplier_of(meaning), scene)
    if meaning.measure == "organisations" or (
        meaning.subject == "organisation"
        and not meaning.measure
        and (meaning.has("howmany", "list", "exists", "howmuch") and not meaning.has("money"))
    ):
        return row_cubes.organisations_cube(meaning, scene)
    return _spending(meaning, scene)


def _is_won_in_a_year(meaning: Meaning) -> bool:
    """去年的前五大中标企业: what suppliers won in a year is known by the signing of their contracts."""
    asked = bool(meaning.times) and bool(meaning.extreme) and not meaning.measure
    asked = asked and "contract" not in meaning.subjects
    return "supplier" in meaning.subjects and asked


def _contract_of(meaning: Meaning) -> Meaning:
    if _is_won_in_a_year(meaning):
        return replace(
            meaning, measure="contracted", splits=tuple(dict.fromkeys((*meaning.splits, "supplier")))
        )
    picked = meaning.extreme or meaning.conditions
    among_units = set(meaning.subjects) - {"contract"} == {"organisation"} and not meaning.splits
    if picked and among_units and not meaning.of(Kind.ORGANISATION):  # 签合同最多的单位
        meaning = replace(meaning, splits=("organisation",))
    over_groups = (
        meaning.level
        or {"sector", "organisation", "method", "supplier"} & set(meaning.splits)
        or meaning.subjects[-1:] == ("supplier",)
    )
    if meaning.measure == "" and (meaning.has("money", "average") or (meaning.extreme and not over_groups)):
        meaning = replace(meaning, measure="contracted")
    if "supplier" in meaning.subjects and "supplier" not in meaning.splits and picked:
        meaning = replace(meaning, splits=(*meaning.splits, "supplier"))
    by_amount = any(name in ("", "contracted") for name, _ in meaning.conditions)
    if "supplier" in meaning.splits and by_amount and not meaning.measure:
        meaning = replace(meaning, measure="contracted")
    return meaning


def _project_of(meaning: Meaning) -> Meaning:
    if meaning.spent and not meaning.measure and not meaning.has("howmany"):
        return replace(meaning, measure="paid")
    over_groups = meaning.level or {"sector", "organisation", "status", "light"} & set(meaning.splits)
    if meaning.measure == "" and (meaning.has("money", "average") or (meaning.extreme and not over_groups)):
        return replace(meaning, measure="total_investment")
    return meaning


def _supplier_of(meaning: Meaning) -> Meaning:
    if "contract" in meaning.subjects and not meaning.measure:
        return replace(meaning, measure="contracted" if meaning.has("money") else "contracts")
    if meaning.measure == "" and (meaning.extreme or meaning.of(Kind.SUPPLIER)):
        return replace(meaning, measure="paid")
    return meaning


def _spending(meaning: Meaning, scene: Scene) -> Cube:
    about = meaning.of(
        Kind.FUNCTION, Kind.SECTOR, Kind.ORGANISATION, Kind.ECONOMIC, Kind.FUND_SOURCE, Kind.PAYEE_GROUP
    )
    by_condition = any(name for name, _ in meaning.conditions)
    if not meaning.measure and not about and not meaning.has("perhead") and not by_condition:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要问哪个数：支出、年初预算、调整预算、执行率、项目数、合同金额，还是某个绩效指标？",
        )
    if (
        meaning.subject == "organisation"
        and not meaning.of(Kind.ORGANISATION)
        and "organisation" not in meaning.splits
    ):
        if not (
            meaning.extreme
            or meaning.conditions
            or meaning.has("rank", "which", "average", "howmany", "list")
        ):
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个单位，请写出单位名称。")
        meaning = replace(meaning, splits=(*meaning.splits, "organisation"))
    named = next(
        (
            name
            for name, _ in meaning.conditions
            if name in ("paid", "approved", "adjusted", "execution_rate", "planned")
        ),
        "paid",
    )
    measured = meaning if meaning.measure else replace(meaning, measure=named)
    return cubes.spending_cube(measured, scene, months=cubes.needs_months(measured))


_YEARLY = frozenset({"execution_rate", "approved", "adjusted"})


def _with_running_year(meaning: Meaning, scene: Scene) -> Meaning:
    """截至2026年10月底的执行率: the year so far is all there is of the running year."""
    if meaning.measure not in _YEARLY or len(meaning.times) != 1 or meaning.times[0].period is None:
        return meaning
    period = meaning.times[0].period
    begins = (period.start.month, period.start.day) == (1, 1) and period.start.year == scene.as_of.year
    if not begins or period.end.year != scene.as_of.year or period.end < last_whole_month(scene):
        return meaning
    return replace(meaning, times=(replace(meaning.times[0], period=year_period(period.start.year)),))


_LOOKUPS = (
    "owner",
    "contractor",
    "late",
    "lamp",
    "policy",
    "about",
    "place",
    "status",
    "start",
    "end",
    "when",
)


def _refuse_lookups(meaning: Meaning) -> None:
    """Questions about one thing that was not found: who built it, when it ends, why it is late."""
    compared = meaning.has("larger", "smaller", "times") or meaning.change or meaning.extreme
    if meaning.has(*_LOOKUPS) or (meaning.has("who") and not compared):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个项目，请写出项目名称（可以只写一部分）。")


_PLACES = frozenset({Kind.REGION, Kind.GROUP})
_USED_KINDS: dict[str, frozenset[Kind]] = {
    "spending": _PLACES | {Kind.FUNCTION},
    "spending_monthly": _PLACES | {Kind.FUNCTION},
    "spending_by_organisation": _PLACES | {Kind.SECTOR, Kind.ORGANISATION, Kind.ECONOMIC},
    "fund_flow": _PLACES | {Kind.SECTOR, Kind.FUND_SOURCE, Kind.PAYEE_GROUP},
    "projects": _PLACES
    | {Kind.PROJECT_KIND, Kind.SECTOR, Kind.ORGANISATION, Kind.FUNCTION, Kind.STATUS, Kind.LIGHT},
    "contracts": _PLACES | {Kind.SECTOR, Kind.ORGANISATION, Kind.SUPPLIER, Kind.METHOD, Kind.PROJECT},
    "suppliers": _PLACES | {Kind.SUPPLIER, Kind.PAYEE_GROUP},
    "organisations": _PLACES | {Kind.SECTOR},
    "outputs": _PLACES | {Kind.INDICATOR},
    "regions": _PLACES,
}
_TIMES = frozenset({"year", "month", "quarter"})
_USED_SPLITS: dict[str, frozenset[str]] = {
    "spending": _TIMES | {"function"},
    "spending_monthly": _TIMES | {"function"},
    "spending_by_organisation": _TIMES | {"sector", "organisation", "economic"},
    "fund_flow": _TIMES | {"sector", "fund_source", "payee_group"},
    "projects": frozenset({"sector", "function", "organisation", "status", "light", "project"}),
    "contracts": _TIMES | {"supplier", "method", "organisation", "sector", "contract", "project"},
    "suppliers": frozenset({"supplier", "payee_group"}),
    "organisations": frozenset({"sector", "organisation"}),
    "outputs": _TIMES,
    "regions": frozenset(),
}
_SUBJECTS: dict[str, frozenset[str]] = {
    "projects": frozenset({"project"}),
    "contracts": frozenset({"contract", "supplier", "organisation"}),
    "suppliers": frozenset({"supplier"}),
    "organisations": frozenset({"organisation"}),
    "spending_by_organisation": frozenset({"organisation"}),
    "outputs": frozenset({"indicator"}),
}
_DONE = frozenset(
    {"建了", "修建了", "新建了", "建设了", "建成了", "修了", "built", "采购了", "购置了", "买了", "采购"}
)


def _refuse_leftovers(meaning: Meaning, cube: Cube) -> None:
    """Words that were read but have no place in this table: they might have narrowed the answer.

    Raises: NoRoute naming one of them.
    """
    strange = next((item for item in meaning.things if item.kind not in _USED_KINDS[cube.dataset]), None)
    if strange is not None:
        raise refuse(Code.NOT_IN_DATA, f"公开的表里，{cube.title}不按“{strange.label}”区分。")
    if set(meaning.splits) - _USED_SPLITS[cube.dataset]:
        raise refuse(Code.NOT_IN_DATA, f"公开的表里，{cube.title}没有这样的分法。")
    told = _SUBJECTS.get(cube.dataset, frozenset())
    if cube.dataset == "suppliers" and cube.column in ("amount", "contracts"):
        told |= {"contract"}
    if any(subject not in told for subject in meaning.subjects):
        raise refuse(Code.NOT_IN_DATA, f"{cube.title}不按项目、合同、供应商或单位这样公布；请只问其中一样。")
    if meaning.has("perhead") and cube.unit != "元/人":
        raise refuse(
            Code.NOT_IN_DATA, f"没有“人均{cube.title}”这个指标；人均数只有支出和预算的，按地区公布。"
        )
    _refuse_idle_subjects(meaning, cube)
    if cube.dataset == "suppliers" and meaning.level:
        raise refuse(Code.NOT_IN_DATA, "供应商不按市、县汇总。")
    if cube.dataset != "projects" and (meaning.livelihood or meaning.date_role or meaning.negated):
        raise refuse(Code.NOT_UNDERSTOOD, "问题里有只对项目才有意义的条件，和要问的数对不上。")
    _refuse_actions(meaning, cube)


def _refuse_idle_subjects(meaning: Meaning, cube: Cube) -> None:
    """单位 and 供应商 beside another subject must be named or asked one by one."""
    if len(meaning.subjects) < 2:
        return
    for subject, column, kind in (
        ("organisation", "org_id", Kind.ORGANISATION),
        ("supplier", "supplier_id", Kind.SUPPLIER),
    ):
        asked = subject in meaning.splits or column in cube.by or cube.dataset == "suppliers"
        if subject in meaning.subjects and not asked and not meaning.of(kind):
            raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个单位或供应商，请写出名称。")


def _refuse_actions(meaning: Meaning, cube: Cube) -> None:
    counted = cube.dataset in ("projects", "contracts", "outputs")
    for verb, word in zip(meaning.verbs, meaning.verb_words, strict=True):
        if word.startswith("发") and cube.column == "paid" and meaning.of(Kind.FUNCTION, Kind.PAYEE_GROUP):
            continue  # 低保发了多少: what was given out was spent
        if verb != "do" and not (cube.dataset == "outputs" or (counted and word in _DONE)):
            raise refuse(
                Code.NOT_UNDERSTOOD,
                f"“{word}”没有对上任何指标；可以问某个绩效指标完成了多少，或者某个科目支出了多少。",
            )
    physical = [unit for unit in meaning.units if unit in lookups.PHYSICAL_UNITS]
    if physical and cube.dataset != "outputs":
        raise refuse(Code.NOT_UNDERSTOOD, f"没有看懂问的是哪个以“{physical[0]}”计的指标，请写出指标名称。")
