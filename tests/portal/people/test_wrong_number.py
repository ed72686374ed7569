"""The whole loop of a wrong number over HTTP: reported, checked, corrected in a release, told, and said on the page."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from portal.writing.acting import Work
from portal.writing.follow import Followed, ask_to_follow, confirm_following
from portal.writing.models import Letter
from portal.writing.models.words import FollowKind
from tests.builders.people import PROJECT, ask, official, staff_of_the_project, step, visitor
from tests.builders.published import province_tables, publish
from tests.builders.rooms import House, build_house, copied_home


@pytest.fixture
def street(tmp_path: Path, staffed_home: Path) -> Iterator[House]:
    """A village of one's own: it gets another release."""
    made = build_house(copied_home(staffed_home, tmp_path / "home"))
    staff_of_the_project(made)
    yield made
    made.room.database.close()


def _wait_for_release(house: House, number: int) -> None:
    """The portal opens a new release beside the one it serves; then it is shown."""
    for _ in range(600):
        if visitor(house).get(f"/releases/{number}").status_code == 200:
            return
        time.sleep(0.05)
    raise AssertionError("the release is not shown")


def test_a_wrong_number_is_reported_checked_corrected_told_and_said(street: House) -> None:
    citizen = visitor(street)
    asked = ask(street, citizen, kind="wrong_number", figure=f"/projects/{PROJECT}#money", release="1")
    followed = Followed(FollowKind.CASE, asked.number)
    with street.room.database.writing() as session:
        work = Work(session, street.room.by_system(), street.room.rules)
        token = ask_to_follow(work, followed, "asker@example.org", street.room.keys.followers)
        confirm_following(work, token)
    clerk, head, finance = (official(street, name) for name in ("clerk-a", "head-a", "finance"))
    assert step(clerk, asked.number, "take", listed="yes").status_code == 303
    found = {"finding": "confirmed", "finding_text": "已核对国库明细。", "text": "确有错误，将更正。"}
    assert step(clerk, asked.number, "submit", **found).status_code == 303
    assert step(head, asked.number, "publish").status_code == 303
    too_early = step(finance, asked.number, "correct", release_number="2")
    assert too_early.status_code == 422, "there is no release 2 yet"

    publish(street.room.settings.home, province_tables(projects=59), note="更正第 1 号发布的错误")
    _wait_for_release(street, 2)
    assert step(finance, asked.number, "correct", release_number="2").status_code == 303
    again = step(finance, asked.number, "correct", release_number="2")
    assert again.status_code == 409

    own = citizen.get(f"/cases/{asked.number}?code={asked.code}").text
    public = visitor(street).get(f"/cases/{asked.number}").text
    for page in (own, public):
        assert "确有错误" in page
        assert "第 2 版" in page
    voices = visitor(street).get(f"/projects/{PROJECT}/voices").text
    assert "已更正的数字" in voices
    assert f"/cases/{asked.number}" in voices
    with street.room.database.reading() as session:
        told = session.exec(
            select(Letter.subject).where(col(Letter.address) == "asker@example.org").order_by(col(Letter.id))
        ).all()
    assert any("已在第 2 版更正" in subject for subject in told), told
    log = official(street, "auditor").get("/desk/log?action=case.correct").text
    assert asked.number in log
