"""Questions about one thing: a project's dates, builder, lateness, money; what a metric means; how people took part."""

from __future__ import annotations

from dataclasses import replace

from search.parse.meaning import Meaning
from search.parse.measures import measure_title
from search.parse.outcome import Code, Form, Reading
from search.parse.resolve import unit_fits, verb_fits
from search.parse.route import Scene, is_whole, refuse, region_scope, span_of
from search.plan import Measure, Plan, Statistic
from search.timewords import describe
from search.vocabulary import Concept, Kind

PHYSICAL_UNITS = frozenset(
    [
        "公里",
        "千米",
        "km",
        "kilometers",
        "kilometres",
        "平方米",
        "平米",
        "亩",
        "万亩",
        "吨",
        "万吨",
        "公顷",
        "米",
        "张",
        "床",
        "套",
        "户",
        "人次",
        "万人次",
        "台",
        "辆",
        "吨/日",
        "万吨/日",
        "立方米",
        "万立方米",
        "门",
        "期",
        "棵",
        "株",
        "所",
        "座",
    ]
)
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("contractor", "contractor"),
    ("late", "late"),
    ("owner", "org_name"),
    ("place", "address"),
    ("start", "starts_on"),
    ("end", "ended_on"),
    ("lamp", "light"),
    ("status", "status"),
    ("policy", "policy_id"),
    ("about", "description"),
)
_ATTRIBUTE_TITLES = {
    "contractor": "承建（供货）单位",
    "late": "进度与预警原因",
    "org_name": "负责单位",
    "address": "地点",
    "starts_on": "开工（启动）日期",
    "ended_on": "完工日期",
    "light": "预警灯",
    "status": "状态",
    "policy_id": "政策依据",
    "description": "概况",
}
_PROJECT_MONEY = frozenset(
    {"total_investment", "approved", "adjusted", "paid", "contracted", "execution_rate", "progress"}
)


def project(meaning: Meaning, scene: Scene) -> Reading:
    """A question about one project that was found by its name.

    Raises: NoRoute when the table of projects does not know what is asked.
    """
    concept = meaning.one(Kind.PROJECT)
    if concept is None or len(meaning.of(Kind.PROJECT)) > 1:
        raise refuse(Code.NOT_UNDERSTOOD, "一次只能问一个项目。")
    indicator = meaning.one(Kind.INDICATOR)
    if indicator is not None or meaning.measure in ("target", "actual", "completion"):
        return _project_indicator(meaning, scene, concept, indicator)
    attribute = _attribute(meaning)
    _refuse_more(meaning, attribute, scene)
    plan = Plan("projects").where("project_id", concept.code)
    if attribute == "contractor":
        plan = Plan("contracts").where("project_id", concept.code)
    if attribute:
        return Reading(
            Form.LOOKUP,
            plan,
            attribute,
            (concept.label, _ATTRIBUTE_TITLES[attribute]),
            subject=concept,
            attribute=attribute,
        )
    return _project_money(meaning, scene, concept, plan)


def _attribute(meaning: Meaning) -> str:
    if meaning.has("when") and meaning.date_role:
        return "starts_on" if meaning.date_role == "starts_on" else "ended_on"
    if meaning.has("when") and meaning.one(Kind.STATUS) is not None:
        return "ended_on"
    return next((column for ask, column in _ATTRIBUTES if meaning.has(ask)), "")


_BESIDE_A_PROJECT = frozenset(
    {Kind.PROJECT, Kind.INDICATOR, Kind.STATUS, Kind.REGION, Kind.ORGANISATION, Kind.SUPPLIER}
)


_OF_LAMPS = frozenset({"late", "lamp", "light"})  # 为什么亮橙灯: the lamp that is on is told with its reason


def _refuse_more(meaning: Meaning, attribute: str, scene: Scene) -> None:
    """Whatever else was said about the project must be something that can be answered.

    Raises: NoRoute when it is not.
    """
    beside = _BESIDE_A_PROJECT | ({Kind.LIGHT} if attribute in _OF_LAMPS else frozenset())
    strange = next((item for item in meaning.things if item.kind not in beside), None)
    if strange is not None:
        raise refuse(Code.NOT_IN_DATA, f"单个项目没有按“{strange.label}”分的数。")
    described = attribute or not (meaning.measure or meaning.has("howmuch", "money"))
    if described and meaning.times:
        raise refuse(Code.NOT_UNDERSTOOD, "项目的登记信息不分年度，请去掉时间再问。")
    if not attribute and not meaning.measure and meaning.asks - {"howmuch", "money", "which", "list"}:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂要问这个项目的什么；可以问它的预算、支出、执行率、进度、工期、负责单位和合同。",
        )
    _refuse_another_project(meaning)
    if meaning.extreme or meaning.conditions or meaning.level or meaning.splits:
        raise refuse(
            Code.NOT_UNDERSTOOD, "单个项目不能排名或者分组；可以问它的预算、支出、执行率、进度和工期。"
        )
    places = [item for item in meaning.of(Kind.REGION) if item.code != scene.vocabulary.root]
    project = meaning.one(Kind.PROJECT)
    if project is not None and any(
        not scene.vocabulary.regions.is_below(project.parent or "", place.code) for place in places
    ):
        raise refuse(Code.NOT_IN_DATA, f"{project.label}不在{places[0].label}。")


_WHAT_IS_DONE = 2


def _refuse_another_project(meaning: Meaning) -> None:
    """水库新建工程 is not 水库除险加固工程: what was done is a piece of the name, or mere doing (修, 建)."""
    project = meaning.one(Kind.PROJECT)
    name = project.label if project is not None else ""
    strange = next(
        (
            word
            for word in meaning.verb_words
            if len(word.removesuffix("了")) >= _WHAT_IS_DONE and word.removesuffix("了") not in name
        ),
        None,
    )
    if strange is not None and strange.removesuffix("了") not in (
        "建设",
        "修建",
        "建成",
        "修好",
        "修通",
        "实施",
    ):
        raise refuse(
            Code.NOT_UNDERSTOOD, f"{name}的名称里没有“{strange}”，可能是另一个项目，请写出完整的名称。"
        )
    if meaning.own or meaning.excluded or meaning.negated or meaning.livelihood:
        raise refuse(Code.NOT_UNDERSTOOD, "问题里有单个项目用不上的条件，不敢忽略它来回答。")


def _project_money(meaning: Meaning, scene: Scene, concept: Concept, plan: Plan) -> Reading:
    measure = meaning.measure or ("paid" if meaning.has("howmuch", "money") else "")
    if meaning.change or meaning.versus or meaning.has("rank", "share", "perhead", "trend"):
        raise refuse(Code.NOT_IN_DATA, "单个项目没有这样的统计；可以问它的预算、支出、执行率、进度和工期。")
    if measure == "contracts":
        counted = Plan("contracts", measures=(Measure("*", Statistic.COUNT),)).where(
            "project_id", concept.code
        )
        return Reading(Form.COUNT, counted, "rows", (concept.label, "合同数"), subject=concept, unit="份")
    if not measure:
        return Reading(
            Form.LOOKUP,
            plan,
            "description",
            (concept.label, "概况"),
            subject=concept,
            attribute="description",
        )
    if meaning.times:
        return _project_in_period(meaning, scene, concept, measure)
    if measure not in _PROJECT_MONEY:
        raise refuse(Code.NOT_IN_DATA, f"项目没有“{measure_title(measure)}”这一项。")
    unit = "%" if measure in ("execution_rate", "progress") else "元"
    return Reading(
        Form.AMOUNT,
        replace(plan, measures=(Measure(measure),)),
        measure,
        (concept.label, measure_title(measure)),
        subject=concept,
        unit=unit,
    )


def _project_in_period(meaning: Meaning, scene: Scene, concept: Concept, measure: str) -> Reading:
    if measure != "paid":
        raise refuse(
            Code.NOT_IN_DATA,
            f"单个项目的{measure_title(measure)}没有分年的数；可以去掉时间再问，或者问它的支出。",
        )
    span = span_of(meaning, scene, "project_months")
    plan = Plan("project_months", measures=(Measure("paid"),), period=span.period).where(
        "project_id", concept.code
    )
    notes = (span.note,) if span.note else ()
    return Reading(
        Form.AMOUNT,
        plan,
        "paid",
        (describe(span.period), concept.label, "支出"),
        subject=concept,
        unit="元",
        period=span.period,
        notes=notes,
    )


def _project_indicator(
    meaning: Meaning, scene: Scene, concept: Concept, indicator: Concept | None
) -> Reading:
    if not scene.vocabulary.has("indicators"):
        raise refuse(Code.NOT_IN_DATA, "这一版数据没有绩效指标。")
    plan = Plan("indicators").where("project_id", concept.code)
    if indicator is None:
        return Reading(Form.LIST, plan, "actual", (concept.label, "绩效指标"), subject=concept, unit="项")
    measure = meaning.measure if meaning.measure in ("target", "completion") else "actual"
    span = span_of(meaning, scene, "indicators") if meaning.times else None
    plan = replace(
        plan.where("indicator", indicator.code),
        measures=(Measure(measure),),
        period=span.period if span else None,
    )
    unit = "%" if measure == "completion" else indicator.level
    times = (describe(span.period),) if span else ()
    word = {"target": "目标值", "completion": "目标完成率"}.get(measure, "实际完成")
    return Reading(
        Form.AMOUNT,
        plan,
        measure,
        (*times, concept.label, f"{indicator.label}（{word}）"),
        subject=concept,
        unit=unit,
        period=span.period if span else None,
    )


_SAID = frozenset({"target", "actual", "completion"})


def check_indicator_words(meaning: Meaning, indicator: Concept, scene: Scene) -> None:
    """The verb and the unit of the question must fit the indicator: what was repaired is not what was built.

    Raises: NoRoute when they do not.
    """
    for unit in meaning.units:
        if not unit_fits(unit, indicator.level):
            raise refuse(
                Code.NOT_IN_DATA,
                f"“{indicator.label}”以“{indicator.level}”计，没有以“{unit}”计的数。",
                f"{indicator.label}是多少{indicator.level}？",
            )
    if not indicator.loose:
        return
    if meaning.has("stock") and indicator.detail and not meaning.verbs and meaning.measure not in _SAID:
        raise refuse(
            Code.NOT_IN_DATA,
            f"数据里只有每年的“{indicator.label}”，没有一共有多少的总数。",
            f"{scene.this_year - 1}年{indicator.label}是多少{indicator.level}？",
        )
    for verb in meaning.verbs:
        if not verb_fits(verb, indicator.detail):
            raise refuse(
                Code.NOT_IN_DATA,
                f"数据里有“{indicator.label}”，和问题里的动作对不上，不敢用它来回答。",
                f"{indicator.label}是多少{indicator.level}？",
            )


# ---------------------------------------------------------------- metrics, participation, coverage


def definition(meaning: Meaning, scene: Scene) -> Reading:
    """What a metric means and how it is computed: text from the metric dictionary, no number."""
    del scene
    name = "paid_per_head" if meaning.has("perhead") else meaning.measure
    return Reading(
        Form.DEFINITION,
        Plan("spending"),
        name,
        (measure_title(name) if name != "paid_per_head" else "人均支出",),
    )


def withheld_total(meaning: Meaning, scene: Scene) -> Reading:
    """How much of the spending is contained in totals but not published by itself: from the coverage ledger."""
    if not scene.vocabulary.has("coverage"):
        raise refuse(Code.NOT_IN_DATA, "这一版数据没有覆盖对账表。")
    plain = is_whole(region_scope(meaning, scene), scene) and not [
        item for item in meaning.things if item.kind is not Kind.REGION
    ]
    if not plain or meaning.level or meaning.splits or meaning.conditions or meaning.extreme:
        raise refuse(
            Code.WITHHELD,
            "不公开的金额只按数据集和年度汇总，不按地区、科目或单位列出。",
            "去年依规不公开的支出一共有多少？",
        )
    span = span_of(meaning, scene, "coverage")
    plan = (
        Plan("coverage", measures=(Measure("withheld"),), period=span.period)
        .where("dataset", "spending")
        .where("measure", "paid")
    )
    notes = (span.note,) if span.note else ()
    return Reading(
        Form.AMOUNT,
        plan,
        "withheld",
        (describe(span.period), "地区支出表里依规不公开（包含在合计里）的支出"),
        unit="元",
        period=span.period,
        notes=notes,
    )
