"""The desk of cases as templates read it: a queue by deadline, and one case with everything a clearance reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.reading.edition import Edition
from portal.web.cases_places import Place, unit_choices
from portal.web.cases_views import CaseLine, TimelineEntry, case_line, own_path, timeline
from portal.web.cases_words import FINDING_NAMES
from portal.writing.acting import Rules, Subject
from portal.writing.approvals import ApprovalSubject, history, open_approval
from portal.writing.case_counts import DeskCounts
from portal.writing.case_views import DeskCase, DeskPage, OriginalText
from portal.writing.colleagues import Colleague, names_of, who_may_work
from portal.writing.database import ReadingSession
from portal.writing.errors import NotAllowed
from portal.writing.models.words import ApprovalState, CaseKind
from portal.writing.permissions import Row, may_ever, visible_fields
from portal.writing.pictures import PictureOut
from portal.writing.templates import fill, list_templates

VIEWS = {
    "mine": "我的",
    "open": "本单位在办",
    "new": "待受理",
    "overdue": "超期",
    "review": "待审核",
    "refused": "不予受理",
    "all": "全部",
}


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One case in the queue."""

    line: CaseLine
    version: int
    assignee: str
    hints: str
    is_listed: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The queue: one view of it, with the counts of all. `results` tells what a bulk action did to each case."""

    view: str
    views: tuple[Place, ...]
    counts: DeskCounts
    lines: tuple[QueueLine, ...]
    is_cut: bool
    asked: Mapping[str, str]
    kinds: tuple[Place, ...]
    may_triage: bool
    may_transfer: bool
    results: tuple[BulkResult, ...]


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What a bulk action did to one case: nothing is said when it went well."""

    number: str
    refusal: str


@dataclass(frozen=True, slots=True)
class DraftView:
    """The open draft: as written, and as it would be published. `is_mine`: the reader wrote some draft of it."""

    body: str
    published: str
    state: str
    author: str
    written_at: datetime
    version: int
    reason: str
    is_submitted: bool
    is_mine: bool

    @property
    def loses_something(self) -> bool:
        """Whether personal data would be taken out."""
        return self.body != self.published


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template with its places filled for this case."""

    id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class DeskCaseView:
    """One case on the desk. `may` holds the steps; `hidden` names what the clearance does not reach."""

    line: CaseLine
    version: int
    timeline: tuple[TimelineEntry, ...]
    originals: tuple[OriginalText, ...]
    pictures: tuple[PictureOut, ...]
    may: frozenset[str]
    assignee: str
    hints: str
    is_listed: bool
    is_own: bool
    figure: str
    figure_path: str
    release_number: int | None
    finding: str
    is_report: bool
    draft: DraftView | None
    sees_drafts: bool
    hidden: tuple[str, ...]
    templates: tuple[TemplateChoice, ...]
    colleagues: tuple[Colleague, ...]
    units: tuple[Place, ...]
    may_note: bool


FIELD_NAMES = {
    "asker_messages": "给提问人的消息",
    "notes": "内部备注",
    "drafts": "答复草稿",
    "pictures": "图片",
    "original": "脱敏前的原文",
    "asker": "提问人账户",
}


def queue_line(found: DeskCase, edition: Edition | None, names: Mapping[int, str]) -> QueueLine:
    """One case of the queue with names."""
    return QueueLine(
        case_line(found.case, edition),
        found.version,
        names.get(found.assignee_id or 0, ""),
        found.spam_hints or "",
        found.is_listed,
    )


def queue_lines(
    session: ReadingSession, found: Sequence[DeskCase], edition: Edition | None
) -> tuple[QueueLine, ...]:
    """The queue with the names of those who work on it."""
    names = names_of(session, (one.assignee_id for one in found))
    return tuple(queue_line(one, edition, names) for one in found)


@dataclass(frozen=True, slots=True)
class DeskReader:
    """Who reads the desk, by which rules, on which day."""

    subject: Subject
    rules: Rules
    today: date
    edition: Edition | None


def desk_case_view(
    session: ReadingSession,
    reader: DeskReader,
    page: DeskPage,
    pictures: Sequence[PictureOut],
    find_unit: str = "",
) -> DeskCaseView:
    """One case on the desk with everything this reader may see of it."""
    found = page.case
    fields = visible_fields(reader.subject, "case", Row(found.where, found.asker_id))
    names = names_of(session, [found.assignee_id])
    may = frozenset(step.value for step in page.may)
    case = found.case
    return DeskCaseView(
        line=case_line(case, reader.edition),
        version=found.version,
        timeline=timeline(page.messages, reader.edition, case.kind),
        originals=page.originals,
        pictures=tuple(pictures),
        may=may,
        assignee=names.get(found.assignee_id or 0, ""),
        hints=found.spam_hints or "",
        is_listed=found.is_listed,
        is_own=found.asker_id is not None and found.asker_id == reader.subject.account_id,
        figure=case.figure or "",
        figure_path=own_path(case.figure or ""),
        release_number=case.release_number,
        finding=FINDING_NAMES[case.finding] if case.finding else "",
        is_report=case.kind is CaseKind.WRONG_NUMBER,
        draft=_draft(session, reader, found) if "drafts" in fields else None,
        sees_drafts="drafts" in fields,
        hidden=tuple(name for code, name in FIELD_NAMES.items() if code not in fields),
        templates=_templates(session, reader, found) if "submit" in may else (),
        colleagues=who_may_work(session, found.where) if "assign" in may else (),
        units=unit_choices(reader.edition, find_unit) if reader.edition and "transfer" in may else (),
        may_note=may_ever(reader.subject, "case", "note"),
    )


def _draft(session: ReadingSession, reader: DeskReader, found: DeskCase) -> DraftView | None:
    subject = ApprovalSubject("reply", f"{found.case.number}/{int(found.case.was_reopened)}")
    draft = open_approval(session, subject)
    if draft is None:
        return None
    authors = {one.author_id for one in history(session, subject)}
    return DraftView(
        draft.body,
        reader.rules.scrub(draft.body).text,
        "已提交审核" if draft.state is ApprovalState.SUBMITTED else "起草中",
        names_of(session, [draft.author_id]).get(draft.author_id, ""),
        draft.written_at,
        draft.version,
        draft.reason,
        draft.state is ApprovalState.SUBMITTED,
        reader.subject.account_id in authors,
    )


def _templates(session: ReadingSession, reader: DeskReader, found: DeskCase) -> tuple[TemplateChoice, ...]:
    if not may_ever(reader.subject, "template", "read"):
        return ()
    try:
        known = list_templates(session, reader.subject)
    except NotAllowed:
        return ()
    return tuple(
        TemplateChoice(one.id, one.title, fill(one.body, found.case.number, found.subject, reader.today))
        for one in known
        if one.unit_id == found.where.unit_id
    )
