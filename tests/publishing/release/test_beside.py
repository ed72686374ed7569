"""What is made beside the files of a release (its search index) is done before the release counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.release.describe import Edition
from publishing.release.writer import write_release
from tests.publishing.release.builders import KEY, MOMENT, content, store_in


def test_it_is_told_the_id_that_the_release_gets(tmp_path: Path) -> None:
    told: list[Edition] = []
    manifest = write_release(
        store_in(tmp_path), content(), stage=False, maker="甲", note="", audience="public",
        published_at=MOMENT, keys=KEY, before_it_counts=told.append,
    )  # fmt: skip
    assert [(edition.number, edition.id) for edition in told] == [(manifest.number, manifest.id)]


def test_when_it_fails_nothing_is_published(tmp_path: Path) -> None:
    store = store_in(tmp_path)

    def fail(_edition: Edition) -> None:
        raise RuntimeError("no index")

    with pytest.raises(RuntimeError, match="no index"):
        write_release(
            store, content(), stage=False, maker="甲", note="", audience="public",
            published_at=MOMENT, keys=KEY, before_it_counts=fail,
        )  # fmt: skip
    assert not store.log().releases
    assert not store.candidates()
