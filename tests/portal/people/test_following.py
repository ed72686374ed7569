from __future__ import annotations

import re
from xml.etree import ElementTree as ET  # our own answers only

import pytest
from sqlmodel import col, select

from portal.writing.models import Letter, Subscription
from tests.builders.people import PROJECT, UNIT, ask, official, step, visitor
from tests.builders.rooms import House

ADDRESS = "reader@example.org"


def letters(house: House) -> list[Letter]:
    with house.room.database.reading() as session:
        return list(session.exec(select(Letter).order_by(col(Letter.id))))


def follow(house: House, address: str = ADDRESS) -> str:
    """Ask to follow and confirm by the link of the letter; returns that link."""
    browser = visitor(house)
    page = f"/follow?kind=project&target={PROJECT}"
    answer = browser.submit("/follow", {"kind": "project", "target": PROJECT, "address": address}, page=page)
    assert answer.status_code == 200
    link = re.search(r"https://portal\.test(/follow/confirm\S+)", letters(house)[-1].body)
    assert link is not None
    token = link[1].partition("token=")[2]
    assert browser.submit("/follow/confirm", {"token": token}, page=link[1]).status_code == 200
    return link[1]


def test_a_follower_confirms_is_told_and_leaves_with_one_click(village: House) -> None:
    link = follow(village)
    asked = ask(village)
    assert step(official(village, "clerk-a"), asked.number, "take", listed="yes").status_code == 303
    told = letters(village)[-1]
    assert told.address == ADDRESS
    assert asked.number in told.subject
    assert f"/cases/{asked.number}" in told.body
    again = visitor(village).submit("/follow/confirm", {"token": link.partition("=")[2]}, page=link)
    assert again.status_code == 410
    left = visitor(village).post(
        f"/follow/leave?token={told.leave_token}", {"List-Unsubscribe": "One-Click"}, {"origin": "null"}
    )
    assert left.status_code == 200
    with village.room.database.reading() as session:
        addresses = session.exec(select(Subscription.address)).all()
    assert ADDRESS not in addresses


def test_nobody_learns_whether_an_address_follows(village: House) -> None:
    follow(village, "known@example.org")
    page = f"/follow?kind=project&target={PROJECT}"
    fields = {"kind": "project", "target": PROJECT}
    known = village.browser("203.0.113.8").submit(
        "/follow", {**fields, "address": "known@example.org"}, page=page
    )
    other = village.browser("203.0.113.9").submit(
        "/follow", {**fields, "address": "x@example.org"}, page=page
    )
    said = [re.sub(r'(nonce|value)="[^"]+"', "", answer.text) for answer in (known, other)]
    assert said[0] == said[1]


def test_a_wrong_address_keeps_what_was_typed_and_a_flood_is_stopped(village: House) -> None:
    browser = visitor(village)
    page = f"/follow?kind=unit&target={UNIT}"
    fields = {"kind": "unit", "target": UNIT}
    wrong = browser.submit("/follow", {**fields, "address": "not<an>address"}, page=page)
    assert wrong.status_code == 422
    assert "not&lt;an&gt;address" in wrong.text
    answers = [
        browser.submit("/follow", {**fields, "address": f"x{index}@example.org"}, page=page).status_code
        for index in range(8)
    ]
    assert answers[-1] == 429
    assert answers.count(200) == 6
    assert browser.get("/follow?kind=project&target=nothing").status_code == 404
    assert browser.get("/follow?kind=planet&target=x").status_code == 404
    assert browser.submit("/follow/leave", {"token": "1.forged"}, page="/follow/leave").status_code == 410


@pytest.mark.parametrize(
    "path",
    [
        "cases.atom",
        f"projects/{PROJECT}.atom",
        "regions/990100.atom",
        f"units/{UNIT}.atom",
        "search.atom?q=路&lang=<",
    ],
)
def test_feeds_are_whole_documents_with_the_case_in_them(village: House, path: str) -> None:
    asked = ask(village, subject="公路 <b>&amp;</b> ]]> 工期")
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    answer = visitor(village).get(f"/feeds/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.text)  # noqa: S314 - written by us a moment ago
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")]
    if "990100" not in path:
        assert any("公路 <b>&amp;</b> ]]> 工期" in (title or "") for title in titles)
    ids = [entry.findtext(f"{atom}id") for entry in feed.iter(f"{atom}entry")]
    assert len(ids) == len(set(ids))
    assert visitor(village).get("/feeds/projects/none.atom").status_code == 404
