"""The last resort for a question that could not be read: is the rest of it, without its grammar, like a project's name?"""

from __future__ import annotations

from collections.abc import Sequence

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.mentions import Loose, asks_lookup, candidates_for, is_named_already, is_twin, settle
from search.parse.outcome import Ambiguity
from search.vocabulary import Kind, Vocabulary

_SHORTEST_RUN = 4
_LONG_RUN = 6
_SIMILAR = 55
_RECALLED = 0.85
_PROJECT_MEASURES = ("total_investment", "progress", "execution_rate", "paid", "contracted")


def name_in_question(text: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> Loose | Ambiguity | None:
    """A question that could not be read otherwise: is the rest of it, without its grammar, like a project's name?"""
    run = _longest_run(tokens)
    if run is None:
        return None
    first, last = run
    words = text[tokens[first].start : tokens[last].end].strip()
    asked = asks_lookup(tokens) or any(
        token.is_word(Word.MEASURE) and token.value in _PROJECT_MEASURES for token in tokens
    )
    own = sum(len(token.text) for token in tokens[first : last + 1] if not token.kinds() & {Kind.REGION})
    if own < _SHORTEST_RUN or not (asked or own >= _LONG_RUN):
        return None
    found = [item for item in candidates_for(words, vocabulary) if item[0].recall >= _RECALLED]
    likely = [item for item in found if item[0].literal or item[0].ratio >= _SIMILAR]
    likely += [item for item in found if item not in likely and is_twin(item, likely[:1])]
    if not likely or is_named_already(tokens[first : last + 1], likely):
        return None
    return settle(text, tokens, run, words, likely)


def _longest_run(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The longest stretch without times and without the words of a question at its ends."""
    best: tuple[int, int] | None = None
    start: int | None = None
    for number, token in enumerate([*tokens, None]):
        if token is not None and not _breaks(token):
            start = number if start is None else start
            continue
        if start is not None:
            trimmed = _trimmed(tokens, start, number - 1)
            if trimmed is not None and (best is None or _width(tokens, trimmed) > _width(tokens, best)):
                best = trimmed
        start = None
    return best


def _width(tokens: Sequence[Token], run: tuple[int, int]) -> int:
    return tokens[run[1]].end - tokens[run[0]].start


def _breaks(token: Token) -> bool:
    if token.text == "第一":
        return False  # 第一幼儿园
    if token.sort is Sort.TIME:
        return "年度" not in token.text
    return (
        token.is_word_any(Word.ASK, Word.EXTREME, Word.CHANGE, Word.VERSUS, Word.OF, Word.POLITE)
        and len(token.text) > 1
    )


def _trimmed(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int] | None:
    edges = (
        Word.FILLER,
        Word.POLITE,
        Word.AND,
        Word.UNIT_NOUN,
        Word.MEASURE,
        Word.ASK,
        Word.NOT,
        Word.DATE_ROLE,
    )
    while first <= last and (tokens[first].sort is Sort.MARK or tokens[first].is_word_any(*edges)):
        first += 1
    while last >= first and (
        (tokens[last].sort is Sort.MARK and tokens[last].text != ")") or tokens[last].is_word_any(*edges)
    ):
        last -= 1
    return (first, last) if first <= last else None
