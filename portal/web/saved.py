"""Short addresses of questions: made by `/q?of=…` or `/api/v1/queries?of=…`, shown at `/q/{hash}`.

Making one twice makes nothing new: the address is the digest of the question. So a GET does, and a link can.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from portal.reading.catalog import spec_of
from portal.reading.errors import Fault, QueryRefused
from portal.reading.saved import Question, Questions, question_of
from portal.reading.saved_page import saved_page
from portal.web.api_answers import JSON, encoded, read_query
from portal.web.asking import AnyRequest, edition_of, numbered, page, parameters_of
from portal.web.pages import site_of
from search.errors import SearchError


def _questions(request: AnyRequest) -> Questions:
    return Questions(site_of(request).settings.home)


def _asked(request: AnyRequest) -> Question:
    """The question of `of`, which its release can answer. Raises: QueryRefused, ReleaseNotFound, DatasetNotFound."""
    addresses = parameters_of(request).get("of", [])
    if len(addresses) != 1:
        raise QueryRefused(
            Fault("of", "请用 of= 写明一个 rows 或 aggregate 的地址（整个地址要百分号编码）。")
        )
    try:
        question = question_of(addresses[0], edition_of(request).number)
    except SearchError as error:
        raise QueryRefused(Fault("of", str(error))) from None
    edition = numbered(request, str(question.number))
    read_query(spec_of(edition, question.dataset), question.view, question.grouped())
    return question


@get("/q", sync_to_thread=True)
def keep(request: AnyRequest) -> Response[Any]:
    """Give a question its address and go there."""
    name = _questions(request).keep(_asked(request))
    return Redirect(f"/q/{name}", status_code=303, headers={"cache-control": "no-store"})


@get("/api/v1/queries", sync_to_thread=True)
def keep_for_programs(request: AnyRequest) -> Response[bytes]:
    """Give a question its address and say which."""
    question = _asked(request)
    _questions(request).keep(question)
    return _described(request, question)


@get("/api/v1/queries/{name:str}", sync_to_thread=True)
def kept(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """What a short address asks."""
    return _described(request, _questions(request).find(name))


def _described(request: AnyRequest, question: Question) -> Response[bytes]:
    base = site_of(request).settings.base_url
    body = {
        "id": question.id,
        "url": f"{base}/q/{question.id}",
        "dataset": question.dataset,
        "release": question.number,
        "view": question.view,
        "parameters": [list(pair) for pair in question.parameters],
        "answer": base + question.address(),
        "current": base + question.address(is_pinned=False),
    }
    return Response(encoded(body), media_type=JSON, headers={"cache-control": "no-cache"})


@get("/q/{name:str}", sync_to_thread=True)
def show(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """SavedPage."""
    question = _questions(request).find(name)
    edition = numbered(request, str(question.number))
    view = saved_page(edition, question, edition_of(request).number)
    return page(request, "saved.html", view, edition=edition)


SAVED = [keep, keep_for_programs, kept, show]
