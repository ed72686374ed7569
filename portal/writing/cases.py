"""Cases: opened with a number at once, found through the permission clause, moved by the table of transitions.

Each function works inside the caller's unit of work; the case, its messages, its clock and the log entry are written
together or not at all. A case that is to be changed is locked first, so of many who try the same step one wins and the
others learn that the status has moved on.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from portal.writing.acting import Acting, Subject, Whereabouts, Work, digest_of
from portal.writing.audit import Change, plain
from portal.writing.case_clocks import start_clock
from portal.writing.case_table import Step, Transition, transition_from
from portal.writing.clocks import Due
from portal.writing.database import dialect_of, insert_once, swap
from portal.writing.deadlines import RULE_OF_KIND
from portal.writing.errors import AlreadyDone, InputRefused, NotThere, OwnWork, Stale
from portal.writing.inputs import CaseIn
from portal.writing.models import Base, Case, Counter, Message, Original
from portal.writing.models.words import Audience, CaseKind, ClockSubject, MessageKind, Status
from portal.writing.permissions import CASE_COLUMNS, require, scope_clause
from portal.writing.spam import spam_hints
from portal.writing.texts import SUBJECT, TEXT, Cleaned, clean, text_digest

SAME_TEXT_DAYS = 7
OF_ASKERS = frozenset({"supplement", "withdraw", "rate_reply"})
_OPENING = {CaseKind.DISCLOSURE_REQUEST: "open_request", CaseKind.INQUIRY: "open_inquiry"}


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """What the asker is told at once. `lookup_code` is shown this one time; with it the case can be followed."""

    id: int
    number: str
    lookup_code: str
    due: Due


def open_case(
    work: Work,
    wanted: CaseIn,
    where: Whereabouts,
    *,
    lookup_code: str | None = None,
    hints: tuple[str, ...] = (),
) -> OpenedCase:
    """Take a case in. Nothing of it is public before somebody accepts it.

    `lookup_code` is a secret the form brings along (see `receipts`); without one it is drawn. `hints` are what the
    form itself tells the person who moderates.

    Raises: InputRefused; NotAllowed when the kind needs a sign-in or a role; AlreadyDone when the same form came before.
    """
    require(work.subject, "case", _OPENING.get(wanted.kind, "open"))
    _check_figure(wanted)
    subject = clean(work.rules, "subject", wanted.subject, SUBJECT, is_one_line=True)
    text = clean(work.rules, "text", wanted.text, TEXT)
    code = lookup_code or base64.b32encode(work.rules.entropy(10)).decode()
    row = _new_row(work, wanted, where, subject, text)
    row.spam_hints = "；".join(filter(None, (row.spam_hints, *hints)))
    row.lookup_digest = digest_of(f"{row.number} {code}")
    case_id = insert_once(work.session, row)
    if case_id is None:
        raise AlreadyDone("这份表单已经提交过，没有重复登记。请用上次给您的编号和查询码查看进度。")
    row = work.session.get_one(Case, case_id)
    add_message(work, row, MessageKind.OPENED, Audience.EVERYONE, text, subject=subject)
    due = start_clock(work, ClockSubject.CASE, case_id, "reply", RULE_OF_KIND[wanted.kind])
    work.tell("case.open", "case", row.number, Change("status", None, Status.RECEIVED.value))
    return OpenedCase(case_id, row.number, code, due)


def _check_figure(wanted: CaseIn) -> None:
    is_report = wanted.kind is CaseKind.WRONG_NUMBER
    if is_report and (not wanted.figure or wanted.release_number is None):
        raise InputRefused("figure", "数据纠错须指明是哪个版本的哪个数字；请从页面上该数字旁的“纠错”进入。")
    if wanted.figure is not None and len(wanted.figure) > 1_000:
        raise InputRefused("figure", "数字的地址太长。")


def _new_row(work: Work, wanted: CaseIn, where: Whereabouts, subject: Cleaned, text: Cleaned) -> Case:
    digest = text_digest(text.original)
    hints = spam_hints(subject.original, text.original, _same_text_before(work.session, work.acting, digest))
    return Case(
        number=_next_number(work),
        lookup_digest="",
        kind=wanted.kind,
        status=Status.RECEIVED,
        subject=subject.public,
        wants_listing=wanted.wants_listing,
        project_id=wanted.project_id,
        figure=wanted.figure,
        release_number=wanted.release_number,
        unit_id=where.unit_id,
        sector=where.sector,
        region_path=where.region_path,
        asker_id=work.subject.account_id,
        received_at=work.acting.at,
        received_on=work.acting.today,
        spam_hints="；".join(hints),
        form_key=wanted.form_key,
        text_digest=digest,
    )


def _same_text_before(session: Session, acting: Acting, digest: str) -> int:
    since = acting.today - timedelta(days=SAME_TEXT_DAYS)
    found = select(func.count()).where(col(Case.text_digest) == digest, col(Case.received_on) >= since)
    return session.exec(found).one()


def _next_number(work: Work) -> str:
    """`20261105-0007`: the seventh of the day. Counted by the database, so never given twice; a gap may remain."""
    day = work.acting.today.strftime("%Y%m%d")
    table = Base.metadata.tables[str(Counter.__tablename__)]
    counted = dialect_of(work.session).insert(table).values(name=f"case {day}", last=1)
    statement = counted.on_conflict_do_update(
        index_elements=["name"], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
    return f"{day}-{work.session.connection().execute(statement).scalar_one():04d}"


def add_message(
    work: Work,
    case: Case,
    kind: MessageKind,
    audience: Audience,
    text: Cleaned,
    subject: Cleaned | None = None,
) -> int:
    """Append to the timeline of a case that this unit of work holds locked (or has made). Returns its sequence.

    What everyone or the asker may read is stored scrubbed; the original goes to its own table.
    """
    latest = select(func.coalesce(func.max(Message.sequence), 0)).where(col(Message.case_id) == case.id)
    sequence = work.session.exec(latest).one() + 1
    is_desk_only = audience is Audience.OFFICE
    message = Message(
        case_id=case.id or 0,
        sequence=sequence,
        kind=kind,
        audience=audience,
        text=text.original if is_desk_only else text.public,
        author_id=work.subject.account_id,
        author_label=_label(work, case),
        written_at=work.acting.at,
        written_on=work.acting.today,
    )
    work.session.add(message)
    work.session.flush()
    was_scrubbed = text.was_scrubbed or (subject is not None and subject.was_scrubbed)
    if was_scrubbed and not is_desk_only:
        title = "" if subject is None else subject.original
        work.session.add(Original(message_id=message.id or 0, subject=title, text=text.original))
    return sequence


def _label(work: Work, case: Case) -> str:
    """Who wrote, as everyone may read it: an office, never a person."""
    if work.acting.is_system:
        return "系统"
    return f"unit:{case.unit_id}" if work.subject.is_staff else "提问人"


def locked_case(work: Work, number: str, permission: str, expected_version: int | None = None) -> Case:
    """The case, locked for a change by somebody who may do it.

    Raises: NotThere when there is none that this person may change so; Stale when it is not as it was when read;
    OwnWork when an official would handle a case of his own.
    """
    scope = scope_clause(work.subject, "case", permission, CASE_COLUMNS)
    case = _lock(work, number, expected_version, scope)
    if permission not in OF_ASKERS and case.asker_id is not None and case.asker_id == work.subject.account_id:
        raise OwnWork("这是您本人提的件，请由另一位同事办理。")
    return case


def locked_case_of_asker(work: Work, number: str, permission: str, lookup_code: str | None) -> Case:
    """Likewise for the one who asked: by the account, or by the lookup code. Raises: NotThere."""
    if lookup_code is None:
        return locked_case(work, number, permission)
    case = _lock(work, number, None)
    if not is_lookup_code(case, lookup_code):
        raise NotThere
    return case


def locked_case_of_system(work: Work, number: str) -> Case:
    """Likewise for what the portal does by itself. Raises: NotThere."""
    if not work.acting.is_system:
        raise NotThere
    return _lock(work, number, None)


def _lock(work: Work, number: str, expected_version: int | None, *where: object) -> Case:
    found = select(Case).where(col(Case.number) == number, *where)  # type: ignore[arg-type]
    case = work.session.exec(found.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if case is None:
        raise NotThere
    if expected_version is not None and case.version != expected_version:
        raise Stale
    return case


def is_lookup_code(case: Case, code: str) -> bool:
    """Whether the code is the one that was given for the case."""
    return hmac.compare_digest(case.lookup_digest, digest_of(f"{case.number} {code.strip().upper()}"))


def check_step(case: Case, step: Step) -> Transition:
    """The transition of a step for a locked case. Raises: WrongOrder."""
    return transition_from(Status(case.status), step)


def move(work: Work, case: Case, step: Step, text: Cleaned | None = None, **changes: object) -> None:
    """Take a step with a locked case: status, other fields, message and log entry together."""
    transition = check_step(case, step)
    before = {name: getattr(case, name) for name in ("status", *changes)}
    after = {"status": transition.target.value, **changes}
    is_mine = (col(Case.id) == case.id, col(Case.version) == case.version)
    if not swap(work.session, Case, *is_mine, version=case.version + 1, **after):
        raise Stale
    work.session.refresh(case)
    add_message(work, case, transition.message, transition.audience, text or Cleaned("", ""))
    logged = [Change(name, plain(before[name]), plain(after[name])) for name in after]
    work.tell(f"case.{step}", "case", case.number, *logged)


def may_see(session: Session, subject: Subject, number: str, action: str = "read") -> Case:
    """The row of a case that this person may see, for this package only. Raises: NotThere."""
    scope = scope_clause(subject, "case", action, CASE_COLUMNS)
    case = session.exec(select(Case).where(col(Case.number) == number, scope)).one_or_none()
    if case is None:
        raise NotThere
    return case
