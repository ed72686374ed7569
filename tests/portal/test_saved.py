"""Short addresses: the same question has the same one, and later releases change nothing behind it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from portal.reading.saved import Questions, question_of
from tests.builders.published import province_tables, publish
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

ASKED = "/api/v1/datasets/spending/aggregate?region_level=city&function_level=total&group_by=region_name&measure=paid&sort=-paid"
MAKE = "/api/v1/queries?of="


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, province_tables(cities=2, counties=2, projects=8))
    return tmp_path


def kept(visitor: Visitor, address: str) -> dict[str, str]:
    answer = visitor.get(MAKE + quote(address, safe=""))
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_a_short_address_keeps_its_answer_through_later_releases(home: Path) -> None:
    visitor = visitor_to(home)
    short = kept(visitor, ASKED)
    before = visitor.get(short["answer"]).json()
    tables = province_tables(cities=2, counties=2, projects=8)
    publish(home, tables | {"spending": tables["spending"].head(0)})
    later = visitor_to(home)
    assert later.get(short["current"]).json()["release"]["number"] == 2
    assert later.get(short["answer"]).json()["rows"] == before["rows"]
    page = later.browse(f"/q/{short['id']}")
    assert page.status_code == 200
    assert page.headers["x-sunshine-release"] == "1"
    assert f"{before['rows'][0]['paid']:,.2f}" in page.text
    assert "第 1 号发布" in page.text
    assert "最新的第 2 号发布" in page.text


def test_one_question_has_one_address_however_it_is_written(home: Path) -> None:
    visitor = visitor_to(home)
    other = "/api/v1/datasets/spending@1/aggregate?measure=paid&group_by=region_name&sort=-paid&function_level=total&region_level=city&limit=7"
    assert kept(visitor, ASKED)["id"] == kept(visitor, f"https://example.org{other}")["id"]
    assert kept(visitor, ASKED)["id"] != kept(visitor, ASKED.replace("city", "county"))["id"]
    asked = visitor.browse(f"/q?of={quote(ASKED, safe='')}")
    assert asked.status_code == 303
    assert asked.headers["location"] == f"/q/{kept(visitor, ASKED)['id']}"


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "/api/v1/datasets/spending/rows?piad=1",
        "/api/v1/datasets/spending/rows?paid__like=1",
        "/api/v1/datasets/spending/aggregate?measure=paid:median",
        "/api/v1/datasets/spending/aggregate",
        "/api/v1/datasets/spending/rows.csv",
        "//evil.example/q",
    ],
)
def test_what_cannot_be_asked_gets_no_address(home: Path, address: str) -> None:
    answer = visitor_to(home).get(MAKE + quote(address, safe=""))
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not list(home.glob("queries/*/*"))


@pytest.mark.parametrize("address", ["/api/v1/datasets/nothing/rows", "/api/v1/datasets/spending@9/rows"])
def test_tables_and_releases_that_are_not_there_are_not_found(home: Path, address: str) -> None:
    assert visitor_to(home).get(MAKE + quote(address, safe="")).status_code == 404


def test_an_address_nobody_made_or_somebody_altered_is_not_found(home: Path) -> None:
    visitor = visitor_to(home)
    short = kept(visitor, ASKED)["id"]
    (path,) = home.glob("queries/*/*")
    path.write_bytes(path.read_bytes().replace(b"city", b"county"))
    for name in (short, "a" * 16, "..%2f..%2fkeys", "A" * 16):
        assert visitor.browse(f"/q/{name}").status_code == 404


def test_a_question_is_the_file_it_was(tmp_path: Path) -> None:
    questions = Questions(tmp_path)
    question = question_of(ASKED, 3)
    assert questions.find(questions.keep(question)) == question
    assert questions.keep(question) == question.id
    assert len(list(tmp_path.glob("queries/*/*"))) == 1


def test_the_tables_of_the_explorer_have_short_addresses_of_their_rows(home: Path) -> None:
    visitor = visitor_to(home)
    page = visitor.browse("/spending?year=2025").text
    links = [unescape(found) for found in re.findall(r'href="(/q\?of=[^"]+)"', page)]
    assert len(links) == 2
    by_region = visitor.browse(links[1])
    assert by_region.status_code == 303
    name = by_region.headers["location"].removeprefix("/q/")
    rows = visitor.get(visitor.get(f"/api/v1/queries/{name}").json()["answer"]).json()["rows"]
    assert {row["region_code"] for row in rows} == {"990100", "990200"}
    assert {(row["fiscal_year"], row["function_code"]) for row in rows} == {(2025, "total")}
