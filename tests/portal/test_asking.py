"""Questions and search over HTTP: the shapes of the interface, the pages, and what strangers type."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.published import province_tables
from tests.builders.visitor import Visitor
from tests.portal.test_api import asked


def ask(visitor: Visitor, question: str, more: str = "") -> dict[str, Any]:
    return asked(visitor, f"/api/v1/ask?q={quote(question)}{more}")


def spent(year: int, region: str = "990000", function: str = "205") -> float:
    spending = province_tables()["spending"].filter(
        fiscal_year=year, region_code=region, function_code=function
    )
    return float(spending["paid"][0]) / 100


# ---------------------------------------------------------------- questions


def test_a_question_is_answered_in_the_promised_shape(province: Visitor) -> None:
    found = ask(province, "2025年教育支出是多少")
    assert found["status"] == "answered"
    assert found["answer"]["value"] == spent(2025)
    assert found["answer"]["unit"] == "元"
    assert found["reading"]["measure"] == "paid"
    assert found["reading"]["filters"]["function_code"] == "205"
    assert found["reading"]["period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert {"words": "2025年", "means": "2025年", "part": "period"} in found["reading"]["words"]
    assert found["release"]["number"] == 1
    assert found["release"]["id"].startswith("sha256:")
    assert found["reason"] is None
    assert found["formula"]


def test_the_rows_behind_an_answer_are_an_address_that_answers(province: Visitor) -> None:
    found = ask(province, "2025年教育支出是多少")
    rows = asked(province, found["rows_url"])
    assert [row["paid"] for row in rows["rows"]] == [found["answer"]["value"]]


def test_today_moves_the_year_of_a_question(province: Visitor) -> None:
    assert ask(province, "去年教育支出是多少")["answer"]["value"] == spent(2025)
    assert ask(province, "去年教育支出是多少", "&today=2025-06-30")["answer"]["value"] == spent(2024)


def test_a_withheld_number_is_refused_with_its_code(province: Visitor) -> None:
    found = ask(province, "2025年第1市1县社会保障和就业支出是多少")
    assert found["status"] == "refused"
    assert found["reason"]["code"] == "withheld"
    assert found["answer"] is None
    assert found["suggestions"]


def test_an_ambiguous_question_is_asked_back_with_answers(province: Visitor) -> None:
    found = ask(province, "2025年预算")
    assert found["status"] == "ambiguous"
    assert len(found["choices"]) == 2
    assert all(choice["value"] for choice in found["choices"])


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("q=x&today=yesterday", "today"),
        ("q=x&colour=red", "colour"),
    ],
)
def test_what_the_interface_does_not_know_is_refused_by_name(
    province: Visitor, query: str, parameter: str
) -> None:
    answer = province.get(f"/api/v1/ask?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("query", ["kind=ghost", "sort=up", "page=0", "year=20x5", "min=much", "page=9999"])
def test_a_search_with_a_value_that_cannot_be_read_is_refused(province: Visitor, query: str) -> None:
    answer = province.get(f"/api/v1/search?q=a&{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.parametrize("path", ["/ask", "/api/v1/ask", "/search", "/api/v1/search", "/api/v1/suggest"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_whatever_is_typed_is_answered(province: Visitor, path: str, text: str) -> None:
    answer = province.browse(f"{path}?q={quote(text)}")
    assert answer.status_code == 200


def test_a_question_that_is_too_long_is_told_so(province: Visitor) -> None:
    assert "太长" in ask(province, "a" * 2_000)["reason"]["text"]
    assert ask(province, "a" * 2_000)["reason"]["code"] == "not_understood"


# ---------------------------------------------------------------- the card


def card(visitor: Visitor, question: str) -> str:
    answer = visitor.browse(f"/ask?q={quote(question)}")
    assert answer.status_code == 200
    return answer.text


def test_the_card_shows_value_scope_words_formula_rows_and_permalink(province: Visitor) -> None:
    page = card(province, "请问2025年教育支出是多少")
    assert f'<data value="{spent(2025)}"' in page
    assert "精确到分" in page
    assert "教育支出" in page
    assert "支出 = Σ" in page
    assert "/api/v1/datasets/spending@1/rows?" in page
    assert "release=1" in page
    assert re.search(r"略去.*请问", page, flags=re.DOTALL)


def test_every_part_of_a_reading_can_be_exchanged_for_another(province: Visitor) -> None:
    page = card(province, "2025年教育支出是多少")
    for other in ("2024年教育支出是多少", "2025年一般公共服务支出是多少", "云乙1市2025年教育支出是多少"):
        assert f'value="{other}"' in page
        assert ask(province, other)["status"] == "answered"


def test_a_grouped_answer_has_a_bar_for_each_group_that_leads_on(province: Visitor) -> None:
    page = card(province, "2025年各市教育支出")
    assert page.count('<svg class="bar"') == 5
    assert 'href="/regions/990100"' in page
    assert re.search(r"最多，.*；.*最少，", page)


def test_a_withheld_number_is_in_no_part_of_the_card(province: Visitor) -> None:
    page = card(province, "2025年第1市1县社会保障和就业支出是多少")
    assert "依规不公开" in page
    assert "<data" not in page


def test_a_name_is_searched_for_rather_than_refused(province: Visitor) -> None:
    page = card(province, "小学扩建")
    assert "叫这个名字的内容" in page
    assert re.search(r'class="hit">.*<mark>小学', page, flags=re.DOTALL)


def test_the_permalink_stays_with_its_release(province: Visitor) -> None:
    answer = province.browse(f"/ask?q={quote('2025年教育支出')}&release=1")
    assert answer.status_code == 200
    assert answer.headers["x-sunshine-release"] == "1"
    assert province.browse(f"/ask?q={quote('2025年教育支出')}&release=9").status_code == 404


# ---------------------------------------------------------------- search


def test_a_search_counts_filters_and_marks(province: Visitor) -> None:
    found = asked(province, f"/api/v1/search?q={quote('小学')}&kind=project")
    assert found["count"] == 10
    assert all("小学" in hit["title"]["text"] for hit in found["hits"])
    start, end = found["hits"][0]["title"]["matches"][0]
    assert found["hits"][0]["title"]["text"][start:end] == "小学"
    lights = {choice["value"]: choice["count"] for choice in found["facets"]["light"]}
    assert sum(lights.values()) == 10
    red = asked(province, f"/api/v1/search?q={quote('小学')}&kind=project&light=red")
    assert red["count"] == lights.get("red", 0)


def test_a_search_page_follows_to_its_end(province: Visitor) -> None:
    seen: list[str] = []
    following = "/api/v1/search?kind=project"
    while following:
        found = asked(province, following)
        seen += [hit["id"] for hit in found["hits"]]
        following = found["next"]
    assert len(seen) == len(set(seen)) == found["count"] == 60


def test_choices_are_links_that_toggle(province: Visitor) -> None:
    page = province.browse(f"/search?q={quote('小学')}").text
    link = next(found for found in re.findall(r'href="(/search\?[^"]+)"', page) if "kind=project" in found)
    ticked = province.browse(link.replace("&amp;", "&")).text
    assert "☑" in ticked
    assert 'class="chips"' in ticked
    assert re.search(r"找到</?\w* ?<b>10</b>|找到 <b>10</b>", ticked)


def test_choices_keep_the_elder_mode(province: Visitor) -> None:
    page = province.browse(f"/search?q={quote('小学')}&mode=elder").text
    links = [found for found in re.findall(r'href="(/search\?[^"]+)"', page) if "kind=" in found]
    assert links
    assert all("mode=elder" in link for link in links)


def test_nothing_found_helps_on(province: Visitor) -> None:
    page = province.browse(f"/search?q={quote('月球背面 🚀')}&region=990101").text
    assert "没有找到" in page
    assert "去掉所有筛选条件再找" in page


def test_suggestions_complete_names_by_characters_and_by_initials(province: Visitor) -> None:
    by_name = asked(province, f"/api/v1/suggest?q={quote('云乙')}")["suggestions"]
    assert by_name[0]["text"] == "云乙1市"
    assert by_name[0]["matches"][0] == [0, 2]
    by_sound = asked(province, "/api/v1/suggest?q=yunyi")["suggestions"]
    assert "云乙1市" in [item["text"] for item in by_sound]
    assert asked(province, "/api/v1/suggest?q=")["suggestions"] == []


def test_a_release_without_an_index_is_looked_through_and_says_so(sheets: Visitor) -> None:
    name = "道路"
    page = sheets.browse(f"/search?q={quote(name)}")
    assert page.status_code == 200
    assert "没有检索索引" in page.text
    assert page.headers["cache-control"] == "no-store"
    found = asked(sheets, "/api/v1/search?kind=project")
    assert found["note"]
    assert found["count"] == 12
    assert asked(sheets, "/api/v1/search?kind=contract")["count"] == 0


def test_every_page_has_the_box(province: Visitor) -> None:
    for path in ("/", "/projects", "/map", "/datasets", "/ask", "/nowhere"):
        assert 'action="/ask"' in province.browse(path).text


def test_what_is_indexed_is_what_is_published(province: Visitor) -> None:
    projects = province_tables()["projects"]
    found = asked(province, "/api/v1/search?kind=project&page=3")
    by_id = dict(projects.select("project_id", "total_investment").iter_rows())
    for hit in found["hits"]:
        fen = by_id[hit["id"].partition(":")[2]]
        assert hit["amount"] == (None if fen is None else fen / 100)
    assert projects.filter(pl.col("project_id").is_null()).height == 0
