"""Files made to exhaust memory: refused early, in a child process whose address space is limited."""

from __future__ import annotations

import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.publishing.intake.packages import columns, write_package

_CHILD = """
import resource, sys
from pathlib import Path
from publishing.intake import PackageRefused, read_package
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read_package(Path(sys.argv[1]), workdir=Path(sys.argv[2]))
except PackageRefused as refused:
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(after - before, *[count.rule for count in refused.report.counts])
"""
_MOST_KILOBYTES = 100_000


def _check(source: Path, work: Path) -> tuple[int, list[str]]:
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(source), str(work)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)),
    )
    grown, *rules = child.stdout.split()
    return int(grown), rules


def _gzip_of(path: Path, start: bytes, piece: bytes, times: int) -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    with path.open("wb") as stream:
        stream.write(packer.compress(start))
        for _ in range(times):
            stream.write(packer.compress(piece))
        stream.write(packer.flush())


def _one_endless_row(folder: Path) -> Path:
    path = folder / "payments.csv.gz"
    _gzip_of(path, b"", b"x" * (1 << 20), 300)
    return path


def _many_equal_rows(folder: Path) -> Path:
    path = folder / "payments.csv.gz"
    row = b"1," * 13 + b"\n"
    _gzip_of(path, ",".join(columns("payments")).encode() + b"\n", row * 40_000, 150)
    return path


def _zstd_bomb(folder: Path) -> Path:
    path = folder / "payments.csv.zst"
    with path.open("wb") as stream, zstandard.ZstdCompressor(3).stream_writer(stream) as packer:
        packer.write(",".join(columns("payments")).encode() + b"\n")
        for _ in range(300):
            packer.write(b"\n" * (1 << 20))
    return path


def _endless_quote(folder: Path) -> Path:
    path = folder / "payments.csv"
    with path.open("wb") as stream:
        stream.write(",".join(columns("payments")).encode() + b'\n"')
        stream.seek(400 << 20, 1)
        stream.write(b"x")
    return path


def _plain_giant_row(folder: Path) -> Path:
    path = folder / "payments.csv"
    with path.open("wb") as stream:
        stream.write(",".join(columns("payments")).encode() + b"\n")
        for _ in range(200):
            stream.write(b"y" * (1 << 20))
    return path


def _blank_lines(folder: Path) -> Path:
    path = folder / "payments.csv"
    path.write_bytes(",".join(columns("payments")).encode() + b"\n" * (40 << 20))
    return path


def _parquet_of_a_billion_rows(folder: Path) -> Path:
    path = folder / "payments.parquet"
    one = pa.array(["F1"] * 1_000_000).dictionary_encode()
    with pq.ParquetWriter(path, pa.schema([("payment_id", one.type)])) as writer:
        table = pa.table({"payment_id": one})
        for _ in range(8):
            writer.write_table(table, row_group_size=1_000_000)
    return path


def _parquet_of_one_long_word(folder: Path) -> Path:
    path = folder / "payments.parquet"
    word = "x" * 2_000_000
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000, pa.int32()), pa.array([word]))
    ids = pa.array([f"F{n}" for n in range(3_000)])
    pq.write_table(pa.table({"payment_id": ids, "purpose": words}), path, store_schema=False)
    return path


BOMBS = {
    "one endless row in gzip": (_one_endless_row, {"record_too_large", "compression_bomb"}),
    "gzip of many equal rows": (_many_equal_rows, {"compression_bomb"}),
    "zstd": (_zstd_bomb, {"compression_bomb"}),
    "a quote that never closes": (_endless_quote, {"quote_unbalanced", "nul_byte"}),
    "forty megabytes of blank lines": (_blank_lines, {"table_empty"}),
    "one row of 200 MB": (_plain_giant_row, {"record_too_large"}),
    "a Parquet file of 8 million equal rows": (
        _parquet_of_a_billion_rows,
        {"too_many_rows", "compression_bomb"},
    ),
    "a Parquet file that repeats a huge word": (_parquet_of_one_long_word, {"field_too_large"}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    build, expected = BOMBS[name]
    source = write_package(tmp_path / "source")
    (source / "payments.csv").unlink()
    build(source)
    grown, rules = _check(source, tmp_path / "work")
    assert expected & set(rules)
    assert grown < _MOST_KILOBYTES
