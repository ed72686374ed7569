"""The bytes of a file, unpacked in bounded memory and checked against what the file's name promises.

A file that unpacks to an absurd multiple of its size is refused after the first few megabytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import zstandard

from publishing.intake import limits
from publishing.intake.faults import UnreadableFile

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_OTHER_MAGIC = {
    b"PK\x03\x04": "ZIP 或 XLSX (a ZIP archive or a spreadsheet)",
    b"PK\x05\x06": "ZIP (an empty ZIP archive)",
    b"PAR1": "Parquet",
    _GZIP_MAGIC: "gzip",
    _ZSTD_MAGIC: "zstd",
    b"\xd0\xcf\x11\xe0": "旧版 Excel/Word (an old Excel or Word file)",
    b"%PDF": "PDF",
    b"\x7fELF": "程序 (a program)",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"SQLite format 3": "SQLite",
    b"ARROW1": "Arrow",
    b"\x89PNG": "图片 (a picture)",
    b"\xff\xd8\xff": "图片 (a picture)",
    b"GIF8": "图片 (a picture)",
}


def read_chunks(path: Path) -> Iterator[bytes]:
    """Unpacked pieces of at most `limits.BLOCK` bytes.

    Raises UnreadableFile when the content is not what the name says, is damaged, or grows absurdly.
    """
    if not path.is_file():
        raise UnreadableFile("not_a_regular_file")
    try:
        with path.open("rb") as stream:
            _refuse_bomb(stream, path)
            yield from _unpacked(stream, path)
    except OSError as error:
        raise UnreadableFile("file_unreadable", str(error.strerror or error)) from error


def _refuse_bomb(stream: BinaryIO, path: Path) -> None:
    """Unpack the beginning of a compressed file without looking at it, so that a bomb is never parsed."""
    if path.suffix.lower() in {".gz", ".zst"}:
        unpacked = 0
        for piece in _unpacked(stream, path):
            unpacked += len(piece)
            if unpacked > limits.PROBED:
                break
        stream.seek(0)


def _unpacked(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    suffix = path.suffix.lower()
    magic = stream.read(16)
    stream.seek(0)
    if not magic:
        raise UnreadableFile("file_empty")
    if suffix == ".gz":
        _expect(magic, _GZIP_MAGIC, "gzip")
        pieces = _gunzip(stream)
    elif suffix == ".zst":
        _expect(magic, _ZSTD_MAGIC, "zstd")
        pieces = _unzstd(stream)
    else:
        pieces = iter(lambda: stream.read(limits.BLOCK), b"")
    first = True
    for piece in _bounded(pieces, stream):
        if first:
            _refuse_foreign_content(piece)
        first = False
        yield piece
    if first:
        raise UnreadableFile("file_empty")


def _expect(magic: bytes, wanted: bytes, name: str) -> None:
    if not magic.startswith(wanted):
        raise UnreadableFile(
            "compression_damaged", f"文件头不是 {name} (the file does not begin like {name})"
        )


def _refuse_foreign_content(piece: bytes) -> None:
    for magic, name in _OTHER_MAGIC.items():
        if piece.startswith(magic):
            raise UnreadableFile("content_is_not_csv", f"看起来是 {name}")


def _bounded(pieces: Iterator[bytes], stream: BinaryIO) -> Iterator[bytes]:
    unpacked = 0
    for piece in pieces:
        unpacked += len(piece)
        packed = stream.tell()
        if unpacked > limits.LARGEST_UNPACKED or (
            unpacked > limits.RATIO_CHECKED_FROM and unpacked > limits.LARGEST_RATIO * packed
        ):
            raise UnreadableFile(
                "compression_bomb", f"{packed:,} 字节解压出 {unpacked:,} 字节以上 (bytes packed and unpacked)"
            )
        yield piece


def _gunzip(stream: BinaryIO) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    pending = b""
    finished = True
    while True:
        pending = pending or stream.read(1 << 16)
        if not pending:
            break
        try:
            piece = unpacker.decompress(pending, limits.BLOCK)
        except zlib.error as error:
            raise UnreadableFile("compression_damaged", str(error)) from error
        finished = unpacker.eof
        pending = unpacker.unconsumed_tail
        if unpacker.eof:
            pending = unpacker.unused_data.lstrip(b"\0")  # padding after a member is allowed
            unpacker = zlib.decompressobj(wbits=31)
        if piece:
            yield piece
    if not finished:
        raise UnreadableFile("compression_damaged", "文件不完整 (the file is cut short)")


def _unzstd(stream: BinaryIO) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=limits.LARGEST_ZSTD_WINDOW)
    try:
        with unpacker.stream_reader(stream, read_across_frames=True, closefd=False) as reader:
            while piece := reader.read(limits.BLOCK):
                yield piece
    except zstandard.ZstdError as error:
        rule = "compression_bomb" if "memory" in str(error).lower() else "compression_damaged"
        raise UnreadableFile(rule, str(error)) from error
