"""The Nu HTML checker over every public page: no error, in Chinese, in English, in large text and in dark.

It reads files: asked by address it refuses this machine's own. What it is and where it comes from is pinned in
`requirements/node/nu`; `./run test` sets it up.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.visitor import Visitor
from tests.pages.routes import ERRORS

CHECKER = Path(__file__).resolve().parents[2] / ".cache/node/nu/node_modules/vnu-jar/build/dist/vnu.jar"
MODES = ("", "mode=elder", "lang=en", "theme=dark")


def addresses(pages: list[str]) -> Iterator[str]:
    """Every page in every mode."""
    for path in (*pages, *ERRORS):
        for mode in MODES:
            yield path + (("&" if "?" in path else "?") + mode if mode else "")


def complaints(folder: Path) -> list[str]:
    """What the checker calls an error, as `file:line message`."""
    command = [
        "java",
        "-Xss2m",
        "-jar",
        str(CHECKER),
        "--format",
        "json",
        "--errors-only",
        "--skip-non-html",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    found = json.loads(done.stderr)["messages"]
    return [f"{Path(each['url']).name}:{each.get('lastLine')} {each['message']}" for each in found]


def test_the_checker_finds_nothing_on_any_page(visitor: Visitor, pages: list[str], tmp_path: Path) -> None:
    names = {}
    for number, address in enumerate(addresses(pages)):
        names[f"{number}.html"] = address
        (tmp_path / f"{number}.html").write_text(visitor.browse(address).text, encoding="utf-8")
    found = [f"{names[said.partition(':')[0]]} {said.partition(':')[2]}" for said in complaints(tmp_path)]
    assert found == []


@pytest.mark.parametrize(
    "defect", ['<img src="a.png">', "<ul><p>x</p></ul>", "<div id=a></div><div id=a></div>"]
)
def test_the_checker_does_find_what_is_planted(tmp_path: Path, defect: str) -> None:
    page = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>{defect}</body></html>'
    (tmp_path / "planted.html").write_text(page, encoding="utf-8")
    assert complaints(tmp_path)
