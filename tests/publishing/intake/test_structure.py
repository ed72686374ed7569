"""Files whose structure is broken: headers, ragged rows, quotes, NUL bytes, foreign content."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import zstandard

from publishing.intake import PackageRefused, read_package
from tests.publishing.intake.packages import columns, csv_text, valid_package, write_package

Change = Callable[[bytes], bytes]


def _replace(old: str, new: str) -> Change:
    return lambda content: content.replace(old.encode(), new.encode(), 1)


def _line(number: int, change: Change) -> Change:
    def apply(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        return b"\n".join(lines)

    return apply


# what happens to payments.csv, rule, row
BROKEN_FILES: list[tuple[str, Change, str, int | None]] = [
    ("nothing in the file", lambda _: b"", "file_empty", None),
    ("only blank lines", lambda _: b"\n\n\n", "file_empty", 1),
    ("no header", lambda content: content.split(b"\n", 1)[1], "column_missing", 1),
    ("a header and no rows", lambda content: content.split(b"\n")[0] + b"\n", "table_empty", None),
    ("a missing column", _replace("payee_kind,", ""), "column_missing", 1),
    ("an unknown column", _line(1, lambda line: line + b",bonus"), "column_unknown", 1),
    ("a capitalised column", _replace("line_id", "Line_ID"), "column_unknown", 1),
    ("a column named twice", _replace("contract_id", "project_id"), "header_duplicated", 1),
    ("a column without a name", _line(1, lambda line: line + b","), "header_blank", 1),
    ("a short row", _line(3, lambda line: line.rsplit(b",", 1)[0]), "row_too_short", 3),
    ("a long row", _line(3, lambda line: line + b",x"), "row_too_long", 3),
    ("an unescaped comma", _replace("工程预付款", "工程,预付款"), "row_too_long", 2),
    ("a quote that never closes", _replace("工程预付款", '"工程预付款'), "quote_unbalanced", 2),
    ("a quote inside a plain field", _replace("工程预付款", '5"管道'), "quote_misplaced", 2),
    ("text after a closing quote", _replace("工程预付款", '"工程"预付款'), "quote_misplaced", 2),
    ("a NUL byte", _replace("工程进度款", "工程\0款"), "nul_byte", 3),
    ("UTF-16 without a BOM", lambda content: content.decode().encode("utf-16-le"), "nul_byte", 1),
    ("old Macintosh line ends", lambda content: content.replace(b"\n", b"\r"), "line_endings", 1),
    ("a header of other names", _line(1, lambda line: b"x" + line.replace(b",", b",x")), "column_missing", 1),
    ("a semicolon file", lambda content: content.replace(b",", b";"), "column_missing", 1),
    ("a tab file", lambda content: content.replace(b",", b"\t"), "column_missing", 1),
    ("a spreadsheet", lambda _: b"PK\x03\x04" + b"\0" * 100, "content_is_not_csv", None),
    ("an old spreadsheet", lambda _: b"\xd0\xcf\x11\xe0" + b"\0" * 100, "content_is_not_csv", None),
    ("a Parquet file", lambda _: b"PAR1" + b"\0" * 100, "content_is_not_csv", None),
    ("a gzip file", gzip.compress, "content_is_not_csv", None),
    ("a picture", lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "content_is_not_csv", None),
    ("a web page", lambda _: b"<!DOCTYPE html>\n<html></html>\n", "column_missing", 1),
    ("a JSON file", lambda _: b'[{"payment_id": "F1"}]', "column_missing", 1),
    ("a bad UTF-8 byte", _line(4, lambda line: line + b"\xff"), "encoding_unknown", 4),
    (
        "GBK in one row of a UTF-8 file",
        _line(4, lambda line: line.decode().encode("gbk")),
        "mixed_encodings",
        4,
    ),
    (
        "a hundred thousand columns",
        lambda _: ",".join(f"c{n}" for n in range(100_000)).encode(),
        "too_many_columns",
        1,
    ),
]


@pytest.mark.parametrize("case", BROKEN_FILES, ids=lambda case: case[0].replace(" ", "_"))
def test_a_broken_file_is_refused_with_its_rule_and_row(
    tmp_path: Path, case: tuple[str, Change, str, int | None]
) -> None:
    _, change, rule, row = case
    source = write_package(tmp_path / "source")
    path = source / "payments.csv"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    found = caught.value.report.of_rule(rule)
    assert [(violation.file, violation.row) for violation in found][:1] == [("payments.csv", row)]
    assert not any((tmp_path / "work").iterdir())


def test_blank_lines_are_skipped_with_a_warning_and_counted_as_rows(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    path = source / "payments.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(2, "")
    lines[3] = lines[3].replace("250000.10", "x")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    report = caught.value.report
    assert [found.row for found in report.of_rule("blank_row")] == [3]
    assert [found.row for found in report.of_rule("money_not_a_number")] == [4]


def test_rows_after_a_faulty_one_keep_their_numbers_in_checks_over_the_whole_table(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    path = source / "payments.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(1, "short,row")
    lines[-1] = lines[-1].replace("F0002", "F7777")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    report = caught.value.report
    assert [found.row for found in report.of_rule("row_too_short")] == [2]
    assert [found.row for found in report.of_rule("refund_of_unknown")] == [6]


def test_quoted_fields_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    package = valid_package()
    package["projects"][0]["description"] = '含,逗号、"引号"\n和换行'
    read = read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work")
    descriptions = pl.read_parquet(read.tables["projects"]).get_column("description")
    assert descriptions[0] == '含,逗号、"引号"\n和换行'
    assert read.report.violations == ()


def _gzip(path: Path) -> None:
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.unlink()


def _zstd(path: Path) -> None:
    path.with_suffix(".csv.zst").write_bytes(zstandard.compress(path.read_bytes()))
    path.unlink()


def _two_gzip_members(path: Path) -> None:
    content = path.read_bytes()
    path.with_suffix(".csv.gz").write_bytes(gzip.compress(content[:100]) + gzip.compress(content[100:]))
    path.unlink()


def _windows(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _unterminated(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def _all_quoted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    quoted = [",".join(f'"{field}"' for field in line.split(",")) for line in lines]
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8")


def _parquet(path: Path) -> None:
    pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
    path.unlink()


def _typed_parquet(path: Path) -> None:
    frame = pl.read_csv(path, infer_schema=False)
    for name in ("amount", "approved", "adjusted", "total_investment", "planned_cumulative"):
        if name in frame.columns:
            frame = frame.with_columns(pl.col(name).cast(pl.Decimal(18, 2)))
    for name in ("paid_on", "starts_on", "planned_end", "ended_on", "signed_on", "ends_on", "issued_on"):
        if name in frame.columns:
            frame = frame.with_columns(pl.col(name).str.to_date("%Y-%m-%d"))
    for name in ("fiscal_year", "population"):
        if name in frame.columns:
            frame = frame.with_columns(pl.col(name).cast(pl.Int32))
    for name in ("lon", "lat", "target", "actual", "progress"):
        if name in frame.columns:
            frame = frame.with_columns(pl.col(name).cast(pl.Float64))
    if "payee_kind" in frame.columns:
        frame = frame.with_columns(pl.col("payee_kind").cast(pl.Categorical))
    frame.write_parquet(path.with_suffix(".parquet"))
    path.unlink()


@pytest.mark.parametrize(
    "rewrite",
    [_gzip, _two_gzip_members, _zstd, _windows, _unterminated, _all_quoted, _parquet, _typed_parquet],
)
def test_the_same_rows_in_another_container_have_the_same_digest(
    tmp_path: Path, rewrite: Callable[[Path], None]
) -> None:
    plain = read_package(write_package(tmp_path / "plain"), workdir=tmp_path / "work")
    source = write_package(tmp_path / "other")
    for path in sorted(source.iterdir()):
        rewrite(path)
    other = read_package(source, workdir=tmp_path / "work")
    assert other.digest == plain.digest
    assert other.report.violations == ()


def test_damaged_compressed_files_are_refused(tmp_path: Path) -> None:
    for number, content in enumerate(
        (b"not gzip", gzip.compress(b"a,b\n" * 1000)[:-9], gzip.compress(b"a,b\n")[:4] + b"\0" * 40)
    ):
        source = write_package(tmp_path / f"source{number}")
        (source / "payments.csv").unlink()
        (source / "payments.csv.gz").write_bytes(content)
        with pytest.raises(PackageRefused) as caught:
            read_package(source, workdir=tmp_path / "work")
        assert "compression_damaged" in {count.rule for count in caught.value.report.counts}


PARQUET_FAULTS = [
    (pl.col("amount").cast(pl.Float64), "money_is_float", "amount"),
    (
        pl.col("amount").cast(pl.Decimal(20, 3)) + pl.lit("0.001").cast(pl.Decimal(20, 3)),
        "money_three_decimals",
        "amount",
    ),
    (pl.lit("2025-01-01 10:00").str.to_datetime("%Y-%m-%d %H:%M").alias("paid_on"), "type_wrong", "paid_on"),
    (pl.lit(7).alias("line_id"), "type_wrong", "line_id"),
    (pl.lit(value=True).alias("purpose"), "type_wrong", "purpose"),
    (pl.lit([1]).alias("purpose"), "type_wrong", "purpose"),
    (pl.lit(None).alias("payee_name"), "value_missing", "payee_name"),
]


@pytest.mark.parametrize("case", PARQUET_FAULTS, ids=lambda case: f"{case[1]}-{case[2]}")
def test_a_parquet_column_of_the_wrong_type_is_refused(
    tmp_path: Path, case: tuple[pl.Expr, str, str]
) -> None:
    change, rule, column = case
    source = write_package(tmp_path / "source")
    path = source / "payments.csv"
    pl.read_csv(path, infer_schema=False).with_columns(change).write_parquet(path.with_suffix(".parquet"))
    path.unlink()
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    found = caught.value.report.of_rule(rule)
    assert (found[0].file, found[0].row, found[0].column) == ("payments.parquet", 2, column)


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    for number, content in enumerate((b"", b"PAR1", b"PAR1" + b"\x15" * 200 + b"PAR1", b"a,b\n1,2\n")):
        source = write_package(tmp_path / f"source{number}")
        (source / "payments.csv").unlink()
        (source / "payments.parquet").write_bytes(content)
        with pytest.raises(PackageRefused) as caught:
            read_package(source, workdir=tmp_path / "work")
        assert caught.value.report.violations[0].file == "payments.parquet"


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    rows = valid_package()["payments"]
    reordered = [{name: row[name] for name in reversed(columns("payments"))} for row in rows]
    header = list(reversed(columns("payments")))
    lines = [",".join(header), *(",".join(row[name] for name in header) for row in reordered)]
    (source / "payments.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plain = read_package(write_package(tmp_path / "plain"), workdir=tmp_path / "work")
    assert read_package(source, workdir=tmp_path / "work").digest == plain.digest
    assert csv_text("payments", rows).splitlines()[0] != lines[0]


@pytest.mark.parametrize("table", ["regions", "plans", "suppliers"])
def test_a_table_without_any_known_column_is_refused(tmp_path: Path, table: str) -> None:
    source = write_package(tmp_path / "source")
    (source / f"{table}.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    missing = {found.column for found in caught.value.report.of_rule("column_missing")}
    assert missing == set(columns(table))
