from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from portal.writing import approvals, case_asker, case_desk
from portal.writing.acting import Subject
from portal.writing.case_table import TRANSITIONS, Step
from portal.writing.case_views import CaseFilter, asker_page, desk_page, list_public, public_page, queue
from portal.writing.cases import open_case
from portal.writing.clocks import Punctuality
from portal.writing.errors import (
    AlreadyDone,
    InputRefused,
    NotAllowed,
    NotThere,
    OwnWork,
    Stale,
    WrongOrder,
)
from portal.writing.models import Approval, Base, Case, LogEntry
from portal.writing.models.words import CaseKind, Finding, Status
from tests.writing.office import (
    MONDAY,
    ROADS,
    SCHOOLS,
    Office,
    accepted,
    account_row,
    answered,
    ask,
    in_review,
    question,
)

PHONE = "13912345678"


def status_of(office: Office, number: str) -> str:
    with office.database.reading() as session:
        return session.exec(select(Case.status).where(col(Case.number) == number)).one()


def test_a_case_gets_a_number_a_code_and_a_due_day_at_once(office: Office) -> None:
    first, second = ask(office), ask(office, None)
    assert (first.number, second.number) == ("20261102-0001", "20261102-0002")
    assert first.due.on == date(2026, 11, 9)
    assert len(first.lookup_code) == 16
    assert first.lookup_code != second.lookup_code


def test_nothing_of_a_case_is_public_before_it_is_accepted(office: Office) -> None:
    opened = ask(office)
    with office.database.reading() as session:
        assert list_public(session, office.rules, office.today, CaseFilter()) == ()
        with pytest.raises(NotThere):
            public_page(session, office.rules, office.today, opened.number)


def test_the_text_is_scrubbed_for_everyone_and_kept_for_those_cleared(office: Office) -> None:
    opened = accepted(
        office, form=question(text=f"请打我的手机 {PHONE} 联系，公路塌方了。", subject=f"塌方 {PHONE}")
    )
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
        assert PHONE not in repr(page)
        clerk = desk_page(session, office.rules, office.today, opened.number, office.subject("roads-clerk"))
        head = desk_page(session, office.rules, office.today, opened.number, office.subject("roads-head"))
    assert PHONE not in repr(clerk)
    assert [PHONE in original.text for original in head.originals] == [True]


def test_the_operation_log_holds_nothing_of_what_citizens_write(office: Office) -> None:
    opened = answered(
        office, form=question(text=f"请打我的手机 {PHONE} 联系，公路塌方了。", subject=f"塌方 {PHONE}")
    )
    case_text = "公路塌方"
    with office.database.reading() as session:
        logged = " ".join(entry.model_dump_json() for entry in session.exec(select(LogEntry)))
    assert PHONE not in logged
    assert case_text not in logged
    assert opened.number in logged


def test_from_question_to_rated_reply(office: Office) -> None:
    opened = answered(office)
    office.later(1)
    with office.work("chen") as work:
        assert case_asker.rate_reply(work, opened.number, 5) is False
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert page.case.status is Status.CLOSED
    assert page.case.reply_rating == 5
    assert page.case.clock.punctuality is Punctuality.ON_TIME
    assert [message.kind for message in page.messages] == ["opened", "accepted", "reply", "closed"]
    assert page.messages[2].text == "工程因雨季暂停，将于十二月底前完工。"
    assert {message.author for message in page.messages} == {"提问人", "unit:U-ROADS"}


def test_a_low_rating_reopens_once_with_a_new_clock(office: Office) -> None:
    opened = answered(office)
    office.move_to(date(2026, 11, 16))
    with office.work("chen") as work:
        assert case_asker.rate_reply(work, opened.number, 1, "没有回答我的问题") is True
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert (page.case.status, page.case.was_reopened) == (Status.WORKING, True)
    assert page.case.clock.due.on == date(2026, 11, 23)
    with office.work("roads-clerk") as work:
        case_desk.write_reply(work, opened.number, "补充答复：十二月二十日完工。")
        case_desk.submit_reply(work, opened.number)
    with office.work("roads-head") as work:
        case_desk.publish_reply(work, opened.number)
    with office.work("chen") as work:
        assert case_asker.rate_reply(work, opened.number, 1) is False
    assert status_of(office, opened.number) == Status.CLOSED
    with pytest.raises(AlreadyDone), office.work("chen") as work:
        case_asker.rate_reply(work, opened.number, 5)


def test_an_anonymous_asker_follows_and_rates_by_the_code_and_by_nothing_else(office: Office) -> None:
    opened = answered(office, None)
    with office.database.reading() as session:
        shown = asker_page(session, office.rules, office.today, opened.number, Subject(), opened.lookup_code)
        assert shown.case.subject == "关于农村公路的工期"
        for wrong in (None, "", "A" * 16, opened.lookup_code[:-1]):
            with pytest.raises(NotThere):
                asker_page(session, office.rules, office.today, opened.number, Subject(), wrong)
    with pytest.raises(NotThere), office.work(None) as work:
        case_asker.rate_reply(work, opened.number, 5)
    with office.work(None) as work:
        case_asker.rate_reply(work, opened.number, 4, "", opened.lookup_code.lower())
    assert status_of(office, opened.number) == Status.CLOSED


def test_the_author_cannot_approve_nor_whoever_wrote_an_earlier_draft(office: Office) -> None:
    opened = accepted(office)
    with office.work("roads-head") as work:
        case_desk.claim(work, opened.number)
        case_desk.write_reply(work, opened.number, "第一稿：年底完工。")
    with office.work("roads-clerk") as work:
        case_desk.write_reply(work, opened.number, "第二稿：十二月底完工。")
        case_desk.submit_reply(work, opened.number)
    with pytest.raises(OwnWork), office.work("roads-head") as work:
        case_desk.publish_reply(work, opened.number)
    with pytest.raises(NotThere), office.work("roads-clerk") as work:
        case_desk.publish_reply(work, opened.number)
    with office.work("finance") as work:
        case_desk.publish_reply(work, opened.number)
    with office.database.reading() as session:
        rows = session.exec(select(Approval).order_by(col(Approval.id))).all()
    assert [(row.state, row.author_id, row.decided_by) for row in rows] == [
        ("dropped", office.people["roads-head"], None),
        ("approved", office.people["roads-clerk"], office.people["finance"]),
    ]


def test_a_draft_sent_back_is_rewritten_and_published(office: Office) -> None:
    opened = in_review(office)
    with pytest.raises(WrongOrder), office.work("roads-clerk") as work:
        case_desk.write_reply(work, opened.number, "偷偷改一下。")
    with office.work("roads-head") as work:
        case_desk.send_back_reply(work, opened.number, "请写明日期")
    with office.work("roads-clerk") as work:
        case_desk.write_reply(work, opened.number, "将于十二月三十日完工。")
        case_desk.submit_reply(work, opened.number)
    with office.work("roads-head") as work:
        case_desk.publish_reply(work, opened.number)
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert page.messages[-1].text == "将于十二月三十日完工。"
    assert "请写明日期" not in repr(page)


def test_personal_data_in_a_reply_is_scrubbed_and_shown_to_the_reviewer_before(office: Office) -> None:
    opened = accepted(office)
    with office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number)
        case_desk.write_reply(work, opened.number, f"请联系经办人手机 {PHONE}。")
        preview = case_desk.preview_reply(work, opened.number)
        case_desk.submit_reply(work, opened.number)
    assert preview is not None
    assert preview.was_scrubbed
    assert PHONE not in preview.public
    with office.work("roads-head") as work:
        case_desk.publish_reply(work, opened.number)
    with office.database.reading() as session:
        assert PHONE not in repr(public_page(session, office.rules, office.today, opened.number))


def test_a_wrong_number_is_checked_corrected_in_a_release_and_the_page_says_so(office: Office) -> None:
    about: dict[str, Any] = {
        "kind": CaseKind.WRONG_NUMBER,
        "figure": "spending@2?region_code=440103",
        "release_number": 2,
    }
    with pytest.raises(InputRefused, match="哪个版本"), office.work("chen") as work:
        open_case(work, question(kind=CaseKind.WRONG_NUMBER), ROADS)
    opened = accepted(office, form=question(**about))
    with office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number)
        case_desk.write_reply(work, opened.number, "确有错误，下一版更正。")
    with pytest.raises(WrongOrder, match="核查结论"), office.work("roads-clerk") as work:
        case_desk.submit_reply(work, opened.number)
    with office.work("roads-clerk") as work:
        case_desk.record_finding(work, opened.number, Finding.CONFIRMED, "科目录错")
        case_desk.submit_reply(work, opened.number)
    with office.work("roads-head") as work:
        case_desk.publish_reply(work, opened.number)
    with pytest.raises(InputRefused), office.work("finance") as work:
        case_desk.record_correction(work, opened.number, 2)
    with office.work("finance") as work:
        case_desk.record_correction(work, opened.number, 3)
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert (page.case.finding, page.case.corrected_in_release) == (Finding.CONFIRMED, 3)
    assert page.messages[-1].text == "此数字已在第 3 版更正。"


def test_a_replayed_form_is_not_a_second_case(office: Office) -> None:
    ask(office, form=question(form_key="form-1"))
    with pytest.raises(AlreadyDone):
        ask(office, form=question(form_key="form-1"))
    with office.database.reading() as session:
        assert len(session.exec(select(Case)).all()) == 1


def test_a_stale_page_changes_nothing(office: Office) -> None:
    opened = accepted(office)
    with pytest.raises(Stale), office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number, expected_version=0)
    assert status_of(office, opened.number) == Status.ASSIGNED


def test_kinds_that_need_a_sign_in_or_a_role_are_refused_to_others(office: Office) -> None:
    with pytest.raises(NotAllowed), office.work(None) as work:
        open_case(work, question(kind=CaseKind.DISCLOSURE_REQUEST), ROADS)
    with pytest.raises(NotAllowed), office.work("chen") as work:
        open_case(work, question(kind=CaseKind.INQUIRY), ROADS)
    assert ask(office, form=question(kind=CaseKind.DISCLOSURE_REQUEST)).due.on == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("text", "", "至少"),
        ("text", "   \u200b\u202e  ", "至少"),
        ("text", "路" * 5_001, "最多"),
        ("text", "路" * 100_000, "最多"),
        ("subject", "\n", "至少"),
        ("subject", "路" * 81, "最多"),
    ],
    ids=["empty", "invisible", "long", "very-long", "empty-subject", "long-subject"],
)
def test_a_text_that_cannot_be_taken_is_refused_with_its_field(
    office: Office, field: str, value: str, reason: str
) -> None:
    with pytest.raises(InputRefused, match=reason) as refused:
        ask(office, form=question(**{field: value}))
    assert refused.value.field == field


def test_html_formulas_and_emoji_are_kept_as_they_are(office: Office) -> None:
    text = "<script>alert(1)</script> =1+1 {{7*7}} 👨‍👩‍👧 修路\r\n第二行"
    opened = accepted(office, form=question(text=text))
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert page.messages[0].text == text.replace("\r\n", "\n")


def test_a_field_that_is_not_in_the_form_is_refused() -> None:
    with pytest.raises(ValueError, match="status"):
        question(status="closed")


def test_a_pause_moves_the_due_day_and_its_reason_is_public(office: Office) -> None:
    opened = accepted(office)
    with office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number)
    office.move_to(date(2026, 11, 4))
    with office.work("roads-clerk") as work:
        case_desk.pause(work, opened.number, "请补充路段位置")
    with office.database.reading() as session:
        paused = public_page(session, office.rules, date(2026, 12, 24), opened.number).case
    assert (paused.clock.punctuality, paused.pause_reason) == (Punctuality.PAUSED, "请补充路段位置")
    office.move_to(date(2026, 11, 11))
    with office.work("chen") as work:
        case_asker.supplement(work, opened.number, "在村口到小学之间。")
    with office.database.reading() as session:
        running = public_page(session, office.rules, office.today, opened.number).case
    assert (running.status, running.clock.due.on) == (Status.WORKING, date(2026, 11, 16))


def test_lateness_shows_at_midnight_and_an_overdue_case_cannot_be_paused(office: Office) -> None:
    opened = accepted(office)
    with office.database.reading() as session:
        shown = {
            day: public_page(session, office.rules, date(2026, 11, day), opened.number).case.clock
            for day in (9, 10, 23, 24)
        }
    assert [shown[day].punctuality.value for day in shown] == [
        "due_today",
        "overdue",
        "overdue",
        "long_overdue",
    ]
    assert shown[24].days_late == 11
    office.move_to(date(2026, 11, 10))
    with office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number)
    with pytest.raises(WrongOrder, match="超期"), office.work("roads-clerk") as work:
        case_desk.pause(work, opened.number, "再等等")


def test_a_transfer_changes_the_owner_and_says_why(office: Office) -> None:
    opened = accepted(office)
    with office.work("roads-head") as work:
        case_desk.transfer(work, opened.number, SCHOOLS, "校门口的路归教育部门")
    with pytest.raises(NotThere), office.work("roads-clerk") as work:
        case_desk.claim(work, opened.number)
    with office.work("schools-clerk") as work:
        case_desk.claim(work, opened.number)
    with office.database.reading() as session:
        page = public_page(session, office.rules, office.today, opened.number)
    assert page.case.unit_id == "U-SCHOOLS"
    assert "校门口的路归教育部门" in [message.text for message in page.messages]


def test_only_those_who_may_work_on_a_case_can_be_assigned(office: Office) -> None:
    opened = accepted(office)
    with pytest.raises(InputRefused), office.work("roads-head") as work:
        case_desk.assign(work, opened.number, office.people["schools-clerk"])
    with office.work("roads-head") as work:
        case_desk.assign(work, opened.number, office.people["roads-clerk"])
    with office.database.reading() as session:
        mine = queue(
            session, office.rules, office.today, office.subject("roads-clerk"), CaseFilter(), only_mine=True
        )
    assert [found.case.number for found in mine] == [opened.number]


def test_an_official_does_not_handle_a_case_of_his_own(office: Office) -> None:
    opened = ask(office, "roads-head")
    with pytest.raises(OwnWork), office.work("roads-head") as work:
        case_desk.accept(work, opened.number, is_listed=True)


def test_the_queue_runs_by_deadline_with_paused_cases_behind(office: Office) -> None:
    first = accepted(office, form=question(kind=CaseKind.DISCLOSURE_REQUEST))
    second = accepted(office)
    paused = accepted(office)
    with office.work("roads-clerk") as work:
        case_desk.claim(work, paused.number)
        case_desk.pause(work, paused.number, "等补充材料")
    with office.database.reading() as session:
        rows = queue(session, office.rules, office.today, office.subject("roads-clerk"), CaseFilter())
    assert [row.case.number for row in rows] == [second.number, first.number, paused.number]


# ---------------------------------------------------------------- every step from every status


def reach(office: Office, status: Status) -> str:
    """A case of the roads unit in a status."""
    if status is Status.RECEIVED:
        return ask(office).number
    if status is Status.IN_REVIEW:
        return in_review(office).number
    if status in {Status.ANSWERED, Status.CLOSED}:
        number = answered(office).number
        if status is Status.CLOSED:
            with office.work("chen") as work:
                case_asker.rate_reply(work, number, 5)
        return number
    number = accepted(office).number
    if status in {Status.WORKING, Status.PAUSED}:
        with office.work("roads-clerk") as work:
            case_desk.claim(work, number)
            if status is Status.PAUSED:
                case_desk.pause(work, number, "等补充材料")
            else:
                case_desk.write_reply(work, number, "答复的草稿。")
    if status is Status.REFUSED:
        with office.work("roads-clerk") as work:
            case_desk.refuse(work, number, "不属于本平台受理范围")
    if status is Status.WITHDRAWN:
        with office.work("chen") as work:
            case_asker.withdraw(work, number)
    return number


def take(office: Office, number: str, step: Step) -> None:
    asker = {Step.SUPPLY, Step.REOPEN, Step.CLOSE, Step.WITHDRAW}
    finance = {Step.RESTORE, Step.CORRECT}
    head = {Step.PUBLISH, Step.SEND_BACK, Step.TRANSFER, Step.ASSIGN}
    who = (
        "chen"
        if step in asker
        else "finance"
        if step in finance
        else "roads-head"
        if step in head
        else "roads-clerk"
    )
    with office.work(who) as work:
        actions: dict[Step, Callable[[], object]] = {
            Step.ACCEPT: lambda: case_desk.accept(work, number, is_listed=True),
            Step.REFUSE: lambda: case_desk.refuse(work, number, "不属于受理范围"),
            Step.RESTORE: lambda: case_desk.restore(work, number),
            Step.TRANSFER: lambda: case_desk.transfer(work, number, SCHOOLS, "归教育部门"),
            Step.ASSIGN: lambda: case_desk.assign(work, number, office.people["roads-clerk"]),
            Step.CLAIM: lambda: case_desk.claim(work, number),
            Step.HAND_BACK: lambda: case_desk.hand_back(work, number),
            Step.PAUSE: lambda: case_desk.pause(work, number, "等补充材料"),
            Step.RESUME: lambda: case_desk.resume(work, number),
            Step.SUPPLY: lambda: case_asker.supplement(work, number, "补充：在村口。"),
            Step.SUBMIT: lambda: case_desk.submit_reply(work, number),
            Step.SEND_BACK: lambda: case_desk.send_back_reply(work, number, "请写明日期"),
            Step.PUBLISH: lambda: case_desk.publish_reply(work, number),
            Step.RECORD_FINDING: lambda: case_desk.record_finding(work, number, Finding.CONFIRMED, "录错"),
            Step.REOPEN: lambda: case_asker.rate_reply(work, number, 1),
            Step.CLOSE: lambda: case_asker.rate_reply(work, number, 5),
            Step.WITHDRAW: lambda: case_asker.withdraw(work, number),
            Step.CORRECT: lambda: case_desk.record_correction(work, number, 3),
        }
        actions[step]()


def snapshot(office: Office) -> list[object]:
    with office.database.reading() as session:
        return [
            [dict(row) for row in session.connection().execute(table.select()).mappings()]
            for name, table in sorted(Base.metadata.tables.items())
            if name != "throttle"
        ]


ONLY_FOR_CONFIRMED_ERRORS = {Step.CORRECT, Step.RECORD_FINDING}
ADDS_A_MESSAGE_ONLY = {Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.IN_REVIEW}


@pytest.mark.parametrize("status", Status)
def test_every_step_is_taken_where_the_table_has_it_and_changes_nothing_elsewhere(
    office: Office, status: Status
) -> None:
    resting = reach(office, status)
    before = snapshot(office)
    for step in Step:
        transition = TRANSITIONS[step]
        if status in transition.sources and step not in ONLY_FOR_CONFIRMED_ERRORS:
            number = reach(office, status)
            assert status_of(office, number) == status
            take(office, number, step)
            assert status_of(office, number) == transition.target
            before = snapshot(office)
        elif step is Step.SUPPLY and status in ADDS_A_MESSAGE_ONLY:
            take(office, resting, step)
            assert status_of(office, resting) == status
            before = snapshot(office)
        else:
            with pytest.raises((WrongOrder, AlreadyDone)):
                take(office, resting, step)
            assert snapshot(office) == before, (status, step)


def test_a_release_is_approved_by_another_person_too(office: Office) -> None:
    release = approvals.ApprovalSubject("release", "3")
    with office.work("roads-head") as work:
        approvals.draft(work, release, "{}")
        approvals.submit(work, release)
    with pytest.raises(OwnWork), office.work("roads-head") as work:
        approvals.approve(work, release)
    with pytest.raises(NotAllowed), office.work(None) as work:
        approvals.approve(work, release)
    with office.work("finance") as work:
        assert approvals.approve(work, release).state == "approved"
    with pytest.raises(WrongOrder), office.work("finance") as work:
        approvals.approve(work, release)
    assert account_row(office, "finance").login == "finance"
    assert office.today == MONDAY
