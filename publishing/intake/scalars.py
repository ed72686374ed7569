"""Exact reading of single values, for the few that the fast vectorised path does not understand.

Each function returns the value, or the name of the rule that the text breaks. Nothing here uses floats for money.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength, ValidationError

LARGEST_FEN = 2**63 - 1

_PLAIN_MONEY = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]+")
_NOT_FINITE = frozenset({"nan", "inf", "infinity", "+inf", "-inf", "-infinity", "+infinity", "-nan"})
_SEPARATORS = re.compile(r"[0-9,，'’_¥￥$元]+(?:\.[0-9]+)?[元]?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LONGEST_NUMBER = 400


def money_fen(text: str) -> int | str:
    """Yuan as written, to whole fen; or the name of the broken rule."""
    if len(text) > _LONGEST_NUMBER:
        return (
            "money_overflow"
            if text.strip("-").isascii() and text.strip("-").isdigit()
            else "money_not_a_number"
        )
    match = _PLAIN_MONEY.fullmatch(text)
    if match is None:
        return _money_fault(text)
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if len(fraction) > 2 and fraction[2:].strip("0"):
        return "money_three_decimals"
    if len(fraction) > 2:
        return "money_three_decimals"  # 1.230 was not written by a system that counts in fen
    fen = int(whole) * 100 + int(fraction.ljust(2, "0"))
    fen = -fen if sign else fen
    return fen if -LARGEST_FEN <= fen <= LARGEST_FEN else "money_overflow"


def _money_fault(text: str) -> str:
    stripped = text.strip()
    if stripped.lower() in _NOT_FINITE:
        return "money_not_finite"
    if _SCIENTIFIC.fullmatch(stripped):
        return "money_scientific"
    if not text.isascii() and re.fullmatch(r"[-+]?[0-9,.]+", unicodedata.normalize("NFKC", text)):
        return "money_fullwidth"
    if any(character.isdigit() for character in text) and _SEPARATORS.fullmatch(text):
        return "money_separators"
    return "money_not_a_number"


def number_fault(text: str, *, whole: bool) -> str:
    """Why a text is not a (whole) number; call it only for texts that are not."""
    if not text.isascii() and re.fullmatch(r"[-+]?[0-9,.]+", unicodedata.normalize("NFKC", text)):
        return "number_fullwidth"
    return "integer_wrong" if whole else "number_wrong"


def date_fault(text: str) -> str:
    """Why a text is not a date; call it only for texts that are not."""
    match = _DATE.fullmatch(text)
    if match is None:
        return "date_wrong"
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not 1 <= month <= 12 or year == 0 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return "date_impossible"
    return "date_out_of_range" if not 1900 <= date(year, month, day).year <= 2100 else "date_wrong"


def credit_code_fault(text: str) -> str | None:
    """The rule a 统一社会信用代码 breaks. Source: GB 32100-2015, check character by modulus 31."""
    if len(text) != 18 or text != text.strip() or text != text.upper():
        return "credit_code_malformed"
    try:
        uscc.validate(text)
    except (InvalidLength, InvalidFormat, InvalidComponent):
        return "credit_code_malformed"
    except ValidationError:
        return "credit_code_checksum"
    return None
