from __future__ import annotations

import polars as pl

from tests.publishing.synthetic.conftest import Package


def test_a_later_hand_over_repeats_every_earlier_payment_to_the_letter(
    earlier: Package, package: Package
) -> None:
    kept = earlier.payments.join(package.payments, on=earlier.payments.columns, how="semi", nulls_equal=True)

    assert kept.height == earlier.payments.height < package.payments.height


def test_what_is_new_was_paid_since_or_recorded_late(earlier: Package, package: Package) -> None:
    new = package.payments.join(earlier.payments, on="payment_id", how="anti")
    late = new.filter(pl.col("paid_on") <= "2026-09-30")

    assert 0 < late.height < new.height * 0.2
    assert late["paid_on"].min() >= "2026-06-01"  # type: ignore[operator]


def test_lines_change_only_by_listed_reclassifications_and_adjustments(
    earlier: Package, package: Package
) -> None:
    both = earlier.lines.join(package.lines, on="line_id", suffix="_now")
    moved = both.filter(pl.col("function_code") != pl.col("function_code_now"))
    listed = {
        (change["line_id"], change["from"], change["to"])
        for change in package.truth["reclassifications"]
        if change["on"] > "2026-09-30"
    }

    assert set(moved.select("line_id", "function_code", "function_code_now").iter_rows()) == listed
    assert both.filter(pl.col("approved") != pl.col("approved_now")).is_empty()
    assert both.filter(pl.col("adjusted") != pl.col("adjusted_now")).height > 0
    assert both.height == package.lines.height


def test_projects_and_contracts_of_the_earlier_hand_over_are_still_there(
    earlier: Package, package: Package
) -> None:
    for table, key in (
        ("projects", "project_id"),
        ("contracts", "contract_id"),
        ("suppliers", "supplier_id"),
    ):
        assert set(earlier.table(table)[key]) <= set(package.table(table)[key])


def test_the_truth_of_the_earlier_hand_over_is_part_of_the_later_one(
    earlier: Package, package: Package
) -> None:
    def subjects(found: Package) -> set[tuple[str, str | None, str]]:
        return {
            (a["kind"], a.get("line_id") or a.get("supplier_id"), a["month"])
            for a in found.truth["anomalies"]
        }

    assert subjects(earlier) <= subjects(package)
