"""What a package consists of: bare folders, descriptors, unsafe paths, control totals, geometry."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from publishing.intake import CheckReport, PackageRefused, read_package
from tests.publishing.intake.packages import valid_package, write_package


def _refused(source: Path, work: Path) -> CheckReport:
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=work)
    assert not work.exists() or not any(work.iterdir())
    return caught.value.report


def _rules(report: CheckReport) -> set[str]:
    return {count.rule for count in report.counts}


def _descriptor(source: Path, **changes: Any) -> Path:
    content: dict[str, Any] = {
        "name": "demo",
        "title": "云岭省财政执行数据",
        "resources": [{"name": table, "path": f"{table}.csv"} for table in valid_package()],
    }
    content |= changes
    (source / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return source


def test_a_descriptor_names_the_files_and_says_what_the_package_is(tmp_path: Path) -> None:
    about = {
        "fictional": True,
        "as_of": "2025-10-31",
        "currency": "CNY",
        "province": "990000",
        "attribution": "虚构",
        "control_totals": [
            {"table": "payments", "column": "amount", "fiscal_year": 2025, "total": "751100.00"},
            {"table": "budget_lines", "column": "adjusted", "fiscal_year": 2025, "total": "4000000.00"},
            {"table": "contracts", "column": "amount", "fiscal_year": 2025, "total": "2600000"},
        ],
    }
    source = _descriptor(write_package(tmp_path / "source"), sunshine=about)
    package = read_package(source, workdir=tmp_path / "work")
    assert package.meta.title == "云岭省财政执行数据"
    assert package.meta.as_of == date(2025, 10, 31)
    assert (package.meta.fictional, package.meta.province) == (True, "990000")
    assert package.control_totals["payments", "amount", 2025] == 75_110_000


def test_without_a_declared_day_the_last_payment_is_the_day_of_the_package(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    assert package.meta.as_of == date(2025, 5, 20)


def test_a_control_total_that_the_rows_do_not_meet_is_an_error(tmp_path: Path) -> None:
    totals = [{"table": "payments", "column": "amount", "fiscal_year": 2025, "total": "751100.01"}]
    source = _descriptor(write_package(tmp_path / "source"), sunshine={"control_totals": totals})
    found = _refused(source, tmp_path / "work").of_rule("control_total_mismatch")
    assert [violation.value for violation in found] == ["751100.01"]


def test_a_payment_after_the_declared_day_is_an_error(tmp_path: Path) -> None:
    source = _descriptor(write_package(tmp_path / "source"), sunshine={"as_of": "2025-05-19"})
    found = _refused(source, tmp_path / "work").of_rule("payment_after_as_of")
    assert [(violation.row, violation.value) for violation in found] == [(5, "2025-05-20")]


DESCRIPTOR_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"resources": []}, "descriptor_wrong"),
    ({"resources": "payments.csv"}, "descriptor_wrong"),
    ({"resources": [7]}, "descriptor_wrong"),
    ({"resources": [{"name": "payments"}]}, "descriptor_wrong"),
    ({"resources": [{"name": "payments", "path": "absent.csv"}]}, "file_missing"),
    ({"resources": [{"name": "payments", "path": "../payments.csv"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "a/../../payments.csv"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "/etc/passwd"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "https://example.org/p.csv"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "file:///etc/passwd"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "C:\\payments.csv"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": "pay\0ments.csv"}]}, "descriptor_path_unsafe"),
    ({"resources": [{"name": "payments", "path": ["payments.csv", "payments.csv"]}]}, "several_parts"),
    (
        {"resources": [{"name": "payments", "path": "payments.csv", "schema": {"missingValues": ["NA"]}}]},
        "unsupported_dialect",
    ),
    ({"resources": [{"name": "payments", "path": "payments.csv", "bytes": 3}]}, "file_differs"),
    ({"resources": [{"name": "payments", "path": "payments.csv", "hash": "0" * 32}]}, "file_differs"),
    (
        {"resources": [{"name": "payments", "path": "payments.csv", "hash": f"sha256:{'0' * 64}"}]},
        "file_differs",
    ),
    ({"resources": [{"name": "payments", "path": "payments.csv", "hash": "crc32:0"}]}, "digest_unknown"),
    ({"resources": [{"name": "payments", "path": "payments.csv", "encoding": "big5"}]}, "encoding_unknown"),
    ({"sunshine": {"fictonal": True}}, "descriptor_wrong"),
    ({"sunshine": {"fictional": "yes"}}, "descriptor_wrong"),
    ({"sunshine": {"currency": "Yuan"}}, "descriptor_wrong"),
    ({"sunshine": {"province": "110000"}}, "descriptor_wrong"),
    ({"sunshine:as_of": "2025-10-31"}, "descriptor_wrong"),
    (
        {"resources": [{"name": "payments", "path": "payments.csv", "dialect": {"delimiter": ";"}}]},
        "unsupported_dialect",
    ),
    ({"sunshine": []}, "descriptor_wrong"),
    ({"sunshine": {"as_of": "31.10.2025"}}, "descriptor_wrong"),
    ({"sunshine": {"as_of": 20251031}}, "descriptor_wrong"),
    ({"sunshine": {"currency": 7}}, "descriptor_wrong"),
    ({"sunshine": {"fiscal_year_first_month": 13}}, "descriptor_wrong"),
    ({"sunshine": {"control_totals": [{"table": "plans"}]}}, "descriptor_wrong"),
    (
        {
            "sunshine": {
                "control_totals": [
                    {"table": "payments", "column": "amount", "fiscal_year": 2025, "total": 1.5}
                ]
            }
        },
        "descriptor_wrong",
    ),
]


@pytest.mark.parametrize("case", DESCRIPTOR_FAULTS, ids=lambda case: json.dumps(case[0])[:60])
def test_a_descriptor_that_cannot_be_followed_is_refused(
    tmp_path: Path, case: tuple[dict[str, Any], str]
) -> None:
    changes, rule = case
    report = _refused(_descriptor(write_package(tmp_path / "source"), **changes), tmp_path / "work")
    assert rule in _rules(report)


def test_a_mistyped_word_of_the_descriptor_is_told_with_the_right_one(tmp_path: Path) -> None:
    source = _descriptor(write_package(tmp_path / "source"), sunshine={"fictonal": True})
    (found,) = _refused(source, tmp_path / "work").of_rule("descriptor_wrong")
    assert found.column == "sunshine.fictonal"
    assert "did you mean fictional?" in found.message


@pytest.mark.parametrize("algorithm", ["md5", "sha256", "sha512"])
def test_a_file_with_the_size_and_digest_that_the_descriptor_names_is_read(
    tmp_path: Path, algorithm: str
) -> None:
    source = write_package(tmp_path / "source")
    files = {table: source / f"{table}.csv" for table in valid_package()}
    resources = [
        {
            "name": table,
            "path": path.name,
            "bytes": path.stat().st_size,
            "encoding": "utf-8",
            "hash": f"{algorithm}:{hashlib.new(algorithm, path.read_bytes()).hexdigest()}",
        }
        for table, path in files.items()
    ]
    source = _descriptor(source, resources=resources)
    assert read_package(source, workdir=tmp_path / "work").row_counts["payments"] > 0
    files["payments"].write_bytes(files["payments"].read_bytes() + b"\n")
    assert [found.file for found in _refused(source, tmp_path / "again").of_rule("file_differs")] == [
        "payments.csv"
    ]


@pytest.mark.parametrize("content", ["{", "[1]", "", '{"resources": NaN', "[" * 200_000, "\ufffe\x00"])
def test_a_descriptor_that_is_not_json_is_refused(tmp_path: Path, content: str) -> None:
    source = write_package(tmp_path / "source")
    (source / "datapackage.json").write_text(content, encoding="utf-8")
    report = _refused(source, tmp_path / "work")
    assert _rules(report) & {"descriptor_broken", "descriptor_wrong"}


def test_links_that_leave_the_package_are_not_followed(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    outside = tmp_path / "payments.csv"
    (source / "payments.csv").rename(outside)
    (source / "payments.csv").symlink_to(outside)
    assert "symlink_escapes" in _rules(_refused(source, tmp_path / "work"))
    assert "symlink_escapes" in _rules(_refused(_descriptor(source), tmp_path / "work"))


def test_a_link_to_nothing_or_to_itself_is_refused(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    (source / "plans.csv").unlink()
    (source / "plans.csv").symlink_to("plans.csv")
    assert "file_missing" in _rules(_refused(source, tmp_path / "work"))


@pytest.mark.parametrize(
    "table", ["regions", "organisations", "functions", "economics", "projects", "budget_lines", "payments"]
)
def test_a_package_without_a_required_table_is_refused(tmp_path: Path, table: str) -> None:
    package = valid_package()
    del package[table]
    found = _refused(write_package(tmp_path / "source", package), tmp_path / "work").of_rule("table_missing")
    assert [violation.file for violation in found] == [f"{table}.csv"]


def test_optional_tables_may_be_missing_or_empty(tmp_path: Path) -> None:
    package = valid_package()
    for table in ("plans", "indicators"):
        del package[table]
    package["milestones"] = []
    read = read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work")
    assert {count.rule for count in read.report.counts} == {"optional_table_missing"}
    assert read.row_counts["plans"] == read.row_counts["milestones"] == 0


def test_an_absent_table_and_an_empty_one_have_the_same_digest(tmp_path: Path) -> None:
    absent, empty = valid_package(), valid_package()
    del absent["plans"]
    empty["plans"] = []
    digests = {
        read_package(write_package(tmp_path / name, package), workdir=tmp_path / "work").digest
        for name, package in (("absent", absent), ("empty", empty))
    }
    assert len(digests) == 1


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    (source / "payments.CSV.gz").write_bytes(b"x")
    assert "table_twice" in _rules(_refused(source, tmp_path / "work"))


def test_other_files_are_left_alone_with_a_word_about_tables(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    (source / "README.md").write_text("x", encoding="utf-8")
    (source / "salaries.csv").write_bytes(b"\0")
    read = read_package(source, workdir=tmp_path / "work")
    assert [violation.file for violation in read.report.of_rule("unknown_table")] == ["salaries.csv"]


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "package.zip"
    archive.write_bytes(b"PK\x05\x06" + b"\0" * 18)
    assert _rules(_refused(archive, tmp_path / "work")) == {"source_not_a_folder"}
    assert _rules(_refused(tmp_path / "absent", tmp_path / "work")) == {"source_missing"}
    (tmp_path / "empty").mkdir()
    assert _rules(_refused(tmp_path / "empty", tmp_path / "work")) == {"no_tables"}


def test_a_folder_named_like_a_table_is_refused(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    (source / "payments.csv").unlink()
    (source / "payments.csv").mkdir()
    assert "not_a_regular_file" in _rules(_refused(source, tmp_path / "work"))


def _feature(code: str, **changes: Any) -> dict[str, Any]:
    ring = [[110, 25], [110, 26], [111, 26], [110, 25]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"region_code": code}, "geometry": shape} | changes


GEOMETRIES: list[tuple[Any, str]] = [
    ({"type": "FeatureCollection"}, "geometry_broken"),
    ({"features": [7]}, "geometry_broken"),
    ({"features": [_feature("990000", properties={})]}, "geometry_broken"),
    ({"features": [_feature("990000", geometry=None)]}, "geometry_broken"),
    (
        {"features": [_feature("990000", geometry={"type": "Polygon", "coordinates": [[[500, 0]]]})]},
        "geometry_broken",
    ),
    (
        {"features": [_feature("990000", geometry={"type": "Polygon", "coordinates": [["a"]]})]},
        "geometry_broken",
    ),
    ({"features": [_feature("880000")]}, "geometry_unknown_region"),
]


@pytest.mark.parametrize("case", GEOMETRIES, ids=lambda case: json.dumps(case[0])[:50])
def test_a_broken_map_layer_is_refused(tmp_path: Path, case: tuple[Any, str]) -> None:
    content, rule = case
    source = write_package(tmp_path / "source")
    (source / "regions.geojson").write_text(json.dumps(content), encoding="utf-8")
    assert rule in _rules(_refused(source, tmp_path / "work"))


def test_a_map_layer_may_lack_some_regions(tmp_path: Path) -> None:
    source = write_package(tmp_path / "source")
    content = {"type": "FeatureCollection", "features": [_feature("990100")]}
    (source / "regions.geojson").write_text(json.dumps(content), encoding="utf-8")
    read = read_package(source, workdir=tmp_path / "work")
    assert [found.value for found in read.report.of_rule("geometry_region_missing")] == ["990000", "990102"]
    assert read.geometry == source / "regions.geojson"
