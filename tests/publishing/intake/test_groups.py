"""Groups of regions: an optional table that sources of before do not have."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from publishing.aggregate.rows import read_rows
from publishing.intake import PackageRefused, SourcePackage, read_package
from tests.publishing.intake.packages import write_package

GROUPS = "group,region_code\n沿海,990100\n山区,990100\n沿海,990102\n"


def package_with(tmp_path: Path, groups: str) -> SourcePackage:
    source = write_package(tmp_path / "source")
    (source / "region_groups.csv").write_text(groups, encoding="utf-8")
    return read_package(source, workdir=tmp_path / "work")


def test_a_region_knows_the_groups_it_belongs_to(tmp_path: Path) -> None:
    regions = read_rows(package_with(tmp_path, GROUPS).tables).regions
    assert regions.select("region_code", "groups").rows() == [
        ("990000", None),
        ("990100", "山区；沿海"),
        ("990102", "沿海"),
    ]
    assert regions["region_code"].is_sorted()


def test_without_the_table_no_region_has_a_group_and_nobody_is_told(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    assert read_rows(package.tables).regions.get_column("groups").dtype == pl.String
    assert not any(violation.file.startswith("region_groups") for violation in package.report.violations)


def test_groups_change_the_digest(tmp_path: Path) -> None:
    plain = read_package(write_package(tmp_path / "plain"), workdir=tmp_path / "work1").digest
    assert package_with(tmp_path, GROUPS).digest != plain


@pytest.mark.parametrize(
    ("line", "rule"),
    [("沿海,990999", "reference_broken"), ("沿海,990100", "row_duplicated"), (",990100", "value_missing")],
)
def test_a_group_names_regions_of_the_package_once(line: str, rule: str, tmp_path: Path) -> None:
    with pytest.raises(PackageRefused) as refused:
        package_with(tmp_path, f"{GROUPS}{line}\n")
    assert {violation.rule for violation in refused.value.report.violations if violation.row == 5} == {rule}
