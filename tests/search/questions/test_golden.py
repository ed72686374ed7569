"""The golden table: questions as people ask them, what is expected, and SQL that computes the value independently.

`tests/search/golden/questions.tsv` is written for officials to review: category, question, expectation (answered,
ambiguous, refused with its code), unit, the scope read back, and the SQL. The values are not in the file: they are
computed from the tables by DuckDB, which shares no code with the program.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from portal.reading.answers import Answer, Answerer

TABLE = Path(__file__).parents[1] / "golden" / "questions.tsv"


@dataclass(frozen=True)
class Golden:
    """One row of the table."""

    category: str
    question: str
    expect: str
    unit: str
    scope: str
    sql: str


def read_golden() -> list[Golden]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Golden(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


GOLDEN = read_golden()
CATEGORIES = sorted({row.category for row in GOLDEN})


def is_as_expected(row: Golden, answer: Answer, books: duckdb.DuckDBPyConnection) -> bool:
    """Status (and code), value, unit and scope as the table has them."""
    if row.expect != "answered":
        status, _, code = row.expect.partition(":")
        return answer.status == status and (not code or str(answer.code) == code)
    found = books.execute(row.sql).fetchone()
    if answer.value is None or found is None or found[0] is None or answer.value.number is None:
        return False
    given, expected = float(answer.value.number), float(found[0])
    close = abs(given - expected) <= max(0.0051, 1e-9 * abs(expected))
    return close and answer.value.unit == row.unit and answer.scope == row.scope


def test_the_table_has_at_least_four_hundred_questions_and_no_question_twice() -> None:
    assert len(GOLDEN) >= 400
    assert len({row.question for row in GOLDEN}) == len(GOLDEN)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_golden_question_of_a_category_is_answered_as_expected(
    category: str, answerer: Answerer, books: duckdb.DuckDBPyConnection
) -> None:
    missed = []
    for row in GOLDEN:
        if row.category == category:
            answer = answerer.ask(row.question)
            if not is_as_expected(row, answer, books):
                missed.append((row.question, answer.status, answer.value, answer.scope, answer.reason))
    assert missed == []
