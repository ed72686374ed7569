"""One segmentation of a text, and how well a candidate name agrees with it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import rjieba

from anonymize.text.lexicon import ORDINARY

_CROSSES_WORD = -2.5
_CROSSES_GUESS = -0.2
_IS_TOKEN = 0.8
_IS_ALIGNED = 0.3
_IS_SPLIT = 0.5  # one token for the surname, one for the rest
_LONGEST_SURNAME = 2
_IN_GUESSED_NAME = 0.4
_PAYING = frozenset("付给")  # 付方, 付钱: what is paid to Mr Fang or Qian is no word
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

    def agreement(self, start: int, end: int) -> float:
        """Positive when `start`..`end` is made of whole tokens, negative when it cuts words apart."""
        first = self.tokens[self.index_at(start)]
        last = self.tokens[self.index_at(end - 1)]
        if first is last and first.tag == "nr" and not _is_known(first.text):
            whole = first.start == start and first.end == end
            return _IS_TOKEN if whole else _IN_GUESSED_NAME if first.end == end else _CROSSES_GUESS
        score = 0.0
        if first.start < start:
            is_paid = self.text[start - 1] in _PAYING and first.start == start - 1
            score += _CROSSES_GUESS if is_paid else self._cost_of_cutting(first)
        if last.end > end and (last is not first or first.start == start):
            score += max(self._cost_of_cutting(last), self._cost_of_reading_on(end))
        if first is last and first.start == start and first.end == end:
            return _IS_TOKEN
        if score < 0:
            return score
        return (
            _IS_SPLIT if first.end == last.start and len(first.text) < _LONGEST_SURNAME + 1 else _IS_ALIGNED
        )

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

    def word_before(self, position: int) -> Token | None:
        """The dictionary word of two and more characters that ends at `position`."""
        if position == 0:
            return None
        token = self.tokens[self.index_at(position - 1)]
        is_word = token.end == position and len(token.text) > 1 and _is_known(token.text)
        return token if is_word else None

    def is_verb_at(self, position: int) -> bool:
        """True when a verb of two and more characters begins at `position`."""
        if position >= len(self.text):
            return False
        token = self.tokens[self.index_at(position)]
        return token.start == position and len(token.text) > 1 and token.tag.startswith("v")

    def _cost_of_cutting(self, token: Token) -> float:
        return _CROSSES_WORD if _is_known(token.text) else _CROSSES_GUESS

    def _cost_of_reading_on(self, end: int) -> float:
        """A cut word does not matter when the text behind the cut reads well by itself."""
        rest = rjieba.cut(self.text[end : end + _LOOKAHEAD])
        return _CROSSES_GUESS if rest and len(rest[0]) > 1 and rjieba.has_word(rest[0]) else _CROSSES_WORD
