"""The cells behind an answer: numbers with their status, and what to say when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from portal.reading.answer_words import STATUS_REASONS, Value, as_yuan, is_money, name_of, rounded
from portal.reading.quantities import CNY, Currency
from publishing.release.query import ReadableRelease, Result, run
from search.parse import Code, Reading
from search.plan import Plan
from search.vocabulary import Vocabulary

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Value and sentence, or a code with the reason; `plan` is what the rows come from when it is not the reading's.

    `ranking` are the published members around an extreme, in order: what the largest is the largest of.
    """

    text: str
    value: Value | None = None
    rows: tuple[Row, ...] = ()
    formula: str = ""
    code: Code | None = None
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    plan: Plan | None = None
    ranking: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What every form needs."""

    release: ReadableRelease
    vocabulary: Vocabulary
    reading: Reading
    names: Mapping[str, str] = field(default_factory=dict)
    currency: Currency = CNY

    def run(self, plan: Plan) -> Result:
        """Rows of a plan."""
        return run(self.release, plan)

    @property
    def scope(self) -> str:
        """The scope in words, as the beginning of a sentence."""
        return " ".join(self.reading.scope)

    def name(self, column: str, code: object) -> str:
        """What a code is called."""
        return name_of(self.vocabulary, column, code)


@dataclass(frozen=True, slots=True)
class Cell:
    """One number with its status; money in yuan."""

    number: float | int | None
    status: str


def cell_of(result: Result, row: Row, column: str) -> Cell:
    """One number of a row with its status, money in yuan."""
    return Cell(_shown(row.get(column), result, column), row.get(f"{column}__status", "published"))


def _shown(value: Any, result: Result, column: str) -> float | int | None:
    if value is None:
        return None
    if result.units.get(column) == "元" and result.frame.schema.get(column) in (pl.Int64, pl.Float64):
        return as_yuan(round(value)) if not isinstance(value, int) else as_yuan(value)
    return value if isinstance(value, int) else rounded(value, 6)


def single(scene: Scene, plan: Plan) -> Cell:
    """The only number of a plan without groups."""
    result = scene.run(plan)
    rows = result.frame.to_dicts()
    return cell_of(result, rows[0], plan.measures[0].column) if rows else Cell(None, "absent")


def unavailable(scene: Scene, status: str, what: str = "") -> Outcome:
    """No number, and why. Absent is no zero: the combination has no published row."""
    subject = what or scene.scope
    code = Code.WITHHELD if status in ("withheld", "merged") else Code.NOT_IN_DATA
    return Outcome(
        f"{subject}：{STATUS_REASONS.get(status, '没有可以公布的数')}。", code=code, suggestions=_wider(scene)
    )


def _wider(scene: Scene) -> tuple[str, ...]:
    """The nearest question that can be answered: the same for the place above, or for the whole class."""
    reading, vocabulary = scene.reading, scene.vocabulary
    codes = [value for item in reading.plan.filters if item.column == "region_code" for value in item.values]
    if len(codes) != 1 or reading.period is None:
        return ()
    node = vocabulary.regions.nodes.get(codes[0])
    if node is None or node.parent is None or node.parent not in vocabulary.regions.nodes:
        return ()
    wider = vocabulary.regions.label(node.parent)
    parts = [part for part in reading.scope if part != node.name]
    return (f"{parts[0]}{wider}{''.join(parts[1:])}是多少？",) if parts else ()


def rounded_gap(gap: float, unit: str) -> float | int:
    """Differences of floats carry noise in the last places; money has two, rates six at most."""
    rounded_gap = rounded(gap, 2 if is_money(unit) else 6)
    return int(rounded_gap) if rounded_gap == int(rounded_gap) else rounded_gap
