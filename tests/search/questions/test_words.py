"""Numbers, times and letters: the table of phrases is the test."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.normalize import normalize
from search.numerals import read_number, read_ratio
from search.plan import Period
from search.timewords import describe, match_time

TODAY = date(2026, 10, 31)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000万", 10_000_000),
        ("三点二亿", 320_000_000),
        ("两千五百", 2_500),
        ("二零二五", 2025),
        ("三万五", 35_000),
        ("一百零五", 105),
        ("3千5百万", 35_000_000),
        ("一万二千亿", 1_200_000_000_000),
        ("1亿2千万", 120_000_000),
        ("十五", 15),
        ("二十", 20),
        ("八十点五", Decimal("80.5")),
        ("2.5亿", 250_000_000),
        ("五千万", 50_000_000),
        ("壹佰贰拾", 120),
    ],
)
def test_numbers_are_read_exactly(text: str, value: int | Decimal) -> None:
    number = read_number(text, 0)
    assert number is not None
    assert (number.value, number.end) == (Decimal(value), len(text))


@pytest.mark.parametrize(
    ("text", "percent"),
    [("15%", 15), ("百分之十五", 15), ("八成", 80), ("七成五", 75), ("一半", 50), ("四分之一", 25)],
)
def test_shares_are_read_as_percent(text: str, percent: int) -> None:
    share = read_ratio(text, 0)
    assert share is not None
    assert (share.value, share.end) == (Decimal(percent), len(text))


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 99_999_999))
def test_arabic_numbers_with_and_without_separators_agree(value: int) -> None:
    plain, grouped = read_number(str(value), 0), read_number(f"{value:,}", 0)
    assert plain is not None
    assert grouped is not None
    assert plain.value == grouped.value == value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("去年", "2025年"), ("前年", "2024年"), ("今年", "2026年"), ("明年", "2027年"), ("2025年", "2025年"), ("二零二五年", "2025年"),
        ("25年", "2025年"), ("2025年度", "2025年"), ("上半年", "2026年上半年"), ("去年下半年", "2025年下半年"), ("一季度", "2026年一季度"),
        ("2024年第三季度", "2024年三季度"), ("前三季度", "2026年前三季度"), ("2025年Q2", "2025年二季度"), ("1至6月", "2026年上半年"),
        ("2024年1月至6月", "2024年上半年"), ("2025年3月", "2025年3月"), ("12月", "2025年12月"), ("头四个月", "2026年1月至4月"),
        ("截至6月底", "2026年上半年"), ("截至去年9月底", "2025年前三季度"), ("截至12月底", "2025年"), ("近三年", "2024年至2026年"),
        ("过去两年", "2024年至2025年"), ("今年以来", "2026年"), ("2024年以来", "2024年至2026年"), ("十四五期间", "2021年至2025年"),
        ("十三五时期", "2016年至2020年"), ("十五五期间", "2026年至2030年"), ("2023年至2025年", "2023年至2025年"), ("2023-2025年", "2023年至2025年"),
        ("2024年10月到2025年3月", "2024年10月至2025年3月"), ("上个月", "2026年9月"), ("本月", "2026年10月"), ("上季度", "2026年三季度"),
        ("本季度", "2026年四季度"), ("近6个月", "2026年5月至10月"), ("今年3月以来", "2026年3月至10月"), ("2025-03", "2025年3月"),
        ("2025年3月5日", "2025年3月5日"), ("last year", "2025年"), ("first half of 2025", "2025年上半年"), ("in 2025", "2025年"),
    ],
)  # fmt: skip
def test_words_for_time_are_read_as_days(words: str, said: str) -> None:
    match = match_time(normalize(words).text, 0, TODAY)
    assert match is not None
    assert match.end == len(words)
    assert match.period is not None
    assert describe(match.period) == said


@pytest.mark.parametrize("words", ["2000万元", "2025个项目", "三个市", "教育"])
def test_other_words_are_no_times(words: str) -> None:
    assert match_time(words, 0, TODAY) is None


def test_the_same_time_last_year_is_a_shift_and_no_period() -> None:
    match = match_time("去年同期", 0, TODAY)
    assert match is not None
    assert (match.period, match.shift) == (None, -1)


@settings(deadline=None)  # a busy machine is no failure
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(0, 400))
def test_every_period_can_be_described(start: date, days: int) -> None:
    assert describe(Period(start, date.fromordinal(start.toordinal() + days)))


def test_the_normal_form_remembers_where_each_letter_came_from() -> None:
    normalized = normalize("請問　２０２５年“雲溪”😀支出㎡")
    assert normalized.text == "请问 2025年 云溪 支出m2"
    start = normalized.text.index("云溪")
    assert normalized.quote(start, start + 2) == "雲溪"


@settings(deadline=None)  # a busy machine is no failure
@given(st.text(max_size=80))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normalize(text)
    assert len(once.origins) == len(once.text)
    assert normalize(once.text).text == once.text
