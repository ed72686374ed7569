"""A phone that is gone: recovery codes over HTTP, and the two people it takes to reset a whole sign-in."""

from __future__ import annotations

from sqlmodel import col, select

from portal.writing.acting import Work
from portal.writing.models import LogEntry, RecoveryCode
from portal.writing.recovery import new_recovery_codes
from tests.builders.browser import Browser
from tests.builders.rooms import PASSWORD, House
from tests.builders.signing import codes_on


def _codes(house: House, login: str) -> tuple[str, ...]:
    with house.room.database.writing() as session:
        work = Work(session, house.room.by_system(), house.room.rules)
        return new_recovery_codes(work, house.people[login])


def _at_the_code(house: House, login: str) -> Browser:
    browser = house.browser("198.51.100.77")
    browser.submit("/login", {"login": login, "password": PASSWORD})
    return browser


def _actions(house: House) -> list[str]:
    with house.room.database.reading() as session:
        return list(session.exec(select(LogEntry.action).order_by(col(LogEntry.sequence))))


def test_a_recovery_code_lets_its_owner_in_once_however_it_is_typed(house: House) -> None:
    first, second = _codes(house, "clerk-a")[:2]
    browser = _at_the_code(house, "clerk-a")
    inside = browser.submit("/login/code", {"recovery": f" {first.lower().replace('-', ' ')} "})
    assert inside.headers["location"] == "/account?done=recovered"
    assert "还剩 9" in browser.get("/account").text
    assert browser.get("/desk").status_code == 200
    other = _at_the_code(house, "clerk-a")
    again = other.submit("/login/code", {"recovery": first})
    assert again.status_code == 422
    assert "恢复码不对" in again.text
    assert _at_the_code(house, "clerk-b").submit("/login/code", {"recovery": second}).status_code == 422
    assert other.submit("/login/code", {"recovery": second}).status_code == 303
    told = _actions(house)
    assert told.count("sign_in.recovery_code") == 2
    assert told.count("sign_in.recovery_code_refused") == 2


def test_guessing_recovery_codes_is_throttled_like_guessing_the_six_digits(house: House) -> None:
    right = _codes(house, "clerk-a")[0]
    browser = _at_the_code(house, "clerk-a")
    for _ in range(5):
        assert browser.submit("/login/code", {"recovery": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422
    assert browser.submit("/login/code", {"recovery": right}).status_code == 422
    assert browser.submit("/login/code", {"code": house.code()}).status_code == 422
    house.clock.later(minutes=5, seconds=1)
    assert browser.submit("/login/code", {"recovery": right}).status_code == 303


def test_new_codes_are_shown_once_and_end_the_old_ones(house: House) -> None:
    old = _codes(house, "clerk-a")[0]
    clerk = house.sign_in("clerk-a")
    page = clerk.submit("/account/recovery-codes", page="/account")
    assert page.headers["cache-control"] == "no-store, private"
    shown = codes_on(page.text)
    assert len(set(shown)) == 10
    assert codes_on(clerk.get("/account").text) == []
    with house.room.database.reading() as session:
        kept = session.exec(select(RecoveryCode.digest)).all()
    assert not {code.replace("-", "") for code in shown} & set(kept)
    assert _at_the_code(house, "clerk-a").submit("/login/code", {"recovery": old}).status_code == 422
    house.clock.later(minutes=11)
    answer = clerk.submit("/account/recovery-codes", page="/account")
    assert answer.headers["location"] == "/account/confirm?next=/account"


def test_no_single_administrator_takes_over_a_whole_sign_in(house: House) -> None:
    administrator = house.sign_in("administrator")
    code = _codes(house, "finance")[0]
    account = f"/desk/accounts/{house.people['finance']}"
    assert administrator.submit(f"{account}/reset", page=account).status_code == 200
    refused = administrator.submit(f"{account}/second-factor", page=account)
    assert refused.status_code == 403
    assert "另一位管理员" in refused.text
    assert _at_the_code(house, "finance").submit("/login/code", {"recovery": code}).status_code == 303
    clerk = f"/desk/accounts/{house.people['clerk-a']}"
    _codes(house, "clerk-a")
    assert administrator.submit(f"{clerk}/second-factor", page=clerk).status_code == 303
    assert administrator.submit(f"{clerk}/reset", page=clerk).status_code == 403
    answer = _at_the_code(house, "clerk-a").get("/login/set-up")
    assert answer.status_code == 200, "a new one must be set up"
    own = f"/desk/accounts/{house.people['administrator']}"
    assert administrator.submit(f"{own}/second-factor", page=own).status_code == 422
    with house.room.database.reading() as session:
        open_codes = session.exec(
            select(RecoveryCode.id).where(
                col(RecoveryCode.account_id) == house.people["clerk-a"], col(RecoveryCode.ended_at).is_(None)
            )
        ).all()
    assert open_codes == []
