"""Tokens of many documents at once: what each would give alone, whatever stands in its neighbours."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis import Analyzer, pairs, triples
from search.documents import Kind, SearchDocument
from search.folding import GAP, fold, fold_solid
from search.letters import Letters
from search.streams import TokenStreams
from tests.search.engine.library import LEXICON

ANALYZER = Analyzer(LEXICON)
TEXTS = st.text(
    alphabet=st.one_of(st.sampled_from("农村公路霁门县市Ⅳ㎡ （）\n\u2028AB1ß國"), st.characters())
)
DOCUMENTS = st.builds(
    lambda title, body, aliases: SearchDocument(
        id="project:1", kind=Kind.PROJECT, title=title, url="/projects/1", body=body, aliases=tuple(aliases)
    ),
    TEXTS,
    TEXTS,
    st.lists(TEXTS, max_size=2),
)


def together(*documents: SearchDocument) -> list[TokenStreams]:
    return list(ANALYZER.streams(documents))


@given(st.lists(TEXTS, max_size=5))
def test_many_texts_fold_and_pair_like_each_of_them(texts: list[str]) -> None:
    folded = Letters.folded(texts)
    assert folded.lines().split("\n")[:-1] == [fold(text) for text in texts]
    solids = [fold_solid(text) for text in texts]
    assert [written.split() for written in folded.solid().pairs()] == [pairs(solid) for solid in solids]
    assert [written.split() for written in folded.solid().triples()] == [triples(solid) for solid in solids]


@settings(max_examples=50)
@given(st.lists(DOCUMENTS, max_size=4))
def test_a_document_has_the_same_tokens_alone_and_among_others(documents: list[SearchDocument]) -> None:
    assert together(*documents) == [streams for document in documents for streams in together(document)]


@given(DOCUMENTS)
def test_the_words_of_a_name_are_all_of_its_letters(document: SearchDocument) -> None:
    streams = together(document)[0]
    names = (document.title, *document.aliases)
    assert streams.words.replace(GAP, "") == "".join(map(fold_solid, names))


def test_places_are_found_by_initials_with_and_without_what_they_are() -> None:
    document = SearchDocument(id="1", kind=Kind.PROJECT, title="霁门县农村公路", url="/")
    assert together(document)[0].initials.split(" | ") == ["jmx mxn xnc ncg cgl ", "jmn mnc ncg cgl "]
