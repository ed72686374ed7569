"""What the scrubber finds, and the marks it leaves behind.

A span is half-open, in code points of the text it was found in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a span gives away about a person."""

    NAME = "NAME"
    ADDRESS = "ADDRESS"
    ID_CARD = "ID_CARD"
    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    USCC = "USCC"
    PLATE = "PLATE"
    PASSPORT = "PASSPORT"
    EMAIL = "EMAIL"
    WECHAT = "WECHAT"
    QQ = "QQ"


MARKS: dict[Kind, str] = {
    Kind.NAME: "［姓名］",
    Kind.ADDRESS: "［住址］",
    Kind.ID_CARD: "［身份证号］",
    Kind.MOBILE: "［手机号］",
    Kind.LANDLINE: "［固定电话］",
    Kind.BANK_ACCOUNT: "［银行账号］",
    Kind.USCC: "［信用代码］",
    Kind.PLATE: "［车牌号］",
    Kind.PASSPORT: "［护照号］",
    Kind.EMAIL: "［邮箱］",
    Kind.WECHAT: "［微信号］",
    Kind.QQ: "［QQ号］",
}
"""What stands in the public text in place of each kind."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One finding: code points `start` to `end` (exclusive) and what they are."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """The text that may be published, and the spans of the *original* text that were replaced."""

    text: str
    spans: tuple[Span, ...]


class Taken:
    """Findings of one pass; a later, weaker detector cannot overlap an earlier one."""

    def __init__(self) -> None:
        self._spans: list[Span] = []  # sorted, apart

    def add(self, start: int, end: int, kind: Kind) -> bool:
        """Accept a span if it is not empty and touches no accepted one; tells whether it was accepted."""
        place = bisect_left(self._spans, start, key=_start)
        is_blocked_left = place > 0 and self._spans[place - 1].end > start
        is_blocked_right = place < len(self._spans) and self._spans[place].start < end
        if start >= end or is_blocked_left or is_blocked_right:
            return False
        self._spans.insert(place, Span(start, end, kind))
        return True

    def sorted(self) -> list[Span]:
        """Accepted spans in order of the text."""
        return list(self._spans)


def _start(span: Span) -> int:
    return span.start


def replace_spans(text: str, spans: Sequence[Span]) -> str:
    """`text` with every span (sorted, not overlapping) replaced by the mark of its kind."""
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += (text[position : span.start], MARKS[span.kind])
        position = span.end
    pieces.append(text[position:])
    return "".join(pieces)


def in_original(spans: Sequence[Span], earlier: Sequence[Span]) -> list[Span]:
    """Spans of a text in which `earlier` was already replaced, in code points of the original.

    No span may touch a mark; the detectors see marks as barriers, so none does.
    """
    ends: list[int] = []  # where each mark ends in the replaced text
    shifts: list[int] = []  # what to add to a position behind it
    shift = 0
    for span in earlier:
        mark_start = span.start - shift
        mark_end = mark_start + len(MARKS[span.kind])
        shift += (span.end - span.start) - len(MARKS[span.kind])
        ends.append(mark_end)
        shifts.append(shift)

    def moved(position: int, index: int) -> int:
        return position + (shifts[index - 1] if index else 0)

    found = []
    for span in spans:
        index = bisect_left(ends, span.start + 1)  # marks that end at or before the span
        found.append(Span(moved(span.start, index), moved(span.end, index), span.kind))
    return found
