"""The query interface `/api/v1`: parameters to a checked query, its result to JSON or a file. It never decides."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from portal.reading.aggregation import aggregate_all, aggregate_page, groups_query
from portal.reading.catalog import spec_of
from portal.reading.documents import (
    dataset_document,
    dataset_summary,
    project_document,
    release_document,
    releases_document,
)
from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.reading.exports import FORMATS, export
from portal.reading.query import Query, nearest, rows_query, shown
from portal.reading.selection import Page, select_all, select_page
from portal.web.asking import (
    CURRENT_HEADERS,
    FOR_EVER,
    KEEP,
    AnyRequest,
    Parameters,
    edition_of,
    missing_dataset,
    parameters_of,
    pinned,
    standing_of,
)
from portal.web.pages import site_of
from publishing.specs import DatasetSpec

ENCODER = msgspec.json.Encoder(decimal_format="number")


def answer(
    body: object, edition: Edition | None, *, for_ever: bool = False, link: str = ""
) -> Response[bytes]:
    """A JSON answer; one that is pinned to a release may be kept for ever."""
    headers = {**KEEP, "cache-control": FOR_EVER} if for_ever else dict(CURRENT_HEADERS)
    if edition is not None:
        headers["x-sunshine-release"] = str(edition.number)
    if link:
        headers["link"] = f'<{link}>; rel="next"'
    return Response(ENCODER.encode(body), media_type="application/json", headers=headers)


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
    left = limits.look(limits.client_of(request.client.host if request.client else "", headers))
    body = {
        "tier": "anonymous",
        "limit": left.limit,
        "remaining": left.remaining,
        "window_seconds": left.window_seconds,
        "resets_in_seconds": left.reset_seconds,
    }
    return Response(
        ENCODER.encode(body), media_type="application/json", headers={"cache-control": "no-store"}
    )


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


@get("/api/v1/datasets/{name:str}/rows", sync_to_thread=False)
def rows(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A page of rows."""
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    page = select_page(edition, spec, rows_query(spec, parameters))
    return _page(request, edition, spec, "rows", parameters, page, for_ever=is_pinned)


@get("/api/v1/datasets/{name:str}/aggregate", sync_to_thread=False)
def aggregate(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A page of groups."""
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    page = aggregate_page(edition, spec, groups_query(spec, parameters))
    return _page(request, edition, spec, "aggregate", parameters, page, for_ever=is_pinned)


@get("/api/v1/datasets/{name:str}/{view:str}", sync_to_thread=True)
def whole(request: AnyRequest, name: FromPath[str], view: FromPath[str]) -> Response[Any]:
    """The whole result of `rows` or `aggregate` as a file."""
    kind, _, file_format = view.partition(".")
    if kind not in ("rows", "aggregate") or file_format not in FORMATS:
        raise NotFoundException
    plain, edition, is_pinned = pinned(request, name)
    spec, parameters = _known(edition, plain), parameters_of(request)
    for word in ("cursor", "limit"):
        if word in parameters:
            raise QueryRefused(Fault(word, f"文件是整个结果，不用 {word}。"))
    if kind == "rows":
        query: Query = rows_query(spec, parameters)
        frame, columns = (
            select_all(edition, spec, query),
            tuple(spec.column(found) for found in query.columns),
        )
    else:
        grouped = aggregate_all(edition, spec, groups_query(spec, parameters))
        frame, columns = grouped.frame, grouped.columns
    file = export(edition, spec, frame, columns, file_format)
    title = f"{spec.title}-第{edition.number}号.{file_format}"
    headers = {
        "cache-control": FOR_EVER if is_pinned else CURRENT_HEADERS["cache-control"],
        "content-disposition": f"attachment; filename=\"{plain}.{file_format}\"; filename*=UTF-8''{quote(title)}",
        "x-sunshine-release": str(edition.number),
    }
    return Stream(file.pieces, media_type=file.media_type, headers=headers)


def _known(edition: Edition, name: str) -> DatasetSpec:
    if name not in edition.specs:
        raise missing_dataset(edition, name, nearest(name, list(edition.specs)))
    return spec_of(edition, name)


def _page(
    request: AnyRequest,
    edition: Edition,
    spec: DatasetSpec,
    view: str,
    parameters: Parameters,
    page: Page,
    *,
    for_ever: bool,
) -> Response[bytes]:
    following = None
    if page.next_cursor:
        kept = [(name, value) for name, values in parameters.items() if name != "cursor" for value in values]
        query = urlencode([*kept, ("cursor", page.next_cursor)])
        base = site_of(request).settings.base_url
        following = f"{base}/api/v1/datasets/{spec.name}@{edition.number}/{view}?{query}"
    body = {
        "release": release_document(edition),
        "dataset": spec.name,
        "count": page.total,
        "rows": page.rows,
        "next": following,
    }
    return answer(body, edition, for_ever=for_ever, link=following or "")


API = [releases, quota, datasets, dataset, project, rows, aggregate, whole]
