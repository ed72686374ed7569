from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from publishing.cli.scrub import scrub


def test_lines_of_a_file_come_out_scrubbed(tmp_path: Path) -> None:
    source = tmp_path / "purposes.txt"
    source.write_bytes("付张伟劳务费\r\n\r\n高标准农田\n".encode("utf-8-sig"))
    result = CliRunner().invoke(scrub, [str(source)])
    assert result.exit_code == 0
    assert result.output == "付［姓名］劳务费\n\n高标准农田\n"


def test_standard_input_gives_one_json_object_a_line() -> None:
    result = CliRunner().invoke(scrub, ["--json"], input="付张伟劳务费\n任务书\n")
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"text": "付［姓名］劳务费", "spans": [{"start": 1, "end": 3, "kind": "NAME"}]},
        {"text": "任务书", "spans": []},
    ]


def test_names_from_a_file_are_matched_exactly(tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("涅槃石\n\n", encoding="utf-8")
    result = CliRunner().invoke(scrub, ["--names", str(names)], input="付涅槃石搬运费")
    assert result.output == "付［姓名］搬运费\n"


def test_text_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "gbk.txt"
    source.write_bytes("好\n".encode() + "张伟\n".encode("gbk"))
    result = CliRunner().invoke(scrub, [str(source)])
    assert result.exit_code == 1
    assert "UTF-8" in result.output


def test_a_line_without_end_is_refused_with_its_number(tmp_path: Path) -> None:
    source = tmp_path / "long.txt"
    source.write_bytes("付张伟劳务费\n".encode() + b"x" * 1_000_001)
    result = CliRunner().invoke(scrub, [str(source)])
    assert result.exit_code == 1
    assert "line 2 is longer than 1,000,000 bytes" in result.output
