"""Contracts and payments in OCDS: valid by the standard's own checks, and nobody private in them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

from tests.conformance.server import STANDARDS, Site, ask_python, run, validator
from tests.conftest import Province

SCHEMA = STANDARDS / "ocds-standard-1__1__5-schema.zip"


RECORD = """
import json, sys, zipfile
from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4
BASE = "https://standard.open-contracting.org/schema/1__1__5/"
schemas = {}
with zipfile.ZipFile(sys.argv[1]) as standard:
    for name in standard.namelist():
        if "/schema/" in name and name.count("/") == 2 and name.endswith(".json"):
            schemas[name.rsplit("/", 1)[1]] = json.loads(standard.read(name))
registry = Registry().with_resources((BASE + name, DRAFT4.create_resource(found)) for name, found in schemas.items())
checked = Draft4Validator(schemas["record-package-schema.json"], registry=registry)
print(json.dumps([error.message for error in checked.iter_errors(json.load(open(sys.argv[2])))]))
"""
"""libcoveocds fetches a part of the schema of records from afar even with the standard at hand; this has all of it here."""


def checked(path: Path, out: Path) -> dict[str, object]:
    done = run(
        validator("contracts", "libcoveocds"), "--standard-zip", SCHEMA, "-d", "-o", out, path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, object] = json.loads(done.stdout)
    return report


def test_the_release_package_of_a_year_passes_every_check_of_the_standard(site: Site, tmp_path: Path) -> None:
    package = site.get("/ocds/releases/2025.json")
    (tmp_path / "releases.json").write_bytes(package)
    report = checked(tmp_path / "releases.json", tmp_path / "out")
    assert report["validation_errors"] == []
    assert report["additional_checks"] == {}
    assert report["additional_fields"] == []
    assert report["additional_closed_codelist_values"] == {}
    assert report["additional_open_codelist_values"] == {}
    releases = json.loads(package)["releases"]
    assert report["unique_ocids_count"] == len(releases) > 100


def test_the_record_of_a_contract_meets_the_schema_of_records_and_holds_its_release(
    site: Site, tmp_path: Path
) -> None:
    first = site.json("/ocds/releases/2025.json")["releases"][0]
    record = site.get(f"/ocds/records/{first['ocid']}")
    (tmp_path / "record.json").write_bytes(record)
    assert ask_python("contracts", RECORD, SCHEMA, tmp_path / "record.json") == []
    package = json.loads(record)
    assert package["packages"] == [f"{site.url}/ocds/releases/2025.json"]
    assert [(found["ocid"], found["releases"]) for found in package["records"]] == [(first["ocid"], [first])]
    assert package["records"][0]["compiledRelease"]["tag"] == ["compiled"]
    del package["records"][0]["compiledRelease"]["ocid"]
    (tmp_path / "broken.json").write_text(json.dumps(package))
    assert ask_python("contracts", RECORD, SCHEMA, tmp_path / "broken.json")


def test_the_checks_of_the_standard_find_a_broken_package(site: Site, tmp_path: Path) -> None:
    package = json.loads(site.get("/ocds/releases/2025.json"))
    del package["releases"][0]["ocid"]
    package["releases"] = package["releases"][:2]
    (tmp_path / "releases.json").write_text(json.dumps(package))
    assert checked(tmp_path / "releases.json", tmp_path / "out")["validation_errors"]


def test_lines_and_packages_hold_the_same_contracts_and_the_exact_sums(site: Site) -> None:
    lines = [json.loads(line, parse_float=Decimal) for line in site.get("/ocds/releases.jsonl").splitlines()]
    contracts = site.json("/api/v1/datasets/contracts/aggregate?measure=amount,paid")
    by_id = {release["contracts"][0]["id"]: release["contracts"][0] for release in lines}
    assert len(by_id) == len(lines) == site.json("/api/v1/datasets/contracts/rows?limit=1")["count"]
    amounts = sum(Decimal(str(found["value"]["amount"])) for found in by_id.values())
    paid = sum(
        Decimal(str(transaction["value"]["amount"]))
        for found in by_id.values()
        for transaction in found.get("implementation", {}).get("transactions", ())
    )
    assert amounts == Decimal(str(contracts["rows"][0]["amount"]))
    assert paid == Decimal(str(contracts["rows"][0]["paid"]))
    year = json.loads(site.get("/ocds/releases/2025.json"), parse_float=Decimal)["releases"]
    signed = [line for line in lines if line["contracts"][0]["dateSigned"].startswith("2025")]
    assert year == signed
    assert site.get("/ocds/releases/2025.jsonl").count(b"\n") == len(year)


def test_no_private_person_is_a_party_and_suppliers_bear_their_credit_code(
    site: Site, province: Province
) -> None:
    text = site.get("/ocds/releases.jsonl").decode()
    with (province.sources[-1] / "payments.csv").open(encoding="utf-8-sig", newline="") as source:
        persons = {row["payee_name"] for row in csv.DictReader(source) if row["payee_kind"] == "individual"}
    assert len(persons) > 100
    named = {party["name"] for line in text.splitlines() for party in json.loads(line)["parties"]}
    assert not named & persons
    suppliers = [
        party
        for line in text.splitlines()
        for party in json.loads(line)["parties"]
        if "supplier" in party["roles"]
    ]
    assert len(suppliers) > 1000
    assert all(party["identifier"]["scheme"] == "CN-USCC" for party in suppliers)
    assert all(party["id"] == f"CN-USCC-{party['identifier']['id']}" for party in suppliers)
