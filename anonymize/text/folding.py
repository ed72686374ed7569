"""One reading for many spellings, with every code point in its place.

Detectors read the *folded* text: full-width forms are ASCII, dashes and spaces are one dash and
one space, digits of any script are 0-9, and a mark of an earlier pass is a run of one private
character, which no detector can cross. Every replacement is one code point for one code point, so
a position in the folded text is the same position in the original.
"""

from __future__ import annotations

import re
import sys
import unicodedata

from anonymize.text.spans import MARKS, Kind

_BARRIERS = {kind: chr(0xE000 + number) for number, kind in enumerate(Kind)}
NAME_BARRIER = _BARRIERS[Kind.NAME]
"""Stands for each code point of a name that was replaced before."""
PERSONAL_BARRIERS = "".join(_BARRIERS[kind] for kind in Kind if kind is not Kind.NAME)
"""Stand for the code points of any other replaced identifier."""
_MARK = re.compile("|".join(re.escape(mark) for mark in MARKS.values()))
_BARRIER_OF = {MARKS[kind]: _BARRIERS[kind] for kind in Kind}

_DASHES = "‐‑‒–—―−﹣－⁃─━ー〜～~"
_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\f\r"
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_MIDDLE_DOTS = "•‧∙⋅・･˙●"


def _fold_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for code in range(0x80, sys.maxunicode + 1):
        digit = unicodedata.decimal(chr(code), None)
        if digit is not None:
            table[code] = str(digit)
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    table |= dict.fromkeys(map(ord, _SPACES + _INVISIBLE), " ")
    table |= dict.fromkeys(map(ord, _MIDDLE_DOTS), "·")
    # Private characters of the input must not pass for barriers.
    table |= dict.fromkeys(range(0xE000, 0xE000 + len(Kind)), "\ufffd")
    return table


_TABLE = _fold_table()

_NUMERALS = dict(zip("零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "00012345678911234567892", strict=True))
_NUMERAL = "".join(_NUMERALS)
# Seven and more digits in a row with a Chinese one among them: a number read aloud, not a date.
_SPOKEN = re.compile(rf"(?:[0-9{_NUMERAL}][ \-]?){{6,}}[0-9{_NUMERAL}]")
_SPOKEN_TABLE = str.maketrans(_NUMERALS)


def fold(text: str) -> str:
    """The folded reading of `text`: as many code points, each at its old position."""
    folded = text.translate(_TABLE)
    if "［" not in text:
        return folded
    pieces = list(folded)
    for mark in _MARK.finditer(text):
        pieces[mark.start() : mark.end()] = _BARRIER_OF[mark[0]] * (mark.end() - mark.start())
    return "".join(pieces)


def with_spoken_digits(folded: str) -> str:
    """`folded` with Chinese digits read as 0-9 wherever seven or more digits stand in a row."""
    return _SPOKEN.sub(lambda run: run[0].translate(_SPOKEN_TABLE), folded)
