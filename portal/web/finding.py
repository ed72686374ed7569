"""Asking, searching, the map and the comparison: pages that a reader steers, and search and questions for programs.

Every handler runs in a thread: a question reads tables, a search an index, a map many numbers; none may hold up others.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Response, get

from portal.reading.asked import LONGEST_ASKED, answerer_of, ask_view
from portal.reading.charts.shown import show_all
from portal.reading.compare import compare_view
from portal.reading.compare_things import CompareQuery
from portal.reading.documents import release_document
from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.reading.finders import Finder, finder_of
from portal.reading.finding import finding_view, trees_of
from portal.reading.finding_address import parameters_of as address_pairs
from portal.reading.finding_address import read_query, unreadable
from portal.reading.finding_cases import CaseFinder, case_words, found_cases
from portal.reading.finding_document import cases_document, search_document, suggest_document
from portal.reading.map_chart import map_chart
from portal.reading.map_page import MapQuery, map_view
from portal.reading.map_points import points_document
from portal.reading.query import nearest, shown
from portal.web.api_v1 import answer
from portal.web.asking import (
    AnyRequest,
    Parameters,
    edition_of,
    numbered,
    page,
    parameters_of,
    typed_parameters_of,
)
from portal.web.pages import site_of
from search.documents import Kind
from search.engine import Filters, Query, Sort
from search.errors import CasesAway

SEARCH_WORDS = (
    "q", "kind", "region", "function", "sector", "year", "status", "light", "min", "max", "sort", "page",
)  # fmt: skip
MOST_SUGGESTED = 10


def _finder(request: AnyRequest, edition: Edition) -> Finder:
    return finder_of(edition, site_of(request).settings.home / "search")


def _case_finder(request: AnyRequest) -> CaseFinder | None:
    """Who finds cases; None on a surface without them."""
    finder: CaseFinder | None = getattr(request.app.state, "case_finder", None)
    return finder


def _last(parameters: Parameters, name: str) -> str:
    return parameters.get(name, [""])[-1]


def _only(parameters: Parameters, *known: str) -> None:
    """Refuse what this address does not have.

    Raises: QueryRefused.
    """
    for name in parameters:
        if name not in known:
            detail = f"这个地址没有名为 {shown(name)} 的参数。"
            raise QueryRefused(Fault(shown(name), detail, nearest(name, list(known))))


def _day(request: AnyRequest, parameters: Parameters, *, strict: bool) -> date | None:
    """The day a question is asked on: as the address says, else as the settings fix it, else the release decides.

    Raises: QueryRefused when `strict` and it is no day.
    """
    text = _last(parameters, "today")
    try:
        return date.fromisoformat(text) if text else site_of(request).settings.today
    except ValueError:
        if strict:
            raise QueryRefused(Fault("today", "today 应为 YYYY-MM-DD，例如 2026-10-31。")) from None
        return site_of(request).settings.today


def _pinned(request: AnyRequest, parameters: Parameters) -> tuple[Edition, bool]:
    """The release that is asked: that of the permalink, else the current one.

    Raises: ReleaseNotFound, ReleaseWithdrawn, NothingPublished.
    """
    number = _last(parameters, "release")
    return (numbered(request, number), True) if number else (edition_of(request), False)


@get("/ask", sync_to_thread=True)
def ask(request: AnyRequest) -> Response[bytes]:
    """AskView."""
    parameters = typed_parameters_of(request)
    edition, is_pinned = _pinned(request, parameters)
    finder = _finder(request, edition)
    question = _last(parameters, "q").strip()
    view = ask_view(edition, finder, question, _day(request, parameters, strict=False))
    return page(request, "ask.html", view, edition=edition if is_pinned else None, kept=finder.is_whole)


@get("/search", sync_to_thread=True)
def search(request: AnyRequest) -> Response[bytes]:
    """FindingView."""
    edition = edition_of(request)
    finder = _finder(request, edition)
    query = read_query(typed_parameters_of(request))
    view = finding_view(query, finder.engine.search(query), trees_of(edition))
    cases = found_cases(_case_finder(request), query, edition)
    kept = tuple(pair for pair in address_pairs(query) if pair[0] not in ("min", "max", "page"))
    amounts = dict(address_pairs(query))
    return page(
        request,
        "search.html",
        view,
        kept=finder.is_whole and _case_finder(request) is None,  # a case is found at once, and gone at once
        note=finder.note,
        cases=cases,
        asked=kept,
        lowest=amounts.get("min", ""),
        highest=amounts.get("max", ""),
    )


@get("/api/v1/ask", sync_to_thread=True)
def api_ask(request: AnyRequest) -> Response[bytes]:
    """One question, answered, refused or asked back."""
    parameters = typed_parameters_of(request)
    _only(parameters, "q", "today", "release")
    edition, is_pinned = _pinned(request, parameters)
    found = answerer_of(edition).ask(_last(parameters, "q"), _day(request, parameters, strict=True))
    base = site_of(request).settings.base_url
    body: dict[str, Any] = found.to_json()
    body["release"] = release_document(edition) | {"as_of": edition.release.as_of.isoformat()}
    if body["rows_url"]:
        body["rows_url"] = base + body["rows_url"]
    return answer(body, edition, for_ever=is_pinned and bool(parameters.get("today")))


@get("/api/v1/search", sync_to_thread=True)
def api_search(request: AnyRequest) -> Response[bytes]:
    """A page of what was found, with counts for every choice."""
    parameters = typed_parameters_of(request)
    _only(parameters, *SEARCH_WORDS)
    for name, wanted in unreadable(parameters):
        raise QueryRefused(Fault(name, f"{name} 的值不能用：{wanted}。"))
    edition = edition_of(request)
    query = read_query(parameters)
    if Kind.CASE in query.filters.kinds:
        return _api_cases(request, edition, query)
    finder = _finder(request, edition)
    hits = finder.engine.search(query)
    body = {"release": release_document(edition)} | search_document(
        query, hits, trees_of(edition), site_of(request).settings.base_url, finder.note
    )
    return answer(body, edition)


def _api_cases(request: AnyRequest, edition: Edition, query: Query) -> Response[bytes]:
    """Public cases, asked of the database: found at once, gone at once, and kept nowhere.

    Raises: QueryRefused for a filter that no case knows, CasesAway while the database does not answer.
    """
    regions = query.filters.regions
    if query.filters != Filters(kinds=(Kind.CASE,), regions=regions[:1]) or query.sort is not Sort.RELEVANCE:
        raise QueryRefused(Fault("kind", "kind=case 只能单独用，可加 q、一个 region 和 page；来件从新到旧。"))
    finder = _case_finder(request)
    region = regions[0] if regions else None
    found = None
    if finder is not None:
        found = finder.find(case_words(query), region, edition, skip=query.offset, limit=query.size)
        if found is None:
            raise CasesAway
    cases = cases_document(query, found, site_of(request).settings.base_url)
    response = answer({"release": release_document(edition)} | cases, edition)
    response.headers["cache-control"] = "no-store"
    return response


@get("/api/v1/suggest", sync_to_thread=True)
def api_suggest(request: AnyRequest) -> Response[bytes]:
    """What a search box may offer for what has been typed so far."""
    parameters = typed_parameters_of(request)
    _only(parameters, "q")
    edition = edition_of(request)
    typed = _last(parameters, "q")[:LONGEST_ASKED]
    found = _finder(request, edition).engine.suggest(typed, MOST_SUGGESTED)
    return answer({"release": release_document(edition)} | suggest_document(typed, found), edition)


@get("/map", sync_to_thread=True)
def region_map(request: AnyRequest) -> Response[bytes]:
    """MapView."""
    edition = edition_of(request)
    view = map_view(edition, MapQuery.read(parameters_of(request)))
    return page(request, "map.html", view, charts=show_all(map_chart(edition, view)))


@get("/map/points.json", sync_to_thread=True)
def map_points(request: AnyRequest) -> Response[bytes]:
    """Where the projects of a release lie; pinned by `release`, and then the same for ever."""
    parameters = parameters_of(request)
    _only(parameters, "release")
    edition, is_pinned = _pinned(request, parameters)
    return answer(points_document(edition), edition, for_ever=is_pinned)


@get("/compare", sync_to_thread=True)
def compare(request: AnyRequest) -> Response[bytes]:
    """CompareView."""
    edition = edition_of(request)
    query = CompareQuery.read(parameters_of(request))
    finder = _finder(request, edition)
    return page(
        request, "compare.html", compare_view(edition, finder, query), kept=finder.is_whole or not query.q
    )


FINDING_PAGES = [ask, search, region_map, map_points, compare]
FINDING_API = [api_ask, api_search, api_suggest]
