from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.app import from_environment
from portal.cli import main
from portal.settings import SETTINGS, SettingRefused, Settings
from portal.surfaces import refuse_unguarded
from tests.builders.served import served


def test_help_lists_every_command_and_every_setting() -> None:
    found = CliRunner().invoke(main, ["--help"], env={"COLUMNS": "200"})
    assert found.exit_code == 0
    for name in ("serve", "doctor", "demo", "publish", "generate", "check", "verify"):
        assert name in found.output
    for setting in SETTINGS:
        assert setting.name in found.output


def test_an_unknown_command_or_option_is_wrong_use() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2
    assert CliRunner().invoke(main, ["serve", "--surface", "moon"]).exit_code == 2


@pytest.mark.parametrize("surface", ["internal", "both"])
@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("0.0.0.0", "http://10.0.0.5:8000"),  # noqa: S104 - it must be refused
        ("::", "http://[::1]:8000"),
        ("portal.example", "http://portal.example"),
        ("127.0.0.1", "http://portal.example"),
    ],
)
def test_passwords_never_travel_in_clear_beyond_this_machine(
    tmp_path: Path, surface: str, host: str, base_url: str
) -> None:
    found = CliRunner().invoke(
        main,
        ["serve", "--home", str(tmp_path), "--surface", surface, "--host", host],
        env={
            "SUNSHINE_HOME": "",  # named, so that what the command sets does not outlive it
            "SUNSHINE_SURFACE": "",
            "SUNSHINE_BASE_URL": base_url,
        },
    )
    assert found.exit_code == 2
    assert "https://" in found.output


def test_a_worker_started_by_hand_does_not_take_passwords_in_clear_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNSHINE_HOME", str(tmp_path))
    monkeypatch.setenv("SUNSHINE_SURFACE", "internal")
    monkeypatch.setenv("SUNSHINE_BASE_URL", "http://portal.example")
    with pytest.raises(SettingRefused, match="明文"):
        from_environment()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.1"])
def test_sign_in_may_be_tried_out_on_this_machine(host: str) -> None:
    base_url = f"http://{host if host.count(':') == 0 or host.startswith('[') else '[' + host + ']'}:8000"
    refuse_unguarded(Settings.read({"SUNSHINE_BASE_URL": base_url}), "internal", host)


def test_behind_https_every_address_may_be_listened_on() -> None:
    refuse_unguarded(Settings.read({"SUNSHINE_BASE_URL": "https://portal.example"}), "both", "0.0.0.0")  # noqa: S104 - what a proxy reaches


def test_doctor_finds_a_sound_home_well(province_home: Path) -> None:
    found = CliRunner().invoke(main, ["doctor", "--home", str(province_home), "--json"])
    findings = json.loads(found.output)
    releases = next(finding for finding in findings if finding["subject"] == "发布")
    assert releases["is_well"]
    assert "第 1 号完好" in releases["detail"]


def test_doctor_says_what_is_missing(tmp_path: Path) -> None:
    found = CliRunner().invoke(main, ["doctor", "--home", str(tmp_path / "none")])
    assert found.exit_code == 1
    assert "还没有发布" in found.output


@pytest.mark.parametrize("workers", ["1", "2"])
def test_serve_answers_on_its_port(province_home: Path, workers: str) -> None:
    with served(province_home, "--workers", workers) as address:
        with urllib.request.urlopen(f"{address}/api/v1/datasets/spending/rows?limit=1", timeout=10) as answer:
            document = json.load(answer)
            assert answer.headers["x-sunshine-release"] == "1"
            assert "server" not in {name.lower() for name in answer.headers}
        assert document["next"].startswith(f"{address}/api/v1/datasets/spending@1/rows")
