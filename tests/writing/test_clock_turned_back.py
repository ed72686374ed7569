"""The machine's clock is put back: nothing becomes possible twice, nothing is lost, and the log still verifies."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.writing.acting import Acting, Work
from portal.writing.audit import verify_log
from portal.writing.case_asker import rate_reply
from portal.writing.case_desk import publish_reply
from portal.writing.errors import WrongOrder
from portal.writing.escalation import escalate_cases
from portal.writing.models import SignedIn
from portal.writing.sessions import open_session, read_session, touch
from tests.writing.office import Office, accepted, answered, ask, in_review


def test_numbers_and_steps_go_on_when_the_clock_is_put_back(office: Office) -> None:
    first = accepted(office).number
    waiting = in_review(office).number
    office.later(9)
    with office.system() as work:
        assert escalate_cases(work)
    office.later(-20)
    with office.system() as work:
        assert escalate_cases(work) == (), "what was taken is not taken again"
    with office.work("roads-head") as work:
        publish_reply(work, waiting)
    later = ask(office).number
    assert later not in {first, waiting}
    done = answered(office).number
    with office.work("chen") as work:
        rate_reply(work, done, 1)
    with pytest.raises(WrongOrder), office.work("chen") as work:
        rate_reply(work, done, 1)
    with office.database.reading() as session:
        verify_log(session)


def test_a_session_does_not_live_longer_by_a_clock_that_is_put_back(office: Office) -> None:
    with office.work("chen") as work:
        token = open_session(work, office.people["chen"], has_second_factor=False)
    now = office.acting(office.subject("chen")).at

    def seen(at: datetime) -> datetime:
        acting = office.acting(office.subject("chen"))
        with office.database.reading() as session:
            visit = read_session(session, token, at)
            assert visit is not None
        with office.database.writing() as session:
            touch(Work(session, Acting(acting.subject, at, acting.today), office.rules), visit.session_id)
        with office.database.reading() as session:
            return session.get_one(SignedIn, visit.session_id).seen_at

    assert seen(now + timedelta(minutes=20)) == now + timedelta(minutes=20)
    assert seen(now - timedelta(hours=2)) == now + timedelta(minutes=20)
    with office.database.reading() as session:
        assert read_session(session, token, now + timedelta(minutes=51)) is None
