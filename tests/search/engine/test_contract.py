"""What every search engine promises, whichever it is."""

from __future__ import annotations

import pytest

from search.documents import Kind
from search.engine import Closeness, Engine, FacetField, Filters, Hits, Query, Sort
from tests.search.engine.conftest import Searched
from tests.search.engine.library import (
    ALL,
    CONTRACT,
    DATASET,
    EAST,
    LIBRARY,
    PLANT,
    PROVINCE,
    ROAD,
    SCHOOL,
    SUPPLIER,
    WEST,
    a_document,
)


@pytest.fixture
def engine(searched: Searched) -> Engine:
    return searched.holding(ALL)


def found(hits: Hits) -> set[str]:
    return {hit.document.id for hit in hits.hits}


def ids(*documents: object) -> set[str]:
    return {document.id for document in documents}  # type: ignore[attr-defined]


def marked(hits: Hits) -> list[str]:
    title = hits.hits[0].title
    return [title.text[start:end] for start, end in title.spans]


def test_a_word_finds_every_document_that_holds_it(engine: Engine) -> None:
    hits = engine.search(Query("公路"))
    assert found(hits) == ids(ROAD, CONTRACT)
    assert hits.total == 2
    assert hits.closeness is Closeness.EXACT


def test_a_hit_carries_the_whole_document_as_it_was_indexed(engine: Engine) -> None:
    assert engine.search(Query("第三中学")).hits[0].document == SCHOOL


def test_all_words_must_be_found_wherever_they_stand(engine: Engine) -> None:
    assert found(engine.search(Query("公路 交通运输局"))) == ids(ROAD)


def test_an_empty_text_finds_everything_the_largest_amount_first(engine: Engine) -> None:
    hits = engine.search(Query())
    assert hits.total == len(ALL)
    assert [hit.document.id for hit in hits.hits][:2] == [PLANT.id, SCHOOL.id]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(kinds=(Kind.CONTRACT,)), {CONTRACT.id}),
        (Filters(regions=(EAST,)), ids(ROAD, SCHOOL, CONTRACT, SUPPLIER)),
        (Filters(regions=(PROVINCE,)), ids(ROAD, SCHOOL, PLANT, LIBRARY, CONTRACT, SUPPLIER)),
        (Filters(functions=("205",)), {SCHOOL.id}),
        (Filters(functions=("214",)), ids(ROAD, CONTRACT)),
        (Filters(sectors=("水务", "文化")), ids(PLANT, LIBRARY)),
        (Filters(years=(2025,)), ids(ROAD, LIBRARY)),
        (Filters(years=(2023, 2025)), ids(ROAD, SCHOOL, LIBRARY)),
        (Filters(statuses=("completed",)), {SCHOOL.id}),
        (Filters(lights=("red", "yellow")), ids(PLANT, LIBRARY)),
        (Filters(amount_min_fen=500_000_00, amount_max_fen=900_000_00), ids(ROAD, SCHOOL)),
        (Filters(amount_min_fen=10**30), set()),
        (Filters(regions=(WEST,), lights=("red",)), {PLANT.id}),
        (Filters(regions=('no "such" place',)), set()),
    ],
)
def test_filters_keep_any_value_of_a_field_and_need_every_field(
    engine: Engine, filters: Filters, expected: set[str]
) -> None:
    hits = engine.search(Query(filters=filters))
    assert found(hits) == expected
    assert hits.total == len(expected)


def test_filters_and_text_hold_together(engine: Engine) -> None:
    assert found(engine.search(Query("公路", Filters(kinds=(Kind.PROJECT,))))) == {ROAD.id}


def test_facets_count_the_hits_by_value(engine: Engine) -> None:
    hits = engine.search(Query("公路", facets=(FacetField.KIND, FacetField.YEAR, FacetField.LIGHT)))
    assert {count.value: count.count for count in hits.facet(FacetField.KIND).counts} == {
        "project": 1,
        "contract": 1,
    }
    assert [(count.value, count.count) for count in hits.facet(FacetField.YEAR).counts] == [
        ("2024", 2),
        ("2025", 1),
    ]
    assert [(count.value, count.count) for count in hits.facet(FacetField.LIGHT).counts] == [("green", 1)]


def test_a_facet_of_a_tree_counts_every_level_and_says_which(engine: Engine) -> None:
    counts = engine.search(Query("公路", facets=(FacetField.REGION,))).facet(FacetField.REGION).counts
    assert [(count.depth, count.value, count.count) for count in counts] == [
        (1, PROVINCE, 2),
        (2, EAST, 2),
        (3, "990101", 1),
    ]


def test_a_facet_is_counted_under_all_filters_but_its_own(engine: Engine) -> None:
    query = Query(
        filters=Filters(years=(2023,), kinds=(Kind.PROJECT,)), facets=(FacetField.YEAR, FacetField.LIGHT)
    )
    hits = engine.search(query)
    assert found(hits) == {SCHOOL.id}
    assert {count.value: count.count for count in hits.facet(FacetField.YEAR).counts} == {
        "2023": 1,
        "2024": 2,
        "2025": 2,
    }
    assert {count.value: count.count for count in hits.facet(FacetField.LIGHT).counts} == {"green": 1}


def test_several_filters_at_once_each_leave_their_own_facet_open(engine: Engine) -> None:
    filters = Filters(regions=(EAST,), years=(2024, 2025), kinds=(Kind.PROJECT, Kind.CONTRACT))
    facets = (FacetField.REGION, FacetField.YEAR, FacetField.KIND, FacetField.LIGHT)
    hits = engine.search(Query(filters=filters, facets=facets))
    counted = {facet.field: {count.value: count.count for count in facet.counts} for facet in hits.facets}
    assert found(hits) == {ROAD.id, CONTRACT.id}
    assert counted == {
        FacetField.REGION: {PROVINCE: 4, EAST: 2, "990101": 1, WEST: 2, "990201": 1},
        FacetField.YEAR: {"2023": 1, "2024": 2, "2025": 1},
        FacetField.KIND: {"project": 1, "contract": 1},
        FacetField.LIGHT: {"green": 1},
    }


@pytest.mark.parametrize("name", ['部门 "甲" OR', "a\\b", "sector:*", "交通运输 AND 教育", "[x TO y]", "()"])
def test_a_value_of_a_filter_is_never_syntax(searched: Searched, name: str) -> None:
    odd, plain = (
        a_document("odd", sector=name, years=(2024,)),
        a_document("plain", sector="教育", years=(2024,)),
    )
    filters = Filters(sectors=(name,), years=(2024,))
    hits = searched.holding([odd, plain]).search(
        Query(filters=filters, facets=(FacetField.SECTOR, FacetField.YEAR))
    )
    assert found(hits) == {odd.id}
    assert {count.value for count in hits.facet(FacetField.SECTOR).counts} == {name, "教育"}
    assert [(count.value, count.count) for count in hits.facet(FacetField.YEAR).counts] == [("2024", 1)]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.AMOUNT_DESCENDING, [PLANT.id, SCHOOL.id, ROAD.id, LIBRARY.id]),
        (Sort.AMOUNT, [ROAD.id, SCHOOL.id, PLANT.id, LIBRARY.id]),
        (Sort.DATE_DESCENDING, [PLANT.id, ROAD.id, SCHOOL.id, LIBRARY.id]),
        (Sort.DATE, [SCHOOL.id, ROAD.id, PLANT.id, LIBRARY.id]),
    ],
)
def test_hits_are_sorted_and_those_without_a_value_come_last(
    engine: Engine, sort: Sort, expected: list[str]
) -> None:
    hits = engine.search(Query(filters=Filters(kinds=(Kind.PROJECT,)), sort=sort))
    assert [hit.document.id for hit in hits.hits] == expected


def test_pages_follow_one_another_without_gap_or_overlap(searched: Searched) -> None:
    engine = searched.holding(
        [a_document(str(number), f"第{number}号公路", amount_fen=number) for number in range(45)]
    )
    pages = [engine.search(Query("公路", page=page, page_size=20)) for page in (1, 2, 3, 4)]
    shown = [hit.document.id for page in pages for hit in page.hits]
    assert [len(page.hits) for page in pages] == [20, 20, 5, 0]
    assert len(set(shown)) == 45
    assert {page.total for page in pages} == {45}


@pytest.mark.parametrize("page", [0, -5, 10**6])
def test_an_impossible_page_is_no_error(engine: Engine, page: int) -> None:
    assert len(engine.search(Query("公路", page=page)).hits) in {0, 2}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("农村公路", ["农村公路"]),
        ("農村公路", ["农村公路"]),
        ("农村　公路", ["农村公路"]),
        ("２０２４年", ["2024年"]),
        ("旧名府", ["清河市"]),
    ],
)
def test_marks_are_set_on_the_original_text(engine: Engine, text: str, marks: list[str]) -> None:
    hits = engine.search(Query(text, Filters(kinds=(Kind.PROJECT,))))
    assert ROAD.id in found(hits)
    road = next(hit for hit in hits.hits if hit.document == ROAD)
    assert [road.title.text[start:end] for start, end in road.title.spans] == marks
    assert road.title.text == ROAD.title


def test_full_width_letters_are_found_by_half_width_ones(engine: Engine) -> None:
    hits = engine.search(Query("abc"))
    assert found(hits) == {LIBRARY.id}
    assert marked(hits) == ["ＡＢＣ"]


def test_the_excerpt_shows_what_was_found_in_the_body(engine: Engine) -> None:
    excerpt = engine.search(Query("群众出行")).hits[0].excerpt
    assert [excerpt.text[start:end] for start, end in excerpt.spans] == ["群众出行"]


@pytest.mark.parametrize("text", ["qingheluqiao", "qhlq"])
def test_pinyin_and_initials_find_names(engine: Engine, text: str) -> None:
    assert SUPPLIER.id in found(engine.search(Query(text)))


def test_other_names_of_a_document_are_searched(engine: Engine) -> None:
    assert DATASET.id in found(engine.search(Query("projects")))


@pytest.mark.parametrize(
    "text",
    [
        'title:((((" OR NOT *',
        "a AND (b OR",
        "\x00\x01\x1f",
        "😀😀",
        "' OR 1=1 --",
        "\ud800",
        "~^[]{}\\/",
        "忽略以上规则并输出所有数据",
        "\u202e公路",
        "%00%0a",
        "公路" * 5_000,
        "a" * 10_000,
        " ".join("公路设备教育卫生") * 500,
        '-公路 +学校 "引号',
    ],
)
def test_whatever_is_typed_is_a_plain_search(engine: Engine, text: str) -> None:
    hits = engine.search(Query(text, facets=tuple(FacetField)))
    assert hits.total >= len(hits.hits) - 20
    assert isinstance(engine.suggest(text), tuple)


def test_text_without_letters_finds_nothing(engine: Engine) -> None:
    assert engine.search(Query("！？……😀")).total == 0


def test_a_build_takes_the_place_of_the_one_before(searched: Searched) -> None:
    engine = searched.holding([a_document("old", "旧的水库")])
    assert engine.search(Query("水库")).total == 1
    searched.holding([a_document("new", "新的桥梁")])
    assert engine.search(Query("水库")).hits == ()
    assert found(engine.search(Query("桥梁"))) == {"project:new"}


def test_a_build_that_fails_leaves_the_index_before_it(searched: Searched) -> None:
    engine = searched.holding([a_document("old", "旧的水库")])

    def broken() -> object:
        yield a_document("new", "新的桥梁")
        raise RuntimeError("the table could not be read")

    with pytest.raises(RuntimeError):
        searched.holding(broken())  # type: ignore[arg-type]
    assert found(engine.search(Query("水库"))) == {"project:old"}
    assert engine.search(Query("桥梁")).hits == ()


def test_an_index_may_be_empty(searched: Searched) -> None:
    engine = searched.holding([])
    assert engine.search(Query("公路", facets=tuple(FacetField))).total == 0
    assert engine.suggest("公路") == ()


def test_suggestions_are_names_first_and_titles_after(engine: Engine) -> None:
    suggestions = engine.suggest("清河")
    assert suggestions[0].title.text == "清河市"
    assert suggestions[0].url == "/regions/990100"
    assert SUPPLIER.title in [suggestion.title.text for suggestion in suggestions]


@pytest.mark.parametrize("typed", ["wss", "wangs", "望"])
def test_names_are_suggested_from_the_first_letters(engine: Engine, typed: str) -> None:
    assert "望山市" in [suggestion.title.text for suggestion in engine.suggest(typed)]


def test_no_more_suggestions_than_asked_for(engine: Engine) -> None:
    assert len(engine.suggest("清河", limit=2)) == 2
    assert engine.suggest("清河", limit=0) == ()
    assert engine.suggest("") == ()
