"""UTF-8 bytes of a CSV file, cut into blocks of whole records, with every structural fault told by its row.

RFC 4180 is taken strictly: a quote opens a field only at its start, a quote inside is doubled, every record
has as many fields as the header. Faulty records are reported and left out, so that one run finds all of
them. Row numbers count records: the header is row 1. The scanning is numpy over whole blocks; nothing
loops over records unless they are faulty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from publishing.intake import limits
from publishing.intake.faults import UnreadableFile
from publishing.intake.report import ReportBuilder

_COMMA, _NEWLINE, _RETURN, _QUOTE = 44, 10, 13, 34
_MOST_STRAY_QUOTES = 1_000

Positions = npt.NDArray[np.int64]


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
    buffer = np.frombuffer(block, dtype=np.uint8)
    ends = _record_ends(buffer, np.flatnonzero(buffer == _QUOTE))
    end = int(ends[0]) if len(ends) else len(block)
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
    """Blocks that end with the end of a record. A quote that never closes ends the file with a fault."""
    carry = b""
    row = 1
    for chunk in chunks:
        block = carry + chunk if carry else chunk
        cut = _last_record_end(block)
        if cut < 0:
            if len(block) > limits.LARGEST_RECORD:
                rule = "quote_unbalanced" if block.count(b'"') % 2 else "record_too_large"
                raise UnreadableFile(rule, f"超过 {limits.LARGEST_RECORD:,} 字节 (bytes)", row)
            carry = block
            continue
        carry = block[cut + 1 :]
        yield block[: cut + 1]
        row += 1  # at least; the exact row is told when the record is at hand
        if len(carry) > 2 * limits.LARGEST_RECORD:
            raise UnreadableFile("record_too_large", f"超过 {limits.LARGEST_RECORD:,} 字节 (bytes)")
    if carry:
        yield carry


def _last_record_end(block: bytes) -> int:
    """Position of the last line feed outside quotes, -1 if there is none."""
    if b'"' not in block:
        return block.rfind(b"\n")
    buffer = np.frombuffer(block, dtype=np.uint8)
    ends = _record_ends(buffer, _opening_and_closing(buffer)[0])
    return int(ends[-1]) if len(ends) else -1


def _record_ends(buffer: npt.NDArray[np.uint8], quotes: Positions) -> Positions:
    newlines = np.flatnonzero(buffer == _NEWLINE)
    if not len(quotes):
        return newlines
    return newlines[np.searchsorted(quotes, newlines) % 2 == 0]


def _opening_and_closing(buffer: npt.NDArray[np.uint8]) -> tuple[Positions, list[int], Positions]:
    """Quotes that delimit fields (alternately opening and closing, doubled ones included), stray quotes
    inside unquoted fields, and closing quotes followed by more text."""
    quotes = np.flatnonzero(buffer == _QUOTE)
    stray: list[int] = []
    while len(quotes):
        opening = quotes[::2]
        before = np.where(opening > 0, buffer[opening - 1], _NEWLINE)
        doubled = np.zeros(len(opening), dtype=bool)
        doubled[1:] = opening[1:] == quotes[1:-1:2][: len(opening) - 1] + 1
        good = (before == _COMMA) | (before == _NEWLINE) | doubled
        if good.all():
            break
        bad = int(np.flatnonzero(~good)[0])
        stray.append(int(opening[bad]))
        quotes = np.delete(quotes, 2 * bad)
        if len(stray) > _MOST_STRAY_QUOTES:
            break
    closing = quotes[1::2]
    after = buffer[np.minimum(closing + 1, len(buffer) - 1)]
    at_end = closing + 1 >= len(buffer)
    good = at_end | (after == _COMMA) | (after == _NEWLINE) | (after == _RETURN) | (after == _QUOTE)
    return quotes, stray, closing[~good]


def _blocks(records: Iterator[bytes], width: int, file: str, report: ReportBuilder) -> Iterator[Block]:
    row = 2
    for block in records:
        clean, row = _clean(block, row, width, file, report)
        if len(clean.rows):
            yield clean


def _clean(block: bytes, row: int, width: int, file: str, report: ReportBuilder) -> tuple[Block, int]:
    """The faultless records of a block, and the row number of the record after it."""
    if not block.endswith(b"\n"):
        block += b"\n"
    buffer = np.frombuffer(block, dtype=np.uint8)
    quotes: Positions = np.empty(0, dtype=np.int64)
    stray: list[int] = []
    loose: Positions = quotes
    if b'"' in block:
        quotes, stray, loose = _opening_and_closing(buffer)
    ends = _record_ends(buffer, quotes)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else np.zeros(1, dtype=np.int64)
    faulty = np.zeros(len(starts), dtype=bool)

    def mark(rule: str, records: Positions, detail: str = "") -> None:
        faulty[records] = True
        report.add_rows(rule, file, rows=pl.Series(np.unique(records) + row), detail=detail)

    if not len(ends) or ends[-1] != len(block) - 1:
        open_from = int(ends[-1]) + 1 if len(ends) else 0
        fault_row = row + len(ends)
        report.add("quote_unbalanced", file, row=fault_row)
        if not len(ends):
            return Block(b"", np.empty(0, dtype=np.int64)), fault_row
        block, buffer = block[:open_from], buffer[:open_from]
    if stray:
        mark("quote_misplaced", np.searchsorted(ends, np.array(stray)))
    if len(loose):
        mark("quote_misplaced", np.searchsorted(ends, loose))
    if b"\0" in block:
        mark("nul_byte", np.searchsorted(ends, np.flatnonzero(buffer == 0)))
    blank = (ends - starts == 0) | ((ends - starts == 1) & (buffer[starts] == _RETURN))
    if blank.any():
        mark("blank_row", np.flatnonzero(blank))
    _mark_ragged(buffer, quotes, starts, ends, width, faulty, mark)
    large = (ends - starts > limits.LARGEST_RECORD) & ~faulty
    if large.any():
        mark("record_too_large", np.flatnonzero(large))
    kept = np.flatnonzero(~faulty)
    if len(kept) < len(starts):
        block = b"".join(block[starts[record] : ends[record] + 1] for record in kept)
    return Block(block, kept + row), row + len(starts)


def _mark_ragged(
    buffer: npt.NDArray[np.uint8],
    quotes: Positions,
    starts: Positions,
    ends: Positions,
    width: int,
    faulty: npt.NDArray[np.bool_],
    mark: Callable[[str, Positions, str], None],
) -> None:
    commas = np.flatnonzero(buffer == _COMMA)
    if len(quotes):
        commas = commas[np.searchsorted(quotes, commas) % 2 == 0]
    fields = np.searchsorted(commas, ends) - np.searchsorted(commas, starts) + 1
    for rule, wrong in (("row_too_short", fields < width), ("row_too_long", fields > width)):
        records = np.flatnonzero(wrong & ~faulty)
        if len(records):
            seen = sorted({int(count) for count in fields[records][:1000]})[:5]
            mark(
                rule,
                records,
                f"应有 {width} 列，实有 {', '.join(map(str, seen))} 列 (expected {width} fields)",
            )


def parse_block(block: Block, header: tuple[str, ...]) -> pl.DataFrame:
    """The fields of clean records as text; empty fields are null."""
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
