"""A chart as the picture that comes with a shared link: 1200 by 630, the finding large enough for a small screen."""

from __future__ import annotations

from html import escape

from portal.reading.charts.draw import drawing_of
from portal.reading.charts.drawing import PATTERNS, SANS, picture_marks
from portal.reading.charts.model import Chart
from portal.reading.charts.wording import wide, wrapped
from portal.reading.tongue import tell

CARD_WIDTH, CARD_HEIGHT = 1200, 630
MARGIN = 56.0
TITLE, SUBTITLE, SMALL = 46, 24, 20
MOST_LINES = 2
INK, SOFT, ACCENT, PAPER = "#1c2430", "#5a6472", "#0b6e6e", "#fbfaf7"


def card_of(chart: Chart) -> str:
    """The card as SVG text: whose it is, the finding, what is measured, the drawing as large as it fits, the source."""
    room = CARD_WIDTH - 2 * MARGIN
    y = 64.0
    parts = [_text(y, SMALL, tell("阳光财政"), ACCENT, ' font-weight="bold"')]
    for size, text, colour, weight in (
        (TITLE, chart.title, INK, ' font-weight="bold"'),
        (SUBTITLE, chart.subtitle, SOFT, ""),
    ):
        for line in _fitting(text, room / size):
            y += size * 1.28
            parts.append(_text(y, size, line, colour, weight))
    foot = CARD_HEIGHT - 30.0
    parts.append(_text(foot, SMALL, _fitting(chart.stamp.line, room / SMALL)[0], SOFT, ""))
    parts.append(_drawn(chart, y + 22, foot - SMALL - 16))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" '
        f'viewBox="0 0 {CARD_WIDTH} {CARD_HEIGHT}"><defs>{PATTERNS}</defs>'
        f'<rect width="100%" height="100%" fill="{PAPER}"/><rect width="100%" height="10" fill="{ACCENT}"/>'
        f"{''.join(parts)}</svg>"
    )


def _drawn(chart: Chart, top: float, foot: float) -> str:
    """The drawing between these heights, in the middle."""
    drawing = drawing_of(chart)
    room = CARD_WIDTH - 2 * MARGIN
    scale = min(room / drawing.width, (foot - top) / max(drawing.height, 1))
    x = MARGIN + (room - drawing.width * scale) / 2
    return f'<g transform="translate({x:.1f} {top:.1f}) scale({scale:.4f})">{picture_marks(drawing)}</g>'


def _fitting(text: str, room: float) -> list[str]:
    """The first lines of a text; the last one ends with dots when more does not fit."""
    lines = wrapped(text, room)
    if len(lines) <= MOST_LINES:
        return lines
    last = lines[MOST_LINES - 1]
    while wide(last) > room - 1:
        last = last[:-1]
    return [*lines[: MOST_LINES - 1], last + "…"]


def _text(y: float, size: int, text: str, colour: str, weight: str) -> str:
    return (
        f'<text x="{MARGIN:.0f}" y="{y:.1f}" font-size="{size}" fill="{colour}" font-family="{SANS}"{weight}>'
        f"{escape(text)}</text>"
    )
