"""What the next three months may bring: the share of its year each month took in past years, times this year's budget.

The band is the lowest to the highest of those shares: no model, nothing but what happened before. Without two whole
years of months behind it there is no forecast.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from portal.reading.charts.model import Bar, Bars, Chart, Reading, stamp_of
from portal.reading.edition import Edition
from portal.reading.places import Place
from portal.reading.quantities import Amount, amount_in, say
from portal.reading.spending import TOTAL, cell, has_months
from portal.reading.tongue import tell

AHEAD = 3
LEAST_YEARS = 2


def forecast_chart(edition: Edition, place: Place) -> Chart | None:
    """The next months of the year as bars with their band in words; None when there is no ground for it."""
    as_of = edition.release.as_of
    budget = cell(edition, as_of.year, place.code, TOTAL).adjusted
    months = [month for month in range(as_of.month + 1, as_of.month + 1 + AHEAD) if month <= 12]
    shares = _shares(edition, place, as_of)
    if not budget.fen or not months or len(shares) < LEAST_YEARS:
        return None
    bars = []
    for month in months:
        past = [by_month[month] for by_month in shares.values()]
        middle, low, high = (
            round(budget.fen * part) for part in (sum(past) / len(past), min(past), max(past))
        )
        said = str(say(Amount(middle), edition.currency))
        band = tell("{} 到 {}", say(Amount(low), edition.currency), say(Amount(high), edition.currency))
        bars.append(
            Bar(
                tell("{}年{}月", as_of.year, month),
                Reading(middle, tell("{}（{}）", said, band)),
                tell("区间 {}", band),
            )
        )
    years = f"{min(shares)}—{max(shares)}"
    return Chart(
        "forecast",
        urlencode({"region": place.code}),
        tell("照往年的节奏，{} 月会付 {}", months[0], bars[0].size.said),
        tell("{}，今年调整预算 × {} 各年同月所占份额的平均；括号里是各年最低到最高", place.name, years),
        Bars(tuple(bars), tell("预计支付")),
        stamp_of(edition),
        "spending_monthly",
        tell("这是推算，不是公布的数。"),
    )


def _shares(edition: Edition, place: Place, as_of: date) -> dict[int, dict[int, float]]:
    """Month -> share of the year's adjusted budget, of every whole past year that is published in full."""
    if not has_months(edition):
        return {}
    found: dict[int, dict[int, float]] = {}
    for row in edition.runs("spending_monthly", "region_code", "function_code").rows(place.code, TOTAL):
        month, paid = row["month"], amount_in(row, "paid")
        budget = cell(edition, month.year, place.code, TOTAL).adjusted
        if month.year < as_of.year and paid.fen is not None and budget.fen:
            found.setdefault(month.year, {})[month.month] = paid.fen / budget.fen
    return {year: by_month for year, by_month in found.items() if len(by_month) == 12}
