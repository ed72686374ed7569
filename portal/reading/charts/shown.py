"""A chart as templates show it: the drawing, the key, the table, and the addresses it can be taken from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from portal.reading.charts.draw import Key, keys_of, svg_of
from portal.reading.charts.drawing import Follow
from portal.reading.charts.model import Chart, Reading
from portal.reading.charts.table import ChartTable, table_of
from portal.reading.quantities import exact_in

FORMATS: dict[str, str] = {
    "png": "PNG 图片",
    "svg": "SVG 矢量图",
    "pdf": "PDF",
    "csv": "CSV 表",
    "xlsx": "XLSX 表",
}


@dataclass(frozen=True)
class Shown:
    """A chart ready for a template. Key and table are made when they are asked for: a map's page shows neither."""

    chart: Chart

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """What the marks mean."""
        return keys_of(self.chart)

    @cached_property
    def table(self) -> ChartTable:
        """The table behind the drawing."""
        return table_of(self.chart)

    @property
    def svg(self) -> str:
        """The drawing."""
        return svg_of(self.chart)

    def linked(self, follow: Follow) -> str:
        """The drawing with links in the language and mode of the page."""
        return svg_of(self.chart, follow)

    def address(self, extension: str) -> str:
        """The chart as a file, of exactly this release."""
        return self._of("/charts/", f".{extension}")

    @property
    def card(self) -> str:
        """The picture for shared links, of exactly this release."""
        return self._of("/charts/", ".card.png")

    @property
    def embedding(self) -> str:
        """The page other sites may frame, of exactly this release."""
        return self._of("/embed/", "")

    def exact(self, reading: Reading) -> str:
        """A sum of money to the fen, in the unit that its column names: figures under figures can be compared."""
        return exact_in(round(reading.value or 0), self.chart.stamp.currency)

    def _of(self, folder: str, ending: str) -> str:
        query = f"?{self.chart.query}" if self.chart.query else ""
        return f"{folder}{self.chart.name}@{self.chart.stamp.release}{ending}{query}"

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Address and name of every file."""
        return tuple((self.address(extension), word) for extension, word in FORMATS.items())

    def snippet(self, base_url: str, width: str = "100%", height: int = 560) -> str:
        """What to paste into another page to show the chart there."""
        title = self.chart.title.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        address = (base_url + self.embedding).replace("&", "&amp;")
        return (
            f'<iframe src="{address}" title="{title}" width="{width}" height="{height}" loading="lazy">'
            "</iframe>"
        )


def show(chart: Chart) -> Shown:
    """A chart ready for a template."""
    return Shown(chart)


def show_all(*charts: Chart | None) -> tuple[Shown, ...]:
    """Those charts that there are."""
    return tuple(show(chart) for chart in charts if chart is not None)
