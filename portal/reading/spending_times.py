"""When the money is paid: every month side by side, one year as it went, classes by months."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from portal.reading.charts.model import Chart, Grid, GridRow, Period, Periods, money
from portal.reading.edition import Edition
from portal.reading.leading import claim
from portal.reading.places import Place
from portal.reading.quantities import ABSENT, Amount, amount_in, percent, share
from portal.reading.spending import TOTAL, SpendingQuery, cell, function_names, has_months
from portal.reading.spending_state import address, state_chart
from portal.reading.tongue import tell, tell_month

RUSH_SHARE = 100 / 12


def _month_rows(edition: Edition, place: Place, function: str) -> list[dict[str, Any]]:
    if not has_months(edition):
        return []
    as_of = edition.release.as_of
    rows = edition.runs("spending_monthly", "region_code", "function_code").rows(place.code, function)
    # A month that has not come yet has a plan and a zero: drawn, it would look like a month without payments.
    return sorted((row for row in rows if row["month"] <= as_of), key=lambda row: row["month"])


def months_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Every month of every year, Decembers marked: whether the money is paid evenly or rushed at the end."""
    del year  # the rush shows only when years stand side by side
    rows = _month_rows(edition, place, query.function)
    currency = edition.currency
    periods = tuple(
        Period(
            f"{row['month']:%y}/{row['month'].month}",
            tell_month(row["month"]),
            money(amount_in(row, "paid"), currency),
            money(amount_in(row, "planned"), currency),
            is_marked=row["month"].month == 12,
        )
        for row in rows
    )
    has_plan = any(period.plan is not None and period.plan.is_known for period in periods)
    names = function_names(edition)
    return state_chart(
        edition,
        query,
        _rush_title(rows) if rows else tell("这里没有分月的支付"),
        tell("各月已支付，{}，{}；虚线为当月用款计划", place.name, names.get(query.function, query.function)),
        body=Periods(
            periods, tell("已支付"), tell("当月计划") if has_plan else "", marked_word=tell("12 月")
        ),
        dataset="spending_monthly",
        note=tell("分月的数只公布到市和功能分类的类。") if not rows else "",
    )


def _rush_title(rows: list[dict[str, Any]]) -> str:
    """How much of the last whole year was paid in its last month."""
    by_year: dict[int, dict[int, Amount]] = {}
    for row in rows:
        by_year.setdefault(row["month"].year, {})[row["month"].month] = amount_in(row, "paid")
    whole = [
        year
        for year, months in by_year.items()
        if len(months) == 12 and all(m.is_known for m in months.values())
    ]
    if not whole:
        return tell("各月支付")
    year = max(whole)
    total = sum(amount.fen or 0 for amount in by_year[year].values())
    last = share(by_year[year][12], Amount(total))
    if last is None:
        return tell("各月支付")
    compared = tell("高于") if last > RUSH_SHARE else tell("不高于")
    return tell(
        "{} 年 12 月付了全年的 {}，{}平均每月的 {}", year, percent(last), compared, percent(RUSH_SHARE)
    )


def year_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart | None:
    """One year as it went: paid so far, plan so far, and the budget as the line to reach; None without months."""
    rows = [row for row in _month_rows(edition, place, query.function) if row["month"].year == year]
    if not rows:
        return None
    currency = edition.currency
    budget = money(cell(edition, year, place.code, query.function).adjusted, currency)
    periods: list[Period] = []
    paid, plan = Amount(0), Amount(0)
    for row in rows:
        paid, plan = _more(paid, amount_in(row, "paid")), _more(plan, amount_in(row, "planned"))
        month = row["month"]
        periods.append(
            Period(
                tell("{}月", month.month),
                tell_month(month),
                money(paid, currency),
                money(plan, currency),
                budget,
            )
        )
    done = periods[-1]
    part = done.paid.value / budget.value * 100 if done.paid.value and budget.value else None
    title = (
        tell("{} 年到 {}付了预算的 {}", year, done.label, percent(part))
        if part is not None
        else tell("{} 年各月累计支付", year)
    )
    names = function_names(edition)
    return replace(
        state_chart(
            edition,
            query,
            title,
            tell(
                "{} 年各月累计，{}，{}；横线为全年调整预算，虚线为累计计划",
                year,
                place.name,
                names.get(query.function, query.function),
            ),
            body=Periods(tuple(periods), tell("累计已支付"), tell("累计计划"), tell("调整预算")),
            dataset="spending_monthly",
        ),
        name="spending-year",
    )


def _more(so_far: Amount, amount: Amount) -> Amount:
    """A running sum; it stops at the first month that is not published, which it would else give away."""
    if so_far.fen is None:
        return so_far
    return Amount(so_far.fen + amount.fen) if amount.fen is not None else Amount(None, amount.status)


def heat_chart(edition: Edition, query: SpendingQuery, place: Place, year: int) -> Chart:
    """Function classes by months: what share of its year's budget each class paid in each month."""
    months = list(range(1, 13))
    rows: list[GridRow] = []
    table = edition.frame("spending_monthly").filter(
        (pl.col("region_code") == place.code)
        & (pl.col("month").dt.year() == year)
        & (pl.col("month") <= edition.release.as_of)
    )
    names = function_names(edition)
    by_class: dict[str, dict[int, Amount]] = {}
    for row in table.sort("function_code", "month").iter_rows(named=True):
        by_class.setdefault(row["function_code"], {})[row["month"].month] = amount_in(row, "paid")
    as_of = edition.release.as_of
    last = as_of.month if year == as_of.year else 12
    order = sorted(by_class, key=lambda code: (code != TOTAL, code))
    for code in order:
        budget = cell(edition, year, place.code, code).adjusted
        # Within the reported months no row means that nothing was paid; after them nothing is known yet.
        amounts = [by_class[code].get(month, Amount(0) if month <= last else ABSENT) for month in months]
        rows.append(
            GridRow(
                names.get(code, code),
                tuple(money(amount, edition.currency) for amount in amounts),
                tuple(share(amount, budget) for amount in amounts),
                address(query, function=code),
            )
        )
    return state_chart(
        edition,
        query,
        _heat_title(rows, year),
        tell("{} 年各月已支付占该科目全年调整预算的百分比，{}", year, place.name),
        body=Grid(
            tuple(tell("{}月", month) for month in months),
            tuple(rows),
            tell("科目"),
            tell("已支付"),
            tell("占全年预算"),
        ),
        dataset="spending_monthly",
        note="" if rows else tell("分月的数只公布到市；这里没有。"),
    )


def _heat_title(rows: list[GridRow], year: int) -> str:
    peaks = [
        (part, row.name, month + 1)
        for row in rows[1:]
        for month, part in enumerate(row.shares)
        if part is not None
    ]
    if not peaks:
        return tell("{} 年各月支付", year)
    part, name, month = max(peaks)
    is_sure = not any(cell.is_hidden for row in rows[1:] for cell in row.cells)
    return claim(
        tell("{}在 {} 月最集中，一个月付了全年预算的 {}", name, month, percent(part)), is_sure=is_sure
    )
