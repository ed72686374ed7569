"""Questions about one project, by its whole name and by what people remember of it."""

from __future__ import annotations

import random

import duckdb
import pytest

from portal.reading.answers import Answerer
from search.normalize import normal
from search.vocabulary import Vocabulary
from tests.search.questions.province import MemoryRelease

ASKED = {
    "{}花了多少钱": "select paid from projects where project_id = ?",
    "{}总投资是多少": "select total_investment from projects where project_id = ?",
    "{}的执行率": "select execution_rate from projects where project_id = ?",
    "{}什么时候开工的": "select strftime(starts_on, '%Y-%m-%d') from projects where project_id = ?",
    "{}什么时候完工": "select strftime(coalesce(ended_on, planned_end), '%Y-%m-%d') from projects where project_id = ?",
    "{}由哪个单位负责": "select org_name from projects where project_id = ?",
    "{}在哪里": "select coalesce(address, region_name) from projects where project_id = ?",
    "{}去年花了多少钱": "select sum(paid) from project_months where project_id = ? and year(month) = 2025",
    "{}签了几份合同": "select count(*) from contracts where project_id = ?",
}


@pytest.mark.parametrize("template", ASKED)
def test_a_project_is_found_by_its_whole_name(
    template: str, answerer: Answerer, books: duckdb.DuckDBPyConnection, release: MemoryRelease
) -> None:
    rows = release.table("projects").gather_every(120).select("project_id", "name").rows()
    missed = []
    for code, name in rows:
        answer = answerer.ask(template.format(name))
        found = books.execute(ASKED[template], [code]).fetchone()
        expected = found[0] if found else None
        if expected is None:
            right = answer.status == "refused"
        elif answer.value is None:
            right = False
        elif isinstance(expected, str):
            right = answer.value.number == expected
        else:
            right = abs(float(answer.value.number or 0) - float(expected)) < 0.006
        if not right:
            missed.append((answer.question, answer.status, answer.value, answer.reason, expected))
    assert missed == []


SOUNDS = {
    "路": "陆",
    "县": "现",
    "乡": "香",
    "村": "存",
    "建": "健",
    "改": "该",
    "工": "公",
    "水": "睡",
    "医": "衣",
    "小": "晓",
}


def loosely(name: str, chance: random.Random) -> str:
    """What somebody might remember of a name: without its ending, with a wrong letter, with letters missing, cut short."""
    core = name.removesuffix("项目").removesuffix("工程")
    way = chance.randrange(4)
    if way == 0:
        return core
    if way == 1:
        place = next((at for at, letter in enumerate(core) if letter in SOUNDS), None)
        return core if place is None else core[:place] + SOUNDS[core[place]] + core[place + 1 :]
    if way == 2 and len(core) > 9:
        place = chance.randrange(4, len(core) - 3)
        return core[:place] + core[place + 1 :]
    return core[: max(8, len(core) * 7 // 10)]


def test_a_loosely_remembered_name_is_among_the_first_three(vocabulary: Vocabulary) -> None:
    chance = random.Random(3)  # noqa: S311 - the same loose names every time
    rows = chance.sample(list(vocabulary.project_rows), 200)
    hits = 0
    for row in rows:
        found = vocabulary.projects.search(normal(loosely(row.name, chance)), 3)
        hits += any(vocabulary.project_rows[hit.place].name == row.name for hit in found)
    assert hits >= 0.95 * len(rows)


def test_a_loose_name_is_never_taken_for_another_project(answerer: Answerer, vocabulary: Vocabulary) -> None:
    chance = random.Random(5)  # noqa: S311 - the same loose names every time
    wrong, right = [], 0
    names = {row.name for row in vocabulary.project_rows}
    for row in chance.sample(list(vocabulary.project_rows), 120):
        remembered = loosely(row.name, chance)
        if any(
            remembered in (other, other.removesuffix("项目"), other.removesuffix("工程"))
            for other in names - {row.name}
        ):
            continue  # it is the whole name of another one
        answer = answerer.ask(f"{remembered}什么时候完工")
        if answer.status == "answered" and answer.reading is not None:
            subject = answer.reading.subject
            if subject is not None and subject.label == row.name:
                right += 1
            else:
                wrong.append((answer.question, row.name, answer.text))
    assert wrong == []
    assert right >= 60
