"""Cases beside what a release holds: what a page of search results shows of them, and who is asked for them.

Cases lie in no release and in no index: they are public the moment they are accepted and gone the moment they are
withdrawn. So they are looked for when somebody searches, by a `CaseFinder` that only surfaces with cases have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.reading.edition import Edition
from portal.reading.finding import TextPart, text_parts
from search.engine import Filters, Query
from search.folding import fold
from search.highlight import excerpt_of, marked_by_words

FIRST_CASES = 3
"""How many stand beside the hits of a release."""


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One case as the page of results shows it; `excerpt` is the public message that says why.

    `status` is the word for readers, `status_code` the one of the interface.
    """

    number: str
    kind: str
    status: str
    status_code: str
    unit: str
    received_on: date
    title: tuple[TextPart, ...]
    excerpt: tuple[TextPart, ...]


@dataclass(frozen=True, slots=True)
class FoundCases:
    """Some of the cases that hold every word, newest first, how many there are, and the words that find them."""

    words: str
    total: int
    cases: tuple[FoundCase, ...]


class CaseFinder(Protocol):
    """Finds public cases."""

    def find(
        self, words: str, region: str | None, edition: Edition, *, skip: int = 0, limit: int = FIRST_CASES
    ) -> FoundCases | None:
        """Cases that hold all words, in a region; None when cases cannot be asked for now."""
        ...


def case_words(query: Query) -> str:
    """The words by which a query finds cases: as they were typed, folded like the texts."""
    return " ".join(fold(query.typed).split())


def found_cases(finder: CaseFinder | None, query: Query, edition: Edition) -> FoundCases | None:
    """The cases beside the hits of a query; None where there are none to ask for.

    Only the first page has them, and not when a filter is set that no case knows.
    """
    words = case_words(query)
    regions = query.filters.regions
    is_for_cases = query.filters == Filters(regions=regions) and len(regions) < 2 and query.page == 1
    if finder is None or not words or not is_for_cases:
        return None
    return finder.find(words, regions[0] if regions else None, edition)


def case_title(title: str, words: str) -> tuple[TextPart, ...]:
    """The subject with the words marked."""
    return tuple(text_parts(marked_by_words(title, words.split())))


def case_excerpt(messages: Sequence[str], words: str) -> tuple[TextPart, ...]:
    """Of the last message that holds one of the words the part around it; else the beginning of the first."""
    marked = [marked_by_words(message, words.split()) for message in messages if message]
    telling = [message for message in marked if message.spans]
    chosen = telling[-1:] or marked[:1]
    return tuple(text_parts(excerpt_of(chosen[0]))) if chosen else ()
