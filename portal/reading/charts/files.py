"""A chart as a file to take along: table as CSV and XLSX, picture as SVG, interactive figure as JSON.

PNG and PDF are made of the same picture by `sheets`.
"""

from __future__ import annotations

import io
import json

from portal.reading.charts.model import Chart
from portal.reading.charts.picture import picture_of
from portal.reading.charts.plot import plot_of
from portal.reading.charts.table import frame_of, spec_of, table_of
from portal.reading.edition import Edition
from publishing.release import describe
from publishing.release.exports import CSV_MEDIA_TYPE, csv_chunks
from publishing.release.xlsx import XLSX_MEDIA_TYPE, write_xlsx

MEDIA_TYPES: dict[str, str] = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": CSV_MEDIA_TYPE,
    "xlsx": XLSX_MEDIA_TYPE,
    "json": "application/json",
}


def csv_of(chart: Chart) -> bytes:
    """The table as CSV, as Excel opens it: byte order mark, exact amounts, nothing that becomes a formula."""
    table = table_of(chart)
    columns = spec_of(chart, table).columns
    return b"".join(csv_chunks(frame_of(table, columns), columns))


def xlsx_of(chart: Chart, edition: Edition) -> bytes:
    """The table as a workbook, with the sheet that says what it is and where it comes from."""
    table = table_of(chart)
    spec = spec_of(chart, table)
    frame = frame_of(table, spec.columns)
    sink = io.BytesIO()
    named = describe.Edition(edition.number, edition.release.id, edition.release.lineage)
    about = describe.about_sheet(spec, named, frame.height)
    write_xlsx(frame, spec.columns, sink, name="数据", about=about)
    return sink.getvalue()


def svg_file(chart: Chart) -> bytes:
    """The picture."""
    return picture_of(chart).encode()


def json_of(chart: Chart) -> bytes:
    """The interactive figure with its words, as the page's script reads it."""
    stamp = chart.stamp
    document = {
        "name": chart.name,
        "title": chart.title,
        "subtitle": chart.subtitle,
        "note": chart.note,
        "source": stamp.line,
        "release": stamp.release,
        "as_of": stamp.as_of.isoformat(),
        **plot_of(chart),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
