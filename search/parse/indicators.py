"""Indicators asked for in other words than their names: 加装了多少部电梯, 培训了多少人次职业技能.

Every word of the question that is not grammar must occur in the indicator's name, letter by letter and in order, and
the unit must fit: then the indicator is meant. Several that fit are asked back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from search.parse.edges import Sort, Token
from search.parse.lexicon import Word
from search.parse.mentions import in_order
from search.parse.outcome import Ambiguity, Choice
from search.parse.resolve import unit_fits, verb_fits
from search.vocabulary import Concept, IndicatorName, Kind, Vocabulary, split_indicator

_GRAMMAR = (
    Word.FILLER,
    Word.POLITE,
    Word.ASK,
    Word.LEVEL,
    Word.SPLIT,
    Word.EXTREME,
    Word.CHANGE,
    Word.VERSUS,
    Word.AND,
    Word.WHOLE,
    Word.UNIT_NOUN,
)
_QUANTITIES = frozenset({"actual", "target", "completion"})
_MONEY = frozenset({"元", "万元", "亿元", "块", "块钱", "元钱"})
_MOST_CHOICES = 8


def match_indicator(
    text: str, tokens: Sequence[Token], vocabulary: Vocabulary
) -> tuple[Token, ...] | Ambiguity | None:
    """Replace the words that mean one indicator by it; None when the question does not seem to ask for one."""
    pieces = [token for token in tokens if _is_piece(token)]
    verbs = [token for token in tokens if token.is_word(Word.VERB) and token.value != "do"]
    if not pieces or not _asks_quantity(tokens) or not _says_enough(tokens, pieces):
        return None
    units = [token.text for token in tokens if token.is_word(Word.UNIT_NOUN)]
    found = [item for item in vocabulary.indicators if _fits(item, pieces, verbs, units)]
    if not found:
        return None
    if len(found) > 1:
        return _ask_back(text, found)
    verb, _, _ = split_indicator(found[0].name)
    concept = Concept(
        Kind.INDICATOR,
        found[0].name,
        found[0].name,
        found[0].unit,
        loose=not verbs,
        detail="" if verbs else verb,
    )
    return _replaced(tokens, pieces, verbs, concept)


def _says_enough(tokens: Sequence[Token], pieces: Sequence[Token]) -> bool:
    """Two letters, or one with a unit and a verb: 新建了几座桥."""
    letters = sum(len(token.text.strip()) for token in pieces)
    counted = any(
        token.is_word(Word.UNIT_NOUN) or (token.word is Word.ASK and token.value == "howmany")
        for token in tokens
    )
    return letters > 1 or (counted and any(token.is_word(Word.VERB) for token in tokens))


def _is_piece(token: Token) -> bool:
    if token.sort is Sort.UNKNOWN:
        return bool(token.text.strip())
    if token.sort is Sort.THING:
        return not token.kinds() <= {Kind.REGION, Kind.GROUP}
    return token.sort is Sort.PHRASE and token.is_word_any(
        Word.SUBJECT, Word.LIVELIHOOD, Word.REFUSE, Word.OWN_LEVEL
    )


def _asks_quantity(tokens: Sequence[Token]) -> bool:
    other = [
        token
        for token in tokens
        if token.sort is Sort.PHRASE and token.word is Word.MEASURE and token.value not in _QUANTITIES
    ]
    asked = any(token.is_word(Word.MEASURE) and token.value in _QUANTITIES for token in tokens)
    asked = asked or any(token.word is Word.ASK and token.value in ("howmany", "howmuch") for token in tokens)
    asked = asked or any(token.is_word(Word.VERB) for token in tokens)
    strange = any(
        token.word is not None
        and token.word
        not in (
            *_GRAMMAR,
            Word.VERB,
            Word.MEASURE,
            Word.SUBJECT,
            Word.LIVELIHOOD,
            Word.REFUSE,
            Word.OWN_LEVEL,
        )
        for token in tokens
    )
    return asked and not other and not strange


def _fits(item: IndicatorName, pieces: Sequence[Token], verbs: Sequence[Token], units: Sequence[str]) -> bool:
    if not all(_made_of_pieces(token.text.replace(" ", ""), item.name) for token in pieces):
        return False
    if any(unit in _MONEY or not unit_fits(unit, item.unit) for unit in units):
        return False
    verb, core, _ = split_indicator(item.name)
    said = sum(len(token.text.replace(" ", "")) for token in (*pieces, *verbs))
    if 2 * said < len(core) or not any(
        token.text.strip().rstrip("了")[-1:] in core[-2:] for token in (*pieces, *verbs)
    ):
        return False  # 学校 is not 优质课程资源覆盖学校比例, 幼儿园 is not 幼儿园学位
    return all(
        in_order(token.text.rstrip("了"), item.name) or (verb and verb_fits(token.value, verb))
        for token in verbs
    )


def _made_of_pieces(words: str, name: str) -> bool:
    """Whether words are pieces of a name in its order, two letters each at least: 公车 is not 公交车."""
    place = 0
    while words:
        lengths = range(len(words), min(2, len(words)) - 1, -1)
        fitting = next((length for length in lengths if name.find(words[:length], place) >= 0), 0)
        if not fitting or len(words) - fitting == 1:
            return bool(fitting) and len(words) > _LONG and in_order(words[fitting:], name)
        place = name.find(words[:fitting], place) + fitting
        words = words[fitting:]
    return True


_LONG = 3


def _ask_back(text: str, found: Sequence[IndicatorName]) -> Ambiguity:
    choices = tuple(
        Choice(f"{item.name}（{item.unit}）", f"{item.name}是多少") for item in found[:_MOST_CHOICES]
    )
    del text
    return Ambiguity("问题可能指下面几个绩效指标中的一个，请选择。", choices, len(found))


def _replaced(
    tokens: Sequence[Token], pieces: Sequence[Token], verbs: Sequence[Token], concept: Concept
) -> tuple[Token, ...]:
    """Put the indicator where its first word was; its other words and verbs mean the same."""
    first = min(pieces, key=lambda token: token.start)
    used = {token.start for token in (*pieces, *verbs)}
    last = max(token.end for token in pieces)
    used |= {
        token.start for token in tokens if first.start < token.start < last and token.text in concept.label
    }
    named = replace(first, sort=Sort.THING, word=None, value="", concepts=(concept,), corrected=concept.label)
    return tuple(
        named if token is first else token for token in tokens if token is first or token.start not in used
    )
