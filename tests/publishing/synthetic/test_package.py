from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from stdnum import luhn
from stdnum.cn import ric, uscc

from publishing.intake import read_package
from publishing.synthetic import GenerationRefused, generate
from tests.publishing.synthetic.conftest import AS_OF, PAYMENTS, YEARS, Package, make_package


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (make_package(tmp_path / name, payments=10_000) for name in ("a", "b"))

    assert digests(first.out) == digests(second.out)
    assert (tmp_path / "a/truth.json").read_bytes() == (tmp_path / "b/truth.json").read_bytes()


def test_another_seed_gives_another_world_on_the_same_map(tmp_path: Path, package: Package) -> None:
    other = make_package(tmp_path, payments=10_000, seed=8)

    assert digests(other.out)["regions.geojson"] == digests(package.out)["regions.geojson"]
    assert other.table("projects")["name"].to_list() != package.table("projects")["name"].to_list()


def test_there_are_exactly_as_many_payments_as_asked_for(package: Package) -> None:
    assert package.payments.height == PAYMENTS == package.summary.rows["payments"]


def test_intake_accepts_the_package_and_only_warns_of_what_was_planted(
    package: Package, tmp_path: Path
) -> None:
    report = read_package(package.out, workdir=tmp_path).report

    assert {count.rule for count in report.counts} == {"line_overspent", "payee_not_in_register"}


def test_control_totals_reconcile_to_the_fen(package: Package) -> None:
    declared = {
        (total["table"], total["column"], total["fiscal_year"]): int(Decimal(total["total"]) * 100)
        for total in json.loads((package.out / "datapackage.json").read_text())["sunshine"]["control_totals"]
    }
    year = package.lines.select("line_id", pl.col("fiscal_year").cast(pl.Int64))
    paid = package.payments.join(year, on="line_id").group_by("fiscal_year").agg(pl.col("fen").sum())
    expected = {("payments", "amount", fiscal_year): fen for fiscal_year, fen in paid.iter_rows()}
    for column in ("approved", "adjusted"):
        sums = package.lines.group_by(pl.col("fiscal_year").cast(pl.Int64)).agg(pl.col(column).sum())
        expected |= {("budget_lines", column, fiscal_year): fen for fiscal_year, fen in sums.iter_rows()}
    signed = package.table("contracts").group_by(pl.col("signed_on").str.slice(0, 4).cast(pl.Int64))
    cents = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64).sum()
    expected |= {
        ("contracts", "amount", fiscal_year): fen for fiscal_year, fen in signed.agg(cents).iter_rows()
    }

    assert declared == expected


@pytest.mark.parametrize(
    ("table", "column", "target", "key"),
    [
        ("payments", "line_id", "budget_lines", "line_id"),
        ("payments", "project_id", "projects", "project_id"),
        ("payments", "contract_id", "contracts", "contract_id"),
        ("payments", "org_id", "organisations", "org_id"),
        ("payments", "supplier_id", "suppliers", "supplier_id"),
        ("payments", "reverses", "payments", "payment_id"),
        ("budget_lines", "function_code", "functions", "function_code"),
        ("budget_lines", "economic_code", "economics", "economic_code"),
        ("projects", "policy_id", "policies", "policy_id"),
        ("projects", "region_code", "regions", "region_code"),
        ("contracts", "supplier_id", "suppliers", "supplier_id"),
        ("organisations", "parent_org_id", "organisations", "org_id"),
        ("plans", "line_id", "budget_lines", "line_id"),
    ],
)
def test_every_reference_resolves(package: Package, table: str, column: str, target: str, key: str) -> None:
    codes = set(package.table(table)[column].drop_nulls())

    assert codes
    assert codes <= set(package.table(target)[key])


def test_the_world_is_as_large_as_promised(package: Package) -> None:
    rows = package.summary.rows

    assert rows["regions"] == 1 + 21 + 122
    assert rows["organisations"] >= 600
    assert package.table("organisations")["sector"].n_unique() == 14
    assert rows["projects"] >= 2_400
    assert rows["suppliers"] >= 1_000
    assert package.table("indicators")["indicator"].n_unique() >= 60
    assert package.table("indicators")["kind"].n_unique() == 8
    assert package.table("contracts")["method"].n_unique() == 11


def test_contracts_are_never_overpaid(package: Package) -> None:
    paid = package.payments.group_by("contract_id").agg(pl.col("fen").sum())
    cents = pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64).alias("limit")
    contracts = package.table("contracts").select("contract_id", cents).join(paid, on="contract_id")

    assert contracts.filter(pl.col("fen") > pl.col("limit")).is_empty()


def test_a_refund_never_exceeds_what_it_undoes(package: Package) -> None:
    refunds = package.payments.filter(pl.col("reverses").is_not_null())
    undone = refunds.join(package.payments, left_on="reverses", right_on="payment_id", suffix="_undone")

    assert undone.height > 50
    assert undone.filter(pl.col("fen") >= 0).is_empty()
    assert undone.filter(-pl.col("fen") > pl.col("fen_undone")).is_empty()
    assert undone.filter(pl.col("paid_on") < pl.col("paid_on_undone")).is_empty()
    assert package.payments.filter(pl.col("reverses").is_null(), pl.col("fen") <= 0).is_empty()


def test_only_planted_lines_are_overspent(package: Package) -> None:
    paid = package.payments.group_by("line_id").agg(pl.col("fen").sum())
    over = set(package.lines.join(paid, on="line_id").filter(pl.col("fen") > pl.col("adjusted"))["line_id"])
    kinds = {"over_budget_up_to_10_percent", "over_budget_beyond_10_percent", "payment_without_budget"}

    assert over == {found["line_id"] for found in package.truth["anomalies"] if found["kind"] in kinds}


def test_money_is_written_with_exactly_two_decimals(package: Package) -> None:
    assert package.payments["amount"].str.contains(r"^-?\d+\.\d{2}$").all()
    assert package.table("plans")["planned_cumulative"].str.contains(r"^\d+\.\d{2}$").all()


def test_treasuries_pay_on_weekdays_up_to_the_day(package: Package) -> None:
    days = package.payments["paid_on"].str.to_date()

    assert days.dt.weekday().max() == 5
    assert dt.date(2026, 10, 29) <= days.max() <= AS_OF  # type: ignore[operator]


def test_invented_identities_are_well_formed_and_belong_to_no_real_place(package: Package) -> None:
    persons = package.payments.filter(pl.col("payee_kind") == "individual")

    for number in persons["payee_id_number"].unique().sort().head(300):
        assert number.startswith("99")
        assert ric.calc_check_digit(number) == number[-1]
    for account in package.payments["payee_account"].unique().sort().head(300):
        assert len(account) == 19
        luhn.validate(account)
    for code in package.table("suppliers")["credit_code"]:
        assert uscc.is_valid(code)
    phones = persons["purpose"].str.extract(r"电话(1\d{10})").drop_nulls()
    assert len(phones) > 100
    assert (phones.str.slice(3, 4) == "0000").all()


def test_cells_of_persons_are_mostly_broad_and_sometimes_sparse(package: Package) -> None:
    persons = package.payments.filter(pl.col("payee_kind") == "individual").join(package.lines, on="line_id")
    cells = persons.group_by("org_id", "function_code", "fiscal_year").agg(
        pl.col("payee_id_number").n_unique().alias("persons")
    )

    assert cells.filter(pl.col("persons") < 3).height >= 3
    assert cells.filter(pl.col("persons") >= 5).height > cells.height * 0.7


def test_secret_projects_share_provincial_cells_every_year(package: Package) -> None:
    secret = package.table("projects").filter(pl.col("secrecy") != "public")
    lines = package.lines.join(secret.select("project_id", "region_code"), on="project_id")
    by_class = lines.group_by("fiscal_year", pl.col("function_code").str.slice(0, 3).alias("class")).agg(
        pl.col("project_id").n_unique().alias("projects")
    )

    assert 10 <= secret.height <= 16
    assert set(secret["region_code"]) == {"990000"}
    assert by_class.filter(pl.col("projects") >= 3).group_by("fiscal_year").len()["len"].min() >= 3  # type: ignore[operator]
    assert by_class.filter(pl.col("projects") < 3).height >= 1


def test_people_cost_what_people_cost(package: Package) -> None:
    regions = package.table("regions").filter(pl.col("level") == "city")
    city = pl.col("region_code").str.slice(0, 4) + "00"
    places = package.table("organisations").select("org_id", city.alias("region_code"))
    year = (
        package.lines.filter(pl.col("fiscal_year") == "2025")
        .select("line_id", "org_id")
        .join(places, on="org_id")
    )
    paid = package.payments.join(year, on="line_id").group_by("region_code").agg(pl.col("fen").sum())
    per_head = regions.join(paid, on="region_code").select(
        pl.col("fen") / 100 / pl.col("population").cast(pl.Int64)
    )["fen"]

    assert per_head.len() == 21
    assert per_head.min() > 7_000  # type: ignore[operator]
    assert per_head.max() < 17_000  # type: ignore[operator]


def test_the_parquet_package_holds_the_same_rows(package: Package, tmp_path: Path) -> None:
    generate(tmp_path, payments=PAYMENTS, seed=7, years=YEARS, as_of=AS_OF, file_format="parquet")
    payments = pl.read_parquet(tmp_path / "payments.parquet")

    assert payments.schema["amount"] == pl.Decimal(18, 2)
    assert payments.schema["paid_on"] == pl.Date
    as_text = payments.with_columns(pl.col("amount").cast(pl.String), pl.col("paid_on").cast(pl.String))
    assert as_text.equals(package.payments.drop("fen"))
    assert not list(tmp_path.glob("*.csv"))


def test_a_package_in_another_format_replaces_the_one_before(tmp_path: Path) -> None:
    stranger = tmp_path / "notes.txt"
    stranger.write_text("not ours")
    for file_format in ("csv", "parquet"):
        generate(tmp_path, payments=10_000, seed=1, years=(2025, 2026), as_of=AS_OF, file_format=file_format)

    assert sorted({path.suffix for path in tmp_path.iterdir()}) == [".geojson", ".json", ".parquet", ".txt"]
    assert stranger.read_text() == "not ours"


@pytest.mark.parametrize(
    ("payments", "years", "as_of", "told"),
    [
        (9_999, (2024, 2026), AS_OF, "payments must be between"),
        (10_000, (2026, 2024), AS_OF, "years must be"),
        (10_000, (2024, 2026), dt.date(2024, 1, 15), "as-of 2024-01-15"),
    ],
)
def test_impossible_worlds_are_refused_before_anything_is_written(
    tmp_path: Path, payments: int, years: tuple[int, int], as_of: dt.date, told: str
) -> None:
    out = tmp_path / "package"

    with pytest.raises(GenerationRefused, match=told):
        generate(out, payments=payments, seed=1, years=years, as_of=as_of)
    assert not out.exists()
