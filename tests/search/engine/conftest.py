"""The engines under test: in the process, behind the stand-in server, and a real server when one is configured."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from search.documents import SearchDocument
from search.engine import Engine, IndexBuilder
from search.engines.embedded import EmbeddedEngine, EmbeddedIndexBuilder
from search.engines.meili import MeiliEngine, MeiliIndexBuilder
from search.lexicon import Lexicon
from tests.search.engine.fake_meili import running
from tests.search.engine.library import LEXICON

REAL_SERVER = os.environ.get("SUNSHINE_TEST_MEILISEARCH_URL")
ENGINES = ("embedded", "stand-in server", *(("real server",) if REAL_SERVER else ()))


class Searched:
    """An engine together with what builds its index."""

    def __init__(self, builder: IndexBuilder, engine: Engine) -> None:
        self.builder = builder
        self.engine = engine

    def holding(self, documents: Iterable[SearchDocument], lexicon: Lexicon = LEXICON) -> Engine:
        self.builder.build(documents, lexicon)
        return self.engine


@pytest.fixture(params=ENGINES)
def searched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Searched]:
    if request.param == "embedded":
        yield Searched(EmbeddedIndexBuilder(tmp_path), EmbeddedEngine(tmp_path))
    elif request.param == "stand-in server":
        with running() as (url, _):
            yield Searched(MeiliIndexBuilder(url), MeiliEngine(url, lexicon=LEXICON))
    else:
        assert REAL_SERVER is not None
        key, name = os.environ.get("SUNSHINE_TEST_MEILISEARCH_KEY"), f"test-{uuid.uuid4().hex}"
        yield Searched(
            MeiliIndexBuilder(REAL_SERVER, key, name), MeiliEngine(REAL_SERVER, key, name, lexicon=LEXICON)
        )
