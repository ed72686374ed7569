"""Foreign files as records: CSV, JSON, NDJSON (each also .gz or .zst), XLSX and Parquet.

Text is decoded strictly, numbers of JSON become exact decimals, cells of spreadsheets come as the values they show
(never as formulas). Sizes are bounded while unpacking.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from publishing.errors import MappingError
from publishing.intake import limits
from publishing.intake.encodings import as_utf8
from publishing.intake.faults import UnreadableFile
from publishing.intake.mapping.archives import refuse_archive_bomb
from publishing.intake.mapping.model import SourceRule
from publishing.intake.mapping.records import Record, Value
from publishing.intake.streams import read_chunks

_LARGEST_JSON = 1 << 30
_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_PLAIN_ENDINGS = {".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet"}


def read_records(path: Path, rule: SourceRule) -> Iterator[Record]:
    """The records of one file.

    Raises MappingError, with the file and where possible the row, when it cannot be read as the mapping says.
    """
    form = rule.format or _format_of(path)
    readers = {"csv": _csv, "json": _json, "ndjson": _ndjson, "xlsx": _xlsx, "parquet": _parquet}
    try:
        yield from readers[form](path, rule)
    except UnreadableFile as fault:
        where = f", row {fault.row}" if fault.row is not None else ""
        raise MappingError(f"{path.name}{where}: {fault.rule}: {fault.detail}") from fault
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        fastexcel.FastExcelError,
        OSError,
    ) as error:
        raise MappingError(f"{path.name}: cannot be read ({str(error).splitlines()[0][:200]})") from error


def _format_of(path: Path) -> str:
    name = path.name.lower()
    for packed in (".gz", ".zst"):
        name = name.removesuffix(packed)
    ending = "." + name.rpartition(".")[2]
    form = _ENDINGS.get(ending) or (_PLAIN_ENDINGS.get(ending) if path.suffix.lower() == ending else None)
    if form is None:
        raise MappingError(
            f'{path.name}: say with format = "csv" (json, ndjson, xlsx, parquet) what this file is'
        )
    return form


def _lines(path: Path, rule: SourceRule) -> Iterator[str]:
    """Decoded lines with their ends; bounded, because a line without end is no text file."""
    pieces = _decoded(path, rule)
    pending = ""
    for piece in pieces:
        lines = (pending + piece).splitlines(keepends=True) if "\r" not in piece else _split(pending + piece)
        pending = lines.pop() if lines and not lines[-1].endswith("\n") else ""
        if len(pending) > 8 * limits.LARGEST_RECORD:
            raise MappingError(f"{path.name}: a line of more than {8 * limits.LARGEST_RECORD:,} characters")
        yield from lines
    if pending:
        yield pending


def _split(text: str) -> list[str]:
    return [line + "\n" for line in text.split("\n")[:-1]] + (
        [text.rpartition("\n")[2]] if not text.endswith("\n") else []
    )


def _decoded(path: Path, rule: SourceRule) -> Iterator[str]:
    if rule.encoding is None:
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        for chunk in as_utf8(read_chunks(path)):
            yield decoder.decode(chunk)
        return
    named = codecs.getincrementaldecoder(rule.encoding)("strict")
    lines = 1
    for chunk in read_chunks(path):
        try:
            text = named.decode(chunk)
        except UnicodeDecodeError as error:
            line = lines + chunk[: error.start].count(b"\n")
            raise MappingError(f"{path.name}, line {line}: not {rule.encoding}") from error
        lines += text.count("\n")
        yield text


def _csv(path: Path, rule: SourceRule) -> Iterator[Record]:
    csv.field_size_limit(8 * limits.LARGEST_FIELD)
    lines = (line.replace("\0", "") for line in _lines(path, rule))
    reader = csv.reader(lines, delimiter=rule.delimiter, strict=False)
    try:
        yield from _table(reader, path, rule)
    except csv.Error as error:
        raise MappingError(f"{path.name}, line {reader.line_num}: {error}") from error


def _table(rows: Iterator[list[Value]], path: Path, rule: SourceRule) -> Iterator[Record]:
    """Records from rows of cells: skipped rows, then the header, then data."""
    number = 0
    header: list[str] | None = list(rule.columns) or None
    for cells in rows:
        number += 1
        if number <= rule.skip_rows:
            continue
        if header is None:
            header = _names(cells)
            if len(header) > limits.MOST_COLUMNS:
                raise MappingError(f"{path.name}: {len(header):,} columns")
            continue
        if not any(str(cell).strip() for cell in cells if cell is not None):
            continue
        values = dict(zip(header, cells, strict=False))
        yield Record(values, path.name, number)


def _names(cells: list[Value]) -> list[str]:
    """Header texts on one line; a repeated name gets its ordinal, an empty one its position."""
    names: list[str] = []
    for position, cell in enumerate(cells, start=1):
        name = " ".join(str(cell or "").split()).lstrip("\ufeff") or f"column {position}"
        same = sum(1 for other in names if other == name or other.startswith(f"{name} #"))
        names.append(f"{name} #{same + 1}" if same else name)
    return names


def _refuse_constant(text: str) -> None:
    """NaN and Infinity are no JSON; such a value is absent."""
    del text


def _parsed(text: str, path: Path, row: int) -> Any:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else error.__class__.__name__
        raise MappingError(f"{path.name}, row {row}: not valid JSON ({detail})") from error


def _ndjson(path: Path, rule: SourceRule) -> Iterator[Record]:
    for row, line in enumerate(_lines(path, rule), start=1):
        if line.strip():
            yield from _objects(_parsed(line, path, row), path, row, rule)


def _json(path: Path, rule: SourceRule) -> Iterator[Record]:
    pieces: list[str] = []
    size = 0
    for piece in _decoded(path, rule):
        size += len(piece)
        if size > _LARGEST_JSON:
            raise MappingError(f"{path.name}: JSON of more than {_LARGEST_JSON:,} characters; use NDJSON")
        pieces.append(piece)
    yield from _objects(_parsed("".join(pieces), path, 1), path, 1, rule)


def _objects(content: Any, path: Path, row: int, rule: SourceRule) -> Iterator[Record]:
    """The objects at the rule's `records` path, or the content itself."""
    for part in filter(None, rule.records.split(".")):
        content = content.get(part) if isinstance(content, dict) else None
    items = content if isinstance(content, list) else [content]
    for position, item in enumerate(items):
        if not isinstance(item, dict):
            where = f"{path.name}, row {row + position}"
            raise MappingError(
                f"{where}: expected an object at records = {rule.records!r}, found {type(item).__name__}"
            )
        yield Record(item, path.name, row + position)


def _xlsx(path: Path, rule: SourceRule) -> Iterator[Record]:
    refuse_archive_bomb(path)
    book = fastexcel.read_excel(path)
    names: list[str] = list(book.sheet_names)
    wanted = (
        [name for name in names if rule.sheet is None or name == rule.sheet] if rule.sheet != "*" else names
    )
    if not wanted:
        raise MappingError(f"{path.name}: there is no sheet {rule.sheet!r}; there are {', '.join(names)}")
    for name in wanted if rule.sheet is not None else wanted[:1]:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        frame: pl.DataFrame = sheet.to_polars()
        rows = (list(cells) for cells in frame.iter_rows())
        for record in _table(rows, path, rule):
            yield Record({**record.values, "_sheet": name}, record.file, record.row)


def _parquet(path: Path, rule: SourceRule) -> Iterator[Record]:
    del rule
    row = 1
    for batch in pl.scan_parquet(path, glob=False).collect_batches(chunk_size=10_000, maintain_order=True):
        for values in batch.iter_rows(named=True):
            yield Record(values, path.name, row)
            row += 1
