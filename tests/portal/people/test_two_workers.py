"""Fifty at once at two processes over HTTP: rating, claiming, and approving a reply or a release; exactly one wins.

The real server with two workers over one SQLite file. Everything before the race is done inside this process; each of
the fifty comes over a connection of its own, so both workers get their share.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlmodel import Session, select

from portal.settings import Settings
from portal.web.writing_room import open_room
from portal.writing import case_desk
from portal.writing.accounts import subject_of
from portal.writing.acting import Whereabouts, Work
from portal.writing.audit import verify_log
from portal.writing.cases import open_case
from portal.writing.database import Database
from portal.writing.inputs import CaseIn
from portal.writing.models import LogEntry
from portal.writing.models.words import CaseKind
from portal.writing.sessions import open_session
from publishing.release.store import ReleaseStore
from tests.builders.browser import token_in
from tests.builders.people import PROJECT, UNIT, staff_of_the_project
from tests.builders.published import province_tables, publish
from tests.builders.rooms import build_house, copied_home
from tests.builders.served import served

AT_ONCE = 50
WHERE = Whereabouts(UNIT, "", "/990000/")
PEOPLE = ("citizen", "clerk-a", "head-a", "finance")


@dataclass(frozen=True)
class Ready:
    """The server, the tokens of people's sessions, a case to be claimed and one to be approved."""

    address: str
    home: Path
    tokens: dict[str, str]
    waiting: str
    in_review: str


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, staffed_home: Path) -> Iterator[Ready]:
    home = copied_home(staffed_home, tmp_path_factory.mktemp("two-workers") / "home")
    house = build_house(home)
    staff_of_the_project(house)
    house.room.database.close()
    publish(home, province_tables(projects=54), stage=True, maker="制作人甲")
    room = open_room(Settings.read({"SUNSHINE_HOME": str(home)}))  # with the clock of the machine

    def work(session: Session, login: str) -> Work:
        subject = subject_of(session, house.people[login])
        return Work(session, room.acting(subject), room.rules)  # type: ignore[arg-type]

    with room.database.writing() as session:
        tokens = {
            name: open_session(work(session, name), house.people[name], has_second_factor=name != "citizen")
            for name in PEOPLE
        }
        numbers = []
        for text in ("第一条路什么时候修好？", "第二条路什么时候修好？"):
            wanted = CaseIn(kind=CaseKind.QUESTION, subject="工期", text=text, project_id=PROJECT)
            numbers.append(open_case(work(session, "citizen"), wanted, WHERE).number)
            case_desk.accept(work(session, "clerk-a"), numbers[-1], is_listed=True)
        case_desk.claim(work(session, "clerk-a"), numbers[1])
        case_desk.write_reply(work(session, "clerk-a"), numbers[1], "年底前完工，资金已到位。")
        case_desk.submit_reply(work(session, "clerk-a"), numbers[1])
    room.database.close()
    os.environ["SUNSHINE_BASE_URL"] = ""  # the command fills in where it listens
    del os.environ["SUNSHINE_BASE_URL"]
    with served(home, "--surface", "both", "--workers", "2") as address:
        yield Ready(address, home, tokens, numbers[0], numbers[1])


def _race(ready: Ready, who: str, page: str, path: str, fields: dict[str, str]) -> Counter[int]:
    """The statuses of fifty people who send the same form of a page at once."""
    headers = {
        "cookie": f"sunshine-session={ready.tokens[who]}",
        "origin": ready.address,
        "accept": "text/html",
    }
    opened = httpx.get(ready.address + page, headers=headers, timeout=60)
    assert opened.status_code == 200, opened.text[:500]
    found = re.search(r'name="id" value="(sha256:[0-9a-f]+)"', opened.text)
    given = {"form_token": token_in(opened), **({"id": found[1]} if found else {}), **fields}

    def send(_: int) -> int:
        return httpx.post(ready.address + path, data=given, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(send, range(AT_ONCE)))


def _log(ready: Ready, action: str) -> int:
    """How often an action stands in the log, which must hold."""
    database = Database.at(ready.home)
    with database.reading() as session:
        verify_log(session)
        found = len(session.exec(select(LogEntry).where(LogEntry.action == action)).all())
    database.close()
    return found


def test_one_of_fifty_claims_at_two_workers_gets_the_case(ready: Ready) -> None:
    page = f"/desk/cases/{ready.waiting}"
    assert _race(ready, "clerk-a", page, f"{page}/claim", {}) == {303: 1, 409: AT_ONCE - 1}
    assert _log(ready, "case.claim") == 2  # the other one was claimed before


def test_one_of_fifty_approvals_of_a_reply_at_two_workers_publishes_it(ready: Ready) -> None:
    page = f"/desk/cases/{ready.in_review}"
    assert _race(ready, "head-a", page, f"{page}/publish", {}) == {303: 1, 409: AT_ONCE - 1}
    assert _log(ready, "case.publish") == 1


def test_one_of_fifty_ratings_of_a_person_at_two_workers_counts(ready: Ready) -> None:
    page = f"/projects/{PROJECT}/voices"
    assert _race(ready, "citizen", page, page, {"overall": "4"}) == {303: 1, 409: AT_ONCE - 1}


def test_one_of_fifty_approvals_of_a_release_at_two_workers_publishes_it(ready: Ready) -> None:
    page = "/desk/releases/candidates/2"
    statuses = _race(ready, "finance", page, f"{page}/approve", {})
    assert statuses[303] == 1, statuses
    assert set(statuses) <= {303, 404, 409}, statuses
    store = ReleaseStore(ready.home / "public")
    assert store.numbers() == (1, 2)
    assert _log(ready, "release.approve") == 1
