"""Dates as foreign files write them: patterns, 民國 years, Japanese eras, spreadsheet serials, fiscal years."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta

from publishing.intake.mapping.records import Value

DateReader = Callable[[Value], date | None]

_PARTS = r"\s*(?:年|/|-|\.)\s*([0-9]{1,2})\s*(?:月|/|-|\.)\s*([0-9]{1,2})\s*日?"
_ROC = re.compile(r"(?:中華)?(?:民國|民国)?\s*([0-9]{1,3})" + _PARTS)
_ROC_COMPACT = re.compile(r"([0-9]{2,3})([0-9]{2})([0-9]{2})")
_ROC_MONTH = re.compile(r"(?:中華)?(?:民國|民国)?\s*([0-9]{1,3})\s*(?:年|/|-|\.)\s*([0-9]{1,2})\s*月?")
_ROC_YEAR = re.compile(r"(?:中華)?(?:民國|民国)?\s*([0-9]{1,3})(?:\.0)?\s*(?:年度?)?")
_CHINESE = re.compile(r"([0-9]{4})" + _PARTS)
_ERA = re.compile(r"(令和|平成|昭和|大正|明治|[RHSTMrhstm])\s*\.?(元|[0-9]{1,2})" + _PARTS)
_ERA_YEAR = re.compile(
    r"(令和|平成|昭和|大正|明治|[RHSTMrhstm])\s*\.?(元|[0-9]{1,2})(?:年度?)?(?:以前|以降|頃)?"
)
_ERA_STARTS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_ERA_LETTERS = {"R": "令和", "H": "平成", "S": "昭和", "T": "大正", "M": "明治"}
_SPREADSHEET_EPOCH = date(1899, 12, 30)


def date_reader(form: str, fiscal_year_first_month: int) -> DateReader | None:
    """A reader for one form, None when there is no such form.

    Forms: `iso`, `chinese` (2024年5月1日), `roc` (民國113年5月1日, 113/05/01, 1130501), `roc_month`,
    `roc_year` (113, 民國113年度: its first day, for a fiscal year), `japanese` (令和2年4月1日), `excel` (days since 1899-12-30), `fiscal_year_start` and `fiscal_year_end` (from a year), or a
    pattern with percent signs such as `%Y/%m/%d`.
    """
    if "%" in form:
        return lambda value: _by_pattern(value, form)
    if form == "fiscal_year_start":
        return lambda value: _fiscal_year(value, fiscal_year_first_month, end=False)
    if form == "fiscal_year_end":
        return lambda value: _fiscal_year(value, fiscal_year_first_month, end=True)
    return _FORMS.get(form)


def _text(value: Value) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _by_pattern(value: Value, pattern: str) -> date | None:
    try:
        return datetime.strptime(_text(value), pattern).date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def _iso(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    return (
        _by_pattern(text[:10], "%Y-%m-%d")
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?", text)
        else None
    )


def _roc(value: Value) -> date | None:
    text = _text(value)
    match = _ROC.fullmatch(text) or (_ROC_COMPACT.fullmatch(text) if len(text) in {6, 7} else None)
    return _day(int(match[1]) + 1911, int(match[2]), int(match[3])) if match else None


def _roc_month(value: Value) -> date | None:
    match = _ROC_MONTH.fullmatch(_text(value))
    return _day(int(match[1]) + 1911, int(match[2]), 1) if match else None


def _roc_year(value: Value) -> date | None:
    match = _ROC_YEAR.fullmatch(_text(value))
    return _day(int(match[1]) + 1911, 1, 1) if match else None


def _chinese(value: Value) -> date | None:
    match = _CHINESE.fullmatch(_text(value))
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _japanese(value: Value) -> date | None:
    match = _ERA.fullmatch(_text(value))
    if match is None:
        return None
    era = _ERA_LETTERS.get(match[1].upper(), match[1])
    year = 1 if match[2] == "元" else int(match[2])
    return _day(_ERA_STARTS[era] + year, int(match[3]), int(match[4]))


def _excel(value: Value) -> date | None:
    if isinstance(value, date):
        return _iso(value)
    text = _text(value)
    match = re.fullmatch(r"([0-9]{1,6})(?:\.[0-9]+)?", text)
    return _SPREADSHEET_EPOCH + timedelta(days=int(match[1])) if match else _iso(value)


def _fiscal_year(value: Value, first_month: int, *, end: bool) -> date | None:
    year = _year(_text(value))
    if year is None or not 1 <= year <= 2100:
        return None
    if end:
        return date(year + 1, first_month, 1) - timedelta(days=1)
    return date(year, first_month, 1)


def _year(text: str) -> int | None:
    """2019, 2019年度, 民國108年度, 令和元年度, H31."""
    if match := re.fullmatch(r"([0-9]{4})(?:\.0+)?(?:年度?)?(?:以前|以降|頃)?", text):
        return int(match[1])
    if match := re.fullmatch(r"(?:民國|民国)\s*([0-9]{1,3})(?:年度?)?", text):
        return int(match[1]) + 1911
    if match := _ERA_YEAR.fullmatch(text):
        era = _ERA_LETTERS.get(match[1].upper(), match[1])
        return _ERA_STARTS[era] + (1 if match[2] == "元" else int(match[2]))
    return None


_FORMS: dict[str, DateReader] = {
    "iso": _iso,
    "roc": _roc,
    "roc_month": _roc_month,
    "roc_year": _roc_year,
    "chinese": _chinese,
    "japanese": _japanese,
    "excel": _excel,
}
