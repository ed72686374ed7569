"""Bars for numbers that are no sum of money: percentages, per-head figures, lengths, counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.reading.svg import bar


@dataclass(frozen=True, slots=True)
class NumberBar:
    """One line: a name, its number in words and exact, its bar, and the page it leads to (empty: none).

    `number` is None where there is none; `is_withheld` then says that it exists and may not be shown.
    """

    name: str
    number: float | None
    said: str
    exact: str = ""
    url: str = ""
    is_withheld: bool = False
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class NumberBars:
    """A bar chart that is a table: finding, measure, bars on one scale that starts at zero."""

    title: str
    subtitle: str
    bars: tuple[NumberBar, ...]


def number_bars(title: str, subtitle: str, bars: Sequence[NumberBar]) -> NumberBars:
    """Draw all bars on one scale."""
    whole = max((abs(item.number) for item in bars if item.number is not None), default=0.0)
    return NumberBars(title, subtitle, tuple(replace(item, drawing=_drawn(item, whole)) for item in bars))


def _drawn(item: NumberBar, whole: float) -> str:
    if item.number is None and not item.is_withheld:
        return ""
    return bar(item.number, None, whole)
