"""How close a name is to what somebody typed when nothing holds it exactly.

The measure is the longest common subsequence, of characters and of sounds: it forgives left-out words, swapped
characters, wrong characters that sound right, and words that were added. 1.0 is the same text, 0.0 nothing in common.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from search.analysis import Analyzer, QueryText
from search.documents import SearchDocument
from search.folding import fold, fold_solid
from search.sounds import blur, initials_of, split_pinyin

ENOUGH = 0.5
_SOUND_DISCOUNT = 0.95
_BODY_DISCOUNT = 0.8


@dataclass(frozen=True, slots=True)
class Asked:
    """What closeness is measured against: the text, its blurred syllables, its words."""

    core: str
    sounds: tuple[str, ...]
    words: tuple[str, ...]
    letters: str | None

    @classmethod
    def of(cls, query: QueryText, analyzer: Analyzer) -> Asked:
        """Prepare a query; typed pinyin counts as its syllables, other letters as initials."""
        letters = query.core if query.core.isascii() else None
        return cls(query.core, tuple(map(blur, heard(query, analyzer))), query.words, letters)


def heard(query: QueryText, analyzer: Analyzer) -> tuple[str, ...]:
    """The syllables of a query in order, of Chinese words and of typed pinyin alike."""
    syllables: list[str] = []
    for word in query.words:
        readings = split_pinyin(word) if word.isascii() else ()
        syllables += readings[0] if readings else analyzer.syllables(word)
    return tuple(syllables)


def closeness(asked: Asked, document: SearchDocument, analyzer: Analyzer) -> float:
    """How close a document's best name is to the text, 0 to 1."""
    best = 0.0
    for name in (document.title, *document.aliases):
        if name.isascii() and asked.letters is None:
            continue  # a code or an English name is nothing like Chinese text
        best = max(best, _name_closeness(asked, fold(name), analyzer))
    if best >= ENOUGH or not asked.words:
        return best
    text = fold_solid(f"{document.title}{document.body}")
    found = sum(len(word) for word in asked.words if word in text)
    return max(best, _BODY_DISCOUNT * found / sum(map(len, asked.words)))


def _name_closeness(asked: Asked, spaced: str, analyzer: Analyzer) -> float:
    solid = spaced.replace(" ", "")
    best = _agreement(asked.core, solid)
    if asked.sounds:
        best = max(best, _SOUND_DISCOUNT * _agreement(asked.sounds, analyzer.blurred(spaced)))
    if asked.letters:
        initials = initials_of(analyzer.syllables(spaced))
        best = max(best, _SOUND_DISCOUNT * _agreement(asked.letters, initials))
    return best


def _agreement(asked: str | tuple[str, ...], name: str | tuple[str, ...]) -> float:
    """Mostly how much of the text is in the name, a little how much of the name is in the text."""
    if not asked or not name:
        return 0.0
    common = LCSseq.similarity(asked, name)
    return 0.8 * common / len(asked) + 0.2 * common / len(name)
