"""How Chinese text sounds: pinyin syllables, initials, and pinyin typed without spaces.

Tones are left out. Syllables that many speakers do not tell apart (zh/z, ch/c, sh/s, -ng/-n) are *blurred* to one
form, so that a homophone and a near homophone meet in the index.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

MAX_SPLITS = 6
MAX_TYPED_LETTERS = 160
_LONGEST_SYLLABLE = 6
_PLACE_SUFFIXES = frozenset("省市县区镇乡")


def _without_tone(reading: str) -> str:
    plain = reading.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v")
    return "".join(part for part in unicodedata.normalize("NFD", plain) if part.isascii() and part.isalpha())


@cache
def syllables_of_chinese() -> frozenset[str]:
    """Every pinyin syllable that some common character has, without tones (`lv` for lü)."""
    common = (readings for code, readings in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FA5)
    found = {_without_tone(reading) for readings in common for reading in readings.split(",")}
    return frozenset(syllable for syllable in found if any(vowel in syllable for vowel in "aeiouv"))


@cache
def _syllable_beginnings() -> frozenset[str]:
    return frozenset(
        syllable[:length] for syllable in syllables_of_chinese() for length in range(1, len(syllable))
    )


@lru_cache(maxsize=200_000)
def word_syllables(word: str) -> tuple[str, ...]:
    """One syllable per Chinese character of a folded word; runs of letters or digits stay whole."""
    syllables: list[str] = lazy_pinyin(word)  # what has no reading is passed through whole
    return tuple(syllables)


@cache
def blur(syllable: str) -> str:
    """The form that near homophones share: `zhang` and `zan` are both `zan`."""
    softened = syllable
    if softened[:2] in {"zh", "ch", "sh"}:
        softened = softened[0] + softened[2:]
    if softened.endswith(("ang", "eng", "ing")):
        softened = softened[:-1]
    return softened


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """The syllables of a word, as they are and blurred, and how many of its characters each stands for."""

    syllables: tuple[str, ...]
    blurred: tuple[str, ...]
    lengths: tuple[int, ...]


@lru_cache(maxsize=200_000)
def spoken(word: str) -> SpokenWord:
    """How a folded word is spoken, character by character."""
    syllables = word_syllables(word)
    lengths: list[int] = []
    for syllable in syllables:
        is_passed_through = word.startswith(syllable, sum(lengths))
        lengths.append(len(syllable) if is_passed_through else 1)
    return SpokenWord(syllables, tuple(map(blur, syllables)), tuple(lengths))


@dataclass(frozen=True, slots=True)
class WordSounds:
    """How a word sounds, in the forms an index keeps.

    `pairs` are its overlapping pairs of blurred syllables, separated by spaces; `first` and `last` make the pairs
    with its neighbours. `short_initials` leave out a final 市, 县 ... of what `ends_a_place`.
    """

    first: str
    last: str
    pairs: str
    initials: str
    short_initials: str
    ends_a_place: bool


def initials_of(syllables: tuple[str, ...]) -> str:
    """First letters of the syllables; a run of letters or digits counts in full (`ppp` in `pppxm`)."""
    known = syllables_of_chinese()
    return "".join(syllable[0] if syllable in known else syllable for syllable in syllables)


@lru_cache(maxsize=200_000)
def word_sounds(word: str) -> WordSounds:
    """How a folded word sounds."""
    syllables = word_syllables(word)
    blurred = [blur(syllable) for syllable in syllables]
    initials = initials_of(syllables)
    ends_a_place = word[-1] in _PLACE_SUFFIXES and len(word) != 2
    short_initials = initials[:-1] if ends_a_place else initials
    pairs = " ".join(syllable_pairs(blurred))
    return WordSounds(blurred[0], blurred[-1], pairs, initials, short_initials, ends_a_place)


def syllable_pairs(blurred: Sequence[str]) -> tuple[str, ...]:
    """Overlapping pairs of blurred syllables."""
    return tuple(f"{first}.{second}" for first, second in pairwise(blurred))


def is_place_suffix(character: str) -> bool:
    """True for 市, 县 ... which people leave out of names."""
    return character in _PLACE_SUFFIXES


def split_pinyin(letters: str) -> tuple[tuple[str, ...], ...]:
    """Every way (at most six, longest syllables first) to read typed letters as whole syllables."""
    return tuple(syllables for syllables, rest in _splits(letters, allow_rest=False) if not rest)


def split_unfinished_pinyin(letters: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Like `split_pinyin`, for text still being typed: whole syllables and the beginning of one more."""
    return _splits(letters, allow_rest=True)


@lru_cache(maxsize=4096)
def _splits(letters: str, *, allow_rest: bool) -> tuple[tuple[tuple[str, ...], str], ...]:
    found: list[tuple[tuple[str, ...], str]] = []
    if len(letters) <= MAX_TYPED_LETTERS:
        _extend_split(letters, 0, (), found, set(), allow_rest=allow_rest)
    return tuple(found)


def _extend_split(
    letters: str,
    start: int,
    before: tuple[str, ...],
    found: list[tuple[tuple[str, ...], str]],
    dead_ends: set[int],
    *,
    allow_rest: bool,
) -> None:
    if len(found) >= MAX_SPLITS or start in dead_ends:
        return
    if start == len(letters):
        found.append((before, ""))
        return
    count_before = len(found)
    for length in range(min(_LONGEST_SYLLABLE, len(letters) - start), 0, -1):
        syllable = letters[start : start + length]
        if syllable in syllables_of_chinese():
            _extend_split(
                letters, start + length, (*before, syllable), found, dead_ends, allow_rest=allow_rest
            )
    if allow_rest and letters[start:] in _syllable_beginnings():
        found.append((before, letters[start:]))
    if len(found) == count_before:
        dead_ends.add(start)  # nothing can be read from here on, whatever stood before
