"""`sunshine participation`: every rating and case of the quarters that are over, as a file for the next release.

The file is internal: hand it to `sunshine publish --participation FILE`, never publish it as it is. The release that
reads it applies the smallest sample and the disclosure rules.
"""

from __future__ import annotations

import csv
import json
import secrets
from dataclasses import astuple, fields
from datetime import UTC, date, datetime
from pathlib import Path

import rich_click as click

from anonymize.text import scrub
from portal.cli_parts import REFUSED, ending, home_option, json_option, settings_of
from portal.writing.acting import Rules
from portal.writing.clocks import china_day
from portal.writing.database import Database
from portal.writing.deadlines import Deadlines
from portal.writing.errors import WritingError
from portal.writing.hand_over import HandedOver, handed_over
from portal.writing.migrating import check_tables

COLUMNS = tuple(field.name for field in fields(HandedOver))


@click.command()
@home_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到这个 CSV 文件。"
)
@json_option
def participation(home: Path | None, out: Path, as_json: bool) -> None:
    """把已结束季度的评分和来件写成 CSV，交给下一次发布（publish --participation）。内部数据，不直接公开。"""
    settings = settings_of(home)
    with ending(REFUSED, WritingError):
        database = Database.at(settings.home, settings.database_url)
        check_tables(database)
        today = settings.today or china_day(datetime.now(UTC))
        rows = write_participation(database, today, out)
        database.close()
    if as_json:
        click.echo(json.dumps({"file": str(out), "rows": rows}, ensure_ascii=False))
    else:
        click.echo(f"已写出 {rows} 行：{out}")


def write_participation(database: Database, today: date, out: Path) -> int:
    """Write the hand-over of the quarters that are over on a day. Returns how many rows it has."""
    rules = Rules(Deadlines.read(), scrub, secrets.token_bytes)
    with database.reading() as session:
        rows = [astuple(row) for row in handed_over(session, rules, today)]
    with out.open("w", encoding="utf-8", newline="") as file:
        out.chmod(0o600)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)
