"""Small charts beside text: bars in a table, columns over periods, drawn on the server.

Title = finding, subtitle = measure, unit and scope; the numbers stand in the table that the drawing is part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.reading.charts.model import Period, money
from portal.reading.quantities import Amount, Currency, said_in, say
from portal.reading.svg import Column, Line, Tick, bar, columns_and_lines, nice_ticks
from portal.reading.tongue import tell


@dataclass(frozen=True, slots=True)
class BarRow:
    """One line of a bar table: a name, what was paid of which budget, and where a click leads."""

    name: str
    paid: Amount
    budget: Amount | None = None
    rate: float | None = None
    share: float | None = None
    note: str = ""
    link: str | None = None
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class BarTable:
    """A bar chart that is a table: finding, measure, rows with their bars."""

    title: str
    subtitle: str
    rows: tuple[BarRow, ...]
    is_per_head: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.rows


def bar_table(title: str, subtitle: str, rows: Sequence[BarRow], *, is_per_head: bool = False) -> BarTable:
    """Draw the bars of all rows on one scale that starts at zero."""
    known = [float(amount.fen) for row in rows for amount in (row.paid, row.budget) if amount and amount.fen]
    whole = max([*known, 0.0])
    return BarTable(title, subtitle, tuple(_drawn(row, whole) for row in rows), is_per_head)


def _drawn(row: BarRow, whole: float) -> BarRow:
    paid = None if row.paid.fen is None else float(row.paid.fen)
    budget = None if row.budget is None or row.budget.fen is None else float(row.budget.fen)
    over = paid is not None and budget is not None and paid > budget
    drawing = bar(paid, budget, whole, late=over, is_hidden=row.paid.is_hidden)
    return BarRow(row.name, row.paid, row.budget, row.rate, row.share, row.note, row.link, drawing)


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series: what was paid in it, what the plan said, in words for the table."""

    label: str
    paid: Amount
    plan: Amount | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with everything that makes it readable without seeing it."""

    title: str
    subtitle: str
    svg: str
    points: tuple[Point, ...]
    paid_word: str
    plan_word: str = ""
    note: str = ""
    plan_kind: str = "budget"


def series(  # noqa: PLR0913 - a figure has that many words
    title: str,
    subtitle: str,
    points: Sequence[Point],
    currency: Currency,
    *,
    paid_word: str,
    plan_word: str = "",
    plan_as: str = "outline",
    note: str = "",
) -> Figure:
    """Columns of what was paid per period, with the plan as an outline or as a dashed line on the same scale."""
    amounts = [point.paid.fen or 0 for point in points] + [
        point.plan.fen or 0 for point in points if point.plan
    ]
    top = max([*amounts, 0])
    unit = currency.unit_for(top)
    scale = unit.factor_fen
    ticks = [Tick(value, _plain(value)) for value in nice_ticks(top / scale)]
    columns = [
        Column(
            point.label,
            None if point.paid.fen is None else point.paid.fen / scale,
            tell("{}：{}", point.name or point.label, f"{tell(paid_word)} {say(point.paid, currency)}"),
            _in(point.plan, scale) if plan_as == "outline" else None,
        )
        for point in points
    ]
    lines = (
        [Line(plan_word, tuple(_in(point.plan, scale) for point in points), "plan")]
        if plan_as == "line" and any(point.plan and point.plan.is_known for point in points)
        else []
    )
    drawing = columns_and_lines(
        columns, lines, ticks, unit=unit.label, alternative=tell("{}。{}。", title, subtitle)
    )
    plan_kind = "plan" if plan_as == "line" else "budget"
    return Figure(title, subtitle, drawing, tuple(points), paid_word, plan_word, note, plan_kind)


def _in(amount: Amount | None, scale: int) -> float | None:
    return None if amount is None or amount.fen is None else amount.fen / scale


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def short(amount: Amount, currency: Currency) -> str:
    """The amount as it stands in a sentence: `12.35 亿元`."""
    if amount.fen is None:
        return str(say(amount, currency))
    unit = currency.unit_for(amount.fen)
    return f"{said_in(amount.fen, unit)} {unit.label}"


def periods_of(figure: Figure, currency: Currency) -> tuple[Period, ...]:
    """The points of a small chart as those of one that can be taken along."""
    return tuple(
        Period(
            point.label,
            point.name or point.label,
            money(point.paid, currency),
            money(point.plan, currency) if point.plan else None,
        )
        for point in figure.points
    )
