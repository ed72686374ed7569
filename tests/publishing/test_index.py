"""The search documents of a release: only what is public, and nothing but the release needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from publishing.index import ReportFacts, build_search_index, search_documents, search_lexicon
from publishing.release.content import PublishedTable
from publishing.specs import dataset_spec
from search.documents import Kind, SearchDocument
from search.engine import FacetField, Filters, Query
from search.engines.embedded import EmbeddedEngine


def table(name: str, *rows: dict[str, Any]) -> PublishedTable:
    """A published table of these rows; columns that are not given are null."""
    spec = dataset_spec(name)
    full = [{column: row.get(column) for column in spec.schema} for row in rows]
    return PublishedTable(spec, pl.DataFrame(full, schema=spec.schema))


def tables() -> list[PublishedTable]:
    return [
        table(
            "regions",
            {"region_code": "990000", "name": "云岭省", "level": "province"},
            {"region_code": "990100", "name": "清河市", "level": "city", "parent_code": "990000"},
            {"region_code": "990101", "name": "望山县", "level": "county", "parent_code": "990100"},
        ),
        table(
            "functions",
            {"function_code": "total", "name": "合计", "level": "total"},
            {"function_code": "214", "name": "交通运输支出", "level": "class", "parent_code": "total"},
            {"function_code": "21401", "name": "公路水路运输", "level": "section", "parent_code": "214"},
        ),
        table("organisations", {"org_id": "O 1", "name": "望山县交通运输局", "region_code": "990101", "sector": "交通运输"}),
        table("policies", {"policy_id": "Z1", "title": "农村公路提升三年行动方案"}),
        table(
            "projects",
            {
                "project_id": "P1", "name": "望山县农村公路改造工程", "region_code": "990101", "region_name": "望山县",
                "org_id": "O 1", "org_name": "望山县交通运输局", "sector": "交通运输", "function_code": "21401",
                "function_name": "公路水路运输", "policy_id": "Z1", "status": "under_way", "light": "green",
                "starts_on": date(2024, 2, 1), "planned_end": date(2026, 1, 1), "total_investment": 12_345_00,
                "description": "改善群众出行。", "address": "望山县石桥镇",
            },
        ),
        table(
            "contracts",
            {
                "contract_id": "C1", "title": "路面工程施工", "project_id": "P1", "org_id": "O 1", "org_name": "望山县交通运输局",
                "supplier_id": "S1", "supplier_name": "清河路桥有限公司", "signed_on": date(2024, 3, 3), "method": "公开招标",
                "amount": 10_000_00,
            },
            {"contract_id": "C2", "title": "办公设备", "org_id": "O 1", "supplier_id": "S1", "amount": 5},
            {"contract_id": "C3", "title": "咨询", "org_id": "O 1", "supplier_id": "S9", "amount": 5},
        ),
        table("suppliers", {"supplier_id": "S1", "name": "清河路桥有限公司", "credit_code": "91990000MA00000001", "region_code": "990100"}),
        table("outputs", {"indicator": "新建农村公路里程", "unit": "公里", "fiscal_year": 2024, "region_code": "990000"}),
    ]  # fmt: skip


def documents(found: Sequence[PublishedTable] | None = None, **more: Any) -> dict[str, SearchDocument]:
    return {document.id: document for document in search_documents(found or tables(), **more)}


def test_a_project_is_found_with_its_place_class_unit_and_policy() -> None:
    project = documents()["project:P1"]
    assert project == SearchDocument(
        id="project:P1",
        kind=Kind.PROJECT,
        title="望山县农村公路改造工程",
        url="/projects/P1",
        body="改善群众出行；云岭省；清河市；望山县；望山县石桥镇；望山县交通运输局；公路水路运输；农村公路提升三年行动方案",
        aliases=("P1",),
        regions=("990000", "990100", "990101"),
        functions=("214", "21401"),
        sector="交通运输",
        years=(2024, 2025, 2026),
        amount_fen=12_345_00,
        dated_on=date(2024, 2, 1),
        status="under_way",
        light="green",
    )


def test_a_contract_stands_on_the_page_of_its_project_supplier_or_unit() -> None:
    found = documents()
    assert found["contract:C1"].url == "/projects/P1#contract-C1"
    assert found["contract:C2"].url == "/suppliers/S1#contract-C2"
    assert found["contract:C3"].url == "/organisations/O%201#contract-C3"


def test_a_contract_takes_place_and_class_from_its_project() -> None:
    contract = documents()["contract:C1"]
    assert contract.regions == ("990000", "990100", "990101")
    assert contract.functions == ("214", "21401")
    assert (contract.years, contract.amount_fen) == ((2024,), 10_000_00)


def test_every_table_is_found_as_a_dataset() -> None:
    found = documents()
    assert found["dataset:projects"].title == "项目"
    assert found["dataset:projects"].url == "/datasets/projects"
    assert "项目编号" in found["dataset:projects"].body


def test_the_report_of_the_release_is_found() -> None:
    report = documents(reports=[ReportFacts(3, "2026年预算执行白皮书", date(2026, 10, 31))])["report:3"]
    assert (report.url, report.years, report.kind) == ("/reports/3", (2026,), Kind.REPORT)


def test_ids_are_unique_over_all_kinds() -> None:
    found = list(search_documents(tables()))
    assert len({document.id for document in found}) == len(found)


def test_a_release_without_some_tables_is_indexed_all_the_same() -> None:
    kept = [each for each in tables() if each.spec.name in {"suppliers", "contracts"}]
    assert {document.kind for document in documents(kept).values()} == {
        Kind.SUPPLIER,
        Kind.CONTRACT,
        Kind.DATASET,
    }
    assert documents(kept)["supplier:S1"].regions == ("990100",)


def test_a_loop_in_the_regions_does_not_hang_the_build() -> None:
    looped = table(
        "regions",
        {"region_code": "1", "name": "甲", "parent_code": "2"},
        {"region_code": "2", "name": "乙", "parent_code": "1"},
    )
    supplier = table("suppliers", {"supplier_id": "S", "name": "某公司", "region_code": "1"})
    assert documents([looped, supplier])["supplier:S"].regions == ("2", "1")


def test_the_lexicon_knows_the_places_with_and_without_their_kind() -> None:
    lexicon = search_lexicon(tables(), synonyms=[("清河市", "旧名府")])
    assert {"清河市", "清河", "望山县", "望山", "交通运输支出"} <= set(lexicon.words)
    assert ("清河市", "旧名府") in lexicon.synonyms
    assert [term.text for term in lexicon.terms][:3] == ["云岭省", "清河市", "望山县"]
    assert "新建农村公路里程" in [term.text for term in lexicon.terms]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("望山县农村公路", "project:P1"),
        ("wsxncgl", "project:P1"),
        ("旧名府 公路改造", "project:P1"),
        ("P1", "project:P1"),
        ("91990000MA00000001", "supplier:S1"),
        ("三年行动方案", "project:P1"),
    ],
)
def test_an_index_built_from_the_tables_alone_finds_what_is_in_them(
    tmp_path: Path, text: str, first: str
) -> None:
    report = build_search_index(tables(), tmp_path / "release", synonyms=[("清河市", "旧名府")])
    assert report.documents == len(documents())
    assert EmbeddedEngine(tmp_path / "release").search(Query(text)).hits[0].document.id == first


def test_a_region_counts_what_lies_below_it(tmp_path: Path) -> None:
    build_search_index(tables(), tmp_path)
    hits = EmbeddedEngine(tmp_path).search(
        Query(filters=Filters(regions=("990100",)), facets=(FacetField.KIND,))
    )
    assert {hit.document.id for hit in hits.hits} == {
        "project:P1", "contract:C1", "contract:C2", "contract:C3", "supplier:S1", "organisation:O 1",
    }  # fmt: skip


def test_building_twice_gives_the_same_documents(tmp_path: Path) -> None:
    first = build_search_index(tables(), tmp_path)
    again = build_search_index(tables(), tmp_path)
    assert (first.documents, first.generation, again.generation) == (again.documents, "000001", "000002")
    assert EmbeddedEngine(tmp_path).search(Query()).total == first.documents
