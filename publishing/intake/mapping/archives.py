"""A look inside an XLSX file before it is parsed: how large it really is, and whether it declares entities.

What the archive says about its own sizes may be a lie, so every entry is unpacked once, counting and keeping
nothing, until the limit is reached.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from publishing.errors import MappingError

_MOST_ENTRIES = 5_000
_LARGEST_UNPACKED = 256 << 20
_LARGEST_RATIO = 100
_RATIO_CHECKED_FROM = 8 << 20
_PIECE = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def refuse_archive_bomb(path: Path) -> None:
    """Raises MappingError when the file is no spreadsheet, is absurdly large unpacked, or declares entities."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            entries = archive.infolist()
            if len(entries) > _MOST_ENTRIES:
                raise MappingError(
                    f"{path.name}: {len(entries):,} entries in a spreadsheet; it was not opened"
                )
            declared = sum(entry.file_size for entry in entries)
            _refuse_size(path, declared)
            total = 0
            for entry in entries:
                total += _unpacked_size(stream, entry, path, total)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise MappingError(f"{path.name}: not an XLSX file, or damaged ({error})") from error


def _refuse_size(path: Path, unpacked: int) -> None:
    packed = path.stat().st_size
    if unpacked > _LARGEST_UNPACKED or (
        unpacked > _RATIO_CHECKED_FROM and unpacked > _LARGEST_RATIO * packed
    ):
        raise MappingError(
            f"{path.name}: {packed:,} bytes unpack to {unpacked:,} or more, which no honest spreadsheet does; "
            "it was not opened. Save it as CSV if it really is that large."
        )


def _unpacked_size(stream: BinaryIO, entry: zipfile.ZipInfo, path: Path, before: int) -> int:
    stream.seek(entry.header_offset)
    _, name_length, extra_length = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    stream.seek(name_length + extra_length, 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        return entry.compress_size
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise MappingError(f"{path.name}: {entry.filename} is packed in an unusual way; it was not opened")
    unpacker = zlib.decompressobj(-15)
    left, size = entry.compress_size, 0
    pending = b""
    while not unpacker.eof and (pending or left):
        if not pending:
            pending = stream.read(min(left, 1 << 16))
            left -= len(pending)
            if not pending:
                break
        piece = unpacker.decompress(pending, _PIECE)
        if size == 0 and (b"<!DOCTYPE" in piece[:8192] or b"<!ENTITY" in piece[:8192]):
            raise MappingError(f"{path.name}: {entry.filename} declares entities; it was not opened")
        size += len(piece)
        _refuse_size(path, before + size)
        pending = unpacker.unconsumed_tail
    return size
