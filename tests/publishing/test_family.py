"""The system an attacker could write down: every sum in it must hold in the true values, or it proves nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.aggregate import aggregate, read_rows
from publishing.protect import default_policy
from publishing.protect.family import Trees, family
from publishing.protect.recorded import ADJUSTED, APPROVED, PAID, PLANNED, record
from publishing.protect.tree import CellTable
from tests.publishing.staged import KINDS, Staged

ORGS = ("O-prov", "O-city", "O-c1", "O-c2", "O-city2")
FUNCTIONS = ("2050201", "2050202", "2040201", "20502", "204")
PROJECTS = (None, "P1", "P2", "P-secret")
CONTRACTS = {"C0": None, "C1": "P1", "C2": "P2", "C3": "P-secret"}
PAYEES_WITHOUT_CONTRACT = 6
ECONOMICS = ("50901", "30217", "30201")
BY_LAW = default_policy().policy.known_by_law

lines = st.lists(
    st.tuples(
        st.sampled_from(ORGS),
        st.sampled_from(FUNCTIONS),
        st.sampled_from(PROJECTS),
        st.sampled_from((2024, 2025)),
        st.lists(
            st.tuples(st.integers(-20, 100), st.integers(1, 9), st.sampled_from(KINDS), st.integers(1, 12)),
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=8,
)


def staged(rows: list[tuple[str, str, str | None, int, list[tuple[int, int, str, int]]]]) -> Staged:
    built = Staged().project("P1").project("P2").project("P-secret", secrecy="secret")
    for name, of_project in CONTRACTS.items():
        built.contract(name, project=of_project)
    for number, (org, function, project, year, payments) in enumerate(rows):
        line = f"L{number}"
        built.line(
            line,
            year=year,
            org=org,
            function=function,
            project=project,
            approved=number + 1,
            adjusted=2 * number + 3,
            economic=ECONOMICS[number % len(ECONOMICS)],
        )
        for amount, payee, kind, month in payments:
            contract = (
                next(one for one, owner in CONTRACTS.items() if owner == project) if payee > 6 else None
            )
            built.pay(line, amount, payee=payee, kind=kind, on=date(year, month, 5), contract=contract)
    return built


def broken_sums(table: CellTable) -> list[tuple[str, int]]:
    joined = table.relations.join(table.cells, on="key", how="left")
    assert joined.filter(pl.col("value_fen").is_null()).is_empty(), "a sum names a cell that does not exist"
    return (
        joined.group_by("relation")
        .agg((pl.col("sign") * pl.col("value_fen")).sum())
        .filter(pl.col("sign") != 0)
        .rows()
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lines)
def test_every_sum_of_the_system_holds(
    rows: list[tuple[str, str, str | None, int, list[tuple[int, int, str, int]]]], tmp_path: Path
) -> None:
    source = read_rows(staged(rows).write(tmp_path))
    recorded, trees = record(source, BY_LAW), Trees.of(source)
    for measure in (PAID, APPROVED, ADJUSTED):
        table = family(recorded.measures[measure], trees, measure)
        assert broken_sums(table) == []
        assert table.cells["key"].is_unique().all()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lines)
def test_every_published_row_is_a_shown_cell_with_the_same_value(
    rows: list[tuple[str, str, str | None, int, list[tuple[int, int, str, int]]]], tmp_path: Path
) -> None:
    source = read_rows(staged(rows).write(tmp_path))
    cells = {
        row[0]: row[1:]
        for row in family(record(source, BY_LAW).measures[PAID], Trees.of(source), PAID)
        .cells.filter("shown")
        .iter_rows()
    }
    drafts = aggregate(source, lambda texts: texts).drafts
    for row in drafts["spending"].frame.iter_rows(named=True):
        key = f"spending|{row['fiscal_year']}|{row['region_code']}|{row['function_code']}"
        if row["paid"]:
            assert cells[key][0] == row["paid"]
        else:  # zero, or not reported at all: nothing but zero may stand behind it
            assert cells.get(key, (0,))[0] == 0
    for row in drafts["project_months"].frame.iter_rows(named=True):
        assert cells[f"project_months|{row['project_id']}|{row['month']}"][0] == row["paid"]
    for row in drafts["fund_flow"].frame.iter_rows(named=True):
        key = f"fund_flow|{row['fiscal_year']}|{row['fund_source']}|{row['sector']}|{row['payee_group']}"
        assert cells[key][0] == row["paid"]


def cells_of(built: Staged, folder: Path, measure: str = PAID) -> dict[str, dict[str, int]]:
    source = read_rows(built.write(folder))
    table = family(record(source, BY_LAW).measures[measure], Trees.of(source), measure)
    return {row["key"]: row for row in table.cells.iter_rows(named=True)}


def test_what_companies_get_on_public_contracts_hides_nobody(tmp_path: Path) -> None:
    built = Staged().project("P1").contract("C1", project="P1").line("L1", project="P1")
    built.pay("L1", 1_000_000, kind="company", payee=50, contract="C1")
    for payee, amount in ((1, 500), (2, 490), (3, 1)):
        built.pay("L1", amount, payee=payee)
    cells = cells_of(built, tmp_path)
    rest = cells["beside_contracts_of_project|P1|total"]
    assert (rest["value_fen"], rest["contributors"], rest["largest_fen"], rest["second_fen"]) == (
        991,
        3,
        500,
        490,
    )
    assert cells["known_contracts_of_project|P1|total"]["known"]
    assert cells["beside_contracts_of_unit|2025|O-prov|total"]["value_fen"] == 991


def test_what_the_law_makes_public_is_known_and_the_rest_of_its_class_stands_for_itself(
    tmp_path: Path,
) -> None:
    built = (
        Staged()
        .line("L1", economic="30217")
        .line("L2", economic="30201")
        .line("L3", org="O-city", economic="30217")
    )
    built.pay("L1", 900, kind="company", payee=50).pay("L2", 70, payee=1).pay("L3", 5, payee=2)
    cells = cells_of(built, tmp_path)
    assert cells["known_by_law|2025|O-prov|302"]["value_fen"] == 900
    assert cells["beside_by_law|2025|O-prov|302"]["contributors"] == 1
    assert not cells["spending_by_organisation|2025|O-prov|302"]["known"]
    assert cells["spending_by_organisation|2025|O-city|302"]["known"], "all of it is public by law"


def test_what_a_closed_project_spends_is_secret_even_where_the_law_makes_the_class_public(
    tmp_path: Path,
) -> None:
    built = Staged().project("P-secret", secrecy="secret").line("L1", economic="30217", project="P-secret")
    built.pay("L1", 900, kind="company", payee=50)
    assert not [key for key in cells_of(built, tmp_path) if key.startswith("known_by_law")]


def test_the_suppliers_own_page_leaves_what_closed_projects_paid_them(tmp_path: Path) -> None:
    built = (
        Staged()
        .project("P-secret", secrecy="secret")
        .line("L1")
        .line("L2", project="P-secret")
        .contract("C0")
    )
    built.pay("L1", 900, kind="company", payee=50, contract="C0").pay("L2", 33, kind="company", payee=50)
    cells = cells_of(built, tmp_path)
    rest = cells["beside_suppliers|company"]
    assert (rest["value_fen"], rest["contributors"], rest["shown"]) == (33, 1, False)


def test_the_plans_of_public_projects_do_not_hide_those_of_closed_ones(tmp_path: Path) -> None:
    built = Staged().project("P1").project("P-secret", secrecy="secret")
    built.line("L1", project="P1").line("L2", project="P-secret").plan("L1", 5_000).plan("L2", 70)
    cell = cells_of(built, tmp_path, PLANNED)["spending_monthly|2025-03-01|990000|total"]
    assert (cell["value_fen"], cell["contributors"], cell["largest_fen"]) == (70, 1, 70)
