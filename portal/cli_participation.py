"""`sunshine participation`: cases and ratings by unit, region and quarter, as a file for the next release's package.

The counts are raw and internal: hand the file over like every other source, never publish it as it is. The release that
reads it applies the smallest sample and the disclosure rules.
"""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import rich_click as click

from anonymize.text import scrub
from portal.cli_parts import REFUSED, ending, home_option, json_option, settings_of
from portal.writing.acting import Rules
from portal.writing.clocks import CHINA, china_day
from portal.writing.database import Database, ReadingSession
from portal.writing.deadlines import Deadlines
from portal.writing.errors import WritingError
from portal.writing.migrating import check_tables
from portal.writing.rating_places import RatingRow, rating_rows
from portal.writing.statistics import ParticipationRow, participation_rows

FIRST_DAY = date(2000, 1, 1)
COLUMNS = (
    "subject_kind",
    "subject_id",
    "quarter",
    "cases",
    "answered",
    "on_time",
    "replies_rated",
    "reply_rating_sum",
    "project_ratings",
    "project_rating_sum",
)
KINDS = {"unit": "organisation", "region": "region"}


@dataclass(frozen=True, slots=True)
class Participation:
    """What is known of one unit or region in one quarter: its cases, its ratings, or both."""

    cases: ParticipationRow | None
    ratings: RatingRow | None

    def cells(self) -> tuple[int, ...]:
        """The numbers in the order of the columns; what did not happen is 0."""
        found, rated = self.cases, self.ratings
        of_cases = (
            (0, 0, 0, 0, 0)
            if found is None
            else (found.cases, found.answered, found.on_time, found.rated, found.rating_sum)
        )
        return (*of_cases, *((0, 0) if rated is None else (rated.persons, rated.sum)))


def participation_table(
    session: ReadingSession, rules: Rules, today: date
) -> Iterator[tuple[str | int, ...]]:
    """One row per unit or region and quarter, sorted; ratings count as far as they were given before today."""
    until = datetime.combine(today, time(), CHINA).astimezone(UTC)
    cases = {
        (row.dimension, row.code, row.quarter): row
        for row in participation_rows(session, rules, today, FIRST_DAY)
    }
    ratings = {(row.dimension, row.code, row.quarter): row for row in rating_rows(session, until)}
    for key in sorted(cases.keys() | ratings.keys()):
        kind, code, quarter = key
        name = f"{quarter.year}Q{(quarter.month + 2) // 3}"
        yield (KINDS[kind], code, name, *Participation(cases.get(key), ratings.get(key)).cells())


@click.command()
@home_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到这个 CSV 文件。"
)
@json_option
def participation(home: Path | None, out: Path, as_json: bool) -> None:
    """把来件和评分按单位、地区和季度汇总成 CSV，交给下一次发布作为来源之一。内部数据，不直接公开。"""
    settings = settings_of(home)
    with ending(REFUSED, WritingError):
        database = Database.at(settings.home, settings.database_url)
        check_tables(database)
        today = settings.today or china_day(datetime.now(UTC))
        rules = Rules(Deadlines.read(), scrub, secrets.token_bytes)
        with database.reading() as session:
            rows = list(participation_table(session, rules, today))
        database.close()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    if as_json:
        click.echo(json.dumps({"file": str(out), "rows": len(rows)}, ensure_ascii=False))
    else:
        click.echo(f"已写出 {len(rows)} 行：{out}")
