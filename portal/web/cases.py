"""Cases in public: the list with its filters, one case with its timeline, pictures, and how units answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote, urlencode

from litestar import Response, get
from litestar.params import FromPath

from portal.reading.errors import Fault, QueryRefused
from portal.web.asking import Parameters, parameters_of, standing_of
from portal.web.cases_places import Place, project_name, region_choices, unit_name
from portal.web.cases_views import CaseLine, CaseList, CaseView, case_line, case_list, case_view
from portal.web.cases_words import STARS_WORDS
from portal.web.guarding import Anyone, Needs, SignedIn
from portal.web.private_pages import PRIVATE, private_page, see_other
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Rules, Subject
from portal.writing.case_counts import count_public
from portal.writing.case_views import (
    CaseFilter,
    CasePage,
    PublicCase,
    asker_page,
    list_own,
    list_public,
    public_page,
)
from portal.writing.database import ReadingSession
from portal.writing.errors import NotThere
from portal.writing.models.words import CASE_KIND_NAMES, CaseKind, Status
from portal.writing.pictures import PictureOut, list_pictures, read_picture
from portal.writing.statistics import SMALLEST_SAMPLE, ReplyStatistics, statistics_by_unit

PAGE_LENGTH = 25
STATISTICS_SPAN = timedelta(days=365)
STANDINGS = {
    "open": ("未答复", (Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW)),
    "overdue": ("已超期", ()),
    "answered": ("已答复", (Status.ANSWERED, Status.CLOSED)),
}
DONE = {
    "supplement": "补充的内容已经记入。",
    "withdraw": "此件已撤回，不再公开；承办单位保留记录。",
    "rate": "谢谢您的评价，此件已办结。",
    "reopen": "您对答复不满意，此件已重新办理，期限重新计算。每件可以重新办理一次。",
    "pictures": "图片已经收到；位置等拍摄信息已去掉，经承办单位查看后公开。",
    "corrected": "更正已登记。",
}


@dataclass(frozen=True, slots=True)
class CasesPage:
    """The list with what it is filtered by. `asked` is the filter as it stands in the address."""

    found: CaseList
    asked: dict[str, str]
    kinds: tuple[Place, ...]
    standings: tuple[Place, ...]
    regions: tuple[Place, ...]
    unit: str
    project: str


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """One case, for the public or for the one who asked. `code` is handed on by the forms; `typed` is kept on errors."""

    view: CaseView
    is_asker: bool
    code: str
    notice: str
    errors: dict[str, str]
    typed: dict[str, str]
    stars: dict[int, str]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in the statistics."""

    unit: str
    found: ReplyStatistics


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """How units answered since a day; those with fewer than `smallest` replies are not judged."""

    since: date
    until: date
    smallest: int
    units: tuple[UnitLine, ...]


@get("/cases", guards=[Needs("case", "read")])
async def cases(request: AnyRequest) -> Response[bytes]:
    """CasesPage."""
    asked, room = _asked(parameters_of(request)), room_of(request)
    today = caller_of(request).acting.today
    wanted = _filter(asked, today)
    whole = _filter(
        {name: value for name, value in asked.items() if name not in ("standing", "before")}, today
    )
    edition = standing_of(request).edition

    def read(session: ReadingSession) -> CaseList:
        found = list_public(session, room.rules, today, wanted)
        counts = count_public(session, room.rules, today, whole)
        return case_list(found, counts, edition, PAGE_LENGTH)

    view = CasesPage(
        await room.read(read),
        asked,
        tuple(Place(kind.value, CASE_KIND_NAMES[kind]) for kind in CaseKind),
        tuple(Place(code, name) for code, (name, _) in STANDINGS.items()),
        region_choices(edition) if edition else (),
        unit_name(edition, asked["unit"]) if asked.get("unit") else "",
        project_name(edition, asked["project"]) if asked.get("project") else "",
    )
    return private_page(request, "cases/list.html", view)


def _asked(given: Parameters) -> dict[str, str]:
    """The filters of the address. Raises: QueryRefused for a value that no filter has."""
    names = ("q", "kind", "standing", "region", "unit", "project", "before")
    asked = {name: given[name][-1].strip()[:80] for name in names if given.get(name, [""])[-1].strip()}
    for name, allowed in (("kind", {kind.value for kind in CaseKind}), ("standing", set(STANDINGS))):
        if name in asked and asked[name] not in allowed:
            raise QueryRefused(Fault(name, f"{name} 只能是 {'、'.join(sorted(allowed))}。"))
    return asked


def _filter(asked: dict[str, str], today: date) -> CaseFilter:
    standing = asked.get("standing", "")
    return CaseFilter(
        project_id=asked.get("project"),
        unit_id=asked.get("unit"),
        region_code=asked.get("region"),
        kind=CaseKind(asked["kind"]) if "kind" in asked else None,
        statuses=STANDINGS[standing][1] if standing else (),
        before=asked.get("before"),
        limit=PAGE_LENGTH + 1,
        late_on=today if standing == "overdue" else None,
        words=asked.get("q", ""),
    )


@get("/cases/mine", guards=[SignedIn()])
async def own_cases(request: AnyRequest) -> Response[bytes]:
    """Cases somebody asked while signed in: a tuple of CaseLine."""
    room, acting = room_of(request), caller_of(request).acting
    edition = standing_of(request).edition

    def read(session: ReadingSession) -> tuple[CaseLine, ...]:
        found = list_own(session, room.rules, acting.today, acting.subject)
        return tuple(case_line(case, edition) for case in found)

    return private_page(request, "cases/mine.html", await room.read(read))


@get("/cases/statistics", guards=[Needs("case", "read")])
async def statistics(request: AnyRequest) -> Response[bytes]:
    """StatisticsPage, of the last twelve months."""
    room, today = room_of(request), caller_of(request).acting.today
    since, edition = today - STATISTICS_SPAN, standing_of(request).edition
    found = await room.read(lambda session: statistics_by_unit(session, room.rules, today, since))
    lines = sorted((UnitLine(unit_name(edition, one.key), one) for one in found), key=lambda line: line.unit)
    view = StatisticsPage(since, today, SMALLEST_SAMPLE, tuple(lines))
    return private_page(request, "cases/statistics.html", view)


@get("/cases/find", guards=[Anyone()], sync_to_thread=False)
def find(request: AnyRequest) -> Response[bytes]:
    """From the form with number and lookup code to the page of the case."""
    given = parameters_of(request)
    number, code = ("".join(given.get(name, [""])[-1].split())[:40] for name in ("number", "code"))
    if not number:
        return see_other(request, "/cases")
    query = f"?{urlencode({'code': code})}" if code else ""
    return see_other(request, f"/cases/{quote(number, safe='')}{query}")


@get("/cases/{number:str}", guards=[Anyone()])
async def case(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """CaseDetail."""
    given = parameters_of(request)
    code, done = (given.get(name, [""])[-1][:40] for name in ("code", "done"))
    return await show_case(request, number, code, notice=DONE.get(done, ""))


async def show_case(
    request: AnyRequest,
    number: str,
    code: str,
    *,
    notice: str = "",
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The page of a case as this reader may see it. Raises: NotThere."""
    room, acting = room_of(request), caller_of(request).acting
    edition = standing_of(request).edition

    def read(session: ReadingSession) -> tuple[CaseView, bool]:
        page, is_asker = _page_for(session, room.rules, acting.today, number, acting.subject, code)
        pictures = _pictures(session, number, acting.subject, code if is_asker else "", page.case)
        return case_view(page, edition, pictures, is_public=page.case.status in PUBLIC), is_asker

    view, is_asker = await room.read(read)
    detail = CaseDetail(
        view, is_asker, code if is_asker else "", notice, errors or {}, typed or {}, STARS_WORDS
    )
    return private_page(request, "cases/case.html", detail, status=status)


PUBLIC = (Status.ASSIGNED, Status.WORKING, Status.PAUSED, Status.IN_REVIEW, Status.ANSWERED, Status.CLOSED)


def _page_for(
    session: ReadingSession, rules: Rules, today: date, number: str, subject: Subject, code: str
) -> tuple[CasePage, bool]:
    """The asker's page when it is theirs, by code or by account; else the public one. Raises: NotThere."""
    if code:
        return asker_page(session, rules, today, number, subject, code), True
    try:
        return asker_page(session, rules, today, number, subject), True
    except NotThere:
        return public_page(session, rules, today, number), False


def _pictures(
    session: ReadingSession, number: str, subject: Subject, code: str, shown: PublicCase
) -> tuple[PictureOut, ...]:
    if not code and shown.status not in PUBLIC and subject.account_id is None:
        return ()
    return list_pictures(session, number, subject, code or None)


@get("/cases/{number:str}/pictures/{picture_id:int}", guards=[Anyone()])
async def picture(request: AnyRequest, number: FromPath[str], picture_id: FromPath[int]) -> Response[bytes]:
    """One picture, as we wrote it. Raises: NotThere, also for one that is not shown to this reader."""
    room, subject = room_of(request), caller_of(request).subject
    code = parameters_of(request).get("code", [""])[-1][:40]
    found = await room.read(lambda session: read_picture(session, number, picture_id, subject, code or None))
    headers = {**PRIVATE, "content-disposition": "inline"}
    return Response(found.content, media_type=found.media_type, headers=headers)


READING_CASES = [cases, find, own_cases, statistics, case, picture]
