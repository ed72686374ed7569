"""From a source package to two releases: what is planted is found, what is secret stays away, every fen is accounted for."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal

import polars as pl

from publishing.release.reader import Release, open_release
from tests.conftest import Province

CONTROL = {
    ("payments", "amount"): "paid",
    ("budget_lines", "approved"): "approved",
    ("budget_lines", "adjusted"): "adjusted",
}


def table(release: Release, name: str) -> pl.DataFrame:
    return release.table(name)


def test_every_planted_anomaly_raises_its_alert(province: Province) -> None:
    alerts = table(open_release(province.home.internal), "alerts")
    raised = defaultdict(set)
    for rule, subject in alerts.select("rule", "subject_id").iter_rows():
        raised[rule].add(subject)
    planted = json.loads(province.truths[-1].read_text())["anomalies"]
    assert len({row["kind"] for row in planted}) == 14, (
        "every kind of section J of the product page is planted"
    )
    missed = [
        row for row in planted if (row.get("line_id") or row.get("supplier_id")) not in raised[row["kind"]]
    ]
    assert missed == []


def test_the_province_row_equals_the_source_systems_control_totals(province: Province) -> None:
    declared = json.loads((province.sources[-1] / "datapackage.json").read_text())["sunshine"][
        "control_totals"
    ]
    spending = table(open_release(province.home.public), "spending").filter(
        region_level="province", function_level="total"
    )
    checked = 0
    for row in declared:
        measure = CONTROL.get((row["table"], row["column"]))
        if measure is None:
            continue
        found = spending.filter(fiscal_year=row["fiscal_year"])[measure].item()
        assert Decimal(found) / 100 == Decimal(row["total"])
        checked += 1
    assert checked == 12


def test_published_merged_and_withheld_add_up_to_the_official_total_in_every_dataset(
    province: Province,
) -> None:
    ledger = table(open_release(province.home.public), "coverage")
    assert set(ledger["dataset"]) >= {
        "spending", "spending_monthly", "spending_by_organisation", "fund_flow", "projects", "project_months", "contracts",
    }  # fmt: skip
    told = ledger.filter(pl.col("official_total").is_not_null())
    difference = told["published"] + told["merged"] + told["withheld"] - told["official_total"]
    assert difference.to_list() == [0] * told.height
    untold = ledger.filter(pl.col("official_total").is_null()).select("dataset", "measure").unique().rows()
    assert set(untold) <= {("spending_monthly", "planned")}, "months in which one closed project has a plan"
    assert (ledger.filter(dataset="spending", measure="paid")["withheld"] > 0).any(), (
        "the sparse subsidies are withheld"
    )


def test_no_closed_project_is_in_any_public_table(province: Province) -> None:
    projects = pl.read_csv(province.sources[-1] / "projects.csv", infer_schema=False)
    closed = set(projects.filter(pl.col("secrecy") != "public")["project_id"])
    assert closed
    for store in (province.home.public, province.home.internal):
        release = open_release(store)
        for spec in release.specs:
            frame = table(release, spec.name)
            if "project_id" in frame.columns and spec.name != "alerts":
                assert closed.isdisjoint(frame["project_id"].to_list()), spec.name


def test_the_second_hand_over_leaves_the_first_release_as_it_was(province: Province) -> None:
    first, second = open_release(province.home.public, 1), open_release(province.home.public, 2)
    assert first.id != second.id
    assert first.as_of < second.as_of
    assert open_release(province.home.public).number == 2
