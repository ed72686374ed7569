"""Single payees, refunds, chains, empty cells, two releases and time limits.

What a payee can tell is asked of scipy, which shares nothing with the suppressor.
"""

from __future__ import annotations

import ast
from collections.abc import Set as AbstractSet
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import anonymize.attack
from anonymize.attack import attack, attack_as_insiders
from anonymize.cells import CellTable, check_table, roll_up, table_system, with_sole_payees
from anonymize.certificate import make_certificate, pairs_left_open, verify_certificate
from anonymize.errors import TableError
from anonymize.hierarchy import Hierarchy
from anonymize.rules import PrimaryRules
from anonymize.suppress import Infeasible, Pattern, TimeLimit, suppress
from anonymize.system import Booleans, System

RULES = PrimaryRules()
PLACES = Hierarchy.from_pairs(
    "place",
    [("P", None), ("A", "P"), ("B", "P"), *((f"{above}{n}", above) for above in "AB" for n in range(1, 4))],
)
KINDS = Hierarchy.from_pairs(
    "kind", [("T", None), ("1", "T"), ("11", "1"), ("2", "T"), ("21", "2"), ("22", "2"), ("23", "2")]
)
TREES = {"place": PLACES, "kind": KINDS}
PLACE_LEAVES = [f"{above}{n}" for above in "AB" for n in range(1, 4)]
KIND_LEAVES = ["11", "21", "22", "23"]

_ASKED = 3
"""Payees whose knowledge scipy is asked about, per table: it needs thousands of programmes for all."""

Rows = list[tuple[str, str, str, int]]
payments = st.lists(
    st.tuples(
        st.sampled_from(PLACE_LEAVES),
        st.sampled_from(KIND_LEAVES),
        st.integers(1, 30).map("p{}".format),
        st.integers(1, 4_000),
    ),
    min_size=20,
    max_size=90,
)
refunded = st.lists(
    st.tuples(
        st.sampled_from(PLACE_LEAVES),
        st.sampled_from(KIND_LEAVES),
        st.integers(1, 30).map("p{}".format),
        st.integers(-400, 4_000),
    ),
    min_size=20,
    max_size=60,
)


def table_of(rows: Rows, *, lowest: int = 0) -> CellTable:
    frame = pl.DataFrame(
        rows,
        schema={"place": pl.String, "kind": pl.String, "payee": pl.String, "amount": pl.Int64},
        orient="row",
    )
    return check_table("payments", roll_up(frame, TREES), TREES, lowest=lowest, nobody_allowed=True)


def span(system: System, moving: Booleans, cell: int) -> tuple[float, float]:
    """How far a cell can fall and rise while everything but `moving` is known."""
    places = np.flatnonzero(moving)
    relations = system.relations.toarray()[:, places].astype(np.float64)
    bounds: list[tuple[float, None]] = [(-float(room), None) for room in system.room_below[places]]
    ends = []
    for sign in (1.0, -1.0):
        cost = np.where(places == cell, sign, 0.0)
        solved = linprog(
            cost, A_eq=relations, b_eq=np.zeros(relations.shape[0]), bounds=bounds, method="highs"
        )
        ends.append(sign * float(solved.fun or 0.0) if solved.status == 0 else -sign * np.inf)
    return ends[0], ends[1]


def is_wide(system: System, moving: Booleans, cell: int) -> bool:
    fall, rise = span(system, moving, cell)
    slack = 1e-4 * max(1.0, float(system.value[cell]))
    return bool(fall <= -system.lpl[cell] + slack and rise >= system.upl[cell] - slack)


def assert_wide_for_payees(system: System, pattern: Pattern, excepted: AbstractSet[tuple[int, int]]) -> None:
    """No payee narrows a sensitive cell of others, but for the pairs (payee, cell) that are named."""
    for number, insider in enumerate(system.insiders[:_ASKED]):
        moving = pattern.withheld.copy()
        moving[insider.cells] = False
        for cell in np.flatnonzero(system.sensitive).tolist():
            if cell not in insider.cells and (number, cell) not in excepted:
                assert is_wide(system, moving, cell)


@settings(max_examples=5, deadline=None)
@given(rows=payments)
def test_no_payee_that_is_alone_in_a_cell_learns_anothers(rows: Rows) -> None:
    system, _ = table_system(table_of(rows), RULES, insiders=True)
    pattern = suppress(system)
    if not isinstance(pattern, Pattern):
        return
    assert_wide_for_payees(system, pattern, {(one.insider, one.cell) for one in pattern.narrowed})
    assert verify_certificate(system, pattern.withheld, make_certificate(system, pattern)) > 0


def alone_in(rows: Rows) -> dict[str, set[str]]:
    """The cells in which a payee is the only one, by payee; worked out by hand."""
    payees: dict[str, set[str]] = {}
    for place, kind, payee, _ in rows:
        for above in ("P", place[0], place):
            for wider in ("T", kind[0], kind):
                payees.setdefault(f"{above}|{wider}", set()).add(payee)
    found: dict[str, set[str]] = {}
    for cell, there in payees.items():
        if len(there) == 1:
            found.setdefault(min(there), set()).add(cell)
    return found


def named_table_of(rows: Rows) -> CellTable:
    table = table_of(rows)
    payee_of = {cell: payee for payee, cells in alone_in(rows).items() for cell in cells}
    names = pl.Series("sole_payee", list(map(payee_of.get, table.keys())), dtype=pl.String)
    return check_table("payments", table.frame.with_columns(names), TREES, nobody_allowed=True)


@settings(max_examples=20, deadline=None)
@given(rows=payments)
def test_a_payee_that_is_named_is_one_in_all_its_cells(rows: Rows) -> None:
    system, _ = table_system(named_table_of(rows), RULES, insiders=True)
    found = [{str(system.keys[cell]) for cell in insider.cells.tolist()} for insider in system.insiders]
    assert sorted(map(sorted, found)) == sorted(map(sorted, alone_in(rows).values()))


@settings(max_examples=5, deadline=None)
@given(rows=payments)
def test_no_payee_that_is_named_learns_anothers_from_all_its_cells_together(rows: Rows) -> None:
    system, _ = table_system(named_table_of(rows), RULES, insiders=True)
    pattern = suppress(system)
    if not isinstance(pattern, Pattern):
        return
    assert_wide_for_payees(system, pattern, {(one.insider, one.cell) for one in pattern.narrowed})


def test_a_payee_named_in_a_cell_of_several_is_refused() -> None:
    frame = roll_up(
        pl.DataFrame({"place": ["A1", "A1"], "kind": ["11", "11"], "payee": ["p", "q"], "amount": [5, 7]}),
        TREES,
    )
    with pytest.raises(TableError, match="the cell has not one contributor"):
        check_table("payments", frame.with_columns(sole_payee=pl.lit("p")), TREES)


@settings(max_examples=5, deadline=None)
@given(rows=payments)
def test_the_auditor_finds_every_payee_who_learns_too_much(rows: Rows) -> None:
    """A pattern made without a thought of payees; scipy says which payee can narrow which cell."""
    plain, assessed = table_system(table_of(rows), RULES)
    pattern = suppress(plain)
    if not isinstance(pattern, Pattern):
        return
    system = with_sole_payees(plain, assessed)
    found = attack_as_insiders(system, pattern.withheld, system.insiders[:_ASKED])
    expected = set()
    for insider in system.insiders[:_ASKED]:
        moving = pattern.withheld.copy()
        moving[insider.cells] = False
        expected |= {
            (str(system.keys[cell]), insider.name)
            for cell in np.flatnonzero(system.sensitive).tolist()
            if cell not in insider.cells and not is_wide(system, moving, cell)
        }
    assert {(one.key, one.insider) for one in found.exposures} == expected


@settings(max_examples=5, deadline=None)
@given(rows=payments)
def test_what_the_certificate_closes_no_payee_can_open_and_the_price_is_kept(rows: Rows) -> None:
    plain, assessed = table_system(table_of(rows), RULES)
    system = with_sole_payees(plain, assessed)
    outsiders, pattern = suppress(plain), suppress(system, insider_share=0.05)
    if not isinstance(pattern, Pattern) or not isinstance(outsiders, Pattern):
        return
    certificate = make_certificate(system, pattern)
    verify_certificate(system, pattern.withheld, certificate)
    left = pairs_left_open(system, certificate)
    named = {(one.insider, one.cell) for one in pattern.narrowed}
    assert_wide_for_payees(system, pattern, left | named)
    found = attack_as_insiders(system, pattern.withheld, system.insiders, pairs=left - named)
    assert {one.key for one in found.exposures} <= {str(system.keys[cell]) for _, cell in named}
    assert pattern.cost(system) <= 1.05 * outsiders.cost(plain) + 1


@settings(max_examples=5, deadline=None)
@given(rows=refunded)
def test_refunds_open_nothing_when_cells_may_be_below_zero(rows: Rows) -> None:
    lowest = -40_000
    system, _ = table_system(table_of(rows, lowest=lowest), RULES, lowest=lowest)
    pattern = suppress(system)
    if isinstance(pattern, Pattern):
        for cell in np.flatnonzero(system.sensitive).tolist():
            assert is_wide(system, pattern.withheld, cell)


def steady(payees: int) -> Rows:
    return [
        (place, kind, f"{place}{kind}{payee}", 900 + 10 * payee)
        for place in PLACE_LEAVES
        for kind in KIND_LEAVES
        for payee in range(payees)
    ]


def test_a_chain_with_one_child_is_withheld_from_top_to_bottom() -> None:
    """Class 1 has the one child 11: the same number, so both or none."""
    rows = [row for row in steady(6) if row[:2] != ("A1", "11")]
    system, _ = table_system(table_of([*rows, ("A1", "11", "alone", 700)]), RULES)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    assert pattern.withheld[system.position("A1|11")]
    assert pattern.withheld[system.position("A1|1")]
    assert attack(system, pattern.withheld).clean


def test_an_empty_cell_protects_nobody() -> None:
    """A cell with neither money nor payees is known to be zero; it is never used as a screen."""
    rows = [row for row in steady(6) if row[:2] not in {("A1", "21"), ("A2", "22")}]
    table = table_of([*rows, ("A1", "21", "alone", 500)])
    system, _ = table_system(table, RULES)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    empty = system.value == 0
    assert not (pattern.withheld & empty).any()


def test_a_payee_in_many_cells_is_one_contributor() -> None:
    rows = [(place, "21", "everywhere", 1_000) for place in PLACE_LEAVES]
    table = table_of([*steady(6), *rows])
    counted = table.frame.filter((pl.col("place") == "P") & (pl.col("kind") == "21"))
    assert counted["contributors"].item() == 6 * len(PLACE_LEAVES) + 1


def test_a_search_stopped_at_once_gives_no_pattern() -> None:
    rows = [row for row in steady(6) if row[:2] != ("A1", "21")]
    system, _ = table_system(table_of([*rows, ("A1", "21", "alone", 500)]), RULES)
    result = suppress(system, stop=lambda: True)
    assert isinstance(result, TimeLimit)
    assert result.unmet > 0


def test_what_no_pattern_protects_is_named_with_a_sibling() -> None:
    """Everything beside the lone payee is out already."""
    cells = pl.DataFrame(
        {"key": ["a", "b", "c", "sum"], "value": [5, 20, 30, 55], "upl": [1, 0, 0, 0], "lpl": [1, 0, 0, 0],
         "state": ["free", "published", "published", "published"]}
    )  # fmt: skip
    relations = pl.DataFrame({"relation": ["r"] * 4, "key": ["sum", "a", "b", "c"], "sign": [1, -1, -1, -1]})
    system = System.from_frames(cells, relations)
    result = suppress(system)
    assert isinstance(result, Infeasible)
    assert [str(system.keys[int(cell)]) for cell in result.cells] == ["a"]
    assert [(str(system.keys[one.cell]), str(system.keys[one.sibling])) for one in result.merges] == [
        ("a", "b")
    ]


def test_the_increment_between_two_cumulative_releases_is_protected() -> None:
    """January's cells are out. What February adds in one cell is one payee's: February's sums must not give it away."""
    before = {"a": 100, "b": 120, "c": 90}
    added = {"a": 7, "b": 60, "c": 80}
    cells = []
    relations = []
    for cell, amount in before.items():
        level = 1 if cell == "a" else 0
        cells += [(f"{cell}@1", amount, 0, "published"), (f"{cell}+", added[cell], level, "hidden")]
        cells += [(f"{cell}@2", amount + added[cell], 0, "free")]
        relations += [(cell, f"{cell}@2", 1), (cell, f"{cell}@1", -1), (cell, f"{cell}+", -1)]
        relations += [("one", f"{cell}@1", -1), ("two", f"{cell}@2", -1)]
    cells += [("sum@1", sum(before.values()), 0, "published")]
    cells += [("sum@2", sum(before.values()) + sum(added.values()), 0, "free")]
    relations += [("one", "sum@1", 1), ("two", "sum@2", 1)]
    frame = pl.DataFrame(
        [(key, value, level, level, state) for key, value, level, state in cells],
        schema={"key": pl.String, "value": pl.Int64, "upl": pl.Int64, "lpl": pl.Int64, "state": pl.String},
        orient="row",
    )
    linked = pl.DataFrame(
        relations, schema={"relation": pl.String, "key": pl.String, "sign": pl.Int64}, orient="row"
    )
    system = System.from_frames(frame, linked)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    assert pattern.withheld[system.position("a@2")]
    assert is_wide(system, pattern.withheld & ~system.pinned, system.position("a+"))
    assert not attack(system, system.must_withhold).clean


def test_the_same_system_gives_the_same_pattern_twice() -> None:
    rows = [row for row in steady(5) if row[:2] not in {("A1", "21"), ("B2", "23")}]
    system, _ = table_system(
        table_of([*rows, ("A1", "21", "x", 500), ("B2", "23", "y", 800)]), RULES, insiders=True
    )
    first, second = suppress(system), suppress(system)
    assert isinstance(first, Pattern)
    assert isinstance(second, Pattern)
    assert (first.withheld == second.withheld).all()


def test_the_auditor_imports_nothing_of_the_suppressor() -> None:
    source = ast.parse(Path(anonymize.attack.__file__).read_text(encoding="utf8"))
    named = {node.module or "" for node in ast.walk(source) if isinstance(node, ast.ImportFrom)}
    named |= {name.name for node in ast.walk(source) if isinstance(node, ast.Import) for name in node.names}
    assert {name for name in named if name.startswith("anonymize")} == {"anonymize.system"}
