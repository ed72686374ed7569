"""Search on a Meilisearch server; the only file that knows its client.

A build fills a second index (`NAME-building`) and swaps it with the live one in one task, so a search sees the old
index or the new one. The server cuts Chinese into words itself; marks are set here, on the original text, so that
they look the same with every engine. What differs: parts of words may be missed, and pinyin finds whole words only.

The client is synchronous: call it in a thread from asynchronous code.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from meilisearch import Client
from meilisearch.errors import MeilisearchApiError, MeilisearchError

from search.analysis import Analyzer
from search.documents import SearchDocument
from search.engine import (
    MAX_OFFSET,
    Closeness,
    Facet,
    FacetField,
    Filters,
    Hit,
    Hits,
    IndexReport,
    Query,
    Sort,
    Suggestion,
)
from search.engines.counting import facet_of
from search.engines.values import facet_values, is_tree, tree_value
from search.errors import EngineUnavailable
from search.folding import fold
from search.highlight import Highlighter
from search.lexicon import Lexicon
from search.sounds import initials_of
from search.suggest import Suggester

CHUNK = 10_000
BUILD_TIMEOUT_MILLISECONDS = 60 * 60 * 1000
SEARCH_TIMEOUT_SECONDS = 2
_DEEPEST_TREE = 8
_MOST_VALUES = 10_000  # of one facet; the server leaves out whatever is beyond
_KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa]")
_NAMES_OF_SORTS = {
    Sort.AMOUNT: "amount:asc",
    Sort.AMOUNT_DESCENDING: "amount:desc",
    Sort.DATE: "date:asc",
    Sort.DATE_DESCENDING: "date:desc",
}

Json = dict[str, Any]


class MeiliIndexBuilder:
    """Builds an index on a server and swaps it with the one that is searched."""

    def __init__(self, url: str, key: str | None = None, name: str = "sunshine") -> None:
        self._client = Client(url, key)
        self._name = name
        self._building = f"{name}-building"

    def build(self, documents: Iterable[SearchDocument], lexicon: Lexicon) -> IndexReport:
        """Index all documents; searches see the old index until the new one is complete.

        Raises: EngineUnavailable when the server does not answer or refuses.
        """
        started = time.perf_counter()
        try:
            count = self._fill(documents, lexicon)
            self._swap()
        except MeilisearchError as error:
            raise EngineUnavailable(f"the search server could not build the index: {error}") from error
        return IndexReport(count, time.perf_counter() - started, None, self._name)

    def _fill(self, documents: Iterable[SearchDocument], lexicon: Lexicon) -> int:
        self._remove(self._building)
        self._wait(self._client.create_index(self._building, {"primaryKey": "key"}).task_uid)
        index = self._client.index(self._building)
        self._wait(index.update_settings(index_settings(lexicon)).task_uid)
        analyzer, source, count = Analyzer(lexicon), iter(documents), 0
        tasks: list[int] = []
        while lines := [msgspec.json.encode(_row(document, analyzer)) for document in islice(source, CHUNK)]:
            tasks.append(index.add_documents_ndjson(b"\n".join(lines)).task_uid)
            count += len(lines)
        for task in tasks:
            self._wait(task)
        return count

    def _swap(self) -> None:
        """On the first build there is nothing to swap with yet: an empty index takes that place."""
        if not self._exists(self._name):
            self._wait(self._client.create_index(self._name, {"primaryKey": "key"}).task_uid)
        self._wait(self._client.swap_indexes([{"indexes": [self._name, self._building]}]).task_uid)
        self._remove(self._building)

    def _exists(self, name: str) -> bool:
        try:
            self._client.get_raw_index(name)
        except MeilisearchApiError as error:
            if error.code == "index_not_found":
                return False
            raise
        return True

    def _remove(self, name: str) -> None:
        if self._exists(name):
            self._wait(self._client.delete_index(name).task_uid)

    def _wait(self, task: int) -> None:
        """Wait for a task as long as a large build may take; the client's own limit is five seconds."""
        done = self._client.wait_for_task(task, BUILD_TIMEOUT_MILLISECONDS, 50)
        if done.status != "succeeded":
            raise EngineUnavailable(f"the search server refused a step of the build: {done.error}")


def index_settings(lexicon: Lexicon) -> Json:
    """All settings of the index, for one update."""
    synonyms: dict[str, list[str]] = {}
    for group in lexicon.synonyms:
        for word in group:
            others = synonyms.setdefault(fold(word), [])
            others += [fold(other) for other in group if other != word and fold(other) not in others]
    return {
        "searchableAttributes": ["title", "aliases", "sounds", "body"],
        "filterableAttributes": [field.value for field in FacetField] + ["amount"],
        "sortableAttributes": ["amount", "date"],
        "displayedAttributes": ["document"],
        "rankingRules": ["sort", "words", "typo", "proximity", "attribute", "exactness"],
        "synonyms": synonyms,
        "dictionary": [fold(word) for word in lexicon.words],
        "localizedAttributes": [
            {"attributePatterns": ["title", "aliases", "body"], "locales": [_language(lexicon), "eng"]}
        ],
        "typoTolerance": {"enabled": True, "minWordSizeForTypos": {"oneTypo": 4, "twoTypos": 8}},
        "faceting": {"maxValuesPerFacet": _MOST_VALUES, "sortFacetValuesBy": {"*": "count"}},
        "pagination": {"maxTotalHits": MAX_OFFSET},
    }


def _language(lexicon: Lexicon) -> str:
    """In which language the server cuts text into words: Japanese when the names of the release have kana."""
    return "jpn" if any(_KANA.search(term.text) for term in lexicon.terms) else "cmn"


def _row(document: SearchDocument, analyzer: Analyzer) -> Json:
    """A document as the server takes it: folded text to search, values to filter, and the original to show."""
    syllables = analyzer.syllables(fold(document.title))
    row: Json = {
        "key": hashlib.blake2b(document.id.encode(), digest_size=16).hexdigest(),
        "title": fold(document.title),
        "aliases": [fold(alias) for alias in document.aliases],
        "body": fold(document.body),
        "sounds": [" ".join(syllables), "".join(syllables), initials_of(syllables)],
        "amount": document.amount_fen,
        "date": document.dated_on.toordinal() if document.dated_on else None,
        "document": msgspec.json.encode(document).decode(),
    }
    return row | {field.value: list(facet_values(document, field)) for field in FacetField}


class MeiliEngine:
    """Searches one index of a server."""

    def __init__(
        self, url: str, key: str | None = None, name: str = "sunshine", lexicon: Lexicon | None = None
    ) -> None:
        self._client = Client(url, key, timeout=SEARCH_TIMEOUT_SECONDS)
        self._name = name
        self._lexicon = lexicon or Lexicon()
        self._analyzer = Analyzer(self._lexicon)
        self._suggester = Suggester(self._lexicon.terms, self._analyzer)

    def search(self, query: Query) -> Hits:
        """Find one page of documents, with counts.

        Raises: EngineUnavailable when the server does not answer.
        """
        typed = " ".join(fold(query.typed).split())
        if (query.typed and not typed) or query.offset >= MAX_OFFSET:
            return Hits((), 0)
        exact = self._answers(query, typed, "all")
        if exact[0]["totalHits"] or not typed:
            return self._hits(query, typed, exact, Closeness.EXACT)
        return self._hits(query, typed, self._answers(query, typed, "frequency"), Closeness.CLOSE)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Complete what is being typed: vocabulary first, then titles.

        Raises: EngineUnavailable when the server does not answer.
        """
        typed = " ".join(fold(Query(text).typed).split())
        if not typed or limit < 1:
            return ()
        terms = self._suggester.suggest(typed, limit)
        known = {suggestion.title.text for suggestion in terms}
        request = self._request(Query(page_size=limit), typed, "all")
        request["attributesToSearchOn"] = ["title", "aliases", "sounds"]
        highlighter = Highlighter(self._analyzer, self._analyzer.query(typed))
        found = [_document(row) for row in self._ask([request])[0]["hits"]]
        titles = tuple(
            Suggestion(highlighter.title(document.title), document.kind.value, document.url)
            for document in found
            if document.title not in known
        )
        return (*terms, *titles)[:limit]

    def _answers(self, query: Query, typed: str, strategy: str) -> list[Json]:
        """The page with the facets nothing is filtered by, then one answer per facet that is filtered by."""
        first = self._request(query, typed, strategy)
        filtered = [field for field in query.facets if query.filters.values(field)]
        first["facets"] = [field.value for field in query.facets if field not in filtered]
        more = [
            self._request(query, typed, strategy, but=field) | {"facets": [field.value], "hitsPerPage": 0}
            for field in filtered
        ]
        return self._ask([first, *more])

    def _request(self, query: Query, typed: str, strategy: str, *, but: FacetField | None = None) -> Json:
        sort = query.sort
        if sort is Sort.RELEVANCE and not typed:
            sort = Sort.AMOUNT_DESCENDING
        request: Json = {
            "indexUid": self._name,
            "q": typed,
            "filter": list(filter_expressions(query.filters, but=but)),
            "page": max(1, query.page),
            "hitsPerPage": query.size,
            "matchingStrategy": strategy,
        }
        return request | ({"sort": [_NAMES_OF_SORTS[sort]]} if sort in _NAMES_OF_SORTS else {})

    def _ask(self, requests: Sequence[Json]) -> list[Json]:
        try:
            return self._client.multi_search(requests)["results"]
        except MeilisearchError as error:
            raise EngineUnavailable(f"the search server does not answer: {error}") from error

    def _hits(self, query: Query, typed: str, answers: list[Json], closeness: Closeness) -> Hits:
        highlighter = Highlighter(self._analyzer, self._analyzer.query(typed))
        hits = tuple(_hit(_document(row), highlighter, closeness) for row in answers[0]["hits"])
        counted: Json = {}
        for answer in answers:
            counted |= answer.get("facetDistribution") or {}
        facets = tuple(_facet(field, counted.get(field.value, {})) for field in query.facets)
        return Hits(hits, int(answers[0]["totalHits"]), closeness if typed else Closeness.EXACT, facets)


def filter_expressions(filters: Filters, *, but: FacetField | None = None) -> Iterator[str]:
    """The filters in the server's language, leaving out those on one field; values are always quoted."""
    for field in FacetField:
        values: Iterable[str] = filters.values(field)
        if field is but or not values:
            continue
        if is_tree(field):
            values = (tree_value(code, depth) for code in values for depth in range(1, _DEEPEST_TREE + 1))
        quoted = ", ".join(f'"{_escaped(value)}"' for value in values)
        yield f"{field.value} IN [{quoted}]"
    if filters.amount_min_fen is not None:
        yield f"amount >= {filters.amount_min_fen}"
    if filters.amount_max_fen is not None:
        yield f"amount <= {filters.amount_max_fen}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _facet(field: FacetField, counts: Mapping[str, int]) -> Facet:
    return facet_of(field, counts.items())


def _document(row: Json) -> SearchDocument:
    return msgspec.json.decode(row["document"], type=SearchDocument)


def _hit(document: SearchDocument, highlighter: Highlighter, closeness: Closeness) -> Hit:
    title = highlighter.title(document.title, close=closeness is Closeness.CLOSE)
    return Hit(document, title, highlighter.excerpt(document.body), closeness)
