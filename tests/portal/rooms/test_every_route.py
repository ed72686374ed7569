"""Every route x method x role: the answer must be what the declaration and the permission table say, nothing else."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

import pytest
from litestar import get, post
from litestar.handlers.http_handlers import HTTPRouteHandler

from portal.app import READING
from portal.rooms import PUBLIC_ROUTES, STAFF_ROUTES
from portal.web.guarding import (
    Access,
    Anyone,
    Desk,
    Needs,
    SignedIn,
    Staff,
    UndeclaredRoute,
    access_of,
    check_declared,
    works_with,
)
from portal.writing.accounts import subject_of
from portal.writing.acting import VISITOR, Subject
from portal.writing.permissions import may_ever
from tests.builders.browser import Browser
from tests.builders.rooms import PEOPLE, House

WHO = ("visitor", *PEOPLE)
_PARAMETER = re.compile(r"\{\w+:(\w+)\}")
_VALUES = {"int": "999999", "str": "nothing", "path": "nothing"}


@dataclass(frozen=True)
class Route:
    """A route with an address of nothing that exists."""

    method: str
    path: str
    access: Access


def _routes() -> list[Route]:
    found = []
    for handler in (*STAFF_ROUTES, *PUBLIC_ROUTES):
        access = access_of(handler)
        for path, method in itertools.product(sorted(handler.paths), sorted(handler.http_methods)):
            if method in {"GET", "POST"}:
                filled = _PARAMETER.sub(lambda match: _VALUES[match[1]], path)
                found.append(Route(str(method), filled, access))
    return found


ROUTES = _routes()
UNIT_IN_THE_FORM = frozenset({"/desk/cases/templates"})


@pytest.fixture(scope="module")
def people(staffed: House) -> dict[str, tuple[Browser, Subject]]:
    """Everybody, signed in."""
    found = {"visitor": (staffed.browser(), VISITOR)}
    for login, account_id in staffed.people.items():
        if login in PEOPLE:
            with staffed.room.database.reading() as session:
                found[login] = (staffed.sign_in(login), subject_of(session, account_id))
    return found


def _may_pass(access: Access, subject: Subject) -> bool:
    """What the declaration says, told once more."""
    is_in = subject.account_id is not None
    if isinstance(access, Anyone):
        return True
    if isinstance(access, SignedIn):
        return is_in
    if isinstance(access, Staff):
        return is_in and subject.is_staff
    if isinstance(access, Desk):
        return is_in and subject.is_staff and works_with(subject, access.resource, access.action)
    assert isinstance(access, Needs)
    return may_ever(subject, access.resource, access.action)


@pytest.mark.parametrize("who", WHO)
def test_a_role_comes_exactly_where_the_table_lets_it(
    people: dict[str, tuple[Browser, Subject]], who: str
) -> None:
    browser, subject = people[who]
    jar = dict(browser.jar)
    token = browser.token("/account/confirm" if subject.account_id else "/login")
    jar |= browser.jar
    wrong = []
    for route in ROUTES:
        if route.path == "/logout":  # ends the session; see test_sessions
            continue
        browser.jar = dict(jar)
        answer = (
            browser.get(route.path)
            if route.method == "GET"
            else browser.post(route.path, {"form_token": token})
        )
        is_kept_out = answer.status_code in {401, 403} or "/login?next=" in answer.headers.get("location", "")
        if answer.status_code == 403 and route.path in UNIT_IN_THE_FORM:
            continue  # an empty form names no unit: refused by the domain
        if is_kept_out == _may_pass(route.access, subject):
            wrong.append((route.method, route.path, answer.status_code))
        assert answer.status_code != 500, route
        is_feed = route.path.startswith("/feeds/")  # of public cases, for everybody
        assert is_feed or "no-store" in answer.headers.get("cache-control", ""), route
    assert wrong == []


@pytest.mark.parametrize(
    "route",
    [route for route in ROUTES if route.method == "POST"],
    ids=lambda route: route.path,
)
def test_no_form_is_taken_without_its_token(people: dict[str, tuple[Browser, Subject]], route: Route) -> None:
    for who in ("visitor", "finance", "administrator"):
        browser, _ = people[who]
        is_by_link = isinstance(route.access, Anyone) and route.access.by_link
        for fields in ({}, {"form_token": "0" * 16 + "." + "0" * 64}):
            status = browser.post(route.path, fields).status_code
            assert status == 403 or (is_by_link and status in {404, 410}), (who, route)


def test_an_undeclared_route_keeps_the_application_from_being_built() -> None:
    @get("/desk/secret")
    async def undeclared() -> None: ...

    @get("/desk/secret", guards=[Anyone()])
    async def open_desk() -> None: ...

    @get("/desk/secret", guards=[Desk("case", "no such action")])
    async def misspelt() -> None: ...

    @post("/datasets")
    async def writing() -> None: ...

    for handler in (undeclared, open_desk, misspelt):
        with pytest.raises(UndeclaredRoute):
            check_declared([handler], [])
    with pytest.raises(UndeclaredRoute):
        check_declared([], [writing])


def test_every_reading_route_only_reads() -> None:
    handlers = [handler for handler in READING if isinstance(handler, HTTPRouteHandler)]
    check_declared([], handlers)
    assert len(handlers) == len(READING)
