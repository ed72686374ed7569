"""What the one who asked can still do: add something, take the case back, rate the reply (a low rating reopens once).

By account, or without one by the lookup code that was shown when the case was opened.
"""

from __future__ import annotations

from portal.writing import approvals
from portal.writing.acting import Work
from portal.writing.case_clocks import current_clock, resume_clock, start_clock, stop_clock
from portal.writing.case_desk import reply_of
from portal.writing.case_table import Step
from portal.writing.cases import add_message, check_step, locked_case_of_asker, locked_case_of_system, move
from portal.writing.deadlines import RULE_OF_KIND
from portal.writing.errors import AlreadyDone, InputRefused, WrongOrder
from portal.writing.models import Case
from portal.writing.models.words import STATUS_NAMES, Audience, CaseKind, ClockSubject, MessageKind, Status
from portal.writing.texts import REASON, TEXT, Cleaned, clean

LOW_RATING = 2
CLOSES_AFTER_WORKING_DAYS = 10
MESSAGES_AT_MOST = 80
_CAN_SUPPLEMENT = (Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW)


def supplement(work: Work, number: str, text: str, lookup_code: str | None = None) -> None:
    """Add something to a case that is not answered yet; when the office waited for it, the clock runs again."""
    case = locked_case_of_asker(work, number, "supplement", lookup_code)
    if case.status not in _CAN_SUPPLEMENT:
        raise WrongOrder(f"此件“{STATUS_NAMES[Status(case.status)]}”，不能再补充。可以另提一件。")
    added = clean(work.rules, "text", text, TEXT)
    if case.status == Status.PAUSED:
        resume_clock(work, current_clock(work.session, ClockSubject.CASE, case.id or 0))
        move(work, case, Step.SUPPLY, added)
        return
    if add_message(work, case, MessageKind.SUPPLEMENT, Audience.EVERYONE, added) > MESSAGES_AT_MOST:
        raise InputRefused("text", "补充次数太多，请等待答复。")
    work.tell("case.supplement", "case", number)


def withdraw(work: Work, number: str, lookup_code: str | None = None) -> None:
    """Take back a case that is not answered yet. It disappears from public lists; the office keeps it."""
    case = locked_case_of_asker(work, number, "withdraw", lookup_code)
    check_step(case, Step.WITHDRAW)
    approvals.drop_open(work, reply_of(case))
    stop_clock(work, current_clock(work.session, ClockSubject.CASE, case.id or 0))
    move(work, case, Step.WITHDRAW, closed_on=work.acting.today)


def rate_reply(
    work: Work, number: str, rating: int, reason: str = "", lookup_code: str | None = None
) -> bool:
    """Rate the reply, 1 to 5. A low first rating reopens the case, once; any other closes it. True: reopened.

    Raises: WrongOrder before there is a reply; AlreadyDone when this reply was rated.
    """
    if type(rating) is not int or not 1 <= rating <= 5:
        raise InputRefused("rating", "评分为 1 至 5。")
    case = locked_case_of_asker(work, number, "rate_reply", lookup_code)
    if case.status == Status.CLOSED and case.reply_rating is not None:
        raise AlreadyDone("这次答复已经评过分。")
    words = clean(work.rules, "reason", reason, REASON) if reason else Cleaned("", "")
    if rating <= LOW_RATING and case.reopened_count == 0:
        _reopen(work, case, rating, words)
        return True
    move(work, case, Step.CLOSE, words, reply_rating=rating, closed_on=work.acting.today)
    return False


def _reopen(work: Work, case: Case, rating: int, words: Cleaned) -> None:
    check_step(case, Step.REOPEN)
    start_clock(work, ClockSubject.CASE, case.id or 0, "reply 2", RULE_OF_KIND[CaseKind(case.kind)])
    move(work, case, Step.REOPEN, words, reply_rating=rating, reopened_count=1, answered_on=None)


def close_if_silent(work: Work, number: str) -> bool:
    """The portal closes an answered case nobody rated within ten working days. False: not yet."""
    case = locked_case_of_system(work, number)
    check_step(case, Step.CLOSE)
    answered_on = case.answered_on or work.acting.today
    if work.rules.calendar.working_days_between(answered_on, work.acting.today) < CLOSES_AFTER_WORKING_DAYS:
        return False
    move(work, case, Step.CLOSE, closed_on=work.acting.today)
    return True
