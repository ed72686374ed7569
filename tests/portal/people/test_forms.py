"""What people send that is wrong, twice, too much or too late: a clear answer, nothing lost, nothing doubled."""

from __future__ import annotations

import html
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image
from sqlmodel import col, func, select

from portal.writing.models import Case, Picture
from portal.writing.pictures import LARGEST_FILE
from tests.builders.browser import Browser
from tests.builders.people import PROJECT, TEXT, ask, fill_in, hidden_in, official, send, step, typed, visitor
from tests.builders.rooms import House


def cases_in(house: House) -> int:
    with house.room.database.reading() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def at_once(browser: Browser, path: str, fields: dict[str, Any]) -> list[int]:
    """The same form fifty times, sixteen at a time: the sorted statuses."""
    with ThreadPoolExecutor(16) as pool:
        return sorted(pool.map(lambda _: browser.post(path, fields).status_code, range(50)))


def picture_file(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x9286] = "somewhere"
    Image.new("RGB", (64, 48), "teal").save(made, kind, exif=exif)
    return made.getvalue()


def test_the_same_form_gives_the_same_receipt_and_one_case(village: House) -> None:
    citizen = visitor(village)
    fields = fill_in(village, citizen)
    before = cases_in(village)
    first, second = send(citizen, fields), send(citizen, fields)
    assert (first.number, first.code) == (second.number, second.code)
    assert cases_in(village) == before + 1


def test_fifty_clicks_at_once_make_one_case(village: House) -> None:
    citizen = visitor(village)
    fields = fill_in(village, citizen)
    before = cases_in(village)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: send(citizen, fields), range(50)))
    assert len({(asked.number, asked.code) for asked in found}) == 1
    assert cases_in(village) == before + 1


def test_of_fifty_officials_clicks_exactly_one_claims_and_publishes(village: House) -> None:
    asked = ask(village)
    clerk, head = official(village, "clerk-a"), official(village, "head-a")
    assert step(clerk, asked.number, "accept", listed="yes").status_code == 303
    for who, name, fields in (
        (clerk, "claim", {}),
        (clerk, "submit", {"text": "工程年底前完工。"}),
        (head, "publish", {}),
    ):
        path = f"/desk/cases/{asked.number}/{name}"
        given = {"form_token": who.token(f"/desk/cases/{asked.number}"), **fields}
        assert at_once(who, path, given) == [303, *[409] * 49], name
    page = visitor(village).get(f"/cases/{asked.number}").text
    assert page.count("工程年底前完工。") == 1


def test_of_fifty_ratings_at_once_one_counts(village: House) -> None:
    citizen = official(village, "citizen")
    path = f"/projects/{PROJECT}/voices"
    fields = {"form_token": citizen.token(path), "overall": "4", "quality": "5"}
    statuses = at_once(citizen, path, fields)
    assert statuses[0] == 303
    assert set(statuses[1:]) == {409}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subject", "", "至少写 2 个字"),
        ("text", "   \u200b ", "至少写 5 个字"),
        ("text", "长" * 100_000, "最多 5,000 个字，您写了 100,000 个"),
        ("subject", "题" * 81, "最多 80 个字"),
        ("project", "P-NOT-THERE", "没有项目编号"),
        ("kind", "planet", "选择来件的类别"),
        ("release", "x", "发布号应为数字"),
        ("form_key", "1.2.3", "表单不完整"),
        ("proof", "bm90IGEgcHJvb2Y=", "人机验证未通过"),
    ],
    ids=[
        "no subject",
        "blank",
        "100,000 characters",
        "long subject",
        "no project",
        "kind",
        "release",
        "key",
        "proof",
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(
    village: House, field: str, value: str, said: str
) -> None:
    citizen = visitor(village)
    extra: dict[str, Any] = {"kind": "wrong_number", "figure": "/x"} if field == "release" else {}
    before = cases_in(village)
    answer = citizen.post("/cases/new", {**fill_in(village, citizen, **extra), field: value})
    assert answer.status_code == 422
    assert said in answer.text
    if field != "text":
        assert html.escape(TEXT) in answer.text
    elif value.strip("长") == "":
        assert value in answer.text
    assert cases_in(village) == before


def test_emoji_and_html_are_text(village: House) -> None:
    asked = ask(
        village, subject="👩‍🔧 <b>路</b> & {{7*7}}", text="<script>alert(1)</script> 👍🏽 =1+1 {{7*7}} ${7*7}"
    )
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    page = visitor(village).get(f"/cases/{asked.number}").text
    assert "👩‍🔧 &lt;b&gt;路&lt;/b&gt; &amp; {{7*7}}" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 👍🏽 =1+1 {{7*7}} ${7*7}" in page
    assert "49" not in page.split("<main")[1].split("<footer")[0].replace(asked.number, "")


def test_a_phone_number_is_gone_before_anybody_reads_the_case(village: House) -> None:
    asked = ask(village, text="请打我的手机 13800138000，谢谢你们了。")
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    for page in (visitor(village).get(f"/cases/{asked.number}"), visitor(village).get("/cases")):
        assert "13800138000" not in page.text
    clerk = official(village, "clerk-a").get(f"/desk/cases/{asked.number}").text
    assert "13800138000" not in clerk
    assert "13800138000" in official(village, "head-a").get(f"/desk/cases/{asked.number}").text


def test_without_a_proof_three_an_hour_are_taken_and_marked(village: House) -> None:
    citizen = visitor(village)
    numbers = [send(citizen, fill_in(village, citizen, proven=False)).number for _ in range(3)]
    fourth = citizen.post("/cases/new", fill_in(village, citizen, proven=False))
    assert fourth.status_code == 429
    assert int(fourth.headers["retry-after"]) > 0
    assert html.escape(TEXT) in fourth.text
    assert "未经机器验证" in official(village, "clerk-a").get(f"/desk/cases/{numbers[0]}").text
    other = visitor(village)
    assert send(other, fill_in(village, other, proven=False)).number not in numbers


def test_similar_cases_are_shown_first_without_a_script(village: House) -> None:
    asked = ask(village, subject="桥头水闸夜间照明")
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    citizen = visitor(village)
    fields = fill_in(village, citizen, subject="桥头水闸夜间照明好吗")
    shown = citizen.post("/cases/new", {**fields, "checked": ""})
    assert shown.status_code == 200
    assert f"/cases/{asked.number}" in shown.text
    assert "都不是您要问的" in shown.text
    again = {**fields, **hidden_in(shown), "proof": fields["proof"]}
    assert again["checked"] == "yes"
    assert send(citizen, again).number != asked.number
    hints = citizen.get("/cases/similar?q=桥头水闸照明").json()["similar"]
    assert hints[0]["number"] == asked.number


def test_a_picture_loses_its_past_and_is_shown_by_the_office(village: House) -> None:
    citizen = visitor(village)
    asked = send(
        citizen, fill_in(village, citizen), files=[("pictures", ("../x.php", picture_file(), "text/html"))]
    )
    step(official(village, "clerk-a"), asked.number, "take", listed="yes")
    with village.room.database.reading() as session:
        picture_id = session.exec(select(func.max(Picture.id))).one()
    path = f"/cases/{asked.number}/pictures/{picture_id}"
    assert visitor(village).get(path).status_code == 404
    own = citizen.get(f"{path}?code={asked.code}")
    assert own.headers["content-type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(own.content)).getexif()
    assert (
        step(official(village, "clerk-a"), asked.number, "show-picture", picture=picture_id).status_code
        == 303
    )
    assert visitor(village).get(path).content == own.content
    assert official(village, "clerk-a").get(f"/desk{path}").content == own.content
    assert official(village, "clerk-b").get(f"/desk{path}").status_code == 200  # shown to everybody by now


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "不是 JPEG"),
        (b"GIF89a" + bytes(40), "不是 JPEG"),
        (b"", "请先选择图片|不是 JPEG"),
        (picture_file()[:200], "已损坏|不是 JPEG"),
        (b"\xff" * (LARGEST_FILE + 1), "最大 8 MB"),
    ],
    ids=["svg", "gif", "empty", "cut off", "too large"],
)
def test_a_file_that_lies_about_itself_is_refused_and_the_words_stay(
    village: House, content: bytes, said: str
) -> None:
    citizen = visitor(village)
    fields, before = fill_in(village, citizen), cases_in(village)
    answer = citizen.post("/cases/new", fields, files=[("pictures", ("road.jpg", content, "image/jpeg"))])
    assert answer.status_code == 422
    assert any(part in answer.text for part in said.split("|"))
    assert html.escape(TEXT) in answer.text
    assert cases_in(village) == before


def test_a_stale_page_changes_nothing_and_keeps_the_draft(village: House) -> None:
    asked = ask(village)
    clerk = official(village, "clerk-a")
    step(clerk, asked.number, "take", listed="yes")
    step(clerk, asked.number, "draft", text="第一稿的文字。")
    late = step(clerk, asked.number, "draft", text="从旧页面来的文字。", draft_version="7")
    assert late.status_code == 409
    assert "从旧页面来的文字。" in late.text
    assert "第一稿的文字。" in late.text


def test_the_wrong_number_loop_ends_on_the_page_of_the_project(village: House) -> None:
    citizen = visitor(village)
    asked = ask(village, citizen, kind="wrong_number", figure=f"/projects/{PROJECT}#money", release="1")
    clerk, head, finance = (official(village, name) for name in ("clerk-a", "head-a", "finance"))
    step(clerk, asked.number, "take", listed="yes")
    missing = step(clerk, asked.number, "submit", text="确有错误，将更正。")
    assert missing.status_code == 409
    assert "核查结论" in missing.text
    found = {"finding": "confirmed", "finding_text": "已核对国库明细。", "text": "确有错误，将更正。"}
    assert step(clerk, asked.number, "submit", **found).status_code == 303
    assert step(head, asked.number, "publish").status_code == 303
    wrong = step(finance, asked.number, "correct", release_number="999")
    assert wrong.status_code == 422
    same = step(finance, asked.number, "correct", release_number="1")
    assert same.status_code == 422
    assert "晚于" in same.text


def test_a_lookup_code_opens_its_own_case_only(village: House) -> None:
    one, other = ask(village), ask(village)
    stranger = visitor(village)
    right = stranger.get(f"/cases/{one.number}?code={one.code}")
    assert right.status_code == 200
    for path in (
        f"/cases/{one.number}?code={other.code}",
        f"/cases/{one.number}",
        "/cases/20260101-0001?code=x",
    ):
        assert stranger.get(path).status_code == 404
    fields = {
        "form_token": stranger.token("/cases/new?kind=question"),
        "text": "补充一句话。",
        "code": other.code,
    }
    assert stranger.post(f"/cases/{one.number}/supplement", fields).status_code == 404
    moved = stranger.get(f"/cases/find?number= {one.number} &code={one.code.lower()}")
    assert moved.status_code == 303
    assert stranger.get(moved.headers["location"]).status_code == 200


def test_a_request_and_an_inquiry_need_the_right_account(village: House) -> None:
    for login, kind, expected in (
        (None, "disclosure_request", 403),
        ("citizen", "disclosure_request", 201),
        ("citizen", "inquiry", 403),
        ("deputy", "inquiry", 201),
        ("media", "inquiry", 201),
    ):
        browser = official(village, login) if login else visitor(village)
        answer = browser.post("/cases/new", fill_in(village, browser, kind=kind))
        assert answer.status_code == expected, (login, kind)
        if expected == 403:
            assert html.escape(TEXT) in answer.text
    assert "2026年11月30日" in official(village, "citizen").get("/cases/mine").text
    assert typed()["project"] == PROJECT


def test_bulk_actions_tell_what_happened_to_each(village: House) -> None:
    numbers = [ask(village).number for _ in range(3)]
    clerk = official(village, "clerk-a")
    step(clerk, numbers[0], "take", listed="yes")
    fields = {"form_token": clerk.token("/desk/cases"), "action": "take", "listed": "yes"}
    answer = clerk.post("/desk/cases", {**fields, "number": [*numbers, "20200101-0001"]})
    assert answer.status_code == 200
    assert "已办 2 件" in answer.text
    assert "不能受理" in answer.text
    assert "20200101-0001" in answer.text
    with village.room.database.reading() as session:
        found = session.exec(select(Case.status).where(col(Case.number).in_(numbers))).all()
    assert found == ["working"] * 3


def test_templates_are_the_units_and_fill_their_places(village: House) -> None:
    clerk, other = official(village, "clerk-a"), official(village, "clerk-b")
    fields = {"unit": "U005", "title": "工期答复", "text": "关于{事项}（{编号}），{{7*7}}"}
    path = "/desk/cases/templates"
    assert clerk.submit(path, fields).status_code == 303
    twice = clerk.submit(path, fields)
    assert twice.status_code == 409
    assert "关于{事项}" in twice.text
    assert other.submit(path, {**fields, "title": "别家的"}).status_code == 403
    assert "工期答复" not in other.get(path).text
    asked = ask(village)
    step(clerk, asked.number, "take", listed="yes")
    assert f"（{asked.number}），{{{{7*7}}}}" in clerk.get(f"/desk/cases/{asked.number}").text
