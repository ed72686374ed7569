"""The page of search results: links that toggle, marks, and what to try when nothing was found."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reading.finding import Branch, FindingView, TextPart, Trees, finding_view
from portal.reading.finding_address import PAGE_SIZE, address_of, parameters_of, read_query, toggled
from search.documents import Kind, SearchDocument
from search.engine import (
    Closeness,
    Facet,
    FacetCount,
    FacetField,
    Filters,
    Hit,
    Hits,
    Marked,
    Query,
    Sort,
)

TREES = Trees(
    regions={
        "99": Branch("云岭省"),
        "9901": Branch("清河市", "99"),
        "9902": Branch("望山市", "99"),
        "990101": Branch("石桥县", "9901"),
    },
    functions={"205": Branch("教育支出"), "214": Branch("交通运输支出")},
)
ASKED = Query("公路", facets=tuple(FacetField), page_size=PAGE_SIZE)
DOCUMENT = SearchDocument(
    id="project:1", kind=Kind.PROJECT, title="农村公路工程", url="/projects/1", regions=("99", "9901"), amount_fen=5,
    status="under_way", light="red",
)  # fmt: skip
HIT = Hit(DOCUMENT, Marked("农村公路工程", ((2, 4),)), Marked("说明"))


def found(*hits: Hit, total: int | None = None, **more: object) -> Hits:
    return Hits(hits, len(hits) if total is None else total, **more)  # type: ignore[arg-type]


def view(query: Query, hits: Hits) -> FindingView:
    return finding_view(query, hits, TREES)


def labels(shown: FindingView, title: str) -> list[str]:
    return [choice.label for group in shown.groups if group.title == title for choice in group.choices]


def test_an_address_is_read_into_a_query() -> None:
    query = read_query(
        {
            "q": ["公路 "], "kind": ["project", "nonsense"], "region": ["9901"], "year": ["2024", "2025", "x"],
            "light": ["red"], "min": ["1,000.50"], "max": ["abc"], "sort": ["-amount"], "page": ["3"], "utm": ["1"],
        }
    )  # fmt: skip
    assert query == Query(
        "公路",
        Filters(
            kinds=(Kind.PROJECT,),
            regions=("9901",),
            years=(2024, 2025),
            lights=("red",),
            amount_min_fen=100_050,
        ),
        Sort.AMOUNT_DESCENDING,
        tuple(FacetField),
        3,
        PAGE_SIZE,
    )


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "99999999", "²"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert read_query({"page": [page]}).page == 1


@pytest.mark.parametrize("amount", ["NaN", "1e99", "Infinity", "--", "１２ａ"])
def test_an_amount_that_is_none_is_left_out(amount: str) -> None:
    assert read_query({"min": [amount]}).filters.amount_min_fen is None


texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)


@given(
    text=texts,
    regions=st.lists(texts, max_size=3, unique=True),
    years=st.lists(st.integers(1000, 9999), max_size=3, unique=True),
    lowest=st.none() | st.integers(-(10**15), 10**15),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 1000),
)
def test_an_address_asks_for_what_it_was_made_from(
    text: str, regions: list[str], years: list[int], lowest: int | None, sort: Sort, page: int
) -> None:
    filters = Filters(regions=tuple(regions), years=tuple(years), amount_min_fen=lowest)
    query = Query(text, filters, sort, tuple(FacetField), page, PAGE_SIZE)
    assert read_query(parse_qs(address_of(query)[1:])) == query


def test_what_is_the_default_stands_in_no_address() -> None:
    assert parameters_of(Query()) == ()


def test_a_choice_is_added_by_one_link_and_taken_away_by_the_next() -> None:
    with_year = toggled(replace(ASKED, page=4), FacetField.YEAR, "2024")
    assert (with_year.filters.years, with_year.page) == ((2024,), 1)
    assert toggled(with_year, FacetField.YEAR, "2024").filters == Filters()
    assert toggled(with_year, FacetField.YEAR, "2025").filters.years == (2024, 2025)


def test_another_place_takes_the_place_of_the_first() -> None:
    at_city = toggled(ASKED, FacetField.REGION, "9901")
    assert toggled(at_city, FacetField.REGION, "9902").filters.regions == ("9902",)


def test_a_hit_is_shown_in_words_with_its_match_apart() -> None:
    shown = view(ASKED, found(HIT)).found[0]
    assert shown.title == (TextPart("农村"), TextPart("公路", is_match=True), TextPart("工程"))
    assert (shown.kind, shown.place, shown.status, shown.light) == ("项目", "清河市", "进行中", "■ 紧急")
    assert (shown.url, shown.amount_fen, shown.is_close) == ("/projects/1", 5, False)


def test_facets_are_choices_with_counts_and_addresses() -> None:
    facet = Facet(FacetField.YEAR, (FacetCount("2023", 9), FacetCount("2024", 4)))
    query = toggled(ASKED, FacetField.YEAR, "2023")
    shown = view(query, found(HIT, facets=(facet,)))
    assert labels(shown, "年度") == ["2024 年", "2023 年"]
    newer, older = shown.groups[0].choices
    assert (newer.count, newer.is_chosen, parse_qsl(newer.address[1:])) == (
        4, False, [("q", "公路"), ("year", "2023"), ("year", "2024")],
    )  # fmt: skip
    assert (older.count, older.is_chosen, parse_qsl(older.address[1:])) == (9, True, [("q", "公路")])


def test_a_chosen_value_that_nothing_has_can_still_be_taken_away() -> None:
    query = toggled(ASKED, FacetField.LIGHT, "orange")
    shown = view(query, found(facets=(Facet(FacetField.LIGHT, ()),)))
    assert [(choice.label, choice.count, choice.is_chosen) for choice in shown.groups[0].choices] == [
        ("◆ 关注", 0, True)
    ]


REGIONS = Facet(
    FacetField.REGION,
    (FacetCount("99", 7, 1), FacetCount("9901", 4, 2), FacetCount("9902", 3, 2), FacetCount("990101", 2, 3)),
)


def test_places_are_offered_one_level_at_a_time() -> None:
    assert labels(view(ASKED, found(HIT, facets=(REGIONS,))), "地区") == ["清河市", "望山市"]
    below = view(toggled(ASKED, FacetField.REGION, "9901"), found(HIT, facets=(REGIONS,)))
    assert labels(below, "地区") == ["云岭省", "清河市", "石桥县"]


def test_what_was_chosen_can_be_taken_away_one_by_one() -> None:
    filters = Filters(kinds=(Kind.CONTRACT,), regions=("9901",), amount_min_fen=100_00)
    shown = view(replace(ASKED, filters=filters), found(HIT))
    assert [link.label for link in shown.chosen] == ["合同", "清河市", "不低于 100 元"]
    assert "region" not in dict(parse_qsl(shown.chosen[1].address[1:]))


def test_close_hits_are_announced_and_a_correction_is_offered() -> None:
    close = replace(HIT, closeness=Closeness.CLOSE)
    shown = view(replace(ASKED, text="公陆"), found(close, closeness=Closeness.CLOSE, corrected="公路"))
    assert "最接近" in shown.notice
    assert shown.corrected is not None
    assert parse_qsl(shown.corrected.address[1:]) == [("q", "公路")]


def test_pages_lead_forward_and_back_as_far_as_there_are_hits() -> None:
    first = view(ASKED, found(HIT, total=21))
    assert (first.previous, first.next is not None) == (None, True)
    second = view(replace(ASKED, page=2), found(HIT, total=21))
    assert (second.previous is not None, second.next) == (True, None)


def test_when_nothing_is_found_there_is_something_to_try() -> None:
    query = Query("量子 色动力学研究", Filters(years=(1999,)))
    advice = view(query, found()).advice
    assert [link.label for link in advice] == ["去掉所有筛选条件再找", "只找“色动力学研究”", "查看全部内容"]
    assert parse_qsl(advice[1].address[1:]) == [("q", "色动力学研究"), ("year", "1999")]


def test_there_is_no_advice_when_something_was_found() -> None:
    assert view(ASKED, found(HIT)).advice == ()
