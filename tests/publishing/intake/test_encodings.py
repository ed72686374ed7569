"""Encodings: exact text, or a refusal that names the line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from publishing.intake import PackageRefused, limits, read_package
from tests.publishing.intake.packages import csv_text, valid_package, write_package

READABLE = {
    "UTF-8": lambda text: text.encode("utf-8"),
    "UTF-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "GBK": lambda text: text.encode("gbk"),
    "GB18030": lambda text: text.encode("gb18030"),
    "UTF-16 little-endian with BOM": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 big-endian with BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
}


@pytest.mark.parametrize("encoding", READABLE)
def test_an_accepted_encoding_gives_the_exact_text(tmp_path: Path, encoding: str) -> None:
    plain = read_package(write_package(tmp_path / "plain"), workdir=tmp_path / "work")
    source = write_package(tmp_path / "other")
    for table, rows in valid_package().items():
        (source / f"{table}.csv").write_bytes(READABLE[encoding](csv_text(table, rows)))
    read = read_package(source, workdir=tmp_path / "work")
    names = pl.read_parquet(read.tables["regions"]).get_column("name").to_list()
    assert names == ["云岭省", "明州市", "东湖区"]
    assert read.digest == plain.digest


def test_characters_outside_gbk_survive_gb18030(tmp_path: Path) -> None:
    package = valid_package()
    package["projects"][0]["description"] = "㐀𠮷€"
    source = write_package(tmp_path / "source", package)
    (source / "projects.csv").write_bytes(csv_text("projects", package["projects"]).encode("gb18030"))
    read = read_package(source, workdir=tmp_path / "work")
    assert pl.read_parquet(read.tables["projects"]).get_column("description")[0] == "㐀𠮷€"


def _lines(*lines: bytes) -> bytes:
    return b"".join(line + b"\n" for line in lines)


_HEADER = b"policy_id,title,issued_by,issued_on,url"


def _row(number: int, title: bytes) -> bytes:
    return b"Z%d," % number + title + b",A,2024-03-01,"


UNREADABLE = [
    ("a broken UTF-8 character", _lines(_HEADER, _row(1, "政策".encode()), _row(2, "政".encode()[:2])), 3),
    ("a broken GBK character", _lines(_HEADER, _row(1, "政策文件".encode("gbk")), _row(2, b"\xd5\x30")), 3),
    ("UTF-8 after GBK", _lines(_HEADER, _row(1, "政策文件".encode("gbk")), _row(2, "政策文件".encode())), 3),
    ("GBK after UTF-8", _lines(_HEADER, _row(1, "政策文件".encode()), _row(2, "政策文件".encode("gbk"))), 3),
    ("UTF-16 cut in the middle", b"\xff\xfe" + _HEADER.decode().encode("utf-16-le") + b"\n\x00\x00", 2),
    ("UTF-32", b"\xff\xfe\0\0" + _HEADER.decode().encode("utf-32-le"), None),
    ("a UTF-8 BOM before GBK", b"\xef\xbb\xbf" + _lines(_HEADER, _row(1, "政策".encode("gbk"))), 2),
]


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case[0].replace(" ", "_"))
def test_a_file_in_no_single_encoding_is_refused_with_its_line(
    tmp_path: Path, case: tuple[str, bytes, int | None]
) -> None:
    _, content, line = case
    source = write_package(tmp_path / "source")
    (source / "policies.csv").write_bytes(content)
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    found = [
        violation
        for violation in caught.value.report.violations
        if violation.rule in {"encoding_unknown", "mixed_encodings", "nul_byte"}
    ]
    assert (found[0].file, found[0].row) == ("policies.csv", line)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_characters_across_the_blocks_of_a_long_file_are_read(
    tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BLOCK", 61)  # odd, so that characters and records are cut everywhere
    plain = read_package(write_package(tmp_path / "plain"), workdir=tmp_path / "work")
    source = write_package(tmp_path / "other")
    for table, rows in valid_package().items():
        (source / f"{table}.csv").write_bytes(csv_text(table, rows).encode(encoding))
    assert read_package(source, workdir=tmp_path / "work").digest == plain.digest


_TRADITIONAL = "關於修建農村道路並補助偏遠地區學校營養午餐的通知事項說明"
_JAPANESE = "農村の道路を整備し、学校給食を補助する事業について"


@pytest.mark.parametrize(("text", "encoding"), [(_TRADITIONAL, "big5"), (_JAPANESE, "shift_jis")])
def test_text_of_another_country_is_not_taken_for_gb18030(tmp_path: Path, text: str, encoding: str) -> None:
    source = write_package(tmp_path / "source")
    (source / "policies.csv").write_bytes(_lines(_HEADER, _row(1, b"A"), _row(2, text.encode(encoding))))
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    found = [item for item in caught.value.report.violations if item.file == "policies.csv"]
    assert (found[0].rule, found[0].row) == ("encoding_doubtful", 3)
    assert not caught.value.report.of_rule(
        "reference_broken"
    )  # the projects that point there are not to blame


def test_rare_characters_in_names_do_not_make_a_file_doubtful(tmp_path: Path) -> None:
    title = "关于龘靐齉爩四村饮水安全工程建设资金安排的通知"
    source = write_package(tmp_path / "source")
    content = _lines(_HEADER, _row(1, b"A"), b"ZC-1," + title.encode("gb18030") + b",A,2024-03-01,")
    (source / "policies.csv").write_bytes(content)
    with pytest.raises(PackageRefused) as caught:  # the policy of the project is no longer there
        read_package(source, workdir=tmp_path / "work")
    assert [count.rule for count in caught.value.report.counts if count.file == "policies.csv"] == []
