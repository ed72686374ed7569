from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from portal.writing.audit import Anchor, Change, Event, hash_of, read_head, verify_entries, verify_log
from portal.writing.database import Database
from portal.writing.errors import LogBroken, NotAllowed
from portal.writing.log_desk import LogFilter, export_log, search_log
from portal.writing.models import LogEntry
from tests.writing.office import Office, answered

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
ENTRIES = 40


def event(number: int) -> Event:
    return Event(
        at=START + timedelta(minutes=number),
        actor_id=number % 5,
        actor_role="official",
        origin=f"10.0.0.{number}",
        request_id=f"request-{number}",
        action="case.claim",
        object_kind="case",
        object_key=f"20261102-{number:04d}",
        changes=(Change("status", "assigned", "working"), Change("version", number, number + 1)),
    )


def write_log(database: Database) -> None:
    for start in range(0, ENTRIES, 8):
        with database.writing() as session:
            for number in range(start, start + 8):
                session.tell(event(number))


def read_log(database: Database) -> tuple[list[LogEntry], Anchor]:
    with database.reading() as session:
        entries = session.exec(select(LogEntry).order_by(col(LogEntry.sequence))).all()
        return list(entries), read_head(session)


def altered(entry: LogEntry, **fields: object) -> LogEntry:
    return LogEntry(**(entry.model_dump() | fields))


def edit_one_field(draw: random.Random, log: list[LogEntry]) -> int:
    place = draw.randrange(len(log))
    field = draw.choice(sorted(LogEntry.model_fields))
    old = getattr(log[place], field)
    if isinstance(old, datetime):
        new: object = old + timedelta(microseconds=draw.choice([-1, 1, 10_000_000]))
    elif isinstance(old, int):
        new = old + draw.choice([1, 2, 1_000])
    else:
        position = draw.randrange(len(old) + 1)
        new = old[:position] + draw.choice("0aZ为\u200b ") + old[position:]
    log[place] = altered(log[place], **{field: new})
    return place + 1


def edit_and_hash_anew(draw: random.Random, log: list[LogEntry]) -> int:
    """Somebody who knows how hashes are made mends the one entry, not those behind it."""
    place = draw.randrange(len(log) - 1)
    log[place] = altered(log[place], actor_id=999)
    log[place].hash = hash_of(log[place])
    return place + 2


def delete_one(draw: random.Random, log: list[LogEntry]) -> int:
    place = draw.randrange(len(log) - 1)
    del log[place]
    return place + 1


def swap_two(draw: random.Random, log: list[LogEntry]) -> int:
    one, other = sorted(draw.sample(range(len(log)), 2))
    first, second = log[one].sequence, log[other].sequence
    log[one], log[other] = altered(log[other], sequence=first), altered(log[one], sequence=second)
    return one + 1


def insert_one(draw: random.Random, log: list[LogEntry]) -> int:
    place = draw.randrange(1, len(log))
    log.insert(place, altered(log[place - 1]))
    return place + 1


def cut_off(draw: random.Random, log: list[LogEntry]) -> int:
    place = draw.randrange(len(log))
    del log[place:]
    return place + 1


def rewrite_from(draw: random.Random, log: list[LogEntry]) -> int:
    """Everything behind an entry is rewritten consistently: only the anchor knows."""
    place = draw.randrange(len(log))
    for index in range(place, len(log)):
        before = log[index - 1].hash if index else "0" * 64
        log[index] = altered(log[index], previous_hash=before, actor_role="nobody")
        log[index].hash = hash_of(log[index])
    return len(log)


EDITS: tuple[Callable[[random.Random, list[LogEntry]], int], ...] = (
    edit_one_field, edit_one_field, edit_one_field, edit_and_hash_anew, delete_one, swap_two, insert_one, cut_off,
    rewrite_from,
)  # fmt: skip


def test_of_1000_random_edits_1000_are_found_and_named(database: Database) -> None:
    write_log(database)
    entries, head = read_log(database)
    assert verify_entries(entries, head, [head]) == head
    draw = random.Random(1)  # noqa: S311 - the same edits every time
    found = 0
    for number in range(1_000):
        edit = EDITS[number % len(EDITS)]
        log = list(entries)
        first_bad = edit(draw, log)
        end = Anchor(log[-1].sequence, log[-1].hash) if log and edit is rewrite_from else head
        with pytest.raises(LogBroken) as broken:
            verify_entries(log, end, [head])
        assert broken.value.sequence == first_bad, (number, edit.__name__)
        found += 1
    assert found == 1_000


def test_the_log_of_real_work_verifies_and_tells_who_did_what(office: Office) -> None:
    opened = answered(office)
    with office.database.reading() as session:
        head = verify_log(session)
        lines = search_log(session, office.subject("auditor"), LogFilter(object_key=opened.number))
    assert head.sequence > 5
    assert [(line.action, line.actor_id) for line in reversed(lines)] == [
        ("case.open", office.people["chen"]),
        ("case.accept", office.people["roads-clerk"]),
        ("case.claim", office.people["roads-clerk"]),
        ("case.submit", office.people["roads-clerk"]),
        ("case.publish", office.people["roads-head"]),
    ]
    assert lines[0].changes == (
        Change("answered_on", None, "2026-11-02"),
        Change("status", "in_review", "answered"),
    )
    assert {line.origin for line in lines} == {"10.0.0.7", ""}  # of staff, not of the citizen


def test_the_database_itself_refuses_to_change_the_log(database: Database) -> None:
    write_log(database)
    for statement in (
        "UPDATE operation_log SET actor_id = 1 WHERE sequence = 3",
        "DELETE FROM operation_log",
    ):
        with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
            session.connection().execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE operation_log SET actor_role = 'auditor' WHERE sequence = 7", 7),
        ("DELETE FROM operation_log WHERE sequence = 12", 12),
        ("DELETE FROM operation_log WHERE sequence > 30", 31),
        ("UPDATE operation_log_head SET sequence = 41", 41),
    ],
    ids=["edit", "delete", "cut-off", "head"],
)
def test_who_removes_the_guards_and_changes_a_row_is_found(
    database: Database, statement: str, first_bad: int
) -> None:
    write_log(database)
    guards = (
        ("operation_log_no_update", "operation_log_no_delete")
        if database.is_sqlite
        else ("operation_log_no_change ON operation_log",)
    )
    with database.writing() as session:
        for guard in guards:
            session.connection().execute(text(f"DROP TRIGGER {guard}"))
        session.connection().execute(text(statement))
    with database.reading() as session, pytest.raises(LogBroken) as broken:
        verify_log(session)
    assert broken.value.sequence == first_bad


def test_a_change_that_is_rolled_back_leaves_no_entry(database: Database) -> None:
    def fail() -> None:
        with database.writing() as session:
            session.tell(event(1))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    assert read_log(database) == ([], Anchor(0, "0" * 64))


def test_only_the_auditor_exports_the_log_and_that_is_logged(office: Office) -> None:
    for name in ("roads-head", "finance", "supervision", "administrator", "chen", None):
        assert search_with(office, name) == 0
        with pytest.raises(NotAllowed), office.work(name) as work:
            list(export_log(work.session, work.acting, LogFilter()))
    with office.work("auditor") as work:
        assert len(list(export_log(work.session, work.acting, LogFilter()))) == search_with(office, "auditor")
    with office.database.reading() as session:
        latest = search_log(session, office.subject("auditor"), LogFilter(limit=1))[0]
    assert (latest.action, latest.actor_id) == ("log.export", office.people["auditor"])


def search_with(office: Office, name: str | None) -> int:
    with office.database.reading() as session:
        return len(search_log(session, office.subject(name), LogFilter(limit=500)))
