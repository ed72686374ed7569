"""Counts by facet: by the index for exact hits, by hand for the few close ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tantivy import Query as IndexQuery
from tantivy import Searcher

from search.documents import SearchDocument
from search.engine import Facet, FacetCount, FacetField, Query
from search.engines.matching import Matcher, all_of
from search.engines.values import code_and_depth, facet_values, is_tree

MAX_FACET_VALUES = 500


def count_facets(
    searcher: Searcher, matcher: Matcher, wanted: list[IndexQuery], query: Query
) -> tuple[Facet, ...]:
    """Count the facets that were asked for, each under all filters but its own.

    Fields that nothing is filtered by share one pass over the hits; every other field takes one of its own.
    """
    found: dict[FacetField, Facet] = {}
    shared = [field for field in query.facets if not query.filters.values(field)]
    passes: list[tuple[list[FacetField], FacetField | None]] = [(shared, None)] if shared else []
    passes += [([field], field) for field in query.facets if field not in shared]
    for fields, but in passes:
        counted = all_of(wanted + matcher.filters(query.filters, but=but))
        request = {
            field.value: {"terms": {"field": field.value, "size": MAX_FACET_VALUES}} for field in fields
        }
        answer = searcher.aggregate(counted, request)
        for field in fields:
            buckets = answer[field.value]["buckets"]
            found[field] = facet_of(field, ((_text(row["key"]), int(row["doc_count"])) for row in buckets))
    return tuple(found[field] for field in query.facets)


def count_in_documents(documents: Iterable[SearchDocument], query: Query) -> tuple[Facet, ...]:
    """Count facets over documents at hand."""
    counters: dict[FacetField, Counter[str]] = {field: Counter() for field in query.facets}
    for document in documents:
        for field, counter in counters.items():
            counter.update(set(facet_values(document, field)))
    return tuple(facet_of(field, counter.items()) for field, counter in counters.items())


def facet_of(field: FacetField, counts: Iterable[tuple[str, int]]) -> Facet:
    """A facet of indexed values and their counts, the most frequent first."""
    entries = [_entry(field, value, count) for value, count in counts if count]
    return Facet(field, tuple(sorted(entries, key=lambda entry: (-entry.count, entry.depth, entry.value))))


def _entry(field: FacetField, value: str, count: int) -> FacetCount:
    if not is_tree(field):
        return FacetCount(value, count)
    code, depth = code_and_depth(value)
    return FacetCount(code, count, depth)


def _text(key: object) -> str:
    """A value as text; the index gives numbers as floats."""
    return str(int(key)) if isinstance(key, float) else str(key)
