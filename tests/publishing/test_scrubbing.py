"""Columns of free text: what is begun early comes out the same and is counted once."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from publishing.scrubbing import ColumnScrubber, free_texts

_TITLES = pl.Series("title", ["联系人电话13800138000", "公路改造", None, "公路改造"])


def test_a_text_begun_early_comes_out_as_it_would_later() -> None:
    later, early = ColumnScrubber(None), ColumnScrubber(None, [_TITLES])
    assert early(_TITLES).to_list() == later(_TITLES).to_list()
    assert "13800138000" not in early(_TITLES)[0]
    assert later.removed
    assert {kind: times * 2 for kind, times in later.removed.items()} == early.removed  # it was asked twice


def test_a_text_that_was_not_begun_is_scrubbed_when_it_comes() -> None:
    scrub = ColumnScrubber(None, [pl.Series("title", ["公路改造"])])
    assert "13800138000" not in scrub(_TITLES)[0]


def test_texts_of_closed_projects_and_absent_tables_are_not_begun(tmp_path: Path) -> None:
    projects = pl.DataFrame(
        {
            "name": ["开放", "机密"],
            "description": ["一", "二"],
            "address": [None, "三"],
            "secrecy": ["public", "secret"],
        },
        schema_overrides={"address": pl.String},
    )
    projects.write_parquet(tmp_path / "projects.parquet")
    begun = free_texts({"projects": tmp_path / "projects.parquet"})
    assert [texts.to_list() for texts in begun] == [["开放"], ["一"], [None]]
