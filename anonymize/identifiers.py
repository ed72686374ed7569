"""Identifiers of persons: what they look like, and what may stand in their place.

Validators say whether a string *is* such a number, checksum and date included; they take the
compact form (no spaces, no dashes). Masks keep what a clerk needs to recognise a number of his own.
Pseudonyms are keyed: without the key nobody can try all ID numbers and compare.

Sources: GB 11643-1999 (citizen number, ISO 7064 MOD 11-2), GB 32100-2015 (unified social credit
code), ISO/IEC 7812 (Luhn), GA 36-2018 (number plates).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NewType

from stdnum import luhn
from stdnum.cn import ric, uscc

Pseudonym = NewType("Pseudonym", str)

_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
        "99",
    ]
)
"""First two digits of district codes; 99 is no province, and therefore the one of fictional people."""
_EARLIEST_BIRTH = date(1880, 1, 1)
_LATEST_BIRTH = date(2099, 12, 31)
_MINIMUM_KEY_BYTES = 16

PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""First characters of civil number plates."""


def pseudonym(key: bytes, value: str, *, domain: str) -> Pseudonym:
    """A stable name for `value` that only holders of `key` can connect with it.

    The same value has different pseudonyms in different domains (one per use), so that two tables
    cannot be joined through them.

    Raises: ValueError when the key is shorter than 16 bytes.
    """
    if len(key) < _MINIMUM_KEY_BYTES:
        raise ValueError(f"the pseudonym key has {len(key)} bytes; give at least {_MINIMUM_KEY_BYTES}")
    message = f"{len(domain)}:{domain}{value}".encode()
    digest = hmac.new(key, message, hashlib.sha256).digest()[:15]
    return Pseudonym(base64.b32encode(digest).decode("ascii").lower())


def mask(value: str, *, head: int, tail: int, filler: str = "*") -> str:
    """`value` with all but the first `head` and last `tail` characters covered.

    A value too short to hide anything between them is covered completely.
    """
    hidden = len(value) - head - tail
    if hidden <= 0:
        return filler * len(value)
    return value[:head] + filler * hidden + value[len(value) - tail :]


def mask_mobile(number: str) -> str:
    """`138****5678`."""
    return mask(number, head=3, tail=4)


def mask_account(number: str) -> str:
    """All but the last four digits covered."""
    return mask(number, head=0, tail=4)


def mask_id_card(number: str) -> str:
    """First six digits (district) and last character left; birth date and order covered."""
    return mask(number, head=6, tail=1)


def mask_name(name: str) -> str:
    """The surname and one `某` for each further character: 张某某."""
    return mask(name, head=1, tail=0, filler="某") if len(name) > 1 else "某"


def band(value: int, edges: Sequence[int]) -> str:
    """The half-open band of ascending `edges` that `value` lies in: `<a`, `a-b`, `>=z`.

    Raises: ValueError when there are no edges or they do not ascend.
    """
    if not edges or any(low >= high for low, high in pairwise(edges)):
        raise ValueError(f"band edges must ascend and not be empty, got {list(edges)}")
    place = bisect_right(edges, value)
    if place == 0:
        return f"<{edges[0]}"
    if place == len(edges):
        return f">={edges[-1]}"
    return f"{edges[place - 1]}-{edges[place]}"


def _is_birth_date(year: str, month: str, day: str) -> bool:
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return False
    return _EARLIEST_BIRTH <= born <= _LATEST_BIRTH


def has_id_card_shape(number: str) -> bool:
    """True for 18 or 15 places with a province code and a birth date, whatever the check digit."""
    if number[:2] not in _PROVINCES or not number[:-1].isdecimal() or not number.isascii():
        return False
    if len(number) == 18:
        return number[-1] in "0123456789Xx" and _is_birth_date(number[6:10], number[10:12], number[12:14])
    if len(number) == 15:
        return number.isdecimal() and _is_birth_date("19" + number[6:8], number[8:10], number[10:12])
    return False


def is_id_card(number: str) -> bool:
    """True for a citizen number of 18 places (date and check digit) or of 15 (date).

    District codes are not looked up: they are abolished and renamed, and `stdnum`'s own test
    refused more than half of the valid numbers for that.
    """
    if not has_id_card_shape(number):
        return False
    return len(number) == 15 or number[-1].upper() == ric.calc_check_digit(number.upper())


def is_credit_code(code: str) -> bool:
    """True for a unified social credit code with a right check character."""
    return bool(uscc.is_valid(code))


def is_sole_trader_code(code: str) -> bool:
    """True for the credit code of a 个体工商户 (registered by market supervision, type 2)."""
    return code.startswith("92") and is_credit_code(code)


def is_bank_card(number: str) -> bool:
    """True for 16 to 19 digits that pass the Luhn test and begin like a card."""
    return 16 <= len(number) <= 19 and number[:1] in tuple("34569") and bool(luhn.is_valid(number))


def is_mobile(number: str) -> bool:
    """True for an 11-digit mobile number of the mainland."""
    return re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII) is not None


def is_plate(plate: str) -> bool:
    """True for a civil number plate, with or without the dot behind the office letter."""
    return (
        re.fullmatch(
            rf"[{PLATE_PROVINCES}][A-Z]·?(?=[A-Z]*\d)[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳领使]",
            plate,
            re.ASCII,
        )
        is not None
    )
