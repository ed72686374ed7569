"""The map, the comparison, the sign: the same numbers in drawing and list, and honest gaps."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest

from tests.builders.crowded import AREAS, CROWDED, PINS, crowded_home
from tests.builders.published import (
    province_tables,
    publish,
    regions,
    square_geometry,
    table,
)
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to


def areas(page: str) -> dict[str, str]:
    """What the map says of each place."""
    found = re.findall(r'<a href="/map\?region=(\d+)[^"]*" aria-label="[^：]+：([^"]+)"><path', page)
    return dict(found)


def listed(page: str) -> dict[str, str]:
    """What the list beside it says."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return dict(
        re.findall(r'href="/map\?region=(\d+)[^"]*">[^<]+</a></th><td class="n"[^>]*>([^<]+)</td>', body)
    )


@pytest.mark.parametrize("measure", ["per_head", "rate", "paid", "adjusted", "projects", "late"])
def test_map_and_list_say_the_same(province: Visitor, measure: str) -> None:
    page = province.browse(f"/map?measure={measure}&year=2025").text
    assert len(areas(page)) == 5
    assert areas(page) == listed(page)


def test_the_counts_of_projects_are_those_of_the_release(province: Visitor) -> None:
    page = province.browse("/map?measure=projects").text
    projects = province_tables()["projects"]
    for code, said in listed(page).items():
        inside = projects.filter(pl.col("region_code").str.starts_with(code[:4])).height
        assert said == f"{inside} 个"


def test_four_steps_lead_from_the_province_to_a_project(province: Visitor) -> None:
    first = province.browse("/map").text
    city = re.search(r'href="(/map\?region=990100[^"]*)"', first)
    assert city
    second = province.browse(city[1].replace("&amp;", "&")).text
    county = re.search(r'href="(/map\?region=990101[^"]*)"', second)
    assert county
    third = province.browse(county[1].replace("&amp;", "&")).text
    project = re.search(r'href="(/projects/P\d+)"', third)
    assert project
    assert province.browse(project[1]).status_code == 200


def test_what_is_chosen_stays_on_the_way_down(province: Visitor) -> None:
    page = province.browse("/map?measure=rate&year=2024&mode=elder").text
    for link in re.findall(r'href="(/map\?region=99[^"]*)"', page):
        assert "measure=rate" in link
        assert "year=2024" in link
        assert "mode=elder" in link


def with_pins(home: Path) -> Visitor:
    """A province whose first city has eight projects: six on one spot, one apart, one nowhere."""
    tables = province_tables(cities=2, counties=0, projects=8)
    places = regions(2, 0)
    projects = tables["projects"].with_columns(
        pl.lit("990100").alias("region_code"),
        pl.Series("lon", [111.5] * 6 + [111.9, None], dtype=pl.Float64),
        pl.Series("lat", [24.5] * 6 + [24.9, None], dtype=pl.Float64),
    )
    publish(home, tables | {"projects": projects}, documents={"regions.geojson": square_geometry(places)})
    return visitor_to(home)


def test_projects_on_one_spot_are_one_circle_with_their_number(tmp_path: Path) -> None:
    visitor = with_pins(tmp_path)
    page = visitor.browse("/map?region=990100").text
    pins = re.findall(r'<a class="pin" href="([^"]+)" aria-label="([^"]+)">', page)
    assert len(pins) == 2
    (cluster, words), (single, name) = sorted(pins, key=lambda pin: "cluster" not in pin[0])
    assert words == "6 个项目"
    assert single.startswith("/projects/")
    assert name in page
    assert "1 个项目没有报送位置" in page
    chosen = visitor.browse(cluster.replace("&amp;", "&")).text
    assert "圆里的 6 个项目" in chosen
    assert len(re.findall(r'<li class="project">', chosen)) == 6


def test_a_place_outside_of_the_map_is_not_called_unreported(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=0, projects=8)
    projects = tables["projects"].with_columns(
        pl.lit("990100").alias("region_code"),
        pl.Series("lon", [111.5] * 5 + [12.0, 12.0, None], dtype=pl.Float64),
        pl.Series("lat", [24.5] * 7 + [None], dtype=pl.Float64),
    )
    geometry = square_geometry(regions(2, 0))
    publish(tmp_path, tables | {"projects": projects}, documents={"regions.geojson": geometry})
    page = visitor_to(tmp_path).browse("/map?region=990100").text
    assert 'aria-label="5 个项目"' in page
    assert "1 个项目没有报送位置" in page
    assert "2 个项目报送的位置在图外" in page


def test_a_county_offers_no_measure_that_would_change_nothing_and_keeps_the_chosen_one(
    province: Visitor,
) -> None:
    page = province.browse("/map?region=990101&measure=rate&year=2024").text
    start = page.index('<form class="filters mapform"')
    form = page[start : page.index("</form>", start)]
    assert '<select id="m-measure"' not in form
    assert "data-slider" not in form
    assert '<input type="hidden" name="measure" value="rate">' in form
    assert '<input type="hidden" name="year" value="2024">' in form


def test_three_thousand_pins_are_all_counted_on_a_light_page(tmp_path: Path) -> None:
    visitor = visitor_to(crowded_home(tmp_path))
    page = visitor.browse(f"/map?region={CROWDED}").text
    single = len(re.findall(r'<a class="pin" href="/projects/', page))
    inside = [int(count) for count in re.findall(r'<a class="pin"[^>]+aria-label="(\d+) 个项目"', page)]
    assert single + sum(inside) == PINS
    assert "3,000 个公开项目" in page
    assert len(gzip.compress(page.encode())) < 60_000
    province = visitor.browse("/map").text
    assert len(areas(province)) == AREAS
    assert areas(province) == listed(province)


def test_the_points_are_those_of_the_release_and_pinned_ones_never_change(province: Visitor) -> None:
    pinned = province.get("/map/points.json?release=1")
    assert "immutable" in pinned.headers["cache-control"]
    document = pinned.json()
    projects = province_tables()["projects"]
    assert [point[0] for point in document["points"]] == sorted(projects["project_id"].to_list())
    assert document["unplaced"] == projects["lon"].null_count()
    assert document["columns"] == ["project_id", "name", "region", "lon", "lat", "light", "status"]
    assert province.get("/map/points.json").json() == document
    assert (
        province.get("/map/points.json?lat=24.06&lon=111").status_code == 400
    )  # nobody's place is wanted here


def test_the_corner_names_source_datum_and_review_number_or_says_which_is_missing(province: Visitor) -> None:
    assert "来源：虚构的几何，非真实边界；坐标系：未提供；审图号：未提供" in province.browse("/map").text


def test_a_map_in_another_datum_says_that_a_device_may_be_off(tmp_path: Path) -> None:
    shifted = json.loads(square_geometry(regions(2, 0))) | {
        "datum": "GCJ-02",
        "review_number": "GS(2026)0000号",
    }
    tables = province_tables(cities=2, counties=0, projects=8)
    publish(tmp_path, tables, documents={"regions.geojson": json.dumps(shifted).encode()})
    page = visitor_to(tmp_path).browse("/map").text
    assert "可能差几百米" in page
    assert "审图号：GS(2026)0000号" in page


def test_a_withheld_region_is_hatched_and_has_no_number(tmp_path: Path) -> None:
    tables = province_tables(cities=3, counties=1)
    hidden = (pl.col("region_code") == "990100") & (pl.col("function_code") == "total")
    spending = tables["spending"].with_columns(
        pl.when(hidden).then(None).otherwise(pl.col("paid")).alias("paid"),
        pl.when(hidden).then(pl.lit("withheld")).otherwise(pl.col("paid_status")).alias("paid_status"),
    )
    documents = {"regions.geojson": square_geometry(regions(3, 1))}
    publish(tmp_path, tables | {"spending": spending}, documents=documents)
    for measure in ("per_head", "rate", "paid"):
        page = visitor_to(tmp_path).browse(f"/map?measure={measure}").text
        assert areas(page)["990100"] == "◫ 依规不公开"
        assert listed(page)["990100"] == "◫ 依规不公开"
        assert re.search(r'region=990100[^>]*><path class="withheld"', page)
        assert "斜纹：依规不公开" in page
        figure = visitor_to(tmp_path).get(f"/charts/map.json?region=990000&measure={measure}").json()
        assert figure["data"][-1]["mode"] == "text"
        assert figure["data"][-1]["text"] == ["◫"]  # a choropleth knows no hatching

    city = visitor_to(tmp_path).browse("/map?region=990100").text  # its counties have no outlines, it has one
    assert re.search(r'region=990100[^>]*aria-label="[^"]+：◫ 依规不公开"><path class="withheld"', city)
    assert "/charts/map@" not in city


def test_without_geometry_there_is_still_the_list(tmp_path: Path) -> None:
    publish(tmp_path, province_tables())
    visitor = visitor_to(tmp_path)
    page = visitor.browse("/map").text
    assert "画不出地图" in page
    assert len(listed(page)) == 5
    county = visitor.browse("/map?region=990101").text
    assert "画不出地图" in county
    assert "没有报送位置" not in county  # they did report one; it is the outline that is missing


def test_a_region_without_an_outline_is_in_the_list_and_in_the_table_to_take_along(tmp_path: Path) -> None:
    geometry = json.loads(square_geometry(regions(3, 0)))
    geometry["features"] = [
        feature for feature in geometry["features"] if feature["properties"]["region_code"] != "990200"
    ]
    tables = province_tables(cities=3, counties=0)
    publish(tmp_path, tables, documents={"regions.geojson": json.dumps(geometry).encode()})
    visitor = visitor_to(tmp_path)
    page = visitor.browse("/map").text
    assert "990200" in listed(page)
    assert "990200" not in areas(page)
    taken = pl.read_csv(
        io.BytesIO(visitor.get("/charts/map@1.csv?region=990000").content), infer_schema=False
    )
    assert taken["代码"].to_list() == ["990100", "990200", "990300"]
    for ending in ("svg", "json", "pdf"):
        assert visitor.get(f"/charts/map@1.{ending}?region=990000").status_code == 200
    drawn = visitor.get("/charts/map@1.json?region=990000").json()["data"][0]["locations"]
    assert drawn == ["990100", "990300"]


def test_a_release_without_any_region_says_that_there_is_no_map(tmp_path: Path) -> None:
    tables = province_tables()
    publish(tmp_path, tables | {"regions": table("regions"), "spending": table("spending")})
    answer = visitor_to(tmp_path).browse("/map")
    assert answer.status_code == 404
    assert "画不出地图" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/map?region=zzz&measure=nonsense&year=1&cluster=9-9",
        "/map?region=990101&cluster=%3Cscript%3E",
        "/compare?with=zzz&with=&kind=ghost&year=20x5",
        "/compare?kind=project&q=" + quote("<script>alert(1)</script>"),
        "/compare?" + "&".join(f"with=99010{number % 5}" for number in range(60)),
    ],
)
def test_a_steered_page_does_not_fall_over_what_it_does_not_know(province: Visitor, path: str) -> None:
    answer = province.browse(path)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


# ---------------------------------------------------------------- comparison


def test_a_comparison_shows_every_denominator(province: Visitor) -> None:
    page = province.browse("/compare?with=990100&with=990101&year=2025").text
    assert "÷ 1,640,000 人" in page
    assert "÷ 410,000 人" in page
    assert "÷ 调整预算" in page
    assert "÷ 云岭省已支付" in page
    assert re.search(r"<h1>[^<]+人均支出最高，是[^<]+的 [\d.]+ 倍</h1>", page)


def test_six_are_compared_and_no_more(province: Visitor) -> None:
    codes = [f"990{city}0{county}" for city in (1, 2) for county in (1, 2, 3, 4)]
    page = province.browse("/compare?" + "&".join(f"with={code}" for code in codes)).text
    assert page.count('<span class="out">拿掉</span>') == 6
    assert "最多比六个" in page


def test_things_are_taken_away_and_added_by_links(province: Visitor) -> None:
    page = province.browse(f"/compare?kind=project&with=P202100000&q={quote('小学')}").text
    added = re.search(r'<a href="([^"]+)">加入：', page)
    assert added
    both = province.browse(added[1].replace("&amp;", "&")).text
    assert both.count('<span class="out">拿掉</span>') == 2
    gone = re.search(r'class="chips".*?<a href="([^"]+)"', both, flags=re.DOTALL)
    assert gone
    assert province.browse(gone[1].replace("&amp;", "&")).text.count('<span class="out">拿掉</span>') == 1


# ---------------------------------------------------------------- project extras


def test_the_sign_has_a_code_when_the_portal_knows_its_address(province_home: Path) -> None:
    visitor = visitor_to(province_home, SUNSHINE_BASE_URL="https://example.invalid")
    page = visitor.browse("/projects/P202100005/sign").text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page or 'class="qr"' in page
    assert "https://example.invalid/projects/P202100005" in page
    assert "印不出二维码" in visitor_to(province_home).browse("/projects/P202100005/sign").text
    assert visitor.browse("/projects/none/sign").status_code == 404


def test_the_way_of_the_money_names_policy_unit_contract_and_who_was_paid(province: Visitor) -> None:
    contract = province_tables()["contracts"].row(0, named=True)
    page = province.browse(f"/projects/{contract['project_id']}").text
    trail = page[page.index('class="trail"') : page.index("</ol>", page.index('class="trail"'))]
    steps = re.findall(r"<li><b>([^<]+)</b>", trail)
    assert steps[-3:] == ["项目", "合同", "收款人"]
    assert f'href="/suppliers/{contract["supplier_id"]}"' in trail


def test_the_map_can_be_taken_along_with_the_numbers_of_its_page(province: Visitor) -> None:
    page = province.browse("/map?measure=paid&year=2025").text
    [table] = re.findall(r'href="(/charts/map@1\.csv[^"]*)"', page)
    taken = pl.read_csv(io.BytesIO(province.get(html.unescape(table)).content), infer_schema=False)
    exact = dict(re.findall(r'">([^<>]+)</a></th><td class="n" title="([\d,.]+) 元">', page))
    assert len(exact) == taken.height
    for name, paid in taken.select("地区", "已支付（元）").iter_rows():
        assert float(paid) == float(exact[name].replace(",", ""))
    for ending in ("png", "svg", "pdf", "xlsx", "json"):
        assert province.get(html.unescape(table).replace(".csv", f".{ending}")).status_code == 200
    embedded = province.browse(html.unescape(table).replace("/charts/", "/embed/").replace(".csv", "")).text
    assert "审图号" in embedded


def test_the_pins_of_a_county_can_be_taken_along_with_every_project_of_it(tmp_path: Path) -> None:
    visitor = with_pins(tmp_path)
    page = visitor.browse("/map?region=990100&measure=paid&year=2025").text
    [address] = re.findall(r'href="(/charts/map@1\.csv[^"]*)"', page)
    assert address.endswith("?region=990100")  # neither measure nor year changes what a county's map shows
    taken = pl.read_csv(io.BytesIO(visitor.get(address).content), infer_schema=False)
    projects = province_tables(cities=2, counties=0, projects=8)["projects"].sort("project_id")
    assert sorted(taken["项目编号"]) == projects["project_id"].to_list()
    budgets = {code: fen / 100 for code, fen in projects.select("project_id", "adjusted").iter_rows()}
    for code, budget in taken.select("项目编号", "调整预算（元）").iter_rows():
        assert float(budget) == budgets[code]
    assert sorted(taken["经度·状态"]) == ["not_reported", *["published"] * 7]
    assert taken["经度（°）"].drop_nulls().cast(pl.Float64).sort().to_list() == [*[111.5] * 6, 111.9]
    for ending in ("png", "pdf", "xlsx", "card.png"):
        assert visitor.get(address.replace("csv", ending)).status_code == 200
    figure = visitor.get(address.replace("csv", "json")).json()
    land, points = figure["data"]
    assert (land["type"], len(points["lon"]), len(points["text"])) == ("choropleth", 7, 7)
    geo = figure["layout"]["geo"]
    for axis, degrees in (("lonaxis", points["lon"]), ("lataxis", points["lat"])):
        least, most = geo[axis]["range"]
        assert least < min(degrees) <= max(degrees) < most


def test_the_embedded_pins_lead_to_the_projects_and_to_those_that_lie_together(tmp_path: Path) -> None:
    visitor = with_pins(tmp_path)
    framed = visitor.browse("/embed/map@1?region=990100").text
    links = [html.unescape(link) for link in re.findall(r'<a href="([^"]+)" aria-label', framed)]
    [cluster] = [link for link in links if link.startswith("/map?")]
    [single] = [link for link in links if link.startswith("/projects/")]
    assert "圆里的 6 个项目" in visitor.browse(cluster).text
    assert visitor.browse(single).status_code == 200
    assert ">6</text>" in framed
    assert "审图号" in framed


def test_what_a_county_takes_along_says_so_in_english(tmp_path: Path) -> None:
    visitor = with_pins(tmp_path)
    framed = visitor.browse("/embed/map@1?region=990100&lang=en").text
    assert "A dot is where a project lies" in framed
    header = visitor.get("/charts/map@1.csv?region=990100&lang=en").text.split("\n")[0]
    assert "Adjusted budget" in header
    assert "Longitude (°)" in header


def test_where_no_project_has_a_place_there_is_no_map_to_take_along(tmp_path: Path, sheets: Visitor) -> None:
    tables = province_tables(cities=2, counties=0, projects=8)
    nowhere = pl.lit(None, dtype=pl.Float64)
    projects = tables["projects"].with_columns(nowhere.alias("lon"), nowhere.alias("lat"))
    geometry = square_geometry(regions(2, 0))
    publish(tmp_path, tables | {"projects": projects}, documents={"regions.geojson": geometry})
    visitor = visitor_to(tmp_path)
    assert visitor.get("/charts/map.svg?region=990100").status_code == 404
    assert visitor.get("/charts/map.svg?region=123456").status_code == 404
    assert "/charts/map@" not in visitor.browse("/map?region=990100").text
    assert visitor.get("/charts/map.svg").status_code == 200
    assert sheets.get("/charts/map.svg").status_code == 404
