"""What the portal says about its datasets in the languages of catalogues, feeds and search engines."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from portal.app import build_app
from portal.settings import SettingRefused, Settings
from publishing.release.keys import load_or_create_signing_key
from publishing.release.store import ReleaseStore
from tests.builders.published import (
    province_tables,
    publish,
    publish_province,
    review_sheet_tables,
)
from tests.builders.visitor import Visitor

BASE = "https://data.example.org"
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "云岭省</script><script>alert(1)</script>\u2028&<!--"


def visitor_to(home: Path, **settings: str) -> Visitor:
    given = {"SUNSHINE_HOME": str(home), "SUNSHINE_BASE_URL": BASE, **settings}
    return Visitor(build_app(Settings.read(given), "public"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: the second changes the contracts and nothing else."""
    home = tmp_path_factory.mktemp("described")
    tables = province_tables(cities=2, counties=2, projects=12)
    publish(home, tables, note="首次发布")
    contracts = tables["contracts"].with_columns(
        paid=pl.when(pl.int_range(pl.len()) == 0).then(None).otherwise("paid"),
        paid_status=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("withheld")).otherwise("paid_status"),
        supplier_id=pl.when(pl.int_range(pl.len()) == 1).then(pl.lit("S-PERSON")).otherwise("supplier_id"),
        supplier_name=pl.when(pl.int_range(pl.len()) == 1).then(pl.lit("张三")).otherwise("supplier_name"),
    )
    publish(home, tables | {"contracts": contracts}, note="更正合同")
    return home


@pytest.fixture(scope="module")
def visitor(home: Path) -> Visitor:
    return visitor_to(home)


class _Scripts(HTMLParser):
    """Collects the scripts of a page: their attributes and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._inside: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = dict(attrs) if tag == "script" else self._inside
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = None if tag == "script" else self._inside


def linked(visitor: Visitor, path: str) -> tuple[dict[str, Any], str, str]:
    """The description in a page, its nonce, and the page's content security policy."""
    answer = visitor.browse(path)
    parser = _Scripts()
    parser.feed(answer.text)
    found = [script for script in parser.scripts if script[0].get("type") == "application/ld+json"]
    assert len(found) == 1
    attributes, text = found[0]
    return json.loads(text), attributes["nonce"] or "", answer.headers["content-security-policy"]


def test_a_dataset_page_describes_itself_with_the_files_of_the_catalogue(visitor: Visitor) -> None:
    described, nonce, policy = linked(visitor, "/datasets/spending@1")
    assert f"'nonce-{nonce}'" in policy
    assert described["@type"] == "Dataset"
    assert 50 <= len(described["description"]) <= 5000
    assert described["name"]
    assert described["version"] == "1"
    files = visitor.get("/api/v1/datasets/spending@1").json()["files"]
    assert [
        (found["contentUrl"], found["contentSize"], found["sha256"]) for found in described["distribution"]
    ] == [(file["url"], f"{file['bytes']} B", file["sha256"]) for file in files]
    assert described["temporalCoverage"] == "2023-01-01/2026-10-31"
    assert described["spatialCoverage"]["name"] == "云岭省"


def test_a_hostile_title_stays_text_in_the_description_of_a_page(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=2), title=HOSTILE, attribution=HOSTILE)
    visitor = visitor_to(tmp_path)
    described, _, _ = linked(visitor, "/datasets/spending")
    assert described["publisher"]["name"] == HOSTILE
    page = visitor.browse("/datasets/spending").text
    assert "<script>alert" not in page
    assert "\u2028" not in page[page.index("ld+json") : page.index("</script>", page.index("ld+json"))]
    for path in ("/catalog.jsonld", "/data.json", "/datasets/spending/croissant.json"):
        assert HOSTILE in json.dumps(visitor.get(path).json(), ensure_ascii=False)
    feed = ET.fromstring(visitor.get("/feeds/datasets/spending.atom").content)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"


@pytest.mark.parametrize(
    "path",
    [
        "/catalog.ttl",
        "/catalog.jsonld",
        "/data.json",
        "/datasets/spending@2/croissant.json",
        "/datasets/spending@2/csv-metadata.json",
        "/datasets/spending",
        "/feeds/datasets/spending.atom",
        "/ocds/releases/2024.json",
        "/.well-known/api-catalog",
        "/.well-known/security.txt",
        "/llms.txt",
    ],
)
def test_absolute_addresses_come_from_the_settings_and_never_from_the_host_header(
    visitor: Visitor, path: str
) -> None:
    headers = {"host": "evil.example.net", "x-forwarded-host": "evil.example.net", "accept": "text/html,*/*"}
    answer = visitor.get(path, headers)
    assert answer.status_code == 200
    assert BASE in answer.text
    assert "evil.example.net" not in answer.text + str(answer.headers)
    assert "portal.test" not in answer.text


def test_data_json_names_every_dataset_with_what_harvesters_require(visitor: Visitor) -> None:
    document = visitor.get("/data.json").json()
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    names = [found["name"] for found in visitor.get("/api/v1/datasets").json()["datasets"]]
    assert [found["identifier"] for found in document["dataset"]] == [
        f"{BASE}/datasets/{name}@2" for name in names
    ]
    required = {"title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier"}
    for found in document["dataset"]:
        assert required | {"accessLevel", "license", "distribution"} <= set(found)
        assert all(
            file["downloadURL"].startswith(BASE) and file["mediaType"] for file in found["distribution"]
        )
    assert "hasEmail" not in document["dataset"][0]["contactPoint"]


def test_a_configured_contact_and_licence_are_named_wherever_one_is_wanted(home: Path) -> None:
    licence = "https://data.example.org/terms"
    visitor = visitor_to(home, SUNSHINE_CONTACT="mailto:open@example.org", SUNSHINE_LICENCE_URL=licence)
    found = visitor.get("/data.json").json()["dataset"][0]
    assert found["contactPoint"]["hasEmail"] == "mailto:open@example.org"
    assert found["license"] == licence
    assert "vcard:hasEmail <mailto:open@example.org>" in visitor.get("/catalog.ttl").text
    assert "Contact: mailto:open@example.org" in visitor.get("/.well-known/security.txt").text
    assert licence in visitor.browse("/datasets").text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUNSHINE_CONTACT", "open@example.org"),
        ("SUNSHINE_CONTACT", "https://a.example/\nExpires: 2000-01-01"),
        ("SUNSHINE_LICENCE_URL", "javascript:alert(1)"),
        ("SUNSHINE_OCID_PREFIX", "ocds-ABCDEF"),
    ],
)
def test_a_setting_that_would_spoil_the_catalogue_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        Settings.read({name: value})


def test_csvw_names_the_columns_in_the_order_of_the_file(visitor: Visitor) -> None:
    answer = visitor.get("/datasets/spending@1/csv-metadata.json")
    assert answer.headers["content-type"] == "application/csvm+json"
    document = answer.json()
    assert document["url"] == "spending.csv"
    text = visitor.get("/datasets/spending@1/spending.csv").content.decode("utf-8-sig")
    heading = next(csv.reader(io.StringIO(text)))
    assert [column["titles"] for column in document["tableSchema"]["columns"]] == heading
    assert set(document["tableSchema"]["primaryKey"]) <= set(heading)


def entries(visitor: Visitor, name: str) -> list[tuple[str, str]]:
    answer = visitor.get(f"/feeds/datasets/{name}.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own
    for tag in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{tag}") is not None
    found = feed.findall(f"{ATOM}entry")
    for entry in found:
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")).tzinfo is not None
    return [(entry.findtext(f"{ATOM}id", ""), entry.findtext(f"{ATOM}summary", "")) for entry in found]


def test_the_feed_of_a_dataset_tells_what_changed_in_each_release(visitor: Visitor) -> None:
    (newest, said), (oldest, first) = entries(visitor, "contracts")
    assert (newest, oldest) == (f"{BASE}/datasets/contracts@2", f"{BASE}/datasets/contracts@1")
    assert "更正合同。" in said
    assert "改动 2 行" in said
    assert "首次发布。" in first
    assert "内容和第 1 号发布相同" in entries(visitor, "regions")[0][1]


def test_a_withdrawn_release_leaves_catalogue_and_feeds(tmp_path: Path) -> None:
    tables = province_tables(cities=1, counties=1, projects=2)
    for note in ("一", "二", "三"):
        publish(tmp_path, tables, note=note)
    key = load_or_create_signing_key(tmp_path / "keys", "public")
    ReleaseStore(tmp_path / "public").withdraw(
        2, reason="误收了一张表", by="甲", at=datetime(2026, 11, 6, tzinfo=UTC), key=key
    )
    visitor = visitor_to(tmp_path)
    assert [found for found, _ in entries(visitor, "spending")] == [
        f"{BASE}/datasets/spending@3",
        f"{BASE}/datasets/spending@1",
    ]
    catalogue = visitor.get("/catalog.ttl").text
    assert "spending@2" not in catalogue
    assert f"dcat:prev <{BASE}/datasets/spending@1>" in catalogue


def ocds(visitor: Visitor) -> list[dict[str, Any]]:
    return [json.loads(line) for line in visitor.get("/ocds/releases.jsonl").text.splitlines()]


def test_a_withheld_payment_is_left_out_of_ocds_and_said_to_be(visitor: Visitor) -> None:
    first, *others = ocds(visitor)
    contract = first["contracts"][0]
    assert "implementation" not in contract
    assert "依规不公开" in contract["description"]
    assert "implementation" not in first["tag"]
    assert all(found["contracts"][0]["implementation"]["transactions"] for found in others)


def test_a_supplier_who_is_not_in_the_published_table_is_no_party(visitor: Visitor) -> None:
    release = ocds(visitor)[1]
    assert "张三" not in json.dumps(release, ensure_ascii=False)
    assert "suppliers" not in release["awards"][0]
    assert {role for party in release["parties"] for role in party["roles"]}.isdisjoint({"supplier", "payee"})


def test_security_txt_holds_for_less_than_a_year_and_names_a_contact(visitor: Visitor) -> None:
    answer = visitor.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"].startswith(f"{BASE}/")
    expires = datetime.fromisoformat(fields["Expires"])
    assert datetime.now(UTC) + timedelta(days=100) < expires < datetime.now(UTC) + timedelta(days=365)


def test_the_list_of_interfaces_leads_to_addresses_that_answer(visitor: Visitor) -> None:
    answer = visitor.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith("application/linkset+json")
    [interface] = answer.json()["linkset"]
    for relation in ("service-desc", "service-doc", "service-meta", "status", "terms-of-service"):
        for link in interface[relation]:
            assert visitor.get(link["href"].removeprefix(BASE)).status_code == 200
    guide = visitor.get("/llms.txt").text
    linked_datasets = re.findall(rf"\({BASE}(/datasets/\w+)\)", guide)
    assert len(linked_datasets) == len(visitor.get("/api/v1/datasets").json()["datasets"])


@pytest.mark.parametrize(
    "path",
    [
        "/datasets/spendnig/croissant.json",
        "/datasets/spending@99/croissant.json",
        "/datasets/spending@x/csv-metadata.json",
        "/feeds/datasets/spendnig.atom",
        "/feeds/datasets/spending.rss",
        "/feeds/datasets/spending",
        "/ocds/releases/1066.json",
        "/ocds/records/ocds-xxxxxx-nothing",
        "/ocds/records/nothing",
        "/ocds/releases/2024.xml",
        "/ocds/releases/%0d%0a.json",
    ],
)
def test_an_address_that_means_nothing_is_a_problem_document(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


def test_a_source_without_contracts_regions_or_a_base_url_has_a_catalogue_all_the_same(
    tmp_path: Path,
) -> None:
    publish(tmp_path, review_sheet_tables(), currency="JPY", title="行政事業レビューシート")
    visitor = visitor_to(tmp_path, SUNSHINE_BASE_URL="")
    assert visitor.get("/ocds/releases.jsonl").text == ""
    graph = visitor.get("/catalog.jsonld").json()["@graph"]
    assert {"@id": "/datasets/projects@1"} in graph[0]["dcat:dataset"]
    assert visitor.get("/catalog.ttl").status_code == 200
    assert visitor.get("/datasets/projects/croissant.json").json()["url"] == "/datasets/projects@1"


def test_catalogues_are_kept_and_found_fresh_and_open_to_other_sites(tmp_path: Path) -> None:
    publish_province(tmp_path, cities=1, counties=1, projects=2)
    visitor = visitor_to(tmp_path)
    for path in ("/catalog.ttl", "/catalog.jsonld", "/data.json", "/datasets/spending/croissant.json"):
        answer = visitor.get(path)
        assert answer.headers["access-control-allow-origin"] == "*"
        again = visitor.get(path, {"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
