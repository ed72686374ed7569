"""A province with one project as busy as a page must bear: five years of payments, a hundred contracts, fifty cases.

Five hundred payments reach a page as sums by month: sixty of them, the most that five years can have.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from portal.settings import Settings
from portal.web.writing_room import open_room
from portal.writing.acting import Whereabouts, region_path
from portal.writing.case_desk import accept
from tests.builders.published import province_tables, publish, table
from tests.writing.office import Office, ask, official, question

BUSY = "P202100005"
CASES = 50
CONTRACTS = 100
YEARS = range(2022, 2027)


def busy_home(home: Path) -> Path:
    """Publish it, and let fifty cases come in and be accepted. The same every time."""
    tables = province_tables()
    project = tables["projects"].filter(pl.col("project_id") == BUSY).to_dicts()[0]
    months = [
        {
            "project_id": BUSY,
            "project_name": project["name"],
            "month": date(year, month, 1),
            "paid": 1_234_567_00 + month * 31_00,
            "planned_cumulative": 1_300_000_00 * month,
        }
        for year in YEARS
        for month in range(1, 13)
        if (year, month) <= (2026, 10)
    ]
    one = tables["contracts"].to_dicts()[0]
    contracts = [
        one
        | {
            "project_id": BUSY,
            "contract_id": f"C{9000 + number}",
            "title": f"{project['name']}第{number}标段施工合同",
        }
        for number in range(CONTRACTS)
    ]
    others = tables["project_months"].filter(pl.col("project_id") != BUSY)
    publish(
        home,
        tables
        | {
            "project_months": pl.concat([others, table("project_months", months)]),
            "contracts": pl.concat([tables["contracts"], table("contracts", contracts)]),
        },
    )
    _ask(home)
    return home


def _ask(home: Path) -> None:
    room = open_room(Settings.read({"SUNSHINE_HOME": str(home)}))
    where = Whereabouts("U005", "交通", region_path(("990000", "990100", "990101")))
    office = Office(room.database)
    office.hire("clerk", official(where))
    for number in range(CASES):
        form = question(
            "这一标段什么时候完工？便道也没有恢复。",
            project_id=BUSY,
            subject=f"关于第 {number + 1} 标段的工期",
        )
        asked = ask(office, None, form, where)
        with office.work("clerk") as work:
            accept(work, asked.number, is_listed=True)
    room.database.close()
