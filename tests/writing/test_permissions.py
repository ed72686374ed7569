from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from portal.writing import alerts, case_desk, pictures, templates
from portal.writing.acting import Held, Subject, Whereabouts, Work, region_path
from portal.writing.alerts import AlertIn
from portal.writing.case_asker import rate_reply, supplement, withdraw
from portal.writing.case_views import CaseFilter, asker_page, desk_page, queue
from portal.writing.errors import NotAllowed, NotThere
from portal.writing.models import Case
from portal.writing.models.words import CaseKind, Finding, Role, Status
from portal.writing.permission_table import ACTIONS, FIELD_CLEARANCE, READING_ACTIONS, RULES, Scope
from portal.writing.permissions import (
    CASE_COLUMNS,
    Row,
    allows,
    may_ever,
    require,
    scope_clause,
    visible_fields,
    why,
)
from tests.writing.office import MONDAY, ROADS, SCHOOLS, Office, accepted, ask, in_review

REGIONS = (("440000",), ("440000", "440100"), ("440000", "440100", "440103"), ("440000", "440200"))
UNITS, SECTORS = ("U-1", "U-2", "U-3"), ("交通", "教育")


def test_the_table_speaks_of_known_fields_and_clearances_only() -> None:
    for rule in RULES:
        assert rule.fields <= set(FIELD_CLEARANCE[rule.resource]), rule.name
        assert 1 <= rule.clearance <= 12
    assert all(1 <= level <= 12 for fields in FIELD_CLEARANCE.values() for level in fields.values())


def test_the_auditor_and_the_public_change_nothing() -> None:
    for rule in RULES:
        if rule.role is Role.AUDITOR:
            assert rule.actions <= READING_ACTIONS, rule.name
        if rule.role is Role.ANYONE:
            assert rule.actions <= READING_ACTIONS | {"open"}, rule.name


def test_the_administrator_sees_no_content() -> None:
    assert {rule.resource for rule in RULES if rule.role is Role.ADMINISTRATOR} == {"account", "letter"}


def random_grant(draw: random.Random) -> Held:
    return Held(
        draw.choice(list(Role)),
        draw.randint(1, 12),
        draw.choice([None, *UNITS]),
        draw.choice([None, "440000", "440100", "440103", "440200", "4401", "%", ""]),
        draw.choice([None, None, *SECTORS]),
    )


def test_the_where_clause_and_the_explanation_agree_on_every_row(office: Office) -> None:
    draw = random.Random(5)  # noqa: S311 - the same grants every time
    with office.database.writing() as session:
        for number in range(60):
            session.add(
                Case(
                    number=f"n{number}",
                    lookup_digest="",
                    kind=CaseKind.QUESTION,
                    status=draw.choice(list(Status)),
                    subject="题目",
                    unit_id=draw.choice(UNITS),
                    sector=draw.choice(SECTORS),
                    region_path=region_path(draw.choice(REGIONS)),
                    asker_id=draw.choice([None, office.people["chen"], office.people["lin"]]),
                    received_at=datetime(2026, 11, 2, tzinfo=UTC),
                    received_on=MONDAY,
                    text_digest="",
                )
            )
    with office.database.reading() as session:
        cases = session.exec(select(Case)).all()
        reached = 0
        for _ in range(250):
            held = tuple(random_grant(draw) for _ in range(draw.randint(0, 3)))
            subject = Subject(draw.choice([None, office.people["chen"]]), held)
            action = draw.choice([action for resource, action in ACTIONS if resource == "case"])
            clause = scope_clause(subject, "case", action, CASE_COLUMNS)
            by_clause = set(session.exec(select(Case.number).where(clause)))
            by_words = {case.number for case in cases if allows(subject, "case", action, row_of(case))}
            assert by_clause == by_words, (subject, action)
            reached += len(by_clause)
    assert reached > 500


def row_of(case: Case) -> Row:
    is_public = case.status in {"assigned", "working", "paused", "in_review", "answered", "closed"}
    return Row(Whereabouts(case.unit_id, case.sector, case.region_path), case.asker_id, is_public)


def test_a_grant_without_a_limit_reaches_nothing_and_says_so() -> None:
    careless = Subject(1, (Held(Role.OFFICIAL, 12),))
    found = why(careless, "case", "read", Row(ROADS))
    assert not found.is_allowed
    assert "授权没有写明单位、地区或领域" in found.sentence


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (Held(Role.OFFICIAL, 1, unit_id="U-ROADS"), "密级 1 低于所需的 2"),
        (Held(Role.OFFICIAL, 3, unit_id="U-SCHOOLS"), "对象属于单位 U-ROADS，授权只限 U-SCHOOLS"),
        (Held(Role.OFFICIAL, 3, region_code="440200"), "对象不在地区 440200 之内"),
        (Held(Role.OFFICIAL, 3, unit_id="U-ROADS", sector="教育"), "对象属于领域 交通，授权只限 教育"),
        (Held(Role.CITIZEN), "没有任何规则允许"),
    ],
    ids=["clearance", "unit", "region", "sector", "role"],
)
def test_why_not_is_said_in_words(held: Held, reason: str) -> None:
    assert reason in why(Subject(1, (held,)), "case", "work", Row(ROADS)).sentence


def test_fields_open_with_the_clearance() -> None:
    def fields(clearance: int) -> frozenset[str]:
        return visible_fields(
            Subject(1, (Held(Role.OFFICIAL, clearance, unit_id="U-ROADS"),)), "case", Row(ROADS)
        )

    assert "notes" not in fields(2)
    assert fields(3) - fields(2) == {"notes", "drafts"}
    assert fields(8) - fields(4) == {"original", "asker"}
    assert fields(1) == frozenset()


def test_things_without_rows_are_refused_with_the_reason() -> None:
    with pytest.raises(NotAllowed, match="没有任何规则"):
        require(Subject(1, (Held(Role.OFFICIAL, 12, unit_id="U"),)), "release", "approve")
    with pytest.raises(NotAllowed, match="密级 4 低于所需的 7"):
        require(Subject(1, (Held(Role.FINANCE, 4, region_code="440000"),)), "release", "approve")
    require(Subject(1, (Held(Role.FINANCE, 7, region_code="440000"),)), "release", "approve")
    assert may_ever(Subject(), "case", "open")
    assert not may_ever(Subject(), "case", "work")
    assert {rule.scope for rule in RULES} == set(Scope)


# ---------------------------------------------------------------- the other unit sees nothing


def everything_on_a_case(number: str) -> dict[str, Callable[[Work], object]]:
    return {
        "accept": lambda work: case_desk.accept(work, number, is_listed=True),
        "refuse": lambda work: case_desk.refuse(work, number, "理由充分"),
        "transfer": lambda work: case_desk.transfer(work, number, SCHOOLS, "理由充分"),
        "assign": lambda work: case_desk.assign(work, number, 1),
        "claim": lambda work: case_desk.claim(work, number),
        "hand_back": lambda work: case_desk.hand_back(work, number),
        "pause": lambda work: case_desk.pause(work, number, "理由充分"),
        "resume": lambda work: case_desk.resume(work, number),
        "note": lambda work: case_desk.note(work, number, "内部备注一条"),
        "finding": lambda work: case_desk.record_finding(work, number, Finding.CONFIRMED, "录错"),
        "write": lambda work: case_desk.write_reply(work, number, "答复的内容。"),
        "preview": lambda work: case_desk.preview_reply(work, number),
        "submit": lambda work: case_desk.submit_reply(work, number),
        "send_back": lambda work: case_desk.send_back_reply(work, number, "理由充分"),
        "publish": lambda work: case_desk.publish_reply(work, number),
        "correct": lambda work: case_desk.record_correction(work, number, 9),
        "restore": lambda work: case_desk.restore(work, number),
        "supplement": lambda work: supplement(work, number, "补充一些内容"),
        "withdraw": lambda work: withdraw(work, number),
        "rate": lambda work: rate_reply(work, number, 1),
        "show_picture": lambda work: pictures.show_picture(work, number, 1),
        "desk": lambda work: desk_page(work.session, work.rules, work.acting.today, number, work.subject),
        "asker": lambda work: asker_page(work.session, work.rules, work.acting.today, number, work.subject),
    }


@pytest.mark.parametrize("name", ["schools-clerk", "schools-head", "lin", "administrator", None])
def test_a_walk_of_all_numbers_of_one_unit_shows_the_other_nothing(office: Office, name: str | None) -> None:
    numbers = [ask(office).number, accepted(office).number, in_review(office).number]
    missing = str(NotThere())
    for number in [*numbers, "20261102-9999"]:
        for action, attempt in everything_on_a_case(number).items():
            with pytest.raises(NotThere) as refused, office.work(name) as work:
                attempt(work)
            assert str(refused.value) == missing, (number, action)
    with office.database.reading() as session:
        assert queue(session, office.rules, office.today, office.subject(name), CaseFilter()) == ()


def test_alerts_and_templates_of_one_unit_are_not_there_for_the_other(office: Office) -> None:
    with office.system() as work:
        alerts.take_in(work, [AlertIn("A-1", "zero_months", "attention", 2, ROADS)])
    with office.work("roads-clerk") as work:
        template_id = templates.write_template(work, ROADS, "工期答复", "您好，{编号} 已收到。")
    for attempt in (
        lambda work: alerts.explain(work, "A-1", "说明说明说明"),
        lambda work: alerts.plan(work, "A-1", "方案方案方案"),
        lambda work: alerts.close_alert(work, "A-1", "同意销号"),
        lambda work: alerts.read_alert(work.session, work.rules, work.acting.today, work.subject, "A-1"),
        lambda work: templates.retire_template(work, template_id),
    ):
        for name in ("schools-head", "chen", None):
            with pytest.raises(NotThere), office.work(name) as work:
                attempt(work)
    with office.database.reading() as session:
        other = office.subject("schools-head")
        assert alerts.list_alerts(session, office.rules, office.today, other) == ()
        assert templates.list_templates(session, other) == ()
        assert len(templates.list_templates(session, office.subject("roads-head"))) == 1
        assert session.exec(select(Case).where(col(Case.id) == -1)).all() == []
