"""Two thousand faults of more than forty kinds: each is told with file, row, column and reason, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from publishing.intake import PackageRefused, read_package
from publishing.intake.report import Violation
from tests.publishing.intake.faulty import FAULTS, large_package, plant
from tests.publishing.intake.packages import csv_text, valid_package, write_package

PACKAGES = 36


def _refused(source: Path, work: Path) -> tuple[Violation, ...]:
    before = {path.name: path.read_bytes() for path in source.iterdir()}
    with pytest.raises(PackageRefused) as refused:
        read_package(source, workdir=work)
    assert not list(work.iterdir())
    assert {path.name: path.read_bytes() for path in source.iterdir()} == before
    return refused.value.report.violations


def test_the_package_that_faults_are_planted_in_is_accepted_without_them(tmp_path: Path) -> None:
    assert read_package(write_package(tmp_path / "source", large_package()), workdir=tmp_path).digest


def test_there_are_two_thousand_faults_of_forty_kinds() -> None:
    assert PACKAGES * len(FAULTS) >= 2_000
    assert len({fault.rule for fault in FAULTS}) >= 40


@pytest.mark.parametrize("seed", range(PACKAGES))
def test_every_planted_fault_is_told_where_it_is(tmp_path: Path, seed: int) -> None:
    package = large_package()
    planted = plant(package, Random(seed))  # noqa: S311 - faults are scattered, nothing is kept secret
    told = {
        (violation.rule, violation.file, violation.row, violation.column): violation.message
        for violation in _refused(write_package(tmp_path / "source", package), tmp_path / "work")
    }
    missed = [fault for fault in planted if not told.get((fault.rule, fault.file, fault.row, fault.column))]
    assert not missed


def _with_header(text: str, change: dict[str, str]) -> str:
    header, rest = text.split("\n", 1)
    for name, other in change.items():
        header = header.replace(name, other, 1)
    return f"{header}\n{rest}"


@pytest.mark.parametrize(
    ("rule", "row", "spoiled"),
    [
        ("column_unknown", 1, lambda text: _with_header(text, {"purpose": "用途"})),
        ("column_missing", 1, lambda text: _with_header(text, {"purpose": "用途"})),
        ("header_duplicated", 1, lambda text: _with_header(text, {"purpose": "org_id"})),
        ("header_blank", 1, lambda text: _with_header(text, {"purpose": ""})),
        ("row_too_short", 3, lambda text: text.replace(",工程进度款,\n", "\n")),
        ("row_too_long", 3, lambda text: text.replace("工程进度款,", "工程进度款,,更多")),
        ("nul_byte", 3, lambda text: text.replace("工程进度款", "工程\x00进度款")),
        ("quote_unbalanced", None, lambda text: text.replace(",工程进度款", ',"工程进度款')),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_of_the_file_itself_is_told_with_its_row(
    tmp_path: Path, rule: str, row: int | None, spoiled: object
) -> None:
    assert callable(spoiled)
    source = write_package(tmp_path / "source")
    text = spoiled(csv_text("payments", valid_package()["payments"]))
    (source / "payments.csv").write_text(text, encoding="utf-8", newline="")
    found = [violation for violation in _refused(source, tmp_path / "work") if violation.rule == rule]
    assert found
    assert found[0].file == "payments.csv"
    assert found[0].message
    assert row is None or found[0].row == row
