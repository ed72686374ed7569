"""Charts with a scale: columns over time, a heat map, bars, a star of scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, pi, sin

from portal.reading.charts.drawing import WIDTH, Drawing, Line, Mark, Path, Rect, Text, points
from portal.reading.charts.model import Bar, Bars, Grid, GridRow, Periods, Radar, Reading, Star
from portal.reading.quantities import MARKS, Currency, percent
from portal.reading.svg import nice_ticks
from portal.reading.tongue import tell, tell_all

LEFT = 110.0
TOP, PLOT, FOOT = 26.0, 190.0, 28.0


def absent(reading: Reading, x: float, y: float, width: float, height: float, title: str) -> Iterator[Mark]:
    """What stands where a number would: hatched, dotted, a dashed frame or a dash, each with its mark."""
    yield Rect(x, y, width, height, reading.status, title)
    yield Text(x + width / 2, y + height / 2 + 5, MARKS.get(reading.status, "…"), "mark halo", "middle")


# ---------------------------------------------------------------- columns over time


def draw_periods(body: Periods, currency: Currency) -> Drawing:
    """Columns for what was paid, a dashed line for the plan, a solid one for the budget, on one scale from zero."""
    readings = [
        reading
        for period in body.periods
        for reading in (period.paid, period.plan, period.budget)
        if reading is not None and reading.is_known
    ]
    top = max([reading.value or 0 for reading in readings] + [0])
    unit = currency.unit_for(round(top))
    marks: list[Mark] = [Text(0, 12, unit.label)]
    for tick in nice_ticks(top / unit.factor_fen):
        y = _height(tick * unit.factor_fen, top)
        marks += [Line(LEFT, y, WIDTH, y, "grid"), Text(LEFT - 10, y + 4, _plain(tick), "tick", "end")]
    slot = (WIDTH - LEFT) / max(len(body.periods), 1)
    step = -(-len(body.periods) // 12)
    for index, period in enumerate(body.periods):
        x = LEFT + slot * (index + 0.14)
        title = tell("{}：{}", period.name, f"{body.paid_word} {period.paid.said}")
        marks.extend(_column(period.paid, x, slot * 0.72, top, title, is_marked=period.is_marked))
        if index % step == 0:
            marks.append(Text(x + slot * 0.36, TOP + PLOT + 18, period.label, "tick", "middle"))
    for kind, name in (("budget-line", "budget"), ("plan", "plan")):
        marks.extend(_run(body, name, kind, slot, top))
    return Drawing(TOP + PLOT + FOOT, tuple(marks))


def _height(value: float, top: float) -> float:
    return TOP + PLOT * (1 - min(max(value / top, 0), 1)) if top > 0 else TOP + PLOT


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def _column(
    paid: Reading, x: float, width: float, top: float, title: str, *, is_marked: bool
) -> Iterator[Mark]:
    foot = TOP + PLOT
    if not paid.is_known:
        yield from absent(paid, x, foot - 34, width, 34, title)
    elif (paid.value or 0) > 0:
        y = _height(paid.value or 0, top)
        yield Rect(x, y, width, foot - y, "paid rush" if is_marked else "paid", title)
    else:
        yield Line(x, foot, x + width, foot, "zero")
        yield Text(x + width / 2, foot - 4, "0" if not paid.value else "<0", "tick", "middle")


def _run(body: Periods, name: str, kind: str, slot: float, top: float) -> Iterator[Path]:
    run: list[tuple[float, float]] = []
    for index, period in enumerate(body.periods):
        reading: Reading | None = getattr(period, name)
        if reading is not None and reading.is_known:
            run.append((LEFT + slot * (index + 0.5), _height(reading.value or 0, top)))
        if (reading is None or not reading.is_known or index == len(body.periods) - 1) and run:
            if len(run) > 1:
                yield Path(points(run), kind)
            run = []


# ---------------------------------------------------------------- heat map

CELL = 22.0


def draw_grid(body: Grid) -> Drawing:
    """One row of cells per name, the name above them, so that it is whole on a phone too."""
    marks: list[Mark] = []
    slot = WIDTH / max(len(body.columns), 1)
    for index, column in enumerate(body.columns):
        marks.append(Text(slot * (index + 0.5), 12, column, "tick", "middle"))
    y = 20.0
    for row in body.rows:
        marks.append(Text(0, y + 14, row.name, "label"))
        marks.extend(_cells(body, row, y + 20, slot))
        y += 20 + CELL + 8
    return Drawing(y + 4, tuple(marks))


def _cells(body: Grid, row: GridRow, y: float, slot: float) -> Iterator[Mark]:
    for index, (cell, share) in enumerate(zip(row.cells, row.shares, strict=True)):
        title = f"{row.name}，{body.columns[index]}：{cell.said}"
        x = slot * index
        if not cell.is_known:
            yield from absent(cell, x, y, slot, CELL, title)
        elif not cell.value:
            yield Rect(x, y, slot, CELL, "h0", title)
            yield Text(x + slot / 2, y + CELL / 2 + 5, "0", "tick", "middle")
        else:
            said = f"{title}，{body.share_word} {percent(share)}"
            yield Rect(x, y, slot, CELL, f"h{_step(share, body.borders)}", said)


def _step(share: float | None, borders: Sequence[float]) -> int:
    return 1 + sum(1 for border in borders if (share or 0) >= border)


# ---------------------------------------------------------------- bars

BAR = 18.0


def draw_bars(body: Bars) -> Drawing:
    """A name and its number above each bar; the outline behind it is the budget."""
    known = [abs(bar.size.value or 0) for bar in body.bars]
    known += [bar.outline.value or 0 for bar in body.bars if bar.outline is not None and bar.outline.is_known]
    whole = max([*known, 0])
    marks: list[Mark] = []
    room = 64.0 if any(bar.under for bar in body.bars) else 48.0
    for index, bar in enumerate(body.bars):
        marks.extend(_bar(bar, room * index, whole))
    return Drawing(room * len(body.bars) + 4, tuple(marks))


def _bar(bar: Bar, y: float, whole: float) -> Iterator[Mark]:
    yield Text(0, y + 14, bar.name[:24], "label")
    yield Text(WIDTH, y + 14, bar.size.said, "label", "end")
    if bar.under:
        yield Text(0, y + 54, bar.under)
    title = f"{bar.name}：{bar.size.said}"
    if bar.outline is not None and bar.outline.is_known and whole:
        length = max(bar.outline.value or 0, 0) / whole * WIDTH
        yield Rect(0, y + 20, length, BAR, "budget", title)
    if not bar.size.is_known:
        yield from absent(bar.size, 0, y + 22, 180, BAR - 4, title)
    elif (bar.size.value or 0) > 0 and whole:
        yield Rect(0, y + 22, (bar.size.value or 0) / whole * WIDTH, BAR - 4, "paid", title)
    else:
        yield Line(0, y + 20, 0, y + 20 + BAR, "zero")


# ---------------------------------------------------------------- stars

SIDE = 520.0
RADIUS = 170.0


def draw_radar(body: Radar) -> Drawing:
    """Scores from the middle (0) outwards (100), one outline for each thing; a missing score breaks the outline."""
    middle = SIDE / 2
    count = len(body.axes)
    marks: list[Mark] = []
    for ring in (25, 50, 75, 100):
        corners = [_at(index, count, RADIUS * ring / 100) for index in range(count)]
        marks.append(Path(points(corners, close=True), "grid"))
        marks.append(Text(middle + 4, middle - RADIUS * ring / 100 - 2, str(ring), "tick"))
    for index, axis in enumerate(body.axes):
        x, y = _at(index, count, RADIUS)
        marks.append(Path(points([(middle, middle), (x, y)]), "grid"))
        far_x, far_y = _at(index, count, RADIUS + 22)
        anchor = "middle" if abs(far_x - middle) < 20 else "start" if far_x > middle else "end"
        marks.append(Text(far_x, far_y + 4, axis, "label", anchor))
    for number, star in enumerate(body.stars, start=1):
        marks.extend(_star(star, number, count))
    return Drawing(SIDE, tuple(marks), is_stretched=False, width=SIDE)


def _at(index: int, count: int, radius: float) -> tuple[float, float]:
    angle = 2 * pi * index / max(count, 1) - pi / 2
    return SIDE / 2 + radius * cos(angle), SIDE / 2 + radius * sin(angle)


def _star(star: Star, number: int, count: int) -> Iterator[Path]:
    corners = [
        _at(index, count, RADIUS * min(max(score.value or 0, 0), 100) / 100)
        for index, score in enumerate(star.scores)
        if score.is_known
    ]
    said = tell_all(score.said for score in star.scores)
    if len(corners) > 1:
        whole = len(corners) == count
        yield Path(points(corners, close=whole), f"star{number}", f"{star.name}：{said}")
