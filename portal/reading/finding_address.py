"""A search as the address of its page, and back.

What an address asks for and the address that asks for it again are each other's inverse, whatever was in the
address that cannot be understood left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from search.documents import Kind
from search.engine import FacetField, Filters, Query, Sort

PAGE_SIZE = 20
LAST_PAGE = 1_000
_LARGEST_YUAN = Decimal(10) ** 16

Parameters = tuple[tuple[str, str], ...]


def read_query(parameters: Mapping[str, Sequence[str]]) -> Query:
    """What an address asks for; what cannot be understood is left out, a page never fails over it."""
    values = {
        name: tuple(dict.fromkeys(value.strip() for value in given if value.strip()))
        for name, given in parameters.items()
    }
    sort = _last(values, "sort")
    filters = Filters(
        kinds=tuple(Kind(value) for value in values.get("kind", ()) if value in set(Kind)),
        regions=values.get("region", ()),
        functions=values.get("function", ()),
        sectors=values.get("sector", ()),
        years=tuple(int(value) for value in values.get("year", ()) if _is_number(value, 4)),
        statuses=values.get("status", ()),
        lights=values.get("light", ()),
        amount_min_fen=_fen(_last(values, "min")),
        amount_max_fen=_fen(_last(values, "max")),
    )
    page = _last(values, "page")
    return Query(
        text=_last(values, "q"),
        filters=filters,
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        facets=tuple(FacetField),
        page=min(max(1, int(page)), LAST_PAGE) if _is_number(page, 6) else 1,
        page_size=PAGE_SIZE,
    )


def unreadable(parameters: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What a page leaves out and a program must be told: the name of each parameter, and what it may be."""
    for name, (is_good, wanted) in _WANTED.items():
        if not all(is_good(value.strip()) for value in parameters.get(name, ()) if value.strip()):
            yield name, wanted


_WANTED: dict[str, tuple[Callable[[str], bool], str]] = {
    "kind": (lambda text: text in set(Kind), f"可用 {'、'.join(Kind)}"),
    "sort": (lambda text: text in set(Sort), f"可用 {'、'.join(Sort)}"),
    "year": (lambda text: _is_number(text, 4), "应为四位年份"),
    "min": (lambda text: _fen(text) is not None, "应为金额，单位元"),
    "max": (lambda text: _fen(text) is not None, "应为金额，单位元"),
    "page": (
        lambda text: _is_number(text, 6) and 0 < int(text) <= LAST_PAGE,
        f"应为 1 至 {LAST_PAGE} 的整数",
    ),
}


def _last(values: Mapping[str, tuple[str, ...]], name: str) -> str:
    given = values.get(name, ())
    return given[-1] if given else ""


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= longest


def _fen(yuan: str) -> int | None:
    """Whole fen of an amount typed in yuan; None when it is no amount."""
    try:
        amount = Decimal(yuan.replace(",", ""))
    except InvalidOperation:
        return None
    return int(amount * 100) if amount.is_finite() and abs(amount) < _LARGEST_YUAN else None


def parameters_of(query: Query) -> Parameters:
    """The parameters that ask for the same, in a fixed order, without what is the default."""
    filters = query.filters
    pairs: list[tuple[str, str]] = [("q", query.text)] if query.text else []
    for facet in FacetField:
        pairs += [(facet.value, value) for value in filters.values(facet)]
    for name, fen in (("min", filters.amount_min_fen), ("max", filters.amount_max_fen)):
        if fen is not None:
            pairs.append((name, f"{Decimal(fen) / 100:f}"))
    if query.sort is not Sort.RELEVANCE:
        pairs.append(("sort", query.sort.value))
    if query.page > 1:
        pairs.append(("page", str(query.page)))
    return tuple(pairs)


def address_of(query: Query) -> str:
    """The query string that leads to a search."""
    return "?" + urlencode(parameters_of(query))


def toggled(query: Query, facet: FacetField, value: str) -> Query:
    """The same query with one value of a field added, or taken away when it was there; back on the first page.

    In a tree a new choice takes the place of the old one: one looks at a place or at another.
    """
    chosen = query.filters.values(facet)
    if value in chosen:
        kept: tuple[str, ...] = tuple(other for other in chosen if other != value)
    elif facet in {FacetField.REGION, FacetField.FUNCTION}:
        kept = (value,)
    else:
        kept = (*chosen, value)
    return replace(query, filters=query.filters.with_values(facet, kept), page=1)
