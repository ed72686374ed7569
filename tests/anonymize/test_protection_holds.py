"""No published total reveals a withheld cell. The auditor here shares nothing with the suppressor: it asks scipy's linear
programming for the smallest and largest value each sensitive cell could have, given everything published.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from anonymize.attack import attack
from anonymize.cells import CellTable, check_table, roll_up, table_system
from anonymize.certificate import Certificate, make_certificate, verify_certificate
from anonymize.errors import CertificateError, HierarchyError, TableError
from anonymize.hierarchy import Hierarchy
from anonymize.rules import PrimaryRules
from anonymize.standalone import ProtectionError, protect_table
from anonymize.suppress import Pattern, suppress
from anonymize.system import PUBLISHED, System

RULES = PrimaryRules()
REGIONS = Hierarchy.from_pairs(
    "region",
    [
        ("P", None),
        ("A", "P"),
        ("B", "P"),
        ("A1", "A"),
        ("A2", "A"),
        ("A3", "A"),
        ("B1", "B"),
        ("B2", "B"),
        ("B3", "B"),
    ],
)
CLASSES = Hierarchy.from_pairs(
    "function", [("T", None), ("1", "T"), ("2", "T"), ("11", "1"), ("12", "1"), ("21", "2"), ("22", "2")]
)
TREES = {"region": REGIONS, "function": CLASSES}

payments = st.lists(
    st.tuples(
        st.sampled_from(["A1", "A2", "A3", "B1", "B2", "B3"]),
        st.sampled_from(["11", "12", "21", "22"]),
        st.integers(1, 14),
        st.integers(1, 5_000),
        st.booleans(),
    ),
    min_size=12,
    max_size=70,
)
Payments = list[tuple[str, str, int, int, bool]]


def table_of(rows: Payments) -> CellTable:
    """Every payment doubled with an unprotected one where the flag says so."""
    frame = pl.DataFrame(
        [
            (region, function, None if public else f"p{payee}", amount)
            for region, function, payee, amount, public in rows
        ],
        schema={"region": pl.String, "function": pl.String, "payee": pl.String, "amount": pl.Int64},
        orient="row",
    )
    return check_table("payments", roll_up(frame, TREES), TREES, nobody_allowed=True)


@dataclass(frozen=True)
class Interval:
    low: float
    high: float


def outsider(system: System, withheld: np.ndarray, cell: int) -> Interval:
    """What anybody can say of a cell who knows the published cells, the sums, and the bounds."""
    fixed = ~withheld
    bounds = [
        (int(value), int(value)) if known else (int(lower), None)
        for value, lower, known in zip(system.value, system.lower, fixed, strict=True)
    ]
    ends = []
    for sign in (1, -1):
        cost = np.zeros(system.size)
        cost[cell] = sign
        solved = linprog(
            cost,
            A_eq=system.relations.toarray().astype(np.float64),
            b_eq=np.zeros(system.relations.shape[0]),
            bounds=bounds,
            method="highs",
        )
        ends.append(sign * float(solved.fun or 0.0) if solved.status == 0 else sign * -np.inf)
    return Interval(ends[0], ends[1])


@settings(max_examples=40, deadline=None)
@given(rows=payments)
def test_no_published_total_reveals_a_withheld_cell(rows: Payments) -> None:
    system, _ = table_system(table_of(rows), RULES)
    pattern = suppress(system)
    if not isinstance(pattern, Pattern):
        return  # nothing is published then; that such tables are refused has a test of its own
    for cell in np.flatnonzero(system.sensitive):
        seen = outsider(system, pattern.withheld, int(cell))
        slack = 1e-4 * max(1.0, float(system.value[cell]))
        assert seen.low <= system.value[cell] - system.lpl[cell] + slack
        assert seen.high >= system.value[cell] + system.upl[cell] - slack
    assert verify_certificate(system, pattern.withheld, make_certificate(system, pattern)) == int(
        system.sensitive.sum()
    )
    assert attack(system, pattern.withheld).clean


def ordinary_table() -> CellTable:
    rows: Payments = [
        (region, function, payee, 100 + 7 * payee + len(region) * 3 + int(function), False)
        for region in ("A1", "A2", "A3", "B1", "B2", "B3")
        for function in ("11", "12", "21", "22")
        for payee in range(1, 7)
    ]
    return table_of([*(row for row in rows if row[:2] != ("A1", "11")), ("A1", "11", 99, 500, False)])


def test_what_is_withheld_only_for_others_is_needed() -> None:
    """Publishing the primary cells' guards again gives the cell away, and the attacker says so."""
    system, _ = table_system(ordinary_table(), RULES)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    assert pattern.secondary.any()
    careless = attack(system, pattern.withheld & ~pattern.secondary)
    assert any(exposure.recovered and exposure.key == "A1|11" for exposure in careless.exposures)


def test_the_same_table_gives_the_same_pattern_in_any_order_of_rows() -> None:
    table = ordinary_table()
    first = protect_table(table, RULES).frame
    shuffled = CellTable(table.name, table.frame.sample(fraction=1.0, shuffle=True, seed=3), TREES)
    assert (
        protect_table(shuffled, RULES)
        .frame.sort("region", "function")
        .equals(first.sort("region", "function"))
    )


def test_a_withheld_row_tells_nothing_but_that_it_is_withheld() -> None:
    frame = protect_table(ordinary_table(), RULES).frame
    withheld = frame.filter(status="withheld")
    assert withheld.height > 1
    assert withheld["value"].null_count() == withheld.height
    assert set(frame.columns) == {"region", "function", "value", "status"}


def test_a_certificate_of_another_pattern_is_refused() -> None:
    system, _ = table_system(ordinary_table(), RULES)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    certificate = make_certificate(system, pattern)
    with pytest.raises(CertificateError):
        verify_certificate(system, pattern.withheld & ~pattern.secondary, certificate)


def test_a_certificate_with_a_changed_witness_is_refused() -> None:
    system, _ = table_system(ordinary_table(), RULES)
    pattern = suppress(system)
    assert isinstance(pattern, Pattern)
    good = Certificate.from_bytes(make_certificate(system, pattern).to_bytes())
    forged = Certificate(good.system, good.pattern, good.start, good.cells, good.shifts + 1)
    with pytest.raises(CertificateError):
        verify_certificate(system, pattern.withheld, forged)


def test_a_cell_that_is_out_already_cannot_be_protected_and_is_named() -> None:
    """All but the sensitive cell were published before: what is left follows by subtraction."""
    system, _ = table_system(ordinary_table(), RULES)
    cells = pl.DataFrame({"key": system.keys, "value": system.value, "upl": system.upl, "lpl": system.lpl})
    cells = cells.with_columns(
        pl.when(pl.col("upl") > 0).then(pl.lit("free")).otherwise(pl.lit(PUBLISHED)).alias("state")
    )
    relations = pl.DataFrame(
        [
            (str(row), system.keys[int(cell)], int(sign))
            for row in range(system.relations.shape[0])
            for cell, sign in zip(system.relations[row].indices, system.relations[row].data, strict=True)
        ],
        schema={"relation": pl.String, "key": pl.String, "sign": pl.Int64},
        orient="row",
    )
    result = suppress(System.from_frames(cells, relations))
    assert not isinstance(result, Pattern)


def test_a_table_of_one_payee_is_refused_not_published() -> None:
    rows: Payments = [("A1", "11", 1, 100, False)]
    try:
        frame = protect_table(table_of(rows), RULES).frame
    except ProtectionError:
        return
    assert frame.filter(status="published").is_empty()


def test_totals_that_do_not_add_up_are_refused_with_the_place() -> None:
    table = ordinary_table()
    wrong = table.frame.with_columns(
        pl.when((pl.col("region") == "A") & (pl.col("function") == "T"))
        .then(pl.col("value") + 1)
        .otherwise("value")
        .alias("value")
    )
    with pytest.raises(TableError, match="A"):
        protect_table(CellTable("wrong", wrong, TREES), RULES)


@pytest.mark.parametrize(
    "pairs",
    [
        [("P", None), ("A", "B"), ("B", "A")],
        [("P", None), ("Q", None)],
        [("P", None), ("A", "nowhere")],
        [("P", None), ("P", None)],
        [("P", None), ("", "P")],
    ],
    ids=["cycle", "two roots", "orphan", "twice", "empty code"],
)
def test_a_code_list_that_is_no_tree_is_refused(pairs: list[tuple[str, str | None]]) -> None:
    with pytest.raises(HierarchyError):
        Hierarchy.from_pairs("region", pairs)
