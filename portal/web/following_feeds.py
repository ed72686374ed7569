"""What is followed as Atom: a project, a region, a unit, a search, or all cases.

An entry is a step of a public case, or a release (of a project: with what is paid by then). Text of cases stands in an
entry only where the asker agreed to have it listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from urllib.parse import quote, urlencode

from litestar import Response, get
from litestar.params import FromPath

from portal.reading.errors import NotInRelease
from portal.reading.shelf import ReleaseNote
from portal.web.asking import edition_of, parameters_of, printable, standing_of
from portal.web.cases_places import is_project, is_unit, project_name, unit_name
from portal.web.cases_views import case_line
from portal.web.guarding import Needs
from portal.web.pages import site_of
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.case_views import CaseFilter, PublicCase, list_public
from portal.writing.clocks import CHINA

MOST_CASES, MOST_RELEASES = 40, 10
HEADERS = {"cache-control": "public, max-age=60"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. `path` is its page, and with the day its identity."""

    path: str
    key: str
    title: str
    summary: str
    at: datetime


@get("/feeds/cases.atom", guards=[Needs("case", "read")])
async def cases_feed(request: AnyRequest) -> Response[bytes]:
    """All public cases, newest first."""
    return await _feed(request, "公众来件", "/cases", CaseFilter(limit=MOST_CASES), ())


@get("/feeds/projects/{name:str}", guards=[Needs("case", "read")])
async def project_feed(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A project: its cases, and the releases. Raises: NotInRelease."""
    project_id, edition = _code(name), edition_of(request)
    if not is_project(edition, project_id):
        raise NotInRelease(f"没有编号为 {printable(project_id)} 的公开项目。", ())
    path = f"/projects/{quote(project_id, safe='')}"
    wanted = CaseFilter(project_id=project_id, limit=MOST_CASES)
    return await _feed(request, project_name(edition, project_id), path, wanted, _releases(request))


@get("/feeds/regions/{name:str}", guards=[Needs("case", "read")])
async def region_feed(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A region with everything below it. Raises: NotInRelease."""
    code, edition = _code(name), edition_of(request)
    place = edition.places.get(code)
    if place is None:
        raise NotInRelease(f"没有代码为 {printable(code)} 的地区。", ())
    path = f"/regions/{quote(code, safe='')}"
    wanted = CaseFilter(region_code=code, limit=MOST_CASES)
    return await _feed(request, place.name, path, wanted, _releases(request))


@get("/feeds/units/{name:str}", guards=[Needs("case", "read")])
async def unit_feed(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A budget unit. Raises: NotInRelease."""
    unit_id, edition = _code(name), edition_of(request)
    if not is_unit(edition, unit_id):
        raise NotInRelease(f"没有代码为 {printable(unit_id)} 的预算单位。", ())
    path = f"/organisations/{quote(unit_id, safe='')}"
    wanted = CaseFilter(unit_id=unit_id, limit=MOST_CASES)
    return await _feed(request, unit_name(edition, unit_id), path, wanted, _releases(request))


@get("/feeds/search.atom", guards=[Needs("case", "read")])
async def search_feed(request: AnyRequest) -> Response[bytes]:
    """A search: listed cases that hold its words, and the releases, at each of which it may find something else."""
    words = parameters_of(request).get("q", [""])[-1].strip()[:80]
    path = f"/search?{urlencode({'q': words})}"
    wanted = CaseFilter(words=words, limit=MOST_CASES)
    return await _feed(request, f"检索“{words}”", path, wanted, _releases(request))


def _code(name: str) -> str:
    """`P001.atom` without its ending. Raises: NotInRelease for any other ending."""
    if not name.endswith(".atom"):
        raise NotInRelease("订阅的地址以 .atom 结尾。", ())
    return name.removesuffix(".atom")


def _releases(request: AnyRequest) -> tuple[ReleaseNote, ...]:
    return tuple(standing_of(request).notes[:MOST_RELEASES])


async def _feed(
    request: AnyRequest, title: str, path: str, wanted: CaseFilter, notes: Iterable[ReleaseNote]
) -> Response[bytes]:
    room, today = room_of(request), caller_of(request).acting.today
    found = await room.read(lambda session: list_public(session, room.rules, today, wanted))
    edition = standing_of(request).edition
    entries = [_of_case(case, case_line(case, edition).unit) for case in found]
    entries += [_of_release(note, path) for note in notes]
    entries.sort(key=lambda entry: (entry.at, entry.key), reverse=True)
    body = atom(site_of(request).settings.base_url, request.scope["path"], title, path, entries)
    return Response(body.encode(), media_type="application/atom+xml; charset=utf-8", headers=HEADERS)


def _of_case(case: PublicCase, unit: str) -> Entry:
    line = case_line(case, None)
    day = case.answered_on or case.received_on
    said = "；".join(filter(None, (line.status, unit, line.clock.sentence if line.clock else "")))
    path = f"/cases/{case.number}"
    at = datetime.combine(day, time(12), CHINA).astimezone(UTC)
    return Entry(path, f"{case.number}:{case.status.value}", f"{line.kind}：{line.title}", said, at)


def _of_release(note: ReleaseNote, path: str) -> Entry:
    return Entry(
        path,
        f"release:{note.number}",
        f"第 {note.number} 号发布",
        f"数据截至 {note.as_of.isoformat()}",
        note.published_at,
    )


def atom(base: str, own_path: str, title: str, path: str, entries: Iterable[Entry]) -> str:
    """The feed. Every text is escaped; identities are tag URIs of our own, so that they never change."""
    listed = list(entries)
    newest = max((entry.at for entry in listed), default=datetime(2026, 1, 1, tzinfo=UTC))
    items = "".join(
        f"<entry><id>tag:sunshine,2026:{escape(quote(own_path))}:{escape(entry.key)}</id>"
        f"<title>{escape(entry.title)}</title><updated>{_moment(entry.at)}</updated>"
        f'<link href="{escape(base + entry.path)}"/><summary>{escape(entry.summary)}</summary></entry>\n'
        for entry in listed
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<id>tag:sunshine,2026:{escape(quote(own_path))}</id><title>{escape(title)} · 阳光财政</title>"
        f"<updated>{_moment(newest)}</updated><author><name>阳光财政</name></author>"
        f'<link href="{escape(base + path)}"/><link rel="self" href="{escape(base + own_path)}"/>\n'
        f"{items}</feed>\n"
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


FOLLOWING_FEEDS = [cases_feed, project_feed, region_feed, unit_feed, search_feed]
