"""A published table as CSV and as JSON Lines, in pieces, so that a table of any size can be streamed.

CSV is UTF-8 with a byte order mark (Excel needs it), lines end with CR LF (RFC 4180), a missing value is nothing
and empty text is `""`. Text, never a number, that a spreadsheet would take for a formula gets a leading `'`: that
is text starting with `=`, `+`, `-`, `@`, TAB or CR. JSON Lines hold the text unchanged.

Money is yuan with two decimals in both, a number in JSON; dates are `YYYY-MM-DD`, months `YYYY-MM`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from publishing.release.canonical import joined, text_bytes
from publishing.release.celltext import TEXT_TYPES, plain_text, replaced
from publishing.specs import Column, ColumnType, DatasetSpec

ROWS_AT_ONCE = 50_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CSV_MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
JSON_LINES_MEDIA_TYPE = "application/jsonl; charset=utf-8"
_FORMULA_START = r"^[=+\-@\t\r]"
_JSON_CONTROLS = tuple((chr(code), json.dumps(chr(code))[1:-1]) for code in range(32))
_JSON_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), *_JSON_CONTROLS)
_QUOTED_IN_JSON = TEXT_TYPES | {ColumnType.DATE, ColumnType.MONTH}


def csv_chunks(frame: pl.DataFrame, columns: tuple[Column, ...]) -> Iterator[bytes]:
    """The CSV file of a frame, in its order of rows, piece by piece."""
    heading = ",".join(column.name for column in columns)
    yield BYTE_ORDER_MARK + heading.encode() + b"\r\n"
    for part in frame.iter_slices(ROWS_AT_ONCE):
        texts = pl.DataFrame([_csv_cells(part[column.name], column) for column in columns])
        yield texts.write_csv(include_header=False, line_terminator="\r\n").encode()


def _csv_cells(values: pl.Series, column: Column) -> pl.Series:
    if column.type in TEXT_TYPES:
        return disarmed(values)
    return plain_text(values, column).alias(column.name)


def disarmed(texts: pl.Series) -> pl.Series:
    """Put `'` before every text that a spreadsheet would take for a formula."""
    dangerous = texts.str.contains(_FORMULA_START)
    if not dangerous.any():
        return texts
    name = texts.name
    armed = texts.to_frame().with_columns(dangerous.alias("dangerous"))
    prefixed = pl.when("dangerous").then(pl.concat_str(pl.lit("'"), pl.col(name))).otherwise(pl.col(name))
    return armed.select(prefixed.alias(name)).to_series()


def json_lines_chunks(frame: pl.DataFrame, columns: tuple[Column, ...]) -> Iterator[bytes]:
    """The JSON Lines file of a frame, in its order of rows, piece by piece."""
    for part in frame.iter_slices(ROWS_AT_ONCE):
        members = [_json_member(part[column.name], column) for column in columns]
        yield bytes(text_bytes(joined(members, separator=",", start="{", end="}\n")))


def _json_member(values: pl.Series, column: Column) -> pl.Series:
    texts = plain_text(values, column)
    quote = '"' if column.type in _QUOTED_IN_JSON else ""
    if column.type in TEXT_TYPES:
        texts = replaced(texts, r'[\\"\x00-\x1f]', _JSON_ESCAPES)
    name = json.dumps(column.name)
    value = pl.concat_str(pl.lit(quote), pl.col("text"), pl.lit(quote)).fill_null("null")
    return texts.alias("text").to_frame().select(pl.concat_str(pl.lit(f"{name}:"), value)).to_series()


def columns_of(spec: DatasetSpec, names: tuple[str, ...] | None = None) -> tuple[Column, ...]:
    """The columns of a dataset that were asked for, in the order of asking; all of them by default."""
    return spec.columns if names is None else tuple(spec.column(name) for name in names)
