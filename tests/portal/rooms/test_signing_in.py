from __future__ import annotations

from portal.web.form_tokens import FORM, SESSION
from tests.builders.rooms import PASSWORD, House

COOKIE, FORM_COOKIE = f"__Host-{SESSION}", f"__Host-{FORM}"


def test_a_citizen_comes_in_with_a_password(house: House) -> None:
    browser = house.sign_in("citizen")
    assert COOKIE in browser.jar
    assert FORM_COOKIE not in browser.jar


def test_staff_come_in_with_a_second_factor_only(house: House) -> None:
    browser = house.browser()
    answer = browser.submit("/login", {"login": "finance", "password": PASSWORD})
    assert answer.headers["location"] == "/login/code"
    assert COOKIE not in browser.jar
    assert browser.get("/login/code").status_code == 200
    wrong = browser.submit("/login/code", {"code": "000000"})
    assert wrong.status_code == 422
    right = browser.submit("/login/code", {"code": house.code()})
    assert right.headers["location"] == "/desk"
    assert COOKIE in browser.jar
