"""UTF-8 bytes of a CSV file, cut into blocks of whole records, with every structural fault told by its row.

Every record has as many fields as the header. Faulty records are reported and left out, so that one run finds all
of them. Row numbers count records: the header is row 1, the first record row 2, blank lines included.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from publishing.intake import limits
from publishing.intake.csv_scan import NOWHERE, Positions, Structure, last_record_end, scan
from publishing.intake.faults import UnreadableFile
from publishing.intake.report import ReportBuilder


@dataclass(frozen=True)
class Block:
    """Clean records: `content` parses with the header's number of fields; `rows` are their row numbers."""

    content: bytes
    rows: Positions


@dataclass(frozen=True)
class CsvFile:
    """A header and the blocks after it. The blocks are read once, in order."""

    header: tuple[str, ...]
    blocks: Iterator[Block]


def read_csv(chunks: Iterator[bytes], file: str, report: ReportBuilder) -> CsvFile:
    """Read the header now and the records while `blocks` is iterated.

    Raises UnreadableFile, also from `blocks`, when nothing after some point can be read.
    """
    records = _whole_records(chunks)
    first = next(records, None)
    if first is None:
        raise UnreadableFile("file_empty")
    header, rest = _header(first)
    return CsvFile(header, _blocks(_restart(rest, records), len(header), file, report))


def _restart(rest: bytes, records: Iterator[bytes]) -> Iterator[bytes]:
    if rest:
        yield rest
    yield from records


def _header(block: bytes) -> tuple[tuple[str, ...], bytes]:
    structure = scan(block)
    end = int(structure.ends[0]) if len(structure.ends) else len(block)
    line = block[:end].rstrip(b"\r\n")
    if b"\r" in line and b"\n" not in block:
        raise UnreadableFile("line_endings", row=1)
    if line.count(b",") >= limits.MOST_COLUMNS:
        raise UnreadableFile("too_many_columns", f"{line.count(b',') + 1:,} 列 (columns)", 1)
    if b"\0" in line:
        raise UnreadableFile("nul_byte", row=1)
    if not line.strip(b", \t"):
        raise UnreadableFile("file_empty" if not block.strip() else "header_blank", row=1)
    try:
        names = next(csv.reader(io.StringIO(line.decode("utf-8"), newline=""), strict=True))
    except csv.Error as error:
        raise UnreadableFile("quote_misplaced", str(error), 1) from error
    return tuple(names), block[end + 1 :]


def _whole_records(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks that end with the end of a record; the last one may lack its line feed."""
    carry = b""
    for chunk in _pieces(chunks):
        block = carry + chunk if carry else chunk
        cut = last_record_end(block)
        carry = block[cut + 1 :]
        if len(carry) > limits.LARGEST_RECORD:
            if cut >= 0:
                yield block[: cut + 1]
            rule = "quote_unbalanced" if carry.count(b'"') % 2 else "record_too_large"
            raise UnreadableFile(rule, f"一条记录超过 {limits.LARGEST_RECORD:,} 字节 (bytes in one record)")
        if cut >= 0:
            yield block[: cut + 1]
    if carry:
        yield carry


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, cut smaller where lines are so short that their positions would fill the memory."""
    for chunk in chunks:
        step = len(chunk) if chunk.count(b"\n") <= limits.MOST_LINES_IN_BLOCK else limits.DENSE_PIECE
        for start in range(0, len(chunk), max(step, 1)):
            yield chunk[start : start + step]


def _blocks(records: Iterator[bytes], width: int, file: str, report: ReportBuilder) -> Iterator[Block]:
    row = 2
    try:
        for block in records:
            cleaner = _Cleaner(block, row, width, file, report)
            clean = cleaner.clean()
            row = cleaner.next_row
            if len(clean.rows):
                yield clean
    except UnreadableFile as fault:
        raise UnreadableFile(fault.rule, fault.detail, fault.row or row) from fault


class _Cleaner:
    """Takes the faulty records out of one block, reporting each."""

    def __init__(self, block: bytes, row: int, width: int, file: str, report: ReportBuilder) -> None:
        self._block = block if block.endswith(b"\n") else block + b"\n"
        self._row = row
        self._width = width
        self._file = file
        self._report = report
        self._structure: Structure = scan(self._block)
        self._faulty = np.zeros(len(self._structure.starts), dtype=np.bool_)

    @property
    def next_row(self) -> int:
        """Row number of the record after this block."""
        return self._row + len(self._structure.starts)

    def clean(self) -> Block:
        """The faultless records."""
        structure = self._structure
        if structure.open_from is not None:
            self._report.add("quote_unbalanced", self._file, row=self.next_row)
        if not len(structure.starts):
            return Block(b"", NOWHERE)
        buffer = np.frombuffer(self._block, dtype=np.uint8)
        self._mark("quote_misplaced", structure.record_of(structure.stray_quotes))
        self._mark("quote_misplaced", structure.record_of(structure.loose_quotes))
        if b"\0" in self._block:
            self._mark("nul_byte", structure.record_of(np.flatnonzero(buffer == 0).astype(np.int64)))
        self._mark("blank_row", np.flatnonzero(structure.is_blank(buffer)).astype(np.int64))
        self._mark_ragged()
        large = (structure.ends - structure.starts > limits.LARGEST_RECORD) & ~self._faulty
        self._mark("record_too_large", np.flatnonzero(large).astype(np.int64))
        return self._without_faulty()

    def _mark(self, rule: str, records: Positions, detail: str = "") -> None:
        records = records[records < len(self._faulty)]  # what follows an open quote is told already
        if len(records):
            self._faulty[records] = True
            self._report.add_rows(rule, self._file, rows=pl.Series(records + self._row), detail=detail)

    def _mark_ragged(self) -> None:
        counts = self._structure.field_counts()
        for rule, wrong in (("row_too_short", counts < self._width), ("row_too_long", counts > self._width)):
            records = np.flatnonzero(wrong & ~self._faulty).astype(np.int64)
            if len(records):
                seen = ", ".join(str(count) for count in np.unique(counts[records])[:5])
                self._mark(
                    rule,
                    records,
                    f"应有 {self._width} 列，实有 {seen} 列 (expected {self._width} fields, found {seen})",
                )

    def _without_faulty(self) -> Block:
        structure = self._structure
        kept = np.flatnonzero(~self._faulty).astype(np.int64)
        content = self._block if structure.open_from is None else self._block[: structure.open_from]
        if len(kept) < len(structure.starts):
            content = b"".join(
                self._block[structure.starts[record] : structure.ends[record] + 1] for record in kept
            )
        return Block(content, kept + self._row)


def parse_block(block: Block, header: tuple[str, ...]) -> pl.DataFrame:
    """The fields of clean records as text; empty fields are null or empty text."""
    names = [f"{position}" for position in range(len(header))]
    return pl.read_csv(
        block.content,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        infer_schema=False,
        quote_char='"',
        missing_columns="raise",
        extra_columns="raise",
    )
