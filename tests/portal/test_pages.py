from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

PAGES = (
    "/",
    "/projects",
    "/projects/P202100005",
    "/spending",
    "/spending?region=990101&function=205&year=2025&order=rate",
    "/regions/990000",
    "/regions/990101",
    "/organisations/U001",
    "/suppliers/S001",
    "/datasets",
    "/datasets/spending",
    "/datasets/spending@1",
    "/dictionary",
    "/disclosure",
    "/releases",
    "/releases/1",
    "/verify",
    "/api",
    "/ask",
    "/ask?q=2025%E5%B9%B4%E6%95%99%E8%82%B2%E6%94%AF%E5%87%BA",
    "/ask?q=2025%E5%B9%B4%E5%90%84%E5%B8%82%E6%95%99%E8%82%B2%E6%94%AF%E5%87%BA",
    "/ask?q=2025%E5%B9%B4%E9%A2%84%E7%AE%97",
    "/ask?q=%E5%B0%8F%E5%AD%A6%E6%89%A9%E5%BB%BA",
    "/search?q=%E5%B0%8F%E5%AD%A6&kind=project&light=red",
    "/search?q=%E6%9C%88%E7%90%83%E8%83%8C%E9%9D%A2",
    "/map",
    "/map?region=990100&measure=paid&year=2025",
    "/map?region=990101",
    "/compare",
    "/compare?with=990100&with=990200&year=2025",
    "/compare?kind=organisation&with=U001",
    "/compare?kind=project&with=P202100005&q=%E5%B0%8F%E5%AD%A6",
    "/projects/P202100005/sign",
)
SHEET_PAGES = (
    "/",
    "/projects",
    "/projects/2020-0003",
    "/spending",
    "/regions/000000",
    "/organisations/M01",
    "/datasets",
    "/datasets/contracts",
    "/dictionary",
    "/disclosure",
    "/releases/1",
    "/ask?q=%E9%81%93%E8%B7%AF",
    "/search?q=%E4%BA%8B%E6%A5%AD",
    "/map",
    "/compare?with=000000",
    "/compare?kind=project&with=2020-0003",
    "/projects/2020-0003/sign",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_its_release_its_source_and_that_it_is_fiction(
    province: Visitor, path: str
) -> None:
    answer = province.browse(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-sunshine-release"] == "1"
    assert "虚构的演示数据" in answer.text
    assert "云岭省财政厅（虚构）" in answer.text
    assert "2026年10月31日" in answer.text


@pytest.mark.parametrize("path", SHEET_PAGES)
def test_a_release_without_regions_contracts_plans_or_geometry_has_whole_pages(
    sheets: Visitor, path: str
) -> None:
    answer = sheets.browse(path)
    assert answer.status_code == 200
    assert "JUDGIT! (CC BY 4.0)" in answer.text
    assert "虚构的演示数据" not in answer.text
    assert "万元" not in re.sub(r"<title>.*?</title>", "", answer.text)


def test_a_release_says_what_it_does_not_have(sheets: Visitor) -> None:
    page = sheets.browse("/projects/2020-0003").text
    assert "这份来源不含合同" in page
    assert "没有这个项目分月的支付" in page
    assert "没有这个项目的节点" in page
    assert "百万円" in page
    assert "是否逾期，无从判断" in sheets.browse("/").text
    assert "<svg viewBox" not in re.sub(r"<header.*?</header>", "", sheets.browse("/").text, flags=re.DOTALL)


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_elder_mode_is_on_every_page_and_stays_when_a_link_is_followed(province: Visitor, path: str) -> None:
    mark = "&" if "?" in path else "?"
    page = province.browse(f"{path}{mark}mode=elder").text
    assert 'class="elder"' in page
    assert 'href="/projects?mode=elder"' in page
    assert "退出长者模式" in page
    assert "长者模式" in province.browse(path).text


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_no_styles_and_no_script_but_ours(province: Visitor, path: str) -> None:
    page = province.browse(path).text
    assert " style=" not in page
    assert re.findall(r"<style(?! nonce=)", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert len(re.findall(r'<script(?! type="application/ld\+json")', page)) == 1
    sources = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    outside = [address for address in sources if address.startswith(("http:", "https:", "//"))]
    assert [address for address in outside if "example.invalid" not in address] == []


def test_the_five_marks_are_told_apart_where_the_numbers_are(province: Visitor) -> None:
    page = province.browse("/spending?region=990101").text
    assert "依规不公开" in page
    assert 'fill="url(#hatch)"' in page
    assert "2 个数依规不公开" in page


def test_money_has_its_exact_amount_at_hand(province: Visitor) -> None:
    page = province.browse("/spending").text
    amounts = re.findall(r'<data class="amount strong" value="([\d.]+)" title="([\d,.]+) 元">', page)
    assert amounts
    assert all(value == title.replace(",", "") for value, title in amounts)


def test_the_list_of_projects_filters_by_place_words_light_and_state(province: Visitor) -> None:
    assert "共 <b>60</b> 个公开项目" in province.browse("/projects").text
    assert "找到 <b>12</b> 个" in province.browse("/projects?region=990100").text
    assert "找到 <b>10</b> 个" in province.browse("/projects?q=%E5%B0%8F%E5%AD%A6").text
    assert "找到 <b>7</b> 个" in province.browse("/projects?light=red").text
    both = province.browse("/projects?q=%E5%B0%8F%E5%AD%A6&status=completed").text
    assert "进行中</span>" not in both


def test_a_filter_with_no_result_says_why_and_offers_something_nearer(province: Visitor) -> None:
    page = province.browse("/projects?q=%E6%9C%88%E7%90%83&light=red").text
    assert "没有符合条件的项目" in page
    assert "看全部 60 个项目" in page


@pytest.mark.parametrize(
    "path",
    [
        "/projects?page=999999&sort=nonsense&year=abcd&light=purple&region=zzz",
        "/projects?page=-1",
        "/spending?region=nowhere&function=000&year=20x5&order=upside-down",
        "/projects/P202100005?year=9999",
        "/projects?q=" + "%E9%95%BF" * 300,
        "/?mode=elder&mode=elder&lang=xx",
    ],
)
def test_a_page_does_not_fall_over_what_it_does_not_know(province: Visitor, path: str) -> None:
    assert province.browse(path).status_code == 200


@pytest.mark.parametrize(
    "hostile",
    [
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%22%20onload%3D%22x",
        "%7B%7B7*7%7D%7D",
        "%E2%80%AEtxt",
        "'%20or%201=1--",
        "%25_%5B",
    ],
)
def test_what_a_stranger_types_is_text_and_nothing_else(province: Visitor, hostile: str) -> None:
    page = province.browse(f"/projects?q={hostile}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert '" onload="x' not in page.text
    assert ">49<" not in page.text
    assert len(re.findall(r"<script", page.text)) == 1


def test_an_unknown_project_is_a_404_with_its_neighbours(province: Visitor) -> None:
    answer = province.browse("/projects/P20210000")
    assert answer.status_code == 404
    assert "您要找的是不是" in answer.text
    assert "/projects/P202100000" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/regions/123456",
        "/organisations/none",
        "/suppliers/none",
        "/datasets/none",
        "/releases/99",
        "/nowhere",
    ],
)
def test_what_is_not_there_has_a_page_that_leads_on(province: Visitor, path: str) -> None:
    answer = province.browse(path)
    assert answer.status_code == 404
    assert "请求编号" in answer.text
    assert 'href="/projects"' in answer.text


def test_before_the_first_release_the_portal_says_so(tmp_path: Path) -> None:
    visitor = visitor_to(tmp_path)
    answer = visitor.browse("/")
    assert answer.status_code == 503
    assert "还没有发布任何数据" in answer.text
    assert visitor.get("/readyz").status_code == 503
    assert visitor.get("/healthz").status_code == 200


def test_home_and_project_page_stay_small(province: Visitor) -> None:
    for path in ("/", "/projects/P202100005", "/projects", "/spending"):
        sent = province.ask("GET", path, {"accept-encoding": "gzip"})
        assert int(sent.headers["content-length"]) < 100_000
        assert sent.headers["content-encoding"] == "gzip"
