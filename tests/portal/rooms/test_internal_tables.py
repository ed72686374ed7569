from __future__ import annotations

import csv
import io
import re

import polars as pl
import pytest

from portal.back_office import BackOffice
from portal.caretaker import Caretaker
from portal.writing.acting import Whereabouts, Work
from portal.writing.alerts import AlertIn, take_in
from publishing.home import Home
from publishing.release.reader import open_release
from tests.builders.rooms import House


@pytest.fixture(scope="module")
def watched(staffed: House) -> House:
    """The alerts of the internal release are taken in."""
    _care(staffed)
    return staffed


def _care(house: House) -> Caretaker:
    caretaker = Caretaker(house.room, BackOffice(Home(house.room.settings.home), house.room), None)
    caretaker.round()
    return caretaker


def _internal(house: House, name: str) -> pl.DataFrame:
    return open_release(Home(house.room.settings.home).internal).table(name)


@pytest.mark.parametrize(("who", "unit"), [("clerk-a", "U001"), ("clerk-b", "U002")])
def test_a_unit_takes_along_its_own_rows_and_no_others(staffed: House, who: str, unit: str) -> None:
    browser = staffed.sign_in(who)
    answer = browser.submit("/desk/tables/projects/export", page="/desk/tables/projects")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    own = _internal(staffed, "projects").filter(pl.col("org_id") == unit)["project_id"].to_list()
    assert sorted(row["project_id"] for row in rows) == sorted(own)
    assert {row["taken_by"] for row in rows} == {who}


def test_tables_about_projects_are_limited_by_the_projects(staffed: House) -> None:
    browser = staffed.sign_in("clerk-a")
    answer = browser.submit("/desk/tables/project_months/export", page="/desk/tables/project_months")
    seen = {row["project_id"] for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    projects = _internal(staffed, "projects")
    own = set(projects.filter(pl.col("org_id") == "U001")["project_id"].to_list())
    assert seen
    assert seen <= own


def test_a_table_of_which_no_row_is_ones_own_is_not_there(staffed: House) -> None:
    browser = staffed.sign_in("clerk-a")
    closed, missing = browser.get("/desk/tables/coverage"), browser.get("/desk/tables/nothing")
    assert closed.status_code == missing.status_code == 404
    assert _bare(closed.text.replace("coverage", "nothing")) == _bare(missing.text)


def _bare(page: str) -> str:
    """A page without what differs each time: its nonce and its request number."""
    return "\n".join(line for line in page.splitlines() if "请求编号" not in line and "nonce" not in line)


def test_who_was_paid_needs_a_clearance_of_its_own(staffed: House) -> None:
    clerk, auditor = staffed.sign_in("clerk-a"), staffed.sign_in("auditor")
    assert "supplier_name" not in clerk.get("/desk/tables/contracts").text
    assert "supplier_name" in auditor.get("/desk/tables/contracts").text


def test_an_export_is_in_the_log(staffed: House) -> None:
    staffed.sign_in("clerk-a").submit("/desk/tables/projects/export", page="/desk/tables/projects")
    log = staffed.sign_in("auditor").get("/desk/log?action=internal_table.export&who=clerk-a").text
    assert "internal_table projects" in log


def test_an_alert_is_explained_planned_and_closed_by_another(house: House) -> None:
    _care(house)
    alert = _internal(house, "alerts").filter(pl.col("org_id") == "U001")
    alert = alert if alert.height else _internal(house, "alerts")
    mine = alert["org_id"][0]
    path = f"/desk/alerts/{alert['alert_id'][0]}"
    clerk = house.sign_in("clerk-a") if mine == "U001" else house.sign_in_to_unit(mine)
    finance = house.sign_in("finance")
    assert finance.get(path).status_code == 200
    assert finance.submit(f"{path}/close", {"text": "太早了"}, page=path).status_code == 409
    assert clerk.submit(f"{path}/explain", {"text": ""}, page=path).status_code == 422
    assert clerk.submit(f"{path}/explain", {"text": "材料款集中到账。"}, page=path).status_code == 303
    assert clerk.submit(f"{path}/plan", {"text": "十一月调整用款计划。"}, page=path).status_code == 303
    assert clerk.submit(f"{path}/close", {"text": "自己验收"}, page=path).status_code == 403
    assert finance.submit(f"{path}/close", {"text": "已核对。"}, page=path).status_code == 303
    assert "已核对。" in clerk.get(path).text


def test_the_alerts_of_another_unit_are_not_there(watched: House) -> None:
    clerk = watched.sign_in("clerk-a")
    others = _internal(watched, "alerts").filter(pl.col("org_id") != "U001")["alert_id"].to_list()
    missing = _bare(clerk.get("/desk/alerts/A-nothing").text)
    for alert_id in others:
        page = clerk.get(f"/desk/alerts/{alert_id}")
        assert page.status_code == 404
        assert _bare(page.text.replace(alert_id, "A-nothing")) == missing


def test_alerts_are_taken_in_once(house: House) -> None:
    caretaker = _care(house)
    assert caretaker.take_in_alerts() == 0
    assert Caretaker(house.room, caretaker.office, None).take_in_alerts() == 0


def test_alerts_are_listed_by_kind_with_the_gravest_first(house: House) -> None:
    _care(house)
    where = Whereabouts("U001", "", "/990000/")
    others = [("A-1", "three_months_at_zero", "notice"), ("A-2", "split_payments", "urgent")]
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        take_in(work, [AlertIn(name, rule, grade, 1, where) for name, rule, grade in others])
    finance = house.sign_in("finance")
    page = finance.get("/desk/alerts").text
    kinds = re.findall(r"rule=(\w+)&amp;grade=(\w+)", page)
    assert kinds == [
        ("split_payments", "urgent"), ("over_plan", "attention"), ("three_months_at_zero", "notice"),
    ]  # fmt: skip
    listed = re.findall(r'/desk/alerts/([^"?]+)"', page)
    assert (listed[0], listed[-1]) == ("A-2", "A-1")
    only = finance.get("/desk/alerts?rule=split_payments&grade=urgent").text
    assert re.findall(r'/desk/alerts/([^"?]+)"', only) == ["A-2"]
