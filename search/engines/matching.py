"""An analysed query as a query of the embedded index.

No query language is involved: terms are put together here, so nothing that is typed can be syntax.
Two traps shape this file: a phrase of fewer than two terms and a limit of zero abort the index.
"""

from __future__ import annotations

from collections.abc import Collection

from tantivy import FieldType, Occur, Query, Schema, Searcher

from search.analysis import Piece, QueryText, Run, pairs, sound_pairs, triples
from search.engine import FacetField, Filters
from search.engines.fields import LARGEST_INTEGER
from search.engines.values import is_tree, tree_value
from search.sounds import blur
from search.streams import INITIALS_LENGTH

TITLE_WEIGHT = 4.0
DEEPEST_TREE = 8
MAX_CLOSE_TERMS = 14
MAX_VALUES = 200
COMMON_FROM, COMMON_PART = 500, 20  # more documents than these, and more than one in twenty


def any_of(queries: list[Query]) -> Query:
    """What at least one of the queries finds; nothing when there are none."""
    if len(queries) == 1:
        return queries[0]
    if not queries:
        return Query.empty_query()
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def all_of(queries: list[Query]) -> Query:
    """What all of the queries find; everything when there are none."""
    if len(queries) == 1:
        return queries[0]
    if not queries:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def spread(tokens: list[str], step: int) -> list[str | tuple[int, str]]:
    """Every `step`-th token with its place, and the last: enough to cover each character once."""
    places = list(range(0, len(tokens), step))
    if places[-1] != len(tokens) - 1:
        places.append(len(tokens) - 1)
    return [(place, tokens[place]) for place in places]


class Matcher:
    """Builds queries against one opened index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def exact(self, query: QueryText) -> Query:
        """Documents in which every run is found, as a substring or by one of its other forms."""
        needed = all_of([self._run(run) for run in query.runs])
        if not query.hints:
            return needed
        helpful = [(Occur.Should, self.text(hint)) for hint in query.hints]
        return Query.boolean_query([(Occur.Must, needed), *helpful])

    def titles(self, query: QueryText, beginnings: list[Query]) -> Query:
        """Documents whose title holds every run; `beginnings` are more ways to find it."""
        whole = all_of([self._phrase("title", run.text) for run in query.runs])
        return any_of([whole, *beginnings])

    def _run(self, run: Run) -> Query:
        whole = self._piece(run.whole)
        if len(run.pieces) == 1 and run.whole is run.pieces[0]:
            return whole
        return any_of([Query.boost_query(whole, 2.0), all_of([self._piece(piece) for piece in run.pieces])])

    def _piece(self, piece: Piece) -> Query:
        ways = [self.text(spelling) for spelling in piece.spellings]
        if piece.is_latin:
            ways += self.sounding(piece)
        return any_of(ways)

    def text(self, solid: str) -> Query:
        """Documents that hold this folded text, in a name or elsewhere."""
        return any_of(
            [Query.boost_query(self._phrase("title", solid), TITLE_WEIGHT), self._phrase("body", solid)]
        )

    def _phrase(self, field: str, solid: str) -> Query:
        if len(solid) == 1:
            return Query.fuzzy_term_query(self._schema, field, solid, distance=0, prefix=True)
        return self.tokens_in_a_row(field, pairs(solid)[:-1], step=2)

    def tokens_in_a_row(self, field: str, tokens: list[str], step: int) -> Query:
        """Tokens that overlap by `step` - 1, one after the other."""
        if len(tokens) == 1:
            return Query.term_query(self._schema, field, tokens[0])
        return Query.phrase_query(self._schema, field, spread(tokens, step))

    def sounding(self, piece: Piece) -> list[Query]:
        """Titles that sound like typed letters, or have them as initials."""
        ways: list[Query] = []
        for reading in piece.readings:
            if len(reading) > 1:
                ways.append(self.tokens_in_a_row("sounds", sound_pairs(reading), step=2))
            else:
                ways.append(self.sound_beginning(reading[0]))
        return ways + self.initials(piece.text)

    def initials(self, letters: str) -> list[Query]:
        """Titles whose characters begin with these letters in pinyin; three letters at least."""
        if len(letters) < INITIALS_LENGTH:
            return []
        return [self.tokens_in_a_row("initials", triples(letters), step=INITIALS_LENGTH)]

    def sound_beginning(self, syllable: str) -> Query:
        """Titles with that syllable somewhere before another one."""
        return Query.fuzzy_term_query(self._schema, "sounds", f"{blur(syllable)}.", distance=0, prefix=True)

    def sounds_then(self, syllables: tuple[str, ...], rest: str) -> Query | None:
        """Titles with these syllables and then one that begins with `rest`: pinyin still being typed."""
        if not syllables:
            return None
        blurred = blur(syllables[-1])
        last = f"{blurred}.{rest[:1]}" if rest in {"zh", "ch", "sh"} else f"{blurred}.{rest}"
        before = sound_pairs(syllables)
        if not before:
            return Query.fuzzy_term_query(self._schema, "sounds", last, distance=0, prefix=True)
        return Query.phrase_prefix_query(self._schema, "sounds", [*before, last])

    def close(self, core: str, syllables: tuple[str, ...], words: tuple[str, ...]) -> Query:
        """Documents that share rare pairs of characters, sounds, initials or words with the text."""
        wanted = [
            *self._rarest("title", pairs(core)[:-1], 1.0),
            *self._rarest("sounds", sound_pairs(syllables), 0.7),
            *self._rarest("words", list(words), 1.0),
            *self._rarest("body", self._telling_pairs("body", words), 0.5),
        ]
        if core.isascii():
            wanted += self._rarest("initials", triples(core), 0.7)
        return any_of(wanted)

    def _telling_pairs(self, field: str, words: tuple[str, ...]) -> list[str]:
        """Of each word its rarest pair, unless that stands in so much text that it tells nothing and costs most."""
        common = max(COMMON_FROM, self._searcher.num_docs // COMMON_PART)
        found: list[str] = []
        for word in words:
            counted = [(self._searcher.doc_freq(field, pair), pair) for pair in pairs(word)[:-1]]
            frequency, pair = min(counted, default=(0, ""))
            if 0 < frequency < common:
                found.append(pair)
        return found

    def _rarest(self, field: str, tokens: list[str], weight: float) -> list[Query]:
        counted = [(self._searcher.doc_freq(field, token), token) for token in dict.fromkeys(tokens)]
        rare = sorted((frequency, token) for frequency, token in counted if frequency)[:MAX_CLOSE_TERMS]
        return [
            Query.boost_query(Query.term_query(self._schema, field, token, "freq"), weight)
            for _, token in rare
        ]

    def filters(self, filters: Filters, *, but: Collection[FacetField | None] = ()) -> list[Query]:
        """The conditions of the filters, leaving out those on some fields."""
        found = [
            self._values(facet, filters.values(facet))
            for facet in FacetField
            if facet not in but and filters.values(facet)
        ]
        if filters.amount_min_fen is not None or filters.amount_max_fen is not None:
            found.append(self._amounts(filters.amount_min_fen, filters.amount_max_fen))
        return [Query.const_score_query(condition, 0.0) for condition in found]  # filters do not rank

    def known_values(self, facet: FacetField, values: tuple[str, ...]) -> list[str]:
        """The values as they stand in the index, those that no document has left out."""
        values = values[:MAX_VALUES]
        terms = list(values)
        if is_tree(facet):
            terms = [tree_value(code, depth) for code in values for depth in range(1, DEEPEST_TREE + 1)]
        return [term for term in terms if self._searcher.doc_freq(facet.value, term)]

    def _values(self, facet: FacetField, values: tuple[str, ...]) -> Query:
        """Terms of their own rather than a set of terms: a set is looked up anew for every document."""
        known = self.known_values(facet, values)
        return any_of([Query.term_query(self._schema, facet.value, term, "basic") for term in known])

    def _amounts(self, lowest: int | None, highest: int | None) -> Query:
        low = -LARGEST_INTEGER if lowest is None else max(lowest, -LARGEST_INTEGER)
        high = LARGEST_INTEGER if highest is None else min(highest, LARGEST_INTEGER)
        if low > high:
            return Query.empty_query()
        return Query.range_query(self._schema, "amount", FieldType.Integer, low, high)
