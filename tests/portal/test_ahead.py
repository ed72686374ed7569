"""What a server compares before anybody asks."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from portal.reading.ahead import settle, settle_again, work_ahead
from portal.reading.changes import changes_between
from portal.reading.library import Library
from portal.reading.shelf import Shelf
from publishing.release.store import ReleaseStore
from tests.builders.published import province_tables, publish


def test_the_changes_since_the_release_before_are_at_hand_when_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=3))
    library = Library(Shelf(ReleaseStore(tmp_path / "public")))
    work_ahead(library)  # nothing before it: nothing to do
    publish(tmp_path, province_tables(cities=2, counties=1, projects=3))
    library.refresh()
    work_ahead(library)
    edition = library.standing.edition
    assert edition is not None
    monkeypatch.setattr("portal.reading.changes.diff_releases", None)  # whoever compares again, fails
    assert "regions" in {found.name for found in changes_between(library.edition(1), edition)}


def test_what_cannot_be_compared_holds_up_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for cities in (1, 2):
        publish(tmp_path, province_tables(cities=cities, counties=1, projects=3))
    library = Library(Shelf(ReleaseStore(tmp_path / "public")))
    (tmp_path / "public" / "releases" / "000001.json").unlink()
    work_ahead(library)
    assert ["could not be compared" in record.getMessage() for record in caplog.records] == [True]


class Ring:
    """Something that only the search for garbage finds."""

    def __init__(self) -> None:
        self.own = self


def test_what_was_settled_and_is_garbage_by_now_is_found_when_it_is_settled_again() -> None:
    ring = Ring()
    watched = weakref.ref(ring)
    try:
        settle()
        del ring
        gc.collect()
        assert watched() is not None  # left out of the search
        settle_again()
        assert watched() is None
    finally:
        gc.unfreeze()


def test_a_process_that_has_not_settled_does_not_begin_to() -> None:
    gc.unfreeze()
    settle_again()
    assert gc.get_freeze_count() == 0
