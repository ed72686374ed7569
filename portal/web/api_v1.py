"""The query interface `/api/v1`: parameters to a checked query, its result to JSON or a file. It never decides."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Stream

from portal.reading.aggregation import aggregate_all
from portal.reading.catalog import spec_of
from portal.reading.coded import coded_table
from portal.reading.cost import refuse_costly
from portal.reading.documents import (
    dataset_document,
    dataset_summary,
    project_document,
    release_document,
    releases_document,
)
from portal.reading.edition import Edition
from portal.reading.errors import Fault, NotInRelease, QueryRefused, Suggestion
from portal.reading.exports import FORMATS, export
from portal.reading.query import nearest, shown
from portal.reading.selection import select_all
from portal.web.accepting import accepted_form
from portal.web.api_answers import (
    JSON,
    VIEWS,
    answer_query,
    count_body,
    description_address,
    encoded,
    read_query,
    voice_of,
)
from portal.web.asking import (
    CURRENT_HEADERS,
    FOR_EVER,
    KEEP,
    AnyRequest,
    edition_of,
    missing_dataset,
    parameters_of,
    pinned,
    standing_of,
)
from portal.web.limits import KEYED
from portal.web.pages import site_of
from publishing.specs import DatasetSpec


def answer(body: object, edition: Edition | None, *, for_ever: bool = False) -> Response[bytes]:
    """A JSON answer; one that is pinned to a release may be kept for ever."""
    headers = {**KEEP, "cache-control": FOR_EVER} if for_ever else dict(CURRENT_HEADERS)
    if edition is not None:
        headers["x-sunshine-release"] = str(edition.number)
    return Response(encoded(body), media_type=JSON, headers={**headers, "vary": "Accept"})


def _refuse_parameters(request: AnyRequest) -> None:
    for name in parameters_of(request):
        raise QueryRefused(Fault(shown(name), f"这个地址没有名为 {shown(name)} 的参数。"))


@get("/api/v1/releases", sync_to_thread=False)
def releases(request: AnyRequest) -> Response[bytes]:
    """Every release, newest first, withdrawn ones with their reason."""
    _refuse_parameters(request)
    standing = standing_of(request)
    current = release_document(standing.edition) if standing.edition else None
    return answer({"current": current, "releases": releases_document(standing.notes)}, standing.edition)


@get("/api/v1/quota", sync_to_thread=True)
def quota(request: AnyRequest) -> Response[bytes]:
    """What whoever asks has left; asking costs nothing."""
    _refuse_parameters(request)
    limits = site_of(request).limits
    headers = {name.encode(): value.encode() for name, value in request.headers.items()}
    asker = limits.asker_of(request.client.host if request.client else "", headers)
    left = limits.look(asker)
    body = {
        "tier": "internal" if limits.is_free else "key" if asker.startswith(KEYED) else "anonymous",
        "limit": left.limit,
        "remaining": left.remaining,
        "window_seconds": left.window_seconds,
        "resets_in_seconds": left.reset_seconds,
    }
    return Response(encoded(body), media_type=JSON, headers={"cache-control": "no-store"})


@get("/api/v1/datasets", sync_to_thread=False)
def datasets(request: AnyRequest) -> Response[bytes]:
    """The datasets of the current release."""
    _refuse_parameters(request)
    edition = edition_of(request)
    base = site_of(request).settings.base_url
    found = [dataset_summary(edition, spec, base) for spec in edition.specs.values()]
    return answer({"release": release_document(edition), "datasets": found}, edition)


@get("/api/v1/datasets/{name:str}", sync_to_thread=False)
def dataset(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """One dataset: dictionary and files."""
    _refuse_parameters(request)
    plain, edition, is_pinned = pinned(request, name)
    _known(edition, plain)
    body = {"release": release_document(edition)} | dataset_document(
        edition, plain, site_of(request).settings.base_url
    )
    return answer(body, edition, for_ever=is_pinned)


@get("/api/v1/projects/{project_id:str}", sync_to_thread=False)
def project(request: AnyRequest, project_id: FromPath[str]) -> Response[bytes]:
    """One project with everything that belongs to it."""
    _refuse_parameters(request)
    edition = edition_of(request)
    return answer(
        {"release": release_document(edition), "project": project_document(edition, project_id)}, edition
    )


ASIDE = CapacityLimiter(2)
"""So many large queries at a time; more wait, and nobody else notices."""


@get("/api/v1/datasets/{name:str}/rows")
async def rows(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """A page of rows."""
    return await to_thread.run_sync(_view, request, name, "rows", limiter=ASIDE)


@get("/api/v1/datasets/{name:str}/aggregate")
async def aggregate(request: AnyRequest, name: FromPath[str]) -> Response[Any]:
    """A page of groups."""
    return await to_thread.run_sync(_view, request, name, "aggregate", limiter=ASIDE)


def _view(request: AnyRequest, name: str, view: str) -> Response[Any]:
    """A page as JSON, or the whole result in the form that is asked for by `Accept`."""
    form = accepted_form(request.headers.get("accept", ""))
    if form != "json":
        return _file(request, name, view, form)
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    page = answer_query(edition, spec, view, read_query(spec, view, parameters))
    voice = voice_of(edition, plain, site_of(request).settings.base_url, is_pinned=is_pinned)
    following = voice.following(view, parameters, page.next_cursor)
    body = voice.body(encoded(page.rows), page.total, following)
    headers = voice.headers(following) | {"x-sunshine-release": str(edition.number)}
    return Response(body, media_type=JSON, headers=headers)


@get("/api/v1/datasets/{name:str}/count", sync_to_thread=True)
def count(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """How many rows a query has, before they are downloaded."""
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    for word in ("cursor", "limit"):
        if word in parameters:
            raise QueryRefused(Fault(word, f"计数是整个结果的行数，不用 {word}。"))
    base = site_of(request).settings.base_url
    return answer(count_body(edition, spec, parameters, FORMATS, base), edition, for_ever=is_pinned)


@get("/api/v1/datasets/{name:str}/{view:str}", sync_to_thread=True)
def whole(request: AnyRequest, name: FromPath[str], view: FromPath[str]) -> Response[Any]:
    """The whole result of `rows` or `aggregate` as a file."""
    kind, _, file_format = view.partition(".")
    if kind not in VIEWS or file_format not in FORMATS:
        raise _no_such_view(request, view)
    return _file(request, name, kind, file_format)


def _file(request: AnyRequest, name: str, view: str, file_format: str) -> Response[Any]:
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    for word in ("cursor", "limit"):
        if word in parameters:
            raise QueryRefused(Fault(word, f"文件是整个结果，不用 {word}。"))
    query = read_query(spec, view, parameters)
    refuse_costly(coded_table(edition, spec), query)
    if view == "rows":
        frame, columns = (
            select_all(edition, spec, query),
            tuple(spec.column(found) for found in query.columns),
        )
    else:
        grouped = aggregate_all(edition, spec, query)
        frame, columns = grouped.frame, grouped.columns
    file = export(edition, spec, frame, columns, file_format)
    title = f"{spec.title}-第{edition.number}号.{file_format}"
    described_by = description_address(edition, plain, site_of(request).settings.base_url)
    headers = {
        "cache-control": FOR_EVER if is_pinned else CURRENT_HEADERS["cache-control"],
        "content-disposition": f"attachment; filename=\"{plain}.{file_format}\"; filename*=UTF-8''{quote(title)}",
        "link": f'<{described_by}>; rel="describedby"',
        "x-sunshine-rows": str(frame.height),
        "x-sunshine-release": str(edition.number),
        "vary": "Accept",
    }
    return Stream(file.pieces, media_type=file.media_type, headers=headers)


def _no_such_view(request: AnyRequest, view: str) -> NotInRelease:
    """The error for what is neither a view nor a file of one, with the nearest that is."""
    files = [f"{kind}.{file_format}" for kind in VIEWS for file_format in FORMATS]
    found = nearest(view, [*VIEWS, "count", *files])
    address = quote(request.scope["path"].removesuffix(view), safe="/@")
    return NotInRelease(
        f"没有 {shown(view)}：这里有 rows、aggregate 和 count，前两种也有 {'、'.join(FORMATS)} 文件。",
        (Suggestion(f"{address}{found}", found),) if found else (),
    )


def _known(edition: Edition, name: str) -> DatasetSpec:
    if name not in edition.specs:
        raise missing_dataset(edition, name, nearest(name, list(edition.specs)))
    return spec_of(edition, name)


API = [releases, quota, datasets, dataset, project, rows, aggregate, count, whole]
