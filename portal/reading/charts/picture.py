"""A chart as a picture of its own: finding, measure, drawing, key and source line in one SVG that opens anywhere."""

from __future__ import annotations

from html import escape

from portal.reading.charts.draw import Key, drawing_of, keys_of
from portal.reading.charts.drawing import COLOURS, PATTERNS, SANS, WIDTH, picture_marks
from portal.reading.charts.model import Chart
from portal.reading.charts.wording import wide, wrapped
from portal.reading.quantities import MARKS

MARGIN = 28.0
TITLE, SUBTITLE, SMALL = 24, 15, 13


def picture_of(chart: Chart) -> str:
    """The whole picture as SVG text, `WIDTH` units and two margins wide."""
    drawing = drawing_of(chart)
    parts: list[str] = []
    y = MARGIN
    for size, text, weight in ((TITLE, chart.title, ' font-weight="bold"'), (SUBTITLE, chart.subtitle, "")):
        for line in wrapped(text, WIDTH / size):
            y += size * 1.35
            parts.append(_text(MARGIN, y, size, line, weight))
    y += 20
    aside = (WIDTH - drawing.width) / 2
    parts.append(f'<g transform="translate({MARGIN + aside} {y})">{picture_marks(drawing)}</g>')
    y += drawing.height + 24
    keys, y = _keys(keys_of(chart), y)
    parts.append(keys)
    for text in (chart.note, chart.stamp.line):
        for line in wrapped(text, WIDTH / SMALL) if text else ():
            y += SMALL * 1.6
            parts.append(_text(MARGIN, y, SMALL, line, "", "#5a6472"))
    width, height = WIDTH + 2 * MARGIN, y + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">'
        f"<title>{escape(chart.title)}</title><desc>{escape(chart.alternative)}</desc><defs>{PATTERNS}</defs>"
        f'<rect width="100%" height="100%" fill="#fbfaf7"/>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, size: int, text: str, weight: str, colour: str = "#1c2430") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.1f}" font-size="{size}" fill="{colour}" font-family="{SANS}"{weight}>'
        f"{escape(text)}</text>"
    )


def _keys(keys: tuple[Key, ...], y: float) -> tuple[str, float]:
    if not keys:
        return "", y
    parts, x = [], MARGIN
    for key in keys:
        word = f"{MARKS[key.kind]} {key.word}" if key.kind in MARKS else key.word
        taken = 34 + wide(word) * SMALL + 20
        if x + taken > WIDTH + MARGIN and x > MARGIN:
            x, y = MARGIN, y + 22
        parts.append(_swatch(key.kind, x, y - 9))
        parts.append(_text(x + 30, y + 2, SMALL, word, "", "#5a6472"))
        x += taken
    return "".join(parts), y + 10


def _swatch(kind: str, x: float, y: float) -> str:
    look = COLOURS["paid rush" if kind == "rush" else kind]
    if kind in ("plan", "budget-line"):
        return f'<line x1="{x:.0f}" y1="{y + 6:.0f}" x2="{x + 24:.0f}" y2="{y + 6:.0f}" {look}/>'
    return f'<rect x="{x:.0f}" y="{y:.0f}" width="24" height="12" {look}/>'
