from __future__ import annotations

import re

import pytest

from tests.builders.browser import Browser
from tests.builders.rooms import PASSWORD, House
from tests.builders.signing import codes_on


@pytest.mark.parametrize("who", ["clerk-a", "finance", "supervision", "auditor", "administrator"])
def test_the_desk_opens_for_everybody_who_works_here(staffed: House, who: str) -> None:
    page = staffed.sign_in(who).get("/desk")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store, private"
    assert who in page.text


def test_an_invited_colleague_chooses_a_password_and_sets_up_a_second_factor(house: House) -> None:
    administrator = house.sign_in("administrator")
    fields = {
        "login": "new-clerk",
        "display_name": "新同事",
        "role": "official",
        "clearance": "2",
        "unit_id": "U001",
    }
    page = administrator.submit("/desk/accounts/invite", fields)
    link = re.search(r"https://portal\.test(/choose-password/[\w-]+)", page.text)
    assert link, page.text
    newcomer: Browser = house.browser()
    assert newcomer.submit(link[1], {"fresh": "short"}).status_code == 422
    assert newcomer.submit(link[1], {"fresh": PASSWORD}).headers["location"] == "/login?done=password"
    assert newcomer.submit(link[1], {"fresh": PASSWORD}).status_code == 410
    answer = newcomer.submit("/login", {"login": "new-clerk", "password": PASSWORD})
    assert answer.headers["location"] == "/login/set-up"
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', newcomer.get("/login/set-up").text)
    assert secret
    code = house.code_of(secret[1].replace(" ", ""))
    inside = newcomer.submit("/login/set-up", {"code": code})
    assert inside.status_code == 200
    assert 'href="/desk"' in inside.text
    assert len(codes_on(inside.text)) == 10
    assert newcomer.get("/desk").status_code == 200


def test_a_grant_that_would_reach_nothing_is_refused_with_a_word_why(house: House) -> None:
    administrator = house.sign_in("administrator")
    account = f"/desk/accounts/{house.people['clerk-a']}"
    for fields in (
        {"role": "official"},
        {"role": "official", "unit_id": "nowhere"},
        {"role": "auditor", "unit_id": "U001"},
    ):
        assert administrator.submit(f"{account}/grants", fields, page=account).status_code == 422
    assert (
        administrator.submit(
            f"{account}/grants", {"role": "official", "unit_id": "U003"}, page=account
        ).status_code
        == 303
    )


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    clerk, administrator = house.sign_in("clerk-a"), house.sign_in("administrator")
    account = f"/desk/accounts/{house.people['clerk-a']}"
    assert clerk.get("/desk").status_code == 200
    assert administrator.submit(f"{account}/disable", page=account).status_code == 303
    assert clerk.get("/desk").headers["location"] == "/login?next=%2Fdesk"


def test_grave_actions_ask_again_after_ten_minutes(house: House) -> None:
    administrator = house.sign_in("administrator")
    account = f"/desk/accounts/{house.people['clerk-a']}"
    token, before = administrator.token(account), dict(administrator.jar)
    house.clock.later(minutes=11)
    assert administrator.post(f"{account}/disable", {"form_token": token}).status_code == 403
    answer = administrator.submit(
        "/account/confirm", {"code": house.code(), "next": account}, page="/account/confirm"
    )
    assert answer.headers["location"] == account
    assert administrator.jar != before
    assert administrator.submit(f"{account}/disable", page=account).status_code == 303


def test_the_auditor_reads_searches_exports_and_verifies_the_log(house: House) -> None:
    house.sign_in("citizen")
    auditor = house.sign_in("auditor")
    page = auditor.get("/desk/log?action=session.open")
    assert "session.open" in page.text
    assert "sign_in.password" not in re.sub(r"<form.*?</form>", "", page.text, flags=re.DOTALL)
    assert "没有被改动" in auditor.get("/desk/log?verify=1").text
    answer = auditor.submit("/desk/log/export", page="/desk/log")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.splitlines()
    assert lines[0].endswith("taken_by,taken_at")
    assert all(",auditor," in line for line in lines[1:])
    assert "log.export" in auditor.get("/desk/log").text


def test_why_says_which_rule_allows_and_what_is_missing(staffed: House) -> None:
    clerk = staffed.sign_in("clerk-a")
    allowed = clerk.get("/desk/why?what=case/work&unit=U001").text
    assert "允许：单位经办" in allowed
    denied = clerk.get("/desk/why?what=case/work&unit=U002").text
    assert "对象属于单位 U002，授权只限 U001" in denied
    assert "密级 3 低于所需的 4" in clerk.get("/desk/why?what=case/review&unit=U001").text
    assert "没有任何规则" in clerk.get("/desk/why?what=log/read").text
    asked = clerk.get("/desk/why?what=log/read&login=auditor").text
    assert "没有任何规则允许这个角色对账户" in asked
    assert "允许" in staffed.sign_in("administrator").get("/desk/why?what=log/read&login=auditor").text
