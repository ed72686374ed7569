"""Annotated sentences for measuring the scrubber: parsed from markup or made by construction.

Markup: `付{NAME:林静}劳务费，电话{MOBILE:@}`. Text in braces is a finding; `@` is filled with an
invented value of that kind, in one of the ways people write it. Every person here is invented.
"""

from __future__ import annotations

import random
import re
import string
from dataclasses import dataclass
from pathlib import Path

from stdnum import luhn
from stdnum.cn import ric, uscc

from anonymize.identifiers import PLATE_PROVINCES
from anonymize.text import Kind, Span

_SLOT = re.compile(r"\{([A-Z_]+):([^{}]*)\}")
_FULL_WIDTH = str.maketrans(
    string.digits + string.ascii_uppercase,
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ",
)
_SPOKEN = str.maketrans(string.digits, "零一二三四五六七八九")
_PROVINCES = (
    "11",
    "13",
    "21",
    "32",
    "33",
    "34",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "45",
    "51",
    "52",
    "53",
    "61",
    "65",
)


@dataclass(frozen=True)
class Sentence:
    """A text and what ought to be found in it."""

    text: str
    spans: tuple[Span, ...]


def parse(line: str, rng: random.Random) -> Sentence:
    """One marked-up line as text and spans."""
    pieces: list[str] = []
    spans: list[Span] = []
    length = position = 0
    for slot in _SLOT.finditer(line):
        before = line[position : slot.start()]
        kind = Kind(slot[1])
        value = slot[2] if slot[2] != "@" else MAKERS[kind](rng)
        spans.append(Span(length + len(before), length + len(before) + len(value), kind))
        pieces += (before, value)
        length += len(before) + len(value)
        position = slot.end()
    pieces.append(line[position:])
    return Sentence("".join(pieces), tuple(spans))


def read(path: Path, *, seed: int = 1) -> list[Sentence]:
    """The sentences of a corpus file; the same seed fills the same values."""
    rng = random.Random(seed)  # noqa: S311 - the same sentences every time
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse(line, rng) for line in lines if line and not line.startswith("# ")]


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    pieces, position = [], 0
    for size in sizes:
        pieces.append(text[position : position + size])
        position += size
    pieces.append(text[position:])
    return separator.join(piece for piece in pieces if piece)


def _written(rng: random.Random, number: str, sizes: tuple[int, ...]) -> str:
    """A number as people write it: mostly plain, sometimes grouped, full-width or spelt out."""
    way = rng.random()
    if way < 0.6:
        return number
    if way < 0.75:
        return _grouped(number, sizes, " ")
    if way < 0.85:
        return _grouped(number, sizes, "-")
    return number.translate(_FULL_WIDTH) if way < 0.95 else number.translate(_SPOKEN)


def id_card(rng: random.Random) -> str:
    district = rng.choice(_PROVINCES) + f"{rng.randint(1, 20):02}{rng.randint(1, 30):02}"
    born = f"{rng.randint(1935, 2015)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body = district + born + _digits(rng, 3)
    if rng.random() < 0.1:
        return district + born[2:] + _digits(rng, 3)
    check = ric.calc_check_digit(body + "0")
    number = body + (check.lower() if rng.random() < 0.3 else check)
    return _written(rng, number, (6, 8))


def mobile(rng: random.Random) -> str:
    number = rng.choice(["13", "15", "17", "18", "19", "16", "14"]) + _digits(rng, 9)
    written = _written(rng, number, (3, 4))
    return ("+86 " if rng.random() < 0.1 and written == number else "") + written


def landline(rng: random.Random) -> str:
    area, rest = rng.choice(
        [("020", 8), ("010", 8), ("0755", 8), ("0763", 7), ("0371", 8), ("0898", 8), ("0668", 7)]
    )
    local = rng.choice("2345678") + _digits(rng, rest - 1)
    text = rng.choice(
        [
            f"{area}-{local}",
            f"{area}{local}",
            f"{area} {local}",
            f"({area}){local}",
            f"{area}-{local[:4]} {local[4:]}",
        ]
    )
    return text.translate(_FULL_WIDTH) if rng.random() < 0.1 else text


def bank_account(rng: random.Random) -> str:
    body = rng.choice(["622202", "621700", "622848", "621785", "623058"]) + _digits(rng, rng.choice([9, 12]))
    number = body + luhn.calc_check_digit(body)
    return _written(rng, number, (4, 4, 4, 4))


def credit_code(rng: random.Random) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = (
        "92"
        + rng.choice(_PROVINCES)
        + _digits(rng, 4)
        + "MA"
        + "".join(rng.choice(alphabet) for _ in range(7))
    )
    return body + uscc.calc_check_digit(body + "0")


def plate(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    tail = rng.choice(
        [
            _digits(rng, 5),
            rng.choice(letters) + _digits(rng, 4),
            _digits(rng, 3) + rng.choice(letters) + _digits(rng, 1),
            "D" + _digits(rng, 5),
        ]
    )
    return rng.choice(PLATE_PROVINCES) + rng.choice(letters[:8]) + rng.choice(["", "", "·"]) + tail


def passport(rng: random.Random) -> str:
    return rng.choice(
        ["E" + _digits(rng, 8), "G" + _digits(rng, 8), "E" + rng.choice("ABCDEFGH") + _digits(rng, 7)]
    )


def email(rng: random.Random) -> str:
    user = rng.choice(["lihua", "wang.fang", "zhang_wei88", "chenjing2001", "liu-yang"]) + rng.choice(
        ["", "1", "77"]
    )
    return f"{user}@{rng.choice(['qq.com', '163.com', 'gmail.com', '126.com', 'sina.com.cn', 'gz-mail.cn'])}"


def wechat(rng: random.Random) -> str:
    return rng.choice(
        [
            "wxid_" + _digits(rng, 6) + "ab",
            "lihua" + _digits(rng, 3),
            "A-zhang_" + _digits(rng, 4),
            "xiaofang" + _digits(rng, 4),
        ]
    )


def qq(rng: random.Random) -> str:
    return rng.choice("123456789") + _digits(rng, rng.randint(5, 9))


MAKERS = {
    Kind.ID_CARD: id_card,
    Kind.MOBILE: mobile,
    Kind.LANDLINE: landline,
    Kind.BANK_ACCOUNT: bank_account,
    Kind.USCC: credit_code,
    Kind.PLATE: plate,
    Kind.PASSPORT: passport,
    Kind.EMAIL: email,
    Kind.WECHAT: wechat,
    Kind.QQ: qq,
}


@dataclass
class Tally:
    """Hits and misses of one kind."""

    expected: int = 0
    found: int = 0
    exact: int = 0
    proposed: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        return self.found / self.expected if self.expected else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0


def overlaps(one: Span, other: Span) -> bool:
    return one.kind is other.kind and one.start < other.end and other.start < one.end


def tally(pairs: list[tuple[Sentence, tuple[Span, ...]]]) -> dict[str, Tally]:
    """Counts by kind and in all. A finding counts when kinds agree and the spans overlap; `exact` when they are equal."""
    counts = {name: Tally() for name in (*Kind, "ALL")}
    for sentence, found in pairs:
        for span in sentence.spans:
            for tallied in (counts[span.kind], counts["ALL"]):
                tallied.expected += 1
                tallied.found += any(overlaps(span, other) for other in found)
                tallied.exact += span in found
        for span in found:
            for tallied in (counts[span.kind], counts["ALL"]):
                tallied.proposed += 1
                tallied.right += any(overlaps(span, other) for other in sentence.spans)
    return counts
