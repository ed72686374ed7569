"""Which parts of the original text answer a query.

Engines find folded tokens; people look at the text as it was written. So hits are marked here, on the original,
whatever engine found them: in other scripts and widths, by synonyms, by pinyin and by initials.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from search.analysis import Analyzer, Piece, QueryText, SoundUnits, pairs
from search.closeness import heard
from search.engine import Marked, Span
from search.folding import FoldedText, fold_solid
from search.sounds import blur

EXCERPT_CHARACTERS = 120
_LEAD = 24  # characters shown before the first mark
_STOP = re.compile(r"[；;。，,！!？?\s]+")
_SILENT = SoundUnits("")


class Highlighter:
    """Marks texts for one query."""

    def __init__(self, analyzer: Analyzer, query: QueryText) -> None:
        self._analyzer = analyzer
        self._query = query
        self._runs = query.runs
        self._has_latin = any(piece.is_latin for run in query.runs for piece in run.pieces)

    @cached_property
    def _core_pairs(self) -> frozenset[str]:
        return frozenset(pairs(self._query.core)[:-1])

    @cached_property
    def _core_sounds(self) -> frozenset[tuple[str, str]]:
        return frozenset(pairwise(map(blur, heard(self._query, self._analyzer))))

    def title(self, text: str, *, close: bool = False) -> Marked:
        """Mark a title; for a close hit the parts that agree with the query, also by sound."""
        if not self._runs:
            return Marked(text)
        folded = FoldedText.of(text)
        units = self._analyzer.sound_units(folded.text) if close or self._has_latin else _SILENT
        spans = self._exact(folded.text, units)
        if close:
            spans = spans + self._close(folded.text, units)
        return Marked(text, _merged([folded.span(start, end) for start, end in spans]))

    def excerpt(self, text: str) -> Marked:
        """The part of a longer text with the first mark in it, or the beginning of the text."""
        return excerpt_of(Marked(text, self._body_spans(text)))

    def _body_spans(self, text: str) -> tuple[Span, ...]:
        """What stands in a body is found as it is written, never by sound."""
        spans = self._exact(fold_solid(text), _SILENT)
        if not spans:
            return ()
        folded = FoldedText.of(text)
        return _merged([folded.span(start, end) for start, end in spans])

    def _exact(self, folded: str, units: SoundUnits) -> list[Span]:
        spans: list[Span] = []
        for run in self._runs:
            whole = _piece_spans(folded, run.whole, units)
            spans += whole or [span for piece in run.pieces for span in _piece_spans(folded, piece, units)]
        return spans

    def _close(self, folded: str, units: SoundUnits) -> list[Span]:
        spans = [(at, at + 2) for at, pair in enumerate(pairs(folded)[:-1]) if pair in self._core_pairs]
        for at, pair in enumerate(pairwise(units.blurred)):
            if pair in self._core_sounds:
                spans.append((units.bounds[at], units.bounds[at + 2]))
        return spans


def marked_by_words(text: str, words: Sequence[str]) -> Marked:
    """A text with folded words marked wherever they stand in it: for texts that are in no index."""
    folded = FoldedText.of(text)
    spans = [folded.span(*span) for word in words for span in _occurrences(folded.text, word)]
    return Marked(text, _merged(spans))


def excerpt_of(marked: Marked) -> Marked:
    """The part of a longer text with the first mark in it, or the beginning of the text."""
    first = marked.spans[0][0] if marked.spans else 0
    start = 0 if first < EXCERPT_CHARACTERS - _LEAD else _clause_start(marked.text, first)
    end = start + EXCERPT_CHARACTERS
    inside = tuple(
        (max(left, start) - start, min(right, end) - start)
        for left, right in marked.spans
        if left < end and right > start
    )
    return Marked(marked.text[start:end], inside)


def _clause_start(text: str, first: int) -> int:
    """Where an excerpt begins: a little before the first mark, after a stop rather than within a word."""
    lead = text[first - _LEAD : first]
    stop = _STOP.search(lead)
    return first - _LEAD + (stop.end() if stop else 0)


def _piece_spans(folded: str, piece: Piece, units: SoundUnits) -> list[Span]:
    spans = [span for spelling in piece.spellings for span in _occurrences(folded, spelling)]
    if spans or not units.syllables or not piece.is_latin:
        return spans
    for reading in piece.readings:
        spans += _sounding(units, tuple(map(blur, reading)))
    return spans or _initials(units, piece.text)


def _occurrences(text: str, wanted: str) -> list[Span]:
    spans: list[Span] = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        spans.append((at, at + len(wanted)))
        at = text.find(wanted, at + len(wanted))
    return spans


def _sounding(units: SoundUnits, wanted: tuple[str, ...]) -> list[Span]:
    length = len(wanted)
    return [
        (units.bounds[at], units.bounds[at + length])
        for at in range(len(units.blurred) - length + 1)
        if units.blurred[at : at + length] == wanted
    ]


def _initials(units: SoundUnits, letters: str) -> list[Span]:
    """Spans whose initials are the typed letters, with or without 市, 县 ... in between."""
    counted: Sequence[int]
    for counted in (range(len(units.syllables)), units.without_place_suffixes()):
        firsts = "".join([units.syllables[number][0] for number in counted])
        found = _occurrences(firsts, letters)
        if found:
            return [(units.bounds[counted[at]], units.bounds[counted[end - 1] + 1]) for at, end in found]
    return []


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
