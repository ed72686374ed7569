"""Hatching says one thing only: a rule keeps this number back."""

from __future__ import annotations

import pytest

from portal.reading.charts import BarRow, bar_table
from portal.reading.quantities import MERGED, NOT_APPLICABLE, NOT_REPORTED, WITHHELD, Amount


@pytest.mark.parametrize(
    ("amount", "is_hatched"),
    [
        (Amount(None, WITHHELD), True),
        (Amount(None, MERGED), True),
        (Amount(None, NOT_REPORTED), False),
        (Amount(None, NOT_APPLICABLE), False),
        (Amount(0), False),
        (Amount(-5), False),
        (Amount(7), False),
    ],
    ids=str,
)
def test_only_what_a_rule_keeps_back_is_hatched(amount: Amount, *, is_hatched: bool) -> None:
    (row,) = bar_table("", "", [BarRow("教育支出", amount, Amount(10))]).rows
    assert ("url(#hatch)" in row.drawing) is is_hatched
    assert 'class="budget"' in row.drawing
