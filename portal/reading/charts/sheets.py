"""A chart as PNG and as a PDF page with its table as real text, made by Typst from the same picture.

Names and numbers reach Typst as inputs, never as its source, so that nothing in them is obeyed. Typst needs a font
with Chinese characters on the machine; without one `FontMissing` says what to install.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import typst

from portal.reading.charts.card import card_of
from portal.reading.charts.model import Chart, Reading
from portal.reading.charts.picture import picture_of
from portal.reading.charts.table import ChartTable, table_of
from portal.reading.errors import FontMissing, PicturesBusy
from portal.reading.quantities import exact_text
from portal.reading.tongue import tell
from publishing.specs import ColumnType

FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "PingFang SC")
MOST_ROWS = 400
EPOCH = 946_684_800

PICTURE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#image(bytes(sys.inputs.picture), format: "svg")
"""
PAGE = """
#let font = ("%FONT%",)
#set page(paper: "a4", margin: (x: 16mm, y: 16mm), footer: context [
  #set text(size: 8pt, fill: rgb("#5a6472"))
  #sys.inputs.source #h(1fr) #counter(page).display()
])
#set text(font: font, size: 9.5pt, lang: "zh", region: "cn")
#set document(title: sys.inputs.title)
#image(bytes(sys.inputs.picture), format: "svg", width: 100%, alt: sys.inputs.alternative)
#let content = json(bytes(sys.inputs.table))
#if content.rows.len() > 0 [
  #v(4mm)
  #set text(size: 8.5pt)
  #table(
    columns: content.headings.len(),
    stroke: (x, y) => (bottom: 0.4pt + rgb("#dad7cf")),
    inset: (x: 3pt, y: 3.5pt),
    align: (x, y) => if content.numbers.at(x) { right } else { left },
    table.header(..content.headings.map(it => text(fill: rgb("#5a6472"), it))),
    ..content.rows.flatten().map(it => it),
  )
]
#if content.more != "" [#text(fill: rgb("#5a6472"), content.more)]
"""


MOST_WAITING = 6

_turn = threading.Lock()
_places = threading.BoundedSemaphore(MOST_WAITING)


@lru_cache(maxsize=1)
def _tools() -> tuple[typst.Fonts, str]:
    fonts = typst.Fonts()
    families = set(fonts.families())
    found = next((name for name in FONTS if name in families), None)
    found = found or next((name for name in sorted(families) if "CJK" in name or "Han Sans" in name), None)
    if found is None:
        raise FontMissing(
            tell(
                "这台服务器没有装中文字体，现在做不出 PNG 和 PDF；请先取用 SVG、CSV 或 XLSX。（管理员：安装 fonts-noto-cjk 后重启。）"
            )
        )
    return fonts, found


def _made(source: bytes, kind: Literal["png", "pdf"], inputs: dict[str, str], ppi: float = 144.0) -> bytes:
    fonts, _ = _tools()
    if not _places.acquire(blocking=False):
        raise PicturesBusy(tell("现在要做的图片太多，请过几秒再试；SVG、CSV 和 XLSX 随时可以取用。"))
    try:
        with _turn:  # one at a time: a sheet takes all of a core for a moment
            # No date of making: what is published under a number has the same bytes every time.
            return typst.compile(
                source, format=kind, sys_inputs=inputs, font_paths=fonts, ppi=ppi, timestamp=EPOCH
            )
    finally:
        _places.release()


def png_of(chart: Chart) -> bytes:
    """The picture as PNG, twice as many pixels as it has units.

    Raises: FontMissing, PicturesBusy.
    """
    return _made(PICTURE, "png", {"picture": picture_of(chart)})


def card_png(chart: Chart) -> bytes:
    """The card of a shared link as PNG, as many pixels as it has units.

    Raises: FontMissing, PicturesBusy.
    """
    return _made(PICTURE, "png", {"picture": card_of(chart)}, ppi=96.0)


def pdf_of(chart: Chart) -> bytes:
    """The picture and its table on A4, the table as text.

    Raises: FontMissing, PicturesBusy.
    """
    _, font = _tools()
    inputs = {
        "picture": picture_of(chart),
        "title": chart.title,
        "alternative": chart.alternative,
        "source": chart.stamp.line,
        "table": json.dumps(_plain(table_of(chart)), ensure_ascii=False),
    }
    return _made(PAGE.replace("%FONT%", font).encode(), "pdf", inputs)


def _plain(table: ChartTable) -> dict[str, object]:
    shown = table.rows[:MOST_ROWS]
    more = len(table.rows) - len(shown)
    rows = []
    for row in shown:
        cells = []
        for heading, cell in zip(table.headings, row, strict=True):
            cells.append(_said(cell, is_money=heading.type is ColumnType.MONEY))
        rows.append(cells)
    return {
        "headings": [
            tell("{}（{}）", heading.title, heading.unit) if heading.unit else heading.title
            for heading in table.headings
        ],
        "numbers": [heading.type is not ColumnType.TEXT for heading in table.headings],
        "rows": rows,
        "more": tell("另有 {} 行，见 CSV 或 XLSX。", more) if more else "",
    }


def _said(cell: str | Reading | None, *, is_money: bool) -> str:
    if cell is None or isinstance(cell, str):
        return cell or "—"
    if cell.is_known and is_money:
        return exact_text(round(cell.value or 0))
    return cell.said


# ---------------------------------------------------------------- a document of several charts

DOCUMENT = """
#let font = ("%FONT%",)
#let paper = json(bytes(sys.inputs.document))
#set page(paper: "a4", margin: (x: 18mm, y: 18mm), footer: context [
  #set text(size: 8pt, fill: rgb("#5a6472"))
  #paper.source #h(1fr) #counter(page).display()
])
#set text(font: font, size: 10pt, lang: "zh", region: "cn")
#set par(leading: 0.9em, spacing: 1.1em)
#set document(title: paper.title)
#text(size: 20pt, weight: "bold", paper.title)
#for part in paper.parts [
  #heading(level: 1, part.title)
  #for sentence in part.sentences [#par(sentence)]
  #for picture in part.pictures [#image(bytes(picture.svg), format: "svg", width: 100%, alt: picture.alternative)]
]
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document: heading, sentences, charts."""

    title: str
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...]


def document_of(title: str, source: str, passages: Sequence[Passage]) -> bytes:
    """A document with real text and its charts as drawings, as PDF.

    Raises: FontMissing, PicturesBusy.
    """
    _, font = _tools()
    document = {
        "title": title,
        "source": source,
        "parts": [
            {
                "title": passage.title,
                "sentences": passage.sentences,
                "pictures": [
                    {"svg": picture_of(chart), "alternative": chart.alternative} for chart in passage.charts
                ],
            }
            for passage in passages
        ],
    }
    inputs = {"document": json.dumps(document, ensure_ascii=False)}
    return _made(DOCUMENT.replace("%FONT%", font).encode(), "pdf", inputs)
