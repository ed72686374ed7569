from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from publishing.errors import ProtectionFailed, ReleaseError, ReleaseNotFound
from publishing.release.content import LARGEST_FEN, PublishedTable
from publishing.release.reader import open_release
from tests.publishing.release.builders import NOTHING, THINGS, content, publish, store_in, things

WHOLE = things({}).frame


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (WHOLE.drop("name"), "missing"),
        (WHOLE.with_columns(more=1), "unexpected"),
        (WHOLE.select(list(reversed(WHOLE.columns))), "out of order"),
        (WHOLE.with_columns(pl.col("count").cast(pl.Int32)), "column count: type is Int32"),
        (pl.concat([WHOLE, WHOLE]), "1 keys are repeated, the first is code=001"),
        (WHOLE.with_columns(code=pl.lit(None, pl.String)), "column code: part of the key and empty"),
        (WHOLE.with_columns(rate=pl.lit(float("nan"))), "NaN"),
        (WHOLE.with_columns(rate=pl.lit(float("inf"))), "infinity"),
        (WHOLE.with_columns(paid=pl.lit(LARGEST_FEN + 1)), "beyond 16 digits"),
        (WHOLE.with_columns(month=pl.lit(date(2025, 2, 2))), "first day"),
        (WHOLE.with_columns(paid_status=pl.lit("secret")), "without a known status"),
        (WHOLE.with_columns(paid_status=pl.lit(None, pl.String)), "without a known status"),
        (WHOLE.with_columns(paid=pl.lit(None, pl.Int64)), "1 published values are missing"),
        (WHOLE.with_columns(colour=pl.lit("mauve")), "column colour: 'mauve' is none of red, green"),
    ],
)
def test_a_table_that_is_not_what_its_spec_says_is_refused(
    tmp_path: Path, frame: pl.DataFrame, words: str
) -> None:
    store = store_in(tmp_path)
    with pytest.raises(ReleaseError, match=words):
        publish(store, content(PublishedTable(THINGS, frame)))
    assert not store.root.exists()


def test_a_withheld_value_that_is_still_there_stops_the_release(tmp_path: Path) -> None:
    with pytest.raises(ProtectionFailed, match="marked as not published, yet present"):
        publish(store_in(tmp_path), content(things({"paid_status": "withheld"})))


@pytest.mark.parametrize("name", ["../x", "a/b", "", "A", ".hidden"])
def test_a_document_needs_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReleaseError, match="cannot be the name"):
        publish(store_in(tmp_path), content(documents={name: b""}))


def test_a_table_handed_over_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="more than once: things"):
        publish(store_in(tmp_path), content(things({}), things({})))


def test_a_moment_without_a_zone_and_a_maker_without_a_name_are_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    with pytest.raises(ReleaseError, match="time zone"):
        publish(store, at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(ReleaseError, match="who makes"):
        publish(store, maker=" ")
    with pytest.raises(ReleaseNotFound):
        open_release(store)


def test_the_writer_sorts_by_the_key(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    rows: list[dict[str, Any]] = [{"code": "c"}, {"code": "a"}, NOTHING]
    publish(store, content(things(*rows)))
    assert open_release(store).table("things")["code"].to_list() == ["002", "a", "c"]
