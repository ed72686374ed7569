"""The last look at a reading: everything that was said must have left a trace in it.

Every route checks what it uses. This check knows nothing about routes: it compares the meaning with the plans that
came of it. A thing, a time or a condition without a trace would be a word silently dropped, and the number then a
broader one than was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import Scene, last_whole_month, refuse
from search.plan import Filter, Period, Plan
from search.timewords import describe
from search.vocabulary import Concept, Kind

_WITHOUT_SCOPE = (Form.LOOKUP, Form.DEFINITION)


def refuse_untraced(reading: Reading, meaning: Meaning, scene: Scene) -> None:
    """Refuse a reading in which something that was said cannot be found again.

    Raises: NoRoute naming the first such thing.
    """
    lost = next((word for word in _lost(reading, meaning, scene)), None)
    if lost is not None:
        raise refuse(
            Code.NOT_UNDERSTOOD, f"没有看懂“{lost}”在这里的意思，不敢忽略它来回答；请一次只问一件事。"
        )


def _lost(reading: Reading, meaning: Meaning, scene: Scene) -> Iterator[str]:
    plans = _plans(reading)
    told = _values(plans)
    words = (*reading.scope, reading.base_scope, *reading.notes)
    for concept in _things(meaning):
        if concept.code in told or _is_settled(concept, reading, scene):
            continue
        if not any(concept.label.removesuffix("支出") in part for part in words):
            yield concept.label
    yield from (
        describe(period) for period in _periods(meaning) if not _has_time(period, reading, plans, scene)
    )
    if meaning.baseline is not None and reading.base_period is None:
        yield describe(meaning.baseline.period) if meaning.baseline.period is not None else "同期"
    columns = {item.column for item in _filters(plans)}
    for said in (meaning, *((meaning.whole,) if meaning.whole is not None else ())):
        if said.date_role and said.date_role not in columns and reading.attribute not in _DATES:
            yield _ROLES[said.date_role]
        if said.livelihood and "livelihood" not in columns:
            yield "民生"
    yield from _lost_members(reading, meaning)
    yield from _lost_whole(reading, meaning)
    if "project" in _subjects_of_whole(meaning) and reading.plan.dataset not in _ABOUT_PROJECTS:
        yield "项目"


_MEMBERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "contract": ("合同", ("contract_id",)),
    "project": ("项目", ("project_id", "subject_id")),
    "supplier": ("供应商", ("supplier_id",)),
    "organisation": ("单位", ("org_id", "subject_id")),
    "function": ("科目", ("function_code", "sector")),
    "sector": ("部门", ("sector",)),
    "fund_source": ("资金来源", ("fund_source",)),
    "payee_group": ("收款方", ("payee_group", "kind")),
    "economic": ("经济分类", ("economic_code",)),
    "method": ("采购方式", ("method",)),
    "status": ("状态", ("status",)),
    "light": ("预警灯", ("light",)),
}
"""What each of something is called, and the columns of which one makes the groups of a plan then."""
_OF_ROWS = (Form.LOOKUP, Form.DEFINITION, Form.LIST)


def _lost_members(reading: Reading, meaning: Meaning) -> Iterator[str]:
    """哪个单位 and 每份合同 ask for many numbers, or for one of many: the groups of the plan must be theirs."""
    groups = set(reading.plan.group_by)
    if reading.form in _OF_ROWS or meaning.has("average"):
        return
    for split in meaning.splits:
        title, columns = _MEMBERS.get(split, ("", ()))
        if columns and groups.isdisjoint(columns):
            yield title
    by_place = {"region_code", "subject_id"} & groups and "project" not in meaning.subjects
    if meaning.level and not by_place and "region_code" not in groups:
        yield "地区"
    if reading.form is not Form.TOP:
        return
    if len(groups) > 1 and not meaning.splits:
        yield "最"  # of pairs, where one thing was asked for
    kinds = {item.kind for item in _things(meaning)}
    for subject, kind in (("organisation", Kind.ORGANISATION), ("supplier", Kind.SUPPLIER)):
        if subject in meaning.subjects and kind not in kinds and groups.isdisjoint(_MEMBERS[subject][1]):
            yield _MEMBERS[subject][0]


_WHOLES = {
    "budget": "预算",
    "approved": "年初预算",
    "adjusted": "调整预算",
    "contracted": "合同金额",
    "paid": "支出",
}


def _lost_whole(reading: Reading, meaning: Meaning) -> Iterator[str]:
    """付款占合同比例: the whole is measured as it was said, and not as the part is."""
    measure = meaning.whole.measure if meaning.whole is not None else ""
    base = {item.name for item in reading.base.measures} if reading.base is not None else set()
    base |= {"contracted"} if "amount" in base else set()  # what a contract is for, as its own table calls it
    if measure in _WHOLES and base and measure not in base:
        yield _WHOLES[measure]
    of_contracts = reading.base is None or reading.base.dataset == "contracts"
    if "contract" in _subjects_of_whole(meaning) and not of_contracts:
        yield "合同"


_ABOUT_PROJECTS = frozenset({"projects", "contracts", "indicators", "outputs"})


def _subjects_of_whole(meaning: Meaning) -> tuple[str, ...]:
    return meaning.whole.subjects if meaning.whole is not None else ()


_DATES = ("starts_on", "ended_on", "late")
_ROLES = {"starts_on": "开工", "ended_on": "完工", "planned_end": "计划完工"}


def _plans(reading: Reading) -> tuple[Plan, ...]:
    return (reading.plan, *((reading.base,) if reading.base is not None else ()))


def _filters(plans: tuple[Plan, ...]) -> tuple[Filter, ...]:
    return tuple(item for plan in plans for item in (*plan.filters, *plan.having))


def _values(plans: tuple[Plan, ...]) -> frozenset[str]:
    return frozenset(value for item in _filters(plans) for value in item.values)


def _things(meaning: Meaning) -> tuple[Concept, ...]:
    among = (meaning.among,) if meaning.among is not None else ()
    whole = meaning.whole.things if meaning.whole is not None else ()
    return (*meaning.things, *whole, *meaning.excluded, *among)


_BESIDE_A_PROJECT = frozenset(
    {Kind.REGION, Kind.STATUS}
)  # its place was checked, its state changes no number of it


def _is_settled(concept: Concept, reading: Reading, scene: Scene) -> bool:
    """Whether a thing needs no trace: everything there is, the subject itself, or what stands beside one project."""
    subject = reading.subject
    if concept.kind is Kind.STATUS and reading.plan.dataset == "outputs":
        return True  # 建成了多少: what an indicator reports is completed
    if concept.code == scene.vocabulary.root or reading.form in _WITHOUT_SCOPE:
        return True
    if subject is None:
        return False
    return subject.code == concept.code or (
        subject.kind is Kind.PROJECT and concept.kind in _BESIDE_A_PROJECT
    )


def _periods(meaning: Meaning) -> Iterator[Period]:
    whole = meaning.whole.times if meaning.whole is not None else ()
    for time in (*meaning.times, *whole):
        if time.period is not None:
            yield time.period


def _has_time(period: Period, reading: Reading, plans: tuple[Plan, ...], scene: Scene) -> bool:
    """Whether a time is a period of the reading, one of the years or days in it, or the running part of one."""
    if reading.form in _WITHOUT_SCOPE:
        return True
    so_far = period.end >= last_whole_month(scene)  # the running year, said as far as it is known
    spans = {plan.period for plan in plans} | {reading.period, reading.base_period}
    for span in spans:
        if span is not None and span.start == period.start and (span.end <= period.end or so_far):
            return True
    values = _values(plans)
    return period.start.isoformat() in values or (period.is_whole_years and str(period.start.year) in values)
