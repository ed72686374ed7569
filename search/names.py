"""Names found by how they sound: the loose, partial or misspelt name of a project, supplier or unit.

The index holds pairs of syllables, not of letters, so that 云溪 and 云西 are the same and a homophone is no miss.
All arrays are flat: a million names take about 150 MB and a search a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from search.normalize import normal_lines

_PRIVATE = 0xE000  # syllables are written as single private letters, so that string distances count syllables
_SYLLABLES = 4096
_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name that may be meant: its place in the list, and how well it fits.

    `recall` is the share of the searched words that occur in the name in the same order, by sound; `ratio` the
    likeness of both as a whole (0 to 100); `literal` says that the searched words stand in the name as written;
    `pieces` counts the unbroken stretches of the name that they are made of.
    """

    place: int
    recall: float
    ratio: float
    literal: bool
    pieces: int = 1

    @property
    def score(self) -> float:
        """One number to sort by."""
        return self.recall * 100 + self.ratio / 4 + (10 if self.literal else 0)


class NameIndex:
    """An index over a list of names; places are positions in that list."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self._normal: Sequence[str] = normal_lines(names)
        self._build()

    def _build(self) -> None:
        count = max(1, len(self._normal))
        lengths = np.fromiter((len(name) for name in self._normal), dtype=np.int64, count=len(self._normal))
        letters = np.frombuffer("".join(self._normal).encode("utf-32-le", "replace"), dtype=np.uint32)
        owners = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        sounds = _sounds_of(letters)
        same = owners[1:] == owners[:-1]
        pairs = (sounds[:-1] * _SYLLABLES + sounds[1:])[same]
        combined = _sorted_once(pairs * count + owners[1:][same])  # by pair, then by name
        self._holders = (combined % count).astype(np.int32)
        held = combined // count
        starts = (
            np.flatnonzero(np.append(True, held[1:] != held[:-1])) if len(held) else np.empty(0, np.int64)
        )
        self._pairs = held[starts]
        self._starts = np.append(starts, len(combined))
        sizes = np.bincount(self._holders, minlength=len(lengths))
        self._sizes = np.maximum(sizes, 1).astype(np.float32)

    def contained_in(self, text: str) -> list[tuple[int, int, int]]:
        """Names that stand in a normalized text letter by letter: (place, start, end), longest first."""
        counts = self._counts(text)
        if counts is None:
            return []
        whole = np.flatnonzero(counts >= self._sizes)
        found = []
        for place in whole.tolist():
            start = text.find(self._normal[place])
            if start >= 0 and len(self._normal[place]) > 1:
                found.append((place, start, start + len(self._normal[place])))
        return sorted(found, key=lambda item: (item[1] - item[2], item[0]))

    def normal_name(self, place: int) -> str:
        """The name at a place, in its normal form."""
        return self._normal[place]

    def is_in_several(self, words: str, least: int = 2) -> bool:
        """Whether so many names have the words letter by letter."""
        letters = np.frombuffer(words.encode("utf-32-le", "replace"), dtype=np.uint32)
        if len(letters) < 2:
            return False
        sounds = _sounds_of(letters)
        shared: npt.NDArray[np.int32] | None = None
        for pair in np.unique(sounds[:-1] * _SYLLABLES + sounds[1:]):
            place = int(np.searchsorted(self._pairs, pair))
            if place == len(self._pairs) or self._pairs[place] != pair:
                return False
            holders = self._holders[self._starts[place] : self._starts[place + 1]]
            shared = holders if shared is None else np.intersect1d(shared, holders, assume_unique=True)
            if len(shared) < least:
                return False
        found = 0
        for place in () if shared is None else shared:
            found += words in self._normal[place]
            if found >= least:
                return True
        return False

    def search(self, words: str, limit: int = 10) -> list[NameHit]:
        """Names like the given words (already normalized), best first."""
        weights = self._counts(words, by_rarity=True)
        if weights is None or not len(weights):
            return []
        size = min(_CANDIDATES, len(weights))
        best = np.argpartition(-weights, size - 1)[:size]
        sound = spell(words)
        hits = [self._hit(int(place), words, sound) for place in best if weights[place] > 0]
        return sorted(hits, key=lambda hit: (-hit.score, hit.place))[:limit]

    def _hit(self, place: int, words: str, sound: str) -> NameHit:
        name = self._normal[place]
        spelt = spell(name)
        stretches = [step for step in LCSseq.opcodes(sound, spelt) if step.tag == "equal"]
        recall = sum(step.src_end - step.src_start for step in stretches) / max(1, len(sound))
        return NameHit(place, recall, fuzz.ratio(sound, spelt), words in name, len(stretches))

    def _counts(self, text: str, *, by_rarity: bool = False) -> npt.NDArray[np.float32] | None:
        letters = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
        if len(letters) < 2 or not len(self._sizes):
            return None
        sounds = _sounds_of(letters)
        counts = np.zeros(len(self._sizes), dtype=np.float32)
        for pair in np.unique(sounds[:-1] * _SYLLABLES + sounds[1:]):
            place = int(np.searchsorted(self._pairs, pair))
            if place == len(self._pairs) or self._pairs[place] != pair:
                continue
            first, last = self._starts[place], self._starts[place + 1]
            counts[self._holders[first:last]] += (
                np.log(1 + len(self._sizes) / (last - first)) if by_rarity else 1
            )
        return counts


# ---------------------------------------------------------------- sounds


def spell(text: str) -> str:
    """A text with each Chinese letter replaced by one letter for its sound; other letters stay."""
    return "".join(_spelling(letter) for letter in text)


def sounds_like(first: str, second: str) -> bool:
    """Whether two texts sound the same (tones aside), letter by letter."""
    return len(first) == len(second) and spell(first) == spell(second)


def pinyin(text: str) -> str:
    """Pinyin of a name without tones or blanks: 云溪 -> yunxi."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL))


@cache
def _syllable(letter: str) -> str:
    found: str = lazy_pinyin(letter, style=Style.NORMAL)[0]
    return found


_NUMBER_OF_SYLLABLE: dict[str, int] = {}


@cache
def _number(letter: str) -> int:
    syllable = _syllable(letter) if letter >= "一" else letter
    return _NUMBER_OF_SYLLABLE.setdefault(syllable, len(_NUMBER_OF_SYLLABLE) % (_SYLLABLES - 1) + 1)


@cache
def _spelling(letter: str) -> str:
    return chr(_PRIVATE + _number(letter)) if "一" <= letter <= "鿿" else letter


def _sorted_once(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sorted without repeats; `np.unique` hashes, which takes eight times as long here."""
    if not len(values):
        return values
    values = np.sort(values)
    once: npt.NDArray[np.int64] = values[np.append(True, values[1:] != values[:-1])]
    return once


def _sounds_of(letters: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    if not len(letters):
        return np.empty(0, dtype=np.int64)
    numbers = np.zeros(int(letters.max()) + 1, dtype=np.int64)
    present = np.flatnonzero(np.bincount(letters)) if len(letters) > 1000 else np.unique(letters)
    numbers[present] = [_number(chr(letter)) for letter in present.tolist()]
    return numbers[letters]
