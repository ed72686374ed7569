"""Misspelt words: what a wrong word sounds like, or which known word differs from it by one letter.

Only words that say what a question is about can be meant by a misspelling; filler never can, so that nothing that
might restrict the answer disappears.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import rjieba
from pypinyin import Style, lazy_pinyin

from search.parse.lexicon import PHRASES, Word
from search.vocabulary import Concept, Kind, Vocabulary

_CORRECTED_WORDS = frozenset(
    {Word.MEASURE, Word.EXTREME, Word.LEVEL, Word.CHANGE, Word.SUBJECT, Word.ASK, Word.SPLIT}
)
_CORRECTED_KINDS = frozenset(
    {
        Kind.REGION,
        Kind.FUNCTION,
        Kind.SECTOR,
        Kind.INDICATOR,
        Kind.ECONOMIC,
        Kind.FUND_SOURCE,
        Kind.GROUP,
        Kind.LIGHT,
        Kind.STATUS,
    }
)
_MEANT = frozenset(
    "均总净非外不无未各每另的了和与及或前后上下左右内大小多少高低公民男女老新旧东西南北中城乡初末首一二三四五六七八九十"
)
"""Letters that change what is asked, and are no slip of the pen: 市均支出 is not 市监支出."""
_NEVER_SLIPS = frozenset("隔欠央")
"""Letters of restricting words that sound like words of questions: 隔年 is not 各年, 央企 not 延期."""
_ENDS_OF_PLACES = frozenset("省市县区镇乡村")
_KIND_TAILS = ("支出", "项目", "资金", "工程")
_IDLE = (Word.ASK, "altogether")
"""A word that says nothing new most of the time: taken for it, a strange word would be left out."""
_LONGEST = 12
_ONE_LETTER_FROM = 4
_PLACE_FROM = 3
_SURELY_LONG = 7
Found = tuple[int, str, tuple[Concept, ...], tuple[Word, str] | None]


class SoundIndex:
    """Known words by sound, and (from four letters on) by all but one of their letters."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._concepts = vocabulary.words
        self._by_sound: dict[str, list[str]] = {}
        self._by_gap: dict[str, list[str]] = {}
        for surface, concepts in vocabulary.words.items():
            if any(concept.kind in _CORRECTED_KINDS for concept in concepts):
                self._add(surface)
        for surface, meanings in PHRASES.items():
            if meanings[0][0] in _CORRECTED_WORDS and meanings[0] != _IDLE and len(surface) > 1:
                self._add(surface)

    def _add(self, surface: str) -> None:
        if not is_chinese(surface) or not 2 <= len(surface) <= _LONGEST:
            if surface.isascii() and len(surface) >= 6:
                for gap in _gaps(surface):
                    self._by_gap.setdefault(gap, []).append(surface)
            return
        self._by_sound.setdefault(rough(surface), []).append(surface)
        if len(surface) >= _ONE_LETTER_FROM and surface in self._concepts:
            for gap in _gaps(surface):
                self._by_gap.setdefault(gap, []).append(surface)

    def at(self, text: str, start: int, loose: frozenset[int]) -> Iterator[Found]:
        """Words that the letters from that place may be a misspelling of: (end, word, concepts or phrase).

        `loose` are the places of letters that belong to no dictionary word: only such a letter can be a wrong one, so
        that 渔业教育 is never taken for 职业教育.
        """
        for length in range(2, min(_LONGEST, len(text) - start) + 1):
            piece = text[start : start + length]
            if not is_chinese(piece):
                break
            for surface in self._near(piece):
                wrong = [start + place for place in range(length) if surface[place] != piece[place]]
                if self._is_another_word(piece, surface, wrong, text):
                    continue
                sure = self._is_sure(piece, surface, [letter - start for letter in wrong])
                if wrong and (sure or loose.issuperset(wrong)):
                    yield from self._meant(piece, start, surface)
        yield from self._latin(text, start)

    @staticmethod
    def _is_another_word(piece: str, surface: str, wrong: Sequence[int], text: str) -> bool:
        """Whether the wrong letters say something of their own, or nothing is left of the word but its ending."""
        if any(text[place] in _NEVER_SLIPS for place in wrong):
            return True
        if len(wrong) == len(piece) and surface in PHRASES:
            return True  # 长的 is not 涨得: nothing of the word is left
        if piece[0] in _ENDS_OF_PLACES and sound(surface) != sound(piece):
            return True  # 澜州市误支出 is no 市监支出 of 澜州
        own = next((piece.removesuffix(tail) for tail in _KIND_TAILS if piece.endswith(tail)), piece)
        other = len(wrong) >= len(own) or any(text[place] in _MEANT for place in wrong)
        return other and sound(surface) != sound(piece)

    def _is_sure(self, piece: str, surface: str, wrong: Sequence[int]) -> bool:
        """Whether a word of the same sound is meant although its letters make words: long ones, and whole places."""
        place = piece[-1] in "省市县区" and all(
            concept.kind is Kind.REGION for concept in self._concepts.get(surface, ())
        )
        shortest = _PLACE_FROM if place and surface in self._concepts else _ONE_LETTER_FROM
        if len(wrong) == 1 and len(piece) >= _SURELY_LONG and surface in self._concepts:
            return True
        long_enough = len(piece) >= shortest and 2 * len(wrong) <= len(piece)
        return long_enough and sound(surface) == sound(piece) and (place or not _is_word(piece, wrong))

    def _near(self, piece: str) -> Sequence[str]:
        alike = self._by_sound.get(rough(piece), ())
        if piece in alike:
            return ()
        exact = [surface for surface in alike if sound(surface) == sound(piece)]
        if exact or len(alike) == 1:
            return exact or alike
        if len(piece) < _ONE_LETTER_FROM:
            return ()
        near = {surface for gap in _gaps(piece) for surface in self._by_gap.get(gap, ())}
        return tuple(near) if len(near) == 1 and not self._is_longer(piece, *near) else ()

    def _is_longer(self, piece: str, surface: str) -> bool:
        """Whether the wrong letter stands before or behind a whole word: 小学教育半 is no 小学教育类."""
        behind = piece[:-1] == surface[:-1] and surface[:-1] in self._concepts
        before = piece[1:] == surface[1:] and surface[1:] in self._concepts
        return behind or before

    def _latin(self, text: str, start: int) -> Iterator[Found]:
        if not (text[start].isascii() and text[start].isalpha()) or (start and text[start - 1].isalpha()):
            return
        found = re.match(r"[a-z]{5,}", text[start:])
        if found is None:
            return
        piece = found.group()
        near = {surface for gap in (*_gaps(piece), piece) for surface in self._by_gap.get(gap, ())}
        if len(near) == 1 and piece not in near:
            yield from self._meant(piece, start, near.pop())

    def _meant(self, piece: str, start: int, surface: str) -> Iterator[Found]:
        if surface in self._concepts:
            yield start + len(piece), surface, self._concepts[surface], None
        elif surface in PHRASES:
            yield start + len(piece), surface, (), PHRASES[surface][0]


def _is_word(piece: str, wrong: Sequence[int]) -> bool:
    """Whether several wrong letters are a word of their own: 世纪支出 is not 实际支出."""
    letters = piece[wrong[0] : wrong[-1] + 1] if wrong else ""
    return len(letters) > 1 and rjieba.cut(letters, hmm=False) == [letters]


def loose_letters(text: str) -> frozenset[int]:
    """Places of letters that a dictionary of ordinary words leaves alone."""
    place, found = 0, set()
    for word in rjieba.cut(text, hmm=False):
        if len(word) == 1:
            found.add(place)
        place += len(word)
    return frozenset(found)


def is_chinese(text: str) -> bool:
    """Whether all letters are Chinese."""
    return all("一" <= letter <= "鿿" for letter in text)


def _gaps(word: str) -> list[str]:
    return [f"{word[:place]}*{word[place + 1 :]}" for place in range(len(word))]


@cache
def _syllable(letter: str) -> str:
    found: str = lazy_pinyin(letter, style=Style.NORMAL)[0]
    return found


@cache
def _rough_syllable(letter: str) -> str:
    """The syllable without the differences that southern speakers do not make: zh/z, ch/c, sh/s, ng/n, l/n, h/f."""
    syllable = _syllable(letter)
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    syllable = re.sub(r"^l(?=[aeiouv])", "n", syllable)
    syllable = re.sub(r"^hu(?=.)", "f", syllable)
    return re.sub(r"(?<=[aei])ng$", "n", syllable)


def rough(text: str) -> str:
    """How a word sounds, roughly."""
    return " ".join(_rough_syllable(letter) for letter in text)


def sound(text: str) -> str:
    """How a word sounds, without tones."""
    return " ".join(_syllable(letter) for letter in text)
