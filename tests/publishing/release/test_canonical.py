from __future__ import annotations

import hashlib
import io
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.release.canonical import canonical_chunks, table_digest
from publishing.release.exports import json_lines_chunks
from publishing.release.parquet import read_parquet, write_parquet
from publishing.release.standalone_verify import id_of, json_lines_digest
from tests.publishing.release.builders import (
    MOMENT,
    NOTHING,
    THINGS,
    content,
    publish,
    store_in,
    table,
    things,
)
from tests.publishing.release.strategies import rows


def test_the_canonical_text_of_a_table_is_the_documented_one() -> None:
    frame = things(
        {"name": "a\tb\\\n", "paid": -5, "rate": 1e-05}, NOTHING, {"code": "003", "name": ""}
    ).frame
    text = b"".join(canonical_chunks(frame, THINGS)).decode()
    assert text == (
        "sunshine-table/1\n"
        "code:code\tname:text\tpaid:money\tpaid_status:status\tcount:integer\trate:number\topen:boolean\t"
        "begun_on:date\tmonth:month\tfiscal_year:year\tcolour:code\n"
        "001\ta\\tb\\\\\\n\t-0.05\tpublished\t3\t1e-05\ttrue\t2025-02-28\t2025-02\t2025\tred\n"
        "002\t\\N\t\\N\twithheld\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n"
        "003\t\t1234.56\tpublished\t3\t0.5\ttrue\t2025-02-28\t2025-02\t2025\tred\n"
    )
    assert table_digest(frame, THINGS) == "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@given(rows, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_digest_does_not_depend_on_the_order_of_rows(
    some: list[dict[str, Any]], chance: random.Random
) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert table_digest(table(THINGS, some).frame, THINGS) == table_digest(
        table(THINGS, shuffled).frame, THINGS
    )


@given(rows)
@settings(deadline=None)
def test_a_table_read_back_from_its_parquet_file_is_equal_and_has_the_same_digest(
    some: list[dict[str, Any]],
) -> None:
    frame = table(THINGS, some).frame.sort("code")
    sink = io.BytesIO()
    write_parquet(frame, THINGS, sink, {})
    again = read_parquet(sink.getvalue(), THINGS)
    assert again.equals(frame)
    assert dict(again.schema) == THINGS.schema
    assert table_digest(again, THINGS) == table_digest(frame, THINGS)


def test_the_digest_does_not_depend_on_who_wrote_the_parquet_file() -> None:
    frame = things({}, NOTHING).frame
    ours, theirs = io.BytesIO(), io.BytesIO()
    write_parquet(frame, THINGS, ours, {})
    pq.write_table(pq.read_table(io.BytesIO(ours.getvalue())), theirs, compression="none", row_group_size=1)
    assert ours.getvalue() != theirs.getvalue()
    assert table_digest(read_parquet(theirs.getvalue(), THINGS), THINGS) == table_digest(frame, THINGS)


@given(rows)
@settings(deadline=None)
def test_anybody_can_make_the_digest_again_from_json_lines_with_the_standard_library(
    some: list[dict[str, Any]],
) -> None:
    frame = table(THINGS, some).frame.sort("code")
    lines = b"".join(json_lines_chunks(frame, THINGS.columns)).decode().split("\n")[:-1]
    assert json_lines_digest(lines, json.loads(json.dumps(THINGS.to_json()))) == table_digest(frame, THINGS)


@given(rows, rows)
@settings(deadline=None)
def test_different_tables_have_different_digests(
    one: list[dict[str, Any]], other: list[dict[str, Any]]
) -> None:
    left, right = table(THINGS, one).frame.sort("code"), table(THINGS, other).frame.sort("code")
    same = left.with_columns(pl.col("rate") + 0.0).equals(right.with_columns(pl.col("rate") + 0.0))
    assert (table_digest(left, THINGS) == table_digest(right, THINGS)) is same


def test_a_missing_text_and_an_empty_one_differ() -> None:
    assert table_digest(things({"name": None}).frame, THINGS) != table_digest(
        things({"name": ""}).frame, THINGS
    )


def test_the_id_does_not_depend_on_number_time_note_or_program(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    first = publish(store)
    second = publish(store, content(program_version="2"), note="again", at=MOMENT.replace(year=2027))
    assert (first.number, second.number) == (1, 2)
    assert first.id == second.id


def test_the_id_depends_on_every_row_document_spec_and_fact_of_the_lineage(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    renamed = replace(THINGS, title="别的标题")
    variants = [
        content(),
        content(things({"paid": 1}, NOTHING)),
        content(table(renamed, things({}, NOTHING).frame.to_dicts())),
        content(documents={"notes.json": b"{ }"}),
        content(documents={"note.json": b"{}"}),
        content(as_of=date(2026, 10, 30)),
        content(policy_digest="sha256:other"),
        content(fictional=False),
    ]
    ids = [publish(store, variant).id for variant in variants]
    assert len(set(ids)) == len(variants)


def test_the_id_can_be_made_again_from_the_manifest_alone(tmp_path: Path) -> None:
    manifest = publish(store_in(tmp_path))
    assert id_of(json.loads(manifest.to_bytes())) == manifest.id
