"""What a chart is: words, a body that holds its numbers, and the stamp of the release they come from.

Everything a reader can take (picture, table, file, interactive figure) is made from the body by a pure function.
A number is a `Reading`: its value (money in fen, else in the unit of the axis), how it is said, and the status that
tells zero, not applicable, not reported, withheld and merged apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.reading.edition import Edition
from portal.reading.quantities import MERGED, PUBLISHED, WITHHELD, Amount, Currency, say
from portal.reading.tongue import tell
from portal.reading.words import STATUS_WORDS


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a chart; `value` is None when the status is not `published`."""

    value: float | None
    said: str
    status: str = PUBLISHED

    @property
    def is_known(self) -> bool:
        """Whether there is a number to draw."""
        return self.value is not None and self.status == PUBLISHED

    @property
    def is_hidden(self) -> bool:
        """Whether a rule keeps it back."""
        return self.status in (WITHHELD, MERGED)


def money(amount: Amount, currency: Currency) -> Reading:
    """An amount as a reading: fen, said in the unit that suits its size."""
    return Reading(amount.fen if amount.is_known else None, str(say(amount, currency)), amount.status)


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a whole: its size, what it is made of, and the address a click leads to (empty: none)."""

    code: str
    name: str
    size: Reading
    link: str = ""
    parts: tuple[Node, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole and its parts, as nested rectangles or as rings."""

    whole: Node
    is_rings: bool = False
    part_word: str = "名称"
    size_word: str = "已支付"


@dataclass(frozen=True, slots=True)
class Ribbon:
    """What went from one node of a flow to another; both are positions in `Flow.names`."""

    source: int
    target: int
    size: Reading


@dataclass(frozen=True, slots=True)
class Row:
    """One published line behind a flow: where from, over whom, to whom."""

    names: tuple[str, ...]
    size: Reading


@dataclass(frozen=True, slots=True)
class Flow:
    """Money through layers: `layers[i]` counts the nodes of layer i, `names` lists them layer by layer."""

    titles: tuple[str, ...]
    layers: tuple[int, ...]
    names: tuple[str, ...]
    ribbons: tuple[Ribbon, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """One period: what was paid, what the plan said, what the budget was; `is_marked` draws the eye to it."""

    label: str
    name: str
    paid: Reading
    plan: Reading | None = None
    budget: Reading | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Periods:
    """Columns of paid over time, the plan as a dashed line, the budget as a solid one."""

    periods: tuple[Period, ...]
    paid_word: str
    plan_word: str = ""
    budget_word: str = ""
    marked_word: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid: its name, its cells in column order, where its name leads."""

    name: str
    cells: tuple[Reading, ...]
    shares: tuple[float | None, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map: `shares` (percent) give the shade, `cells` the money behind it."""

    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    row_word: str
    cell_word: str
    share_word: str
    borders: tuple[float, ...] = (2.0, 6.0, 10.0, 16.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its number, what it is divided by in words, and an outline (the budget) if there is one."""

    name: str
    size: Reading
    under: str = ""
    outline: Reading | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on one scale from zero. `is_money` says that sizes are fen; `unit` is what numbers are in otherwise."""

    bars: tuple[Bar, ...]
    size_word: str
    unit: str = ""
    outline_word: str = ""
    is_money: bool = True


@dataclass(frozen=True, slots=True)
class Star:
    """One thing on a radar: a score from 0 to 100 on every axis, None where there is none, and what it rests on."""

    name: str
    scores: tuple[Reading, ...]
    basis: tuple[str, ...]
    link: str = ""


@dataclass(frozen=True, slots=True)
class Radar:
    """Like things on the same axes; outside is better on every axis."""

    axes: tuple[str, ...]
    stars: tuple[Star, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing on the way of the money; `column` is its place from left to right."""

    column: int
    title: str
    name: str
    said: str = ""
    link: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """A small graph: stops and the lines between them (pairs of positions in `stops`)."""

    stops: tuple[Stop, ...]
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A region of a map: its outline on the sheet (empty: none known), its number, its class (0: none), its circle (0: none).

    `x`, `y` is a point inside; `projects` and `late` stand beside the number in the table.
    """

    code: str
    name: str
    outline: str
    x: float
    y: float
    size: Reading
    step: int
    radius: float
    projects: int
    late: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a map: its size, and what turns it back into longitude and latitude."""

    width: float
    height: float
    west: float
    north: float
    stretch: float
    scale: float


@dataclass(frozen=True, slots=True)
class Areas:
    """A map: rates shade the areas, amounts are circles. `steps` are the classes in words, from least to most."""

    areas: tuple[Area, ...]
    sheet: Sheet
    size_word: str
    steps: tuple[str, ...]
    is_money: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A project of a county: its state, its adjusted budget, and where it is in degrees (None: not reported)."""

    code: str
    name: str
    status: str
    budget: Amount
    lon: float | None
    lat: float | None

    @property
    def standing(self) -> str:
        """The state in words."""
        return tell(STATUS_WORDS.get(self.status, self.status))


@dataclass(frozen=True, slots=True)
class Circle:
    """Projects that lie together on the sheet; one that lies alone has no number in it."""

    x: float
    y: float
    radius: float
    count: int
    name: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Spots:
    """The map of one county: its outline, its projects drawn as circles, and every one of them in the table."""

    outline: str
    sheet: Sheet
    circles: tuple[Circle, ...]
    spots: tuple[Spot, ...]


Body = Tree | Flow | Periods | Grid | Bars | Radar | Way | Areas | Spots


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the numbers come from."""

    release: int
    as_of: date
    attribution: str
    currency: Currency
    is_fictional: bool

    @property
    def line(self) -> str:
        """The source line under every chart and on every picture."""
        source = tell("来源：{}，", self.attribution) if self.attribution else tell("来源：")
        fiction = tell("（虚构的演示数据）") if self.is_fictional else ""
        return tell("{}第 {} 号发布，数据截至 {:%Y年%-m月%-d日}{}", source, self.release, self.as_of, fiction)


def stamp_of(edition: Edition) -> Stamp:
    """The stamp of a release."""
    lineage = edition.release.lineage
    return Stamp(
        edition.number, edition.release.as_of, lineage.attribution, edition.currency, lineage.fictional
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure. `name` and `query` are its address; `title` states the finding, `subtitle` measure, unit and scope."""

    name: str
    query: str
    title: str
    subtitle: str
    body: Body
    stamp: Stamp
    dataset: str = ""
    note: str = ""
    page: str = ""

    @property
    def alternative(self) -> str:
        """What a screen reader says instead of the picture: the finding, then what is measured."""
        return tell("{}。{}。数字在图下的表里。", self.title, self.subtitle)

    @property
    def has_withheld(self) -> bool:
        """Whether something in it is withheld by rule and the note under it says so."""
        return (
            bool(self.note)
            and isinstance(self.body, Tree | Periods)
            and any(
                reading.is_hidden
                for reading in (
                    (part.size for part in self.body.whole.parts)
                    if isinstance(self.body, Tree)
                    else (period.paid for period in self.body.periods)
                )
            )
        )

    @property
    def is_interactive(self) -> bool:
        """Whether there is an interactive figure: not of what is empty, nor of the small graph of a project."""
        return _has_content(self.body)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw, not even that something is withheld."""
        return _is_empty(self.body)


def _has_content(body: Body) -> bool:
    """Whether there is a number to draw."""
    if isinstance(body, Way):
        return False
    if isinstance(body, Spots):
        return bool(body.circles)
    if isinstance(body, Tree):
        return any((part.size.value or 0) > 0 for part in body.whole.parts)
    if isinstance(body, Flow):
        return any((ribbon.size.value or 0) > 0 for ribbon in body.ribbons)
    return any(reading.is_known for reading in _readings(body))


def _readings(body: Periods | Grid | Bars | Radar | Areas) -> tuple[Reading, ...]:
    if isinstance(body, Areas):
        return tuple(area.size for area in body.areas)
    if isinstance(body, Periods):
        return tuple(period.paid for period in body.periods)
    if isinstance(body, Grid):
        return tuple(cell for row in body.rows for cell in row.cells)
    if isinstance(body, Bars):
        return tuple(bar.size for bar in body.bars)
    return tuple(score for star in body.stars for score in star.scores)


def _is_empty(body: Body) -> bool:
    """Whether there is nothing at all: no number, and nothing withheld either."""
    if isinstance(body, Tree):
        return not body.whole.parts
    if isinstance(body, Flow):
        return not body.ribbons
    if isinstance(body, Way):
        return not body.stops
    if isinstance(body, Spots):
        return not body.circles
    shown = ("published", "withheld", "merged")
    return not any(reading.status in shown for reading in _readings(body))
