"""Text in drawings: how wide it is, and where it breaks."""

from __future__ import annotations


def wide(text: str) -> float:
    """How wide a text is, in Chinese characters."""
    return sum(1.0 if ord(sign) > 0x2E80 else 0.56 for sign in text)


def wrapped(text: str, room: float) -> list[str]:
    """The text in lines at most `room` Chinese characters wide."""
    lines, line, taken = [], "", 0.0
    for sign in text:
        size = wide(sign)
        if line and taken + size > room:
            lines.append(line)
            line, taken = "", 0.0
        line += sign
        taken += size
    return [*lines, line] if line else lines or [""]
