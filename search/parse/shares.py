"""Shares: what is divided by what."""

from __future__ import annotations

from dataclasses import replace

from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import (
    Scene,
    is_whole,
    refuse,
)
from search.parse.tables import table_form
from search.parse.timing import make_reading, same_cube, timed
from search.timewords import describe
from search.vocabulary import Concept, Kind


def share_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """A part of a whole."""
    if cube.unit in ("%", "元/人") or (cube.several and cube.by):
        raise refuse(Code.NOT_UNDERSTOOD, "占比只能按金额或数量、一次对一个对象来算。")
    whole_meaning, base_scope = _whole_of(meaning, scene)
    if cube.by:
        return _shares_of_members(cube, meaning, scene)
    whole = same_cube(cube, whole_meaning, scene)
    longer = meaning.whole.times[0].period if meaning.whole is not None and meaning.whole.times else None
    same = whole.plan.filters == cube.plan.filters and whole.plan.measures == cube.plan.measures
    if same and longer is None:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要算占什么的比重，请写明，例如“教育支出占总支出的比重”。")
    plan, span, times = timed(cube, meaning, scene)
    base = replace(whole.plan, period=longer or plan.period)
    if longer is not None and base == plan:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要算占什么的比重，请写明，例如“教育支出占总支出的比重”。")
    reading = make_reading(Form.SHARE, cube, plan, span, times, meaning)
    return replace(
        reading,
        base=base,
        base_scope=base_scope
        or "、".join((*(() if longer is None else (describe(longer),)), *whole.scope, whole.title)),
        unit="%",
    )


def _shares_of_members(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    reading = table_form(cube, replace(meaning, asks=meaning.asks - {"share"}), scene)
    return replace(reading, attribute="shares")


_AMOUNTS = ("paid", "approved", "adjusted", "planned")


def _is_of_another_measure(meaning: Meaning, whole: Meaning | None) -> bool:
    """支出占年初预算的百分之几: the same scope, another amount."""
    return (
        whole is not None
        and whole.measure in _AMOUNTS
        and meaning.measure in _AMOUNTS
        and whole.measure != meaning.measure
        and not [item for item in (*whole.things, *meaning.things) if item.kind not in _PLACES]
    )


_PLACES = (Kind.REGION, Kind.GROUP)


def _whole_of(meaning: Meaning, scene: Scene) -> tuple[Meaning, str]:
    """What a share is a share of: what was named after 占, else everything of the narrowest kind."""
    whole = meaning.whole
    plain = replace(meaning, whole=None, asks=meaning.asks - {"share"})
    if whole is not None and whole.exact:
        exactly = replace(plain, things=whole.things, livelihood=whole.livelihood, negated=whole.negated)
        return exactly, ""
    if _is_of_another_measure(meaning, whole):
        return replace(plain, measure=whole.measure if whole is not None else ""), ""
    if whole is not None and (whole.things or whole.measure):
        return _named_whole(plain, whole, scene), ""
    if meaning.of(Kind.STATUS, Kind.LIGHT) or meaning.livelihood:
        return replace(
            plain,
            things=tuple(
                item for item in plain.things if item.kind in (*_PLACES, Kind.SECTOR, Kind.FUNCTION)
            ),
            livelihood="",
            negated=False,
        ), ""
    narrow = [item for item in plain.things if item.kind not in _PLACES]
    if narrow:
        return replace(plain, things=tuple(item for item in plain.things if item.kind in _PLACES)), ""
    return replace(plain, things=()), ""


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
