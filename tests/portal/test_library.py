from __future__ import annotations

import time
from pathlib import Path

from portal.reading.library import Library
from portal.reading.shelf import Shelf
from publishing.release.store import ReleaseStore
from tests.builders.published import province_tables, publish
from tests.portal.conftest import visitor_to


def test_a_new_release_is_picked_up_without_a_restart(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=2, projects=8)
    publish(tmp_path, tables)
    visitor = visitor_to(tmp_path)
    assert visitor.browse("/").headers["x-sunshine-release"] == "1"
    assert "共 <b>8</b> 个" in visitor.browse("/projects").text
    publish(tmp_path, tables | {"projects": tables["projects"].head(5)}, note="少了三个项目")
    deadline = time.monotonic() + 20
    while visitor.browse("/").headers["x-sunshine-release"] != "2":
        assert time.monotonic() < deadline, "the new release was never shown"
        time.sleep(0.02)
    assert "共 <b>5</b> 个" in visitor.browse("/projects").text
    page = visitor.browse("/releases/2").text
    assert "和第 1 号相比" in page
    assert "减少 3 行" in page
    assert visitor.browse("/datasets/projects@1").headers["x-sunshine-release"] == "1"
    old = visitor.browse("/datasets/projects@1").text
    assert "不是最新的" in old
    assert "第 1 号发布</a> · 来源" in old


def test_old_releases_are_opened_when_asked_and_a_few_stay_open(tmp_path: Path) -> None:
    tables = province_tables(cities=1, counties=2, projects=4)
    for count in (1, 2):
        publish(tmp_path, tables | {"projects": tables["projects"].head(count)})
    library = Library(Shelf(ReleaseStore(tmp_path / "public")))
    assert library.edition(1) is library.edition(1)
    assert library.edition(1).frame("projects").height == 1
    assert library.edition(2) is library.standing.edition
    assert [note.number for note in library.standing.notes] == [2, 1]
    assert not library.has_news()
