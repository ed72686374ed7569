"""Writing the same thing the same way: full and half width, traditional and simplified, case, accents.

Folding works on single characters, so that the folded form of a part of a text is always a part of the folded
form of the whole text. That is why a search over folded text finds everything that a substring search finds.
Everything that is neither a letter nor a digit (punctuation, spaces, emoji, control characters) folds to a gap.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

GAP = " "
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x3400, 0x3FFFF
_LAST_ACCENTED_LATIN = 0x24F


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def _fold_character(character: str) -> str:
    """The folded form of one character: usually one character, more for `㎡`, a gap for punctuation."""
    is_latin = ord(character) <= _LAST_ACCENTED_LATIN
    plain = unicodedata.normalize("NFKD" if is_latin else "NFKC", character).lower()
    kept = "".join(part for part in plain if part.isalnum())
    if not kept:
        return GAP
    if any(_FIRST_IDEOGRAPH <= ord(part) <= _LAST_IDEOGRAPH for part in kept):
        return str(_simplifier().convert(kept))
    return kept


class _FoldTable(dict[int, str]):
    """Character code to folded form, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The folded text, with a gap wherever something was neither letter nor digit."""
    return text.translate(_TABLE)


def fold_solid(text: str) -> str:
    """The folded text without its gaps: what bigrams are made of."""
    return text.translate(_TABLE).replace(GAP, "")


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded text without gaps, and for each of its characters the position in the original text."""

    text: str
    positions: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> FoldedText:
        """Fold a text and remember where every kept character came from."""
        spaced = fold(original)
        if len(spaced) == len(original):  # nothing folded to more than one character: the usual case
            places = tuple(place for place, character in enumerate(spaced) if character != GAP)
            return cls(spaced.replace(GAP, ""), places)
        kept: list[str] = []
        positions: list[int] = []
        for position, character in enumerate(original):
            folded = _TABLE[ord(character)]
            if folded == GAP:
                continue
            kept.append(folded)
            positions.extend([position] * len(folded))
        return cls("".join(kept), tuple(positions))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text of folded characters `start` up to, not including, `end`."""
        return self.positions[start], self.positions[end - 1] + 1
