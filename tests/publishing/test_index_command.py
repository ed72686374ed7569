"""`sunshine index`: a lost index made again from the release, with the names that places had before."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from publishing.cli.index import index
from publishing.home import Home
from publishing.index import renamed_places
from publishing.release.content import PublishedTable
from publishing.release.manifest import Manifest
from publishing.release.writer import write_release
from publishing.specs import dataset_spec
from search.engine import Query
from search.engines.embedded import EmbeddedEngine, index_directory
from search.errors import IndexMissing
from tests.publishing.release.builders import MOMENT, content, table


def places(name: str) -> PublishedTable:
    return table(
        dataset_spec("regions"),
        [
            {"region_code": "990000", "name": "云岭省", "level": "province"},
            {"region_code": "990100", "name": name, "level": "city", "parent_code": "990000"},
        ],
    )


def offices() -> PublishedTable:
    office = {"org_id": "O1", "name": "新港市交通运输局", "region_code": "990100", "sector": "交通运输"}
    return table(dataset_spec("organisations"), [office])


def published(home: Home, city: str) -> Manifest:
    return write_release(
        home.public,
        content(places(city), offices()),
        stage=False,
        maker="甲",
        note="",
        audience="public",
        published_at=MOMENT,
        keys=home.key("public"),
    )


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(index, [*words, "--home", str(home)])


def first_hit(home: Home, release: Manifest, text: str) -> str:
    hits = EmbeddedEngine(index_directory(home.search, release.id)).search(Query(text)).hits
    return hits[0].document.id if hits else ""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_lost_index_is_made_again_from_the_release_alone(home: Home) -> None:
    release = published(home, "新港市")
    shutil.rmtree(home.search, ignore_errors=True)
    with pytest.raises(IndexMissing):
        first_hit(home, release, "运输局")
    made: Any = json.loads(run(home.root, "--json").stdout)
    assert made[0]["number"] == 1
    assert first_hit(home, release, "xgsjtysj") == "organisation:O1"


def test_every_release_that_stands_has_its_index_made_again(home: Home) -> None:
    first, second = published(home, "旧渡市"), published(home, "新港市")
    result = run(home.root, "--all")
    assert result.exit_code == 0
    assert result.output.count("已重建检索索引") == 2
    assert first_hit(home, first, "运输局") == first_hit(home, second, "运输局") == "organisation:O1"


def test_a_place_is_found_by_the_name_it_had_in_an_earlier_release(home: Home) -> None:
    published(home, "旧渡市")
    release = published(home, "新港市")
    assert renamed_places([places("新港市")], home.public, before=release.number) == (("新港市", "旧渡市"),)
    run(home.root)
    assert first_hit(home, release, "旧渡市交通运输局") == "organisation:O1"


def test_a_later_name_is_not_told_to_an_earlier_release(home: Home) -> None:
    published(home, "旧渡市")
    published(home, "新港市")
    assert renamed_places([places("旧渡市")], home.public, before=1) == ()


def test_a_release_that_is_not_there_is_refused(home: Home) -> None:
    published(home, "新港市")
    result = run(home.root, "7")
    assert result.exit_code == 1
    assert "未执行 refused" in result.output
