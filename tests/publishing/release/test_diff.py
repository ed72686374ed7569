from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.release.content import PublishedTable
from publishing.release.diff import diff_releases
from publishing.release.differences import MeasureChange, Reason, ReleaseDiff
from publishing.release.reader import open_release
from publishing.specs import dataset_spec
from tests.publishing.release.builders import (
    FUNCTIONS,
    MEMORY,
    REGIONS,
    content,
    province_tables,
    publish,
    spending_cells,
    store_in,
    table,
    things,
)

Payments = Mapping[tuple[int, str, str], int]
BEFORE, AFTER = date(2026, 6, 30), date(2026, 9, 30)


def compared(
    folder: Path,
    before: list[PublishedTable],
    after: list[PublishedTable],
    as_of: tuple[date, date] = (BEFORE, AFTER),
) -> ReleaseDiff:
    store = store_in(folder)
    number = len(store.numbers())
    for tables, day in zip((before, after), as_of, strict=True):
        publish(store, content(*tables, as_of=day))
    found = diff_releases(open_release(store, number + 1), open_release(store, number + 2))
    assert_sums(found)
    return found


def assert_sums(found: ReleaseDiff) -> None:
    """The parts of every change sum to it exactly, in values and in JSON."""
    for dataset in found.to_json()["datasets"]:
        for moved in dataset["measures"]:
            if moved["change"] is None:
                assert moved["parts"] == []
                continue
            exact = [Decimal(json.dumps(part["amount"])) for part in moved["parts"]]
            assert sum(exact) == Decimal(json.dumps(moved["change"]))
            before, after = (Decimal(json.dumps(moved[side])) for side in ("before", "after"))
            assert after - before == sum(exact)


def spending(folder: Path, before: Payments, after: Payments, **more: Any) -> ReleaseDiff:
    return compared(
        folder,
        [*province_tables(), spending_cells(before, more.pop("withheld_before", frozenset()))],
        [*province_tables(), spending_cells(after, more.pop("withheld_after", frozenset()))],
        **more,
    )


def paid(found: ReleaseDiff, dataset: str = "spending") -> dict[int | None, MeasureChange]:
    return {moved.fiscal_year: moved for moved in found.dataset(dataset).measures if moved.measure == "paid"}


def parts(moved: MeasureChange) -> dict[Reason, tuple[int, int]]:
    return {part.reason: (part.amount, part.cells) for part in moved.parts}


def test_two_releases_that_say_the_same_do_not_differ(tmp_path: Path) -> None:
    same = {(2025, "990101", "20502"): 100}
    found = spending(tmp_path, same, same, as_of=(AFTER, AFTER))
    assert found.is_empty
    assert all(dataset.is_empty and not dataset.measures for dataset in found.datasets)
    assert "两版内容完全相同" in found.to_text()


def test_a_late_payment_in_a_closed_year_is_a_correction_and_one_in_the_running_year_is_not(
    tmp_path: Path,
) -> None:
    old = {(2025, "990101", "20502"): 100, (2026, "990101", "20502"): 50}
    new = {(2025, "990101", "20502"): 130, (2026, "990101", "20502"): 80, (2027, "990200", "210"): 5}
    found = paid(spending(tmp_path, old, new))
    assert parts(found[2025]) == {Reason.CORRECTION: (30, 1)}
    assert parts(found[2026]) == {Reason.RUNNING_PERIOD: (30, 1)}
    assert parts(found[2027]) == {Reason.NEW_PERIOD: (5, 1)}
    assert (found[2025].before, found[2025].after) == (100, 130)
    assert found[2025].largest[0].key == {
        "fiscal_year": "2025",
        "region_code": "990101",
        "function_code": "20502",
    }


def test_when_no_time_has_passed_every_change_is_a_correction(tmp_path: Path) -> None:
    found = spending(
        tmp_path, {(2026, "990101", "210"): 1}, {(2026, "990101", "210"): 2}, as_of=(AFTER, AFTER)
    )
    assert parts(paid(found)[2026]) == {Reason.CORRECTION: (1, 1)}


def test_what_moves_between_classes_or_places_with_the_total_unchanged_is_reclassified(
    tmp_path: Path,
) -> None:
    old = {(2025, "990101", "20502"): 100, (2025, "990200", "210"): 70}
    new = {(2025, "990101", "20502"): 60, (2025, "990101", "210"): 40, (2025, "990100", "210"): 70}
    found = paid(spending(tmp_path, old, new))
    assert found[2025].change == 0
    assert parts(found[2025]) == {Reason.RECLASSIFIED: (0, 4)}


def test_money_of_a_place_itself_is_its_own_share(tmp_path: Path) -> None:
    old = {(2025, "990000", "205"): 10, (2025, "990101", "20502"): 100}
    new = {(2025, "990000", "205"): 25, (2025, "990101", "20502"): 100}
    moved = paid(spending(tmp_path, old, new))[2025]
    assert parts(moved) == {Reason.CORRECTION: (15, 1)}
    assert moved.largest[0].key["region_code"] == "990000"
    assert moved.largest[0].key["function_code"] == "205"


def test_a_cell_that_is_newly_withheld_is_a_disclosure_change_and_the_total_still_sums(
    tmp_path: Path,
) -> None:
    cell = (2025, "990101", "20502")
    found = spending(
        tmp_path,
        {cell: 100, (2025, "990200", "210"): 7},
        {cell: 100, (2025, "990200", "210"): 9},
        withheld_after=frozenset({cell}),
    )
    moved = paid(found)[2025]
    assert moved.change == 2
    assert parts(moved)[Reason.CORRECTION] == (2, 1)
    assert parts(moved)[Reason.DISCLOSURE][0] == 0
    assert [(each.before, each.after, each.rows) for each in found.dataset("spending").statuses] == [
        ("published", "withheld", 1)
    ]


def test_a_change_inside_withheld_cells_is_honestly_not_explained(tmp_path: Path) -> None:
    cell = (2025, "990101", "20502")
    hidden = frozenset({cell})
    found = spending(tmp_path, {cell: 100}, {cell: 130}, withheld_before=hidden, withheld_after=hidden)
    moved = paid(found)[2025]
    assert moved.change == 30
    assert parts(moved) == {Reason.NOT_EXPLAINED: (30, 3)} or parts(moved)[Reason.NOT_EXPLAINED][0] == 30
    assert "未能解释" in found.to_text()


def test_a_total_that_is_withheld_is_not_compared(tmp_path: Path) -> None:
    top = frozenset({(2025, "990000", "total")})
    found = spending(tmp_path, {(2025, "990101", "210"): 1}, {(2025, "990101", "210"): 2}, withheld_after=top)
    assert paid(found)[2025].change is None
    assert "无法比较" in found.to_text()


def test_a_total_of_several_cells_says_how_many_of_them_are_not_in_it(tmp_path: Path) -> None:
    old = things({"code": "a", "paid": 1}, {"code": "b", "paid": 2})
    new = things({"code": "a", "paid": 1}, {"code": "b", "paid": None, "paid_status": "withheld"})
    found = compared(tmp_path, [old], [new])
    moved = next(change for change in found.dataset("things").measures if change.measure == "paid")
    assert (moved.change, moved.hidden_before, moved.hidden_after) == (-2, 0, 1)
    assert parts(moved) == {Reason.DISCLOSURE: (-2, 1)}
    assert "不含不公布的顶层单元格：原 0 格，现 1 格" in found.to_text()


def test_a_monthly_table_tells_new_months_from_late_bookings(tmp_path: Path) -> None:
    spec = dataset_spec("spending_monthly")

    def months(amounts: Mapping[date, int]) -> PublishedTable:
        row = {
            "region_code": "990000",
            "region_level": "province",
            "function_code": "total",
            "function_level": "total",
        }
        states = {"paid_status": "published", "planned_status": "not_reported"}
        return table(spec, [{**row, **states, "month": month, "paid": fen} for month, fen in amounts.items()])

    old = {date(2026, 5, 1): 5, date(2026, 6, 1): 6}
    new = {date(2026, 5, 1): 4, date(2026, 6, 1): 7, date(2026, 7, 1): 70, date(2026, 8, 1): 80}
    found = compared(tmp_path, [months(old)], [months(new)], as_of=(date(2026, 6, 15), AFTER))
    assert parts(paid(found, "spending_monthly")[2026]) == {
        Reason.NEW_PERIOD: (150, 2),
        Reason.RUNNING_PERIOD: (1, 1),
        Reason.CORRECTION: (-1, 1),
    }


def test_a_table_without_years_tells_new_removed_and_changed_rows(tmp_path: Path) -> None:
    old = things({"code": "a", "paid": 1}, {"code": "b", "paid": 2}, {"code": "c", "paid": 4})
    new = things(
        {"code": "b", "paid": 20}, {"code": "c", "paid": 4, "name": "改名"}, {"code": "d", "paid": 8}
    )
    found = compared(tmp_path, [old], [new]).dataset("things")
    assert (found.rows_added, found.rows_removed, found.rows_changed) == (1, 1, 2)
    moved = next(change for change in found.measures if change.measure == "paid")
    assert parts(moved) == {Reason.NEW_ROW: (8, 1), Reason.REMOVED_ROW: (-1, 1), Reason.CHANGED_ROW: (18, 1)}
    assert (moved.before, moved.after) == (7, 32)


def test_datasets_columns_and_documents_that_come_or_go_are_named(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store, content(things({}), documents={"a.json": b"1", "b.json": b"1"}))
    publish(store, content(*province_tables(), documents={"a.json": b"2", "c.json": b"1"}))
    found = diff_releases(open_release(store, 1), open_release(store, 2))
    assert found.documents_changed == ("a.json", "b.json", "c.json")
    assert [(dataset.name, dataset.presence) for dataset in found.datasets] == [
        ("regions", "added"),
        ("functions", "added"),
        ("things", "removed"),
    ]
    assert "不再发布" in found.to_text()


def test_a_difference_read_backwards_has_the_opposite_sign(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    for fen in (100, 130):
        cells = spending_cells({(2025, "990101", "20502"): fen})
        publish(store, content(*province_tables(), cells))
    backwards = diff_releases(open_release(store, 2), open_release(store, 1))
    assert paid(backwards)[2025].change == -30


regions = st.sampled_from([row["region_code"] for row in REGIONS])
functions = st.sampled_from([row["function_code"] for row in FUNCTIONS])
payments = st.dictionaries(
    st.tuples(st.sampled_from([2024, 2025, 2026]), regions, functions),
    st.integers(-(10**12), 10**12),
    max_size=6,
)
codes = st.tuples(
    st.sampled_from([2024, 2025, 2026]),
    regions,
    st.sampled_from([*(row["function_code"] for row in FUNCTIONS), "total"]),
)


@given(payments, payments, st.frozensets(codes, max_size=4), st.frozensets(codes, max_size=4))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_changes_and_is_withheld_the_parts_sum_to_the_change_of_the_published_total(
    before: Payments,
    after: Payments,
    hidden_before: frozenset[Any],
    hidden_after: frozenset[Any],
) -> None:
    with TemporaryDirectory(dir=MEMORY) as folder:
        hidden = {"withheld_before": hidden_before, "withheld_after": hidden_after}
        found = spending(Path(folder), before, after, **hidden)
    changes = paid(found)
    for year in (2024, 2025, 2026):
        totals = [sum(fen for key, fen in side.items() if key[0] == year) for side in (before, after)]
        top = (year, "990000", "total")
        if year in changes and changes[year].change is not None:
            assert changes[year].change == totals[1] - totals[0]
            assert sum(part.amount for part in changes[year].parts) == totals[1] - totals[0]
        elif year not in changes and not {top} & (hidden_before | hidden_after):
            assert totals[0] == totals[1]
