"""Documents into tokens: what is written into an index, one stream per field, tokens separated by spaces.

title, body   overlapping pairs of characters with positions. A phrase of pairs is a substring, so nothing that a
              substring search finds is missed. Aliases follow the title behind a bar that no phrase crosses.
words         the words of the names; for spelling and for closeness
sounds        pairs of blurred pinyin syllables of the names
initials      triples of pinyin initials of the names, with and without 市, 县 ...

Streams are made for many documents at once: the pairs of a thousand texts are one array, not a hundred thousand
small strings, which is most of the speed of a build.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from rjieba import Jieba

from search.documents import SearchDocument
from search.folding import GAP, fold
from search.sounds import WordSounds, word_sounds

INITIALS_LENGTH = 3
BAR = "|"
_GAP_LETTER = ord(GAP)
_MOST_WORDS_REMEMBERED = 200_000


@dataclass(frozen=True, slots=True)
class TokenStreams:
    """The tokens of one document, separated by spaces, one stream per indexed field."""

    title: str
    body: str
    words: str
    sounds: str
    initials: str


class _Sounds(dict[str, WordSounds]):
    """Folded word to how it sounds, filled as words are met."""

    def __missing__(self, word: str) -> WordSounds:
        if len(self) >= _MOST_WORDS_REMEMBERED:
            self.clear()
        found = self[word] = word_sounds(word)
        return found


_SOUNDS = _Sounds()


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a document: folded without gaps, its words, sounds and initials.

    `short_initials` are the initials without 市, 县 ...; empty when that makes no difference.
    """

    solid: str
    words: str
    sounds: str
    initials: str
    short_initials: str


def token_streams(documents: Sequence[SearchDocument], cutter: Jieba) -> Iterator[TokenStreams]:
    """The tokens of each document, in order; a thousand documents or so at once are quickest."""
    names = [[_name(text, cutter) for text in (entry.title, *entry.aliases)] for entry in documents]
    flat = [name for group in names for name in group]
    written = pair_streams([name.solid for name in flat])
    spelt = triple_streams([name.initials for name in flat])
    spelt_short = triple_streams([name.short_initials for name in flat])
    bodies = pair_streams([fold(entry.body).replace(GAP, "") for entry in documents])
    at = 0
    for group, body in zip(names, bodies, strict=True):
        end = at + len(group)
        yield TokenStreams(
            title=_apart(written[at:end]),
            body=body,
            words=GAP.join([name.words for name in group]),
            sounds=_apart([name.sounds for name in group]),
            initials=_apart([*spelt[at:end], *spelt_short[at:end]]),
        )
        at = end


def pair_streams(solids: Sequence[str]) -> list[str]:
    """Of each text its overlapping pairs of letters, the last letter alone so that it can be found too."""
    letters, ends = _letters(solids)
    table = _overlapping(letters, 2)
    table[ends[np.diff(ends, prepend=0) > 0] - 1, 1] = _GAP_LETTER
    return _cut(_spelt(table), [3 * end for end in ends.tolist()], 0)


def triple_streams(texts: Sequence[str]) -> list[str]:
    """Of each text its overlapping triples of letters; nothing of shorter texts."""
    letters, ends = _letters(texts)
    spelt = _spelt(_overlapping(letters, INITIALS_LENGTH))
    width = INITIALS_LENGTH + 1
    return _cut(spelt, [width * end for end in ends.tolist()], width * (INITIALS_LENGTH - 1))


def _name(text: str, cutter: Jieba) -> _Name:
    folded = fold(text)
    solid = folded.replace(GAP, "")
    words = [word for word in cutter.cut(folded) if word != GAP]
    if solid.isascii():  # codes and English names have no sound
        return _Name(solid, GAP.join(words), "", "", "")
    sounds = [_SOUNDS[word] for word in words]
    initials = "".join([sound.initials for sound in sounds])
    short = "".join([sound.short_initials for sound in sounds])
    return _Name(solid, GAP.join(words), _sound_tokens(sounds), initials, short if short != initials else "")


def _sound_tokens(sounds: Sequence[WordSounds]) -> str:
    tokens: list[str] = []
    before = ""
    for sound in sounds:
        if before:
            tokens.append(f"{before}.{sound.first}")
        tokens += sound.pairs
        before = sound.last
    return GAP.join(tokens)


def _apart(streams: Sequence[str]) -> str:
    """Streams in one field, kept apart by a token that no phrase holds."""
    if len(streams) == 1:
        return streams[0]
    return f" {BAR} ".join([stream for stream in streams if stream])


def _letters(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """All letters in a row, and where each text ends."""
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    return letters, np.fromiter(accumulate(map(len, texts)), dtype=np.int64, count=len(texts))


def _overlapping(letters: npt.NDArray[np.uint32], width: int) -> npt.NDArray[np.uint32]:
    """One row per letter: it, the ones after it, and a gap."""
    table = np.full((len(letters), width + 1), _GAP_LETTER, dtype=np.uint32)
    for place in range(width):
        table[: len(letters) - place, place] = letters[place:]
    return table


def _spelt(table: npt.NDArray[np.uint32]) -> str:
    return table.tobytes().decode("utf-32-le")


def _cut(spelt: str, ends: Sequence[int], less: int) -> list[str]:
    """The part of each text, its last `less` characters left out."""
    starts = [0, *ends[:-1]]
    return [spelt[start : max(start, end - less)] for start, end in zip(starts, ends, strict=True)]
