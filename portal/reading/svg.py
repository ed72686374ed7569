"""Small charts as SVG text: no library, no script, no style attribute, so that they pass the strictest policy.

Sizes are percentages across and pixels down. Text therefore keeps its size on every screen and nothing scrolls.
Colours come from CSS classes (`paid`, `budget`, `plan`, `withheld`), so dark mode and print need nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

HATCH = (
    '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/>'
    '</pattern><pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect class="hatch-ground" width="6" height="6"/><circle class="hatch-line" cx="3" cy="3" r="1.3"/>'
    "</pattern></defs></svg>"
)
"""Defined once on every page; withheld marks are filled with `url(#hatch)`, merged ones with `url(#dots)`."""


def percentage(part: float, whole: float) -> str:
    """A length as a percentage of the drawing, kept inside it."""
    if whole <= 0:
        return "0"
    return f"{min(max(part / whole, 0), 1) * 100:.2f}%"


def bar(
    paid: float | None, budget: float | None, whole: float, *, late: bool = False, is_hidden: bool = True
) -> str:
    """One bar of a table: the budget as an outline, what was paid as its fill; hatched when it is withheld.

    Negative amounts (refunds) have no bar: the number beside says it. A number that is not there for another reason
    than a rule (`is_hidden` is false: not reported, not applicable) is not hatched, for hatching says withheld.
    """
    parts = ['<svg class="bar" width="100%" height="16" aria-hidden="true">']
    if paid is None and is_hidden:
        # As long as the budget allows: a shorter hatch would look like an amount.
        length = percentage(budget, whole) if budget else "18%"
        parts.append(f'<rect class="withheld" x="0" y="3.5" width="{length}" height="9" fill="url(#hatch)"/>')
    if budget is not None and budget > 0:
        parts.append(
            f'<rect class="budget" x="0" y="1.5" width="{percentage(budget, whole)}" height="13" rx="1"/>'
        )
    if paid is not None and paid > 0:
        kind = "paid over" if late else "paid"
        parts.append(f'<rect class="{kind}" x="0" y="3.5" width="{percentage(paid, whole)}" height="9"/>')
    parts.append("</svg>")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a column chart: its label, its value (None: withheld), and the words for a tooltip."""

    label: str
    value: float | None
    words: str
    outline: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line over the same positions as the columns; None breaks it."""

    label: str
    values: tuple[float | None, ...]
    kind: str


HEIGHT = 220
GUTTER = 13.0  # percent of the width, for the numbers of the scale
TOP = 26
BOTTOM = 26
PLOT = HEIGHT - TOP - BOTTOM


@dataclass(frozen=True, slots=True)
class Tick:
    """A horizontal grid line: how high, and what it says."""

    value: float
    label: str


def _height(value: float, top: float) -> float:
    return TOP + PLOT * (1 - min(max(value / top, 0), 1)) if top > 0 else TOP + PLOT


def _grid(ticks: Sequence[Tick], top: float) -> Iterable[str]:
    for tick in ticks:
        y = _height(tick.value, top)
        yield f'<line class="grid" x1="{GUTTER}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{GUTTER - 1.5}%" y="{y + 4:.1f}" text-anchor="end">{escape(tick.label)}</text>'


def _column(index: int, column: Column, count: int, top: float) -> Iterable[str]:
    slot = (100 - GUTTER) / count
    left, width = GUTTER + slot * (index + 0.16), slot * 0.68
    title = f"<title>{escape(column.words)}</title>"
    foot = TOP + PLOT
    if column.outline is not None and column.outline > 0:
        y = _height(column.outline, top)
        yield (
            f'<rect class="budget" x="{left:.2f}%" width="{width:.2f}%" y="{y:.1f}" height="{foot - y:.1f}">'
            f"{title}</rect>"
        )
    if column.value is None:
        yield (
            f'<rect class="withheld" x="{left:.2f}%" width="{width:.2f}%" y="{foot - 34}" height="34" '
            f'fill="url(#hatch)">{title}</rect>'
        )
    elif column.value > 0:
        y = _height(column.value, top)
        yield (
            f'<rect class="paid" x="{left:.2f}%" width="{width:.2f}%" y="{y:.1f}" height="{foot - y:.1f}">'
            f"{title}</rect>"
        )


def _labels(columns: Sequence[Column]) -> Iterable[str]:
    count = len(columns)
    step = 1 if count <= 12 else -(-count // 12)
    for index, column in enumerate(columns):
        if index % step == 0 and column.label:
            x = GUTTER + (100 - GUTTER) / count * (index + 0.5)
            yield f'<text class="tick" x="{x:.2f}%" y="{HEIGHT - 8}" text-anchor="middle">{escape(column.label)}</text>'


def _line(line: Line, top: float) -> str:
    count = len(line.values)
    points: list[list[str]] = [[]]
    for index, value in enumerate(line.values):
        if value is None:
            points.append([])
        else:
            points[-1].append(
                f"{100 / count * (index + 0.5):.2f},{100 - min(max(value / top, 0), 1) * 100 if top else 100:.2f}"
            )
    drawn = "".join(
        f'<polyline class="{line.kind}" points="{" ".join(run)}" vector-effect="non-scaling-stroke"/>'
        for run in points
        if len(run) > 1
    )
    return (
        f'<svg x="{GUTTER}%" y="{TOP}" width="{100 - GUTTER}%" height="{PLOT}" viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'overflow="visible">{drawn}</svg>'
    )


def columns_and_lines(
    columns: Sequence[Column], lines: Sequence[Line], ticks: Sequence[Tick], *, unit: str, alternative: str
) -> str:
    """A column chart with lines over it on one shared zero-based scale.

    `alternative` is what a screen reader says: it states the finding, the table beside has the numbers.
    """
    values = [column.value for column in columns if column.value is not None]
    values += [column.outline for column in columns if column.outline is not None]
    values += [value for line in lines for value in line.values if value is not None]
    top = max([*values, *(tick.value for tick in ticks), 0])
    parts = [
        f'<svg class="chart" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(alternative, quote=True)}">'
    ]
    parts.append(f'<text class="tick" x="0" y="12">{escape(unit)}</text>')
    parts.extend(_grid(ticks, top))
    for index, column in enumerate(columns):
        parts.extend(_column(index, column, len(columns), top))
    parts.extend(_line(line, top) for line in lines)
    parts.extend(_labels(columns))
    parts.append("</svg>")
    return "".join(parts)


def nice_ticks(top: float, count: int = 3) -> tuple[float, ...]:
    """Round values from zero to just below or at the top of the scale: 0, 5, 10 rather than 0, 4.7, 9.4."""
    if top <= 0:
        return (0.0,)
    step = 10.0 ** (len(str(int(top / count))) - 1) if top >= count else top / count
    for factor in (1, 2, 2.5, 5, 10):
        if top / (step * factor) <= count + 0.5:
            step *= factor
            break
    ticks = [0.0]
    while ticks[-1] + step <= top * 1.0001:
        ticks.append(ticks[-1] + step)
    return tuple(ticks)
