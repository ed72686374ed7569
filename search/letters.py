"""Many texts as one array of letters: folded, paired and cut apart without a step of Python for each letter.

The pairs of a thousand texts are one array rather than a hundred thousand small strings, which is most of the speed
of a build. `folding.py` says what folding is; here it only is done to many texts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

from search.folding import GAP, fold

LINE = "\n"
_GAP_CODE, _LINE_CODE = ord(GAP), ord(LINE)
_UNKNOWN, _SEVERAL = 2**32 - 1, 2**32 - 2  # no letters: not met yet, folded to more than one letter
_FORMS = np.full(0x110000, _UNKNOWN, dtype=np.uint32)
"""Code of a letter to the code of its folded form, filled as letters are met."""

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Letters:
    """Texts in a row: the codes of all their letters, and where each text ends."""

    codes: Codes
    ends: Places

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """The letters of texts as they are."""
        joined = "".join(texts).encode("utf-32-le", "surrogatepass")
        ends = np.fromiter(accumulate(map(len, texts)), dtype=np.int64, count=len(texts))
        return cls(np.frombuffer(joined, dtype=np.uint32), ends)

    @classmethod
    def folded(cls, texts: Sequence[str]) -> Self:
        """The letters of folded texts, gaps included."""
        letters = cls.of(texts)
        forms = _forms(letters.codes)
        if (forms == _SEVERAL).any():  # `㎡` and the like move all that follows
            return cls.of([fold(text) for text in texts])
        return cls(forms, letters.ends)

    def solid(self) -> Self:
        """The same texts without their gaps."""
        is_kept = self.codes != _GAP_CODE
        kept_before = np.concatenate(([0], np.cumsum(is_kept)))
        return type(self)(self.codes[is_kept], kept_before[self.ends])

    def lines(self) -> str:
        """All texts as one, a line for each."""
        separated = np.empty(len(self.codes) + len(self.ends), dtype=np.uint32)
        is_letter = np.ones(len(separated), dtype=np.bool_)
        is_letter[self.ends + np.arange(len(self.ends))] = False
        separated[is_letter] = self.codes
        separated[~is_letter] = _LINE_CODE
        return _text(separated)

    def pairs(self) -> list[str]:
        """Of each text its overlapping pairs of letters, the last letter alone so that it can be found too.

        Pairs are separated by spaces and end with one.
        """
        table = self._overlapping(2)
        is_filled = np.diff(self.ends, prepend=0) > 0
        table[self.ends[is_filled] - 1, 1] = _GAP_CODE
        return self._cut(_text(table), 3, 0)

    def triples(self) -> list[str]:
        """Of each text its overlapping triples of letters; nothing of shorter texts."""
        return self._cut(_text(self._overlapping(3)), 4, 2)

    def _overlapping(self, width: int) -> Codes:
        """One row per letter: it, the ones after it, and a gap."""
        table = np.full((len(self.codes), width + 1), _GAP_CODE, dtype=np.uint32)
        for place in range(width):
            table[: len(self.codes) - place, place] = self.codes[place:]
        return table

    def _cut(self, written: str, width: int, fewer: int) -> list[str]:
        """The part of each text in what has `width` characters for each letter, its last `fewer` letters left out."""
        bounds = [0, *(self.ends * width).tolist()]
        less = width * fewer
        return [written[start : max(start, end - less)] for start, end in pairwise(bounds)]


def _forms(codes: Codes) -> Codes:
    forms: Codes = _FORMS[codes]
    is_new = forms == _UNKNOWN
    if is_new.any():
        for code in np.unique(codes[is_new]).tolist():
            form = fold(chr(code))
            _FORMS[code] = ord(form) if len(form) == 1 else _SEVERAL
        forms = _FORMS[codes]
    return forms


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("utf-32-le")
