"""Marks on a sheet a thousand units wide, and the two ways they become SVG: in a page and as a picture of its own.

In a page, a `stretched` drawing gives lengths across as percentages and lengths down as pixels, so that text keeps its
size on every screen; colours are CSS classes, so dark mode and print need nothing here. A drawing that must keep its
shape (rings, stars) is scaled as a whole instead. A picture has fixed colours and no style sheet: it opens anywhere.

Every text is escaped here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1000.0
SANS = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"

COLOURS: dict[str, str] = {
    "paid": 'fill="#0b6e6e"',
    "paid rush": 'fill="#b04a0a"',
    "paid over": 'fill="#b3261e"',
    "budget": 'fill="none" stroke="#6f8f8e"',
    "budget-line": 'fill="none" stroke="#6f8f8e" stroke-width="2"',
    "plan": 'fill="none" stroke="#1c2430" stroke-width="2" stroke-dasharray="5 4"',
    "grid": 'stroke="#dad7cf" fill="none"',
    "axis": 'stroke="#8d8a82" fill="none"',
    "zero": 'stroke="#0b6e6e" stroke-width="3" fill="none"',
    "t1": 'fill="#dcebe8" stroke="#fbfaf7"',
    "t2": 'fill="#c0dcd7" stroke="#fbfaf7"',
    "t3": 'fill="#9bc8c2" stroke="#fbfaf7"',
    "h0": 'fill="#f4f2ec" stroke="#fbfaf7"',
    "h1": 'fill="#d5e6e2" stroke="#fbfaf7"',
    "h2": 'fill="#a9cfca" stroke="#fbfaf7"',
    "h3": 'fill="#71b0ac" stroke="#fbfaf7"',
    "h4": 'fill="#378a8a" stroke="#fbfaf7"',
    "h5": 'fill="#0b6161" stroke="#fbfaf7"',
    "ribbon": 'fill="#0b6e6e" fill-opacity="0.3"',
    "ribbon withheld": 'fill="url(#hatch)" fill-opacity="0.8"',
    "land": 'fill="#f4f2ec" stroke="#dad7cf"',
    "dot": 'fill="#0b6e6e" fill-opacity="0.85" stroke="#fbfaf7" stroke-width="2"',
    "node": 'fill="#1c2430"',
    "link": 'stroke="#8d8a82" fill="none" stroke-width="1.5"',
    "stop": 'fill="#f4f2ec" stroke="#8d8a82"',
    "stop here": 'fill="#dcebe8" stroke="#0b6e6e" stroke-width="2"',
    "star1": 'fill="#0b6e6e" fill-opacity="0.12" stroke="#0b6e6e" stroke-width="2.5"',
    "star2": 'fill="#b04a0a" fill-opacity="0.1" stroke="#b04a0a" stroke-width="2.5" stroke-dasharray="8 3"',
    "star3": 'fill="#3b5b92" fill-opacity="0.1" stroke="#3b5b92" stroke-width="2.5" stroke-dasharray="2 3"',
    "star4": 'fill="#7a5195" fill-opacity="0.1" stroke="#7a5195" stroke-width="2.5" stroke-dasharray="12 3 2 3"',
    "star5": 'fill="#8a6500" fill-opacity="0.1" stroke="#8a6500" stroke-width="2.5" stroke-dasharray="6 6"',
    "star6": 'fill="#5a6472" fill-opacity="0.1" stroke="#5a6472" stroke-width="2.5"',
    "withheld": 'fill="url(#hatch)" stroke="#b9b4a8"',
    "merged": 'fill="url(#dots)" stroke="#b9b4a8"',
    "not_reported": 'fill="none" stroke="#8d8a82" stroke-dasharray="2 3"',
    "not_applicable": 'fill="none" stroke="none"',
}
"""What a kind of mark looks like in a picture; the style sheet says the same for pages."""

TEXT_COLOURS: dict[str, str] = {
    "tick": 'fill="#5a6472" font-size="12"',
    "label": 'fill="#1c2430" font-size="13"',
    "strong": 'fill="#1c2430" font-size="14" font-weight="bold"',
    "pale": 'fill="#fbfaf7" font-size="12"',
    "mark": 'fill="#5a6472" font-size="13"',
}

PATTERNS = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="#fbfaf7"/><rect width="2" height="6" fill="#b9b4a8"/></pattern>'
    '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#fbfaf7"/><circle cx="3" cy="3" r="1.3" fill="#8d8a82"/></pattern>'
)


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a rectangle: first the name, then what is said of it."""

    name: tuple[str, ...]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle. `title` is its tooltip; `link` makes it a link; labels are cut to its inside."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str = ""
    link: str = ""
    label: Label | None = None
    narrow_label: Label | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; `is_wide` hides it where the page is narrow."""

    x: float
    y: float
    text: str
    kind: str = "tick"
    anchor: str = "start"
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str


@dataclass(frozen=True, slots=True)
class Path:
    """A shape with curves, its outline as SVG path text in the units of the sheet."""

    outline: str
    kind: str
    title: str = ""
    link: str = ""


Mark = Rect | Text | Line | Path


@dataclass(frozen=True, slots=True)
class Drawing:
    """The marks of a chart on a sheet of that height; `is_stretched` lets the page choose the width."""

    height: float
    marks: tuple[Mark, ...]
    is_stretched: bool = True
    width: float = WIDTH


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


def points(pairs: Iterable[tuple[float, float]], *, close: bool = False) -> str:
    """A path along these points."""
    text = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in pairs)
    return text + "Z" if close else text


Follow = Callable[[str, str], str]
"""Path and query (`?a=b` or nothing) of a link to the address that the page uses for it."""


@dataclass(frozen=True, slots=True)
class _Pen:
    """How lengths and colours are written: across as percentages and classes, or as units and attributes."""

    is_stretched: bool
    is_picture: bool
    height: float
    follow: Follow | None = None

    def address(self, link: str) -> str:
        """A link as the page has it: with its language and mode."""
        if self.follow is None:
            return link
        path, mark, query = link.partition("?")
        return self.follow(path, mark + query)

    def across(self, value: float) -> str:
        return f"{_n(value / WIDTH * 100)}%" if self.is_stretched and not self.is_picture else _n(value)

    def look(self, kind: str) -> str:
        if self.is_picture:
            return COLOURS.get(kind, COLOURS["node"])
        hatched = ' fill="url(#hatch)"' if kind in ("withheld", "ribbon withheld") else ""
        return f'class="{kind}"' + (' fill="url(#dots)"' if kind == "merged" else hatched)

    def words(self, kind: str) -> str:
        return (
            f'{TEXT_COLOURS[kind.split(maxsplit=1)[0]]} font-family="{SANS}"'
            if self.is_picture
            else f'class="{kind}"'
        )


def _wrapped(inner: str, title: str, link: str, pen: _Pen) -> str:
    if not link or pen.is_picture:
        return inner
    return f'<a href="{escape(pen.address(link), quote=True)}" aria-label="{escape(title, quote=True)}">{inner}</a>'


def _title(title: str) -> str:
    return f"<title>{escape(title)}</title>" if title else ""


def _rect(mark: Rect, pen: _Pen) -> str:
    place = f'x="{pen.across(mark.x)}" y="{_n(mark.y)}" width="{pen.across(mark.width)}" height="{_n(mark.height)}"'
    inner = f"<rect {place} {pen.look(mark.kind)}>{_title(mark.title)}</rect>"
    # The words lie over the link, not in it: the link has its whole name, cut for no width, and nothing beside it.
    if pen.is_picture or mark.narrow_label == mark.label:
        words = _label(mark.label, place, "", pen)
    else:
        words = _label(mark.label, place, "wide", pen) + _label(mark.narrow_label, place, "narrow", pen)
    return _wrapped(inner, mark.title, mark.link, pen) + words


def _label(label: Label | None, place: str, screen: str, pen: _Pen) -> str:
    if label is None:
        return ""
    kinds = ["strong"] * len(label.name) + ["label"] * len(label.said)
    lines = "".join(
        f'<text x="6" y="{18 + 17 * index}" {pen.words(kind)}>{escape(line)}</text>'
        for index, (kind, line) in enumerate(zip(kinds, (*label.name, *label.said), strict=True))
    )
    shown = f' class="{screen}"' if screen else ""
    return f'<svg {place}{shown} aria-hidden="true" pointer-events="none">{lines}</svg>'


HALO = frozenset({"halo", "on-hatch"})
"""Kinds of text that keep a rim of paper around them, to be read over other marks."""


def _text(mark: Text, pen: _Pen) -> str:
    look = pen.words(mark.kind)
    if mark.is_wide and not pen.is_picture:
        look = look[:-1] + ' wide"'
    anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
    # An attribute, not in the style sheet: the HTML checker takes the property for an invented one.
    halo = ' paint-order="stroke"' if HALO & set(mark.kind.split()) else ""
    return f'<text x="{pen.across(mark.x)}" y="{_n(mark.y)}"{anchor}{halo} {look}>{escape(mark.text)}</text>'


def _line(mark: Line, pen: _Pen) -> str:
    ends = f'x1="{pen.across(mark.x1)}" y1="{_n(mark.y1)}" x2="{pen.across(mark.x2)}" y2="{_n(mark.y2)}"'
    return f"<line {ends} {pen.look(mark.kind)}/>"


def _path(mark: Path, pen: _Pen) -> str:
    still = ' vector-effect="non-scaling-stroke"' if pen.is_stretched and not pen.is_picture else ""
    inner = f'<path d="{mark.outline}" {pen.look(mark.kind)}{still}>{_title(mark.title)}</path>'
    inner = _wrapped(inner, mark.title, mark.link, pen)
    if not still:
        return inner
    frame = f'viewBox="0 0 {_n(WIDTH)} {_n(pen.height)}" preserveAspectRatio="none" width="100%" height="{_n(pen.height)}"'
    return f"<svg {frame}>{inner}</svg>"


def marks_text(marks: Sequence[Mark], pen: _Pen) -> str:
    """The marks as SVG, in order."""
    parts = []
    for mark in marks:
        if isinstance(mark, Rect):
            parts.append(_rect(mark, pen))
        elif isinstance(mark, Text):
            parts.append(_text(mark, pen))
        elif isinstance(mark, Line):
            parts.append(_line(mark, pen))
        else:
            parts.append(_path(mark, pen))
    return "".join(parts)


def page_svg(drawing: Drawing, alternative: str, follow: Follow | None = None) -> str:
    """The drawing as it stands in a page. With links in it, it is a group; else one image for a screen reader."""
    pen = _Pen(drawing.is_stretched, is_picture=False, height=drawing.height, follow=follow)
    has_links = any(getattr(mark, "link", "") for mark in drawing.marks)
    role = "group" if has_links else "img"
    size = (
        f'width="100%" height="{_n(drawing.height)}"'
        if drawing.is_stretched
        else f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}"'
    )
    kind = "chart" if drawing.is_stretched else "chart whole"
    label = escape(alternative, quote=True)
    return f'<svg class="{kind}" {size} role="{role}" aria-label="{label}">{marks_text(drawing.marks, pen)}</svg>'


def picture_marks(drawing: Drawing) -> str:
    """The marks with their colours, in units, for a picture that carries everything itself."""
    return marks_text(drawing.marks, _Pen(drawing.is_stretched, is_picture=True, height=drawing.height))
