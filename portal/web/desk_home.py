"""The desk's first page: what waits for whoever looks; and the page that says why something is allowed or denied."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get
from sqlmodel import Session

from portal.reading.edition import Edition
from portal.reading.tongue import tell
from portal.web.account import said_role
from portal.web.asking import parameters_of, standing_of
from portal.web.cases_places import path_of
from portal.web.guarding import Staff, works_with
from portal.web.pages import MenuItem, site_of
from portal.web.private_pages import menu_for, private_page
from portal.web.writing_room import AnyRequest, Caller, WritingRoom, caller_of, room_of
from portal.writing.acting import Whereabouts
from portal.writing.alerts import count_alerts
from portal.writing.audit import read_head
from portal.writing.case_views import CaseFilter, queue
from portal.writing.errors import NotAllowed, NotThere
from portal.writing.explaining import Asked, explain_access
from portal.writing.models.words import AlertStatus, Status
from portal.writing.permission_table import ACTION_NAMES, ACTIONS, FIELD_CLEARANCE, RESOURCE_NAMES
from portal.writing.permissions import Explanation

OPEN = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW})


@dataclass(frozen=True, slots=True)
class Card:
    """One room with what waits in it."""

    room: MenuItem
    sentence: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class DeskHome:
    """What waits for whoever looks."""

    display_name: str
    roles: tuple[str, ...]
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class WhyView:
    """A question of permission, as it was asked, and its answer."""

    resource: str
    action: str
    field: str
    login: str
    key: str
    unit: str
    sector: str
    region: str
    may_ask_for_others: bool
    pairs: tuple[tuple[str, str, str], ...]
    fields: tuple[str, ...]
    answer: Explanation | None
    refused: str = ""


@get("/desk", guards=[Staff()])
async def desk(request: AnyRequest) -> Response[bytes]:
    """DeskHome."""
    room, caller = room_of(request), caller_of(request)
    candidates = len(site_of(request).library.shelf.store.candidates())
    cards = await room.read(lambda session: _cards(session, room, caller, candidates))
    name = caller.visit.display_name if caller.visit else ""
    roles = tuple(said_role(held) for held in caller.subject.held)
    return private_page(request, "desk/home.html", DeskHome(name, roles, cards))


def _cards(session: Session, room: WritingRoom, caller: Caller, candidates: int) -> tuple[Card, ...]:
    made = []
    for item in menu_for(caller.subject)[1:]:
        sentence, is_late = _waiting(session, room, caller, item.path, candidates)
        made.append(Card(item, sentence, is_late))
    return tuple(made)


def _waiting(
    session: Session, room: WritingRoom, caller: Caller, path: str, candidates: int
) -> tuple[str, bool]:
    """What waits in a room, in a sentence, and whether some of it is late."""
    subject, today = caller.subject, caller.acting.today
    if path == "/desk/cases":
        cases = [
            found.case
            for found in queue(session, room.rules, today, subject, CaseFilter(limit=500))
            if found.case.status in OPEN
        ]
        late = sum(1 for case in cases if case.clock.days_late)
        waiting_words = (
            tell("{} 件在办，其中 {} 件超期", len(cases), late) if late else tell("{} 件在办", len(cases))
        )
        return waiting_words, late > 0
    if path == "/desk/alerts":
        counts = count_alerts(session, subject)
        waiting = sum(count for status, count in counts.items() if status is not AlertStatus.CLOSED)
        return tell("{} 条预警未销号", f"{waiting:,}"), False
    if path == "/desk/releases":
        return (tell("{} 个候选版本等待复核", candidates) if candidates else "没有等待复核的候选版本"), False
    if path == "/desk/log":
        return tell("共 {} 条记录", read_head(session).sequence), False
    return {"/desk/tables": "范围内的明细，可导出", "/desk/accounts": "账户、授权、邀请"}.get(path, ""), False


def _told(resource: str, action: str) -> str:
    """An action on a kind of thing in the language of the page."""
    return tell("{}做“{}”", tell(RESOURCE_NAMES[resource]), tell(ACTION_NAMES[action]))


@get("/desk/why", guards=[Staff()])
async def why_page(request: AnyRequest) -> Response[bytes]:
    """WhyView."""
    room, caller = room_of(request), caller_of(request)
    given = {name: values[-1].strip()[:200] for name, values in parameters_of(request).items()}
    asked = _asked(given, standing_of(request).edition)
    answer, refused = None, ""
    if (asked.resource, asked.action) in ACTIONS:
        try:
            answer = await room.read(lambda session: explain_access(session, caller.subject, asked))
        except (NotThere, NotAllowed) as error:
            refused = str(error)
    view = WhyView(
        resource=asked.resource,
        action=asked.action,
        field=asked.field or "",
        login=asked.login,
        key=asked.key,
        unit=given.get("unit", ""),
        sector=given.get("sector", ""),
        region=given.get("region", ""),
        may_ask_for_others=works_with(caller.subject, "account", "read"),
        pairs=tuple((what, act, _told(what, act)) for what, act in ACTIONS),
        fields=tuple(sorted({field for fields in FIELD_CLEARANCE.values() for field in fields})),
        answer=answer,
        refused=refused,
    )
    return private_page(request, "desk/why.html", view)


def _asked(given: dict[str, str], edition: Edition | None) -> Asked:
    resource, _, action = given.get("what", "").partition("/")
    resource, action = given.get("resource") or resource, given.get("action") or action
    region = given.get("region", "")
    path = path_of(edition, region) if edition and region else ""
    places = (given.get("unit", ""), given.get("sector", ""), path)
    field = given.get("field") or None
    if field not in FIELD_CLEARANCE.get(resource, {}):
        field = None
    where = Whereabouts(*places) if any(places) else None
    return Asked(resource, action, field, given.get("login", ""), given.get("key", ""), where)


DESK_HOME = [desk, why_page]
