from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from portal.writing.accounts import link_identity
from portal.writing.acting import Work
from tests.builders.browser import Browser
from tests.builders.provider import CLIENT, SECRET, running_provider
from tests.builders.rooms import House, build_house, copied_home


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as found:
        yield found


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory, staffed_home: Path, issuer: str) -> Iterator[House]:
    """A house whose citizen and whose finance officer have linked their identities."""
    settings = {
        "SUNSHINE_OIDC_ISSUER": issuer,
        "SUNSHINE_OIDC_CLIENT_ID": CLIENT,
        "SUNSHINE_OIDC_CLIENT_SECRET": SECRET,
    }
    house = build_house(
        copied_home(staffed_home, tmp_path_factory.mktemp("linked") / "home"), "both", **settings
    )
    house.clock.now = datetime.now(UTC)
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        link_identity(work, house.people["citizen"], issuer, "person-1")
        link_identity(work, house.people["finance"], issuer, "person-2")
    yield house
    house.room.database.close()


def _come_back(browser: Browser, start: str = "/login/provider") -> httpx.Response:
    """To the provider, which answers at once, and back with its answer."""
    there = browser.get(start).headers["location"]
    back = urlsplit(httpx.get(there).headers["location"])
    return browser.get(f"{back.path}?{back.query}")


def _next(issuer: str, **chosen: str) -> None:
    httpx.get(f"{issuer}/next", params=chosen)


def test_a_linked_person_comes_in_by_the_provider(linked: House, issuer: str) -> None:
    _next(issuer, sub="person-1")
    browser = linked.browser()
    assert "统一身份认证" in browser.get("/login").text
    assert _come_back(browser, "/login/provider?next=/account").headers["location"] == "/account"
    assert browser.get("/account").status_code == 200


def test_staff_show_a_second_factor_unless_the_provider_asked_for_one(linked: House, issuer: str) -> None:
    _next(issuer, sub="person-2")
    browser = linked.browser()
    assert _come_back(browser).headers["location"] == "/login/code"
    assert browser.get("/desk").status_code == 303
    assert browser.submit("/login/code", {"code": linked.code()}).headers["location"] == "/desk"
    _next(issuer, sub="person-2", amr="pwd,mfa")
    other = linked.browser()
    assert _come_back(other).headers["location"] == "/desk"
    assert other.get("/desk").status_code == 200


def test_an_identity_nobody_linked_lets_nobody_in(linked: House, issuer: str) -> None:
    _next(issuer, sub="somebody else")
    browser = linked.browser()
    answer = _come_back(browser)
    assert answer.status_code == 403
    assert "还没有关联" in answer.text
    assert browser.get("/account").status_code == 303


def test_somebody_links_their_identity_and_nobody_elses(linked: House, issuer: str) -> None:
    _next(issuer, sub="person-9")
    media = linked.sign_in("media")
    assert _come_back(media, "/account/provider").headers["location"] == "/account?done=linked"
    assert _come_back(linked.browser()).headers["location"] == "/account"
    assert _come_back(linked.sign_in("deputy"), "/account/provider").status_code == 409


@pytest.mark.parametrize(
    "fault", ["state", "nonce", "aud", "iss", "key", "expired", "unsigned", "denied", "issuer"]
)
def test_an_answer_that_does_not_fit_lets_nobody_in(linked: House, issuer: str, fault: str) -> None:
    _next(issuer, sub="person-1")
    browser = linked.browser()
    there = browser.get("/login/provider").headers["location"]
    _next(issuer, sub="person-1", fault=fault)
    back = urlsplit(httpx.get(there).headers["location"])
    answer = browser.get(f"{back.path}?{back.query}")
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 303


def test_an_answer_works_once_and_in_the_browser_that_asked(linked: House, issuer: str) -> None:
    _next(issuer, sub="person-1")
    browser, thief = linked.browser(), linked.browser()
    back = urlsplit(httpx.get(browser.get("/login/provider").headers["location"]).headers["location"])
    thief.get("/login/provider")
    assert thief.get(f"{back.path}?{back.query}").status_code == 403
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    assert linked.browser().get(f"{back.path}?{back.query}").status_code == 410


def test_a_provider_that_is_away_leaves_the_password(
    linked: House, tmp_path: Path, staffed_home: Path
) -> None:
    away = {"SUNSHINE_OIDC_ISSUER": "http://127.0.0.1:9", "SUNSHINE_OIDC_CLIENT_ID": CLIENT}
    house = build_house(copied_home(staffed_home, tmp_path / "away"), "both", **away)
    answer = house.browser().get("/login/provider")
    assert answer.status_code == 503
    assert "本站账户" in answer.text
    assert house.sign_in("citizen").get("/account").status_code == 200
    house.room.database.close()


def test_without_a_provider_there_is_no_such_page(staffed: House) -> None:
    assert staffed.browser().get("/login/provider").status_code == 404
