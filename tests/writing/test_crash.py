from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("backend", "stride", "least"), [("sqlite", 1, 200), ("postgresql", 2, 90)])
def test_kill_9_at_every_statement_leaves_all_or_nothing(
    backend: str, stride: int, least: int, new_database_url: Callable[[str], str]
) -> None:
    url = new_database_url(f"empty {backend}")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.writing.crash", url, str(stride)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert report["half_done"] == []
    assert report["operations"] == 13
    assert report["kills"] >= least
