"""The desk of cases: the queue by deadline and one case. What is shown is limited by the scope clauses of the domain."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response, get
from litestar.params import FromPath

from portal.reading.errors import Fault, QueryRefused
from portal.web.asking import Parameters, parameters_of, standing_of
from portal.web.cases_places import Place
from portal.web.desk_cases_views import (
    VIEWS,
    BulkResult,
    DeskCaseView,
    DeskReader,
    QueuePage,
    desk_case_view,
    queue_lines,
)
from portal.web.guarding import Desk, works_with
from portal.web.private_pages import PRIVATE, private_page
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.case_counts import OPEN, count_desk
from portal.writing.case_views import CaseFilter, desk_page, queue
from portal.writing.database import ReadingSession
from portal.writing.models.words import CASE_KIND_NAMES, CaseKind, Status
from portal.writing.pictures import list_pictures, read_picture

QUEUE_LENGTH = 100
STATUSES: dict[str, tuple[Status, ...]] = {
    "mine": OPEN,
    "open": OPEN,
    "new": (Status.RECEIVED,),
    "overdue": OPEN,
    "review": (Status.IN_REVIEW,),
    "refused": (Status.REFUSED,),
    "all": (),
}
DONE = {
    "accept": "已受理，页面上可以看到此件。",
    "take": "已受理，由您办理。",
    "claim": "已由您办理。",
    "refuse": "不予受理，理由已告诉提问人。",
    "restore": "已恢复为待受理。",
    "transfer": "已转办，原因已公开。",
    "assign": "已指派。",
    "hand-back": "已退回待办。",
    "pause": "计时已暂停，原因已公开。",
    "resume": "已恢复计时。",
    "note": "备注已记入，只有内部可见。",
    "finding": "核查结论已记录。",
    "draft": "草稿已保存。",
    "submit": "已提交审核，请另一位同事审核后公开。",
    "send-back": "已退回修改。",
    "publish": "答复已公开。",
    "correct": "更正版本已登记，提问人和公众都能看到。",
    "show-picture": "图片已公开。",
}


@get("/desk/cases", guards=[Desk("case", "read")])
async def desk_queue(request: AnyRequest) -> Response[bytes]:
    """QueuePage."""
    return await show_queue(request)


async def show_queue(
    request: AnyRequest, results: tuple[BulkResult, ...] = (), status: int = 200
) -> Response[bytes]:
    """The queue as it stands, with what a bulk action did."""
    asked, room, acting = _asked(parameters_of(request)), room_of(request), caller_of(request).acting
    subject, view, edition = acting.subject, asked.get("view", "open"), standing_of(request).edition
    wanted = CaseFilter(
        kind=CaseKind(asked["kind"]) if "kind" in asked else None,
        statuses=STATUSES[view],
        limit=QUEUE_LENGTH + 1,
        late_on=acting.today if view == "overdue" else None,
        desk_words=asked.get("q", ""),
    )

    def read(session: ReadingSession) -> QueuePage:
        found = queue(session, room.rules, acting.today, subject, wanted, only_mine=view == "mine")
        return QueuePage(
            view,
            tuple(Place(code, name) for code, name in VIEWS.items()),
            count_desk(session, room.rules, acting.today, subject),
            queue_lines(session, found[:QUEUE_LENGTH], edition),
            len(found) > QUEUE_LENGTH,
            asked,
            tuple(Place(kind.value, CASE_KIND_NAMES[kind]) for kind in CaseKind),
            works_with(subject, "case", "triage"),
            works_with(subject, "case", "transfer"),
            results,
        )

    return private_page(request, "desk/cases.html", await room.read(read), status=status)


def _asked(given: Parameters) -> dict[str, str]:
    """The filters of the address. Raises: QueryRefused."""
    asked = {
        name: given[name][-1].strip()[:80] for name in ("view", "kind", "q") if given.get(name, [""])[-1]
    }
    for name, allowed in (("view", set(VIEWS)), ("kind", {kind.value for kind in CaseKind})):
        if name in asked and asked[name] not in allowed:
            raise QueryRefused(Fault(name, f"{name} 只能是 {'、'.join(sorted(allowed))}。"))
    return {name: value for name, value in asked.items() if value}


@get("/desk/cases/{number:str}", guards=[Desk("case", "read")])
async def desk_case(request: AnyRequest, number: FromPath[str]) -> Response[bytes]:
    """DeskCaseView."""
    done = parameters_of(request).get("done", [""])[-1]
    return await show_desk_case(request, number, notice=DONE.get(done, ""))


async def show_desk_case(
    request: AnyRequest,
    number: str,
    *,
    notice: str = "",
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response[bytes]:
    """One case on the desk; `typed` is put back into its forms when something was wrong. Raises: NotThere."""
    room, acting = room_of(request), caller_of(request).acting
    reader = DeskReader(acting.subject, room.rules, acting.today, standing_of(request).edition)
    find_unit = parameters_of(request).get("find", [""])[-1][:60]

    def read(session: ReadingSession) -> DeskCaseView:
        page = desk_page(session, room.rules, acting.today, number, acting.subject)
        pictures = list_pictures(session, number, acting.subject)
        view = desk_case_view(session, reader, page, pictures, find_unit)
        return replace(view, may=view.may - {"supply", "withdraw", "close", "reopen"})

    view = await room.read(read)
    return private_page(
        request,
        "desk/cases_case.html",
        view,
        status=status,
        notice=notice,
        errors=errors or {},
        typed=typed or {},
        find_unit=find_unit,
    )


@get("/desk/cases/{number:str}/pictures/{picture_id:int}", guards=[Desk("case", "read")])
async def desk_picture(
    request: AnyRequest, number: FromPath[str], picture_id: FromPath[int]
) -> Response[bytes]:
    """A picture of a case on the desk, where there may be no pages for the public. Raises: NotThere."""
    subject = caller_of(request).subject
    found = await room_of(request).read(lambda session: read_picture(session, number, picture_id, subject))
    headers = {**PRIVATE, "content-disposition": "inline"}
    return Response(found.content, media_type=found.media_type, headers=headers)


READING_DESK_CASES = [desk_queue, desk_case, desk_picture]
