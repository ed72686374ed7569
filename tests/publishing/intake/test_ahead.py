"""Batches are typed one ahead of their checks, and the digest is taken behind: neither may lose or reorder anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.intake import PackageRefused, limits, read_package
from tests.publishing.intake.packages import valid_package, write_package


def _payments(count: int) -> list[dict[str, str]]:
    first = valid_package()["payments"][0]
    return [first | {"payment_id": f"F{number:05d}", "amount": "1.05"} for number in range(count)]


def test_what_is_wrong_in_any_batch_is_told_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BLOCK", 10_000)
    rows = valid_package()
    rows["payments"] = _payments(2_000)
    for number in range(0, 2_000, 100):
        rows["payments"][number]["amount"] = "1,2O0"  # found by typing, ahead
        rows["payments"][number + 50]["line_id"] = "L999"  # found by the check, in its turn
    with pytest.raises(PackageRefused) as refused:
        read_package(write_package(tmp_path / "source", rows), workdir=tmp_path / "work")
    report = refused.value.report
    amounts = [violation.row for violation in report.violations if violation.column == "amount"]
    lines = [violation.row for violation in report.of_rule("reference_broken")]
    assert amounts == [number + 2 for number in range(0, 2_000, 100)]
    assert lines == [number + 52 for number in range(0, 2_000, 100)]
    assert not list((tmp_path / "work").iterdir())


def test_the_digest_outlives_the_work_folder_once_it_was_asked_for(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    digest = package.digest
    assert not (tmp_path / "work" / "staged" / "spill").exists()
    assert package.digest == digest
    assert package.under("sha256:both").digest == "sha256:both"
    assert package.digest == digest


def test_two_readings_at_once_do_not_meet(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    one = read_package(source, workdir=tmp_path / "one")
    other = read_package(source, workdir=tmp_path / "other")
    assert one.digest == other.digest
