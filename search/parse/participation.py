"""How people took part, as it was published: cases, answers on time, satisfaction; of one place or unit, or of each.

The figures are published by quarter. Means of several quarters cannot be made from them, so a question without a time
is about the last quarter.
"""

from __future__ import annotations

from dataclasses import replace

from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import Scene, members, place_names, ranked, refuse, region_scope, span_of
from search.plan import Measure, Operator, Period, Plan
from search.timewords import describe
from search.vocabulary import Kind

_DATASET = "participation"
_TITLES = {
    "cases": ("来件数", "件"),
    "answered": ("已答复数", "件"),
    "on_time": ("按时答复数", "件"),
    "on_time_rate": ("按时答复率", "%"),
    "ratings": ("评分人数", "人"),
    "satisfaction": ("满意度", "分"),
}
_MEANS = frozenset({"satisfaction"})
PEOPLE_MEASURES = frozenset(_TITLES)
_EACH = {"organisation": "各单位", "project": "各项目"}


def participation(meaning: Meaning, scene: Scene) -> Reading:
    """The reading of a question about what people said.

    Raises: NoRoute when it is not published, or asked in a way that the figures do not allow.
    """
    if not scene.vocabulary.has(_DATASET):
        raise refuse(Code.NOT_IN_DATA, "这一版数据还没有参与和答复的统计。")
    if meaning.conditions or meaning.change or meaning.versus or meaning.has("share", "perhead", "trend"):
        raise refuse(Code.NOT_UNDERSTOOD, "参与统计只能问某个地区、单位的数，或者各地、各单位的排名。")
    period, note = _period(meaning, scene)
    plan = Plan(_DATASET, measures=(Measure(meaning.measure),), period=period)
    split = next((split for split in meaning.splits if split in _EACH), "")
    subject = next((subject for subject in meaning.subjects if subject in _EACH), "")
    each = split or (subject if meaning.extreme or meaning.has("rank", "which", "list") else "")
    if each or meaning.level:
        return _of_each(meaning, scene, plan, each, note)
    return _of_one(meaning, scene, plan, note)


def _period(meaning: Meaning, scene: Scene) -> tuple[Period, str]:
    covered = scene.vocabulary.covered[_DATASET]
    if not meaning.times:
        last = Period(covered.end.replace(month=covered.end.month - 2, day=1), covered.end)
        return last, f"没有说时间，按最近公布的一个季度（{describe(last)}）计算。"
    span = span_of(meaning, scene, _DATASET)
    return span.period, span.note


def _of_one(meaning: Meaning, scene: Scene, plan: Plan, note: str) -> Reading:
    units = meaning.of(Kind.ORGANISATION)
    codes = tuple(concept.code for concept in units) or region_scope(meaning, scene)
    others = [item for item in meaning.things if item.kind not in (Kind.ORGANISATION, Kind.REGION)]
    if meaning.has("rank") or meaning.among is not None:
        raise refuse(
            Code.NOT_UNDERSTOOD, f"一个地区的名次这里不算；可以问各市的{_TITLES[meaning.measure][0]}。"
        )
    if len(codes) != 1 or meaning.splits or meaning.extreme or meaning.subjects or others:
        raise refuse(Code.NOT_UNDERSTOOD, "参与统计一次只能问一个地区或单位。")
    name = units[0].label if units else scene.vocabulary.regions.label(codes[0])
    kind = "organisation" if units else "region"
    plan = plan.where("subject_kind", kind).where("subject_id", codes[0])
    return _reading(Form.AMOUNT, plan, meaning.measure, name, note)


def _of_each(meaning: Meaning, scene: Scene, plan: Plan, each: str, note: str) -> Reading:
    """A number for each place of a level, each unit or each project, or the first or last of them."""
    scope = region_scope(meaning, scene)
    others = [item for item in meaning.things if item.kind is not Kind.REGION]
    if each and meaning.level:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂问的是各地还是各单位、各项目；请只问其中一样。")
    if others or (each and (meaning.of(Kind.REGION) and scope != (scene.vocabulary.root,))):
        raise refuse(Code.NOT_UNDERSTOOD, "各单位、各项目的参与统计只能问全省的；各地的可以问某个市下面的。")
    plan = plan.where("subject_kind", each or "region")
    if not each:
        plan = plan.where("subject_id", *members(scope, meaning.level, scene.vocabulary.regions))
    name = (
        _EACH.get(each)
        or f"{place_names(scope, scene.vocabulary.regions)}各{'市' if meaning.level == 'city' else '地'}"
    )
    descending = meaning.extreme != "least" and not meaning.ascending
    form = Form.TOP if meaning.extreme else Form.TABLE
    limit = (meaning.top or 1) if meaning.extreme else None
    plan = plan.where(
        f"{meaning.measure}_status", "not_applicable", operator=Operator.NOT
    )  # absent is not zero
    plan = replace(plan, group_by=("subject_id",))
    plan = ranked(plan, meaning.measure, descending=descending, limit=limit)
    reading = _reading(form, plan, meaning.measure, name, note)
    return replace(reading, by="subject_id", descending=descending, skip=meaning.skip)


def _reading(form: Form, plan: Plan, measure: str, name: str, note: str) -> Reading:
    title, unit = _TITLES[measure]
    period = plan.period
    times = (describe(period),) if period is not None else ()
    return Reading(
        form,
        plan,
        measure,
        (*times, name, title),
        unit=unit,
        period=period,
        notes=(note,) if note else (),
    )
