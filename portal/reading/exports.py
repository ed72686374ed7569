"""A result of a query as a file: the same writers that make the files of a release, so that formats agree."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import IO

import polars as pl

from portal.reading.edition import Edition
from publishing.release import describe
from publishing.release.exports import CSV_MEDIA_TYPE, JSON_LINES_MEDIA_TYPE, csv_chunks, json_lines_chunks
from publishing.release.parquet import ARROW_MEDIA_TYPE, PARQUET_MEDIA_TYPE, write_arrow, write_parquet
from publishing.release.xlsx import XLSX_MEDIA_TYPE, write_xlsx
from publishing.specs import Column, DatasetSpec

FORMATS: dict[str, str] = {
    "csv": CSV_MEDIA_TYPE,
    "jsonl": JSON_LINES_MEDIA_TYPE,
    "xlsx": XLSX_MEDIA_TYPE,
    "parquet": PARQUET_MEDIA_TYPE,
    "arrow": ARROW_MEDIA_TYPE,
}
PIECE = 256 * 1024
IN_MEMORY = 8_000_000


@dataclass(frozen=True, slots=True)
class Export:
    """A file in pieces: its media type and its bytes."""

    media_type: str
    pieces: Iterator[bytes]


def export(
    edition: Edition, spec: DatasetSpec, frame: pl.DataFrame, columns: tuple[Column, ...], file_format: str
) -> Export:
    """The frame as a file of that format. Text formats stream; the others are made in a temporary file first."""
    if file_format == "csv":
        return Export(CSV_MEDIA_TYPE, csv_chunks(frame, columns))
    if file_format == "jsonl":
        return Export(JSON_LINES_MEDIA_TYPE, json_lines_chunks(frame, columns))
    # Not a table of a release any more: neither its key nor its order is promised by the spec.
    shape = replace(spec, columns=columns, key=())
    sink: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by _pieces
    if file_format == "parquet":
        write_parquet(frame, shape, sink, describe.parquet_metadata(shape, _named(edition)))
    elif file_format == "arrow":
        write_arrow(frame, shape, sink)
    else:
        about = describe.about_sheet(shape, _named(edition), frame.height)
        write_xlsx(frame, columns, sink, name=spec.title, about=about)
    return Export(FORMATS[file_format], _pieces(sink))


def _named(edition: Edition) -> describe.Edition:
    return describe.Edition(edition.number, edition.release.id, edition.release.lineage)


def _pieces(sink: IO[bytes]) -> Iterator[bytes]:
    with sink:
        sink.seek(0)
        while piece := sink.read(PIECE):
            yield piece
