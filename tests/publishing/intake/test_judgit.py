"""The example mapping for Japan's review sheets, on invented sheets of the same shape; and of a year it never saw."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from publishing.intake import SourcePackage, read_package
from publishing.intake.mapping import ImportReport, import_files, read_mapping

MAPPING = Path(__file__).parents[3] / "examples" / "judgit" / "mapping.toml"


def _payee(group: str, number: int, name: str, amount: Any, corporate: str | None = None) -> dict[str, Any]:
    return {
        "年度": 2019,
        "グループ": group,
        "番号": number,
        "支出先名": name,
        "法人番号": corporate,
        "業務概要": "調査業務",
        "支出額": amount,
    }


def _sheet(number: str = "0001", **changes: Any) -> dict[str, Any]:
    sheet: dict[str, Any] = {
        "ID": 1,
        "公開年度": 2020,
        "事業名": "架空の調査に必要な経費",
        "開始年度": 2013,
        "終了年度": None,
        "府省庁": "架空省",
        "事業番号": number,
        "担当部局庁": "総合局",
        "担当課室": "企画課\n調査室",
        "会計区分": ["一般会計"],
        "事業目的": "　架空の目的。",
        "事業概要": "架空の概要。",
        "主要施策": ["その他"],
        "予算": [
            {"年度": 2018, "当初予算": 100.0, "予算計": 110.0, "執行額": 105.5},
            {"年度": 2019, "当初予算": 100.1, "予算計": 1342.5210000000002, "執行額": 1164.3},
            {"年度": 2020, "当初予算": 90.0, "予算計": 90.0},
            {"年度": 2021, "要求額": 95.0},
        ],
        "支出先": [
            _payee("A", 1, "架空通信株式会社", 600.0, "1000000000001"),
            _payee("A", 2, "架空県", 300.0),
            _payee("A", 3, "個人A", 200.0),
            _payee("A", 4, "山川一郎", 50.0),
            _payee("B", 1, "架空大学", 400.0),
            _payee("B", 2, "架空通信株式会社", 1.0, "1000000000001"),
        ],
        "アウトカム": [
            {
                "成果目標": "増やす",
                "成果指標": "参加者数",
                "単位": "人",
                "目標値": "50",
                "目標最終年度": 2022,
                "成果実績": [
                    {"年度": 2018, "成果実績": 30.0, "目標値": 25.0},
                    {"年度": 2019, "成果実績": None, "目標値": 35.5},
                    {"年度": 2020, "成果実績": 31.0, "目標値": None},
                ],
            },
            {
                "成果目標": "増やす",
                "成果指標": "参加者数",
                "単位": "％",
                "成果実績": [{"年度": 2018, "成果実績": 1, "目標値": 2}],
            },
        ],
        "アウトプット": [
            {
                "活動指標": "説明会の件数",
                "単位": "",
                "活動実績": [{"年度": 2019, "活動実績": 12.0, "当初見込み": 10}],
            }
        ],
    }
    return sheet | changes


def _import(folder: Path, sheets: list[dict[str, Any]]) -> tuple[SourcePackage, ImportReport]:
    file = folder / "review_sheets.ndjson.gz"
    lines = "\n".join(json.dumps(sheet, ensure_ascii=False) for sheet in sheets)
    file.write_bytes(gzip.compress(lines.encode()))
    report = import_files(read_mapping(MAPPING), [file], folder / "out")
    return read_package(folder / "out", workdir=folder / "work"), report


@pytest.fixture
def imported(tmp_path: Path) -> tuple[SourcePackage, ImportReport]:
    return _import(tmp_path, [_sheet()])


def test_payments_of_a_line_sum_to_what_was_executed(imported: tuple[SourcePackage, ImportReport]) -> None:
    package, _ = imported
    assert package.control_totals["payments", "amount", 2018] == 10_550_000_000
    assert package.control_totals["payments", "amount", 2019] == 116_430_000_000
    assert package.control_totals["budget_lines", "adjusted", 2019] == 134_252_100_000
    assert ("payments", "amount", 2020) not in package.control_totals


def test_payees_are_taken_as_far_as_they_fit_into_what_was_executed(
    imported: tuple[SourcePackage, ImportReport], tmp_path: Path
) -> None:
    package, report = imported
    rows = pl.read_csv(tmp_path / "out" / "payments.csv", infer_schema=False)
    paid = rows.select("payee_name", "payee_kind", "amount", "paid_on").rows()
    assert paid == [
        ("支出先の記載なし（執行額）", "public_body", "105500000.00", "2019-03-31"),
        ("架空通信株式会社", "company", "600000000.00", "2020-03-31"),
        ("架空県", "public_body", "300000000.00", "2020-03-31"),
        ("個人A", "individual", "200000000.00", "2020-03-31"),
        ("山川一郎", "individual", "50000000.00", "2020-03-31"),
        ("その他の支出先（執行額の残り）", "public_body", "14300000.00", "2020-03-31"),
    ]
    suppliers = pl.read_parquet(package.tables["suppliers"]).select("name", "kind").rows()
    assert sorted(suppliers) == [("架空県", "public_body"), ("架空通信株式会社", "company")]
    assert ("spent", "parts beyond 執行額", 2) in [entry[:3] for entry in report.left_out]


def test_a_last_payee_that_exceeds_by_rounding_takes_what_is_left(tmp_path: Path) -> None:
    sheet = _sheet(支出先=[_payee("A", 1, "架空通信株式会社", 1170.0, "1000000000001")])
    _import(tmp_path, [sheet])
    rows = pl.read_csv(tmp_path / "out" / "payments.csv", infer_schema=False)
    assert rows.filter(pl.col("paid_on") == "2020-03-31")["amount"].to_list() == ["1164300000.00"]


def test_organisations_stand_in_three_levels(imported: tuple[SourcePackage, ImportReport]) -> None:
    package, _ = imported
    units = pl.read_parquet(package.tables["organisations"])
    parents = dict(units.select("org_id", "parent_org_id").iter_rows())
    names = dict(units.select("org_id", "name").iter_rows())
    lowest = pl.read_parquet(package.tables["projects"])["org_id"][0]
    above = parents[lowest]
    assert [names[lowest], names[above], names[parents[above]]] == ["企画課 調査室", "総合局", "架空省"]


def test_indicators_have_a_target_and_repeated_names_are_told_apart(
    imported: tuple[SourcePackage, ImportReport],
) -> None:
    package, _ = imported
    rows = pl.read_parquet(package.tables["indicators"]).select(
        "indicator", "unit", "fiscal_year", "target", "actual"
    )
    assert rows.rows() == [
        ("参加者数", "人", 2018, 25.0, 30.0),
        ("参加者数", "人", 2019, 35.5, None),
        ("参加者数", "人", 2022, 50.0, None),
        ("参加者数（2）", "％", 2018, 2.0, 1.0),
        ("説明会の件数", "単位の記載なし", 2019, 10.0, 12.0),
    ]


def test_the_package_says_whose_it_is_and_in_which_money(
    imported: tuple[SourcePackage, ImportReport],
) -> None:
    package, _ = imported
    assert package.meta.currency == "JPY"
    assert "CC BY 4.0" in package.meta.attribution
    assert package.meta.fiscal_year_first_month == 4
    assert not package.report.of_rule("payment_outside_year")


def test_a_year_that_was_never_seen_is_taken_too(tmp_path: Path) -> None:
    bare = {"府省庁": "架空庁", "事業名": "名前だけの事業", "公開年度": 2030}
    texts = _sheet(
        "新-0002",
        開始年度="平成10年度以前",
        終了年度="2018年度",
        担当部局庁=None,
        会計区分=["新しい特別会計"],
        主要施策=["まだ知らない施策", "その他"],
        予算=[
            {"年度": "2019", "当初予算": "1,000.5", "予算計": "△3", "執行額": "1000.4999999"},
            {"年度": 2018, "執行額": 0},
            {"年度": "令和2年度", "当初予算": None, "予算計": "－", "執行額": None, "新しい欄": 1},
        ],
        支出先=[_payee("A", 1, "架空の会", "10.25"), {"年度": 2019}, _payee("A", 3, "架空協会", -5, "-")],
        アウトカム=[
            {"成果指標": None, "成果目標": None, "目標値": "精査中", "目標最終年度": 4043, "成果実績": None},
            {
                "成果指標": "率",
                "目標値": "90",
                "目標最終年度": "2025",
                "成果実績": [{"年度": 2018, "目標値": "80%"}],
            },
        ],
        アウトプット=None,
    )
    ended = _sheet("0003", 開始年度=2030, 終了年度=2016, 会計区分=None, 主要施策=[], 支出先=None)
    package, report = _import(tmp_path, [bare, texts, ended])
    assert package.report.error_count == 0
    assert package.row_counts["projects"] == 3
    assert report.changes.numbered == {"themes": {"まだ知らない施策": "950"}}
    lines = pl.read_parquet(package.tables["budget_lines"])
    assert lines.filter(pl.col("approved_fen") == 100_050_000_000)["fund_source"].to_list() == ["fund"]
    assert lines["adjusted_fen"].min() == 0
    payments = pl.read_csv(tmp_path / "out" / "payments.csv", infer_schema=False)
    kinds = dict(payments.select("payee_name", "payee_kind").iter_rows())
    assert kinds["架空の会"] == "individual"
    assert ("予算[].新しい欄") in [name for _, name, _ in report.unused_fields]
