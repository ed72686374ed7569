"""One result in every format it can be taken in: the same rows, cell by cell."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest

from publishing.specs import Column, ColumnType, dataset_spec
from tests.conformance.server import Site

Cell = str | None
Rows = list[tuple[Cell, ...]]
CENT = Decimal("0.01")
ARMED = ("=", "+", "-", "@", "\t", "\r")


SPELLINGS: dict[ColumnType, Callable[[Any], str]] = {
    ColumnType.MONEY: lambda value: str(Decimal(str(value)).quantize(CENT)),
    ColumnType.INTEGER: lambda value: str(int(value)),
    ColumnType.YEAR: lambda value: str(int(value)),
    ColumnType.NUMBER: lambda value: repr(float(value)),
    ColumnType.BOOLEAN: lambda value: str(value).lower(),
    ColumnType.DATE: lambda value: str(value)[:10],
    ColumnType.MONTH: lambda value: str(value)[:7],
}


def plain(value: Any, column: Column) -> Cell:
    """A value as text that is the same whatever format it came in."""
    return None if value is None or value == "" else SPELLINGS.get(column.type, str)(value)


def table(rows: Iterable[Mapping[str, Any]], columns: tuple[Column, ...]) -> Rows:
    return [tuple(plain(row[column.name], column) for column in columns) for row in rows]


def from_csv(body: bytes, columns: tuple[Column, ...]) -> Rows:
    reader = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    return table(
        (
            {name: text[1:] if text[:1] == "'" and text[1:2] in ARMED else text for name, text in row.items()}
            for row in reader
        ),
        columns,
    )


def from_json_lines(body: bytes, columns: tuple[Column, ...]) -> Rows:
    return table((json.loads(line, parse_float=Decimal) for line in body.splitlines()), columns)


def from_parquet(body: bytes, columns: tuple[Column, ...]) -> Rows:
    return table(pl.read_parquet(io.BytesIO(body)).iter_rows(named=True), columns)


def from_arrow(body: bytes, columns: tuple[Column, ...]) -> Rows:
    return table(pl.read_ipc_stream(io.BytesIO(body)).iter_rows(named=True), columns)


def from_workbook(body: bytes, columns: tuple[Column, ...]) -> Rows:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    heading, *rows = book.worksheets[0].iter_rows(values_only=True)
    book.close()
    return table((dict(zip(map(str, heading), row, strict=True)) for row in rows), columns)


READERS: dict[str, Callable[[bytes, tuple[Column, ...]], Rows]] = {
    "csv": from_csv,
    "jsonl": from_json_lines,
    "parquet": from_parquet,
    "xlsx": from_workbook,
}


QUERY_READERS = {**READERS, "arrow": from_arrow}
"""A query is also to be had as an Arrow stream; with JSON, six formats."""


def paged(site: Site, address: str, columns: tuple[Column, ...]) -> Rows:
    """All pages of an answer in JSON, by `next`."""
    found: Rows = []
    following: str | None = address
    while following:
        body = json.loads(site.get(following.removeprefix(site.url)), parse_float=Decimal)
        found += table(body["rows"], columns)
        following = body["next"]
    assert len(found) == body["count"]
    return found


QUERIES = [
    ("projects", "livelihood=true&region_code__gte=990200&region_code__lt=990500"),
    ("project_months", "month=2026-05&paid__gt=0&sort=-paid"),
    ("indicators", "fiscal_year=2026&actual__isnull=true"),
    ("contracts", "signed_on__gte=2026-01-01"),
]


@pytest.mark.parametrize(("name", "query"), QUERIES, ids=[name for name, _ in QUERIES])
def test_a_query_gives_the_same_rows_in_all_six_formats(site: Site, name: str, query: str) -> None:
    columns = dataset_spec(name).columns
    address = f"/api/v1/datasets/{name}@2/rows"
    expected = paged(site, f"{address}?{query}&limit=500", columns)
    assert len(expected) > 50
    for ending, read in QUERY_READERS.items():
        assert read(site.get(f"{address}.{ending}?{query}"), columns) == expected, ending


@pytest.mark.parametrize("name", ["contracts", "coverage"])
def test_the_files_of_a_release_hold_the_same_rows_in_every_format(site: Site, name: str) -> None:
    columns = dataset_spec(name).columns
    expected = paged(site, f"/api/v1/datasets/{name}@2/rows?limit=1000", columns)
    for ending, read in READERS.items():
        assert read(site.get(f"/datasets/{name}@2/{name}.{ending}"), columns) == expected, ending


def test_groups_are_the_same_in_every_format(site: Site) -> None:
    query = "group_by=region_name,fiscal_year&measure=paid,adjusted&region_level=city&function_level=class"
    address = "/api/v1/datasets/spending@2/aggregate"
    spec = dataset_spec("spending")
    columns = tuple(spec.column(name) for name in ("region_name", "fiscal_year", "paid", "adjusted"))
    expected = paged(site, f"{address}?{query}&limit=1000", columns)
    assert len(expected) > 50
    for ending, read in QUERY_READERS.items():
        assert read(site.get(f"{address}.{ending}?{query}"), columns) == expected, ending
