"""The share of each member: 各市教育支出占全省的比重, 教育支出占比最高的市, 历年教育支出占比.

Two different questions sound alike. Where the whole is one (占全省), every member is divided by it. Where a class was
named and no whole (教育支出占比最高的市), each member is divided by its own whole. The scope says which it was.
"""

from __future__ import annotations

from dataclasses import replace

from search.parse.conditions import condition_words
from search.parse.cubes import Cube
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Form, Reading
from search.parse.route import Scene, limit_filters, refuse
from search.parse.tables import table_form, trend_form
from search.parse.timing import same_cube
from search.plan import Filter, Plan
from search.vocabulary import TOTAL, Concept, Kind

_PLACES = (Kind.REGION, Kind.GROUP)
_TIMES = frozenset({"year", "quarter", "month"})


def members_form(cube: Cube, meaning: Meaning, scene: Scene) -> Reading:
    """The share of each member of a dimension, or of the members with the largest shares.

    Raises: NoRoute when it is not clear what each is a share of.
    """
    plain = replace(
        meaning,
        whole=None,
        asks=meaning.asks - {"share", "altogether", "which", "list"},
        extreme="",
        top=None,
        skip=0,
        conditions=(),
    )
    over_time = bool(_TIMES & set(meaning.splits)) or meaning.has("trend")
    reading = (trend_form if over_time else table_form)(cube, plain, scene)
    own, things, measure = _whole(meaning, plain, over_time=over_time)
    base = _base(cube, replace(plain, things=things, measure=measure), scene, own=own, over_time=over_time)
    period = reading.plan.period
    if meaning.whole is not None and meaning.whole.times:
        period = meaning.whole.times[0].period
    if own and reading.plan.group_by != base.group_by:
        raise refuse(Code.NOT_IN_DATA, "公开的表里没有各自的总数，算不出占比。")
    base = replace(base, period=period, order=(), limit=None)
    if base.filters == reading.plan.filters and base.group_by == reading.plan.group_by:
        raise refuse(Code.NOT_UNDERSTOOD, "没有看懂要算占什么的比重，请写明，例如“教育支出占总支出的比重”。")
    spoken = "各自的总数" if own else place_words(base, scene)
    scope = (*reading.scope, f"占{spoken}的比重")
    return _asked(replace(reading, form=Form.SHARES, base=base, scope=scope), cube, meaning, own=own)


def place_words(base: Plan, scene: Scene) -> str:
    """What all members are divided by, in short: the place, and the classes named."""
    names = []
    for column, tree in (
        ("region_code", scene.vocabulary.regions),
        ("function_code", scene.vocabulary.functions),
    ):
        codes = [value for item in base.filters if item.column == column for value in item.values]
        names += [tree.label(code) for code in codes if code in tree.nodes and code != TOTAL]
    return "".join(names) or "合计"


def _whole(meaning: Meaning, plain: Meaning, *, over_time: bool) -> tuple[bool, tuple[Concept, ...], str]:
    """Whether each member has a whole of its own; the things and the measure of the whole."""
    whole = meaning.whole
    places = plain.of(*_PLACES)
    narrow = tuple(item for item in plain.things if item.kind not in _PLACES)
    apart = bool(plain.level) or over_time
    if whole is None or not (whole.things or whole.measure or whole.times):
        return apart and bool(narrow), places if apart else (*places, *narrow), plain.measure
    measure = whole.measure if whole.measure in ("approved", "adjusted", "planned") else plain.measure
    others = tuple(item for item in whole.things if item.kind not in _PLACES)
    named = whole.of(*_PLACES)
    if named and not over_time:
        return False, (*named, *(others or (() if whole.measure else narrow))), measure
    if whole.times and not others and not whole.measure:
        return False, plain.things, measure
    return apart and bool(narrow or measure != plain.measure), (*(named or places), *others), measure


def _base(cube: Cube, meaning: Meaning, scene: Scene, *, own: bool, over_time: bool) -> Plan:
    """The plan of the wholes: one number for each member, or one for all."""
    if not own:
        meaning = replace(meaning, level="", level_asked=False, splits=(), asks=meaning.asks - {"trend"})
    whole = same_cube(cube, meaning, scene)
    if own and over_time:
        return trend_form(whole, meaning, scene).plan
    return whole.grouped() if own else whole.plan


def _asked(reading: Reading, cube: Cube, meaning: Meaning, *, own: bool) -> Reading:
    """The reading with the extremes, the limits and the words of the question."""
    having: list[Filter] = []
    words: tuple[str, ...] = ()
    for name, condition in meaning.conditions:
        if name or condition.average or not condition.percent:
            raise refuse(Code.NOT_UNDERSTOOD, "占比只能和百分数比较，例如“占比超过20%”。")
        having += limit_filters(cube.column, condition, percent_measure=True)
        words = (*words, condition_words("", condition, replace(cube, title="占比", unit="%")))
    limit = (meaning.top or 1) if meaning.extreme else None
    summed = bool(limit) and meaning.has("altogether")
    return replace(
        reading,
        plan=replace(reading.plan, having=tuple(having), limit=limit),
        scope=(*reading.scope, *words),
        attribute="sum" if summed else "own" if own else "",
        descending=meaning.extreme != "least",
        skip=meaning.skip,
    )
