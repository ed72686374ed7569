r"""The canonical bytes of a published table, and what its digest is made of.

A digest must be the same on every machine, with every library version, for every order of rows. So it is taken
of a text that is defined here and can be made again by anybody from the JSON Lines file and the spec:

    sunshine-table/1 LF
    name:type TAB name:type … LF              the columns, in the order of the spec
    cell TAB cell … LF                        one line per row, sorted by the key columns, ascending

- Cells are written as in `celltext`: money as yuan with two decimals, dates as `YYYY-MM-DD`, and so on.
- A missing value is `\N`. Empty text is nothing between two TABs. In text, backslash, TAB, LF and CR are written
  `\\`, `\t`, `\n`, `\r` (the text format of PostgreSQL's COPY), so no value can look like another.
- Keys sort by value: text by its UTF-8 bytes (that is, by code point), numbers and dates by size. Keys are unique
  and never missing, so that the order is total.
- The encoding is UTF-8 without a byte order mark, and the digest is SHA-256, written `sha256:` and 64 hex digits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import polars as pl

from publishing.release.celltext import TEXT_TYPES, plain_text, replaced
from publishing.specs import Column, DatasetSpec

TABLE_FORMAT = "sunshine-table/1"
NULL_MARK = "\\N"
ROWS_AT_ONCE = 100_000
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def sha256_of(content: bytes | memoryview) -> str:
    """SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def canonical_json(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8 text: the same bytes for the same value everywhere."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def table_digest(frame: pl.DataFrame, spec: DatasetSpec) -> str:
    """Digest of a table's canonical bytes, whatever the order of its rows.

    In: one row per `spec.key`, with the columns and types of `spec.schema`.
    """
    digest = hashlib.sha256()
    for chunk in canonical_chunks(frame.sort(spec.key), spec):
        digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def spec_digest(spec: DatasetSpec) -> str:
    """Digest of a spec as it stands in the manifest."""
    return f"sha256:{sha256_of(canonical_json(spec.to_json()))}"


def canonical_chunks(frame: pl.DataFrame, spec: DatasetSpec) -> Iterator[bytes | memoryview]:
    """The canonical bytes of a frame that is already sorted by its key, piece by piece."""
    heading = "\t".join(f"{column.name}:{column.type.value}" for column in spec.columns)
    yield f"{TABLE_FORMAT}\n{heading}\n".encode()
    for part in frame.iter_slices(ROWS_AT_ONCE):
        cells = [_cells(part[column.name], column) for column in spec.columns]
        yield text_bytes(joined(cells, separator="\t", end="\n"))


def _cells(values: pl.Series, column: Column) -> pl.Series:
    texts = plain_text(values, column)
    if column.type in TEXT_TYPES:
        texts = replaced(texts, r"[\\\t\n\r]", _ESCAPES)
    return texts.fill_null(NULL_MARK)


def joined(cells: list[pl.Series], *, separator: str, end: str, start: str = "") -> pl.Series:
    """Join columns of text, none of them null, into one line per row."""
    numbered = pl.DataFrame([series.alias(str(position)) for position, series in enumerate(cells)])
    line = pl.concat_str(pl.all(), separator=separator)
    return numbered.select(pl.concat_str(pl.lit(start), line, pl.lit(end)).alias("line")).to_series()


def text_bytes(lines: pl.Series) -> memoryview:
    """The UTF-8 bytes of all values one after the other, without copying them into Python strings."""
    array = lines.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _validity, offsets, content = array.buffers()
    if content is None:
        return memoryview(b"")
    bounds = memoryview(offsets).cast("q")
    return memoryview(content)[bounds[array.offset] : bounds[array.offset + len(array)]]
