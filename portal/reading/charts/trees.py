"""A whole and its parts: nested rectangles (squarified) and rings.

A part that is withheld has no size that may be shown. It gets a strip of fixed size, hatched and said to be so: an
area cut to what is missing from the total would be a number in disguise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from portal.reading.charts.drawing import WIDTH, Drawing, Label, Mark, Path, Rect, Text
from portal.reading.charts.model import Node, Tree
from portal.reading.charts.wording import wide, wrapped
from portal.reading.quantities import MERGED, percent
from portal.reading.tongue import tell, tell_all

HEIGHT = 380.0
STRIP = 46.0
NARROW = 350.0
SIDE = 520.0


@dataclass(frozen=True, slots=True)
class Tile:
    """A part with its place on the sheet."""

    node: Node
    x: float
    y: float
    width: float
    height: float


def _sized(node: Node) -> tuple[list[Node], list[Node], list[Node]]:
    """The parts that have an area, those that are hidden, and those with nothing to show (zero, negative, none)."""
    drawn = [part for part in node.parts if part.size.is_known and (part.size.value or 0) > 0]
    hidden = [part for part in node.parts if not part.size.is_known]
    rest = [part for part in node.parts if part.size.is_known and (part.size.value or 0) <= 0]
    return sorted(drawn, key=lambda part: (-(part.size.value or 0), part.code)), hidden, rest


def squarified(parts: Sequence[Node], x: float, y: float, width: float, height: float) -> list[Tile]:
    """Tiles as square as can be, largest first, filling the rectangle.

    Source: Bruls, Huizing, van Wijk: Squarified Treemaps (2000).
    """
    sizes = [part.size.value or 0 for part in parts]
    total = sum(sizes)
    tiles: list[Tile] = []
    start = 0
    while start < len(parts) and total > 0 and width > 0 and height > 0:
        scale = width * height / total
        side = min(width, height)
        end = start + 1
        while end < len(parts) and _worst(sizes[start : end + 1], scale, side) <= _worst(
            sizes[start:end], scale, side
        ):
            end += 1
        thick = sum(sizes[start:end]) * scale / side
        place = 0.0
        for part, size in zip(parts[start:end], sizes[start:end], strict=True):
            length = size * scale / thick
            if width >= height:
                tiles.append(Tile(part, x, y + place, thick, length))
            else:
                tiles.append(Tile(part, x + place, y, length, thick))
            place += length
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick
        total -= sum(sizes[start:end])
        start = end
    return tiles


def _worst(sizes: Sequence[float], scale: float, side: float) -> float:
    """The worst ratio of sides in a row of tiles of these sizes."""
    area = sum(sizes) * scale
    return max(
        max(side**2 * size * scale / area**2, area**2 / (side**2 * size * scale))
        for size in sizes
        if size > 0
    )


def draw_treemap(tree: Tree) -> Drawing:
    """Rectangles for what is known, a hatched strip for what is not."""
    drawn, hidden, rest = _sized(tree.whole)
    known = sum(part.size.value or 0 for part in drawn)
    whole = max(tree.whole.size.value or 0, known)
    top = HEIGHT - (STRIP if hidden else 0)
    marks: list[Mark] = [_tile(tile, whole) for tile in squarified(drawn, 0, 0, WIDTH, top)]
    if hidden:
        marks.extend(_strip(hidden, top))
    if rest and not drawn:
        marks.append(Text(0, 20, tell("0　这里没有正的支付数，见下表"), "label"))
    return Drawing(HEIGHT if drawn or hidden else 32.0, tuple(marks))


def _tile(tile: Tile, whole: float) -> Rect:
    share = (tile.node.size.value or 0) / whole * 100 if whole else 0
    kind = "t3" if share >= 20 else "t2" if share >= 6 else "t1"
    name, said = tile.node.name, tile.node.size.said
    title = tell("{}：{}，占 {}{}", name, said, percent(share), tile.node.note)
    # A name is shown only where all of it fits; on a phone the sheet is about a third as wide.
    wider = _label(tile, share, 2 * NARROW)
    return Rect(
        tile.x,
        tile.y,
        tile.width,
        tile.height,
        kind,
        title,
        tile.node.link,
        wider,
        _label(tile, share, NARROW),
    )


def _label(tile: Tile, share: float, sheet: float) -> Label | None:
    """The lines of a tile on a sheet of that many pixels; none when its name does not fit."""
    room = (tile.width / WIDTH * sheet - 10) / 14.5
    if room < 3 or tile.height < 26:
        return None
    lines = wrapped(tile.node.name, room)
    space = int((tile.height - 6) / 17)
    if len(lines) > min(space, 3):
        return None
    said = [text for text in (tile.node.size.said, percent(share)) if wide(text) <= room * 1.1]
    return Label(tuple(lines), tuple(said[: space - len(lines)]))


def _strip(hidden: Sequence[Node], top: float) -> Iterator[Mark]:
    by_status: dict[str, list[Node]] = {}
    for node in hidden:
        by_status.setdefault(node.size.status, []).append(node)
    width = WIDTH / len(by_status)
    for index, (status, nodes) in enumerate(sorted(by_status.items())):
        said = nodes[0].size.said
        names = tell_all(node.name for node in nodes)
        x = index * width
        yield Rect(x, top + 4, width - 2, STRIP - 4, status, tell("{}：{}（面积不代表金额）", said, names))
        yield Text(x + 10, top + 30, tell("{} {} 项，面积不代表金额", said, len(nodes)), "mark on-hatch")


# ---------------------------------------------------------------- rings


def draw_rings(tree: Tree) -> Drawing:
    """The whole in the middle, its parts around it, their parts outside. Withheld parts are hatched notches."""
    middle = SIDE / 2
    marks: list[Mark] = []
    marks.extend(_ring(tree.whole, -pi / 2, 2 * pi, 88, 76))
    marks.append(Text(middle, middle - 4, tree.whole.name[:10], "strong", "middle"))
    marks.append(Text(middle, middle + 16, tree.whole.size.said, "label", "middle"))
    return Drawing(SIDE, tuple(marks), is_stretched=False, width=SIDE)


NOTCH = 0.06  # radians: what a hidden part gets, whatever its size


def _ring(node: Node, start: float, turn: float, inner: float, thick: float) -> Iterator[Mark]:
    drawn, hidden, _ = _sized(node)
    notch = min(NOTCH, turn / 4 / max(len(hidden), 1))
    free = turn - notch * len(hidden)
    # Parts are drawn against the whole they are parts of where that is known: what is not broken down stays open.
    known = sum(part.size.value or 0 for part in drawn)
    whole = max(known, node.size.value or 0) if node.size.is_known and not hidden else known
    angle = start
    for part in drawn:
        wide = free * (part.size.value or 0) / whole if whole else 0
        yield _sector(part, angle, wide, inner, thick, whole)
        if wide > 0.22:
            yield from _sector_words(part, angle + wide / 2, wide, inner + thick / 2)
        if part.parts and inner < 150:
            yield from _ring(part, angle, wide, inner + thick + 3, thick)
        angle += wide
    for part in hidden:
        yield _sector(part, angle, notch, inner, thick, whole)
        angle += notch


def _sector(node: Node, start: float, turn: float, inner: float, thick: float, whole: float) -> Path:
    middle, outer = SIDE / 2, inner + thick
    end = start + min(turn, 2 * pi - 0.0001)
    large = 1 if turn > pi else 0

    def at(radius: float, angle: float) -> str:
        return f"{middle + radius * cos(angle):.2f} {middle + radius * sin(angle):.2f}"

    outline = (
        f"M{at(inner, start)}L{at(outer, start)}A{outer} {outer} 0 {large} 1 {at(outer, end)}"
        f"L{at(inner, end)}A{inner} {inner} 0 {large} 0 {at(inner, start)}Z"
    )
    if not node.size.is_known:
        kind = "merged" if node.size.status == MERGED else node.size.status
        return Path(outline, kind, tell("{}：{}（角度不代表金额）", node.name, node.size.said))
    share = (node.size.value or 0) / whole * 100 if whole else 0
    kind = "t3" if share >= 20 else "t2" if share >= 6 else "t1"
    return Path(outline, kind, tell("{}：{}，占 {}", node.name, node.size.said, percent(share)), node.link)


def _sector_words(node: Node, angle: float, turn: float, radius: float) -> Iterator[Text]:
    middle = SIDE / 2
    room = int(min(turn * radius, 70) / 13)
    name = node.name.removesuffix("支出")
    if room >= 2:
        short = name if len(name) <= room else name[: room - 1] + "…"
        yield Text(middle + radius * cos(angle), middle + radius * sin(angle) + 4, short, "label", "middle")
