"""The answers of `rows`, `aggregate` and `count` as bytes and headers: the same whichever way a question comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from portal.reading.aggregation import aggregate_page, groups_query
from portal.reading.coded import coded_table
from portal.reading.cost import refuse_costly
from portal.reading.documents import release_document
from portal.reading.edition import Edition
from portal.reading.query import GROUP_WORDS, ROW_WORDS, Query, rows_query
from portal.reading.selection import Page, count_rows, select_page
from portal.web.asking import CURRENT_HEADERS, FOR_EVER, KEEP, Parameters
from portal.web.cache import Answer, strong_etag
from publishing.specs import DatasetSpec

ENCODER = msgspec.json.Encoder(decimal_format="number")
JSON = "application/json"
START = "/api/v1/datasets/"
VIEWS = ("rows", "aggregate")
WORDS = tuple(dict.fromkeys((*GROUP_WORDS, *ROW_WORDS)))
"""The parameters that are no conditions, in the order in which we write them."""


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


class Voice:
    """How one dataset of one edition answers: what is the same from answer to answer is made once."""

    def __init__(self, edition: Edition, name: str, base_url: str, *, is_pinned: bool) -> None:
        self.number = edition.number
        self.is_pinned = is_pinned
        self._address = f"{base_url}{START}{name}@{edition.number}"
        self._described_by = description_address(edition, name, base_url)
        self._start = encoded({"release": release_document(edition), "dataset": name})[:-1]
        self._last_page = self._sent("")

    def following(self, view: str, parameters: Parameters, cursor: str | None) -> str:
        """The address of the page after this one, empty for the last; the same however the question was spelled."""
        if not cursor:
            return ""
        query = urlencode([*in_one_order(parameters), ("cursor", cursor)])
        return f"{self._address}/{view}?{query}"

    def body(self, rows: bytes, count: int, following: str) -> bytes:
        """The answer in JSON; `rows` are a list in JSON."""
        return b'%b,"count":%d,"rows":%b,"next":%b}' % (self._start, count, rows, encoded(following or None))

    def headers(self, following: str) -> dict[str, str]:
        """The headers of a page of rows or groups."""
        kept = {**KEEP, "cache-control": FOR_EVER} if self.is_pinned else dict(CURRENT_HEADERS)
        links = [f'<{self._described_by}>; rel="describedby"']
        links += [f'<{following}>; rel="next"'] * bool(following)
        return {**kept, "vary": "Accept", "link": ", ".join(links)}

    def answer(self, body: bytes, following: str) -> Answer:
        """The answer as the door keeps and sends it."""
        sent = self._sent(following) if following else list(self._last_page)
        return Answer(200, sent, (body,), JSON.encode(), strong_etag(body), self.number)

    def _sent(self, following: str) -> list[tuple[bytes, bytes]]:
        headers = self.headers(following).items()
        sent = [(name.encode(), value.encode()) for name, value in headers if name not in KEEP]
        return [(b"content-type", JSON.encode()), *sent]


def voice_of(edition: Edition, name: str, base_url: str, *, is_pinned: bool) -> Voice:
    """The voice of a dataset, kept with its edition."""
    return edition.keep(
        ("voice", name, base_url, is_pinned), lambda: Voice(edition, name, base_url, is_pinned=is_pinned)
    )


def in_one_order(parameters: Parameters) -> list[tuple[str, str]]:
    """Parameters without the page, conditions first: equal questions that are spelled in another order look alike."""
    conditions = sorted(
        {(name, value) for name, values in parameters.items() if name not in WORDS for value in values}
    )
    words = [(name, value) for name in WORDS if name != "cursor" for value in parameters.get(name, ())]
    return [*conditions, *words]


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
