"""Reports: the first thousand in full, all of them in a rejects file, no personal value in either."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from publishing.cli.check import check
from publishing.intake import PackageRefused, read_package
from publishing.intake.rules import RULES, Severity
from tests.publishing.intake.packages import changed, valid_package, write_package


def _many_wrong(folder: Path) -> Path:
    package = valid_package()
    first = package["payments"][0]
    package["payments"] = [
        first | {"payment_id": f"F{number:05d}", "amount": "=1+1" if number % 2 else "abc"}
        for number in range(1_500)
    ]
    package["milestones"][0]["progress"] = "101"
    return write_package(folder / "source", package)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_first_thousand_are_shown_and_all_are_in_the_rejects(tmp_path: Path, ending: str) -> None:
    rejects = tmp_path / f"rejects.{ending}"
    with pytest.raises(PackageRefused) as caught:
        read_package(_many_wrong(tmp_path), workdir=tmp_path / "work", rejects=rejects)
    report = caught.value.report
    assert report.error_count == 1_501
    assert len(report.violations) == 1_000
    assert len(report.of_rule("out_of_range")) == 1
    if ending == "csv":
        with rejects.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        values = {row["value"] for row in rows if row["rule"] == "money_not_a_number"}
        assert values == {"abc", "'=1+1"}
    else:
        rows = pl.read_parquet(rejects).to_dicts()
    assert len(rows) == 1_501
    assert {row["file"] for row in rows} == {"payments.csv", "milestones.csv"}


def test_personal_values_are_masked(tmp_path: Path) -> None:
    secret = "张晓明\ufffd的账号"
    package = changed("payments", 2, payee_name=secret, payee_account=secret, purpose=secret)
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(PackageRefused) as caught:
        read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work", rejects=rejects)
    told = caught.value.report.to_text() + str(caught.value) + rejects.read_text(encoding="utf-8")
    assert "张***(7)" in told
    assert "张晓明" not in told


def test_values_cannot_move_the_cursor_of_a_terminal(tmp_path: Path) -> None:
    package = changed("payments", 0, contract_id="\u001b[2J\u0007C1")
    with pytest.raises(PackageRefused) as caught:
        read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work")
    assert "\u001b" not in caught.value.report.to_text()


def test_check_accepts_with_exit_status_0_and_the_digest(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    result = CliRunner().invoke(check, [str(source), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (told["accepted"], told["errors"]) == (True, 0)
    assert told["digest"].startswith("sha256:")
    assert told["rows"]["payments"] == 4


def test_check_refuses_with_exit_status_1_and_the_reasons(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source", changed("payments", 1, amount="1,2O0"))
    result = CliRunner().invoke(check, [str(source)])
    assert result.exit_code == 1
    assert "payments.csv, row 3, column amount: “1,2O0”" in result.stdout
    assert "money_not_a_number" in result.stdout
    told = json.loads(CliRunner().invoke(check, [str(source), "--json"]).stdout)
    assert [(v["file"], v["row"], v["column"], v["rule"]) for v in told["violations"]] == [
        ("payments.csv", 3, "amount", "money_not_a_number")
    ]


def test_check_writes_rejects_on_request(tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.parquet"
    result = CliRunner().invoke(check, [str(_many_wrong(tmp_path)), "--rejects", str(rejects)])
    assert result.exit_code == 1
    assert pl.read_parquet(rejects).height == 1_501


def test_check_used_wrongly_exits_with_2(tmp_path: Path) -> None:
    assert CliRunner().invoke(check, []).exit_code == 2
    nowhere = str(tmp_path / "absent" / "rejects.csv")
    assert CliRunner().invoke(check, [str(tmp_path), "--rejects", nowhere]).exit_code == 2
    text = CliRunner().invoke(check, [str(tmp_path), "--rejects", str(tmp_path / "rejects.txt")])
    assert text.exit_code == 2
    assert "rejects.txt" in text.output


def test_check_prints_the_table_schemas() -> None:
    result = CliRunner().invoke(check, ["--schemas"])
    schemas = {schema["name"]: schema for schema in json.loads(result.stdout)}
    assert len(schemas) == 14
    payments = {field["name"]: field for field in schemas["payments"]["fields"]}
    assert payments["payee_id_number"]["sunshine:sensitivity"] == "personal"
    assert payments["amount"]["sunshine:unit"] == "元"
    assert schemas["plans"]["primaryKey"] == ["line_id", "month"]
    assert all(
        field["title"] and field["description"] for schema in schemas.values() for field in schema["fields"]
    )


def test_there_are_many_kinds_of_refusal_each_with_words_in_two_languages() -> None:
    errors = [rule for rule in RULES.values() if rule.severity is Severity.ERROR]
    assert len(errors) >= 40
    assert all(rule.chinese and rule.english.isascii() for rule in RULES.values())
