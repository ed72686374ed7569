"""Pages of cases as templates read them: the case as it is stored for its reader, with the names the release knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.reading.edition import Edition
from portal.web.cases_places import project_name, unit_name
from portal.web.cases_words import (
    AUDIENCE_NAMES,
    FINDING_NAMES,
    MESSAGE_NAMES,
    ClockWords,
    clock_words,
)
from portal.writing.case_counts import CaseCounts
from portal.writing.case_table import Step
from portal.writing.case_views import CasePage, PublicCase, PublishedMessage
from portal.writing.models.words import CASE_KIND_NAMES, STATUS_NAMES, CaseKind, MessageKind, Status
from portal.writing.pictures import PictureOut

UNLISTED = "（提问人未公开标题）"
_UNIT = re.compile(r"unit:(.+)")
_OWN_PATH = re.compile(r"/[^/\\].{0,900}|/")


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `clock` is None for one that ended without a reply."""

    number: str
    kind: str
    status: str
    title: str
    is_titled: bool
    unit_id: str
    unit: str
    project_id: str
    project: str
    received_on: date
    answered_on: date | None
    clock: ClockWords | None
    rating: int | None
    corrected_in: int | None


@dataclass(frozen=True, slots=True)
class CaseList:
    """A page of the list of cases. `later` is the number to go on behind, or empty."""

    lines: tuple[CaseLine, ...]
    counts: CaseCounts
    later: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One message of a timeline."""

    kind: str
    name: str
    audience: str
    is_open: bool
    author: str
    written_on: date
    written_at: datetime
    text: str
    is_reply: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page of one case. `figure_path` is a path of ours that leads to the reported number, or empty."""

    line: CaseLine
    timeline: tuple[TimelineEntry, ...]
    may: frozenset[str]
    figure: str
    figure_path: str
    release_number: int | None
    finding: str
    is_public: bool
    was_reopened: bool
    pictures: tuple[PictureOut, ...]


def case_line(case: PublicCase, edition: Edition | None) -> CaseLine:
    """A case with names."""
    return CaseLine(
        number=case.number,
        kind=CASE_KIND_NAMES[case.kind],
        status=STATUS_NAMES[case.status],
        title=case.subject or f"{CASE_KIND_NAMES[case.kind]}{UNLISTED}",
        is_titled=case.subject is not None,
        unit_id=case.unit_id,
        unit=unit_name(edition, case.unit_id),
        project_id=case.project_id or "",
        project=project_name(edition, case.project_id) if case.project_id else "",
        received_on=case.received_on,
        answered_on=case.answered_on,
        clock=clock_words(case),
        rating=case.reply_rating,
        corrected_in=case.corrected_in_release,
    )


def case_list(
    found: Sequence[PublicCase], counts: CaseCounts, edition: Edition | None, page_length: int
) -> CaseList:
    """A page of a list; `found` may hold one more than the page, which says that there are more."""
    shown = found[:page_length]
    later = shown[-1].number if len(found) > page_length else ""
    return CaseList(tuple(case_line(case, edition) for case in shown), counts, later)


def case_view(
    page: CasePage, edition: Edition | None, pictures: Sequence[PictureOut], *, is_public: bool
) -> CaseView:
    """The page of a case."""
    case = page.case
    return CaseView(
        line=case_line(case, edition),
        timeline=timeline(page.messages, edition, case.kind),
        may=frozenset(steps_of(page.may, case.status)),
        figure=case.figure or "",
        figure_path=own_path(case.figure or ""),
        release_number=case.release_number,
        finding=FINDING_NAMES[case.finding] if case.finding else "",
        is_public=is_public,
        was_reopened=case.was_reopened,
        pictures=tuple(pictures),
    )


def steps_of(may: Sequence[Step], status: Status) -> set[str]:
    """What the one who asked may do, by the names of the forms on the page."""
    found = set()
    if status in (Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW):
        found.add("supplement")
    if Step.WITHDRAW in may:
        found.add("withdraw")
    if Step.CLOSE in may or Step.REOPEN in may:
        found.add("rate")
    if status in (Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED):
        found.add("pictures")
    return found


def timeline(
    messages: Sequence[PublishedMessage], edition: Edition | None, kind: CaseKind
) -> tuple[TimelineEntry, ...]:
    """Messages with the names of who wrote them: an office or the asker, never a person."""
    return tuple(
        TimelineEntry(
            kind=message.kind.value,
            name=CASE_KIND_NAMES[kind] if message.kind is MessageKind.OPENED else MESSAGE_NAMES[message.kind],
            audience=AUDIENCE_NAMES[message.audience],
            is_open=message.audience.value == "everyone",
            author=author_name(message.author, edition),
            written_on=message.written_on,
            written_at=message.written_at,
            text=message.text,
            is_reply=message.kind in (MessageKind.REPLY, MessageKind.CORRECTION),
            sequence=message.sequence,
        )
        for message in messages
    )


def author_name(label: str, edition: Edition | None) -> str:
    """`unit:U001` as the name of the unit; everything else is words already."""
    found = _UNIT.fullmatch(label)
    return unit_name(edition, found[1]) if found else label


def own_path(figure: str) -> str:
    """The reported figure as a link, when it is a path of ours; anything else is shown as text only."""
    is_own = _OWN_PATH.fullmatch(figure) is not None and figure.isprintable() and " " not in figure
    return figure if is_own else ""
