"""Numbers of foreign files, exactly: from the text as written, through decimal arithmetic, never through a float."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

from publishing.intake.mapping.records import Value

UNITS: dict[str, Decimal] = {
    name: Decimal(factor)
    for names, factor in (
        (("元", "圆", "圓", "円", "yuan", "yen", "CNY", "JPY", "TWD", "HKD"), "1"),
        (("分", "fen"), "0.01"),
        (("角",), "0.1"),
        (("百元",), "100"),
        (("千元", "仟元", "千円", "仟圓"), "1000"),
        (("万元", "萬元", "万円", "萬圓"), "10000"),
        (("十万元", "十萬元"), "100000"),
        (("百万元", "百萬元", "百万円"), "1000000"),
        (("千万元", "千萬元"), "10000000"),
        (("亿元", "億元", "億円"), "100000000"),
        (("十億円", "十亿元"), "1000000000"),
        (("兆円", "兆元", "万亿元"), "1000000000000"),
    )
    for name in names
}
"""What one of the unit is worth in the unit of the package (yuan, yen)."""

_CONTEXT = Context(prec=80)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"(?<=[0-9])[,，'’_\s](?=[0-9]{3}(?![0-9]))")
_SIGNS = str.maketrans({"−": "-", "－": "-", "△": "-", "▲": "-", "▼": "-"})
_LARGEST = Decimal(10) ** 40


def read_number(value: Value) -> Decimal | None:
    """The number that a foreign value says, None when it says none.

    Understands full-width digits, thousands separators, accounting negatives (`△1`, `(1)`) and currency signs.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        return _finite(Decimal(value))
    if isinstance(value, float):
        return _finite(Decimal(repr(value)))
    text = unicodedata.normalize("NFKC", str(value)).strip().translate(_SIGNS)
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1].strip()
    text = _GROUPED.sub("", re.sub(r"^(-?)\s*[¥$€]\s*", r"\1", text))
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return _finite(Decimal(text))
    except InvalidOperation:
        return None


def _finite(number: Decimal) -> Decimal | None:
    return number if number.is_finite() and abs(number) < _LARGEST else None


def scaled(number: Decimal, factor: Decimal) -> Decimal:
    """The product, exactly."""
    return _CONTEXT.multiply(number, factor)


def rounded(number: Decimal, decimals: int) -> Decimal:
    """To so many decimals, halves to the even neighbour; never a negative zero."""
    result = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN, context=_CONTEXT)
    return abs(result) if result.is_zero() else result


def plain(number: Decimal) -> str:
    """Digits without exponent."""
    return format(number, "f")
