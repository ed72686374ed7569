"""The door's shortcut to what is asked most: routing, parsing and wrapping cost more than the question.

It answers only what is small, right, and about the release that is shown; all else takes the long way, on which the same
functions say the same. Answers are kept by the canonical form of their question, too, so that whoever spells it
differently gets the same octets.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.reading.coded import coded_table
from portal.reading.cost import is_small
from portal.reading.edition import Edition
from portal.reading.errors import ReadingError
from portal.reading.library import Standing
from portal.reading.query import Query
from portal.web.api_answers import START, VIEWS, answer_query, encoded, read_query, voice_of
from portal.web.asking import Parameters, read_parameters
from portal.web.cache import Answer, AnswerCache
from portal.web.doorway import UNKNOWN, Found, Shortcut
from portal.web.prepared_answers import prepared_answers
from publishing.errors import PublishingError
from publishing.specs import DatasetSpec


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about one table of the release that is shown."""

    edition: Edition
    spec: DatasetSpec
    view: str
    is_pinned: bool
    base_url: str


def shortcut_of(base_url: str, cache: AnswerCache) -> Shortcut:
    """The shortcut for one door and its cache."""

    def answer(standing: Standing, path: str, query_string: bytes) -> Found:
        edition = standing.edition
        if edition is None or not path.startswith(START) or not path.endswith(VIEWS):
            return UNKNOWN
        name, _, view = path[len(START) :].partition("/")
        plain, mark, number = name.partition("@")
        spec = edition.specs.get(plain)
        if spec is None or view not in VIEWS or (mark and number != str(edition.number)):
            return UNKNOWN
        asked = _Asked(edition, spec, view, bool(mark), base_url)
        prepared = _prepared(asked, query_string)
        return Found(prepared) if prepared is not None else _found(asked, query_string, cache, standing)

    return answer


def _prepared(asked: _Asked, query_string: bytes) -> Answer | None:
    """The answer to a question whose like was asked often."""
    if asked.view != "aggregate":
        return None
    lane = prepared_answers(asked.edition, asked.base_url)
    return lane.answer(asked.spec.name, query_string, is_pinned=asked.is_pinned)


def _found(asked: _Asked, query_string: bytes, cache: AnswerCache, standing: Standing) -> Found:
    """What is known of an equal question, or the answer when it is quickly made."""
    try:
        parameters = read_parameters(query_string)
        query = read_query(asked.spec, asked.view, parameters)
        plan = (asked.spec.name, asked.view, asked.is_pinned, query.canonical, query.limit, query.cursor)
        kept = cache.get(standing.generation, plan)
        if kept is not None:
            return Found(kept, plan)
        if asked.view == "aggregate":
            prepared_answers(asked.edition, asked.base_url).notice(asked.spec, query_string, query)
        if not is_small(coded_table(asked.edition, asked.spec), query):
            return Found(None, plan)
        return Found(_made(asked, parameters, query), plan)
    except (ReadingError, PublishingError):
        return UNKNOWN  # the long way says what is wrong


def _made(asked: _Asked, parameters: Parameters, query: Query) -> Answer:
    page = answer_query(asked.edition, asked.spec, asked.view, query)
    voice = voice_of(asked.edition, asked.spec.name, asked.base_url, is_pinned=asked.is_pinned)
    following = voice.following(asked.view, parameters, page.next_cursor)
    return voice.answer(voice.body(encoded(page.rows), page.total, following), following)
