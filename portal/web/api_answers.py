"""The answers of `rows`, `aggregate` and `count` as bytes and headers, and the shortcut of the door to the first two.

What is asked most is answered before the application is: routing, parsing and wrapping cost more than the question.
The shortcut answers only what is small, right, and about the release that is shown; all else takes the long way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from portal.reading.aggregation import aggregate_page, groups_query
from portal.reading.coded import coded_table
from portal.reading.cost import is_small, refuse_costly
from portal.reading.documents import release_document
from portal.reading.edition import Edition
from portal.reading.errors import ReadingError
from portal.reading.library import Standing
from portal.reading.query import Query, rows_query
from portal.reading.selection import Page, count_rows, select_page
from portal.web.asking import CURRENT_HEADERS, FOR_EVER, KEEP, Parameters, read_parameters
from portal.web.cache import Answer, strong_etag
from portal.web.doorway import Shortcut
from publishing.errors import PublishingError
from publishing.specs import DatasetSpec

ENCODER = msgspec.json.Encoder(decimal_format="number")
JSON = "application/json"
START = "/api/v1/datasets/"
VIEWS = ("rows", "aggregate")


def encoded(body: object) -> bytes:
    """JSON as the interface writes it."""
    return ENCODER.encode(body)


def read_query(spec: DatasetSpec, view: str, parameters: Parameters) -> Query:
    """The parameters of a view as a checked query. Raises: QueryRefused."""
    return (rows_query if view == "rows" else groups_query)(spec, parameters)


def answer_query(edition: Edition, spec: DatasetSpec, view: str, query: Query) -> Page:
    """A page of rows or groups. Raises: QueryRefused."""
    refuse_costly(coded_table(edition, spec), query)
    return (select_page if view == "rows" else aggregate_page)(edition, spec, query)


def page_body(
    edition: Edition, spec: DatasetSpec, view: str, parameters: Parameters, page: Page, base_url: str
) -> tuple[bytes, str]:
    """The answer in JSON, and the address of the page after it (empty for the last)."""
    following = None
    if page.next_cursor:
        kept = [(name, value) for name, values in parameters.items() if name != "cursor" for value in values]
        query = urlencode([*kept, ("cursor", page.next_cursor)])
        following = f"{base_url}{START}{spec.name}@{edition.number}/{view}?{query}"
    body = {
        "release": release_document(edition),
        "dataset": spec.name,
        "count": page.total,
        "rows": page.rows,
        "next": following,
    }
    return encoded(body), following or ""


def page_headers(*, is_pinned: bool, following: str, described_by: str) -> dict[str, str]:
    """The headers of a page of rows or groups."""
    kept = {**KEEP, "cache-control": FOR_EVER} if is_pinned else dict(CURRENT_HEADERS)
    links = [f'<{described_by}>; rel="describedby"'] + [f'<{following}>; rel="next"'] * bool(following)
    return {**kept, "vary": "Accept", "link": ", ".join(links)}


def description_address(edition: Edition, name: str, base_url: str) -> str:
    """Where the columns of a dataset are described for machines."""
    return f"{base_url}/datasets/{name}@{edition.number}/datapackage.json"


def count_body(
    edition: Edition, spec: DatasetSpec, parameters: Parameters, formats: Mapping[str, str], base_url: str
) -> dict[str, Any]:
    """How many rows a query has, and where to fetch them: to know before downloading.

    Raises: QueryRefused.
    """
    query = rows_query(spec, parameters)
    refuse_costly(coded_table(edition, spec), query)
    kept = urlencode([(name, value) for name, values in parameters.items() for value in values])
    address = f"{base_url}{START}{spec.name}@{edition.number}/rows"
    return {
        "release": release_document(edition),
        "dataset": spec.name,
        "count": count_rows(edition, spec, query),
        "files": {name: f"{address}.{name}{'?' + kept if kept else ''}" for name in formats},
    }


def shortcut_of(base_url: str) -> Shortcut:
    """The door's shortcut to small questions about the release that is shown."""

    def answer(standing: Standing, path: str, query_string: bytes) -> Answer | None:
        if standing.edition is None or not path.startswith(START) or not path.endswith(VIEWS):
            return None
        name, _, view = path[len(START) :].partition("/")
        return _swift(standing.edition, name, view, query_string, base_url)

    return answer


def _swift(edition: Edition, name: str, view: str, query_string: bytes, base_url: str) -> Answer | None:
    plain, mark, number = name.partition("@")
    spec = edition.specs.get(plain)
    if spec is None or view not in VIEWS or (mark and number != str(edition.number)):
        return None
    try:
        parameters = read_parameters(query_string)
        query = read_query(spec, view, parameters)
        if not is_small(coded_table(edition, spec), query):
            return None
        page = answer_query(edition, spec, view, query)
    except (ReadingError, PublishingError):
        return None  # the long way says what is wrong
    body, following = page_body(edition, spec, view, parameters, page, base_url)
    described_by = description_address(edition, plain, base_url)
    headers = page_headers(is_pinned=bool(mark), following=following, described_by=described_by)
    sent = [(b"content-type", JSON.encode())]
    sent += [(key.encode(), value.encode()) for key, value in headers.items() if key not in KEEP]
    return Answer(200, sent, (body,), JSON.encode(), strong_etag(body), edition.number)
