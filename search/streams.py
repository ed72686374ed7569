"""Documents into tokens: what is written into an index, one stream per field, tokens separated by spaces.

title, body   overlapping pairs of characters with positions. A phrase of pairs is a substring, so nothing that a
              substring search finds is missed. Aliases follow the title behind a bar that no phrase crosses.
words         the words of the names; for spelling and for closeness
sounds        pairs of blurred pinyin syllables of the names
initials      triples of pinyin initials of the names, with and without 市, 县 ...

Streams are made for many documents at once (`letters.py`): their names are folded and cut into words as one text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

import msgspec
from rjieba import Jieba

from search.documents import SearchDocument
from search.folding import GAP
from search.letters import LINE, Letters
from search.sounds import WordSounds, word_sounds

INITIALS_LENGTH = 3
BAR = "|"
_MOST_WORDS_REMEMBERED = 200_000


class TokenStreams(msgspec.Struct, frozen=True):
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
class _Names:
    """The streams of many names, each list with one entry per name."""

    written: list[str]
    words: list[str]
    sounds: list[str]
    initials: list[str]

    @classmethod
    def of(cls, texts: Sequence[str], cutter: Jieba) -> Self:
        """Streams of names as they are written."""
        folded = Letters.folded(texts)
        words: list[str] = []
        heard: list[list[WordSounds]] = []
        for name in _words_of_lines(cutter.cut(folded.lines())):
            words.append(GAP.join(name))
            is_silent = words[-1].isascii()  # codes and English names have no sound
            heard.append([] if is_silent else [_SOUNDS[word] for word in name])
        return cls(
            folded.solid().pairs(),
            words,
            [_sound_tokens(sounds) for sounds in heard],
            _initials(heard),
        )


def token_streams(documents: Sequence[SearchDocument], cutter: Jieba) -> Iterator[TokenStreams]:
    """The tokens of each document, in order; a thousand documents or so at once are quickest."""
    names = _Names.of(
        list(chain.from_iterable([(entry.title, *entry.aliases) for entry in documents])), cutter
    )
    bodies = Letters.folded([entry.body for entry in documents]).solid().pairs()
    at = 0
    for entry, body in zip(documents, bodies, strict=True):
        end = at + 1 + len(entry.aliases)
        yield TokenStreams(
            title=_apart(names.written[at:end]),
            body=body,
            words=GAP.join(names.words[at:end]),
            sounds=_apart(names.sounds[at:end]),
            initials=_apart(names.initials[at:end]),
        )
        at = end


def _words_of_lines(words: list[str]) -> Iterator[list[str]]:
    """The words of each line that ends, without gaps."""
    start = 0
    while start < len(words):
        end = words.index(LINE, start)
        line = words[start:end]
        yield [word for word in line if word != GAP] if GAP in line else line
        start = end + 1


def _sound_tokens(sounds: Sequence[WordSounds]) -> str:
    tokens: list[str] = []
    before = ""
    for sound in sounds:
        if before:
            tokens.append(f"{before}.{sound.first}")
        if sound.pairs:
            tokens.append(sound.pairs)
        before = sound.last
    return GAP.join(tokens)


def _initials(heard: Sequence[Sequence[WordSounds]]) -> list[str]:
    whole = Letters.of(["".join([sound.initials for sound in sounds]) for sounds in heard]).triples()
    short = Letters.of([_short_initials(sounds) for sounds in heard]).triples()
    return [_apart(pair) if pair[1] else pair[0] for pair in zip(whole, short, strict=True)]


def _short_initials(sounds: Sequence[WordSounds]) -> str:
    """The initials without 市, 县 ...; nothing when that makes no difference."""
    if not any(sound.ends_a_place for sound in sounds):
        return ""
    return "".join([sound.short_initials for sound in sounds])


def _apart(streams: Sequence[str]) -> str:
    """Streams in one field, kept apart by a token that no phrase holds."""
    if len(streams) == 1:
        return streams[0]
    return f" {BAR} ".join([stream for stream in streams if stream])
