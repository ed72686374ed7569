"""Files that staff take along: CSV that no spreadsheet takes for a formula, and never kept by anybody in between."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from urllib.parse import quote

from litestar import Response

from portal.web.private_pages import PRIVATE

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file as spreadsheets open it: UTF-8 with its mark, text that would be a formula made harmless."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def download(body: bytes, name: str, media_type: str) -> Response[bytes]:
    """A file to be saved under that name."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "_" for sign in name)
    headers = {
        **PRIVATE,
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
    }
    return Response(body, media_type=media_type, headers=headers)
