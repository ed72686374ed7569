"""Words of a question as tokens, and the edges between letters that they make."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from search.parse.lexicon import Word
from search.plan import Operator
from search.timewords import TimeMatch
from search.vocabulary import Concept, Kind


class Sort(StrEnum):
    """Where a token came from."""

    THING = "thing"  # something of the vocabulary
    TIME = "time"
    NUMBER = "number"
    CONDITION = "condition"
    TOP = "top"
    PHRASE = "phrase"  # a phrase of the lexicon
    MARK = "mark"  # punctuation and blanks
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """超过1000万, 不足一半: a comparison with a number. `percent` when the number is a share.

    `average` says that the number is an average, to be computed: of the whole province, of the scope, of its members.
    `measure` is what is compared where the words themselves say it, as in 超预算.
    """

    operator: Operator
    value: Decimal
    percent: bool = False
    upper: Decimal | None = None
    money: bool = False
    average: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """One word of the question, `text[start:end]`."""

    sort: Sort
    start: int
    end: int
    text: str
    word: Word | None = None
    value: str = ""
    concepts: tuple[Concept, ...] = ()
    time: TimeMatch | None = None
    number: Decimal | None = None
    condition: Condition | None = None
    corrected: str = ""

    def is_word(self, word: Word, value: str | None = None) -> bool:
        """Whether this is that phrase of the lexicon."""
        return self.word is word and (value is None or self.value == value)

    def is_word_any(self, *words: Word) -> bool:
        """Whether this is a phrase of one of those sorts."""
        return self.word in words

    def kinds(self) -> frozenset[Kind]:
        """The kinds of things this token may stand for."""
        return frozenset(concept.kind for concept in self.concepts)


Edge = tuple[float, Token]
"""What it costs to read these letters so, and the token they become."""
