from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from publishing.cli.generate import generate


def test_the_command_reports_rows_and_anomalies_as_json(tmp_path: Path) -> None:
    truth = tmp_path / "truth.json"
    arguments = [
        "--out",
        str(tmp_path / "p"),
        "--payments",
        "10000",
        "--years",
        "2025-2026",
        "--json",
        "--truth",
        str(truth),
    ]

    result = CliRunner().invoke(generate, arguments)

    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["rows"]["payments"] == 10_000
    assert sum(report["anomalies"].values()) == len(json.loads(truth.read_text())["anomalies"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--payments", "12"],
        ["--years", "last"],
        ["--as-of", "31.10.2026"],
        ["--format", "xlsx"],
        ["--seed", "-1"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_wrong_use_exits_with_status_two_and_writes_nothing(tmp_path: Path, arguments: list[str]) -> None:
    out = tmp_path / "package"

    result = CliRunner().invoke(generate, ["--out", str(out), *arguments])

    assert result.exit_code == 2
    assert not out.exists()
