"""The desk of releases: what waits, what it would change and what it withholds, approving by another person, withdrawing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from portal.back_office import BackOffice, office_of
from portal.reading.reports import DisclosureView, ReleasePage, disclosure_view, note_before, release_page
from portal.reading.shelf import ReleaseNote
from portal.web.asking import parameters_of, standing_of
from portal.web.guarding import Desk, works_with
from portal.web.pages import site_of
from portal.web.private_pages import form_of, private_page, see_other
from portal.web.writing_room import AnyRequest, Caller, caller_of, room_of
from portal.writing.acting import Work
from portal.writing.errors import Conflict, OwnWork
from portal.writing.permissions import Row, allows
from publishing.errors import ReleaseError, ReleaseNotFound, StoreBusy
from publishing.release.records import Candidate

SHORTEST_REASON = 5
DONE = {
    "approved": "已发布。公开网站几秒钟内换上新版本。",
    "discarded": "候选版本已丢弃，公众从未看到它。",
    "withdrawn": "已撤回，公开页面会写明原因；文件和清单保留。",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A candidate in the list."""

    number: int
    maker: str
    note: str
    as_of: date
    is_stale: bool


@dataclass(frozen=True, slots=True)
class ReleasesView:
    """Candidates and releases, and what may be done."""

    candidates: tuple[Waiting, ...]
    notes: tuple[ReleaseNote, ...]
    current: int | None
    may_withdraw: bool
    log_size: int
    anchored: tuple[str, datetime] | None
    done: str
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """Everything a second person looks at before approving. `disclosure` is None without the clearance."""

    candidate: Waiting
    page: ReleasePage
    disclosure: DisclosureView | None
    may_approve: bool
    why_not: str


@get("/desk/releases", guards=[Desk("release", "read")])
async def releases_page(request: AnyRequest) -> Response[bytes]:
    """ReleasesView."""
    return await _releases_page(request)


async def _releases_page(request: AnyRequest, errors: dict[str, str] | None = None) -> Response[bytes]:
    office, caller, standing = office_of(request), caller_of(request), standing_of(request)
    done = parameters_of(request).get("done", [""])[-1]

    def look() -> ReleasesView:
        store = office.home.public
        newest = max(store.numbers(), default=0)
        log = store.log()
        anchors = [entry for entry in log.entries if entry.kind == "anchor"]
        return ReleasesView(
            tuple(_waiting(found, newest) for found in store.candidates()),
            site_of(request).library.shelf.notes(),
            standing.edition.number if standing.edition else None,
            works_with(caller.subject, "release", "withdraw"),
            log.size,
            (anchors[-1].subject, anchors[-1].at) if anchors else None,
            done,
            errors or {},
        )

    view = await to_thread.run_sync(look)
    status = 422 if errors else 200
    return private_page(request, "desk/releases.html", view, status=status, messages=DONE)


def _waiting(candidate: Candidate, newest: int) -> Waiting:
    manifest = candidate.manifest
    return Waiting(
        candidate.number, candidate.maker, manifest.note, manifest.lineage.as_of, candidate.number <= newest
    )


@get("/desk/releases/candidates/{number:int}", guards=[Desk("release", "read")])
async def candidate_page(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """CandidateView."""
    office, caller = office_of(request), caller_of(request)
    library = site_of(request).library
    notes = standing_of(request).notes

    def look() -> CandidateView:
        store = office.home.public
        waiting = _waiting(store.candidate(number), max(store.numbers(), default=0))
        edition = office.candidate(number)
        before = note_before(notes, number)
        page = release_page(edition, notes, library.edition(before.number) if before else None)
        sees = allows(caller.subject, "release", "read", Row(), "disclosure_report")
        why_not = why_not_approve(caller, waiting)
        return CandidateView(waiting, page, disclosure_view(edition) if sees else None, not why_not, why_not)

    return private_page(request, "desk/candidate.html", await to_thread.run_sync(look))


def why_not_approve(caller: Caller, waiting: Waiting) -> str:
    """What keeps somebody from approving a candidate; empty when nothing does."""
    if not works_with(caller.subject, "release", "approve"):
        return "您的角色没有批准发布的权限。"
    if waiting.is_stale:
        return "已有更新的发布，这个候选版本过时了：请用今天的数据重做。"
    names = {caller.visit.login, caller.visit.display_name} if caller.visit else set()
    if waiting.maker.strip().casefold() in {name.casefold() for name in names}:
        return "这个候选版本是您做的，须由另一个人批准。"
    return ""


@post(
    "/desk/releases/candidates/{number:int}/approve",
    guards=[Desk("release", "approve", fresh=True)],
    status_code=303,
)
async def approve(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Publish a candidate that another person made, if it still is the one that was looked at."""
    office, caller, form = office_of(request), caller_of(request), await form_of(request)
    login = caller.visit.login if caller.visit else ""
    candidate = await to_thread.run_sync(office.home.public.candidate, number)
    waiting = _waiting(candidate, max(office.home.public.numbers(), default=0))
    why_not = why_not_approve(caller, waiting)
    if why_not:
        raise Conflict(why_not) if waiting.is_stale else OwnWork(why_not)
    if form.text("id") != candidate.manifest.id:
        raise Conflict("候选版本已经换过。请重新查看以后再批准。")
    await _in_store(request, office, lambda work: office.approve(work, number, login))
    return see_other(request, "/desk/releases?done=approved")


@post(
    "/desk/releases/candidates/{number:int}/discard",
    guards=[Desk("release", "approve", fresh=True)],
    status_code=303,
)
async def discard(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Throw a candidate away."""
    office = office_of(request)
    await _in_store(request, office, lambda work: office.discard(work, number))
    return see_other(request, "/desk/releases?done=discarded")


@post(
    "/desk/releases/{number:int}/withdraw", guards=[Desk("release", "withdraw", fresh=True)], status_code=303
)
async def withdraw(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Stop offering a release, for a reason everybody can read."""
    office, caller, form = office_of(request), caller_of(request), await form_of(request)
    login = caller.visit.login if caller.visit else ""
    reason = " ".join(form.text("reason").split())[:500]
    if len(reason) < SHORTEST_REASON:
        told = f"请写明撤回的原因（至少 {SHORTEST_REASON} 个字）；公众看得到它。"
        return await _releases_page(request, {"reason": told})
    await _in_store(request, office, lambda work: office.withdraw(work, number, reason, login))
    return see_other(request, "/desk/releases?done=withdrawn")


async def _in_store(request: AnyRequest, office: BackOffice, act: Callable[[Work], None]) -> None:
    """An act on the release store, logged with it; then the log's new end is anchored."""
    try:
        await room_of(request).write(caller_of(request).acting, act)
    except ReleaseNotFound:
        raise
    except ReleaseError as error:
        raise Conflict("发布库没有接受这一步：情况已经变了。请刷新后再看。") from error
    with suppress(StoreBusy):  # the act is done and told; the caretaker anchors it when the store is free
        await to_thread.run_sync(lambda: office.anchor(at_once=True))


DESK_RELEASES = [releases_page, candidate_page, approve, discard, withdraw]
