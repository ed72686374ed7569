"""Counts by facet: by the index for exact hits, by hand for the few close ones.

The index gives the interpreter lock back while it counts, so hits are counted in another thread while the page of
them is found, read and marked: on two processors an answer waits for the longer of the two, not for both.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Self

from tantivy import Query as IndexQuery
from tantivy import Searcher

from search.documents import SearchDocument
from search.engine import Facet, FacetCount, FacetField, Query
from search.engines.matching import Matcher, all_of
from search.engines.values import column_of, depth_and_code, facet_values, is_tree, values_in_column

_MOST_VALUES = 65_000  # of one column; more than the villages of a province
_UNDER = "under "  # names in a request what is counted under a condition; no field is called so
_PLAIN = re.compile(r"[\w/-]+")

_Request = dict[str, Any]
_Answer = Mapping[str, Any]
_Conditions = Mapping[FacetField, str]


_Counting = tuple[IndexQuery, _Request]  # what is gone through, and what is counted meanwhile


@dataclass(frozen=True, slots=True)
class FacetCounting:
    """Facets that are being counted."""

    fields: tuple[FacetField, ...]
    answers: Future[list[_Answer]] | None = None

    @classmethod
    def begin(cls, searcher: Searcher, matcher: Matcher, wanted: list[IndexQuery], query: Query) -> Self:
        """Start to count the facets that were asked for, each under all filters but its own."""
        if not query.facets:
            return cls(())  # an aggregation of nothing would go through all hits all the same
        countings = _countings(matcher, wanted, query)
        return cls(query.facets, _counters(os.getpid()).submit(_answers, searcher, countings))

    def facets(self) -> tuple[Facet, ...]:
        """The facets, waited for."""
        if self.answers is None:
            return ()
        found = dict(chain.from_iterable(map(_answered, self.answers.result())))
        return tuple(_counted(field, found[field]) for field in self.fields)


@cache
def _counters(_process: int) -> ThreadPoolExecutor:
    """The threads that count, made anew in each process: a fork has none of its parent's."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="facets")


def _answers(searcher: Searcher, countings: Sequence[_Counting]) -> list[_Answer]:
    return [searcher.aggregate(gone_through, request) for gone_through, request in countings]


def _countings(matcher: Matcher, wanted: list[IndexQuery], query: Query) -> list[_Counting]:
    """Fields that nothing is filtered by are counted together, each of the others without its own filter.

    All of that while the hits are gone through once, which costs half as much as once per field; once per field when
    a filter cannot be said within an aggregation.
    """
    filtered = [field for field in query.facets if query.filters.values(field)]
    conditions = _conditions(matcher, query, filtered)
    if conditions is None:
        return [
            (all_of(wanted + matcher.filters(query.filters, but={field})), _terms([field]))
            for field in query.facets
        ]
    shared = [field for field in query.facets if field not in filtered]
    gone_through = all_of(wanted + matcher.filters(query.filters, but=set(filtered)))
    return [(gone_through, _nested(list(conditions.items()), shared))]


def _terms(fields: Iterable[FacetField]) -> _Request:
    return {field.value: {"terms": {"field": column_of(field), "size": _MOST_VALUES}} for field in fields}


def _counted(field: FacetField, buckets: Iterable[_Answer]) -> Facet:
    """The facet of a column: what stands for several values counts for each of them."""
    counts: dict[str, int] = {}
    for bucket in buckets:
        count = int(bucket["doc_count"])
        for value in values_in_column(bucket["key"]):
            counts[value] = counts.get(value, 0) + count
    return facet_of(field, counts.items())


def _conditions(matcher: Matcher, query: Query, filtered: Iterable[FacetField]) -> _Conditions | None:
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


def _nested(conditions: list[tuple[FacetField, str]], shared: list[FacetField]) -> _Request:
    """A request that counts `shared` under all conditions and each other field under all but its own.

    The conditions lie in one another: each asks the index once for all that lies below it.
    """
    if not conditions:
        return _terms(shared)
    (field, condition), *others = conditions
    counted = _terms([field])
    if others:
        needed = " AND ".join(other for _, other in others)
        counted = {f"{_UNDER}others": {"filter": needed, "aggs": counted}}
    below = _nested(others, shared)
    return counted | ({f"{_UNDER}{field}": {"filter": condition, "aggs": below}} if below else {})


def _answered(answer: _Answer) -> Iterator[tuple[FacetField, list[_Answer]]]:
    """The buckets of each field in the answer to a nested request."""
    for name, part in answer.items():
        if name.startswith(_UNDER):
            yield from _answered(part)
        elif name != "doc_count":
            yield FacetField(name), part["buckets"]


def count_in_documents(documents: Sequence[SearchDocument], query: Query) -> tuple[Facet, ...]:
    """Count facets over documents at hand."""
    return tuple(facet_of(field, _values_in(documents, field).items()) for field in query.facets)


def _values_in(documents: Sequence[SearchDocument], field: FacetField) -> Counter[str]:
    """How many documents have each value of a field; documents often share all of theirs."""
    counts: Counter[str] = Counter()
    for values, count in Counter([facet_values(document, field) for document in documents]).items():
        for value in set(values):
            counts[value] += count
    return counts


def facet_of(field: FacetField, counts: Iterable[tuple[str, int]]) -> Facet:
    """A facet of indexed values and their counts, the most frequent first."""
    place = depth_and_code if is_tree(field) else _without_depth
    entries = sorted([(-count, *place(value)) for value, count in counts if count])
    return Facet(field, tuple(FacetCount(code, -count, depth) for count, depth, code in entries))


def _without_depth(value: str) -> tuple[int, str]:
    return 0, value
