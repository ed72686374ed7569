from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings

from publishing.release.celltext import TEXT_TYPES
from publishing.release.exports import csv_chunks, json_lines_chunks
from publishing.release.reader import Release, open_release
from publishing.release.xlsx import Sheet, write_xlsx
from publishing.specs import ColumnType
from tests.publishing.release.builders import NOTHING, THINGS, content, publish, store_in, table, things
from tests.publishing.release.strategies import rows

ABOUT = Sheet("说明", [["标题"]], [20])


def csv_of(frame: pl.DataFrame) -> bytes:
    return b"".join(csv_chunks(frame, THINGS.columns))


def release_with(tmp_path: Path, *tables: Any) -> Release:
    store = store_in(tmp_path)
    publish(store, content(*tables))
    return open_release(store)


def bytes_of(release: Release, format_name: str) -> bytes:
    return release.file("things", format_name).path.read_bytes()


def test_a_csv_file_begins_with_a_byte_order_mark_and_tells_missing_from_empty() -> None:
    frame = things({"name": "", "paid": -5}, NOTHING).frame
    assert csv_of(frame).decode("utf-8-sig").split("\r\n") == [
        "code,name,paid,paid_status,count,rate,open,begun_on,month,fiscal_year,colour",
        '001,"",-0.05,published,3,0.5,true,2025-02-28,2025-02,2025,red',
        "002,,,withheld,,,,,,,",
        "",
    ]
    assert csv_of(frame).startswith(b"\xef\xbb\xbf")


@given(rows)
@settings(deadline=None)
def test_no_text_of_a_csv_file_is_a_formula_and_every_value_survives(some: list[dict[str, Any]]) -> None:
    frame = table(THINGS, some).frame
    read = list(csv.reader(io.StringIO(csv_of(frame).decode("utf-8-sig"), newline="")))
    for row, cells in zip(some, read[1:], strict=True):
        for column, cell in zip(THINGS.columns, cells, strict=True):
            if column.type not in TEXT_TYPES:
                continue
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            value = row[column.name] or ""
            assert cell == (f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value)


def test_negative_numbers_stay_numbers_in_csv() -> None:
    assert b",-1234.56,published,-3,-0.5," in csv_of(
        things({"paid": -123456, "count": -3, "rate": -0.5}).frame
    )


@given(rows)
@settings(deadline=None)
def test_json_lines_hold_every_value_unchanged(some: list[dict[str, Any]]) -> None:
    text = b"".join(json_lines_chunks(table(THINGS, some).frame, THINGS.columns)).decode()
    read = [json.loads(line, parse_float=Decimal) for line in text.split("\n")[:-1]]
    assert len(read) == len(some)
    for row, found in zip(some, read, strict=True):
        assert found["name"] == row["name"]
        assert found["paid"] == (None if row["paid"] is None else Decimal(row["paid"]).scaleb(-2))
        assert found["count"] == row["count"]
        assert (None if found["rate"] is None else float(found["rate"])) == row["rate"]
        assert found["month"] == (None if row["month"] is None else row["month"].strftime("%Y-%m"))
        assert found["open"] is row["open"]


def test_a_parquet_file_is_typed_sorted_checksummed_and_carries_its_table_schema(tmp_path: Path) -> None:
    release = release_with(tmp_path, things({"code": "b"}, {"code": "a", "paid": -1}))
    path = release.file("things", "parquet").path
    file = pq.ParquetFile(path, page_checksum_verification=True)
    assert file.schema_arrow.field("paid").type == pa.decimal128(18, 2)
    assert file.schema_arrow.field("month").type == pa.date32()
    assert file.read()["code"].to_pylist() == ["a", "b"]
    assert file.read()["paid"].to_pylist() == [Decimal("-0.01"), Decimal("1234.56")]
    assert [column.column_index for column in file.metadata.row_group(0).sorting_columns] == [0]
    schema = json.loads(file.schema_arrow.metadata[b"table_schema"])
    assert schema["primaryKey"] == ["code"]
    assert json.loads(file.schema_arrow.metadata[b"release"])["number"] == 1


def test_a_workbook_has_typed_cells_a_frozen_header_and_an_explanation(tmp_path: Path) -> None:
    release = release_with(tmp_path, things({"name": "=1+1"}, NOTHING))
    book = openpyxl.load_workbook(io.BytesIO(bytes_of(release, "xlsx")))
    assert book.sheetnames == ["things", "说明"]
    sheet = book["things"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == [column.name for column in THINGS.columns]
    assert [cell.value for cell in sheet[2]] == [
        "001", "=1+1", 1234.56, "published", 3, 0.5, True,
        datetime(2025, 2, 28), datetime(2025, 2, 1), 2025, "red",  # noqa: DTZ001 - days have no zone
    ]  # fmt: skip
    assert [sheet.cell(2, position).data_type for position in (1, 2, 3)] == ["s", "s", "n"]
    assert sheet.cell(3, 3).value is None
    explained = {str(row[0]): row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert explained["版本"] == "第 1 版"
    assert explained["版本标识"] == release.id
    assert explained["withheld"] == "依规不公开"
    assert explained["paid"] == "paid·名"


def test_a_workbook_contains_no_formula_and_no_link(tmp_path: Path) -> None:
    release = release_with(tmp_path, things({"name": "=HYPERLINK(1)", "code": "https://a.example"}))
    with ZipFile(io.BytesIO(bytes_of(release, "xlsx"))) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in texts
    assert b"<hyperlink" not in texts


@given(rows)
@settings(deadline=None)
def test_every_text_survives_a_workbook(some: list[dict[str, Any]]) -> None:
    sink = io.BytesIO()
    write_xlsx(table(THINGS, some).frame, THINGS.columns, sink, name="things", about=ABOUT)
    read = openpyxl.load_workbook(io.BytesIO(sink.getvalue()))["things"]
    for position, row in enumerate(some, start=2):
        found = read.cell(position, 2).value
        plain = not any(ord(character) < 32 or character in "\ufffe\uffff" for character in row["name"] or "")
        if plain and "_x" not in (row["name"] or ""):
            assert (found or "") == (row["name"] or "")


def test_a_table_longer_than_a_sheet_continues_on_the_next() -> None:
    frame = things(*[{"code": f"{position:03d}"} for position in range(5)]).frame
    sink = io.BytesIO()
    write_xlsx(frame, THINGS.columns, sink, name="things", about=ABOUT, sheet_rows=2)
    book = openpyxl.load_workbook(io.BytesIO(sink.getvalue()))
    assert book.sheetnames == ["things", "things 2", "things 3", "说明"]
    codes = [
        row[0] for name in book.sheetnames[:3] for row in book[name].iter_rows(min_row=2, values_only=True)
    ]
    assert codes == ["000", "001", "002", "003", "004"]


def test_an_empty_table_has_files_too(tmp_path: Path) -> None:
    release = release_with(tmp_path, table(THINGS, []))
    assert release.table("things").is_empty()
    assert bytes_of(release, "csv").count(b"\r\n") == 1
    assert bytes_of(release, "jsonl") == b""
    assert openpyxl.load_workbook(io.BytesIO(bytes_of(release, "xlsx")))["things"].max_row == 1


def test_the_same_content_gives_the_same_bytes_in_every_file(tmp_path: Path) -> None:
    manifests = [publish(store_in(tmp_path / name)) for name in ("one", "two")]
    assert manifests[0].to_bytes() == manifests[1].to_bytes()


def test_the_data_package_gives_size_and_digest_of_each_file(tmp_path: Path) -> None:
    release = release_with(tmp_path, things({}))
    package = json.loads(bytes_of(release, "datapackage"))
    resource = package["resources"][0]
    assert resource["bytes"] == len(bytes_of(release, "csv"))
    assert resource["hash"] == f"sha256:{hashlib.sha256(bytes_of(release, 'csv')).hexdigest()}"
    assert [field["type"] for field in resource["schema"]["fields"]] == [
        "string", "string", "number", "string", "integer", "number", "boolean", "date", "yearmonth", "year", "string",
    ]  # fmt: skip
    assert {file["format"] for file in package["sunshine"]["files"]} == {"csv", "parquet", "jsonl", "xlsx"}


def test_compressed_files_hold_the_same_bytes(tmp_path: Path) -> None:
    release = release_with(tmp_path, things({}))
    for name in ("csv", "jsonl"):
        packed = release.file("things", name, encoding="gzip")
        assert gzip.decompress(packed.path.read_bytes()) == bytes_of(release, name)
        assert packed.bytes == packed.path.stat().st_size


def test_a_large_table_is_split_into_row_groups(tmp_path: Path) -> None:
    many = pl.DataFrame({"code": [f"{number:06d}" for number in range(130_000)]})
    whole = pl.DataFrame([THING_ROW], schema=THINGS.schema).drop("code")
    frame = many.join(whole, how="cross").select(list(THINGS.schema))
    release = release_with(tmp_path, type(things({}))(THINGS, frame))
    metadata = pq.ParquetFile(release.file("things", "parquet").path).metadata
    sizes = [metadata.row_group(position).num_rows for position in range(metadata.num_row_groups)]
    assert all(size <= 120_000 for size in sizes)
    assert all(size >= 20_000 for size in sizes[:-1])
    assert release.table("things").equals(frame)


THING_ROW = {**things({}).frame.row(0, named=True), "begun_on": date(2025, 1, 1)}


def test_every_column_type_has_a_field_type() -> None:
    assert {column.type for column in THINGS.columns} == set(ColumnType)
