"""What the engine in the process promises beyond the contract: recall, closeness, and builds nobody half sees."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import SearchDocument
from search.engine import Closeness, FacetField, Filters, Query
from search.engines.counting import count_in_documents
from search.engines.embedded import EmbeddedEngine, EmbeddedIndexBuilder, index_directory
from search.engines.generations import new_generation
from search.errors import IndexBusy, IndexMissing
from search.folding import fold_solid
from search.lexicon import Lexicon
from tests.search.engine.corpus import documents, place_names
from tests.search.engine.library import ALL, LEXICON, LIBRARY, PLANT, ROAD, a_document

CORPUS = tuple(documents(400))


def built(directory: Path, *found: SearchDocument, lexicon: Lexicon = LEXICON) -> EmbeddedEngine:
    EmbeddedIndexBuilder(directory).build(found, lexicon)
    return EmbeddedEngine(directory)


def all_hits(engine: EmbeddedEngine, text: str) -> set[str]:
    found: set[str] = set()
    page = 1
    while hits := engine.search(Query(text, page=page, page_size=100)).hits:
        found |= {hit.document.id for hit in hits}
        page += 1
    return found


@pytest.fixture(scope="module")
def corpus_engine(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEngine:
    return built(tmp_path_factory.mktemp("corpus"), *CORPUS, lexicon=Lexicon().extended(words=place_names()))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=st.sampled_from(CORPUS),
    field=st.sampled_from(("title", "body")),
    at=st.integers(0, 60),
    length=st.integers(2, 9),
)
def test_everything_a_substring_search_finds_is_found(
    corpus_engine: EmbeddedEngine, document: SearchDocument, field: str, at: int, length: int
) -> None:
    text: str = getattr(document, field)
    part = text[at : at + length]
    expected = {other.id for other in CORPUS if part in other.title or part in other.body}
    if len(part) >= 2 and fold_solid(part):
        assert expected <= all_hits(corpus_engine, part)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_is_answered(corpus_engine: EmbeddedEngine, text: str) -> None:
    hits = corpus_engine.search(Query(text, facets=tuple(FacetField)))
    for hit in hits.hits:
        for marked in (hit.title, hit.excerpt):
            assert all(0 <= start < end <= len(marked.text) for start, end in marked.spans)
    corpus_engine.suggest(text)


@pytest.mark.parametrize(
    "text", ["公路" * 5_000, "gonglu" * 2_000, "公 " * 5_000, "a1" * 5_000, "的" * 10_000]
)
def test_ten_thousand_characters_are_not_slow(corpus_engine: EmbeddedEngine, text: str) -> None:
    corpus_engine.search(Query("热身公陆"))
    started = time.perf_counter()
    corpus_engine.search(Query(text, facets=tuple(FacetField)))
    assert time.perf_counter() - started < 1.0


def test_idle_spaces_do_not_push_the_words_out(corpus_engine: EmbeddedEngine) -> None:
    assert (
        corpus_engine.search(Query(" " * 3_000 + "公路")).total == corpus_engine.search(Query("公路")).total
    )


def test_an_index_can_be_warmed_before_the_first_search(tmp_path: Path) -> None:
    engine = built(tmp_path, ROAD)
    engine.warm()
    assert engine.search(Query("公路")).total == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("清河农村公鹿养护", ROAD),  # a homophone
        ("清河公路农村养护", ROAD),  # words in another order
        ("农村公养路护工程", ROAD),  # characters swapped
        ("望山污水处里厂", PLANT),  # a near homophone
        ("我想知道望山的污水厂改造怎么样了", PLANT),
        ("wangshanwushuichulichang", PLANT),
        ("wssws", PLANT),
        ("望山tushuguan", LIBRARY),
        ("望山的图书棺", LIBRARY),
    ],
)
def test_a_half_remembered_name_finds_the_right_thing_first(
    tmp_path: Path, text: str, expected: SearchDocument
) -> None:
    hits = built(tmp_path, *ALL).search(Query(text))
    assert hits.hits[0].document == expected


def test_close_hits_say_that_they_are_close_and_are_marked_by_sound(tmp_path: Path) -> None:
    hits = built(tmp_path, *ALL).search(Query("污水处里厂", facets=(FacetField.LIGHT,)))
    assert hits.closeness is Closeness.CLOSE
    assert hits.total == len(hits.hits) == 1
    title = hits.hits[0].title
    assert [title.text[start:end] for start, end in title.spans] == ["污水处理厂"]
    assert [(count.value, count.count) for count in hits.facet(FacetField.LIGHT).counts] == [("red", 1)]


def test_a_misspelt_word_is_put_right_from_the_words_of_the_index(tmp_path: Path) -> None:
    hits = built(tmp_path, *ALL, a_document("bus", "Rural transport subsidy")).search(Query("transprot"))
    assert hits.corrected == "transport"
    assert hits.hits[0].document.title == "Rural transport subsidy"


def test_similar_hits_follow_when_there_are_next_to_no_exact_ones(tmp_path: Path) -> None:
    wanted = a_document("wanted", "平川县石桥镇中心小学食堂改造")
    engine = built(tmp_path, wanted, a_document("other", "平川县石桥镇中心小学操场改造"), *ALL)
    hits = engine.search(Query("石桥镇中心小学食堂"))
    assert hits.total == 1
    assert [hit.closeness for hit in hits.hits][:2] == [Closeness.EXACT, Closeness.CLOSE]
    assert hits.hits[0].document == wanted


def test_filters_that_leave_nothing_are_not_answered_with_something_similar(tmp_path: Path) -> None:
    engine = built(tmp_path, *(a_document(str(number), f"第{number}号水库加固") for number in range(5)), *ALL)
    assert engine.search(Query("水库加固", Filters(years=(1999,)))).hits == ()
    assert engine.search(Query("水裤加固", Filters(years=(1999,)))).hits == ()


def test_nothing_is_close_to_something_quite_different(tmp_path: Path) -> None:
    hits = built(tmp_path, *ALL).search(Query("量子色动力学"))
    assert (hits.hits, hits.total) == ((), 0)


def test_single_characters_of_a_spaced_name_count(tmp_path: Path) -> None:
    wanted = a_document("wanted", "霁门县水库加固")
    others = [a_document(str(number), f"靖谷县水库加固{number}号") for number in range(30)]
    assert built(tmp_path, *others, wanted).search(Query("霁 门 县 水库 加固")).hits[0].document == wanted


def test_a_reader_without_an_index_is_told_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="build it from the release"):
        EmbeddedEngine(tmp_path).search(Query("公路"))


def test_an_index_of_another_format_is_not_read(tmp_path: Path) -> None:
    built(tmp_path, ROAD)
    (tmp_path / "000001" / "format").write_text("0", encoding="ascii")
    with pytest.raises(IndexMissing, match="another version"):
        EmbeddedEngine(tmp_path).search(Query("公路"))


def test_a_damaged_index_is_reported_as_missing(tmp_path: Path) -> None:
    built(tmp_path, ROAD)
    (tmp_path / "000001" / "meta.json").write_text("{", encoding="ascii")
    with pytest.raises(IndexMissing, match="rebuild"):
        EmbeddedEngine(tmp_path).search(Query("公路"))


def test_only_one_build_at_a_time(tmp_path: Path) -> None:
    with new_generation(tmp_path), pytest.raises(IndexBusy, match="wait for it"):
        EmbeddedIndexBuilder(tmp_path).build([ROAD], LEXICON)


def test_a_reader_keeps_what_it_opened(tmp_path: Path) -> None:
    engine = built(tmp_path, ROAD)
    before = engine.snapshot()
    for name in ("a", "b", "c"):
        built(tmp_path, a_document(name, "桥梁"))
    assert before.find(Query("公路")).total == 1
    assert engine.search(Query("公路")).total == 0
    assert engine.search(Query("桥梁")).total == 1


def test_old_generations_are_removed_but_for_the_last(tmp_path: Path) -> None:
    for _ in range(4):
        built(tmp_path, ROAD)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["000003", "000004"]


def test_readers_see_one_generation_or_another_and_never_a_mixture(tmp_path: Path) -> None:
    engine = built(tmp_path, *(a_document(f"0-{number}", "第0代公路") for number in range(50)))
    seen: set[tuple[int, frozenset[str]]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            hits = engine.search(Query("公路", page_size=100))
            seen.add((hits.total, frozenset(hit.document.title for hit in hits.hits)))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for generation in (1, 2, 3):
        built(tmp_path, *(a_document(f"{generation}-{n}", f"第{generation}代公路") for n in range(50)))
        time.sleep(0.05)
    stop.set()
    for reader in readers:
        reader.join()
    assert {(total, len(titles)) for total, titles in seen} == {(50, 1)}
    assert len(seen) > 1


def test_a_build_that_is_killed_leaves_the_index_before_it_and_the_next_build_cleans_up(
    tmp_path: Path,
) -> None:
    engine = built(tmp_path, ROAD)
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from search.engines.embedded import EmbeddedIndexBuilder\n"
        "from search.lexicon import Lexicon\n"
        "from tests.search.engine.corpus import documents\n"
        "def slowly():\n"
        "    yield from documents(50)\n"
        "    print('half way', flush=True)\n"
        "    time.sleep(60)\n"
        "EmbeddedIndexBuilder(Path(sys.argv[1])).build(slowly(), Lexicon())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout is not None
        assert build.stdout.readline() == "half way\n"
        os.kill(build.pid, signal.SIGKILL)
    assert list(tmp_path.glob("building-*"))
    assert engine.search(Query("公路")).total == 1
    assert EmbeddedEngine(tmp_path).search(Query("公路")).total == 1
    assert built(tmp_path, PLANT).search(Query("污水")).total == 1
    assert not list(tmp_path.glob("building-*"))


def test_a_build_says_what_it_made(tmp_path: Path) -> None:
    report = EmbeddedIndexBuilder(tmp_path).build(iter(ALL), LEXICON)
    assert (report.documents, report.generation) == (len(ALL), "000001")
    assert report.size_bytes is not None
    assert report.size_bytes > 0


def test_each_release_has_a_directory_of_its_own(tmp_path: Path) -> None:
    assert index_directory(tmp_path, "sha256:ab12") == tmp_path / "sha256-ab12"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(("", "公路", "工程", "2024")),
    filters=st.builds(
        Filters,
        regions=st.sampled_from(((), ("990000",), ("990300",), ("990301", "990500"), ("nowhere",))),
        functions=st.sampled_from(((), ("205",), ("20502", "214"))),
        years=st.sampled_from(((), (2024,), (2022, 2023), (1900,))),
        lights=st.sampled_from(((), ("red", "green"))),
        amount_min_fen=st.sampled_from((None, 10**9)),
    ),
)
def test_facets_are_what_counting_the_documents_by_hand_gives(
    corpus_engine: EmbeddedEngine, text: str, filters: Filters
) -> None:
    for facet in corpus_engine.snapshot().find(Query(text, filters, facets=tuple(FacetField))).facets:
        query = Query(text, filters.with_values(facet.field, ()), facets=(facet.field,), page_size=100)
        hits, page = [], 1
        while more := corpus_engine.search(replace(query, page=page)).hits:
            hits += [hit.document for hit in more if hit.closeness is Closeness.EXACT]
            page += 1
        assert (facet,) == count_in_documents(hits, query)


def test_amounts_at_the_edge_of_integers_are_kept(tmp_path: Path) -> None:
    edges = [a_document(str(amount), "边界", amount_fen=amount) for amount in (-(2**63) + 1, 0, 2**63 - 1)]
    assert {hit.document.amount_fen for hit in built(tmp_path, *edges).search(Query("边界")).hits} == {
        document.amount_fen for document in edges
    }
