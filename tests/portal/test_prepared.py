"""Prepared sums say octet for octet what the usual way says, and what is unusual is left to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.app import build_app
from portal.reading.coded import coded_table
from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.reading.library import Standing
from portal.reading.shelf import Shelf
from portal.settings import Settings
from portal.web import prepared_answers as lanes
from portal.web.api_answers import read_query
from portal.web.asking import read_parameters
from portal.web.cache import Answer, AnswerCache
from portal.web.doorway import UNKNOWN, Doorway
from portal.web.prepared_answers import PreparedAnswers, parted
from portal.web.shortcut import shortcut_of
from publishing.release.store import ReleaseStore
from tests.builders.published import province_tables, publish
from tests.builders.visitor import Visitor

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BASE = "https://portal.test"
PATH = "/api/v1/datasets/spending/aggregate"
CHANGING = {"x-request-id", "date", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset"}
VALUES = {
    "spending": {
        "region_code": ["990000", "990100", "990101", "990201", "nowhere"],
        "region_level": ["province", "city", "county", "nonsense"],
        "region_name": ["第1市", "第1市第1县"],
        "function_level": ["total", "class", "section"],
        "function_code": ["total", "205", "208", "20502"],
        "fiscal_year": ["2024", "2025", "2026", "1999", "02025"],
        "paid_status": ["published", "withheld"],
    },
    "project_months": {"month": ["2026-01", "2026-06", "x"], "project_name": ["", "a"]},
}
LEVELLED = {
    "spending": (["region_code", "region_level", "region_name"], ["function_code", "function_level"]),
    "project_months": (["project_name"], ["month"]),
}
"""One of each must be asked for or grouped by, lest levels are mixed."""
MORE = {"spending": ["fiscal_year", "paid_status"], "project_months": []}
MEASURES = {
    "spending": ["paid", "paid:mean", "paid:min", "paid:max", "paid:count", "adjusted", "execution_rate"],
    "project_months": ["paid", "paid:max"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared")
    publish(home, province_tables(cities=2, counties=2, projects=10))
    return home


def opened(home: Path) -> Edition:
    release = Shelf(ReleaseStore(home / "public")).open_current()
    assert release is not None
    return Edition(release)


@pytest.fixture(scope="module")
def edition(home: Path) -> Edition:
    return opened(home)


@pytest.fixture(scope="module")
def usual(home: Path) -> Callable[[str, str], Answer | None]:
    """The usual way, over an edition for which nothing is ever prepared."""
    edition = opened(home)
    for name in VALUES:
        table = coded_table(edition, edition.specs[name])
        for column in edition.specs[name].columns:
            table.coded(column.name)
    edition.keep(("prepared answers", BASE), lambda: Unlearned(edition, BASE))
    cache = AnswerCache(0)
    standing = Standing(None, edition, ())
    shortcut = shortcut_of(BASE, cache)

    def answer(dataset: str, query: str) -> Answer | None:
        return shortcut(standing, f"/api/v1/datasets/{dataset}/aggregate", query.encode()).answer

    return answer


class Unlearned(PreparedAnswers):
    """Learns nothing."""

    def notice(self, *_: object) -> None:
        """Let it pass."""


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, list[str], list[tuple[str, str]]]:
    """A dataset, the columns of the conditions, the parameters that are no conditions."""
    name = draw(st.sampled_from(sorted(VALUES)))
    named = [draw(st.sampled_from(choices)) for choices in LEVELLED[name]]
    named += draw(st.lists(st.sampled_from(MORE[name]), unique=True)) if MORE[name] else []
    named = draw(st.permutations(named))
    conditions = draw(st.integers(1, len(named) - 1))
    columns, keys = named[:conditions], named[conditions:]
    measures = draw(st.lists(st.sampled_from(MEASURES[name]), min_size=1, max_size=3, unique=True))
    labels = [*keys, *(found.replace(":", "_") for found in measures)]
    sort = draw(st.lists(st.sampled_from(labels), max_size=2, unique=True))
    words = [("group_by", key) for key in keys] + [("measure", ",".join(measures))]
    words += [("sort", draw(st.sampled_from(["", "-"])) + label) for label in sort]
    words += draw(st.sampled_from([[], [("limit", "3")], [("limit", "200")]]))
    return name, columns, draw(st.permutations(words))


@given(questions(), st.data())
@QUIET
def test_a_prepared_answer_is_the_usual_one(
    edition: Edition,
    usual: Callable[[str, str], Answer | None],
    question: tuple[str, list[str], list[tuple[str, str]]],
    drawn: st.DataObject,
) -> None:
    name, columns, words = question

    def query(places: list[int]) -> str:
        values = [VALUES[name][column][place] for column, place in zip(columns, places, strict=True)]
        return urlencode([*zip(columns, values, strict=True), *words])

    lane = PreparedAnswers(edition, BASE)
    spec = edition.specs[name]
    example = query([0] * len(columns))
    try:
        asked = read_query(spec, "aggregate", read_parameters(example.encode()))
    except QueryRefused:
        assume(condition=False)
    assume(lane.prepare(spec, parted(example.encode())[0], asked))
    for _ in range(5):
        places = [drawn.draw(st.integers(0, len(VALUES[name][column]) - 1)) for column in columns]
        found = lane.answer(name, query(places).encode(), is_pinned=False)
        expected = usual(name, query(places))
        if found is None:  # nothing there, or nothing right: the usual way says so
            assert expected is None or b'"rows":[]' in expected.parts[0]
        else:
            assert found == expected, "octets, headers and entity tag"


def learned(visitor: Visitor, path: str, *queries: str) -> None:
    """Ask until the shape of the questions is prepared."""
    door = visitor.app
    assert isinstance(door, Doorway)
    edition = door.library.standing.edition
    assert edition is not None
    lane = lanes.prepared_answers(edition, "")
    deadline = time.monotonic() + 20
    while lane.answer("spending", queries[0].encode(), is_pinned=False) is None:
        assert time.monotonic() < deadline
        for query in queries:
            door.cache = AnswerCache(0)  # nothing is kept, so that every question is a new one
            assert visitor.get(f"{path}?{query}").status_code == 200
        time.sleep(0.01)


@pytest.mark.parametrize("pin", ["", "@1"])
def test_headers_and_octets_are_those_of_the_long_way(home: Path, pin: str) -> None:
    given = Settings.read({"SUNSHINE_HOME": str(home)})
    long_way, prepared = Visitor(build_app(given, "public")), Visitor(build_app(given, "public"))
    assert isinstance(long_way.app, Doorway)
    long_way.app.shortcut = lambda *_: UNKNOWN
    path = f"/api/v1/datasets/spending{pin}/aggregate"
    shape = "fiscal_year={}&region_level={}&function_level=class&group_by=region_code,function_code&measure=paid&limit=5"
    learned(prepared, path, shape.format(2025, "city"))
    for year, level in ((2024, "county"), (2026, "province"), (1999, "city"), (2025, "moon"), ("", "city")):
        asked = f"{path}?{shape.format(year, level)}"
        one, other = long_way.get(asked), prepared.get(asked)
        assert one.status_code == other.status_code
        assert set(one.headers) == set(other.headers)
        same = {name for name in one.headers if name not in CHANGING}
        assert {name: one.headers[name] for name in same} == {name: other.headers[name] for name in same}
        if one.status_code == 200:
            assert one.content == other.content
            following = one.json()["next"]
            assert (
                following is None
                or prepared.get(following).json()["rows"] == long_way.get(following).json()["rows"]
            )


@pytest.mark.parametrize(
    "query",
    [
        "fiscal_year=2025&group_by=region_code&measure=paid",  # would add levels
        "fiscal_year=2025&fiscal_year=2024&group_by=region_code,function_code,fiscal_year&measure=paid",
        "fiscal_year__gte=2025&group_by=region_code,function_code,fiscal_year&measure=paid",
        "region_code=990100&group_by=region_code,function_code,fiscal_year&measure=paid",
        "region_code=990100&function_code=205&measure=paid",
    ],
)
def test_what_is_of_another_kind_is_not_prepared(edition: Edition, query: str) -> None:
    spec = edition.specs["spending"]
    lane = PreparedAnswers(edition, BASE)
    asked = read_query(spec, "aggregate", read_parameters(query.encode()))
    for _ in range(2 * lanes.WORTH_PREPARING):
        lane.notice(spec, query.encode(), asked)
    while not lane._preparing.acquire(timeout=20):
        pytest.fail("preparing takes for ever")
    assert lane.answer("spending", query.encode(), is_pinned=False) is None


def test_the_oldest_shape_goes_when_memory_is_short(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, lane = edition.specs["spending"], PreparedAnswers(edition, BASE)
    queries = [
        f"fiscal_year=2025&function_level=class&group_by=region_code,function_code&measure={name}".encode()
        for name in ("paid", "adjusted", "approved")
    ]
    for query in queries:
        asked = read_query(spec, "aggregate", read_parameters(query))
        assert lane.prepare(spec, parted(query)[0], asked)
    monkeypatch.setattr(lanes, "MOST_OCTETS", 1)
    lane._forget_the_oldest()
    assert [lane.answer("spending", query, is_pinned=False) is None for query in queries] == [
        True,
        True,
        False,
    ]


def test_equal_questions_share_their_answer_however_they_are_spelled(edition: Edition) -> None:
    cache, standing = AnswerCache(10_000_000), Standing(None, edition, ())
    table = coded_table(edition, edition.specs["spending"])
    for column in edition.specs["spending"].columns:
        table.coded(column.name)
    shortcut = shortcut_of(BASE, cache)
    first = shortcut(
        standing,
        PATH,
        b"fiscal_year=2025&region_level=city&function_level=class&group_by=region_code&measure=paid",
    )
    assert first.answer is not None
    cache.put(standing.generation, (PATH, b"first"), first.answer, first.plan)
    for spelled in (
        b"measure=paid%3Asum&group_by=region_code&function_level=class&region_level=city&fiscal_year=2025&limit=100",
        b"region_level=c%69ty&fiscal_year=2025&function_level=class&&group_by=region_code&measure=paid,paid",
    ):
        assert shortcut(standing, PATH, spelled).answer is first.answer
    for other in (b"&limit=99", b"&sort=paid"):
        query = b"fiscal_year=2025&region_level=city&function_level=class&group_by=region_code&measure=paid"
        assert shortcut(standing, PATH, query + other).answer is not first.answer
    pinned = shortcut(standing, PATH.replace("spending", "spending@1"), query).answer
    assert pinned is not None
    assert pinned is not first.answer
    assert pinned.parts == first.answer.parts
