from __future__ import annotations

import pytest

from portal.app import build_app
from portal.web.form_tokens import FORM, SESSION
from portal.web.writing_room import WritingRoom, open_room
from portal.writing.signing_in import BY_LOGIN_AND_SOURCE
from tests.builders.browser import Browser
from tests.builders.rooms import PASSWORD, House

COOKIE, FORM_COOKIE = f"__Host-{SESSION}", f"__Host-{FORM}"


def test_the_cookie_of_a_session_is_for_this_host_https_and_no_script(house: House) -> None:
    browser = house.browser()
    token = browser.token("/login")
    answer = browser.post("/login", {"form_token": token, "login": "citizen", "password": PASSWORD})
    cookie = next(found for found in answer.headers.get_list("set-cookie") if found.startswith(COOKIE))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_a_session_somebody_else_prepared_is_not_taken_over(house: House) -> None:
    browser = house.browser()
    browser.jar = {COOKIE: "prepared-by-an-attacker"}
    browser.get("/login")
    browser.submit("/login", {"login": "citizen", "password": PASSWORD})
    assert browser.jar[COOKIE] != "prepared-by-an-attacker"
    other = Browser(house.app, jar={COOKIE: "prepared-by-an-attacker"})
    assert other.get("/account").status_code == 303


def test_signing_in_again_gives_a_new_session_and_ends_the_one_before(house: House) -> None:
    browser = house.sign_in("citizen")
    before = browser.jar[COOKIE]
    browser.submit("/login", {"login": "citizen", "password": PASSWORD})
    assert browser.jar[COOKIE] != before
    assert Browser(house.app, jar={COOKIE: before}).get("/account").status_code == 303


def test_a_session_ends_after_half_an_hour_unused_and_after_twelve_hours_in_any_case(house: House) -> None:
    idle = house.sign_in("citizen")
    house.clock.later(minutes=31)
    assert idle.get("/account").headers["location"].startswith("/login")
    busy = house.sign_in("citizen")
    for _ in range(25):
        house.clock.later(minutes=29)
        answer = busy.get("/account")
    assert answer.status_code == 303


def test_leaving_ends_the_session_for_every_worker(house: House) -> None:
    browser = house.sign_in("citizen")
    kept = dict(browser.jar)
    other = _other_worker(house)
    second = build_app(house.room.settings, "both", room=other)
    assert Browser(second, jar=dict(kept)).get("/account").status_code == 200
    assert browser.submit("/logout", page="/account").headers["location"] == "/login?done=left"
    assert COOKIE not in browser.jar
    assert Browser(second, jar=dict(kept)).get("/account").status_code == 303
    other.database.close()


def _other_worker(house: House) -> WritingRoom:
    return open_room(house.room.settings, house.clock)


def test_a_changed_password_ends_every_other_session(house: House) -> None:
    here, there = house.sign_in("citizen"), house.sign_in("citizen")
    wrong = here.submit("/account/password", {"current": "not it", "fresh": "another long sentence"})
    assert wrong.status_code == 422
    weak = here.submit("/account/password", {"current": PASSWORD, "fresh": "password1"})
    assert weak.status_code == 422
    right = here.submit("/account/password", {"current": PASSWORD, "fresh": "another long sentence"})
    assert right.headers["location"] == "/account?done=password"
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303


def test_one_ends_ones_own_sessions_and_nobody_elses(house: House) -> None:
    here, there, other = house.sign_in("citizen"), house.sign_in("citizen"), house.sign_in("media")
    page = here.get("/account").text
    ended = page.split("/account/sessions/")[1].split("/")[0]
    assert other.submit(f"/account/sessions/{ended}/end", page="/account").status_code == 404
    assert here.submit(f"/account/sessions/{ended}/end", page="/account").status_code == 303
    assert there.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "https://portal.test.evil.test"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused_even_with_a_good_token(
    staffed: House, headers: dict[str, str]
) -> None:
    browser = staffed.browser()
    fields = {"form_token": browser.token("/login"), "login": "citizen", "password": PASSWORD}
    assert browser.post("/login", fields, headers).status_code == 403
    assert COOKIE not in browser.jar


def test_the_token_of_one_session_is_no_good_in_another(staffed: House) -> None:
    stranger, browser = staffed.browser(), staffed.browser()
    token = stranger.token("/login")
    browser.get("/login")
    assert browser.post("/login", {"form_token": token, "login": "citizen"}).status_code == 403


def test_guessing_is_slowed_down_in_words_that_say_how_long(house: House) -> None:
    browser = house.browser("198.51.100.9")
    fields = {"login": "citizen", "password": "wrong"}
    for _ in range(BY_LOGIN_AND_SOURCE.tries):
        assert browser.submit("/login", fields).status_code == 422
    answer = browser.submit("/login", {**fields, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "秒后再试" in answer.text
    assert house.sign_in("citizen", "203.0.113.200").get("/account").status_code == 200


def test_an_unknown_login_is_told_in_the_same_words(staffed: House) -> None:
    browser = staffed.browser("198.51.100.10")
    known = browser.submit("/login", {"login": "media", "password": "wrong"})
    unknown = browser.submit("/login", {"login": "nobody", "password": "wrong"})
    assert "用户名或密码不对" in known.text
    assert _words(known.text) == _words(unknown.text).replace("nobody", "media")


def _words(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "form_token" not in line and "nonce" not in line)


def test_a_code_of_the_second_factor_works_once(house: House) -> None:
    first, second = house.browser(), house.browser()
    for browser in (first, second):
        browser.submit("/login", {"login": "finance", "password": PASSWORD})
    code = house.code()
    assert first.submit("/login/code", {"code": code}).status_code == 303
    assert second.submit("/login/code", {"code": code}).status_code == 422


def test_the_step_before_the_second_factor_opens_nothing_and_expires(house: House) -> None:
    browser = house.browser()
    browser.submit("/login", {"login": "finance", "password": PASSWORD})
    assert browser.get("/desk").headers["location"] == "/login?next=%2Fdesk"
    house.clock.later(minutes=11)
    assert browser.get("/login/code").headers["location"] == "/login"


@pytest.mark.parametrize(
    "path",
    ["//evil.test/", "https://evil.test", "/\\evil.test", "javascript:alert(1)", "/%0d%0aset-cookie:x"],
)
def test_nobody_is_sent_elsewhere_after_signing_in(house: House, path: str) -> None:
    browser = house.browser()
    answer = browser.submit("/login", {"login": "citizen", "password": PASSWORD, "next": path})
    assert answer.headers["location"].startswith("/")
    assert "evil" not in answer.headers["location"]


def test_public_pages_are_the_same_for_everybody_and_may_be_kept(staffed: House) -> None:
    visitor, finance = staffed.browser(), staffed.sign_in("finance")
    for path in ("/", "/projects", "/spending"):
        seen, theirs = visitor.get(path), finance.get(path)
        assert "finance" not in theirs.text
        assert "set-cookie" not in seen.headers
        assert "no-store" not in theirs.headers["cache-control"]


def test_a_citizen_registers_without_an_identity(house: House) -> None:
    browser = house.browser()
    fields = {"login": "wang", "display_name": "热心市民", "fresh": "一句很长的话作密码"}
    assert browser.submit("/register", {**fields, "fresh": "12345678"}).status_code == 422
    assert browser.submit("/register", fields).headers["location"] == "/login?done=registered"
    assert browser.submit("/register", fields).status_code == 422
    answer = browser.submit("/login", {"login": "wang", "password": fields["fresh"]})
    assert answer.headers["location"] == "/account"


def test_the_internal_surface_has_the_desk_and_no_forms_of_the_public(staffed: House) -> None:
    internal = build_app(staffed.room.settings, "internal", room=staffed.room)
    browser = Browser(internal)
    assert browser.get("/register").status_code == 404
    assert browser.get("/login").status_code == 200
    assert browser.get("/projects").status_code == 200


def test_the_public_surface_says_where_else_to_ask(staffed: House) -> None:
    public = Browser(build_app(staffed.room.settings, "public"))
    for path in ("/login", "/desk", "/cases/new"):
        answer = public.get(path)
        assert answer.status_code == 404
        assert "只供查阅" in answer.text
