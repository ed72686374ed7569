"""Fifty at once: the database decides, exactly one wins."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlmodel import col, func, select

from portal.writing import case_desk, throttle
from portal.writing.accounts import redeem_link, reset_link
from portal.writing.audit import verify_log
from portal.writing.case_asker import rate_reply
from portal.writing.errors import AlreadyDone, LinkRefused, Stale, WrongOrder
from portal.writing.escalation import escalate_cases
from portal.writing.inputs import RatingIn
from portal.writing.models import Case, Message, Rating
from portal.writing.models.words import MessageKind
from portal.writing.ratings import change_rating, rate
from portal.writing.throttle import Limit
from tests.writing.office import ROADS, Office, accepted, answered, ask, in_review

AT_ONCE = 50
WON = "won"


def fifty_at_once(action: Callable[[int], object]) -> Counter[str]:
    """How the fifty ended: `won`, or the name of the error of those who lost."""
    gate = threading.Barrier(AT_ONCE)

    def attempt(number: int) -> str:
        gate.wait()
        try:
            action(number)
        except (AlreadyDone, LinkRefused, Stale, WrongOrder) as error:
            return type(error).__name__
        return WON

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(attempt, range(AT_ONCE)))


def check_log(office: Office) -> None:
    with office.database.reading() as session:
        verify_log(session)


def test_one_of_fifty_ratings_of_the_same_person_counts(office: Office) -> None:
    office.subject("chen")

    def attempt(number: int) -> None:
        with office.work("chen") as work:
            rate(work, "P-1", ROADS, RatingIn(overall=number % 5 + 1))

    assert fifty_at_once(attempt) == {WON: 1, "AlreadyDone": AT_ONCE - 1}
    with office.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Rating)).one() == 1

    def change(number: int) -> None:
        with office.work("chen") as work:
            change_rating(work, "P-1", RatingIn(overall=number % 5 + 1), expected_version=0)

    assert fifty_at_once(change) == {WON: 1, "Stale": AT_ONCE - 1}
    check_log(office)


def test_one_of_fifty_claims_gets_the_case(office: Office) -> None:
    names = ["roads-clerk", "roads-head", "finance"]
    for name in names:
        office.subject(name)
    opened = accepted(office)

    def attempt(number: int) -> None:
        with office.work(names[number % 3]) as work:
            case_desk.claim(work, opened.number)

    assert fifty_at_once(attempt) == {WON: 1, "WrongOrder": AT_ONCE - 1}
    with office.database.reading() as session:
        claims = session.exec(select(Message).where(col(Message.kind) == MessageKind.CLAIM.value)).all()
        case = session.exec(select(Case)).one()
    assert [message.author_id for message in claims] == [case.assignee_id]
    check_log(office)


def test_one_of_fifty_approvals_publishes(office: Office) -> None:
    names = ["roads-head", "finance"]
    for name in names:
        office.subject(name)
    opened = in_review(office)

    def attempt(number: int) -> None:
        with office.work(names[number % 2]) as work:
            case_desk.publish_reply(work, opened.number)

    assert fifty_at_once(attempt) == {WON: 1, "WrongOrder": AT_ONCE - 1}
    with office.database.reading() as session:
        replies = session.exec(select(Message).where(col(Message.kind) == MessageKind.REPLY.value)).all()
    assert len(replies) == 1
    check_log(office)


def test_one_of_fifty_low_ratings_reopens(office: Office) -> None:
    office.subject("chen")
    opened = answered(office)

    def attempt(number: int) -> None:
        with office.work("chen") as work:
            rate_reply(work, opened.number, 1)

    assert fifty_at_once(attempt) == {WON: 1, "WrongOrder": AT_ONCE - 1}


def test_fifty_cases_at_once_get_fifty_numbers(office: Office) -> None:
    office.subject("chen")
    assert fifty_at_once(lambda _: ask(office)) == {WON: AT_ONCE}
    with office.database.reading() as session:
        numbers = session.exec(select(Case.number).order_by(col(Case.number))).all()
    assert numbers == [f"20261102-{number:04d}" for number in range(1, AT_ONCE + 1)]
    check_log(office)


def test_a_link_works_for_one_of_fifty(office: Office) -> None:
    with office.work("administrator") as work:
        token = reset_link(work, office.people["chen"])

    def attempt(number: int) -> None:
        with office.system() as work:
            redeem_link(work, token, "一句很长的话作为密码")

    gate = fifty_at_once(attempt)
    assert gate == {WON: 1, "LinkRefused": AT_ONCE - 1}


def test_a_limit_of_ten_lets_ten_of_fifty_through_and_starts_anew_later(office: Office) -> None:
    limit = Limit("test", 10, 60)
    at = office.acting(office.subject(None)).at
    waits: list[int] = []

    def attempt(number: int) -> None:
        with office.database.writing() as session:
            waits.append(throttle.take(session, limit, at, "somebody"))

    fifty_at_once(attempt)
    assert sorted(waits)[:11] == [0] * 10 + [60]
    with office.database.writing() as session:
        assert throttle.take(session, limit, at + timedelta(seconds=59), "somebody") == 1
        assert throttle.take(session, limit, at + timedelta(seconds=60), "somebody") == 0
        assert throttle.take(session, limit, at, "somebody else") == 0


def test_an_escalation_is_taken_once_however_many_run_it(office: Office) -> None:
    accepted(office)
    office.later(8)
    taken: list[int] = []

    def attempt(number: int) -> None:
        with office.system() as work:
            taken.append(len(escalate_cases(work)))

    fifty_at_once(attempt)
    assert sum(taken) == 1
