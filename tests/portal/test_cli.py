from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

import portal
from portal.app import from_environment
from portal.cli import main
from portal.settings import SETTINGS, SettingRefused, Settings
from portal.surfaces import refuse_unguarded

ROOT = Path(portal.__file__).resolve().parent.parent


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
    ("host", "word", "told"),
    [
        ("127.0.0.1", "", "SUNSHINE_INTERNAL_WITHOUT_SIGN_IN=yes"),
        ("0.0.0.0", "yes", "能连到这个地址的人都会看到内部数据"),  # noqa: S104 - it must be refused
        ("::", "yes", "能连到这个地址的人都会看到内部数据"),
        ("portal.example", "yes", "能连到这个地址的人都会看到内部数据"),
        ("127.0.0.1", "true", "只能是 yes、no 或空"),
    ],
)
def test_the_internal_surface_is_refused_until_people_sign_in(
    tmp_path: Path, surface: str, host: str, word: str, told: str
) -> None:
    found = CliRunner().invoke(
        main,
        ["serve", "--home", str(tmp_path), "--surface", surface, "--host", host],
        env={
            "SUNSHINE_INTERNAL_WITHOUT_SIGN_IN": word,
            "SUNSHINE_HOME": "",  # named, so that what the command sets does not outlive it
            "SUNSHINE_SURFACE": "",
            "SUNSHINE_BASE_URL": "",
        },
    )
    assert found.exit_code == 2
    assert told in found.output


def test_a_worker_started_by_hand_does_not_show_the_internal_surface_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNSHINE_HOME", str(tmp_path))
    monkeypatch.setenv("SUNSHINE_SURFACE", "internal")
    with pytest.raises(SettingRefused, match="内部面还没有登录"):
        from_environment()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.1"])
def test_the_internal_surface_opens_on_this_machine_when_it_is_asked_for(host: str) -> None:
    settings = Settings.read({"SUNSHINE_INTERNAL_WITHOUT_SIGN_IN": "yes"})
    refuse_unguarded(settings, "internal", host)


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
def test_serve_answers_on_its_port(province_home: Path, unused_port: int, workers: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "portal.cli",
        "serve",
        "--home",
        str(province_home),
        "--port",
        str(unused_port),
    ]
    server = subprocess.Popen([*command, "--workers", workers], env=environment, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{unused_port}"
        wait_for(f"{address}/readyz")
        with urllib.request.urlopen(f"{address}/api/v1/datasets/spending/rows?limit=1", timeout=10) as answer:
            document = json.load(answer)
            assert answer.headers["x-sunshine-release"] == "1"
            assert "server" not in {name.lower() for name in answer.headers}
        assert document["next"].startswith(f"{address}/api/v1/datasets/spending@1/rows")
    finally:
        server.terminate()
        server.wait(20)


def wait_for(address: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
