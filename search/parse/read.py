"""A meaning becomes a reading: which table, which form of answer, over which period."""

from __future__ import annotations

from dataclasses import replace

from search.parse import cubes, forms, lookups
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Reading
from search.parse.route import Scene, refuse
from search.vocabulary import Kind

_PROJECT_MEASURES = frozenset({"total_investment", "progress", "projects"})
_PEOPLE_MEASURES = frozenset({"cases", "on_time", "on_time_rate", "satisfaction"})


def read_meaning(meaning: Meaning, scene: Scene) -> Reading:
    """Find the reading of a meaning.

    Raises: NoRoute with a refusal when no published table answers it.
    """
    if meaning.has("definition") and (meaning.measure or meaning.has("perhead")):
        return lookups.definition(meaning, scene)
    if meaning.one(Kind.PROJECT) is not None and not _is_contract(meaning):
        return lookups.project(meaning, scene)
    meaning = _with_default_measure(meaning)
    if meaning.one(Kind.INDICATOR) is not None:
        return _indicator(meaning, scene)
    if meaning.measure in _PEOPLE_MEASURES:
        return lookups.participation(meaning, scene)
    if meaning.measure == "withheld":
        return lookups.withheld_total(meaning, scene)
    if meaning.measure in ("target", "actual", "completion") or meaning.subject == "indicator":
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个绩效指标，请写出指标名称，例如“新增养老床位”。")
    _refuse_lookups(meaning)
    cube = _cube(meaning, scene)
    _refuse_leftovers(meaning, cube)
    return forms.shape(cube, meaning, scene)


def _with_default_measure(meaning: Meaning) -> Meaning:
    if meaning.has("population_of") and not meaning.measure:
        return replace(meaning, measure="population", asks=meaning.asks - {"population_of"})
    return meaning


def _indicator(meaning: Meaning, scene: Scene) -> Reading:
    indicator = meaning.one(Kind.INDICATOR)
    if indicator is None:  # pragma: no cover - asked before
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个指标。")
    if len(meaning.of(Kind.INDICATOR)) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个绩效指标。")
    money = meaning.measure in (
        "paid",
        "budget",
        "approved",
        "adjusted",
        "execution_rate",
        "planned",
        "total_investment",
        "contracted",
    )
    if money or meaning.subject in ("contract", "supplier", "project") or meaning.has("perhead"):
        raise refuse(
            Code.NOT_IN_DATA,
            f"“{indicator.label}”是产出指标，没有对应的金额；可以问它完成了多少，或者按科目问支出。",
            f"{_some_year(meaning, scene)}{indicator.label}是多少？",
        )
    lookups.check_indicator_words(meaning, indicator)
    additive = any(
        item.name == indicator.code and item.unit == indicator.level and item.additive
        for item in scene.vocabulary.indicators
    )
    if not additive:
        raise refuse(Code.NOT_IN_DATA, f"“{indicator.label}”不能按地区加总，只能问单个项目的数。")
    return forms.shape(cubes.outputs_cube(meaning, scene, indicator), meaning, scene)


def _some_year(meaning: Meaning, scene: Scene) -> str:
    periods = [time.period for time in meaning.times if time.period is not None]
    return f"{periods[0].start.year if periods else scene.this_year}年"


def _is_contract(meaning: Meaning) -> bool:
    if meaning.subject == "contract" or "contract" in meaning.splits or meaning.measure in ("contracts",):
        return True
    if meaning.of(Kind.METHOD) or "method" in meaning.splits or meaning.has("signed"):
        return True
    return (
        meaning.measure == "contracted" and meaning.subject != "project" and "project" not in meaning.splits
    )


def _is_project(meaning: Meaning) -> bool:
    if meaning.subject == "project" or "project" in meaning.splits or meaning.livelihood or meaning.date_role:
        return True
    if meaning.of(Kind.STATUS, Kind.LIGHT) or {"status", "light"} & set(meaning.splits):
        return True
    return meaning.measure in _PROJECT_MEASURES


def _cube(meaning: Meaning, scene: Scene) -> Cube:
    if meaning.measure == "population":
        return cubes.population_cube(meaning, scene)
    if _is_contract(meaning):
        return cubes.contracts_cube(_contract_of(meaning), scene)
    if _is_project(meaning):
        return cubes.projects_cube(_project_of(meaning), scene)
    if (
        meaning.subject == "supplier"
        or "supplier" in meaning.splits
        or meaning.of(Kind.SUPPLIER)
        or meaning.measure == "suppliers"
    ):
        return cubes.suppliers_cube(_supplier_of(meaning), scene)
    if meaning.measure == "organisations" or (
        meaning.subject == "organisation"
        and not meaning.measure
        and (meaning.has("howmany", "list", "exists"))
    ):
        return cubes.organisations_cube(meaning, scene)
    return _spending(meaning, scene)


def _contract_of(meaning: Meaning) -> Meaning:
    if meaning.measure == "" and (meaning.extreme or meaning.has("howmuch") and not meaning.has("howmany")):
        return replace(meaning, measure="contracted")
    return meaning


def _project_of(meaning: Meaning) -> Meaning:
    if meaning.measure == "" and (
        meaning.extreme or (meaning.has("howmuch") and not meaning.has("howmany", "list", "exists"))
    ):
        return replace(meaning, measure="total_investment")
    return meaning


def _supplier_of(meaning: Meaning) -> Meaning:
    if meaning.measure == "" and (meaning.extreme or meaning.of(Kind.SUPPLIER)):
        return replace(meaning, measure="paid")
    return meaning


def _spending(meaning: Meaning, scene: Scene) -> Cube:
    about = meaning.of(
        Kind.FUNCTION, Kind.SECTOR, Kind.ORGANISATION, Kind.ECONOMIC, Kind.FUND_SOURCE, Kind.PAYEE_GROUP
    )
    if not meaning.measure and not about and not meaning.has("perhead"):
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
    measured = meaning if meaning.measure else replace(meaning, measure="paid")
    return cubes.spending_cube(measured, scene, months=cubes.needs_months(measured))


def _refuse_lookups(meaning: Meaning) -> None:
    """Questions about one thing that was not found: who built it, when it ends, why it is late."""
    if meaning.has(
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
        "who",
    ):
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是哪个项目，请写出项目名称（可以只写一部分）。")


def _refuse_leftovers(meaning: Meaning, cube: Cube) -> None:
    """Words that were read but have no place in this kind of answer."""
    verbs = [verb for verb in meaning.verbs if verb != "do"]
    allowed = {
        "projects": {"build", "repair", "rebuild", "lay", "add"},
        "contracts": {"lay", "add"},
        "suppliers": {"lay"},
    }
    for verb in verbs:
        if verb not in allowed.get(cube.dataset, set()):
            raise refuse(
                Code.NOT_UNDERSTOOD,
                "问题里的动作没有对上任何指标；可以问某个绩效指标完成了多少，或者某个科目支出了多少。",
            )
    physical = [unit for unit in meaning.units if unit in lookups.PHYSICAL_UNITS]
    if physical:
        raise refuse(Code.NOT_UNDERSTOOD, f"没有看懂问的是哪个以“{physical[0]}”计的指标，请写出指标名称。")
    if meaning.subject == "project" and cube.dataset != "projects" and not meaning.of(Kind.PROJECT):
        raise refuse(Code.NOT_IN_DATA, "这个数不按项目公布；可以只问项目数、总投资，或者只问合同。")
    if meaning.negated and cube.dataset != "projects":
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂这里的否定。")
    if meaning.measure == "budget":
        return
