"""The system an attacker could write down: every sum in it must hold in the true values, or it proves nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.aggregate import aggregate, read_rows
from publishing.protect.family import Trees, family
from publishing.protect.recorded import ADJUSTED, APPROVED, PAID, record
from publishing.protect.tree import CellTable
from tests.publishing.staged import KINDS, Staged

ORGS = ("O-prov", "O-city", "O-c1", "O-c2", "O-city2")
FUNCTIONS = ("2050201", "2050202", "2040201", "20502", "204")
PROJECTS = (None, "P1", "P2", "P-secret")

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
        )
        for amount, payee, kind, month in payments:
            built.pay(line, amount, payee=payee, kind=kind, on=date(year, month, 5))
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
    recorded, trees = record(source), Trees.of(source)
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
        for row in family(record(source).measures[PAID], Trees.of(source), PAID)
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
