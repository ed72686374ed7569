"""The two sides of 占: where a question is divided, and what said on the second side belongs to the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Refusal
from search.parse.placing import Unplaced
from search.timewords import TimeMatch, in_year

BUDGETS = ("budget", "approved", "adjusted")


def completed_budget(tokens: Sequence[Token]) -> Sequence[Token]:
    """支出完成年初预算的百分之几: 完成 before a budget divides by it."""
    for number, token in enumerate(tokens):
        if not (token.is_word(Word.MEASURE, "actual") and token.text in ("完成", "完成了")):
            continue
        following = [item for item in tokens[number + 1 :] if item.sort is not Sort.THING][:1]
        asked = any(item.is_word(Word.ASK) and item.value in ("percent", "share") for item in tokens)
        if asked and following and following[0].is_word(Word.MEASURE) and following[0].value in BUDGETS:
            return [*tokens[:number], replace(token, word=Word.OF), *tokens[number + 1 :]]
    return tokens


def names_a_whole(tokens: Sequence[Token]) -> bool:
    """Whether anything in these words could be a whole."""
    words = (Word.LIVELIHOOD, Word.SUBJECT, Word.MEASURE, Word.WHOLE)
    return any(token.sort in (Sort.THING, Sort.TIME) or token.is_word_any(*words) for token in tokens)


_OF_THE_QUESTION = (
    "level",
    "level_asked",
    "splits",
    "extreme",
    "top",
    "skip",
    "change",
    "baseline",
    "versus",
    "preceding",
    "less",
    "ascending",
    "conditions",
)
_SETTLED = Meaning()


def lifted(part: Meaning, whole: Meaning) -> tuple[Meaning, Meaning]:
    """占总支出比重最高的市: what is said after the whole is asked of the share, so it belongs to the question.

    Raises: Unplaced when both sides say such a thing, because only one of them could be kept.
    """
    said = [name for name in _OF_THE_QUESTION if getattr(whole, name) != getattr(_SETTLED, name)]
    if part.extreme or part.conditions:
        part = replace(part, asks=part.asks | {"altogether"})  # 前三的市占全省多少: of all three
    twice = [
        name for name in said if getattr(part, name) not in (getattr(_SETTLED, name), getattr(whole, name))
    ]
    if twice or (part.extreme and whole.extreme):
        raise Unplaced(Refusal(Code.NOT_UNDERSTOOD, "没有看懂要对什么算占比；请一次只问一件事。"))
    moved = {name: getattr(whole, name) for name in said}
    kept = {name: getattr(_SETTLED, name) for name in said}
    return replace(part, **moved), replace(whole, **kept)


def of_the_part(whole: TimeMatch, part: TimeMatch) -> TimeMatch:
    """去年12月的支出占全年多少: the whole year is the part's."""
    if whole.inherits and part.period is not None:
        return in_year(whole, part.period.start.year)
    return whole


def percent_of(tokens: Sequence[Token]) -> int | None:
    """卫生健康支出是教育支出的百分之几: the 是 between two things, where a percentage is asked."""
    if not any(token.is_word(Word.ASK, "percent") for token in tokens):
        return None
    things = [number for number, token in enumerate(tokens) if token.sort is Sort.THING]
    for number, token in enumerate(tokens):
        between = things and things[0] < number < things[-1]
        if token.sort is Sort.PHRASE and token.text in ("是", "为") and between:
            return number
    return None
