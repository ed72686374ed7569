"""From staged rows to tables, and who stands behind each cell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from publishing.aggregate import aggregate, read_rows
from publishing.contributors import ENOUGH, Contributors
from publishing.protect.family import Trees, family
from publishing.protect.recorded import ADJUSTED, PAID, record
from tests.publishing.staged import Staged


def untouched(texts: pl.Series) -> pl.Series:
    return texts


def cell(frame: pl.DataFrame, **keys: object) -> dict[str, object]:
    rows = frame.filter(*[pl.col(name) == value for name, value in keys.items()])
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def drafts(staged: Staged, folder: Path) -> dict[str, pl.DataFrame]:
    return {
        name: one.frame for name, one in aggregate(read_rows(staged.write(folder)), untouched).drafts.items()
    }


def test_a_place_contains_everything_below_it(tmp_path: Path) -> None:
    staged = (
        Staged()
        .line("L1", org="O-prov", approved=100, adjusted=120).pay("L1", 10)
        .line("L2", org="O-city", approved=50, adjusted=50).pay("L2", 20)
        .line("L3", org="O-c1", approved=7, adjusted=7, function="2050202").pay("L3", 3)
    )  # fmt: skip
    spending = drafts(staged, tmp_path)["spending"]
    province = cell(spending, region_code="990000", function_code="total")
    assert (province["approved"], province["adjusted"], province["paid"]) == (157, 177, 33)
    city = cell(spending, region_code="990100", function_code="205")
    assert (city["approved"], city["paid"], city["region_level"], city["function_level"]) == (
        57,
        23,
        "city",
        "class",
    )
    assert spending.filter(region_code="990102").is_empty()


def test_a_line_without_payment_has_paid_zero_not_nothing(tmp_path: Path) -> None:
    staged = Staged().line("L1", approved=5, adjusted=5).line("L2", function="2050202").pay("L2", 4)
    spending = drafts(staged, tmp_path)["spending"]
    assert cell(spending, region_code="990000", function_code="2050201")["paid"] == 0


def test_a_year_without_any_payment_is_not_reported_rather_than_zero(tmp_path: Path) -> None:
    staged = (
        Staged()
        .line("L1", year=2024, approved=5, adjusted=5)
        .pay("L1", 4, on=date(2024, 3, 1))
        .line("L2", year=2025, approved=6)
    )
    tables = drafts(staged, tmp_path)
    for name, keys in (
        ("spending", {"region_code": "990000", "function_code": "total"}),
        ("spending_by_organisation", {"org_id": "O-prov", "economic_code": "total"}),
    ):
        paid = {year: cell(tables[name], fiscal_year=year, **keys)["paid"] for year in (2024, 2025)}
        assert paid == {2024: 4, 2025: None}
        assert cell(tables[name], fiscal_year=2025, **keys)["approved"] == 6


def behind(staged: Staged, folder: Path, measure: str = PAID) -> dict[str, tuple[int, int, int]]:
    """Key of each cell -> contributors, largest, second."""
    rows = read_rows(staged.write(folder))
    cells = family(record(rows).measures[measure], Trees.of(rows), measure).cells
    return {
        row[0]: row[1:]
        for row in cells.select("key", "contributors", "largest_fen", "second_fen").iter_rows()
    }


def test_a_person_paid_in_two_counties_is_one_contributor_of_their_city(tmp_path: Path) -> None:
    staged = (
        Staged().line("L1", org="O-c1").line("L2", org="O-c2")
        .pay("L1", 10, payee=7).pay("L2", 15, payee=7).pay("L2", 4, payee=8)
    )  # fmt: skip
    cells = behind(staged, tmp_path)
    assert cells["spending|2025|990100|total"] == (2, 25, 4)
    assert cells["spending|2025|990102|2050201"] == (2, 15, 4)


def test_a_refund_is_netted_in_the_month_it_was_paid_back(tmp_path: Path) -> None:
    staged = Staged().line("L1").pay("L1", 10, on=date(2025, 3, 5)).pay("L1", -4, on=date(2025, 5, 1))
    monthly = drafts(staged, tmp_path)["spending_monthly"].filter(
        region_level="province", function_level="total"
    )
    assert monthly.select("month", "paid").rows() == [(date(2025, 3, 1), 10), (date(2025, 5, 1), -4)]


def test_a_month_that_is_planned_and_still_to_come_is_not_reported(tmp_path: Path) -> None:
    staged = (
        Staged().line("L1").line("L2", org="O-c1").pay("L1", 10, on=date(2025, 3, 5))
        .plan("L2", 7).plan("L2", 9, month=date(2025, 4, 1))
    )  # fmt: skip
    monthly = drafts(staged, tmp_path)["spending_monthly"].filter(
        region_level="city", region_code="990100", function_level="total"
    )
    assert monthly.select("month", "paid", "planned").rows() == [
        (date(2025, 3, 1), 0, 7),
        (date(2025, 4, 1), None, 2),
    ]


def test_of_a_month_still_to_come_a_project_has_a_plan_and_no_zero(tmp_path: Path) -> None:
    staged = (
        Staged().project("P1").line("L1", project="P1").line("L2").pay("L2", 10, on=date(2025, 3, 5))
        .plan("L1", 7).plan("L1", 9, month=date(2025, 4, 1))
    )  # fmt: skip
    months = drafts(staged, tmp_path)["project_months"]
    assert months.select("month", "paid", "planned_cumulative").rows() == [
        (date(2025, 3, 1), 0, 7),
        (date(2025, 4, 1), None, 9),
    ]


def test_a_closed_project_is_one_contributor_and_in_no_row(tmp_path: Path) -> None:
    staged = (
        Staged().project("P-open").project("P-secret", secrecy="secret")
        .line("L1", project="P-open", approved=5, adjusted=5).pay("L1", 2, kind="company")
        .line("L2", project="P-secret", approved=50, adjusted=60)
        .pay("L2", 30, kind="company", payee=1).pay("L2", 12, payee=2)
    )  # fmt: skip
    tables = drafts(staged, tmp_path)
    province = cell(tables["spending"], region_code="990000", function_code="total")
    assert province["paid"] == 44
    assert tables["projects"]["project_id"].to_list() == ["P-open"]
    assert tables["project_months"]["project_id"].unique().to_list() == ["P-open"]


def test_a_closed_project_stands_behind_every_cell_it_enters(tmp_path: Path) -> None:
    staged = (
        Staged().project("P-secret", secrecy="secret")
        .line("L2", project="P-secret", approved=50, adjusted=60)
        .pay("L2", 30, kind="company", payee=1).pay("L2", 12, payee=2)
    )  # fmt: skip
    assert behind(staged, tmp_path)["spending|2025|990000|total"] == (1, 42, 0)
    assert behind(staged, tmp_path, ADJUSTED)["spending|2025|990000|total"] == (1, 60, 0)


CONTRIBUTIONS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 8), st.integers(-50, 100).filter(bool)),
    min_size=1,
    max_size=40,
)


@given(
    rows=CONTRIBUTIONS,
    cells=st.lists(st.integers(0, 2), min_size=6, max_size=6),
    value=st.integers(-200, 2_000),
)
def test_who_stands_behind_a_cell_is_exact_in_doubt_and_a_safe_bound_elsewhere(
    rows: list[tuple[int, int, int]], cells: list[int], value: int
) -> None:
    frame = pl.DataFrame(
        rows, schema={"atom": pl.UInt32, "contributor": pl.UInt64, "amount_fen": pl.Int64}, orient="row"
    )
    sums = frame.group_by("atom", "contributor").agg(pl.col("amount_fen").sum())
    numbers = pl.Series(range(6), dtype=pl.UInt32)
    of_leaf = pl.DataFrame({"leaf": numbers, "cell": pl.Series(cells, dtype=pl.UInt32)})
    values = of_leaf.select("cell").unique().with_columns(pl.lit(value).alias("value_fen"))
    leaves = Contributors(sums).leaves(pl.DataFrame({"atom": numbers, "leaf": numbers}))
    told = leaves.cells(of_leaf, values)
    found = {row[0]: row[1:4] for row in told.iter_rows()}
    by = dict(zip(told["cell"], told["largest_by"], strict=True))
    expected: dict[int, tuple[int, int, int]] = {}
    for number in set(cells):
        totals: dict[int, int] = {}
        for atom, contributor, amount in sums.iter_rows():
            if cells[atom] == number and amount:
                totals[contributor] = totals.get(contributor, 0) + amount
        top = sorted((abs(total) for total in totals.values() if total), reverse=True)
        if top and by[number] is not None:
            assert abs(totals[by[number]]) == top[0]
        if top:
            expected[number] = (len(top), top[0], top[1] if len(top) > 1 else 0)
    for number, (count, largest, second) in expected.items():
        if found[number] != (count, largest, second):
            low, most, _ = found[number]
            assert by[number] is None
            assert ENOUGH <= low <= count
            assert most >= largest
            assert abs(value) >= 4 * most, "only a cell that no rule can touch is told in bounds"
    assert set(found) >= set(expected)
