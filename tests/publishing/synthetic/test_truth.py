"""The planted evidence, looked for in the raw files by rules written again from their words."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from publishing.synthetic.anomalies import GRADES
from publishing.synthetic.irregular import APPROVAL_LIMIT_FEN
from tests.publishing.synthetic.conftest import Package


@pytest.fixture(scope="module")
def books(package: Package) -> Books:
    return Books(package)


class Books:
    """Plan and spending by line and month, in fen."""

    def __init__(self, package: Package) -> None:
        plans = package.table("plans").with_columns(
            pl.col("planned_cumulative").str.replace(".", "", literal=True).cast(pl.Int64)
        )
        self.plans = {
            str(line): np.diff(rows.sort("month")["planned_cumulative"].to_numpy(), prepend=0)
            for (line,), rows in plans.group_by("line_id")
        }
        self.adjusted = dict(package.lines.select("line_id", "adjusted").iter_rows())
        self.fund = dict(package.lines.select("line_id", "fund_source").iter_rows())
        self.paid: dict[str, Any] = {}
        month = pl.col("paid_on").str.slice(5, 2).cast(pl.Int64)
        sums = package.payments.group_by("line_id", month.alias("month")).agg(pl.col("fen").sum())
        for line, number, fen in sums.iter_rows():
            self.paid.setdefault(line, np.zeros(12))[number - 1] = fen


def shares(books: Books, found: dict[str, Any]) -> tuple[Any, Any, Any, int]:
    """(paid / plan by month, cumulative paid / cumulative plan, cumulative paid / budget, the month from 0)."""
    line = found["line_id"]
    plan, paid = books.plans[line], books.paid[line]
    cumulative = np.cumsum(paid)
    return (
        paid / plan,
        cumulative / np.cumsum(plan),
        cumulative / books.adjusted[line],
        int(found["month"][5:]) - 1,
    )


def of_kind(package: Package, kind: str) -> list[dict[str, Any]]:
    return [found for found in package.truth["anomalies"] if found["kind"] == kind]


def test_every_kind_is_planted_with_its_grade(package: Package) -> None:
    planted = {found["kind"]: found["grade"] for found in package.truth["anomalies"]}

    assert planted == GRADES
    assert len({found["id"] for found in package.truth["anomalies"]}) == len(package.truth["anomalies"])


def test_months_that_come_close_to_the_plan_are_there(package: Package, books: Books) -> None:
    for found in of_kind(package, "month_above_80_percent_of_plan"):
        of_plan, _, _, month = shares(books, found)
        assert 0.8 < of_plan[month] < 1


def test_two_months_above_plan_are_there(package: Package, books: Books) -> None:
    for found in of_kind(package, "above_plan_two_months"):
        of_plan, _, _, month = shares(books, found)
        assert (of_plan[month - 1 : month + 1] > 1).all()


def test_two_months_far_behind_are_there(package: Package, books: Books) -> None:
    for found in of_kind(package, "below_70_percent_two_months"):
        _, so_far, _, month = shares(books, found)
        assert (so_far[month - 1 : month + 1] < 0.7).all()


def test_a_month_with_a_fifth_of_the_budget_is_there(package: Package, books: Books) -> None:
    for found in of_kind(package, "month_above_20_percent_of_budget"):
        _, _, of_budget, month = shares(books, found)
        assert of_budget[month] - of_budget[month - 1] > 0.2


def test_silent_months_are_silent(package: Package, books: Books) -> None:
    for kind, length in (("three_months_at_zero", 3), ("special_balance_untouched_six_months", 6)):
        for found in of_kind(package, kind):
            month = int(found["month"][5:])
            assert not books.paid[found["line_id"]][month - length : month].any()
    for found in of_kind(package, "special_balance_untouched_six_months"):
        assert books.fund[found["line_id"]] in {"transfer", "bond", "fund"}


def test_years_that_end_off_plan_are_there(package: Package, books: Books) -> None:
    for found in of_kind(package, "year_end_deviation"):
        _, so_far, _, month = shares(books, found)
        assert month == 11
        assert abs(so_far[11] - 1) > 0.05


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("over_budget_up_to_10_percent", 1.0, 1.1), ("over_budget_beyond_10_percent", 1.1, 2.0)],
)
def test_overspent_lines_are_overspent_by_as_much(
    package: Package, books: Books, kind: str, low: float, high: float
) -> None:
    for found in of_kind(package, kind):
        _, _, of_budget, month = shares(books, found)
        assert of_budget[month - 1] <= low < of_budget[month]
        assert of_budget[11] < high


def test_lines_without_a_budget_were_spent_on(package: Package, books: Books) -> None:
    for found in of_kind(package, "payment_without_budget"):
        assert books.adjusted[found["line_id"]] == 0
        assert books.paid[found["line_id"]].sum() > 0


def test_split_payments_stay_just_under_the_limit(package: Package) -> None:
    for found in of_kind(package, "split_payments"):
        split = package.payments.filter(pl.col("payment_id").is_in(found["payment_ids"]))
        assert split.height >= 4
        assert split["supplier_id"].n_unique() == 1
        assert split["fen"].is_between(APPROVAL_LIMIT_FEN * 0.9, APPROVAL_LIMIT_FEN, closed="left").all()
        days = split["paid_on"].str.to_date().sort()
        assert (days[-1] - days[0]).days <= 8


def test_one_supplier_wins_contracts_of_many_sectors(package: Package) -> None:
    sectors = package.table("organisations").select("org_id", "sector")
    for found in of_kind(package, "supplier_many_unrelated_contracts"):
        won = package.table("contracts").filter(pl.col("contract_id").is_in(found["contract_ids"]))
        assert set(won["supplier_id"]) == {found["supplier_id"]}
        assert won.join(sectors, on="org_id")["sector"].n_unique() >= 5


def test_money_received_is_scattered_at_once(package: Package) -> None:
    for found in of_kind(package, "received_and_scattered"):
        moved = package.payments.filter(pl.col("payment_id").is_in(found["payment_ids"]))
        received = moved.filter(pl.col("supplier_id") == found["supplier_id"])
        passed = moved.filter(pl.col("payment_id") != received["payment_id"][0])
        name = package.table("organisations").filter(pl.col("org_id") == found["org_id"])["name"][0]
        assert received["payee_name"].to_list() == [name]
        assert passed["payee_account"].n_unique() >= 10
        assert 0.9 < passed["fen"].sum() / received["fen"][0] < 1


def test_strangers_are_in_no_register(package: Package) -> None:
    registered = set(package.table("suppliers")["name"])
    for found in of_kind(package, "payee_not_registered"):
        paid = package.payments.filter(pl.col("payment_id").is_in(found["payment_ids"]))
        assert paid["supplier_id"].is_null().all()
        assert not registered & set(paid["payee_name"])
