"""From a question to a published reply, and back: as a citizen, a clerk and the second person do it over HTTP."""

from __future__ import annotations

from tests.builders.browser import token_in
from tests.builders.people import PROJECT, ask, official, step, visitor
from tests.builders.rooms import House

REPLY = "工程因雨季暂停，将于十二月底前完工。"


def test_a_question_becomes_a_published_reply_is_rated_low_and_reopened(village: House) -> None:
    citizen = visitor(village)
    asked = ask(village, citizen)
    assert "11月9日" in asked.answer.text
    assert visitor(village).get(f"/cases/{asked.number}").status_code == 404
    own = citizen.get(f"/cases/{asked.number}?code={asked.code}")
    assert own.status_code == 200

    clerk = official(village, "clerk-a")
    assert asked.number in clerk.get("/desk/cases?view=new").text
    assert step(clerk, asked.number, "take", listed="yes").headers["location"].endswith("?done=take")
    assert "还剩 5 个工作日" in visitor(village).get(f"/cases/{asked.number}").text
    assert step(clerk, asked.number, "submit", text=REPLY).status_code == 303
    own_work = step(clerk, asked.number, "publish")
    assert own_work.status_code in (403, 404)
    assert REPLY not in visitor(village).get(f"/cases/{asked.number}").text

    head = official(village, "head-a")
    assert asked.number in head.get("/desk/cases?view=review").text
    assert step(head, asked.number, "publish").status_code == 303
    public = visitor(village).get(f"/cases/{asked.number}")
    assert REPLY in public.text
    assert "在期限" in public.text

    page = citizen.get(f"/cases/{asked.number}?code={asked.code}")
    low = {"form_token": token_in(page), "code": asked.code, "rating": "1", "reason": "没有说为什么"}
    assert "done=reopen" in citizen.post(f"/cases/{asked.number}/rate", low).headers["location"]
    again = visitor(village).get(f"/cases/{asked.number}").text
    assert "重新办理" in again
    assert "没有说为什么" in again
    assert asked.number in visitor(village).get(f"/projects/{PROJECT}/voices").text
    twice = citizen.post(f"/cases/{asked.number}/rate", low)
    assert twice.status_code == 409


def test_every_page_of_cases_opens(village: House) -> None:
    asked = ask(village)
    for path in (
        "/cases",
        "/cases?standing=overdue&kind=question&q=路",
        "/cases/new",
        "/cases/statistics",
        "/ratings",
    ):
        assert visitor(village).get(path).status_code == 200, path
    clerk = official(village, "clerk-a")
    for view in ("mine", "open", "new", "overdue", "review", "refused", "all"):
        assert clerk.get(f"/desk/cases?view={view}").status_code == 200
    for path in (f"/desk/cases/{asked.number}", "/desk/cases/templates", "/cases/mine"):
        assert clerk.get(path).status_code == 200, path
    for path in ("/cases?standing=x", "/cases?kind=x", "/desk/cases?view=x"):
        assert clerk.get(path).status_code == 400, path
