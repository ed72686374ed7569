"""Search inside the process, beside SQLite FTS5 with the same tokens, in one run.

    ./run bench search                     100,000 and 1,000,000 documents
    ./run bench search --documents 20000   a quick look
    ./run bench search --cpu               query times by the processor's clock, for a busy machine

Reported: indexing speed (tokens included), size and memory; p50 and p95 for one word, with filters, with facets;
recall against a plain substring search; how often the right project is in the first three for a half remembered name.
Every query is computed afresh: what the engine remembers of earlier answers is left out.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

# Started as a file, Python would look for `search` beside it first and find this very file.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from search.analysis import Analyzer, pairs
from search.documents import Kind, SearchDocument
from search.engine import FacetField, Filters, Query
from search.engines.embedded import EmbeddedEngine, EmbeddedIndexBuilder
from search.engines.snapshot import Snapshot
from search.folding import fold_solid
from search.lexicon import Lexicon
from search.streams import TokenStreams
from tests.search.engine.corpus import CITIES, documents, place_names
from tests.search.engine.loose_names import WAYS

CHUNK = 5_000
QUERIES = 200
LOOSE_NAMES = 300
RECALL_DOCUMENTS = 20_000
FACETS = tuple(FacetField)
STREAMS = ("title", "body", "words", "sounds", "initials")
LEXICON = Lexicon().extended(words=place_names())


def clock() -> float:
    """Seconds on the clock that was chosen: of the wall, or of the processor when the machine has other work."""
    return time.process_time() if "--cpu" in sys.argv else time.perf_counter()


class Stopwatch:
    """Hands documents on and counts the time it took to invent them, which is not indexing."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.inventing = 0.0

    def __iter__(self) -> Iterator[SearchDocument]:
        source = documents(self._count)
        while True:
            started = time.perf_counter()
            chunk = list(islice(source, CHUNK))
            self.inventing += time.perf_counter() - started
            if not chunk:
                return
            yield from chunk


def quantiles(run: Callable[[str], object], words: Sequence[str]) -> tuple[float, float]:
    """p50 and p95 of running each word once, in milliseconds."""
    times: list[float] = []
    for word in words:
        started = clock()
        run(word)
        times.append((clock() - started) * 1000)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def peak_memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GB"


def asked_words(count: int) -> list[str]:
    """Words and parts of names as people search for them, cut out of the documents, of two to six characters."""
    chance = random.Random(5)  # noqa: S311 - the same words in every run
    found: dict[str, None] = {}
    for document in documents(count * 4, seed=9):
        title = fold_solid(document.title)
        length = chance.choice((2, 2, 3, 4, 4, 6))
        at = chance.randrange(len(title) - length)
        found[title[at : at + length]] = None
    return list(found)[:count]


def _with_tokens(
    source: Iterator[SearchDocument], analyzer: Analyzer
) -> Iterator[tuple[SearchDocument, TokenStreams]]:
    """Each document with its tokens, made as the embedded index makes them."""
    while chunk := list(islice(source, 1_000)):
        yield from zip(chunk, analyzer.streams(chunk), strict=True)


class Fts5:
    """The same tokens in SQLite: five columns, phrases of pairs, facets by GROUP BY over indexed columns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = sqlite3.connect(path)

    def build(self, source: Iterator[SearchDocument]) -> None:
        run = self._connection.execute
        run("PRAGMA journal_mode=off")
        run("PRAGMA synchronous=off")
        columns = ", ".join(STREAMS)
        run(
            f"CREATE VIRTUAL TABLE texts USING fts5({columns}, content='', tokenize=\"unicode61 tokenchars '.|'\")"
        )
        run(
            "CREATE TABLE facts (number INTEGER PRIMARY KEY, kind, city, county, function, sector, year, amount,"
            " status, light, title, body)"
        )
        analyzer = Analyzer(LEXICON)
        for number, (document, streams) in enumerate(_with_tokens(source, analyzer), start=1):
            run("INSERT INTO texts(rowid, title, body, words, sounds, initials) VALUES (?,?,?,?,?,?)",
                (number, *(getattr(streams, name) for name in STREAMS)))  # fmt: skip
            run("INSERT INTO facts VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (
                number, document.kind.value, document.regions[1], document.regions[2], document.functions[0],
                document.sector, document.years[0], document.amount_fen, document.status, document.light,
                document.title, document.body,
            ))  # fmt: skip
        self._connection.commit()
        run("INSERT INTO texts(texts) VALUES('optimize')")
        self._connection.commit()

    @property
    def size(self) -> int:
        return self._path.stat().st_size

    def search(self, word: str, *, filtered: bool = False, facets: bool = False) -> int:
        phrase = '"' + " ".join(pairs(word)[:-1]) + '"'
        match = f"title:{phrase} OR body:{phrase}"
        where = "texts MATCH ?"
        values: list[object] = [match]
        if filtered:
            where += " AND city = ? AND year BETWEEN 2021 AND 2024 AND amount >= ?"
            values += [city_of(word), 10**8]
        source = f"FROM texts JOIN facts ON facts.number = texts.rowid WHERE {where}"
        self._connection.execute(
            f"SELECT facts.title, facts.body {source} ORDER BY rank LIMIT 20", values
        ).fetchall()
        total: int = self._connection.execute(f"SELECT count(*) {source}", values).fetchone()[0]
        if facets:
            for name in ("kind", "city", "county", "function", "sector", "year", "status", "light"):
                self._connection.execute(
                    f"SELECT {name}, count(*) {source} GROUP BY {name}", values
                ).fetchall()
        return total


def city_of(word: str) -> str:
    return f"99{sum(map(ord, word)) % CITIES:02d}00"


def narrowed(word: str) -> Filters:
    return Filters(regions=(city_of(word),), years=(2021, 2022, 2023, 2024), amount_min_fen=10**8)


def compare(count: int, folder: Path) -> None:
    print(f"\n{count:,} documents")
    source = Stopwatch(count)
    report = EmbeddedIndexBuilder(folder / "index").build(source, LEXICON)
    speed = report.documents / (report.seconds - source.inventing)
    print(
        f"  embedded   index {speed:>8,.0f} documents/s   {(report.size_bytes or 0) / 1e6:>6,.0f} MB   peak {peak_memory()}"
    )
    other, source = Fts5(folder / "fts5.db"), Stopwatch(count)
    started = time.perf_counter()
    other.build(iter(source))
    speed = count / (time.perf_counter() - started - source.inventing)
    print(
        f"  fts5       index {speed:>8,.0f} documents/s   {other.size / 1e6:>6,.0f} MB   peak {peak_memory()}"
    )
    snapshot = EmbeddedEngine(folder / "index").snapshot()
    latencies(snapshot, other)
    first_three(snapshot, count)


def latencies(snapshot: Snapshot, other: Fts5) -> None:
    words = asked_words(QUERIES)
    snapshot.find(Query("預熱 热身词语", facets=FACETS))
    print(
        f"  {'CPU ' if '--cpu' in sys.argv else ''}milliseconds              embedded p50       p95   fts5 p50       p95   ratio of p95"
    )
    rows: tuple[tuple[str, Callable[[str], object], Callable[[str], object]], ...] = (
        ("one word", lambda word: snapshot.find(Query(word)), other.search),
        (
            "with filters",
            lambda word: snapshot.find(Query(word, narrowed(word))),
            lambda word: other.search(word, filtered=True),
        ),
        (
            "filters and facets",
            lambda word: snapshot.find(Query(word, narrowed(word), facets=FACETS)),
            lambda word: other.search(word, filtered=True, facets=True),
        ),
        (
            "facets, no filter",
            lambda word: snapshot.find(Query(word, facets=FACETS)),
            lambda word: other.search(word, facets=True),
        ),
    )
    for title, ours, theirs in rows:
        mine, fts5 = quantiles(ours, words), quantiles(theirs, words[::4])
        print(
            f"  {title:22} {mine[0]:15.2f}  {mine[1]:8.2f}  {fts5[0]:9.2f}  {fts5[1]:8.2f}   {fts5[1] / mine[1]:8.1f}"
        )


def first_three(snapshot: Snapshot, count: int) -> None:
    """Half remembered names; projects with the same name count as one another."""
    chance = random.Random(3)  # noqa: S311 - the same names in every run
    projects = [found for found in documents(min(count, 100_000)) if found.kind is Kind.PROJECT]
    asked = [(chance.choice(WAYS), found.title) for found in chance.sample(projects, LOOSE_NAMES)]
    found_by, times = Counter[str](), []
    for way, title in asked:
        text = way(title, chance)
        started = clock()
        hits = snapshot.find(Query(text, facets=FACETS)).hits[:3]
        times.append((clock() - started) * 1000)
        found_by[way.__name__] += any(hit.document.title == title for hit in hits)
    times.sort()
    share = sum(found_by.values()) / LOOSE_NAMES
    print(
        f"  half remembered names: in the first three {share:.1%} of {LOOSE_NAMES}; "
        f"p50 {times[len(times) // 2]:.2f} ms, p95 {times[int(len(times) * 0.95)]:.2f} ms"
    )
    asked_by = Counter(way.__name__ for way, _ in asked)
    print("    " + ", ".join(f"{way} {found_by[way]}/{times_asked}" for way, times_asked in asked_by.items()))


def recall(folder: Path) -> None:
    """Every document a substring search finds must be among the hits."""
    EmbeddedIndexBuilder(folder).build(documents(RECALL_DOCUMENTS), LEXICON)
    engine = EmbeddedEngine(folder)
    chance = random.Random(8)  # noqa: S311 - the same parts in every run
    corpus = list(documents(RECALL_DOCUMENTS))
    wanted = found = 0
    for _ in range(40):
        text = chance.choice((chance.choice(corpus).title, chance.choice(corpus).body))
        length = chance.randrange(2, 7)
        at = chance.randrange(len(text) - length)
        part = text[at : at + length]
        expected = {document.id for document in corpus if part in document.title or part in document.body}
        if not fold_solid(part) or len(expected) > 5_000:
            continue
        hits: set[str] = set()
        for page in range(1, 202):
            answer = engine.search(Query(part, page=page, page_size=100))
            hits |= {hit.document.id for hit in answer.hits}
            if not answer.hits or expected <= hits:
                break
        wanted += len(expected)
        found += len(expected & hits)
    print(
        f"\nrecall against a substring search, {RECALL_DOCUMENTS:,} documents: {found / wanted:.4f} of {wanted:,} hits"
    )


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument(
        "--cpu", action="store_true", help="time queries by the processor's clock, not the wall's"
    )
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        recall(Path(folder) / "recall")
        for count in chosen.documents:
            compare(count, Path(folder) / str(count))


if __name__ == "__main__":
    main(sys.argv[1:])
