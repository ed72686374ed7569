"""Every step in every status over HTTP: what the table of transitions does not list is a 409 and changes nothing."""

from __future__ import annotations

from sqlmodel import col, select

from portal.web.desk_cases_steps import STEPS
from portal.writing.case_table import TRANSITIONS, Step
from portal.writing.models import Case
from portal.writing.models.words import Status
from tests.builders.people import UNIT, Asked, ask, official, step, visitor
from tests.builders.rooms import House

TABLE_STEP = {
    "take": Step.ACCEPT,
    "hand-back": Step.HAND_BACK,
    "finding": Step.RECORD_FINDING,
    "draft": Step.SUBMIT,
    "send-back": Step.SEND_BACK,
}
WITHOUT_TRANSITION = {"note", "show-picture"}
FIELDS = {
    "reason": "因为需要核实情况。",
    "text": "工程年底前完工。",
    "finding_text": "已核对明细。",
    "unit": "U007",
    "release_number": "1",
    "picture": "1",
}


def in_status(house: House, status: Status) -> Asked:
    """A case that has come as far as that."""
    asker = visitor(house)
    asked = ask(house, asker)
    ways: dict[Status, tuple[tuple[str, str], ...]] = {
        Status.RECEIVED: (),
        Status.ASSIGNED: (("clerk-a", "accept"),),
        Status.WORKING: (("clerk-a", "take"),),
        Status.PAUSED: (("clerk-a", "take"), ("clerk-a", "pause")),
        Status.IN_REVIEW: (("clerk-a", "take"), ("clerk-a", "submit")),
        Status.ANSWERED: (("clerk-a", "take"), ("clerk-a", "submit"), ("head-a", "publish")),
        Status.CLOSED: (("clerk-a", "take"), ("clerk-a", "submit"), ("head-a", "publish")),
        Status.REFUSED: (("clerk-a", "refuse"),),
        Status.WITHDRAWN: (),
    }
    for login, name in ways[status]:
        assert step(official(house, login), asked.number, name, **FIELDS).status_code == 303, name
    own = f"/cases/{asked.number}"
    token = {"form_token": asker.token(f"{own}?code={asked.code}"), "code": asked.code}
    if status is Status.CLOSED:
        assert asker.post(f"{own}/rate", {**token, "rating": "5"}).status_code == 303
    if status is Status.WITHDRAWN:
        assert asker.post(f"{own}/withdraw", {**token, "sure": "yes"}).status_code == 303
    return asked


def row_of(house: House, number: str) -> tuple[str, int]:
    with house.room.database.reading() as session:
        return session.exec(select(Case.status, Case.version).where(col(Case.number) == number)).one()


def test_a_step_out_of_order_is_told_so_and_changes_nothing(village: House) -> None:
    finance = official(village, "finance")
    for status in Status:
        asked = in_status(village, status)
        assert row_of(village, asked.number)[0] == status.value
        before = row_of(village, asked.number)
        token = finance.token(f"/desk/cases/{asked.number}")
        for name in STEPS.keys() - WITHOUT_TRANSITION:
            table_step = TABLE_STEP.get(name) or Step(name)
            if status in TRANSITIONS[table_step].sources:
                continue
            fields = {"form_token": token, **FIELDS, "assignee": str(village.people["clerk-a"])}
            answer = finance.post(f"/desk/cases/{asked.number}/{name}", {**fields, "finding": ""})
            expected = {409, 422} if name == "finding" else {409}
            assert answer.status_code in expected, (status, name)
            assert row_of(village, asked.number) == before, (status, name)


def test_the_asker_too_keeps_to_the_order(village: House) -> None:
    allowed = {
        "supplement": {Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW},
        "rate": {Status.ANSWERED},
        "withdraw": set(TRANSITIONS[Step.WITHDRAW].sources),
    }
    for status in Status:
        asked, asker = in_status(village, status), visitor(village)
        page = f"/cases/{asked.number}?code={asked.code}"
        token = asker.token(page) or asker.token("/cases/new?kind=question")
        fields = {
            "form_token": token,
            "code": asked.code,
            "text": "再补充一句话。",
            "rating": "3",
            "sure": "yes",
        }
        for name, statuses in allowed.items():
            if status in statuses:
                continue
            before = row_of(village, asked.number)
            answer = asker.post(f"/cases/{asked.number}/{name}", fields)
            assert answer.status_code == 409, (status, name)
            assert row_of(village, asked.number) == before
            if name == "supplement":
                assert "再补充一句话。" in answer.text


def test_nobody_of_another_unit_sees_or_moves_a_case(village: House) -> None:
    asked = in_status(village, Status.RECEIVED)
    other = official(village, "clerk-b")
    token = other.token("/desk/cases/templates")
    missing = other.get("/desk/cases/20200101-0001")
    there = other.get(f"/desk/cases/{asked.number}")
    assert missing.status_code == there.status_code == 404
    for name in STEPS:
        sent = {
            "form_token": token,
            **FIELDS,
            "finding": "no_error",
            "assignee": str(village.people["clerk-b"]),
        }
        assert other.post(f"/desk/cases/{asked.number}/{name}", sent).status_code in (403, 404), name
    assert asked.number not in other.get("/desk/cases?view=all").text
    assert FIELDS["unit"] != UNIT


def test_the_auditor_reads_and_changes_nothing(village: House) -> None:
    asked = in_status(village, Status.RECEIVED)
    auditor = official(village, "auditor")
    page = auditor.get(f"/desk/cases/{asked.number}")
    assert page.status_code == 200
    assert f"/desk/cases/{asked.number}/" not in page.text
    before = row_of(village, asked.number)
    for name in STEPS:
        assert step(auditor, asked.number, name, **FIELDS).status_code == 403, name
    assert row_of(village, asked.number) == before
