"""What was found, as the interface gives it: money in yuan, places in the text as code points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from portal.reading.finding import TextPart, Trees, facet_label
from portal.reading.finding_address import address_of
from portal.reading.finding_cases import FoundCase, FoundCases
from search.documents import Kind
from search.engine import Closeness, FacetField, Hit, Hits, Marked, Query, Suggestion


def search_document(query: Query, hits: Hits, trees: Trees, base_url: str, note: str) -> dict[str, Any]:
    """One page of hits with its facets; `next` is the address of the page after it, null on the last."""
    more = query.offset + len(hits.hits) < hits.total and bool(hits.hits)
    following = address_of(replace(query, page=query.page + 1)) if more else ""
    return {
        "q": query.text,
        "count": hits.total,
        "closeness": str(hits.closeness),
        "corrected": hits.corrected,
        "note": note or None,
        "hits": [_hit(hit, trees, base_url) for hit in hits.hits],
        "facets": {
            str(facet.field): [
                {
                    "value": count.value,
                    "label": facet_label(facet.field, count.value, trees),
                    "count": count.count,
                    "depth": count.depth,
                    "is_chosen": count.value in query.filters.values(facet.field),
                }
                for count in facet.counts
            ]
            for facet in hits.facets
        },
        "page": query.page,
        "next": f"{base_url}/api/v1/search{following}" if following else None,
    }


def _hit(hit: Hit, trees: Trees, base_url: str) -> dict[str, Any]:
    document = hit.document
    amount = document.amount_fen
    return {
        "id": document.id,
        "kind": str(document.kind),
        "title": _marked(hit.title),
        "excerpt": _marked(hit.excerpt),
        "url": base_url + document.url,
        "region": facet_label(FacetField.REGION, document.regions[-1], trees) if document.regions else None,
        "amount": None if amount is None else amount / 100,
        "status": document.status,
        "light": document.light,
        "is_close": hit.closeness is Closeness.CLOSE,
    }


def cases_document(query: Query, found: FoundCases | None, base_url: str) -> dict[str, Any]:
    """One page of public cases in the shape of any other hits; what a case does not have is null.

    `found` is None where people cannot write: there are no cases then, and `note` says so.
    """
    cases = found.cases if found is not None else ()
    total = found.total if found is not None else 0
    more = bool(cases) and query.offset + len(cases) < total
    following = address_of(replace(query, page=query.page + 1)) if more else ""
    return {
        "q": query.text,
        "count": total,
        "closeness": str(Closeness.EXACT),
        "corrected": None,
        "note": None if found is not None else NO_CASES_HERE,
        "hits": [_case_hit(case, base_url) for case in cases],
        "facets": {},
        "page": query.page,
        "next": f"{base_url}/api/v1/search{following}" if following else None,
    }


NO_CASES_HERE = "这里不接受来件，因此没有来件可找。"


def _case_hit(case: FoundCase, base_url: str) -> dict[str, Any]:
    return {
        "id": case.number,
        "kind": str(Kind.CASE),
        "title": _joined(case.title),
        "excerpt": _joined(case.excerpt),
        "url": f"{base_url}/cases/{case.number}",
        "region": None,
        "amount": None,
        "status": case.status_code,
        "light": None,
        "is_close": False,
    }


def _joined(parts: Sequence[TextPart]) -> dict[str, Any]:
    """The parts of a text as the text and the places that answer, in code points."""
    starts = list(accumulate((len(part.text) for part in parts), initial=0))
    return {
        "text": "".join(part.text for part in parts),
        "matches": [
            [start, start + len(part.text)]
            for start, part in zip(starts, parts, strict=False)
            if part.is_match
        ],
    }


def _marked(marked: Marked) -> dict[str, Any]:
    return {"text": marked.text, "matches": [list(span) for span in marked.spans]}


def suggest_document(typed: str, found: tuple[Suggestion, ...]) -> dict[str, Any]:
    """Completions, best first; `url` leads straight to the one thing that is meant, null when a search is."""
    return {
        "q": typed,
        "suggestions": [
            {
                "text": item.title.text,
                "matches": [list(span) for span in item.title.spans],
                "kind": item.kind,
                "url": item.url,
            }
            for item in found
        ],
    }
