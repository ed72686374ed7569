"""Hypothesis strategies for rows of `builders.THINGS`: nasty texts, whole ranges of numbers, missing values."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from publishing.release.content import LARGEST_FEN

NASTY = (
    "",
    "'",
    '"',
    "\\",
    "\\N",
    "\t",
    "\r\n",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\x00",
    "\x07",
    "_x0041_",
    "<&>",
    "，",
    "null",
    " ",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=8))
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))


@st.composite
def thing(draw: st.DrawFn) -> dict[str, Any]:
    """One row, with its twin in order."""
    status = draw(st.sampled_from(["published", "withheld", "not_reported"]))
    month = draw(st.none() | days)
    return {
        "code": draw(texts),
        "name": draw(st.none() | texts),
        "paid": draw(st.integers(-LARGEST_FEN, LARGEST_FEN)) if status == "published" else None,
        "paid_status": status,
        "count": draw(st.none() | st.integers(-(2**63), 2**63 - 1)),
        "rate": draw(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
        "open": draw(st.none() | st.booleans()),
        "begun_on": draw(st.none() | days),
        "month": month.replace(day=1) if month else None,
        "colour": draw(st.none() | st.sampled_from(["red", "green"])),
        "fiscal_year": draw(st.none() | st.integers(1990, 2100)),
    }


rows = st.lists(thing(), min_size=0, max_size=6, unique_by=lambda row: row["code"])
