"""The coverage ledger: to the fen, and nothing in it that the published tables do not tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.aggregate import aggregate, read_rows
from publishing.aggregate.rows import SourceRows
from publishing.coverage import ControlTotals, _Known, coverage
from publishing.monitor import monitor
from publishing.protect import Protected, default_policy, protect
from publishing.protect.apply import with_statuses
from publishing.protect.family import Trees, family
from publishing.protect.recorded import PAID, record
from tests.publishing.staged import Staged
from tests.publishing.test_family import lines, staged

POLICY = default_policy().policy


def published(built: Staged, folder: Path) -> tuple[SourceRows, Protected]:
    paths = built.write(folder)
    rows = read_rows(paths)
    lights = monitor(rows, paths["payments"], as_of=date(2025, 12, 31)).lights
    return rows, protect(rows, aggregate(rows, lambda texts: texts), POLICY, past=[], lights=lights)


def control_totals(rows: SourceRows) -> ControlTotals:
    paid = rows.sums.flows.join(rows.lines.select("line_ix", "fiscal_year"), on="line_ix")
    totals = {
        ("payments", "amount", year): amount
        for year, amount in paid.group_by("fiscal_year").agg(pl.col("amount_fen").sum()).iter_rows()
    }
    for measure in ("approved", "adjusted"):
        sums = rows.lines.group_by("fiscal_year").agg(pl.col(f"{measure}_fen").sum())
        totals |= {("budget_lines", measure, year): amount for year, amount in sums.iter_rows()}
    signed = rows.contracts.group_by(pl.col("signed_on").dt.year()).agg(pl.col("amount_fen").sum())
    return totals | {("contracts", "amount", year): amount for year, amount in signed.iter_rows()}


def ledger(rows: SourceRows, protected: Protected) -> dict[tuple[str, str, int], dict[str, Any]]:
    frame = coverage(rows, protected.tables, control_totals(rows), protected.verdicts).frame
    return {(row["dataset"], row["measure"], row["fiscal_year"]): row for row in frame.iter_rows(named=True)}


def test_closed_projects_do_not_follow_from_the_ledger(tmp_path: Path) -> None:
    built = Staged().project("P1").project("P-secret", secrecy="secret").line("L0")
    built.contract("C1", project="P1", fen=400).contract("C-secret", project="P-secret", fen=7_777)
    built.line("L1", project="P1", approved=500).line("L2", project="P-secret", approved=8_888)
    built.pay("L0", 50, kind="company", payee=9).pay("L1", 100, kind="company", payee=9, contract="C1")
    built.pay("L2", 7_777, kind="company", payee=9, contract="C-secret")
    lines_of = ledger(*published(built, tmp_path))
    assert lines_of["projects", "paid", 2025]["official_total"] == 100
    assert lines_of["project_months", "paid", 2025]["official_total"] == 100
    assert lines_of["projects", "approved", 2025]["official_total"] == 500
    assert lines_of["contracts", "amount", 2025]["official_total"] == 400
    numbers = {row[name] for row in lines_of.values() for name in ("published", "withheld", "official_total")}
    assert numbers.isdisjoint({7_777, 8_888})


def test_a_withheld_total_is_withheld_in_the_ledger_too(tmp_path: Path) -> None:
    built = Staged().line("L1").pay("L1", 900, payee=1)
    row = ledger(*published(built, tmp_path))["spending", "paid", 2025]
    assert (row["published"], row["withheld"], row["official_total"]) == (0, None, None)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lines, seed=st.integers(0, 1_000))
def test_every_number_of_the_ledger_can_be_worked_out_from_the_published_rows(
    rows: list[tuple[str, str, str | None, int, list[tuple[int, int, str, int]]]], seed: int, tmp_path: Path
) -> None:
    """Whatever is withheld: what the ledger calls published is a sum of published rows and differences of them."""
    source = read_rows(staged(rows).write(tmp_path))
    table = family(record(source).measures[PAID], Trees.of(source), PAID)
    keys = table.cells["key"].to_list()
    place = {key: index for index, key in enumerate(keys)}
    withheld = np.random.default_rng(seed).random(len(keys)) < seed / 1_500
    verdicts = {PAID: table.cells.select("key", pl.Series("withheld", withheld), rule=pl.lit("threshold"))}
    drafts = aggregate(source, lambda texts: texts).drafts
    spending = with_statuses(drafts["spending"], verdicts)
    is_known = table.cells["shown"].to_numpy() & ~withheld
    known = [key for key, shown in zip(keys, is_known, strict=True) if shown]
    names = table.relations["relation"].unique().to_list()
    matrix = np.zeros((len(names) + len(known), len(keys)))
    row_of = {name: index for index, name in enumerate(names)}
    for name, key, sign in table.relations.iter_rows():
        matrix[row_of[name], place[key]] = sign
    for index, key in enumerate(known):
        matrix[len(names) + index, place[key]] = 1
    places = _Known(source, {"spending": spending}, verdicts)
    told = places.places_told("spending", PAID, ["fiscal_year", "region_code", "function_code"]).filter(
        "_told"
    )
    parts = np.zeros(len(keys))
    for year, region, function in told.select("fiscal_year", "region_code", "function_code").iter_rows():
        leaf = _leaf(year, region, function, place)
        if leaf is not None:
            parts[leaf] = 1
    solution, *_ = np.linalg.lstsq(matrix.T, parts, rcond=None)
    assert np.allclose(matrix.T @ solution, parts, atol=1e-6)


DIVIDED_REGIONS, DIVIDED_FUNCTIONS = {"990000", "990100"}, {"204", "20402", "205", "20502"}


def _leaf(year: int, region: str, function: str, place: dict[str, int]) -> int | None:
    """Where what stands at a place by itself is in the system; None where nothing does."""
    own_region = region + "!" * (region in DIVIDED_REGIONS)
    own_function = function + "!" * (function in DIVIDED_FUNCTIONS)
    return place.get(f"spending|{year}|{own_region}|{own_function}")
