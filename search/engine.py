"""What is asked of a search engine, and what it answers.

`Engine` and `IndexBuilder` are the seams: `engines/embedded.py` fills them inside the process,
`engines/meili.py` with a server. One suite of contract tests covers both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol

from search.documents import Kind, SearchDocument
from search.lexicon import Lexicon

MAX_QUERY_CHARACTERS = 200
MAX_PAGE_SIZE = 100
MAX_OFFSET = 100_000


class FacetField(StrEnum):
    """By what hits can be counted and filtered."""

    KIND = "kind"
    REGION = "region"
    FUNCTION = "function"
    SECTOR = "sector"
    YEAR = "year"
    STATUS = "status"
    LIGHT = "light"


class Sort(StrEnum):
    """In which order hits come; documents without the value come last either way."""

    RELEVANCE = "relevance"
    AMOUNT = "amount"
    AMOUNT_DESCENDING = "-amount"
    DATE = "date"
    DATE_DESCENDING = "-date"


class Closeness(StrEnum):
    """How the hits answer the text."""

    EXACT = "exact"  # every part of the text stands in every hit
    CLOSE = "close"  # nothing does; these are similar


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits must be: any of the values of each field, all of the fields.

    A region or function code stands for everything below it. The amount range includes both ends, in fen.
    """

    kinds: tuple[Kind, ...] = ()
    regions: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    amount_min_fen: int | None = None
    amount_max_fen: int | None = None

    def values(self, facet: FacetField) -> tuple[str, ...]:
        """The values this filter asks of one field, as text."""
        return tuple(str(value) for value in getattr(self, _FILTERED_BY[facet]))

    def with_values(self, facet: FacetField, values: tuple[str, ...]) -> Filters:
        """The same filters with other values, given as text, for one field.

        Raises: ValueError when a kind or a year is none.
        """
        typed: tuple[object, ...] = values
        if facet is FacetField.KIND:
            typed = tuple(Kind(value) for value in values)
        elif facet is FacetField.YEAR:
            typed = tuple(int(value) for value in values)
        changed: dict[str, Any] = {_FILTERED_BY[facet]: typed}
        return replace(self, **changed)


_FILTERED_BY: dict[FacetField, str] = {
    FacetField.KIND: "kinds",
    FacetField.REGION: "regions",
    FacetField.FUNCTION: "functions",
    FacetField.SECTOR: "sectors",
    FacetField.YEAR: "years",
    FacetField.STATUS: "statuses",
    FacetField.LIGHT: "lights",
}


@dataclass(frozen=True, slots=True)
class Query:
    """One search: what somebody typed, and what they ticked. `page` counts from 1."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    facets: tuple[FacetField, ...] = ()
    page: int = 1
    page_size: int = 20

    @property
    def typed(self) -> str:
        """The text without idle spaces, cut to what a search box needs."""
        return " ".join(self.text[: 50 * MAX_QUERY_CHARACTERS].split())[:MAX_QUERY_CHARACTERS]

    @property
    def size(self) -> int:
        """The page size, brought into its limits."""
        return max(1, min(self.page_size, MAX_PAGE_SIZE))

    @property
    def offset(self) -> int:
        """How many hits stand before this page."""
        return max(0, self.page - 1) * self.size


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A piece of original text and the spans of it (code points, sorted, apart) that answer the query."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found; `excerpt` is the part of its body that says why, or its beginning."""

    document: SearchDocument
    title: Marked
    excerpt: Marked
    closeness: Closeness = Closeness.EXACT


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many hits carry a value. `depth` is its place in a tree, from 1; 0 where there is no tree."""

    value: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field, the most frequent first.

    Counted under all filters but the one on the same field, so that a choice can be changed.
    """

    field: FacetField
    counts: tuple[FacetCount, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """One page of what was found.

    `total` counts all hits, not those of the page. When nothing holds the text exactly, the hits are the most
    similar documents and `closeness` says so; `corrected` is then the spelling that most likely was meant.
    """

    hits: tuple[Hit, ...]
    total: int
    closeness: Closeness = Closeness.EXACT
    facets: tuple[Facet, ...] = ()
    corrected: str | None = None

    def facet(self, wanted: FacetField) -> Facet:
        """The facet of that field; without counts when it was not asked for."""
        for facet in self.facets:
            if facet.field is wanted:
                return facet
        return Facet(wanted, ())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion for the search box; `url` leads straight there when it names one thing."""

    title: Marked
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build made, for logs and the operator; the size is None when a server keeps it to itself."""

    documents: int
    seconds: float
    size_bytes: int | None
    generation: str


class Engine(Protocol):
    """Finds documents. Whatever the text, a search answers; it never raises because of what was typed."""

    def search(self, query: Query) -> Hits:
        """Find one page of documents, with counts."""
        ...

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Complete what is being typed: vocabulary first, then titles."""
        ...


class IndexBuilder(Protocol):
    """Makes a whole new index and puts it in the place of the old one in one step."""

    def build(self, documents: Iterable[SearchDocument], lexicon: Lexicon) -> IndexReport:
        """Index all documents; searches see the old index until the new one is complete."""
        ...
