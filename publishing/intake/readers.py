"""One table's file, CSV or Parquet, as batches of raw columns with row numbers.

Raw columns are text (CSV) or whatever the Parquet file declares. Columns that the contract does not know are
reported and dropped; columns it misses are reported and come as nulls, so that the other columns can still be
checked. A fault that ends the reading of a file is reported with what was read before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from publishing.intake import limits
from publishing.intake.csv_records import parse_block, read_csv
from publishing.intake.encodings import as_utf8
from publishing.intake.faults import UnreadableFile
from publishing.intake.report import ReportBuilder
from publishing.intake.schema import Table
from publishing.intake.streams import read_chunks


@dataclass(frozen=True)
class SourceFile:
    """A file of one table; `name` is what reports call it."""

    table: str
    path: Path
    name: str
    encoding: str = ""
    """As the descriptor says; empty where it says nothing."""


@dataclass(frozen=True)
class RawBatch:
    """Raw columns in contract order. `rows` are row numbers in the file (header 1, first record 2)."""

    frame: pl.DataFrame
    rows: npt.NDArray[np.int64]
    missing: frozenset[str]
    """Columns that the file does not have; they are null here and already reported."""


def read_batches(source: SourceFile, table: Table, report: ReportBuilder) -> Iterator[RawBatch]:
    """All batches that can be read; whatever stops the reading is in the report, never raised."""
    try:
        if source.path.suffix.lower() == ".parquet":
            yield from _parquet_batches(source, table, report)
        else:
            yield from _csv_batches(source, table, report)
    except UnreadableFile as fault:
        report.cut_short.add(source.name)
        report.add(fault.rule, source.name, row=fault.row, detail=fault.detail)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, OSError) as error:
        report.cut_short.add(source.name)
        report.add(
            "file_unreadable", source.name, detail=str(error).splitlines()[0][:300] if str(error) else ""
        )


def _csv_batches(source: SourceFile, table: Table, report: ReportBuilder) -> Iterator[RawBatch]:
    opened = read_csv(as_utf8(read_chunks(source.path), source.encoding), source.name, report)
    present = _check_header(opened.header, source.name, table, report)
    missing = frozenset(table.by_name) - set(present)
    if not present:
        return
    for block in opened.blocks:
        fields = parse_block(block, opened.header)
        frame = fields.select(
            (pl.nth(present[column.name]) if column.name in present else pl.lit(None, dtype=pl.String)).alias(
                column.name
            )
            for column in table.columns
        )
        yield RawBatch(frame, block.rows, missing)


def _check_header(header: tuple[str, ...], file: str, table: Table, report: ReportBuilder) -> dict[str, int]:
    """Positions of the contract's columns; everything else about the header goes to the report."""
    times = Counter(header)
    for name, count in times.items():
        if not name.strip():
            report.add("header_blank", file, row=1)
        elif count > 1:
            report.add("header_duplicated", file, row=1, column=name, detail=f"{count} 次 (times)")
        if name.strip() and name not in table.by_name:
            report.add("column_unknown", file, row=1, column=name, detail=_nearest(name, table))
    for column in table.columns:
        if column.name not in times:
            report.add("column_missing", file, row=1, column=column.name, detail=column.title)
    return {name: header.index(name) for name in times if name in table.by_name}


def _nearest(name: str, table: Table) -> str:
    """A hint when a header differs only by case or white space."""
    simple = name.strip().lower()
    return f"是否指 {simple}？(did you mean {simple}?)" if simple in table.by_name else ""


def _parquet_batches(source: SourceFile, table: Table, report: ReportBuilder) -> Iterator[RawBatch]:
    names = _inspect_parquet(source.path)
    present = _check_header(names, source.name, table, report)
    missing = frozenset(table.by_name) - set(present)
    if not present:
        return
    wanted = [column.name for column in table.columns if column.name in present]
    lazy = pl.scan_parquet(source.path, glob=False).select(wanted)
    row = 2
    for batch in lazy.collect_batches(chunk_size=limits.BATCH_ROWS, maintain_order=True):
        frame = batch.select(
            (pl.col(column.name) if column.name in present else pl.lit(None, dtype=pl.String)).alias(
                column.name
            )
            for column in table.columns
        )
        yield RawBatch(frame, np.arange(row, row + batch.height, dtype=np.int64), missing)
        row += batch.height


def _inspect_parquet(path: Path) -> tuple[str, ...]:
    """Column names from the footer, after the sizes it declares were found reasonable."""
    if not path.is_file():
        raise UnreadableFile("not_a_regular_file")
    size = path.stat().st_size
    with path.open("rb") as stream:
        magic = stream.read(4)
    if not size:
        raise UnreadableFile("file_empty")
    if magic != b"PAR1":
        raise UnreadableFile("content_is_not_parquet")
    metadata = pq.read_metadata(path)
    if metadata.num_columns > limits.MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", f"{metadata.num_columns:,} 列 (columns)")
    if metadata.num_rows > limits.BATCH_ROWS and metadata.num_rows > size:
        raise UnreadableFile("too_many_rows", f"{metadata.num_rows:,} 行 (rows), {size:,} 字节 (bytes)")
    unpacked = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if unpacked > limits.RATIO_CHECKED_FROM and unpacked > limits.LARGEST_RATIO * size:
        raise UnreadableFile("compression_bomb", f"{size:,} → {unpacked:,} 字节 (bytes)")
    return tuple(metadata.schema.to_arrow_schema().names)
