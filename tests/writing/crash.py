"""Run as a program: kill -9 before every statement, and around every commit, of operations with many steps.

    python -m tests.writing.crash DATABASE_URL STRIDE

Each attempt runs in a fork that kills itself at the n-th point (n in steps of STRIDE); afterwards every table must be as before the operation,
or, behind the commit, as after it. Prints one JSON object: kills, operations, and what was found half done.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event

from portal.writing import case_desk
from portal.writing.accounts import give, invite, redeem_link, reset_link
from portal.writing.alerts import AlertIn, take_in
from portal.writing.audit import verify_log
from portal.writing.case_asker import rate_reply, supplement
from portal.writing.database import Database
from portal.writing.follow import Follower, mark_told, write_letter
from portal.writing.inputs import AccountIn, GrantIn, RatingIn
from portal.writing.migrating import migrate
from portal.writing.models import Base
from portal.writing.models.words import Role
from portal.writing.ratings import rate
from portal.writing.recovery import new_recovery_codes
from tests.writing.office import (
    ROADS,
    SCHOOLS,
    Office,
    accepted,
    answered,
    ask,
    in_review,
    official,
    open_office,
    staff,
)


@dataclass
class Bomb:
    """Kills this process at the n-th point."""

    at: int
    passed: int = 0

    def tick(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def plant(self, engine: Engine) -> None:
        def before(connection: Connection, *_: object) -> None:
            del connection
            self.tick()

        event.listen(engine, "before_cursor_execute", before)
        event.listen(engine, "commit", before)


def operations(office: Office) -> list[Callable[[Office], None]]:
    """Operations that are ready to be taken, each once."""
    waiting, reopening = in_review(office).number, answered(office).number
    moving, refused = accepted(office).number, ask(office).number
    paused = accepted(office).number
    with office.work("roads-clerk") as work:
        case_desk.claim(work, moving)
        case_desk.write_reply(work, moving, "草稿的内容。")
        case_desk.claim(work, paused)
        case_desk.pause(work, paused, "等补充材料")
    with office.work("administrator") as work:
        token = reset_link(work, office.people["lin"])
    new = AccountIn(login="new.person", display_name="新同事")
    return [
        lambda office: _by(office, "roads-head", lambda work: case_desk.publish_reply(work, waiting)),
        lambda office: _by(office, "chen", lambda work: rate_reply(work, reopening, 1, "没有回答问题")),
        lambda office: _by(
            office, "roads-head", lambda work: case_desk.transfer(work, moving, SCHOOLS, "归教育部门")
        ),
        lambda office: _by(
            office, "roads-clerk", lambda work: case_desk.refuse(work, refused, "不属于受理范围")
        ),
        lambda office: _by(office, "chen", lambda work: supplement(work, paused, "补充：在村口。")),
        lambda office: _by(
            office, "administrator", lambda work: invite(work, new, [official(ROADS), official(SCHOOLS)])
        ),
        lambda office: _by(office, None, lambda work: redeem_link(work, token, "一句很长的话作为密码")),
        lambda office: _by(
            office, "administrator", lambda work: give(work, 1, GrantIn(role=Role.DEPUTY, clearance=2))
        ),
        lambda office: _by(office, "chen", lambda work: rate(work, "P-9", ROADS, RatingIn(overall=4))),
        lambda office: _by(
            office, "roads-clerk", lambda work: new_recovery_codes(work, office.people["roads-clerk"])
        ),
        _letters,
        _alerts,
        _ask,
    ]


def _by(office: Office, name: str | None, action: Callable[..., object]) -> None:
    with office.work(name) as work:
        action(work)


def _alerts(office: Office) -> None:
    with office.system() as work:
        take_in(work, [AlertIn(f"A-{number}", "zero_months", "attention", 2, ROADS) for number in range(9)])


def _letters(office: Office) -> None:
    with office.system() as work:
        for number in range(40):
            to = Follower(number, f"reader{number}@example.org", f"{number}.token")
            write_letter(work, f"release 2 {number}", to, "第 2 号发布有更新", "有变化的内容：累计支付。")
        mark_told(work, 2, 40)


def _ask(office: Office) -> None:
    ask(office)


def state(database: Database) -> str:
    """A digest of every row of every table."""
    with database.reading() as session:
        rows = [
            (name, sorted(map(repr, session.connection().execute(table.select()).all())))
            for name, table in sorted(Base.metadata.tables.items())
        ]
        verify_log(session)
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def attempt(office: Office, url: str, operation: Callable[[Office], None], kill_at: int) -> bool:
    """Run the operation in a fork that kills itself; whether it was killed."""
    child = os.fork()
    if child == 0:
        office.database = Database(url)
        Bomb(kill_at).plant(office.database.writer)
        operation(office)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if status:
        raise SystemExit(f"the operation failed by itself: {status}")
    return False


def main(url: str, stride: int) -> None:
    database = Database(url)
    migrate(database)
    staff(database)
    office = open_office(database)
    ready = operations(office)
    for name in office.people:
        office.subject(name)  # looked up here once, not in every fork
    kills, half_done = 0, []
    for number, operation in enumerate(ready):
        database.close()
        before, kill_at = state(database), 1
        database.close()  # a fork must not share a connection
        while attempt(office, url, operation, kill_at):
            kills += 1
            if state(database) != before:
                half_done.append(f"operation {number}, point {kill_at}")
            database.close()
            kill_at += stride
        if state(database) == before:
            half_done.append(f"operation {number} did nothing")
    print(json.dumps({"operations": len(ready), "kills": kills, "half_done": half_done}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
