"""How well and how fast questions are answered: `./run bench ask [--home DIR] [--projects N]`.

Accuracy by category on the golden table (values computed by SQL over the same tables), time per question, first-hit
success of loosely remembered project names, and the time with many projects.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

# Started as a file, Python would look for `search` beside it first and find the other benchmark.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from portal.reading.answers import Answerer
from publishing.home import Home
from publishing.release.reader import open_release
from search.normalize import normal
from tests.search.questions.province import MemoryRelease, make_province, open_books
from tests.search.questions.test_golden import GOLDEN, is_as_expected
from tests.search.questions.test_projects import loosely

NAMES = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--home", type=Path, help="time the questions on the current release of this home instead"
    )
    parser.add_argument(
        "--projects", type=int, default=0, help="add that many invented projects and time again"
    )
    arguments = parser.parse_args()
    release = make_province()
    answerer = timed_build(release)
    accuracy(answerer, release)
    first_hits(answerer)
    speed("province in memory", answerer)
    if arguments.home is not None:
        speed(str(arguments.home), Answerer(open_release(Home(arguments.home).public)))
    if arguments.projects:
        large = replace(
            release, tables={**release.tables, "projects": many_projects(release, arguments.projects)}
        )
        speed(f"{arguments.projects:,} projects", timed_build(large))


def timed_build(release: MemoryRelease) -> Answerer:
    start = time.perf_counter()
    answerer = Answerer(release)
    print(
        f"vocabulary of {len(answerer.vocabulary.project_rows):,} projects built in {time.perf_counter() - start:.2f} s"
    )
    return answerer


def accuracy(answerer: Answerer, release: MemoryRelease) -> None:
    books = open_books(release)
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    answered = wrong = 0
    for row in GOLDEN:
        answer = answerer.ask(row.question)
        good = is_as_expected(row, answer, books)
        total[row.category] += 1
        right[row.category] += good
        answered += answer.status == "answered"
        wrong += answer.status == "answered" and not good
    for category in total:
        print(
            f"{category:　<6} {right[category]:>4} / {total[category]:<4} {right[category] / total[category]:7.1%}"
        )
    print(f"all {sum(right.values())} / {len(GOLDEN)}; answered {answered}, of them wrong {wrong}")


def first_hits(answerer: Answerer) -> None:
    chance = random.Random(17)  # noqa: S311 - the same names every time
    rows = list(answerer.vocabulary.project_rows)
    first = third = 0
    for row in chance.sample(rows, min(NAMES, len(rows))):
        found = answerer.vocabulary.projects.search(normal(loosely(row.name, chance)), 3)
        names = [rows[hit.place].name for hit in found]
        first += row.name in names[:1]
        third += row.name in names
    print(f"loose project names: first hit {first / NAMES:.1%}, among the first three {third / NAMES:.1%}")


def speed(title: str, answerer: Answerer) -> None:
    answerer.ask(GOLDEN[0].question)
    taken = []
    for row in GOLDEN:
        start = time.perf_counter()
        answerer.ask(row.question)
        taken.append((time.perf_counter() - start) * 1000)
    taken.sort()
    median, late = statistics.median(taken), taken[int(len(taken) * 0.95)]
    print(f"{title}: median {median:.1f} ms, p95 {late:.1f} ms, slowest {taken[-1]:.1f} ms per question")


def many_projects(release: MemoryRelease, count: int) -> pl.DataFrame:
    """The province's projects again and again, each with a number of its own in id and name."""
    projects = release.table("projects")
    copies = -(-count // projects.height)
    parts = [
        projects.with_columns(
            (pl.col("project_id") + f"-{number}").alias("project_id"),
            (pl.col("name") + f"{number}期").alias("name"),
        )
        for number in range(copies)
    ]
    return pl.concat([projects, *parts]).head(count).sort("project_id")


if __name__ == "__main__":
    main()
