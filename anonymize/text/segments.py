"""One segmentation of a text, and how well a candidate name agrees with it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import rjieba

from anonymize.text.lexicon import ORDINARY

_LOOKAHEAD = 8


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the segmentation with its part of speech."""

    start: int
    text: str
    tag: str

    @property
    def end(self) -> int:
        """Where the next token begins."""
        return self.start + len(self.text)


def _is_known(word: str) -> bool:
    return word in ORDINARY or bool(rjieba.has_word(word))


def _is_guess(token: Token) -> bool:
    return token.tag == "nr" and not _is_known(token.text)


class Segmentation:
    """The tokens of one text, by position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        position = 0
        for word, tag in rjieba.tag(text):
            self.tokens.append(Token(position, word, tag))
            position += len(word)
        self._starts = [token.start for token in self.tokens]

    def index_at(self, position: int) -> int:
        """Number of the token that covers `position`."""
        return bisect_right(self._starts, position) - 1

    def guess(self, start: int, end: int) -> tuple[bool, bool]:
        """Whether the segmenter guesses a name at exactly `start`..`end`, and whether it guesses one across an end."""
        first = self.tokens[self.index_at(start)]
        last = self.tokens[self.index_at(end - 1)]
        if first is last and first.start == start and first.end == end:
            return _is_guess(first), False
        return False, (first.start < start and _is_guess(first)) or (last.end > end and _is_guess(last))

    def word_at(self, position: int) -> str:
        """The dictionary word of two and more characters that begins at `position`, else nothing."""
        if position >= len(self.text):
            return ""
        token = self.tokens[self.index_at(position)]
        word = token.text if token.start == position else ""
        if not word:
            rest = rjieba.cut(self.text[position : position + _LOOKAHEAD])
            word = rest[0] if rest else ""
        return word if len(word) > 1 and _is_known(word) else ""
