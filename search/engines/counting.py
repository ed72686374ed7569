"""Counts by facet: by the index for exact hits, by hand for the few close ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tantivy import Query as IndexQuery
from tantivy import Searcher

from search.documents import SearchDocument
from search.engine import Facet, FacetCount, FacetField, Query
from search.engines.fields import code_and_depth, is_tree, tree_value
from search.engines.matching import Matcher, all_of

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
            found[field] = Facet(field, _in_order(_counts(field, answer[field.value]["buckets"])))
    return tuple(found[field] for field in query.facets)


def _counts(field: FacetField, buckets: list[dict[str, Any]]) -> Iterable[FacetCount]:
    for bucket in buckets:
        key, count = bucket["key"], int(bucket["doc_count"])
        if is_tree(field):
            code, depth = code_and_depth(str(key))
            yield FacetCount(code, count, depth)
        elif field is FacetField.YEAR:
            yield FacetCount(str(int(key)), count)
        else:
            yield FacetCount(str(key), count)


def _in_order(counts: Iterable[FacetCount]) -> tuple[FacetCount, ...]:
    return tuple(sorted(counts, key=lambda entry: (-entry.count, entry.depth, entry.value)))


def count_in_documents(documents: Iterable[SearchDocument], query: Query) -> tuple[Facet, ...]:
    """Count facets over documents at hand."""
    counters: dict[FacetField, Counter[str]] = {field: Counter() for field in query.facets}
    for document in documents:
        for field, counter in counters.items():
            counter.update(dict.fromkeys(_values(document, field), 1))
    facets: list[Facet] = []
    for field, counter in counters.items():
        buckets = [{"key": key, "doc_count": count} for key, count in counter.items()]
        facets.append(Facet(field, _in_order(_counts(field, buckets))))
    return tuple(facets)


def _values(document: SearchDocument, field: FacetField) -> tuple[str, ...]:
    tree = {FacetField.REGION: document.regions, FacetField.FUNCTION: document.functions}.get(field)
    if tree is not None:
        return tuple(tree_value(code, depth) for depth, code in enumerate(tree, start=1))
    if field is FacetField.YEAR:
        return tuple(map(str, document.years))
    value = document.kind.value if field is FacetField.KIND else getattr(document, field.value)
    return () if value is None else (value,)
