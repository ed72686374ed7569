"""One complete index, opened for reading.

A search goes in two steps. First what holds every part of the text; when that is nothing, or next to nothing,
what is most similar: candidates by rare pairs of characters, sounds and words, put in order by `closeness`.
A snapshot never changes, so its answers can be remembered.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy

from search.analysis import Analyzer, QueryText
from search.closeness import ENOUGH, Asked, closeness, heard
from search.documents import SearchDocument
from search.engine import (
    MAX_OFFSET,
    Closeness,
    Filters,
    Hit,
    Hits,
    Query,
    Sort,
    Suggestion,
)
from search.engines.counting import FacetCounting, count_in_documents
from search.engines.fields import FORMAT, index_schema, stored
from search.engines.matching import Matcher, all_of
from search.errors import IndexMissing
from search.folding import GAP, fold, fold_solid
from search.highlight import Highlighter
from search.lexicon import Lexicon
from search.sounds import split_unfinished_pinyin
from search.spelling import MAX_TERMS, Speller
from search.suggest import Suggester

LEXICON_FILE = "lexicon.json"
FORMAT_FILE = "format"
_FEW_HITS = 3  # below this many exact hits similar ones are added
_CLOSE_CANDIDATES = 80
_REMEMBERED_SEARCHES = 256
_ORDERS = {
    Sort.AMOUNT: ("amount", tantivy.Order.Asc),
    Sort.AMOUNT_DESCENDING: ("amount", tantivy.Order.Desc),
    Sort.DATE: ("date", tantivy.Order.Asc),
    Sort.DATE_DESCENDING: ("date", tantivy.Order.Desc),
}


class Snapshot:
    """Finds documents in one generation of the embedded index. Safe to share between threads."""

    def __init__(self, directory: Path) -> None:
        try:
            form = (directory / FORMAT_FILE).read_text(encoding="ascii")
            self.lexicon = Lexicon.from_json((directory / LEXICON_FILE).read_bytes())
            index = tantivy.Index.open(str(directory))
        except (OSError, ValueError) as error:
            raise IndexMissing(f"{directory}: this search index cannot be read; rebuild it") from error
        if form != str(FORMAT):
            raise IndexMissing(f"{directory}: made by another version of the program; rebuild it")
        self._searcher = index.searcher()
        self._analyzer = Analyzer(self.lexicon)
        self._matcher = Matcher(index_schema(), self._searcher)
        self.search = lru_cache(maxsize=_REMEMBERED_SEARCHES)(self.find)

    @property
    def document_count(self) -> int:
        """How many documents can be found."""
        return int(self._searcher.num_docs)

    @cached_property
    def _speller(self) -> Speller:
        named = self._searcher.terms_with_prefix("words", "", limit=MAX_TERMS * 5)
        counts = dict.fromkeys(map(fold_solid, self.lexicon.words), 0) | dict(named)
        return Speller(tuple(counts.items()))

    @cached_property
    def _suggester(self) -> Suggester:
        return Suggester(self.lexicon.terms, self._analyzer)

    def warm(self) -> None:
        """Load what a first search would wait for: readings of characters, spelling, names to suggest."""
        self.find(Query("wangpan 網盤"))
        self._speller.nearest("网盘")
        self._suggester.suggest("网", 1)

    def find(self, query: Query) -> Hits:
        """One page of documents, computed afresh."""
        text = self._analyzer.query(query.typed)
        if not text.runs and query.typed:
            return Hits((), 0)
        wanted = [self._matcher.exact(text)] if text.runs else []
        counting = FacetCounting.begin(self._searcher, self._matcher, wanted, query)
        exact = self._exact(query, text, wanted)
        is_enough = self._is_enough(query, text, exact.total)
        if is_enough or exact.total:  # similar documents alone are counted by themselves
            exact = replace(exact, facets=counting.facets())
        return exact if is_enough else self._with_close(query, text, exact)

    def _is_enough(self, query: Query, text: QueryText, total: int) -> bool:
        """Whether the exact hits stand alone: enough of them, or enough of them but for the filters."""
        if total >= _FEW_HITS or (total > 0 and query.page > 1) or not text.core:
            return True
        if query.filters == Filters():
            return False
        found = self._searcher.search(self._matcher.exact(text), _FEW_HITS, count=False)
        return len(found.hits) >= _FEW_HITS

    def _exact(self, query: Query, text: QueryText, wanted: list[tantivy.Query]) -> Hits:
        """The page of exact hits, nothing counted but their total."""
        conditions = self._matcher.filters(query.filters)
        documents, total = self._page(all_of(wanted + conditions), query)
        highlighter = Highlighter(self._analyzer, text)
        return Hits(tuple(_hit(document, highlighter) for document in documents), total)

    def _page(self, found: tantivy.Query, query: Query) -> tuple[list[SearchDocument], int]:
        sort = query.sort
        if sort is Sort.RELEVANCE and not query.typed:
            sort = Sort.AMOUNT_DESCENDING  # without a text nothing is more relevant than another
        field, order = _ORDERS.get(sort, (None, tantivy.Order.Desc))
        offset = min(query.offset, MAX_OFFSET)
        result: Any = self._searcher.search(
            found, query.size, offset=offset, order_by_field=field, order=order
        )  # its type stub forgets `count`
        addresses = [] if query.offset > MAX_OFFSET else [address for _, address in result.hits]
        return [stored(self._searcher.doc(address)) for address in addresses], int(result.count)

    def _with_close(self, query: Query, text: QueryText, exact: Hits) -> Hits:
        """The exact hits followed by similar documents; only similar ones when there is nothing exact."""
        corrections = self._speller.corrected(text.words, self._is_known)
        shown = {hit.document.id for hit in exact.hits}
        documents = [
            document for document in self._close(query, text, corrections) if document.id not in shown
        ]
        corrected = self._corrected(query, corrections)
        highlighter = Highlighter(self._analyzer, text)
        if exact.total:
            room = max(0, query.size - len(exact.hits))
            more = tuple(_hit(document, highlighter, Closeness.CLOSE) for document in documents[:room])
            return Hits(exact.hits + more, exact.total, Closeness.EXACT, exact.facets, corrected)
        page = documents[query.offset : query.offset + query.size]
        hits = tuple(_hit(document, highlighter, Closeness.CLOSE) for document in page)
        return Hits(hits, len(documents), Closeness.CLOSE, count_in_documents(documents, query), corrected)

    def _is_known(self, word: str) -> bool:
        """Whether the word stands somewhere, in a name or in other text."""
        return bool(self._searcher.search(self._matcher.text(word), 1, count=False).hits)

    def _close(
        self, query: Query, text: QueryText, corrections: tuple[tuple[str, str], ...]
    ) -> list[SearchDocument]:
        """Similar documents under the filters, the closest first; other orders among the similar ones."""
        words = text.words + tuple(right for _, right in corrections)
        wanted = self._matcher.close(text.core, heard(text, self._analyzer), words)
        found = all_of([wanted, *self._matcher.filters(query.filters)])
        result = self._searcher.search(found, _CLOSE_CANDIDATES, count=False)
        asked = Asked.of(text, self._analyzer)
        scored: list[tuple[float, int, SearchDocument]] = []
        for place, (_, address) in enumerate(result.hits):
            document = stored(self._searcher.doc(address))
            score = closeness(asked, document, self._analyzer)
            if score >= ENOUGH:
                scored.append((-score, place, document))
        scored.sort(key=lambda entry: entry[:2])
        return _in_order([document for _, _, document in scored], query.sort)

    def _corrected(self, query: Query, corrections: tuple[tuple[str, str], ...]) -> str | None:
        """The text with its unknown words put right, when that finds something."""
        spaced = GAP.join(fold(query.typed).split())
        for wrong, right in corrections:
            spaced = spaced.replace(wrong, right)
        if not corrections:
            return None
        found = self._matcher.exact(self._analyzer.query(spaced))
        return spaced if self._searcher.search(found, 1).hits else None

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """Vocabulary first, then titles that hold what was typed so far."""
        typed = Query(text).typed
        terms = self._suggester.suggest(typed, limit)
        known = {suggestion.title.text for suggestion in terms}
        titles = [found for found in self._titles(typed, limit) if found.title.text not in known]
        return (*terms, *titles)[: max(0, limit)]

    def _titles(self, typed: str, limit: int) -> list[Suggestion]:
        text = self._analyzer.query(typed)
        if not text.runs or limit < 1:
            return []
        result = self._searcher.search(
            self._matcher.titles(text, self._unfinished(typed)), limit, count=False
        )
        highlighter = Highlighter(self._analyzer, text)
        documents = [stored(self._searcher.doc(address)) for _, address in result.hits]
        return [
            Suggestion(highlighter.title(document.title), document.kind.value, document.url)
            for document in documents
        ]

    def _unfinished(self, typed: str) -> list[tantivy.Query]:
        """Ways to read typed letters as pinyin whose last syllable may still be incomplete."""
        letters = fold_solid(typed)
        if not letters.isascii() or not letters.isalpha():
            return []
        ways = [self._matcher.sounds_then(*split) for split in split_unfinished_pinyin(letters)]
        return [way for way in ways if way is not None] + self._matcher.initials(letters)


def _hit(document: SearchDocument, highlighter: Highlighter, close: Closeness = Closeness.EXACT) -> Hit:
    title = highlighter.title(document.title, close=close is Closeness.CLOSE)
    return Hit(document, title, highlighter.excerpt(document.body), close)


def _in_order(documents: list[SearchDocument], sort: Sort) -> list[SearchDocument]:
    """Sorted like the index sorts: documents without the value come last."""
    if sort is Sort.RELEVANCE:
        return documents
    is_descending = sort in {Sort.AMOUNT_DESCENDING, Sort.DATE_DESCENDING}

    def value(document: SearchDocument) -> int | None:
        if sort in {Sort.AMOUNT, Sort.AMOUNT_DESCENDING}:
            return document.amount_fen
        return document.dated_on.toordinal() if document.dated_on else None

    having = [(number, document) for document in documents if (number := value(document)) is not None]
    having.sort(key=lambda entry: entry[0], reverse=is_descending)
    return [document for _, document in having] + [
        document for document in documents if value(document) is None
    ]
