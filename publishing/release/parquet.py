"""A published table as Parquet, and back.

Money is Decimal(18,2) yuan in the file and Int64 fen in memory; the conversion is exact. Months are dates (their
first day), so that date functions work on them. Rows are sorted by the key; row groups hold 20 to 120 thousand
rows, so that readers over HTTP can skip; pages carry checksums; the Table Schema stands in the file's metadata.
"""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from publishing.errors import CorruptObject
from publishing.specs import ColumnType, DatasetSpec

PARQUET_MEDIA_TYPE = "application/vnd.apache.parquet"
ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.stream"
ROW_GROUP = 60_000
_YUAN = pl.Decimal(18, 2)


def write_parquet(frame: pl.DataFrame, spec: DatasetSpec, sink: IO[bytes], metadata: dict[str, Any]) -> None:
    """Write a frame that is sorted by `spec.key` to an open file. `metadata` becomes JSON texts in the file."""
    table = _in_yuan(frame, spec).to_arrow(compat_level=pl.CompatLevel.oldest())
    texts = {key: json.dumps(value, ensure_ascii=False, sort_keys=True) for key, value in metadata.items()}
    names = frame.columns
    sorting = [pq.SortingColumn(names.index(name)) for name in spec.key]
    with pq.ParquetWriter(
        sink,
        table.schema.with_metadata(texts),
        compression="zstd",
        compression_level=3,
        write_page_checksum=True,
        sorting_columns=sorting,
    ) as writer:
        writer.write_table(table, row_group_size=ROW_GROUP)


def write_arrow(frame: pl.DataFrame, spec: DatasetSpec, sink: IO[bytes]) -> None:
    """Write a frame as an Arrow IPC stream, typed as in Parquet, in batches of a row group."""
    table = _in_yuan(frame, spec).to_arrow(compat_level=pl.CompatLevel.oldest())
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=ROW_GROUP)


def read_parquet(content: bytes, spec: DatasetSpec) -> pl.DataFrame:
    """Read the bytes of such a file as a frame with exactly `spec.schema`.

    Raises: CorruptObject when they are not such a file.
    """
    try:
        frame = pl.read_parquet(io.BytesIO(content))
        return _in_fen(frame, spec).select(pl.col(name).cast(kind) for name, kind in spec.schema.items())
    except (pl.exceptions.PolarsError, OSError, pa.ArrowException) as error:
        raise CorruptObject(f"the Parquet file of {spec.name} cannot be read: {error}") from error


def _money_names(spec: DatasetSpec) -> list[str]:
    return [column.name for column in spec.columns if column.type is ColumnType.MONEY]


def _in_yuan(frame: pl.DataFrame, spec: DatasetSpec) -> pl.DataFrame:
    hundredth = pl.lit(Decimal("0.01"))
    yuan = [(pl.col(name).cast(pl.Decimal(38, 0)) * hundredth).cast(_YUAN) for name in _money_names(spec)]
    return frame.with_columns(yuan)


def _in_fen(frame: pl.DataFrame, spec: DatasetSpec) -> pl.DataFrame:
    return frame.with_columns(pl.col(name).cast(_YUAN).to_physical() for name in _money_names(spec))
