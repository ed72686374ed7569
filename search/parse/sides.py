"""A gap has two sides: 差额, 相差多少 and 差距 ask for two numbers, and a growth for one and the year before it."""

from __future__ import annotations

from collections.abc import Sequence

from search.parse.edges import Token
from search.parse.lexicon import Word
from search.parse.meaning import Meaning
from search.parse.outcome import Code
from search.parse.route import refuse


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
