from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar, get
from litestar.datastructures import State

import anonymize.errors
import portal.reading.errors
import publishing.errors
import search.errors
from portal.app import build_site
from portal.settings import Settings
from portal.web.cache import AnswerCache
from portal.web.doorway import Doorway
from portal.web.errors import TABLE, answer_error, kind_of
from portal.web.problems import FAULT, KINDS
from tests.builders.visitor import BROWSER, Visitor

ROOTS = (
    portal.reading.errors.ReadingError,
    publishing.errors.PublishingError,
    search.errors.SearchError,
    anonymize.errors.AnonymizeError,
)


def descendants(root: type[Exception]) -> Iterator[type[Exception]]:
    yield root
    for child in root.__subclasses__():
        yield from descendants(child)


@pytest.mark.parametrize(
    "error", [error for root in ROOTS for error in descendants(root)], ids=lambda error: error.__name__
)
def test_every_error_class_has_a_status(error: type[Exception]) -> None:
    assert any(found in TABLE for found in error.__mro__), (
        f"{error.__name__} is in no row of portal/web/errors.py"
    )
    assert 400 <= kind_of(error.__new__(error)).status < 600


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.slug for kind in KINDS}) == len(KINDS)
    assert {kind.slug for kind in TABLE.values()} <= {kind.slug for kind in KINDS}


@get("/broken", sync_to_thread=False)
def broken() -> str:
    raise RuntimeError("password is hunter2")


@pytest.fixture
def faulty(province_home: Path) -> Visitor:
    settings = Settings.read({"SUNSHINE_HOME": str(province_home)})
    site = build_site(settings, "public")
    app = Litestar(
        [broken],
        exception_handlers={Exception: answer_error},
        openapi_config=None,
        state=State({"site": site}),
        logging_config=None,
    )
    return Visitor(Doorway(app, site.library, AnswerCache(1000), site.limits))


@pytest.mark.parametrize("headers", [{}, BROWSER], ids=["program", "browser"])
def test_a_fault_of_ours_tells_an_incident_number_and_nothing_else(
    faulty: Visitor, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    with caplog.at_level(logging.ERROR, logger="sunshine.web"):
        answer = faulty.ask("GET", "/broken", headers)
    assert answer.status_code == FAULT.status
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["x-request-id"] in caplog.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_doorway_answers_even_when_the_error_page_itself_is_broken(province_home: Path) -> None:
    site = build_site(Settings.read({"SUNSHINE_HOME": str(province_home)}), "public")

    async def ruin(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("hunter2")

    answer = Visitor(Doorway(ruin, site.library, AnswerCache(1000), site.limits)).get("/")
    assert answer.status_code == 500
    assert answer.json()["title"] == FAULT.title
    assert "hunter2" not in answer.text
