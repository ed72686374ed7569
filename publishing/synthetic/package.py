"""Writes the package: one file per table, the map, and `datapackage.json` last of all.

A folder without its `datapackage.json` is a package that was interrupted.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

import polars as pl
import pyarrow.parquet as pq

from publishing.synthetic.geojson import ORIGIN
from publishing.synthetic.place_names import PROVINCE_CODE, PROVINCE_NAME
from publishing.synthetic.tables import ControlTotal

FileFormat = Literal["csv", "parquet"]
TABLES = (
    "regions", "organisations", "functions", "economics", "policies", "projects", "budget_lines", "plans", "suppliers",
    "contracts", "payments", "indicators", "milestones", "region_groups",
)  # fmt: skip
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def clear_package(out: Path) -> None:
    """Make the folder and remove the files of an earlier package, its descriptor first; nothing else is touched."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("datapackage.json", "regions.geojson"):
        (out / name).unlink(missing_ok=True)
    for table in TABLES:
        for ending in MEDIA_TYPES:
            (out / f"{table}.{ending}").unlink(missing_ok=True)


class TableFile:
    """One table, written frame by frame; the first frame fixes the columns."""

    def __init__(self, out: Path, table: str, file_format: FileFormat) -> None:
        self._path = out / f"{table}.{file_format}"
        self._append: Callable[[pl.DataFrame], None] = (
            self._append_csv if file_format == "csv" else self._append_parquet
        )
        self._csv: IO[bytes] | None = None
        self._parquet: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._csv is not None:
            self._csv.close()
        if self._parquet is not None:
            self._parquet.close()

    def append(self, frame: pl.DataFrame) -> None:
        """Write the rows of one more frame."""
        self._append(frame)

    def _append_csv(self, frame: pl.DataFrame) -> None:
        first = self._csv is None
        if self._csv is None:
            self._csv = self._path.open("wb")
        frame.write_csv(self._csv, include_header=first)

    def _append_parquet(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._parquet is None:
            self._parquet = pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._parquet.write_table(table)


def write_table(out: Path, table: str, frame: pl.DataFrame, file_format: FileFormat) -> None:
    """Write a table that fits in memory."""
    with TableFile(out, table, file_format) as target:
        target.append(frame)


def write_descriptor(
    out: Path, *, as_of: dt.date, seed: int, totals: list[ControlTotal], file_format: FileFormat
) -> None:
    """`datapackage.json`: what the package is, on which day it was handed over, and what it must add up to."""
    descriptor = {
        "name": "fictional-province",
        "title": f"{PROVINCE_NAME}预算执行数据（虚构）",
        "description": "由程序生成的虚构数据，用于演示、测试和性能评测；地名、单位、企业和个人均不存在。",
        "licenses": [{"name": "CC0-1.0", "title": "CC0 1.0"}],
        "sunshine": {
            "fictional": True,
            "as_of": as_of.isoformat(),
            "currency": "CNY",
            "province": PROVINCE_CODE,
            "province_name": PROVINCE_NAME,
            "attribution": f"虚构的{PROVINCE_NAME}财政厅（种子 {seed}）",
            "geometry": ORIGIN,
            "control_totals": [
                {
                    "table": t.table,
                    "column": t.column,
                    "fiscal_year": t.fiscal_year,
                    "total": yuan_text(t.total_fen),
                }
                for t in totals
            ],
        },
        "resources": [_resource(table, file_format) for table in TABLES]
        + [
            {
                "name": "regions-map",
                "path": "regions.geojson",
                "format": "geojson",
                "mediatype": "application/geo+json",
            }
        ],
    }
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (out / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(table: str, file_format: FileFormat) -> dict[str, str]:
    resource = {
        "name": table,
        "path": f"{table}.{file_format}",
        "format": file_format,
        "mediatype": MEDIA_TYPES[file_format],
    }
    return {**resource, "encoding": "utf-8"} if file_format == "csv" else resource


def yuan_text(fen: int) -> str:
    """Yuan with exactly two decimals."""
    return str((Decimal(fen) / 100).quantize(Decimal("0.01")))
