"""What is asked of an index: a typed text into the parts that must be found.

A text falls into *runs* at spaces and punctuation; a run into *pieces* at words of the lexicon and where the
script changes. What is written into an index is made by `streams.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from operator import add

from rjieba import Jieba

from search.documents import SearchDocument
from search.folding import GAP, fold, fold_solid
from search.lexicon import FILLER_PHRASES, FILLER_WORDS, Lexicon
from search.sounds import blur, is_place_suffix, split_pinyin, spoken, syllable_pairs
from search.streams import TokenStreams, token_streams

MAX_RUNS = 12
MAX_CHARACTERS = 160
_SCRIPTS = re.compile(r"[0-9]*[a-z][a-z0-9]*|[^a-z]+")
_FILLER = re.compile("|".join(sorted(FILLER_PHRASES, key=len, reverse=True)))


def pairs(solid: str) -> list[str]:
    """Overlapping pairs of characters, and the last character alone so that it can be found too."""
    return [*map(add, solid, solid[1:]), solid[-1:]] if solid else []


def triples(letters: str) -> list[str]:
    """Overlapping triples of letters."""
    return [*map(add, map(add, letters, letters[1:]), letters[2:])]


def sound_pairs(syllables: tuple[str, ...]) -> list[str]:
    """Overlapping pairs of blurred syllables."""
    return list(syllable_pairs([blur(syllable) for syllable in syllables]))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a run (folded) and the words that may stand in its place."""

    text: str
    alternatives: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """The text itself, then its alternatives."""
        return (self.text, *self.alternatives)

    @property
    def is_latin(self) -> bool:
        """True when it may be pinyin or initials."""
        return self.text.isascii() and self.text.isalpha()

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The ways to read typed letters as pinyin syllables."""
        return split_pinyin(self.text) if self.is_latin else ()


@dataclass(frozen=True, slots=True)
class Run:
    """What stood between two spaces of the query, folded.

    `pieces` are the parts that may be found apart from each other; filler between them is left out.
    """

    text: str
    pieces: tuple[Piece, ...]

    @property
    def whole(self) -> Piece:
        """The run taken as one piece."""
        return self.pieces[0] if self.pieces[0].text == self.text else Piece(self.text)


@dataclass(frozen=True, slots=True)
class QueryText:
    """An analysed query.

    runs    all must be found; runs of one character only when there is no longer one
    hints   single characters that stood side by side, joined: they may be found, and then count
    core    the folded text without gaps and without filler words: what closeness is measured against
    words   the words of the core
    """

    runs: tuple[Run, ...]
    core: str
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundUnits:
    """The syllables (and runs of letters or digits) of folded text without gaps, one after the other.

    `bounds` are the places in the text where each begins, and its end.
    """

    text: str
    syllables: tuple[str, ...] = ()
    blurred: tuple[str, ...] = ()
    bounds: tuple[int, ...] = (0,)

    def without_place_suffixes(self) -> Sequence[int]:
        """The numbers of the units that are no 市, 县 ..."""
        return [
            number for number, start in enumerate(self.bounds[:-1]) if not is_place_suffix(self.text[start])
        ]


@cache
def _cutter(words: tuple[str, ...]) -> Jieba:
    """A word cutter that keeps these words whole; it takes a fifth of a second to make."""
    cutter = Jieba()
    for word in words:
        cutter.add_word(word, None, None)
    return cutter


class Analyzer:
    """Cuts text by the words of one lexicon. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = tuple(word for word in map(fold_solid, lexicon.words) if len(word) > 1)
        self._cutter = _cutter(words)
        self._known: dict[str, tuple[str, ...]] = dict.fromkeys(words, ()) | _alternatives(lexicon.synonyms)
        self._longest_known = max(map(len, self._known), default=0)

    def streams(self, documents: Sequence[SearchDocument]) -> Iterator[TokenStreams]:
        """The tokens of each document, in order; a thousand or so at once are quickest."""
        return token_streams(documents, self._cutter)

    def syllables(self, folded: str) -> tuple[str, ...]:
        """The syllables of folded text; words decide between the readings of a character."""
        return tuple(chain.from_iterable([spoken(word).syllables for word in self._words(folded)]))

    def blurred(self, folded: str) -> tuple[str, ...]:
        """The syllables of folded text, blurred."""
        return tuple(chain.from_iterable([spoken(word).blurred for word in self._words(folded)]))

    def sound_units(self, solid: str) -> SoundUnits:
        """The syllables of folded text without gaps, with their places."""
        words = [spoken(word) for word in self._cutter.cut(solid)]
        return SoundUnits(
            solid,
            tuple(chain.from_iterable([word.syllables for word in words])),
            tuple(chain.from_iterable([word.blurred for word in words])),
            (0, *accumulate(chain.from_iterable([word.lengths for word in words]))),
        )

    def _words(self, folded: str) -> list[str]:
        words = self._cutter.cut(folded)
        return [word for word in words if word != GAP] if GAP in folded else words

    def query(self, text: str) -> QueryText:
        """Analyse what somebody typed; anything beyond the first 160 letters and digits is left out."""
        spaced = _shortened(fold(text))
        parts = spaced.split()
        runs = tuple(Run(part, self._pieces(part)) for part in dict.fromkeys(parts))[:MAX_RUNS]
        longer = tuple(run for run in runs if len(run.text) > 1)
        asked = _FILLER.sub(GAP, spaced)
        words = tuple(word for word in self._cutter.cut(asked) if word.strip() and word not in FILLER_WORDS)
        kept = words or tuple(spaced.split())
        hints = _rejoined(parts) if longer else ()
        return QueryText(longer or runs, "".join(kept), tuple(dict.fromkeys(kept)), hints)

    def _pieces(self, run: str) -> tuple[Piece, ...]:
        pieces: list[Piece] = []
        plain_from = at = 0
        while at < len(run):
            word = self._known_word_at(run, at)
            if word is None:
                at += 1
                continue
            pieces += _plain_pieces(run[plain_from:at])
            pieces.append(Piece(word, self._known[word]))
            at = plain_from = at + len(word)
        pieces += _plain_pieces(run[plain_from:])
        asked = tuple(piece for piece in pieces if piece.text not in FILLER_WORDS)
        if not asked or any(len(piece.text) == 1 for piece in asked):
            return (Piece(run),)  # single characters alone would match nearly everything
        return asked

    def _known_word_at(self, run: str, at: int) -> str | None:
        for length in range(min(self._longest_known, len(run) - at), 1, -1):
            if run[at : at + length] in self._known:
                return run[at : at + length]
        return None


def _alternatives(groups: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, ...]]:
    """Folded word to the other folded words of its groups."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        folded = [word for word in dict.fromkeys(map(fold_solid, group)) if len(word) > 1]
        for word in folded:
            found.setdefault(word, {}).update((other, None) for other in folded if other != word)
    return {word: tuple(others) for word, others in found.items() if others}


def _rejoined(parts: list[str]) -> tuple[str, ...]:
    """Neighbouring single characters, joined (霁 门 县 农村公路 -> 霁门县)."""
    joined = "".join(part if len(part) == 1 else GAP for part in parts)
    return tuple(text for text in joined.split() if len(text) > 1)


def _plain_pieces(text: str) -> list[Piece]:
    """Split where letters meet Chinese, unless that leaves a single character; digits go with either."""
    parts = [part for part in _SCRIPTS.findall(text) if part]
    if any(len(part) == 1 for part in parts):
        return [Piece(text)]
    return [Piece(part) for part in parts]


def _shortened(spaced: str) -> str:
    """The first letters and digits of folded text, gaps not counted."""
    words: list[str] = []
    room = MAX_CHARACTERS
    for word in spaced.split():
        words.append(word[:room])
        room -= len(words[-1])
        if room == 0:
            break
    return GAP.join(words)
