"""The index on a server belongs to its release; when the server is away the index in the process answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.engine import Hits, Query, Suggestion
from search.engines.embedded import EmbeddedEngine
from search.engines.meili import index_settings
from search.engines.serving import FallingBack, SearchServer, ServedIndexBuilder, engine_of, index_name
from search.errors import EngineUnavailable
from search.lexicon import Lexicon, Term
from tests.search.engine.fake_meili import running
from tests.search.engine.library import CONTRACT, LEXICON, PLANT, ROAD, SCHOOL

DOCUMENTS = [ROAD, SCHOOL, PLANT, CONTRACT]
FIRST, SECOND = "sha256-aaaa", "sha256-bbbb"


def test_no_server_is_asked_unless_one_is_configured() -> None:
    assert SearchServer.configured({}) is None
    assert SearchServer.configured({"SUNSHINE_MEILISEARCH_URL": " "}) is None
    found = SearchServer.configured({"SUNSHINE_MEILISEARCH_URL": "http://s", "SUNSHINE_MEILISEARCH_KEY": "k"})
    assert found == SearchServer("http://s", "k")


def test_every_release_has_an_index_of_its_own_on_the_server(tmp_path: Path) -> None:
    every = DOCUMENTS
    with running() as (url, state):
        server = SearchServer(url)
        ServedIndexBuilder(tmp_path / FIRST, server).build(every[:1], LEXICON)
        old = engine_of(tmp_path / FIRST, server)
        ServedIndexBuilder(tmp_path / SECOND, server).build(every, LEXICON)
        new = engine_of(tmp_path / SECOND, server)
        assert set(state.indexes) == {index_name(tmp_path / FIRST), index_name(tmp_path / SECOND)}
        assert old.search(Query()).total == 1
        assert new.search(Query()).total == len(every)


def test_a_server_that_is_down_stops_neither_the_build_nor_the_search(tmp_path: Path) -> None:
    away = SearchServer("http://127.0.0.1:9")
    report = ServedIndexBuilder(tmp_path / FIRST, away).build(DOCUMENTS, LEXICON)
    found = engine_of(tmp_path / FIRST, away).search(Query())
    assert report.documents == found.total == EmbeddedEngine(tmp_path / FIRST).search(Query()).total


class Flaky:
    """An engine that does not answer as long as it is told so."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = True

    def search(self, query: Query) -> Hits:
        del query
        self.asked += 1
        if self.is_away:
            raise EngineUnavailable("away")
        return Hits((), 7)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        del text, limit
        raise EngineUnavailable("away")


class Steady:
    """An engine that always answers."""

    def search(self, query: Query) -> Hits:
        del query
        return Hits((), 1)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        del text, limit
        return ()


def test_a_silent_server_is_left_alone_for_a_while_and_then_asked_again() -> None:
    now = [0.0]
    flaky = Flaky()
    engine = FallingBack(flaky, Steady(), clock=lambda: now[0])
    assert [engine.search(Query()).total for _ in range(3)] == [1, 1, 1]
    assert flaky.asked == 1
    flaky.is_away, now[0] = False, 31.0
    assert engine.search(Query()).total == 7
    assert engine.suggest("路") == ()


@pytest.mark.parametrize(("name", "language"), [("清河市", "cmn"), ("こども家庭庁", "jpn")])
def test_the_server_cuts_words_in_the_language_of_the_release(name: str, language: str) -> None:
    settings = index_settings(Lexicon().extended(terms=[Term(name, "region")]))
    assert settings["localizedAttributes"][0]["locales"] == [language, "eng"]
