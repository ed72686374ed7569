"""Text in drawings: how wide it is, and where it breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

UNBROKEN = re.compile(r"[!-~\u00a1-\u2e7f]+ ?|.", re.DOTALL)
"""What stays together: a word of letters and digits with the blank after it, or a single Chinese character."""


def wide(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1.0 if ord(sign) > 0x2E80 else 0.56 for sign in text)


def wrapped(text: str, room: float) -> list[str]:
    """The text in lines at most `room` Chinese characters wide; a word breaks only when it is wider than a line."""
    lines, line, taken = [], "", 0.0
    for part in _parts(text, room):
        size = wide(part.rstrip(" "))
        if line and taken + size > room:
            lines.append(line.rstrip(" "))
            line, taken = "", 0.0
        line += part
        taken += wide(part)
    return [*lines, line.rstrip(" ")] if line else lines or [""]


def _parts(text: str, room: float) -> Iterator[str]:
    """The parts that lines are made of."""
    for word in UNBROKEN.findall(text):
        if wide(word.rstrip(" ")) <= room:
            yield word
        else:
            yield from word
