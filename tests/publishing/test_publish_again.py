"""`sunshine publish` of what is published already: told, and done only when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from publishing.cli.publish import publish
from publishing.home import Home
from tests.publishing.intake.packages import changed, write_package


def published(source: Path, home: Path, *words: str) -> Result:
    return CliRunner().invoke(publish, [str(source), "--home", str(home), "--by", "clerk", *words])


def test_the_same_hand_over_is_refused_with_the_release_it_equals_until_it_is_asked_for(
    tmp_path: Path,
) -> None:
    source, home = write_package(tmp_path / "source"), tmp_path / "home"
    assert published(source, home).exit_code == 0
    same = published(source, home)
    assert same.exit_code == 1
    assert "第 1 版" in same.stderr
    assert "release 1" in same.stderr
    told = published(source, home, "--json")
    assert json.loads(told.stdout)["error"] == "SameAgain"
    assert Home(home).public.numbers() == Home(home).internal.numbers() == (1,)
    assert published(source, home, "--again").exit_code == 0
    assert Home(home).public.numbers() == (1, 2)


@pytest.mark.parametrize("what", ["payment", "title", "geometry"])
def test_a_hand_over_in_which_anything_changed_is_published(tmp_path: Path, what: str) -> None:
    home = tmp_path / "home"
    assert published(write_package(tmp_path / "first"), home).exit_code == 0
    if what == "payment":
        other = write_package(tmp_path / "other", changed("payments", 2, purpose="慰问金"))
    else:
        other = write_package(tmp_path / "other")
        _described(other, what)
    again = published(other, home)
    assert again.exit_code == 0, again.output
    assert Home(home).public.numbers() == (1, 2)


def _described(folder: Path, what: str) -> None:
    """Give a bare folder a descriptor that adds a title, or a geometry beside its tables."""
    resources = [{"name": path.stem, "path": path.name} for path in sorted(folder.glob("*.csv"))]
    about: dict[str, object] = {
        "name": "package",
        "title": "更正后的移交" if what == "title" else "",
        "resources": resources,
    }
    if what == "geometry":
        about["sunshine"] = {"geometry": "regions.geojson"}
        (folder / "regions.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    (folder / "datapackage.json").write_text(json.dumps(about))
