"""The same rows have the same digest; any other rows have another."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.intake import digest, limits, read_package
from publishing.intake.contracts import TABLES
from publishing.intake.digest import SpilledDigest, digest_of_table
from tests.publishing.intake.packages import changed, columns, valid_package, write_package

PLANS = TABLES["plans"]
_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_PLAN = st.tuples(_TEXT, st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-(2**63) + 1, 2**63 - 1))


def _frame(rows: list[tuple[str, date, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=PLANS.empty().schema, orient="row")


@settings(max_examples=60, deadline=None)
@given(st.lists(_PLAN, max_size=40), st.randoms(use_true_random=False), st.integers(1, 7))
def test_the_digest_does_not_depend_on_the_order_or_the_pieces(
    rows: list[tuple[str, date, int]], random: object, pieces: int
) -> None:
    import random as _random

    assert isinstance(random, _random.Random)
    shuffled = rows.copy()
    random.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        spilled = SpilledDigest(PLANS, Path(folder) / "spill")
        for start in range(0, len(shuffled), pieces):
            spilled.update(_frame(shuffled[start : start + pieces]))
        assert spilled.hexdigest() == digest_of_table(PLANS, _frame(rows))


@settings(max_examples=60, deadline=None)
@given(st.lists(_PLAN, min_size=1, max_size=20), st.data())
def test_any_changed_value_changes_the_digest(rows: list[tuple[str, date, int]], data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(rows) - 1))
    line, month, fen = rows[position]
    other = rows.copy()
    other[position] = data.draw(
        st.sampled_from([(line + "x", month, fen), (line, month, -fen if fen else 1)])
    )
    assert digest_of_table(PLANS, _frame(rows)) != digest_of_table(PLANS, _frame(other))


def test_moving_text_between_columns_or_rows_changes_the_digest() -> None:
    table = TABLES["functions"]
    schema = table.empty().schema
    frames = [
        pl.DataFrame([("205", "ab", "c"), ("206", "d", None)], schema=schema, orient="row"),
        pl.DataFrame([("205", "a", "bc"), ("206", "d", None)], schema=schema, orient="row"),
        pl.DataFrame([("205", "ab", None), ("206", "d", "c")], schema=schema, orient="row"),
        pl.DataFrame([("205", "ab", None), ("206", "d", None)], schema=schema, orient="row"),
    ]
    assert len({digest_of_table(table, frame) for frame in frames}) == len(frames)


def test_what_lies_under_a_null_does_not_matter() -> None:
    table = TABLES["functions"]
    frame = pl.DataFrame([("205", "a", "x"), ("206", "b", "y")], schema=table.empty().schema, orient="row")
    masked = frame.with_columns(pl.when(pl.col("function_code") == "206").then("parent_code"))
    plain = pl.DataFrame([("205", "a", None), ("206", "b", "y")], schema=table.empty().schema, orient="row")
    assert digest_of_table(table, masked) == digest_of_table(table, plain)


def test_the_digest_is_what_its_description_says() -> None:
    rows = [("L2", date(2025, 3, 1), -150), ("L1", date(1970, 1, 2), 0), ("指标", date(2025, 1, 1), 7)]
    lines = [
        "\x1f".join((line, str((month - date(1970, 1, 1)).days), str(fen))).encode()
        for line, month, fen in rows
    ]
    row_digests = sorted(hashlib.sha256(line).digest() for line in lines)
    assert digest_of_table(PLANS, _frame(rows)) == hashlib.sha256(b"".join(row_digests)).hexdigest()


def test_a_row_that_stands_twice_is_counted_twice() -> None:
    row = ("L1", date(2025, 3, 1), 7)
    other = ("L2", date(2025, 3, 1), 7)
    tables = [[row], [row, row], [row, other], [row, row, other], [row, other, other]]
    assert len({digest_of_table(PLANS, _frame(rows)) for rows in tables}) == len(tables)


def test_a_package_has_one_digest_in_any_order_of_its_rows(tmp_path: Path) -> None:
    package = valid_package()
    first = read_package(write_package(tmp_path / "first", package), workdir=tmp_path / "work").digest
    reversed_rows = {table: list(reversed(rows)) for table, rows in package.items()}
    second = read_package(write_package(tmp_path / "second", reversed_rows), workdir=tmp_path / "work").digest
    other = changed("payments", 2, purpose="慰问金")
    third = read_package(write_package(tmp_path / "third", other), workdir=tmp_path / "work").digest
    assert first == second != third


_VALID = "sha256:6eb55807ea9a65c4c0d7a3d0de6ce5a8da825738eaa0c32803417dc091d0b921"
"""The digest of the valid package, on every machine and in every version."""

_WAYS = st.fixed_dictionaries({
    "order": st.randoms(use_true_random=False),
    "file": st.sampled_from(["csv", "csv.gz", "csv.zst", "gb18030", "utf-16", "parquet", "typed parquet"]),
    "batch": st.integers(1, 20),
    "columns": st.randoms(use_true_random=False),
})  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(_WAYS)
def test_a_package_has_one_digest_in_any_format_encoding_and_size_of_batch(ways: dict[str, Any]) -> None:
    package = valid_package()
    payments = package["payments"]
    ways["order"].shuffle(payments)
    names = columns("payments")
    ways["columns"].shuffle(names)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(limits, "BATCH_ROWS", ways["batch"])
        patched.setattr(limits, "BLOCK", 100 * ways["batch"])
        patched.setattr(digest, "_LINES_AT_ONCE", ways["batch"] // 2 + 1)
        source = write_package(Path(folder) / "source", package)
        _written_as(ways["file"], source / "payments.csv", pl.DataFrame(payments).select(names))
        assert read_package(source, workdir=Path(folder) / "work").digest == _VALID


def _written_as(kind: str, plain: Path, payments: pl.DataFrame) -> None:
    """Put the payments beside or in place of `plain` in another format or encoding."""
    if "parquet" in kind:
        plain.unlink()
        empty = payments.with_columns(pl.when(pl.all() != "").then(pl.all()))
        typed = empty.with_columns(pl.col("paid_on").str.to_date(), pl.col("amount").cast(pl.Decimal(18, 2)))
        (typed if "typed" in kind else empty).write_parquet(plain.with_suffix(".parquet"))
        return
    text = payments.write_csv().encode()
    if kind == "csv.gz":
        plain.unlink()
        plain.with_name("payments.csv.gz").write_bytes(gzip.compress(text))
    elif kind == "csv.zst":
        plain.unlink()
        plain.with_name("payments.csv.zst").write_bytes(zstandard.compress(text))
    else:
        plain.write_bytes(text if kind == "csv" else text.decode().encode(kind))


def test_the_digest_of_a_package_is_the_same_on_every_machine_and_in_every_version(tmp_path: Path) -> None:
    package = read_package(write_package(tmp_path / "source"), workdir=tmp_path / "work")
    assert package.digest == _VALID
