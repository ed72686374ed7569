"""What a question says about its answer must fit the answer: a gap has two sides, an amount is counted in yuan.

差额, 相差多少 and 差距 ask for two numbers, where a growth asks for one and the year before it; 支出多少次 and 支出多少人 ask for
something that is no amount of money.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.outcome import Code, Reading
from search.parse.placing import MONEY_UNITS, Unplaced, lost
from search.parse.route import refuse
from search.vocabulary import Kind


def refuse_one_sided(tokens: Sequence[Token], meaning: Meaning) -> None:
    """Refuse a question for a gap of which only one side was said; the year before would be a guess.

    Raises: NoRoute.
    """
    gap = next((token for token in tokens if token.is_word(Word.CHANGE) and "差" in token.text), None)
    if gap is None or _has_sides(meaning):
        return
    raise refuse(
        Code.NOT_UNDERSTOOD, f"没有看懂“{gap.text}”要比较哪两个数；请写明两个地区、两个科目或者两个时间。"
    )


def _has_sides(meaning: Meaning) -> bool:
    said = meaning.versus or meaning.joined or meaning.spread or meaning.second_measure
    several = len(meaning.times) > 1 or len(meaning.things) > 1 or meaning.level or meaning.splits
    return bool(said or several or meaning.baseline is not None or meaning.preceding or meaning.over_time)


def refuse_nested(tokens: Sequence[Token]) -> None:
    """Refuse 执行率最高的市的教育支出: what is asked of the one that was picked is another question.

    Raises: NoRoute.
    """
    words = [token for token in tokens if token.sort is not Sort.MARK]
    picked = False
    for before, joint, after in zip(words, words[1:], words[2:], strict=False):
        picked = picked or before.is_word(Word.EXTREME) or before.sort is Sort.TOP
        member = before.is_word_any(Word.LEVEL, Word.SPLIT, Word.SUBJECT)
        number = after.is_word(Word.MEASURE) or after.kinds() & {Kind.FUNCTION, Kind.SECTOR, Kind.ECONOMIC}
        if picked and member and joint.text == "的" and number:
            raise refuse(
                Code.NOT_UNDERSTOOD,
                f"请分两次问：先问是哪一个{before.text.removeprefix('的')}，再问它的{after.text}。",
            )


_MONEY = ("元", "元/人")


def refuse_other_unit(tokens: Sequence[Token], reading: Reading) -> None:
    """Refuse an amount of money where something else was to be counted.

    Raises: Unplaced naming the unit.
    """
    if reading.unit not in _MONEY:
        return
    words = [token for token in tokens if token.sort is not Sort.MARK]
    for asked, unit in pairwise(words):
        counted = asked.is_word(Word.ASK, "howmuch") and unit.is_word(Word.UNIT_NOUN)
        if counted and unit.text not in MONEY_UNITS:
            raise Unplaced(lost(unit))
