"""Numbers as people write them: 1,000万, 三点二亿, 两千五百, 百分之十五, 八成, 一半. Exact, never a float.

The library cn2an raises on 三点二亿 and 百分之十五, so this is our own reader of about one page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_DIGITS |= {letter: value for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")}
_SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Number:
    """A number found in a text and where it ends."""

    value: Decimal
    end: int


def read_number(text: str, start: int) -> Number | None:
    """Read the number that starts at that place, as long as it goes; None when there is none.

    `1,000万`, `2.5亿`, `三点二亿`, `3千5百万`, `二零二五` (digits one by one) and `三万五` (35,000) are understood.
    """
    found = _Reader(text, start).read()
    return None if found is None or found.end - start > _LONGEST else found


def read_ratio(text: str, start: int) -> Number | None:
    """Read a share as percent: 15%, 百分之十五, 八成, 七成五, 一半, 三分之一; None when there is none."""
    for phrase, percent in (("一半", 50), ("半数", 50)):
        if text.startswith(phrase, start):
            return Number(Decimal(percent), start + len(phrase))
    if text.startswith("百分之", start):
        return read_number(text, start + 3)
    number = read_number(text, start)
    return None if number is None else _as_share(text, number)


def _as_share(text: str, number: Number) -> Number | None:
    if text.startswith("分之", number.end):
        return _fraction(text, number)
    for suffix in ("%", "个百分点", "percent", " percent"):
        if text.startswith(suffix, number.end):
            return Number(number.value, number.end + len(suffix))
    if text.startswith("成", number.end) and number.value < 10:
        half = _DIGITS.get(text[number.end + 1 : number.end + 2], 0)
        return Number(number.value * 10 + half, number.end + (2 if half else 1))
    return None


def _fraction(text: str, denominator: Number) -> Number | None:
    numerator = read_number(text, denominator.end + 2)
    if numerator is None or denominator.value == 0:
        return None
    share = Fraction(numerator.value) / Fraction(denominator.value) * 100
    return Number(Decimal(share.numerator) / Decimal(share.denominator), numerator.end)


class _Reader:
    """Reads one number from left to right: digits, units up to 千, sections of 万 and 亿."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.place = start
        self.total = Decimal(0)  # finished 亿 and 万 sections
        self.section = Decimal(0)  # below the next 万 or 亿
        self.current: Decimal | None = None  # digits not yet multiplied
        self.last_unit = Decimal(0)
        self.chinese_digit = False
        self.zero_before = False
        self.seen = False

    def read(self) -> Number | None:
        while self.place < len(self.text) and (self._arabic() or self._digits() or self._unit()):
            self.seen = True
        if not self.seen:
            return None
        return Number(self.total + self.section + self._rest(), self.place)

    def _rest(self) -> Decimal:
        if self.current is None:
            return Decimal(0)
        if self.chinese_digit and self.last_unit >= 100 and self.current < 10 and not self.zero_before:
            return self.current * self.last_unit / 10  # 三万五, 一百二
        return self.current

    def _arabic(self) -> bool:
        found = _ARABIC.match(self.text, self.place)
        if found is None or self.current is not None:
            return False
        self.current = Decimal(found.group().replace(",", ""))
        self.chinese_digit = False
        self.place = found.end()
        return True

    def _digits(self) -> bool:
        if self.current is not None or self.text[self.place] not in _DIGITS:
            return False
        end = self.place
        while end < len(self.text) and self.text[end] in _DIGITS:
            end += 1
        run = self.text[self.place : end]
        value = Decimal(int("".join(str(_DIGITS[letter]) for letter in run)))
        self.zero_before = run[0] in "零〇" and len(run) > 1
        self.chinese_digit = True
        self.place = end
        if self.text.startswith("点", end) and self.text[end + 1 : end + 2] in _DIGITS:
            value += self._decimals(end + 1)
            self.chinese_digit = False
        self.current = value
        return True

    def _decimals(self, start: int) -> Decimal:
        end = start
        while end < len(self.text) and self.text[end] in _DIGITS:
            end += 1
        self.place = end
        run = "".join(str(_DIGITS[letter]) for letter in self.text[start:end])
        return Decimal(int(run)).scaleb(-len(run))

    def _unit(self) -> bool:
        letter = self.text[self.place]
        if letter in _SMALL:
            return self._small(Decimal(_SMALL[letter]), letter)
        if letter == "个" and self.seen and self.text[self.place + 1 : self.place + 2] in _LARGE:
            self.place += 1  # 一个亿, 3个亿
            letter = self.text[self.place]
        if letter in _LARGE and self.seen:
            return self._large(Decimal(_LARGE[letter]))
        return False

    def _small(self, unit: Decimal, letter: str) -> bool:
        if self.current is None and (letter not in "十拾" or self.section):
            if not self.section:
                return False
            self.section *= unit  # 3百千 is nobody's number; 10百万 is read below
        else:
            self.section += (Decimal(1) if self.current is None else self.current) * unit
        self.current = None
        self.last_unit = unit
        self.place += 1
        if self.text.startswith("点", self.place) and self.text[self.place + 1 : self.place + 2] in _DIGITS:
            self.current = self._decimals(self.place + 1)  # 八十点五
            self.chinese_digit = False
        return True

    def _large(self, unit: Decimal) -> bool:
        amount = self.section + (self.current if self.current is not None else Decimal(0))
        if amount == 0:
            if not self.total:
                return False
            self.total *= unit  # 一万亿
        elif self.total and self.total < unit:
            self.total = (self.total + amount) * unit  # 一万二千亿
        else:
            self.total += amount * unit
        self.section = Decimal(0)
        self.current = None
        self.last_unit = unit
        self.place += 1
        return True
