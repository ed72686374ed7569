"""Money through layers (Sankey) and the small graph of a project's money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.reading.charts.drawing import WIDTH, Drawing, Label, Mark, Path, Rect, Text
from portal.reading.charts.model import Flow, Ribbon, Stop, Way
from portal.reading.tongue import tell

HEIGHT = 520.0
GAP = 10.0
NODE = 12.0
HEAD = 24.0
SLIVER = 3.0


@dataclass(frozen=True, slots=True)
class Bank:
    """A node with its place: where it begins, how high it is, how many units of money one step down is."""

    x: float
    y: float
    height: float


def draw_flow(flow: Flow) -> Drawing:
    """Layers from left to right; a ribbon is as thick as its amount, a withheld one a hatched sliver."""
    if not flow.ribbons:
        return Drawing(32.0, (Text(0, 20, tell("… 没有可以画的资金流向"), "label"),))
    scale = _scale(flow)
    banks = _banks(flow, scale)
    marks: list[Mark] = [
        Text(_edge(index, len(flow.layers)), 14, title, "tick", _anchor(index, len(flow.layers)))
        for index, title in enumerate(flow.titles)
    ]
    marks.extend(_ribbons(flow, banks, scale))
    marks.extend(_banks_drawn(flow, banks))
    return Drawing(HEIGHT, tuple(marks))


def _thick(size: Ribbon, scale: float) -> float:
    if not size.size.is_known:
        return SLIVER
    return max((size.size.value or 0) * scale, 0.4) if (size.size.value or 0) > 0 else 0.0


def _layer_nodes(flow: Flow) -> list[range]:
    found, start = [], 0
    for count in flow.layers:
        found.append(range(start, start + count))
        start += count
    return found


def _sums(flow: Flow, scale: float) -> tuple[list[float], list[float]]:
    leaving, arriving = [0.0] * len(flow.names), [0.0] * len(flow.names)
    for ribbon in flow.ribbons:
        leaving[ribbon.source] += _thick(ribbon, scale)
        arriving[ribbon.target] += _thick(ribbon, scale)
    return leaving, arriving


def _scale(flow: Flow) -> float:
    """Pixels per fen, so that the fullest layer fits."""
    best = 0.0
    for nodes in _layer_nodes(flow):
        room = HEIGHT - HEAD - GAP * max(len(nodes) - 1, 0)
        inside = set(nodes)
        sums = {
            way: [ribbon for ribbon in flow.ribbons if getattr(ribbon, way) in inside]
            for way in ("source", "target")
        }
        for ribbons in sums.values():
            known = sum(max(ribbon.size.value or 0, 0) for ribbon in ribbons if ribbon.size.is_known)
            slivers = SLIVER * sum(1 for ribbon in ribbons if not ribbon.size.is_known)
            if known > 0:
                fitting = max(room - slivers, 40) / known
                best = fitting if best == 0 else min(best, fitting)
    return best * 0.97


def _banks(flow: Flow, scale: float) -> list[Bank]:
    leaving, arriving = _sums(flow, scale)
    banks: list[Bank] = []
    for index, nodes in enumerate(_layer_nodes(flow)):
        x = (WIDTH - NODE) * index / max(len(flow.layers) - 1, 1)
        y = HEAD
        for node in nodes:
            height = max(leaving[node], arriving[node], 1.5)
            banks.append(Bank(x, y, height))
            y += height + GAP
    return banks


def _ribbons(flow: Flow, banks: Sequence[Bank], scale: float) -> Iterator[Mark]:
    from_top = [bank.y for bank in banks]
    to_top = [bank.y for bank in banks]
    numbered = list(enumerate(flow.ribbons))
    tops: dict[int, float] = {}
    for number, ribbon in sorted(numbered, key=lambda pair: (pair[1].source, pair[1].target, pair[0])):
        tops[number] = from_top[ribbon.source]
        from_top[ribbon.source] += _thick(ribbon, scale)
    for number, ribbon in sorted(numbered, key=lambda pair: (pair[1].target, pair[1].source, pair[0])):
        thick = _thick(ribbon, scale)
        if thick:
            yield _ribbon(flow, ribbon, banks, (tops[number], to_top[ribbon.target], thick))
            to_top[ribbon.target] += thick


def _ribbon(flow: Flow, ribbon: Ribbon, banks: Sequence[Bank], place: tuple[float, float, float]) -> Path:
    start, end, thick = place
    left, right = banks[ribbon.source].x + NODE, banks[ribbon.target].x
    half = (left + right) / 2
    outline = (
        f"M{left:.1f} {start:.1f}C{half:.1f} {start:.1f} {half:.1f} {end:.1f} {right:.1f} {end:.1f}"
        f"V{end + thick:.1f}C{half:.1f} {end + thick:.1f} {half:.1f} {start + thick:.1f} {left:.1f} {start + thick:.1f}Z"
    )
    kind = "ribbon" if ribbon.size.is_known else "ribbon withheld"
    title = tell("{} → {}：{}", flow.names[ribbon.source], flow.names[ribbon.target], ribbon.size.said)
    return Path(outline, kind, title)


def _edge(index: int, count: int) -> float:
    return WIDTH * index / max(count - 1, 1)


def _anchor(index: int, count: int) -> str:
    return "start" if index == 0 else "end" if index == count - 1 else "middle"


def _banks_drawn(flow: Flow, banks: Sequence[Bank]) -> Iterator[Mark]:
    for index, nodes in enumerate(_layer_nodes(flow)):
        is_last = index == len(flow.layers) - 1
        low = -100.0
        for node in nodes:
            bank = banks[node]
            yield Rect(bank.x, bank.y, NODE, bank.height, "node", flow.names[node])
            y = bank.y + bank.height / 2 + 4
            if y - low < 14:  # labels of slivers would lie on each other; the table has them
                continue
            low = y
            x = bank.x - 8 if is_last else bank.x + NODE + 8
            name = flow.names[node]
            yield Text(
                x, y, name if len(name) <= 9 else name[:8] + "…", "label halo", "end" if is_last else "start"
            )


# ---------------------------------------------------------------- the way of one project's money

BOX = 150.0
ROW = 66.0


def draw_way(way: Way) -> Drawing:
    """Boxes in columns and lines between them, from the policy on the left to the payee on the right."""
    columns = sorted({stop.column for stop in way.stops})
    deepest = max((sum(1 for stop in way.stops if stop.column == column) for column in columns), default=0)
    height = ROW * deepest + 28
    step = (WIDTH - BOX) / max(len(columns) - 1, 1)
    places: dict[int, tuple[float, float]] = {}
    for index, column in enumerate(columns):
        inside = [number for number, stop in enumerate(way.stops) if stop.column == column]
        top = 28 + (deepest - len(inside)) * ROW / 2
        for row, number in enumerate(inside):
            places[number] = (index * step, top + row * ROW)
    marks: list[Mark] = [_between(places[source], places[target]) for source, target in way.lines]
    for number, stop in enumerate(way.stops):
        marks.extend(_box(stop, *places[number]))
    return Drawing(height, tuple(marks), is_stretched=False)


def _between(source: tuple[float, float], target: tuple[float, float]) -> Path:
    left, right = source[0] + BOX, target[0]
    start, end, half = source[1] + 23, target[1] + 23, (left + right) / 2
    return Path(
        f"M{left:.1f} {start:.1f}C{half:.1f} {start:.1f} {half:.1f} {end:.1f} {right:.1f} {end:.1f}", "link"
    )


def _box(stop: Stop, x: float, y: float) -> Iterator[Mark]:
    name = stop.name if len(stop.name) <= 10 else stop.name[:9] + "…"
    title = tell("{}：{}", stop.title, stop.name) + (tell("，{}", stop.said) if stop.said else "")
    label = Label((name,), (stop.said,) if stop.said else ())
    yield Text(x, y - 5, stop.title, "tick")
    yield Rect(x, y, BOX, 46, "stop here" if stop.is_here else "stop", title, stop.link, label, label)
