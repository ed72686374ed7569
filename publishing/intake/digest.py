"""The digest of a source package: the same rows give the same digest, whatever their order, format or encoding.

A row is written as one line of text: its fields in the order of the contract, joined by U+001F (which no accepted
field holds). Money is whole fen, dates are days since 1970-01-01, booleans 0 or 1, decimals the 64 bits of the
double as a signed integer (-0 as 0); empty fields are empty. The digest of a row is the SHA-256 of its line; that of
a table the SHA-256 of its row digests, sorted, one after another; that of a package the SHA-256 of canonical JSON of
its tables and the version of this definition. An absent table and an empty one are the same.

Why this way. A sum of row hashes would need no sorting, but sums can be forged. Sorting the lines themselves (version
1) writes all text of the hand-over to the disk and reads it again: 2 GB for 10 M payments. Row digests are 32 bytes.
They are spilled while the file is read; as they are evenly spread, those that begin with the same bits fit into
memory at any size.

Rows are hashed by native code (the plugin polars-hash), which leaves the interpreter to the checks that go on meanwhile;
the tests hold it to the hashlib of Python.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_hash

from publishing.intake.schema import Table

VERSION = 2
"""Of this definition; digests of different versions do not compare."""

RowDigests = npt.NDArray[np.uint64]
"""One row is a SHA-256 as four big-endian numbers."""

_SEPARATOR = "\x1f"
_LINE = "line"
_LINES_AT_ONCE = 16_384
"""Lines that are hashed together; more of them would leave the processor's cache."""
_PART_BITS = 6
_PARTS = 1 << _PART_BITS
_ROW_BYTES = sha256().digest_size


def row_digests(table: Table, frame: pl.DataFrame) -> RowDigests:
    """The SHA-256 of each row's line of canonical text, as four numbers of 64 bits, most significant byte first."""
    digests = [np.empty((0, _ROW_BYTES), dtype=np.uint8)]
    for start in range(0, frame.height, _LINES_AT_ONCE):
        piece = frame.slice(start, _LINES_AT_ONCE)
        line = pl.concat_str(_fields(table, piece), separator=_SEPARATOR).alias(_LINE)
        hashed = piece.lazy().select(line).select(polars_hash.col(_LINE).chash.sha2_256())
        digests.append(_from_hexadecimal(hashed.collect().to_series()))
    return np.concatenate(digests).view(">u8")


def _fields(table: Table, frame: pl.DataFrame) -> list[pl.Expr]:
    """The canonical text of each column."""
    fields: list[pl.Expr] = []
    for column in table.columns:
        values = frame.get_column(column.staged_name)
        field = pl.col(column.staged_name)
        if values.dtype == pl.Float64:
            field = _double_bits(values)
        elif values.dtype == pl.Boolean:
            field = field.cast(pl.UInt8)
        elif values.dtype == pl.Date:
            field = field.to_physical()
        if values.dtype != pl.String:
            field = field.cast(pl.String)
        fields.append(field.fill_null("") if values.null_count() else field)
    return fields


def _double_bits(values: pl.Series) -> pl.Expr:
    bits = pl.Series((values.fill_null(0.0).to_numpy() + 0.0).view(np.int64))
    return pl.when(pl.lit(values.is_not_null())).then(pl.lit(bits))


def _from_hexadecimal(digests: pl.Series) -> npt.NDArray[np.uint8]:
    """Digests written in lower-case hexadecimal digits, as bytes; one digest a row."""
    arrow = digests.to_arrow(compat_level=pl.CompatLevel.oldest())
    digits = np.frombuffer(arrow.buffers()[2], dtype=np.uint8, count=2 * _ROW_BYTES * len(digests))
    values = (digits & 0xF) + np.uint8(9) * (digits >> 6)  # 0 is 0x30, a is 0x61
    together: npt.NDArray[np.uint8] = (values[::2] << np.uint8(4)) | values[1::2]
    return together.reshape(-1, _ROW_BYTES)


def _in_order(rows: RowDigests) -> RowDigests:
    """Row digests by their bytes."""
    first = rows[:, 0].astype(np.uint64)
    order = np.argsort(first)
    ordered = first[order]
    if (ordered[1:] == ordered[:-1]).any():  # a row that stands twice, or two rows of 64 equal bits
        order = np.lexsort(rows.T[::-1])
    return rows[order]


def digest_of_table(table: Table, frame: pl.DataFrame) -> str:
    """The digest of a table in memory; rows in any order, columns under their staged names."""
    return sha256(_in_order(row_digests(table, frame)).tobytes()).hexdigest()


def package_digest(tables: dict[str, str]) -> str:
    """The digest of a package from the digests of all its tables."""
    content = json.dumps(
        {"tables": tables, "version": VERSION}, sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return "sha256:" + sha256(content.encode()).hexdigest()


class SpilledDigest:
    """The same digest of a table too large for memory: rows in any order, in any number of pieces.

    Of each piece those row digests are written together that lie in one part of their range.
    """

    def __init__(self, table: Table, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._table = table
        self._folder = folder
        self._path = folder / "rows.sha256"
        self._spill = self._path.open("wb")
        self._rows = 0
        self._pieces: list[npt.NDArray[np.int64]] = []
        """Of each piece, where each part of the range begins in the spilled file, and where the last ends; in rows."""

    def update(self, frame: pl.DataFrame) -> None:
        """Add rows, under their staged names."""
        if not frame.height:
            return
        rows = row_digests(self._table, frame)
        part_of_row = rows.view(np.uint8)[:, 0] >> (8 - _PART_BITS)
        self._spill.write(rows[np.argsort(part_of_row, kind="stable")].data)
        ends = np.cumsum(np.bincount(part_of_row, minlength=_PARTS))
        self._pieces.append(self._rows + np.concatenate([[0], ends]))
        self._rows += len(rows)

    def hexdigest(self) -> str:
        """Order and hash what was spilled, and remove it from the disk."""
        return self.finished().result()

    def finished(self) -> Future[str]:
        """The same in the background: other work goes on, with a thread besides."""
        self._spill.close()
        background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="digest")
        digest = background.submit(self._of_parts)
        background.shutdown(wait=False)
        return digest

    def _of_parts(self) -> str:
        digest = sha256()
        try:
            with self._path.open("rb") as spilled:
                for part in range(_PARTS):
                    digest.update(_in_order(self._part(spilled, part)).tobytes())
        finally:
            self.discard()
        return digest.hexdigest()

    def _part(self, spilled: BinaryIO, part: int) -> RowDigests:
        """The row digests of one part of their range, of all pieces."""
        found = bytearray()
        for begins in self._pieces:
            spilled.seek(int(begins[part]) * _ROW_BYTES)
            found += spilled.read(int(begins[part + 1] - begins[part]) * _ROW_BYTES)
        return np.frombuffer(found, dtype=">u8").reshape(-1, 4)

    def discard(self) -> None:
        """Remove what was spilled."""
        self._spill.close()
        shutil.rmtree(self._folder, ignore_errors=True)
