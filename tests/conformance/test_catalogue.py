"""The catalogue as harvesters read it: SHACL shapes of DCAT-AP, RDF in three spellings, Data Packages, Croissant."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conformance.server import STANDARDS, Site, ask_python, run, validator

SHAPES = """
import json, sys
import rdflib
from pyshacl import validate

turtle, json_ld, rdf_xml, *shapes = sys.argv[1:]
graph = rdflib.Graph().parse(turtle, format="turtle")
others = [rdflib.Graph().parse(json_ld, format="json-ld"), rdflib.Graph().parse(rdf_xml, format="xml")]
reports = {}
for path in shapes:
    found = validate(graph, shacl_graph=rdflib.Graph().parse(path, format="turtle"), allow_warnings=False)
    reports[path.rsplit("/", 1)[-1]] = [found[0], found[2] if not found[0] else ""]
from rdflib.compare import to_isomorphic
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
print(json.dumps({
    "reports": reports,
    "same": len({to_isomorphic(found).internal_hash() for found in (graph, *others)}) == 1,
    "triples": len(graph),
    "datasets": len(list(graph.subjects(rdflib.RDF.type, DCAT.Dataset))),
    "files": sorted(str(value) for value in graph.objects(None, DCAT.downloadURL)),
}))
"""

PACKAGES = """
import json, sys
from frictionless import Package
reports = {}
for address in sys.argv[1:]:
    report = Package(address).validate()
    faults = [error.type + ": " + error.message for task in report.tasks for error in task.errors]
    reports[address] = {"valid": report.valid, "errors": [error.type for error in report.errors] + faults}
print(json.dumps(reports))
"""

RECORDS = """
import itertools, json, sys
import mlcroissant
first, *others = sys.argv[1:]
dataset = mlcroissant.Dataset(first)
rows = list(itertools.islice(dataset.records("rows"), 3))
plain = [{name.rsplit("/", 1)[-1]: str(value) for name, value in row.items()} for row in rows]
every = [dataset, *(mlcroissant.Dataset(address) for address in others)]
issues = [error for found in every for error in found.metadata.ctx.issues.errors]
warnings = sorted({warning for found in every for warning in found.metadata.ctx.issues.warnings})
print(json.dumps({"errors": issues, "warnings": warnings, "rows": plain}))
"""


def test_the_catalogue_meets_the_shapes_of_dcat_ap_and_is_the_same_graph_in_all_three_spellings(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "catalog.ttl").write_bytes(site.get("/catalog.ttl"))
    (tmp_path / "catalog.jsonld").write_bytes(site.get("/catalog.jsonld"))
    (tmp_path / "catalog.rdf").write_bytes(site.get("/catalog.rdf"))
    names = ("3.0.1-shapes.ttl", "3.0.1-range.ttl", "3.0.1-shapes_recommended.ttl")
    found = ask_python(
        "catalogues",
        SHAPES,
        tmp_path / "catalog.ttl",
        tmp_path / "catalog.jsonld",
        tmp_path / "catalog.rdf",
        *(STANDARDS / name for name in names),
    )
    assert found["reports"] == {name: [True, ""] for name in names}
    assert found["same"]
    datasets = site.json("/api/v1/datasets")["datasets"]
    assert found["datasets"] == 2 * len(datasets)
    assert f"{site.url}/datasets/spending@1/spending.parquet" in found["files"]
    assert f"{site.url}/datasets/spending@2/spending.parquet" in found["files"]


def test_a_catalogue_that_breaks_a_shape_is_found_out(tmp_path: Path) -> None:
    graph = "@prefix dcat: <http://www.w3.org/ns/dcat#> . <http://example.org/> a dcat:Catalog ."
    (tmp_path / "catalog.ttl").write_text(graph)
    done = run(
        validator("catalogues", "pyshacl"), "-s", STANDARDS / "3.0.1-shapes.ttl", tmp_path / "catalog.ttl"
    )
    assert done.returncode == 1
    assert "Conforms: False" in done.stdout


def test_every_data_package_is_valid_over_http(site: Site) -> None:
    datasets = site.json("/api/v1/datasets")["datasets"]
    chosen = [found["name"] for found in datasets if found["rows"] < 5_000]
    assert len(chosen) >= 9
    addresses = [f"{site.url}/datasets/{name}@2/datapackage.json" for name in chosen]
    found = ask_python("catalogues", PACKAGES, *addresses)
    assert found == {address: {"valid": True, "errors": []} for address in addresses}


def test_one_changed_digit_in_a_downloaded_file_is_found_by_its_data_package(
    site: Site, tmp_path: Path
) -> None:
    package = json.loads(site.get("/datasets/coverage@2/datapackage.json"))
    content = site.get("/datasets/coverage@2/coverage.csv")
    (tmp_path / "coverage.csv").write_bytes(content.replace(b".00", b".01", 1))
    (tmp_path / "datapackage.json").write_text(json.dumps(package))
    done = run(validator("catalogues", "frictionless"), "validate", "datapackage.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "hash" in done.stdout


def test_croissant_is_valid_and_its_reader_gets_the_rows_with_codes_as_text(
    site: Site, tmp_path: Path
) -> None:
    names = ("spending", "projects", "participation", "regions")
    addresses = [f"{site.url}/datasets/{name}@2/croissant.json" for name in names]
    found = ask_python("croissant", RECORDS, *addresses, home=str(tmp_path))
    assert found["errors"] == []
    assert found["warnings"] == []
    rows = site.json("/api/v1/datasets/spending@2/rows?limit=3")["rows"]
    codes = [(row["region_code"], row["function_code"]) for row in found["rows"]]
    assert [code.removeprefix("b").strip("'") for pair in codes for code in pair] == [
        row[name] for row in rows for name in ("region_code", "function_code")
    ]
