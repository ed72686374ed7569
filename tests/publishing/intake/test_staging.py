"""The staged files: what the rest of the program groups by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from publishing.intake import limits, read_package
from publishing.intake.payments import STAGED_PAYMENTS
from tests.publishing.intake.packages import valid_package, write_package


def test_payments_are_coded_by_position_and_hold_no_personal_columns(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    staged = pl.read_parquet(package.tables["payments"])
    assert staged.schema == pl.Schema(STAGED_PAYMENTS)
    assert staged.select(
        "payment_id", "paid_on", "line_ix", "project_ix", "contract_ix", "supplier_ix"
    ).rows() == [
        ("F0001", date(2025, 3, 15), 0, 0, 0, 0),
        ("F0002", date(2025, 4, 15), 0, 0, 0, 0),
        ("F0003", date(2025, 5, 6), 1, None, None, None),
        ("F0004", date(2025, 5, 20), 0, 0, 0, 0),
    ]
    assert staged.get_column("org_ix").to_list() == [1, 1, 1, 1]
    assert staged.get_column("payee_kind").to_list() == [0, 0, 3, 0]
    assert staged.get_column("amount_fen").to_list() == [50_000_000, 25_000_010, 120_000, -10_010]
    content = b"".join(path.read_bytes() for name, path in package.tables.items() if name != "person_names")
    for personal in ("张晓明", "110101199003077774", "62220002"):
        assert personal.encode() not in content


def test_names_of_natural_persons_go_to_a_file_of_their_own(tmp_path: Path) -> None:
    rows = valid_package()
    again = rows["payments"][2] | {"payment_id": "F0009"}
    other = rows["payments"][2] | {"payment_id": "F0010", "payee_name": "李明"}
    rows["payments"] += [again, other]
    package = read_package(write_package(tmp_path / "source", rows), workdir=tmp_path / "work")
    assert pl.read_parquet(package.tables["person_names"]).get_column("name").to_list() == ["张晓明", "李明"]


def test_a_payee_is_the_supplier_else_the_id_number_else_account_and_name(tmp_path: Path) -> None:
    rows = valid_package()
    company, person = rows["payments"][0], rows["payments"][2]
    nameless = {"supplier_id": "", "payee_id_number": ""}
    rows["payments"] = [
        company,
        company | {"payee_account": "1", "payee_name": "曾用名"},
        person,
        person | {"payee_account": "2"},
        person | nameless,
        person | nameless | {"payee_account": "2"},
        person | nameless,
    ]
    for number, row in enumerate(rows["payments"]):
        row["payment_id"] = f"F{number}"
    rows["payments"] = [row | {"payment_id": f"F{number}"} for number, row in enumerate(rows["payments"])]
    package = read_package(write_package(tmp_path / "source", rows), workdir=tmp_path / "work")
    keys = pl.read_parquet(package.tables["payments"]).get_column("payee_key").to_list()
    assert keys[0] == keys[1]
    assert keys[2] == keys[3]
    assert keys[4] == keys[6]
    assert len(set(keys)) == 4


def test_other_tables_are_sorted_by_key_and_typed(tmp_path: Path) -> None:
    rows = {table: list(reversed(rows)) for table, rows in valid_package().items()}
    package = read_package(write_package(tmp_path / "source", rows), workdir=tmp_path / "work")
    plans = pl.read_parquet(package.tables["plans"])
    assert plans.rows() == [("L001", date(2025, 3, 1), 50_000_000), ("L001", date(2025, 6, 1), 150_000_050)]
    lines = pl.read_parquet(package.tables["budget_lines"])
    assert lines.get_column("line_id").to_list() == ["L001", "L002"]
    assert lines.schema["adjusted_fen"] == pl.Int64


def test_a_class_without_a_parent_gets_the_one_its_code_names(tmp_path: Path) -> None:
    rows = valid_package()
    rows["functions"][2]["parent_code"] = ""
    package = read_package(write_package(tmp_path / "source", rows), workdir=tmp_path / "work")
    functions = pl.read_parquet(package.tables["functions"])
    assert functions.get_column("parent_code").to_list() == [None, "205", "20502"]


def test_payments_go_through_in_batches_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = valid_package()
    rows["payments"] = [
        rows["payments"][0] | {"payment_id": f"F{number:05d}", "amount": "1.05"} for number in range(2_000)
    ]
    whole = read_package(write_package(tmp_path / "whole", rows), workdir=tmp_path / "work")
    monkeypatch.setattr(limits, "BLOCK", 10_000)
    parts = read_package(write_package(tmp_path / "parts", rows), workdir=tmp_path / "parts-work")
    assert parts.digest == whole.digest
    assert pl.read_parquet(parts.tables["payments"]).equals(pl.read_parquet(whole.tables["payments"]))
    assert parts.control_totals["payments", "amount", 2025] == 2_000 * 105


def test_the_source_is_not_touched_and_progress_is_told(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    seen: list[tuple[str, int]] = []
    read_package(source, workdir=tmp_path / "work", progress=lambda table, count: seen.append((table, count)))
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    assert ("payments", 4) in seen
