"""One province for all tests of questions, and the books to check answers against."""

from __future__ import annotations

import duckdb
import pytest

from portal.reading.answers import Answerer
from search.vocabulary import Vocabulary
from tests.search.questions.province import MemoryRelease, make_province, open_books


@pytest.fixture(scope="session")
def release() -> MemoryRelease:
    return make_province()


@pytest.fixture(scope="session")
def answerer(release: MemoryRelease) -> Answerer:
    return Answerer(release)


@pytest.fixture(scope="session")
def vocabulary(answerer: Answerer) -> Vocabulary:
    return answerer.vocabulary


@pytest.fixture(scope="session")
def books(release: MemoryRelease) -> duckdb.DuckDBPyConnection:
    return open_books(release)
