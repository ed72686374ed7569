"""What becomes of a question: a reading, a question back, or a refusal. All are values; none is an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from search.plan import Period, Plan
from search.vocabulary import Concept


class Form(StrEnum):
    """What sort of answer is wanted."""

    AMOUNT = "amount"  # one number
    PARTS = "parts"  # one number for each of a few things, and their sum where there is one
    TABLE = "table"  # a number for each member of a dimension
    TOP = "top"  # the first or last of them
    SPREAD = "spread"  # the largest against the smallest
    RANK = "rank"  # the place of one among its like
    LARGER = "larger"  # which of two
    DIFFERENCE = "difference"  # one minus another
    TIMES = "times"  # one divided by another
    CHANGE = "change"  # against an earlier period, as an amount
    GROWTH = "growth"  # against an earlier period, in percent
    CHANGES = "changes"  # the change of each member, or of the members that changed most
    REST = "rest"  # everything but what was excluded
    PER_PERIOD = "per_period"  # the mean of a year or month over a longer period
    SHARE = "share"  # a part of a whole, in percent
    SHARES = "shares"  # the share of each member
    SHARE_CHANGE = "share_change"  # a share against the same share of an earlier period, in points
    COUNT = "count"  # how many rows
    EXISTS = "exists"  # whether there are any
    LIST = "list"  # the rows themselves
    LOOKUP = "lookup"  # an attribute of one thing
    DEFINITION = "definition"  # what a metric means


class Code(StrEnum):
    """Why a question is not answered."""

    WITHHELD = "withheld"
    NOT_IN_DATA = "not_in_data"
    NOT_UNDERSTOOD = "not_understood"
    OUT_OF_SCOPE = "out_of_scope"
    PERIOD_NOT_COVERED = "period_not_covered"


@dataclass(frozen=True, slots=True)
class WordUse:
    """Which words of the question produced which part of the reading."""

    words: str
    means: str
    part: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question is understood: what to compute, and what to say about it.

    `plan` gives the answer's rows; `base` the rows it is compared with (earlier period, whole, other side);
    `attempts` are plans that would give the same number from another table, when `plan` meets a withheld cell.
    `column` is the result column the answer is about, `subject` the one thing it is about (a place to rank, a
    project to look up), `skip` how many to pass over (1 for the second most), `scope` the parts of the scope in words, `notes` what the reader should know.
    """

    form: Form
    plan: Plan
    column: str
    scope: tuple[str, ...] = ()
    base: Plan | None = None
    attempts: tuple[Plan, ...] = ()
    subject: Concept | None = None
    attribute: str = ""
    by: str = ""
    descending: bool = True
    skip: int = 0
    unit: str = ""
    period: Period | None = None
    base_period: Period | None = None
    base_scope: str = ""
    words: tuple[WordUse, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing the question may mean: how to ask for it, its reading and the thing itself where there is one."""

    label: str
    question: str
    reading: Reading | None = None
    concept: Concept | None = None


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """The question may mean several things; the asker chooses. `total` counts them all."""

    text: str
    choices: tuple[Choice, ...]
    total: int
    words: tuple[WordUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """The question cannot be answered; `nearest` are questions that can."""

    code: Code
    text: str
    nearest: tuple[str, ...] = ()
    words: tuple[WordUse, ...] = ()


Outcome = Reading | Ambiguity | Refusal
