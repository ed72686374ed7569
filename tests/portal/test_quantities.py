from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reading.quantities import (
    CNY,
    JPY,
    Amount,
    amount_in,
    currency_of,
    exact_text,
    file_size,
    percent,
    plain_text,
    quantity,
    say,
    say_each,
    share,
)


@pytest.mark.parametrize(
    ("fen", "figure", "unit"),
    [
        (0, "0", "元"),
        (1, "0.01", "元"),
        (999_999, "9,999.99", "元"),
        (1_000_000, "1.0", "万元"),
        (123_450_000, "123.5", "万元"),
        (123_450_000_00, "1.23", "亿元"),
        (-123_450_000_00, "-1.23", "亿元"),
        (1_234_500_000_000, "123.45", "亿元"),
    ],
)
def test_yuan_are_said_in_the_unit_that_suits_their_size(fen: int, figure: str, unit: str) -> None:
    said = say(Amount(fen), CNY)
    assert (said.figure, said.unit) == (figure, unit)


@pytest.mark.parametrize(
    ("fen", "said"),
    [(12_300_000_00, "12.3 百万円"), (123_450_000_000, "12.35 億円"), (99_900, "999 円"), (0, "0 円")],
)
def test_yen_are_said_in_their_own_units(fen: int, said: str) -> None:
    assert str(say(Amount(fen), JPY)) == said


def test_a_currency_nobody_described_is_said_in_millions() -> None:
    assert str(say(Amount(1_234_567_89), currency_of("eur"))) == "1.2 百万 EUR"


@pytest.mark.parametrize(
    ("status", "mark"), [("withheld", "◫"), ("merged", "⊕"), ("not_reported", "…"), ("not_applicable", "—")]
)
def test_an_absent_amount_shows_its_own_mark_and_never_a_zero(status: str, mark: str) -> None:
    said = say(Amount(None, status))
    assert said.mark == mark
    assert said.figure == ""


def test_a_withheld_amount_stays_hidden_even_if_a_number_stands_beside_it() -> None:
    assert amount_in({"paid": 5, "paid_status": "withheld"}, "paid") == Amount(None, "withheld")


def test_a_measure_without_twin_is_published_when_it_is_there() -> None:
    assert amount_in({"amount": 5}, "amount") == Amount(5)
    assert amount_in({"amount": None}, "amount") == Amount(None, "not_reported")


def test_amounts_per_head_are_whole_yuan() -> None:
    assert str(say_each(Amount(1_321_449))) == "13,214 元"


@given(st.integers(-(10**17), 10**17))
def test_the_exact_text_is_exact(fen: int) -> None:
    assert Decimal(plain_text(fen)) * 100 == fen
    assert exact_text(fen).replace(",", "") == plain_text(fen)


@pytest.mark.parametrize(
    ("value", "text"), [(12.345, "12.35"), (12.0, "12"), (1234567.5, "1,234,567.5"), (None, "…")]
)
def test_quantities_have_at_most_two_decimals(value: float | None, text: str) -> None:
    assert quantity(value) == text


def test_a_share_of_nothing_is_no_share() -> None:
    assert share(Amount(5), Amount(0)) is None
    assert share(Amount(None, "withheld"), Amount(5)) is None
    assert percent(share(Amount(1), Amount(3))) == "33.3%"
    assert percent(None) == "—"


def test_file_sizes_are_said_in_their_unit() -> None:
    assert [file_size(size) for size in (999, 12_300, 4_560_000, 7_890_000_000)] == [
        "999 B",
        "12.3 KB",
        "4.6 MB",
        "7.89 GB",
    ]
