"""Counts by facet: by the index for exact hits, by hand for the few close ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tantivy import Query as IndexQuery
from tantivy import Searcher

from search.documents import SearchDocument
from search.engine import Facet, FacetCount, FacetField, Query
from search.engines.matching import Matcher, all_of
from search.engines.values import code_and_depth, column_of, facet_values, is_tree, values_in_column

_MOST_VALUES = 65_000  # of one column; more than the villages of a province
_PLAIN = re.compile(r"[\w/-]+")

_Request = dict[str, Any]
_Answer = Mapping[str, Any]
_Groups = list[tuple[list[FacetField], FacetField | None]]  # counted together, and the filter left out


def count_facets(
    searcher: Searcher, matcher: Matcher, wanted: list[IndexQuery], query: Query
) -> tuple[Facet, ...]:
    """Count the facets that were asked for, each under all filters but its own.

    Fields that nothing is filtered by are counted together, each of the others without its own filter: all of that
    while the hits are gone through once, which costs half as much as once per field.
    """
    filtered = [field for field in query.facets if query.filters.values(field)]
    shared = [field for field in query.facets if field not in filtered]
    groups: _Groups = [([field], field) for field in filtered]
    if shared:
        groups.append((shared, None))
    if not groups:
        return ()  # an aggregation of nothing would go through all hits all the same
    conditions = _conditions(matcher, query, filtered)
    if conditions is None:
        answers: Sequence[_Answer] = [
            searcher.aggregate(all_of(wanted + matcher.filters(query.filters, but={but})), _terms(fields))
            for fields, but in groups
        ]
    else:
        gone_through = all_of(wanted + matcher.filters(query.filters, but=set(filtered)))
        answers = _in_one_pass(searcher, gone_through, groups, conditions)
    found = {
        field: _counted(field, answer[field.value]["buckets"])
        for (fields, _), answer in zip(groups, answers, strict=True)
        for field in fields
    }
    return tuple(found[field] for field in query.facets)


def _terms(fields: Iterable[FacetField]) -> _Request:
    return {field.value: {"terms": {"field": column_of(field), "size": _MOST_VALUES}} for field in fields}


def _counted(field: FacetField, buckets: Iterable[_Answer]) -> Facet:
    """The facet of a column: what stands for several values counts for each of them."""
    counts: Counter[str] = Counter()
    for bucket in buckets:
        for value in values_in_column(bucket["key"]):
            counts[value] += int(bucket["doc_count"])
    return facet_of(field, counts.items())


def _conditions(
    matcher: Matcher, query: Query, filtered: Iterable[FacetField]
) -> dict[FacetField, str] | None:
    """What each filter asks in the language of aggregations; None when one cannot be said in it safely.

    Only values that are known to the index and are of letters, digits and few signs go in: no filter is syntax.
    """
    conditions: dict[FacetField, str] = {}
    for field in filtered:
        values = [str(value) for value in matcher.known_values(field, query.filters.values(field))]
        if not values or not all(map(_PLAIN.fullmatch, values)):
            return None
        quote = "" if field is FacetField.YEAR else '"'
        conditions[field] = (
            "(" + " OR ".join(f"{field.value}:{quote}{value}{quote}" for value in values) + ")"
        )
    return conditions


def _in_one_pass(
    searcher: Searcher,
    gone_through: IndexQuery,
    groups: _Groups,
    conditions: Mapping[FacetField, str],
) -> Sequence[_Answer]:
    """The counts of each group, the hits without any of the conditions gone through once."""
    request: _Request = {}
    for number, (fields, but) in enumerate(groups):
        needed = " AND ".join(condition for field, condition in conditions.items() if field is not but)
        terms = _terms(fields)
        request |= {f"group{number}": {"filter": needed, "aggs": terms}} if needed else terms
    answer = searcher.aggregate(gone_through, request)
    return [answer.get(f"group{number}", answer) for number in range(len(groups))]


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
