"""What the words of one question say together, before anybody asks which table could answer it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from search.parse.edges import Condition
from search.timewords import TimeMatch
from search.vocabulary import Concept, Kind


@dataclass(frozen=True, slots=True)
class Meaning:
    """The parts of a question.

    `things` are the places, classes, units … named, in order; `level` splits by region level, `splits` by other
    dimensions. `excluded` is left out, `own` the words for a place without the places below it, `skip` how many to pass
    over (第二多: 1), `less` and `more` are the direction of a change that
    was named, `picked` says that those which meet it are asked for (哪些市下降了), `spread` that the largest is set against
    the smallest, `over_time` that the change was called growth, which only times have, `preceding` that the period is compared with the one right before it (环比), `exact` that a whole is this and nothing wider, `spent` that what was spent is asked of the subject (开工的项目教育支出多少),
    `place_tail` that places of one name are counted (几个区: districts, and no counties). `measure` is the measure asked for ("" when none was named), `subject` what is counted or listed.
    """

    things: tuple[Concept, ...] = ()
    level: str = ""
    level_asked: bool = False
    splits: tuple[str, ...] = ()
    times: tuple[TimeMatch, ...] = ()
    baseline: TimeMatch | None = None
    measure: str = ""
    second_measure: str = ""
    subject: str = ""
    subjects: tuple[str, ...] = ()
    asks: frozenset[str] = frozenset()
    verbs: tuple[str, ...] = ()
    verb_words: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    conditions: tuple[tuple[str, Condition], ...] = ()
    extreme: str = ""
    top: int | None = None
    change: str = ""
    versus: bool = False
    joined: bool = False
    negated: bool = False
    date_role: str = ""
    livelihood: str = ""
    whole: Meaning | None = None
    among: Concept | None = None
    excluded: tuple[Concept, ...] = ()
    own: str = ""
    skip: int = 0
    ascending: bool = False
    preceding: bool = False
    less: bool = False
    more: bool = False
    picked: bool = False
    spread: bool = False
    over_time: bool = False
    exact: bool = False
    spent: bool = False
    place_tail: str = ""
    notes: tuple[str, ...] = field(default=())

    def of(self, *kinds: Kind) -> tuple[Concept, ...]:
        """The things of those kinds, in order."""
        return tuple(concept for concept in self.things if concept.kind in kinds)

    def one(self, kind: Kind) -> Concept | None:
        """The first thing of a kind."""
        return next((concept for concept in self.things if concept.kind is kind), None)

    def has(self, *asks: str) -> bool:
        """Whether any of these is asked."""
        return bool(self.asks & set(asks))


@dataclass(frozen=True, slots=True)
class Limit:
    """A condition on a measure, in the measure's own unit (yuan, percent, a plain number)."""

    measure: str
    condition: Condition
    value: Decimal
