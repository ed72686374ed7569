from __future__ import annotations

import html
import re

import pytest

from portal.back_office import BackOffice
from portal.web.desk_log import anchors_of
from publishing.home import Home
from tests.builders.published import province_tables, publish
from tests.builders.rooms import House

CANDIDATE = "/desk/releases/candidates/2"


@pytest.fixture
def waiting(house: House) -> House:
    """A candidate made by somebody else waits."""
    tables = province_tables(projects=54)
    publish(house.room.settings.home, tables, stage=True, maker="制作人甲", note="第二号")
    return house


def _id_of(page: str) -> str:
    found = re.search(r'name="id" value="(sha256:[0-9a-f]+)"', page)
    assert found
    return html.unescape(found[1])


def test_a_candidate_is_looked_at_and_approved_by_another_person(waiting: House) -> None:
    finance = waiting.sign_in("finance")
    assert "候选 2" in finance.get("/desk/releases").text
    page = finance.get(CANDIDATE)
    assert page.status_code == 200
    assert "制作人甲" in page.text
    assert "和第 1 号相比" in page.text
    answer = finance.submit(f"{CANDIDATE}/approve", {"id": _id_of(page.text)}, page=CANDIDATE)
    assert answer.headers["location"] == "/desk/releases?done=approved"
    home = Home(waiting.room.settings.home)
    assert home.public.current_number() == 2
    assert home.public.acts(2)[0].by == "finance"
    log = waiting.sign_in("auditor").get("/desk/log?action=release.approve").text
    assert "release 2" in log
    assert anchors_of(home.public), "approving anchors the operation log"


def test_the_pages_of_a_candidate_are_seen_before_anybody_else_sees_them(waiting: House) -> None:
    finance = waiting.sign_in("finance")
    for path in ("", "/projects", "/spending", "/regions/990000", "/datasets", "/disclosure"):
        page = finance.get(f"/desk/preview/2{path}")
        assert page.status_code == 200, path
        assert "候选预览" in page.text
        assert page.headers["cache-control"] == "no-store, private"
        assert 'href="/projects' not in page.text
    fewer = set(province_tables(projects=54)["projects"]["project_id"])
    gone = next(found for found in province_tables()["projects"]["project_id"] if found not in fewer)
    assert finance.get(f"/desk/preview/2/projects/{gone}").status_code == 404
    assert finance.get(f"/projects/{gone}").status_code == 200
    assert finance.get("/desk/preview/9/projects").status_code == 404


def test_whoever_made_a_release_cannot_approve_it(house: House) -> None:
    publish(house.room.settings.home, province_tables(projects=54), stage=True, maker="Finance")
    finance = house.sign_in("finance")
    assert "须由另一个人批准" in finance.get(CANDIDATE).text
    answer = finance.submit(f"{CANDIDATE}/approve", {"id": "sha256:x"}, page=CANDIDATE)
    assert answer.status_code == 403
    assert Home(house.room.settings.home).public.current_number() == 1


def test_a_candidate_that_changed_meanwhile_is_not_approved(waiting: House) -> None:
    answer = waiting.sign_in("finance").submit(f"{CANDIDATE}/approve", {"id": "sha256:old"}, page=CANDIDATE)
    assert answer.status_code == 409


def test_a_release_is_withdrawn_for_a_reason_everybody_reads(house: House) -> None:
    finance = house.sign_in("finance")
    path = "/desk/releases/1/withdraw"
    assert finance.submit(path, {"reason": ""}, page="/desk/releases").status_code == 422
    answer = finance.submit(path, {"reason": "发现合同金额抄错"}, page="/desk/releases")
    assert answer.status_code == 303
    tombstone = Home(house.room.settings.home).public.tombstone(1)
    assert tombstone is not None
    assert tombstone.reason == "发现合同金额抄错"
    again = finance.submit(path, {"reason": "发现合同金额抄错"}, page="/desk/releases")
    assert again.status_code == 409


@pytest.mark.parametrize("who", ["clerk-a", "supervision", "administrator"])
def test_nobody_else_comes_to_the_desk_of_releases(staffed: House, who: str) -> None:
    assert staffed.sign_in(who).get("/desk/releases").status_code == 403


def test_the_auditor_looks_at_releases_and_changes_nothing(staffed: House) -> None:
    auditor = staffed.sign_in("auditor")
    assert auditor.get("/desk/releases").status_code == 200
    assert (
        auditor.submit(
            "/desk/releases/1/withdraw", {"reason": "只是试试看"}, page="/desk/releases"
        ).status_code
        == 403
    )


def test_the_log_is_anchored_at_most_once_an_hour_and_only_when_it_moved(house: House) -> None:
    office = BackOffice(Home(house.room.settings.home), house.room)
    assert office.anchor()
    assert not office.anchor()
    house.clock.later(minutes=61)
    assert not office.anchor()
    house.sign_in("citizen")
    assert office.anchor()
