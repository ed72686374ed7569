"""Money is read exactly: yuan as written, to whole fen, with no float on the way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.intake import PackageRefused, read_package
from publishing.intake.reconcile import LARGEST_SUM_FEN
from publishing.intake.scalars import LARGEST_FEN, money_fen
from publishing.intake.table_rows import yuan_text
from tests.publishing.intake.packages import changed, valid_package, write_package

_FEN = st.integers(-LARGEST_FEN, LARGEST_FEN)


def _written(fen: int, decimals: int) -> str:
    sign, absolute = "-" if fen < 0 else "", abs(fen)
    text = f"{sign}{absolute // 100}"
    if decimals:
        text += "." + f"{absolute % 100:02d}"[:decimals]
    return text


@settings(deadline=None)
@given(_FEN)
def test_every_amount_that_can_be_written_is_read_back(fen: int) -> None:
    assert money_fen(_written(fen, 2)) == fen
    assert yuan_text(pl.Series([fen], dtype=pl.Int64))[0] == _written(fen, 2)


@given(st.text(max_size=25))
def test_whatever_is_accepted_is_exactly_what_a_decimal_reads(text: str) -> None:
    read = money_fen(text)
    if isinstance(read, int):
        assert Decimal(text) * 100 == read


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("-0", 0),
        ("0.1", 10),
        ("0.29", 29),
        ("1.1", 110),
        ("007", 700),
        ("92233720368547758.07", LARGEST_FEN),
        ("-92233720368547758.07", -LARGEST_FEN),
        ("92233720368547758.08", "money_overflow"),
        ("1.005", "money_three_decimals"),
        (".5", "money_not_a_number"),
        ("1.", "money_not_a_number"),
        ("", "money_not_a_number"),
        ("１２", "money_fullwidth"),
    ],
)
def test_particular_amounts(text: str, fen: int | str) -> None:
    assert money_fen(text) == fen


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**14), st.integers(0, 2)), min_size=1, max_size=30))
def test_the_fast_path_and_the_exact_path_agree(amounts: list[tuple[int, int]]) -> None:
    import tempfile

    package = valid_package()
    texts = [_written(fen, decimals) for fen, decimals in amounts]
    package["budget_lines"] += [
        package["budget_lines"][1] | {"line_id": f"X{number:03d}", "approved": text, "adjusted": text}
        for number, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder:
        read = read_package(write_package(Path(folder) / "source", package), workdir=Path(folder) / "work")
        staged = pl.read_parquet(read.tables["budget_lines"]).filter(pl.col("line_id").str.starts_with("X"))
    assert staged.get_column("approved_fen").to_list() == [money_fen(text) for text in texts]


def test_large_amounts_at_the_edge_are_kept_to_the_fen(tmp_path: Path) -> None:
    package = changed("budget_lines", 1, adjusted="90071989347409.91", approved="12345678901234.89")
    read = read_package(write_package(tmp_path / "source", package), workdir=tmp_path / "work")
    staged = pl.read_parquet(read.tables["budget_lines"]).row(1, named=True)
    assert (staged["adjusted_fen"], staged["approved_fen"]) == (9007198934740991, 1234567890123489)
    assert read.control_totals["budget_lines", "adjusted", 2025] == LARGEST_SUM_FEN - 1


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("budget_lines", {"adjusted": "90071992547409.92"}),
        ("budget_lines", {"approved": "92233720368547758.07"}),
        ("payments", {"amount": "90071992547409.92"}),
        ("contracts", {"amount": "90071992547409.92"}),
    ],
)
def test_a_year_that_cannot_be_summed_exactly_is_refused(
    tmp_path: Path, table: str, change: dict[str, str]
) -> None:
    source = write_package(tmp_path / "source", changed(table, 0, **change))
    with pytest.raises(PackageRefused) as caught:
        read_package(source, workdir=tmp_path / "work")
    (found,) = caught.value.report.of_rule("sum_too_large")
    assert (found.file, found.column) == (f"{table}.csv", *change)
    assert "2025" in found.message


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 10**9), st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
def test_refunds_are_accepted_exactly_up_to_what_they_undo(paid_fen: int, refunds_fen: list[int]) -> None:
    import tempfile

    package = valid_package()
    original = package["payments"][0] | {"amount": _written(paid_fen, 2)}
    refunds = [
        original
        | {"payment_id": f"R{number}", "amount": _written(-fen, 2), "reverses": original["payment_id"]}
        for number, fen in enumerate(refunds_fen)
    ]
    package["payments"] = [*refunds[:1], original, *refunds[1:]]
    with tempfile.TemporaryDirectory() as folder:
        source = write_package(Path(folder) / "source", package)
        try:
            read_package(source, workdir=Path(folder) / "work")
            refused: set[str] = set()
        except PackageRefused as refusal:
            refused = {count.rule for count in refusal.report.counts if count.severity == "error"}
    assert refused == ({"refund_exceeds_payment"} if sum(refunds_fen) > paid_fen else set())
