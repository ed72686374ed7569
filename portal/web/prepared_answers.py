"""The fast lane of the interface: sums whose like was asked before are not parsed again, only their values are looked up.

Programs ask one question with many values: a year, a code, a level. The parameters without the values of their
conditions are the question's shape. A shape that was answered the usual way a few times is prepared in the background
(`portal.reading.prepared`); from then on an answer is a stretch of prepared text, octet for octet what the usual way
says. Whatever is unusual, wrong or unknown is left to the usual way: nothing is refused here.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from portal.reading.coded import coded_table
from portal.reading.edition import Edition
from portal.reading.prepared import PreparedSums, prepared_sums
from portal.reading.query import LONGEST_VALUE, PARSERS, Condition, Query
from portal.reading.selection import write_cursor
from portal.web.api_answers import ENCODER, voice_of
from portal.web.asking import read_parameters
from portal.web.cache import Answer
from publishing.specs import Column, ColumnType, DatasetSpec

log = logging.getLogger("sunshine.library")

KEPT_WHOLE = frozenset((b"group_by", b"measure", b"sort", b"limit"))
"""Parameters that belong to the shape with their values."""
WORTH_PREPARING = 4
"""So many times a shape is answered the usual way first."""
MOST_OCTETS = 96_000_000
MOST_SHAPES = 1_024
REST = 4.0
"""After preparing there is a rest of so many times the processor time it took: strange shapes cannot keep us busy."""

Names = tuple[bytes, ...]
Key = tuple[str, Names]


@dataclass(frozen=True, slots=True)
class Shape:
    """A prepared question: `query` is an example of it, `places` say which value a text of the address is."""

    query: Query
    places: tuple[dict[bytes, int], ...]
    sums: PreparedSums


class PreparedAnswers:
    """The shapes of one edition, learned from what is asked. Asked from one thread, prepared in another."""

    def __init__(self, edition: Edition, base_url: str) -> None:
        self.edition = edition
        self.base_url = base_url
        self._shapes: OrderedDict[Key, Shape | None] = OrderedDict()
        self._counts: dict[Key, int] = {}
        self._preparing = threading.Lock()
        self._rests_until = 0.0

    def answer(self, name: str, query_string: bytes, *, is_pinned: bool) -> Answer | None:
        """The answer to an aggregation of that dataset; None when it is not prepared."""
        names, values = parted(query_string)
        shape = self._shapes.get((name, names))
        if shape is None:
            return None
        try:
            codes = [places[value] for places, value in zip(shape.places, values, strict=True)]
        except KeyError:
            return None
        limit = shape.query.limit
        rows, total = shape.sums.answer(codes, limit)
        if not total:
            return None
        cursor = "" if total <= limit else self._cursor(name, shape, codes)
        voice = voice_of(self.edition, name, self.base_url, is_pinned=is_pinned)
        following = voice.following("aggregate", read_parameters(query_string), cursor) if cursor else ""
        return voice.answer(voice.body(b"[%b]" % rows, total, following), following)

    def _cursor(self, name: str, shape: Shape, codes: list[int]) -> str:
        values = [coded.series[code] for coded, code in zip(shape.sums.columns, codes, strict=True)]
        conditions = tuple(
            replace(condition, values=(value,))
            for condition, value in zip(shape.query.conditions, values, strict=True)
        )
        query = replace(shape.query, conditions=conditions)
        return write_cursor(self.edition, name, query, query.limit)

    def notice(self, spec: DatasetSpec, query_string: bytes, query: Query) -> None:
        """A right question came the usual way; one whose shape comes often is prepared in the background."""
        names, values = parted(query_string)
        key = (spec.name, names)
        if key in self._shapes or not _may_be_prepared(query, len(values)):
            return
        if len(self._counts) >= MOST_SHAPES:
            self._counts.clear()
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if count < WORTH_PREPARING or time.monotonic() < self._rests_until:
            return
        if self._preparing.acquire(blocking=False):
            del self._counts[key]
            threading.Thread(
                target=self._prepare_aside, args=(spec, key, query), name="prepare-sums", daemon=True
            ).start()

    def _prepare_aside(self, spec: DatasetSpec, key: Key, query: Query) -> None:
        try:
            self.prepare(spec, key[1], query)
        except Exception:
            self._shapes[key] = None
            log.exception("sums of %s could not be prepared; they are answered the usual way", spec.name)
        finally:
            self._rests_until = time.monotonic() + REST * time.thread_time()
            self._preparing.release()

    def prepare(self, spec: DatasetSpec, names: Names, query: Query) -> bool:
        """Prepare a shape. Returns whether it could be; one that cannot is not tried again."""
        sums = prepared_sums(self.edition, spec, query, ENCODER)
        shape = None
        if sums is not None:
            places = tuple(self._spellings(spec, condition) for condition in query.conditions)
            shape = Shape(query, places, sums)
        self._shapes[spec.name, names] = shape
        self._forget_the_oldest()
        return shape is not None

    def _forget_the_oldest(self) -> None:
        kept = [(key, shape.sums.octets if shape else 0) for key, shape in self._shapes.items()]
        octets = sum(size for _, size in kept)
        for key, size in kept[:-1]:
            if octets <= MOST_OCTETS and len(self._shapes) <= MOST_SHAPES:
                return
            octets -= size
            del self._shapes[key]

    def _spellings(self, spec: DatasetSpec, condition: Condition) -> dict[bytes, int]:
        """Where the values of a column stand, by how a program writes them in an address."""
        table, column = coded_table(self.edition, spec), spec.column(condition.column)
        coded = table.coded(column.name)
        places = {} if coded is None else coded.places
        return {text: code for value, code in places.items() if (text := _spelled(column, value)) is not None}


def prepared_answers(edition: Edition, base_url: str) -> PreparedAnswers:
    """What was prepared for an edition, kept with it."""
    return edition.keep(("prepared answers", base_url), lambda: PreparedAnswers(edition, base_url))


def parted(query_string: bytes) -> tuple[Names, list[bytes]]:
    """The parameters of an address without the values that may differ between questions of one shape, and these."""
    names, values = query_string.split(b"&"), []
    for place, part in enumerate(names):
        name, _, value = part.partition(b"=")
        if name not in KEPT_WHOLE:
            names[place] = name
            values.append(value)
    return tuple(names), values


def _may_be_prepared(query: Query, values: int) -> bool:
    """Whether each of the values that were parted off is the one value of its own condition."""
    return (
        not query.cursor
        and len(query.conditions) == values
        and all(found.operator == "eq" and len(found.values) == 1 for found in query.conditions)
    )


def _spelled(column: Column, value: Any) -> bytes | None:
    """How a value is written in an address so that it is read as this value; None when it cannot be."""
    if value is None:
        return None
    if column.type is ColumnType.MONTH:
        text = f"{value:%Y-%m}"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    is_fit = text.isprintable() and len(text) <= LONGEST_VALUE and (not column.enum or text in column.enum)
    return quote(text, safe="").encode() if is_fit and PARSERS[column.type](text) == value else None
