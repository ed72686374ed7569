"""`sunshine protect` as a statistician uses it: files in, files out, or a refusal that says where and why."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from publishing.cli.protect import protect

PLACES = "code,parent\nP,\nA,P\nB,P\nA1,A\nA2,A\nB1,B\nB2,B\n"
POLICY = files("publishing").joinpath("policy.toml").read_text(encoding="utf-8")
HEADER = "place,value,contributors,largest,second_largest"
ROWS = (
    "P,1000,29,90,80",
    "A,500,14,90,80",
    "B,500,15,90,70",
    "A1,100,2,90,10",
    "A2,400,12,80,60",
    "B1,300,8,90,70",
    "B2,200,7,60,50",
)


def run(folder: Path, *more: str, table: str = "", places: str = PLACES, policy: str = "") -> Result:
    (folder / "table.csv").write_text(table or "\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    (folder / "places.csv").write_text(places, encoding="utf-8")
    arguments = [str(folder / "table.csv"), "--hierarchy", f"place={folder / 'places.csv'}"]
    if policy:
        (folder / "policy.toml").write_text(policy, encoding="utf-8")
        arguments += ["--policy", str(folder / "policy.toml")]
    return CliRunner().invoke(protect, [*arguments, *(more or ("--out", str(folder / "out")))])


def test_a_small_cell_is_withheld_with_another_of_each_sum_and_the_rest_stays_as_it_is(
    tmp_path: Path,
) -> None:
    assert run(tmp_path).exit_code == 0
    rows = pl.read_csv(tmp_path / "out" / "table.csv")
    assert rows.columns == ["place", "value", "status"]
    assert rows.filter(status="published").rows() == [
        (code, value, "published") for code, value in (("P", 1000), ("A", 500), ("B", 500), ("B1", 300), ("B2", 200))
    ]  # fmt: skip
    assert rows.filter(status="withheld")["value"].to_list() == [None, None]
    assert json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["withheld"] == 2


def test_the_result_can_be_verified_and_a_changed_one_cannot(tmp_path: Path) -> None:
    run(tmp_path)
    out = tmp_path / "out"
    assert run(tmp_path, "--check", str(out)).exit_code == 0
    told = (out / "table.csv").read_text(encoding="utf-8")
    (out / "table.csv").write_text(told.replace("B1,300", "B1,301"), encoding="utf-8")
    assert run(tmp_path, "--check", str(out)).exit_code == 1


def with_row(number: int, row: str) -> str:
    return "\n".join((HEADER, *ROWS[:number], row, *ROWS[number + 1 :])) + "\n"


REFUSED = {
    "a hierarchy with a cycle": ({"places": PLACES.replace("A,P", "A,A1")}, "A"),
    "a hierarchy with two roots": ({"places": PLACES.replace("B,P", "B,")}, "root"),
    "an orphan": ({"places": PLACES.replace("B1,B", "B1,X")}, "X"),
    "totals that do not add up": ({"table": with_row(1, "A,501,14,90,80")}, "A"),
    "a negative amount": ({"table": with_row(6, "B2,-200,7,60,50")}, "below the lowest possible value 0"),
    "a cell without a contributor": ({"table": with_row(6, "B2,200,0,0,0")}, "no contributors"),
    "a code of no hierarchy": ({"table": with_row(6, "B9,200,7,60,50")}, "B9"),
    "a cell given twice": ({"table": with_row(6, "B1,200,7,60,50")}, "a second time"),
    "a number with separators": ({"table": with_row(0, 'P,"1,000",29,90,80')}, "not a whole number"),
    "a column that is missing": (
        {"table": "place,value,contributors,largest\nP,1,3,1\n"},
        "second_largest",
    ),
    "a table without cells": ({"table": HEADER + "\n"}, "no cells"),
    "a column that is there twice": (
        {"table": HEADER + ",value\nP,9,3,3,3,9\n"},
        "column 'value': the column is there twice",
    ),
    "a row with too many fields": ({"table": with_row(6, "B2,200,7,60,50,9")}, "row 7: 6 fields"),
    "an unknown word in the policy": ({"policy": POLICY.replace("p = 10", "p_percent = 10")}, "p_percent"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_protected_is_refused_with_the_place_and_nothing_is_written(
    tmp_path: Path, case: str
) -> None:
    changes, told = REFUSED[case]
    result = run(tmp_path, **changes)
    assert result.exit_code == 1
    assert told in result.output
    assert not (tmp_path / "out").exists()


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    run(tmp_path, "--check", str(tmp_path))
    (tmp_path / "table.csv").write_bytes(f"{HEADER}\n".encode() + "澜州,1,3,1,1\n".encode("gb18030"))
    result = CliRunner().invoke(
        protect,
        [
            str(tmp_path / "table.csv"),
            "--hierarchy",
            f"place={tmp_path / 'places.csv'}",
            "--out",
            str(tmp_path / "out"),
        ],
    )
    assert result.exit_code == 1
    assert "line 2 is not UTF-8" in result.output


def test_a_payee_that_is_alone_in_several_cells_may_be_named(tmp_path: Path) -> None:
    rows = [f"{row}," for row in ROWS]
    rows[3], rows[5] = "A1,100,1,100,0,payee-7", "B1,300,1,300,0,payee-7"
    table = "\n".join((f"{HEADER},sole_payee", *rows)).replace(",29,90,80", ",29,300,100")
    table = table.replace("A,500,14,90,80", "A,500,13,100,80").replace("B,500,15,90,70", "B,500,8,300,60")
    result = run(tmp_path, table=table + "\n")
    assert result.exit_code == 0, result.output
    assert "payee-7" not in (tmp_path / "out" / "table.csv").read_text(encoding="utf-8")
