"""Shares: what is divided by what."""

from __future__ import annotations

from dataclasses import replace

from search.parse.comparing import change_form
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.member_shares import members_form
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    Scene,
    is_whole,
    refuse,
)
from search.parse.timing import make_reading, same_cube, timed
from search.plan import Plan
from search.timewords import describe
from search.vocabulary import Concept, Kind


def share_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A part of a whole, the share of each member, or how a share has changed."""
    if meaning.has("ratio") and cube.several and meaning.whole is None:
        raise refuse(
            Code.NOT_UNDERSTOOD,
            "没有看懂是谁占谁的比例；请问“一个是另一个的百分之几”，或者“一共占总数的多少”。",
        )
    if cube.unit in ("%", "元/人") or (cube.several and cube.by):
        raise refuse(Code.NOT_UNDERSTOOD, "占比只能按金额或数量、一次对一个对象来算。")
    if meaning.change or meaning.baseline is not None or meaning.versus:
        return _share_change(cube, meaning, scene)
    if cube.by or meaning.has("trend") or _TIME_SPLITS & set(meaning.splits):
        return members_form(cube, meaning, scene)
    if meaning.extreme or meaning.conditions:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要比较谁的占比；请说明是各市、各县、各部门还是各科目。")
    base, base_scope = _base(cube, meaning, scene)
    plan, span, times = timed(cube, meaning, scene)
    base = base if base.period is not None else replace(base, period=plan.period)
    if base == plan:
        raise refuse(Code.NOT_UNDERSTOOD, _WHICH_WHOLE)
    reading = make_reading(Form.SHARE, cube, plan, span, times, meaning)
    return replace(reading, base=base, base_scope=base_scope, unit="%")


_WHICH_WHOLE = "没有看懂要算占什么的比重，请写明，例如“教育支出占总支出的比重”。"
_TIME_SPLITS = frozenset({"year", "quarter", "month"})


def _base(cube: Cube, meaning: Meaning, scene: Scene) -> tuple[Plan, str]:
    """The whole of a share: its plan, with a period where it has one of its own, and its name."""
    whole = same_cube(cube, _whole_of(meaning, scene), scene)
    longer = meaning.whole.times[0].period if meaning.whole is not None and meaning.whole.times else None
    same = whole.plan.filters == cube.plan.filters and whole.plan.measures == cube.plan.measures
    if same and longer is None:
        raise refuse(Code.NOT_UNDERSTOOD, _WHICH_WHOLE)
    spoken = () if longer is None else (describe(longer),)
    return replace(whole.plan, period=longer), "、".join((*spoken, *whole.scope, whole.title))


def _share_change(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """占比比去年提高几个百分点: the share now less the share then, both over the same kind of period."""
    if (
        cube.by
        or meaning.extreme
        or meaning.conditions
        or (meaning.whole is not None and meaning.whole.times)
    ):
        raise refuse(Code.NOT_UNDERSTOOD, "占比的变化一次只能问一个地区、一个科目。")
    changed = replace(meaning, whole=None, asks=meaning.asks - {"share"}, change="difference")
    reading = change_form(cube, changed, scene)
    base, base_scope = _base(cube, meaning, scene)
    if reading.plan.dataset != base.dataset or reading.base is None:
        raise refuse(Code.NOT_IN_DATA, "没有结束的年度，占比的变化请按已经结束的年份来问。")
    return replace(
        reading,
        form=Form.SHARE_CHANGE,
        base=replace(base, period=reading.plan.period),
        base_scope=base_scope,
        unit="%",
    )


_AMOUNTS = ("paid", "approved", "adjusted", "planned")


def _is_of_another_measure(meaning: Meaning, whole: Meaning) -> bool:
    """支出占年初预算的百分之几: the same scope, another amount."""
    return (
        whole.measure in _AMOUNTS
        and meaning.measure in _AMOUNTS
        and whole.measure != meaning.measure
        and {item for item in whole.things if item.kind not in _PLACES}
        <= {item for item in meaning.things if item.kind not in _PLACES}
        and (not whole.of(*_PLACES) or not codes_differ(whole.of(*_PLACES), meaning))
    )


_PLACES = (Kind.REGION, Kind.GROUP)


def _whole_of(meaning: Meaning, scene: Scene) -> Meaning:
    """What a share is a share of: what was named after 占, else everything of the narrowest kind."""
    whole = meaning.whole
    plain = replace(meaning, whole=None, asks=meaning.asks - {"share"})
    if whole is None:
        return _widest(plain)
    if whole.exact:
        return replace(plain, things=whole.things, livelihood=whole.livelihood, negated=whole.negated)
    if _is_of_another_measure(meaning, whole):
        return replace(plain, measure=whole.measure)
    if whole.times and not whole.things and not whole.measure:
        return plain  # 上半年教育支出占全年多少: of the same over the longer time
    return _named_whole(plain, whole, scene) if whole.things or whole.measure else _widest(plain)


def _widest(plain: Meaning) -> Meaning:
    """Everything of the narrowest kind that was named."""
    if plain.of(Kind.STATUS, Kind.LIGHT) or plain.livelihood:
        kinds = (*_PLACES, Kind.SECTOR, Kind.FUNCTION)
        kept = tuple(item for item in plain.things if item.kind in kinds)
        return replace(plain, things=kept, livelihood="", negated=False)
    if any(item.kind not in _PLACES for item in plain.things):
        return replace(plain, things=plain.of(*_PLACES))
    return replace(plain, things=())


def _named_whole(plain: Meaning, whole: Meaning, scene: Scene) -> Meaning:
    places = whole.of(*_PLACES)
    if not codes_differ(places, plain) or (
        not plain.of(*_PLACES) and is_whole(tuple(item.code for item in places), scene)
    ):
        places = ()  # 年初预算里教育占多少，全省: the same place was only named later
        if not whole.measure and not [item for item in whole.things if item.kind not in _PLACES]:
            return replace(plain, things=plain.of(*_PLACES), livelihood="", negated=False)
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
