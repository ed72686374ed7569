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
    yield from _lost_splits(reading, meaning)
    if "project" in _subjects_of_whole(meaning) and reading.plan.dataset not in _ABOUT_PROJECTS:
        yield "项目"


_SPLIT_WORDS = {
    "contract": "每份合同",
    "project": "每个项目",
    "supplier": "每家供应商",
    "organisation": "每个单位",
}


def _lost_splits(reading: Reading, meaning: Meaning) -> Iterator[str]:
    """每份合同支出多少 asks for many numbers or for their mean: the sum of all is neither."""
    alone = reading.form in (Form.AMOUNT, Form.CHANGE, Form.GROWTH, Form.SHARE) and not reading.plan.group_by
    is_sum = reading.attribute == "sum" or bool(
        reading.plan.measures and meaning.has("average", "altogether")
    )
    if alone and not is_sum and not meaning.extreme and not meaning.conditions:
        yield from (_SPLIT_WORDS[split] for split in meaning.splits if split in _SPLIT_WORDS)
        if meaning.level:
            yield "各地"


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
