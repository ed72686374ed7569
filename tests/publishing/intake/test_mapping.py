"""Foreign files by a mapping: formats, units, dates, keys, filters, and an account of what was left out."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from publishing.cli.import_ import import_
from publishing.errors import MappingError
from publishing.intake import read_package
from publishing.intake.mapping import ImportReport, import_files, read_mapping
from publishing.intake.mapping.amounts import UNITS, read_number, rounded, scaled
from publishing.intake.mapping.dates import date_reader
from publishing.intake.mapping.expressions import Names, parse_expression
from publishing.intake.mapping.records import Record

MAPPING = """
[package]
title = "乡镇支付台账"

[lists]
company_words = ["公司", "厂"]

[map.functions]
number_from = 300
values = { "教育" = "205" }

[[source]]
name = "ledger"
files = "ledger*"
SOURCE

[[table]]
name = "regions"
from = "ledger"
distinct = true
[table.columns]
region_code = { value = "990000" }
name = { value = "云岭省" }
level = { value = "province" }
lon = { value = 110.5 }
lat = { value = 25 }

[[table]]
name = "organisations"
from = "ledger"
distinct = true
[table.columns]
org_id = { key = ["单位"], hash = 8, prefix = "U" }
name = "单位"
region_code = { value = "990000" }
sector = { value = "教育" }

[[table]]
name = "functions"
from = "ledger"
distinct = true
[table.columns]
function_code = { field = "科目", map = "functions" }
name = "科目"

[[table]]
name = "economics"
from = "ledger"
distinct = true
[table.columns]
economic_code = { value = "599" }
name = { value = "其他支出" }

[[table]]
name = "projects"
from = "ledger"
distinct = true
[table.columns]
project_id = { key = ["单位", "项目"], hash = 8, prefix = "P" }
name = "项目"
region_code = { value = "990000" }
org_id = { key = ["单位"], hash = 8, prefix = "U" }
function_code = { field = "科目", map = "functions" }
status = { value = "under_way" }
starts_on = { value = "2024", date = "fiscal_year_start" }
planned_end = { value = "2024", date = "fiscal_year_end" }
total_investment = { value = 0 }
description = { fields = ["项目", "单位"], join = "，" }
livelihood = { value = false }
secrecy = { value = "public" }

[[table]]
name = "budget_lines"
from = "ledger"
distinct = true
[table.columns]
line_id = { key = ["单位", "项目", "科目"], hash = 8, prefix = "L" }
fiscal_year = { value = 2024 }
org_id = { key = ["单位"], hash = 8, prefix = "U" }
project_id = { key = ["单位", "项目"], hash = 8, prefix = "P" }
function_code = { field = "科目", map = "functions" }
economic_code = { value = "599" }
fund_source = { value = "general" }
approved = { value = 1000, unit = "万元" }
adjusted = { value = 1000, unit = "万元" }

[[table]]
name = "payments"
from = "ledger"
drop = '状态 == "作废"'
[table.columns]
payment_id = { key = ["凭证号", "_row"] }
paid_on = { field = "日期", date = ["roc", "iso", "chinese", "%d/%m/%Y", "excel"] }
line_id = { key = ["单位", "项目", "科目"], hash = 8, prefix = "L" }
org_id = { key = ["单位"], hash = 8, prefix = "U" }
payee_name = { field = "收款人", default = "未提供" }
payee_account = { value = "未提供" }
amount = { field = "金额", unit = "千元" }
purpose = { fields = ["用途", "项目"], clip = 20 }
[table.columns.payee_kind]
cases = [{ when = "收款人 contains any @company_words", value = "company" }]
value = "individual"
"""

HEADER = ["凭证号", "单位", "项目", "科目", "日期", "金额", "收款人", "用途", "状态", "备注"]
ROWS = [
    [
        "A1",
        "东湖小学",
        "校舍修缮",
        "教育",
        "民國113年5月1日",
        "1,234.5674",
        "云岭建工公司",
        "工程款",
        "",
        "x",
    ],
    ["A1", "东湖小学", "校舍修缮", "教育", "113/05/02", "0.0005", "张晓明", "奖励", "有效", ""],
    ["A2", "东湖小学", "校舍修缮", "教育", "2024-05-03", "5", "李明", "", "", ""],
    ["A3", "明州水务所", "管网", "供水", "2024年5月4日", "△2", "云岭水管厂", "退款", "作废", ""],
    ["A4", "明州水务所", "管网", "供水", "04/05/2024", "３", "云岭水管厂", "材料", "", ""],
    ["A5", "明州水务所", "管网", "供水", "某日", "3", "云岭水管厂", "材料", "", ""],
    ["A6", "明州水务所", "管网", "供水", "2024-05-06", "-", "云岭水管厂", "材料", "", ""],
]


def _mapping(folder: Path, source: str = "") -> Path:
    path = folder / "mapping.toml"
    path.write_text(MAPPING.replace("SOURCE", source), encoding="utf-8")
    return path


def _csv(rows: list[list[str]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def _import(folder: Path, file: Path, source: str = "") -> ImportReport:
    return import_files(read_mapping(_mapping(folder, source)), [file], folder / "out")


def _payments(folder: Path) -> list[tuple[str, str, str, str]]:
    frame = pl.read_csv(folder / "out" / "payments.csv", infer_schema=False)
    return frame.select("payment_id", "paid_on", "amount", "payee_kind").rows()


EXPECTED = [
    ("A1-2", "2024-05-01", "1234567.40", "company"),
    ("A1-3", "2024-05-02", "0.50", "individual"),
    ("A2-4", "2024-05-03", "5000.00", "individual"),
    ("A4-6", "2024-05-04", "3000.00", "company"),
]


def _write_csv(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.csv"
    path.write_text(_csv([HEADER, *ROWS]), encoding="utf-8")
    return path, ""


def _write_gbk_with_title_rows(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.csv"
    path.write_bytes(_csv([["2024年支付台账"], ["单位：千元"], HEADER, *ROWS]).encode("gbk"))
    return path, "skip_rows = 2"


def _write_utf16(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.txt"
    path.write_bytes(_csv([HEADER, *ROWS]).encode("utf-16-le"))
    return path, 'encoding = "utf-16-le"'


def _write_semicolons_gzip(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.csv.gz"
    text = "".join(";".join(row) + "\r\n" for row in [HEADER, *ROWS])
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")))
    return path, 'delimiter = ";"'


def _write_ndjson(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.ndjson"
    lines = ["{}"] + [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS]
    path.write_text("\n".join(lines[1:]), encoding="utf-8")
    return path, ""


def _write_nested_json(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.json"
    rows = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    path.write_text(json.dumps({"result": {"rows": rows}}, ensure_ascii=False), encoding="utf-8")
    return path, 'records = "result.rows"'


def _write_parquet(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.parquet"
    pl.DataFrame(ROWS, schema=HEADER, orient="row").write_parquet(path)
    return path, ""


def _write_xlsx(folder: Path) -> tuple[Path, str]:
    path = folder / "ledger.xlsx"
    book = openpyxl.Workbook()
    book.create_sheet("台账")
    sheet = book["台账"]
    sheet.append(["2024年支付台账"])
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(row)
    book.save(path)
    return path, 'sheet = "台账"\nskip_rows = 1'


WRITERS = [
    _write_csv,
    _write_gbk_with_title_rows,
    _write_utf16,
    _write_semicolons_gzip,
    _write_ndjson,
    _write_nested_json,
    _write_parquet,
    _write_xlsx,
]


@pytest.mark.parametrize("write", WRITERS)
def test_every_format_gives_the_same_payments(tmp_path: Path, write: object) -> None:
    assert callable(write)
    file, source = write(tmp_path)
    _import(tmp_path, file, source)
    rows = [(identifier.split("-")[0], *rest) for identifier, *rest in _payments(tmp_path)]
    assert rows == [(identifier.split("-")[0], *rest) for identifier, *rest in EXPECTED]


def test_the_package_that_comes_out_is_valid(tmp_path: Path) -> None:
    file, source = _write_csv(tmp_path)
    _import(tmp_path, file, source)
    package = read_package(tmp_path / "out", workdir=tmp_path / "work")
    assert package.report.error_count == 0
    assert package.control_totals["payments", "amount", 2024] == 123_456_740 + 50 + 500_000 + 300_000
    assert package.meta.title == "乡镇支付台账"
    assert package.row_counts == {
        "regions": 1, "region_groups": 0, "organisations": 2, "functions": 2, "economics": 1, "policies": 0, "suppliers": 0,
        "projects": 2, "budget_lines": 2, "plans": 0, "contracts": 0, "payments": 4, "indicators": 0, "milestones": 0,
    }  # fmt: skip


def test_what_was_left_out_is_told_with_reasons_counts_and_places(tmp_path: Path) -> None:
    file, source = _write_csv(tmp_path)
    report = _import(tmp_path, file, source)
    assert [(place, reason, count) for place, reason, count, _ in report.left_out] == [
        ("payments", "amount is empty, row left out", 1),
        ("payments", 'dropped: 状态 == "作废"', 1),
        ("payments", "paid_on cannot be read, row left out", 1),
    ]
    assert report.left_out[2][3] == ("'某日' (ledger.csv, row 7)",)
    assert report.unused_fields == (("ledger", "备注", 7),)
    assert report.changes.numbered == {"functions": {"供水": "300"}}


def test_amounts_are_exact_and_roundings_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "ledger.ndjson"
    row = dict(zip(HEADER, ROWS[0], strict=True))
    amounts = ["1342.5210000000002", "0.1", "1e3", "0.000005", "0.000015", "123456789012.34567"]
    lines = [json.dumps(row, ensure_ascii=False).replace('"1,234.5674"', amount) for amount in amounts]
    path.write_text("\n".join(lines), encoding="utf-8")
    report = _import(tmp_path, path)
    assert [amount for _, _, amount, _ in _payments(tmp_path)] == [
        "1342521.00",
        "100.00",
        "1000000.00",
        "0.00",
        "0.02",
        "123456789012345.67",
    ]
    assert report.changes.roundings == {"amount": 3}


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6),
    st.sampled_from(sorted(UNITS)),
)
def test_units_multiply_exactly(number: Decimal, unit: str) -> None:
    read = read_number(str(number))
    assert read is not None
    assert scaled(read, UNITS[unit]) == number * UNITS[unit]
    assert abs(rounded(read, 2) - number) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234,567.8", "1234567.8"),
        ("１，２３４", "1234"),
        ("△1,000", "-1000"),
        ("▲5", "-5"),
        ("(12.5)", "-12.5"),
        ("¥3", "3"),
        ("-¥3", "-3"),
        ("−7", "-7"),
        (" 8 ", "8"),
        ("1e2", "100"),
        ("1,23", None),
        ("十二", None),
        ("1.2.3", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999", None),
        ("0x10", None),
        (True, None),
        (None, None),
        (0.1, "0.1"),
    ],
)
def test_numbers_of_foreign_files(text: object, number: str | None) -> None:
    assert read_number(text) == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("roc", "民國113年5月1日", "2024-05-01"),
        ("roc", "中華民國 113 年 12 月 31 日", "2024-12-31"),
        ("roc", "113/05/01", "2024-05-01"),
        ("roc", "99.1.2", "2010-01-02"),
        ("roc", "1130501", "2024-05-01"),
        ("roc", "990501", "2010-05-01"),
        ("roc", "113/02/30", None),
        ("roc", "2024/05/01", None),
        ("roc_month", "民國113年5月", "2024-05-01"),
        ("roc_year", "113", "2024-01-01"),
        ("roc_year", "民國113年度", "2024-01-01"),
        ("roc_year", "2024", None),
        ("chinese", "2024年5月1日", "2024-05-01"),
        ("chinese", "2024.5.1", "2024-05-01"),
        ("japanese", "令和元年5月1日", "2019-05-01"),
        ("japanese", "H31.4.30", "2019-04-30"),
        ("japanese", "昭和64年1月7日", "1989-01-07"),
        ("excel", "45413", "2024-05-01"),
        ("iso", "2024-05-01 00:00:00", "2024-05-01"),
        ("%Y%m%d", "20240501", "2024-05-01"),
        ("%Y%m%d", "20240532", None),
        ("fiscal_year_end", 2019, "2020-03-31"),
        ("fiscal_year_start", "令和元年度", "2019-04-01"),
        ("fiscal_year_start", "平成30年度", "2018-04-01"),
        ("fiscal_year_start", "4043", None),
        ("fiscal_year_start", "不明", None),
    ],
)
def test_dates_of_foreign_files(form: str, text: object, day: str | None) -> None:
    reader = date_reader(form, 4)
    assert reader is not None
    read = reader(text)
    assert (None if read is None else read.isoformat()) == day


RECORD = Record(
    {"甲": "12", "乙": None, "名": "云岭公司", "类": ["一", "二"], "a b": "x"},
    "f",
    1,
    Record({"上": 3}, "f", 1),
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("甲 > 9", True),
        ("甲 == 12", True),
        ('甲 == "12"', True),
        ("甲 != 12", False),
        ("甲 <= 11.5", False),
        ("乙 is null", True),
        ("乙 > 0 or not 乙 > 0", True),
        ("乙 > 0", False),
        ("名 contains '公司' and 甲 >= 12", True),
        ("not (名 contains '公司' or 甲 >= 12)", False),
        ("名 not contains '县'", True),
        ("名 contains any @words", True),
        ("名 ends with '公司'", True),
        ("名 starts with '公司'", False),
        ("甲 in [1, 12]", True),
        ("类 contains '二'", True),
        ("../上 == 3", True),
        ("../../上 == 3", False),
        ("`a b` == 'x'", True),
        ("$named and 甲 == 12", True),
    ],
)
def test_expressions(text: str, holds: object) -> None:
    names = Names({"words": ("厂", "公司")}, {"named": parse_expression("名 is not null", Names())})
    assert parse_expression(text, names).holds(RECORD) is holds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "甲",
        "甲 ==",
        "甲 == 1 2",
        "(甲 == 1",
        "甲 contains any @absent",
        "__import__('os').system('x')",
        "$absent",
        "甲 = 1",
        "(" * 80,
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="expression"):
        parse_expression(text, Names())


BROKEN_MAPPINGS = [
    ("[package]\ntitle = 7\n", "title"),
    ("[package]\ntitel = 'x'\n", "titel"),
    ("[[source]]\nname = 'a'\nencoding = 'klingon'\n[[table]]\n", "klingon"),
    ("[[source]]\nname = 'a'\nformat = 'pdf'\n[[table]]\n", "format"),
    ("[[source]]\nname = 'a'\n[[table]]\nname = 'payment'\nfrom = 'a'\ncolumns = {}\n", "payment"),
    (
        "[[source]]\nname = 'a'\n[[table]]\nname = 'functions'\nfrom = 'b'\n[table.columns]\nfunction_code = 'x'\nname = 'y'\n",
        "from",
    ),
    (
        "[[source]]\nname = 'a'\n[[table]]\nname = 'functions'\nfrom = 'a'\n[table.columns]\nname = 'y'\n",
        "function_code",
    ),
    (
        "[[source]]\nname = 'a'\n[[table]]\nname = 'functions'\nfrom = 'a'\n[table.columns]\nfunction_code = {feild = 'x'}\nname = 'y'\n",
        "feild",
    ),
    (
        "[[source]]\nname = 'a'\n[[table]]\nname = 'functions'\nfrom = 'a'\n[table.columns]\ncode = 'x'\n",
        "code",
    ),
    ("not toml", "TOML"),
    ("", "source"),
]


@pytest.mark.parametrize("case", BROKEN_MAPPINGS, ids=lambda case: case[1])
def test_a_mapping_that_cannot_be_used_names_the_place(tmp_path: Path, case: tuple[str, str]) -> None:
    content, word = case
    path = tmp_path / "mapping.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MappingError, match=word):
        read_mapping(path)


MANY_MISTAKES = """
[package]
titel = "x"
decimals = 5
[lists]
words = "公司"
[conditions]
strange = "甲 =="
[map.codes]
valeus = {}
[[source]]
name = "a"
format = "pdf"
[[records]]
name = "r"
from = "z"
[[table]]
name = "functions"
from = "b"
keep = "$strange and x in @words"
[table.columns]
function_code = { feild = "x", map = "codes" }
name = { field = "y", clip = "long" }
colour = "z"
[[table]]
name = "economics"
from = "r"
[table.columns]
economic_code = { field = "x", date = "lunar" }
[[table]]
name = "payment"
from = "a"
"""


def test_everything_wrong_in_a_mapping_is_told_in_one_run_and_nothing_that_only_follows(
    tmp_path: Path,
) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(MANY_MISTAKES, encoding="utf-8")
    with pytest.raises(MappingError) as told:
        read_mapping(path)
    lines = str(told.value).splitlines()
    expected = (
        "[package]: fiscal_year_first_month is 1 to 12, decimals 0 to 2",
        "[package]: unknown: titel",
        "[lists] words: a list of texts is needed",
        "expression '甲 =='",
        "[map.codes]: unknown: valeus",
        "[[source]] 1: format is one of",
        "[[records]] 1: from = 'z'",
        "[[table]] 1 (functions) function_code: unknown: feild",
        "[[table]] 1 (functions) function_code: nothing says where the value comes from",
        "[[table]] 1 (functions) name: clip = 'long' has the wrong type",
        "[[table]] 1 (functions): functions has no column 'colour'",
        "[[table]] 1 (functions): from = 'b'",
        "[[table]] 2 (economics) economic_code: unknown form of date 'lunar'",
        "[[table]] 2 (economics): nothing says how to fill name",
        "[[table]] 3: there is no table 'payment'",
    )
    assert [line for line, start in zip(lines, expected, strict=True) if not line.startswith(start)] == []


def test_a_failed_import_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.ndjson"
    path.write_text(json.dumps(dict(zip(HEADER, ROWS[0], strict=True))) + "\n{broken\n", encoding="utf-8")
    mapping = _mapping(tmp_path)
    result = CliRunner().invoke(
        import_, ["--mapping", str(mapping), str(path), "--out", str(tmp_path / "out"), "--json"]
    )
    assert result.exit_code == 1
    assert "ledger.ndjson, row 2" in json.loads(result.stdout)["message"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["ledger.ndjson", "mapping.toml"]


def test_a_required_field_that_no_record_has_is_refused_with_the_fields_there_are(tmp_path: Path) -> None:
    file, _ = _write_csv(tmp_path)
    mapping = _mapping(tmp_path)
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('"金额"', '"金額"'), encoding="utf-8")
    with pytest.raises(
        MappingError, match="payments, column amount: no record of source 'ledger' has 金額"
    ) as caught:
        import_files(read_mapping(mapping), [file], tmp_path / "out")
    assert "收款人, 日期" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_required_tables_without_a_row_are_named(tmp_path: Path) -> None:
    file, _ = _write_csv(tmp_path)
    mapping = _mapping(tmp_path)
    text = mapping.read_text(encoding="utf-8")
    start = text.index('[[table]]\nname = "economics"')
    mapping.write_text(text[:start] + text[text.index("[[table]]", start + 1) :], encoding="utf-8")
    result = CliRunner().invoke(
        import_, ["--mapping", str(mapping), str(file), "--out", str(tmp_path / "out")]
    )
    assert "required tables without rows: economics" in result.stdout


def test_import_never_writes_over_a_package(tmp_path: Path) -> None:
    file, _ = _write_csv(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    result = CliRunner().invoke(
        import_, ["--mapping", str(_mapping(tmp_path)), str(file), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 1
    assert [item.name for item in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_import_tells_what_it_did(tmp_path: Path) -> None:
    file, _ = _write_csv(tmp_path)
    result = CliRunner().invoke(
        import_, ["--mapping", str(_mapping(tmp_path)), str(file), "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 0
    assert "备注" in result.stdout
    assert "sunshine check" in result.stdout


def test_a_file_in_another_encoding_than_the_mapping_says_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(_csv([HEADER]).encode() + "东湖".encode("gbk") + b"\n")
    with pytest.raises(MappingError, match="line 2"):
        _import(tmp_path, path, 'encoding = "utf-8"')


def test_formulas_in_a_spreadsheet_come_as_values_or_empty(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append([*ROWS[0][:5], "=1+1", *ROWS[0][6:]])
    book.save(path)
    _import(tmp_path, path)
    assert "=1+1" not in (tmp_path / "out" / "payments.csv").read_text(encoding="utf-8")


def _zip(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def _lying_zip(path: Path) -> Path:
    """An archive that declares a small size for a large entry."""
    _zip(path, {"xl/worksheets/sheet1.xml": b"<a>" + b" " * (64 << 20)})
    content = path.read_bytes()
    honest = (3 + (64 << 20)).to_bytes(4, "little")
    path.write_bytes(content.replace(honest, (1000).to_bytes(4, "little")))
    return path


@pytest.mark.parametrize("kind", ["bomb", "lying", "entities", "many", "no zip"])
def test_a_hostile_spreadsheet_is_refused_before_it_is_parsed(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ledger.xlsx"
    if kind == "bomb":
        _zip(path, {"xl/worksheets/sheet1.xml": b"<row><c><v>1</v></c></row>" * 4_000_000})
    elif kind == "lying":
        _lying_zip(path)
    elif kind == "entities":
        _zip(
            path,
            {
                "xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
            },
        )
    elif kind == "many":
        _zip(path, {f"x{number}": b"" for number in range(6_000)})
    else:
        path.write_bytes(b"PK nothing")
    script = (
        "import resource, sys\nfrom pathlib import Path\nfrom publishing.errors import MappingError\n"
        "from publishing.intake.mapping import import_files, read_mapping\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try:\n    import_files(read_mapping(Path(sys.argv[1])), [Path(sys.argv[2])], Path(sys.argv[3]))\n"
        "except MappingError:\n    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    arguments = [str(_mapping(tmp_path)), str(path), str(tmp_path / "out")]
    child = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(child.stdout) < 100_000
    assert not (tmp_path / "out").exists()
