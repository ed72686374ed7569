"""Completing what is being typed, from the vocabulary of an index.

A name is suggested when it begins with what was typed, in characters, in pinyin or in initials, or else when it
holds it somewhere. Names are kept in long strings, one per form, so that a look-up is a plain substring search.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from search.analysis import Analyzer
from search.engine import Suggestion
from search.folding import fold, fold_solid
from search.highlight import Highlighter
from search.lexicon import Term
from search.sounds import initials_of

_END = "\n"


class _Names:
    """Names in one form, joined; finds the numbers of those that begin with or hold a text."""

    def __init__(self, names: list[str]) -> None:
        self._joined = _END + _END.join(names) + _END
        self._starts: list[int] = []
        at = 1
        for name in names:
            self._starts.append(at)
            at += len(name) + 1

    def holding(self, text: str) -> Iterator[int]:
        at = self._joined.find(text)
        while at >= 0:
            number = bisect_right(self._starts, at + 1 if text.startswith(_END) else at) - 1
            yield number
            at = self._joined.find(text, at + 1)

    def beginning_with(self, text: str) -> Iterator[int]:
        return self.holding(_END + text)


class Suggester:
    """Suggests the terms of one lexicon; earlier terms come first."""

    def __init__(self, terms: tuple[Term, ...], analyzer: Analyzer) -> None:
        self._terms = terms
        self._analyzer = analyzer
        syllables = [analyzer.syllables(fold(term.text)) for term in terms]
        self._written = _Names([fold_solid(term.text) for term in terms])
        self._spelt = _Names(["".join(parts) for parts in syllables])
        self._initials = _Names([initials_of(parts) for parts in syllables])

    def suggest(self, text: str, limit: int) -> tuple[Suggestion, ...]:
        """At most `limit` terms for what was typed so far."""
        typed = fold_solid(text)
        if not typed or limit < 1:
            return ()
        numbers: dict[int, None] = {}
        for number in self._found(typed):
            numbers[number] = None
            if len(numbers) == limit:
                break
        highlighter = Highlighter(self._analyzer, self._analyzer.query(text))
        return tuple(
            Suggestion(highlighter.title(term.text), term.kind, term.url)
            for term in (self._terms[number] for number in numbers)
        )

    def _found(self, typed: str) -> Iterator[int]:
        yield from self._written.beginning_with(typed)
        if typed.isascii():
            yield from self._spelt.beginning_with(typed)
            yield from self._initials.beginning_with(typed)
        if len(typed) > 1:
            yield from self._written.holding(typed)
