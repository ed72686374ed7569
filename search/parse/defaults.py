"""The measure that is meant where none was named: inhabitants, the places themselves, what was spent."""

from __future__ import annotations

from dataclasses import replace

from search.parse.meaning import Meaning
from search.vocabulary import Kind

_PLACES = frozenset({Kind.REGION, Kind.GROUP})


def with_default_measure(meaning: Meaning) -> Meaning:
    """The meaning with the measure that only can be meant; as it was when there is none."""
    if meaning.has("population_of") and not meaning.measure:
        return replace(meaning, measure="population", asks=meaning.asks - {"population_of"})
    if _changes_of_places(meaning):
        note = "没有说是哪个数，按支出计算。"
        return replace(meaning, measure="paid", notes=(*meaning.notes, note))
    if "fund_source" in meaning.splits and not (meaning.measure or meaning.subject or meaning.things):
        return replace(meaning, measure="paid")  # 哪种资金来源最多: there is no other number of them
    return _of_places(meaning) if _is_bare(meaning) else meaning


def _is_bare(meaning: Meaning) -> bool:
    """Whether nothing but places was named."""
    named = meaning.measure or meaning.subject or meaning.splits
    return not named and {item.kind for item in meaning.things} <= _PLACES


def _of_places(meaning: Meaning) -> Meaning:
    if _counts_places(meaning):
        return replace(meaning, measure="places", asks=meaning.asks - {"stock"})
    if meaning.has("howmuch") and set(meaning.units) == {"人"}:
        return replace(meaning, measure="population", units=())
    of_inhabitants = meaning.conditions and all(name == "population" for name, _ in meaning.conditions)
    return replace(meaning, measure="population") if meaning.level and of_inhabitants else meaning


def _counts_places(meaning: Meaning) -> bool:
    """全省有几个市, 澜州市有哪些县: the places themselves."""
    narrowed = meaning.extreme or meaning.conditions or meaning.change or meaning.versus or meaning.units
    idle = not (meaning.verbs or meaning.own or meaning.excluded or meaning.livelihood or meaning.date_role)
    asked = meaning.asks <= _OF_PLACES and meaning.has("howmany", "which", "list", "stock")
    asked = asked or (meaning.level_asked and not meaning.asks)
    return bool(meaning.level) and asked and idle and not narrowed


def _changes_of_places(meaning: Meaning) -> bool:
    """2025年增幅最大的县: what grows, when nothing else was said, is what was spent."""
    nothing = not (meaning.measure or meaning.subjects or meaning.splits or meaning.units or meaning.verbs)
    of_places = bool(meaning.level) and {item.kind for item in meaning.things} <= _PLACES
    return nothing and of_places and meaning.change == "growth" and bool(meaning.extreme)


_OF_PLACES = frozenset({"howmany", "howmuch", "which", "list", "stock"})
