"""A question and a release become an answer: a number with its unit, the scope in words, the formula and the rows.

Pure: the same release, question and day give the same answer. Numbers come from `publishing.release.query` only, so
from published cells only. Where a cell is not published there is no number, and the answer says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from portal.reading.answer_cells import Outcome
from portal.reading.answer_forms import make_outcome
from portal.reading.answer_words import Value, in_currency
from portal.reading.quantities import CNY, Currency
from publishing.release.query import ReadableRelease
from publishing.release.vocabulary import read_vocabulary
from search.parse import Ambiguity, Choice, Code, Reader, Reading, Refusal, WordUse
from search.plan import Filter, Plan, to_parameters
from search.rephrasing import Rephrase
from search.vocabulary import Concept, Vocabulary

_MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Offered:
    """One choice of an ambiguous question, with its own answer where there is one."""

    label: str
    question: str
    value: Value | None
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the answer card, the API and the terminal show.

    `status` is answered, refused or ambiguous. `value` has the exact number and its unit; `text` the sentence with the
    number scaled to 万元 or 亿元 (for yen 百万円, 億円). `rows` are what the number was made from, `rows_url` the same as an API call, `ranking` the published members that the
    first of them was chosen from.
    """

    status: str
    question: str
    value: Value | None = None
    text: str = ""
    scope: str = ""
    reading: Reading | None = None
    words: tuple[WordUse, ...] = ()
    ignored: tuple[str, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    ranking: tuple[dict[str, Any], ...] = ()
    rows_url: str = ""
    formula: str = ""
    notes: tuple[str, ...] = ()
    code: Code | None = None
    reason: str = ""
    suggestions: tuple[str, ...] = ()
    choices: tuple[Offered, ...] = ()
    release: int = 0
    as_of: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as the API gives it."""
        return {
            "status": self.status,
            "question": self.question,
            "answer": None
            if self.status == "refused"
            else {
                "value": self.value.number if self.value else None,
                "unit": self.value.unit if self.value else None,
                "text": self.text,
            },
            "reading": _reading_json(self.reading, self.scope, self.words, self.ignored),
            "rows": list(self.rows),
            "rows_url": self.rows_url or None,
            "formula": self.formula or None,
            "notes": list(self.notes),
            "release": {"number": self.release, "as_of": self.as_of.isoformat() if self.as_of else None},
            "reason": {"code": str(self.code), "text": self.reason} if self.code is not None else None,
            "suggestions": list(self.suggestions),
            "choices": [
                {
                    "label": item.label,
                    "question": item.question,
                    "value": item.value.number if item.value else None,
                    "unit": item.value.unit if item.value else None,
                    "text": item.text,
                }
                for item in self.choices
            ],
        }


class Answerer:
    """Answers questions from one release; made once for each release and shared between requests.

    `currency` is that of the release: amounts are said in it.
    """

    def __init__(
        self,
        release: ReadableRelease,
        vocabulary: Vocabulary | None = None,
        rephrase: Rephrase | None = None,
        currency: Currency = CNY,
    ) -> None:
        self.release = release
        self.currency = currency
        self.rephrase = rephrase
        self.reader = Reader(vocabulary if vocabulary is not None else read_vocabulary(release))

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of this release."""
        return self.reader.vocabulary

    def ask(
        self, question: str, today: date | None = None, chosen: dict[str, Concept] | None = None
    ) -> Answer:
        """Answer a question as on a day (by default the day the figures are as of). Never raises on any text."""
        outcome = self.reader.read(question, today, chosen)
        base = Answer("refused", question, release=self.release.number, as_of=self.release.as_of)
        if isinstance(outcome, Refusal):
            return self._with_rephrased(_refused(base, outcome), today)
        if isinstance(outcome, Ambiguity):
            return self._ambiguous(base, outcome)
        answer = self._answered(base, outcome)
        if answer.code is Code.NOT_IN_DATA and outcome.subject is None:
            return self._by_name(base, today) or answer
        return answer

    def _by_name(self, base: Answer, today: date | None) -> Answer | None:
        """The same question about a project, where the tables have no such number: 湄塘公租房的执行率."""
        named = self.reader.read_by_name(base.question, today)
        if isinstance(named, Ambiguity):
            return self._ambiguous(base, named)
        if not isinstance(named, Reading):
            return None
        answer = self._answered(base, named)
        return answer if answer.status == "answered" else None

    def answer(self, reading: Reading, question: str = "") -> Answer:
        """Answer an edited reading."""
        return self._answered(
            Answer("refused", question, release=self.release.number, as_of=self.release.as_of), reading
        )

    def _outcome(self, reading: Reading) -> Outcome:
        return make_outcome(self.release, self.vocabulary, reading, self.currency)

    def _answered(self, base: Answer, read: Reading) -> Answer:
        reading = in_currency(read, self.currency)
        outcome = self._outcome(reading)
        told = replace(
            base,
            reading=reading,
            scope=" · ".join(reading.scope),
            words=reading.words,
            ignored=reading.ignored,
            notes=tuple(dict.fromkeys((*reading.notes, *outcome.notes))),
            formula=outcome.formula,
            rows=outcome.rows[:_MOST_ROWS],
            ranking=outcome.ranking[:_MOST_ROWS],
            rows_url=rows_url(outcome.plan or reading.plan, self.release.number),
            suggestions=(*outcome.suggestions, *reading.suggestions),
        )
        if outcome.code is not None:
            nearest = told.suggestions or self.reader.examples(self.release.as_of)
            return replace(told, code=outcome.code, reason=outcome.text, suggestions=nearest)
        return replace(told, status="answered", value=outcome.value, text=_sentence(outcome, told))

    def _with_rephrased(self, refused: Answer, today: date | None) -> Answer:
        """Offer the question in words that the grammar reads, where a model is configured and finds them.

        It is offered, not answered: the asker decides whether it is what was meant.
        """
        if self.rephrase is None or refused.code is not Code.NOT_UNDERSTOOD:
            return refused
        written = self.rephrase(refused.question)
        if written is None or not isinstance(self.reader.read(written, today), Reading):
            return refused
        return replace(refused, suggestions=(written, *refused.suggestions))

    def _ambiguous(self, base: Answer, outcome: Ambiguity) -> Answer:
        choices = tuple(self._offered(choice) for choice in outcome.choices)
        more = f"（共{outcome.total}个，这里列出{len(choices)}个）" if outcome.total > len(choices) else ""
        return replace(
            base,
            status="ambiguous",
            text=outcome.text + more,
            words=outcome.words,
            choices=choices,
            suggestions=tuple(choice.question for choice in choices),
        )

    def _offered(self, choice: Choice) -> Offered:
        if choice.reading is None:
            return Offered(choice.label, choice.question, None, "")
        outcome = self._outcome(in_currency(choice.reading, self.currency))
        return Offered(
            choice.label, choice.question, outcome.value if outcome.code is None else None, outcome.text
        )


def _refused(base: Answer, outcome: Refusal) -> Answer:
    return replace(
        base, code=outcome.code, reason=outcome.text, suggestions=outcome.nearest, words=outcome.words
    )


def _sentence(outcome: Outcome, told: Answer) -> str:
    notes = "".join(f"（{note.rstrip('。')}）" for note in told.notes)
    return f"{outcome.text}{notes}"


def rows_url(plan: Plan, number: int) -> str:
    """The rows behind an answer as an API call on the same release."""
    if plan.measures:
        plan = replace(plan, measures=(), group_by=(), having=(), order=(), limit=None)
    query = urlencode(to_parameters(plan))
    return f"/api/v1/datasets/{plan.dataset}@{number}/rows" + (f"?{query}" if query else "")


def _reading_json(
    reading: Reading | None, scope: str, words: Sequence[WordUse], ignored: Sequence[str]
) -> dict[str, Any] | None:
    told = [{"words": item.words, "means": item.means, "part": item.part} for item in words]
    if reading is None:
        return (
            {
                "measure": None,
                "filters": {},
                "period": None,
                "group_by": [],
                "words": told,
                "ignored": list(ignored),
            }
            if told
            else None
        )
    period = reading.period or reading.plan.period
    return {
        "measure": reading.column,
        "dataset": reading.plan.dataset,
        "form": str(reading.form),
        "scope": scope,
        "filters": _filters_json(reading.plan.canonical().filters),
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()} if period else None,
        "group_by": list(reading.plan.group_by),
        "words": told,
        "ignored": list(ignored),
    }


def _filters_json(filters: Sequence[Filter]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in filters:
        name = f"{item.column}__{item.operator}" if item.operator else item.column
        found[name] = item.values[0] if len(item.values) == 1 else list(item.values)
    return found
