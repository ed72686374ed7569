"""The right project is in the first three for nearly every half remembered name."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from search.documents import Kind
from search.engine import Query
from search.engines.embedded import EmbeddedEngine, EmbeddedIndexBuilder
from search.lexicon import Lexicon
from tests.search.engine.corpus import documents, place_names
from tests.search.engine.loose_names import WAYS

NAMES = 300


def test_the_right_project_is_in_the_first_three_for_95_of_100_loose_names(tmp_path: Path) -> None:
    EmbeddedIndexBuilder(tmp_path).build(documents(3_000), Lexicon().extended(words=place_names()))
    engine = EmbeddedEngine(tmp_path)
    chance = random.Random(11)  # noqa: S311 - the same names in every run
    projects = [document for document in documents(3_000) if document.kind is Kind.PROJECT]
    found, asked = Counter[str](), Counter[str]()
    for number, project in enumerate(chance.sample(projects, NAMES)):
        way = WAYS[number % len(WAYS)]
        hits = engine.search(Query(way(project.title, chance))).hits[:3]
        asked[way.__name__] += 1
        found[way.__name__] += any(hit.document.title == project.title for hit in hits)
    assert found.total() / asked.total() >= 0.95, {way: (found[way], asked[way]) for way in asked}
