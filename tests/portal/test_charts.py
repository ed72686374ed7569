"""Charts: their numbers are those of the release, in every face; what is withheld is nowhere."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal.reading.chart_gallery import CHARTS, chart_named
from portal.reading.charts.draw import svg_of
from portal.reading.charts.files import csv_of, json_of
from portal.reading.charts.model import (
    Bar,
    Bars,
    Body,
    Chart,
    Flow,
    Grid,
    GridRow,
    Node,
    Period,
    Periods,
    Radar,
    Reading,
    Ribbon,
    Row,
    Stamp,
    Star,
    Stop,
    Tree,
    Way,
)
from portal.reading.charts.picture import picture_of
from portal.reading.charts.plot import plot_of
from portal.reading.charts.trees import squarified
from portal.reading.edition import Edition
from portal.reading.quantities import CNY
from publishing.release.reader import open_release
from publishing.release.store import ReleaseStore
from tests.builders.published import province_tables, publish, table
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

STAMP = Stamp(3, date(2026, 10, 31), "财政厅", CNY, is_fictional=True)
HOSTILE = (
    "<script>alert(1)</script>",
    '" onload="x',
    "]]><svg>",
    "&amp;<b>",
    "长" * 200,
    "\u202eabc",
    "=1+1",
    "{{7*7}}",
    "#{1+1}",
)
ABSENT = tuple(
    Reading(None, status, status) for status in ("withheld", "merged", "not_reported", "not_applicable")
)


@pytest.fixture(scope="module")
def edition(province_home: Path) -> Edition:
    return Edition(open_release(ReleaseStore(province_home / "public")))


def publish_with_flows(home: Path, **changed: pl.DataFrame) -> None:
    """The small province with a fund flow in which two lines are not published."""
    lines = [
        {
            "fund_source": source,
            "sector": sector,
            "payee_group": group,
            "fiscal_year": 2026,
            "paid": None if (at := 5 * first + 3 * second + third) in (4, 7) else (at + 1) * 1_234_567_89,
            "paid_status": {4: "withheld", 7: "merged"}.get(at, "published"),
        }
        for first, source in enumerate(("general", "bond"))
        for second, sector in enumerate(("教育", "<b>水利</b>"))
        for third, group in enumerate(("company", "institution", "individual"))
    ]
    publish(home, province_tables() | {"fund_flow": table("fund_flow", lines)} | changed)


@pytest.fixture(scope="module")
def flowing(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    home = tmp_path_factory.mktemp("flowing")
    publish_with_flows(home)
    return Edition(open_release(ReleaseStore(home / "public")))


def bodies(name: str) -> list[Body]:
    """One body of every kind, with that name in every place a name can stand, and every mark."""
    five = (Reading(0, "0 元"), Reading(12_345, "123.45 元"), *ABSENT)
    parts = tuple(Node(f"{index}", f"{name}{index}", size, "/x?a=1&b=2") for index, size in enumerate(five))
    tree = Node("all", name, Reading(20_000, "200 元"), "", (replace(parts[1], parts=parts), *parts))
    many = tuple(f"{name}{index}" for index in range(2))
    flow = Flow(
        ("从", "经"),
        (1, 1),
        many,
        (Ribbon(0, 1, five[1]), *(Ribbon(0, 1, size) for size in ABSENT)),
        (Row(many, five[1]),),
    )
    periods = Periods(
        tuple(Period(name, name, size, five[1], five[1]) for size in five), name, "计划", "预算"
    )
    grid = Grid(
        tuple(f"{index}月" for index in range(len(five))),
        (GridRow(name, five, (0.0, 1.0, None, None, None, None)),),
        "科目",
        "已支付",
        "占",
    )
    bars = Bars(tuple(Bar(name, size, name, five[1]) for size in five), name, outline_word="预算")
    radar = Radar(
        (*many, "三"), tuple(Star(name, (five[1], size, size), (name,) * 3) for size in (five[1], ABSENT[2]))
    )
    way = Way((Stop(0, name, name, name, "/x"), Stop(1, name, name)), ((0, 1),))
    return [Tree(tree), Tree(tree, is_rings=True), flow, periods, grid, bars, radar, way]


def chart_of(body: Body, name: str = "名") -> Chart:
    return Chart("test", "", name, name, body, STAMP, note=name)


def parsed(svg: str | bytes) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - made by us a line earlier


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_page_picture_and_figure(name: str) -> None:
    for body in bodies(name):
        chart = chart_of(body, name)
        for svg in (svg_of(chart), picture_of(chart)):
            tree = parsed(svg)
            names = {element.tag.rpartition("}")[2] for element in tree.iter()}
            assert names <= {
                "svg", "g", "a", "rect", "text", "line", "path", "title", "desc", "defs", "pattern", "circle",
            }  # fmt: skip
            attributes = {key for element in tree.iter() for key in element.attrib}
            assert not [key for key in attributes if key.startswith("on") or key == "style"]
        plot = json.dumps(plot_of(chart))
        assert "<script" not in plot
        assert "<b>" not in plot


@settings(deadline=None, max_examples=40)  # a busy machine is not a fault
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=40))
def test_any_name_gives_well_formed_drawings(name: str) -> None:
    for body in bodies(name):
        chart = chart_of(body, name)
        parsed(svg_of(chart))
        parsed(picture_of(chart))
        json.loads(json_of(chart))


@pytest.mark.parametrize("body", bodies("名"), ids=lambda body: type(body).__name__)
def test_the_five_marks_are_told_apart(body: Body) -> None:
    if isinstance(body, (Radar, Way, Flow)):
        return
    page = svg_of(chart_of(body))
    for status in ("withheld", "merged", "not_reported"):
        assert f'class="{status}"' in page
    if isinstance(body, (Periods, Grid, Bars)):
        for mark in ("◫", "⊕", "…", "—"):
            assert f">{mark}<" in page
    if isinstance(body, (Periods, Grid)):
        assert ">0<" in page


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**14), min_size=1, max_size=30))
def test_tiles_fill_the_sheet_in_proportion(sizes: list[int]) -> None:
    parts = [
        Node(str(index), "", Reading(size, "")) for index, size in enumerate(sorted(sizes, reverse=True))
    ]
    tiles = squarified(parts, 0, 0, 1000, 380)
    assert len(tiles) == len(parts)
    for tile in tiles:
        expected = 380_000 * (tile.node.size.value or 0) / sum(sizes)
        assert tile.width * tile.height == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert -1e-6 <= tile.x <= tile.x + tile.width <= 1000 + 1e-6
        assert -1e-6 <= tile.y <= tile.y + tile.height <= 380 + 1e-6


def test_a_withheld_part_has_no_size_of_its_own() -> None:
    """Whatever is missing from the whole, the hatched strip is the same: it gives nothing away."""

    def drawn(whole: int) -> str:
        parts = (Node("1", "甲", Reading(1000, "10 元")), Node("2", "乙", ABSENT[0]))
        svg = svg_of(chart_of(Tree(Node("all", "全部", Reading(whole, "x"), "", parts))))
        return re.sub(r"占 [\d.]+%|<text[^>]*>[^<]*</text>|class=\"t\d\"", "", svg)

    assert drawn(1001) == drawn(900_000)


# ---------------------------------------------------------------- the numbers of the release


def rows_of(chart: Chart) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(csv_of(chart)), infer_schema=False)


def fen(text: str | None) -> int | None:
    return None if text is None else round(float(text) * 100)


def test_the_tree_has_the_released_numbers_and_only_those(edition: Edition) -> None:
    chart = chart_named(edition, "spending-tree", {"region": ["990101"], "year": ["2025"]})
    released = {
        row["function_code"]: row
        for row in edition.frame("spending").iter_rows(named=True)
        if row["region_code"] == "990101" and row["fiscal_year"] == 2025
    }
    shown = rows_of(chart)
    assert shown.height == 11
    for code, _, _, paid, status in shown.iter_rows():
        assert fen(paid) == released[code]["paid"]
        assert status == released[code]["paid_status"]
    assert set(shown.filter(pl.col("已支付·状态") == "withheld")["代码"]) == {"208", "221"}


def test_the_heat_map_has_the_released_months(edition: Edition) -> None:
    chart = chart_named(edition, "spending-heat", {"region": ["990100"], "year": ["2026"]})
    months = edition.frame("spending_monthly").filter(pl.col("region_code") == "990100")
    names = dict(edition.frame("spending").select("function_name", "function_code").unique().iter_rows())
    for row in rows_of(chart).iter_rows(named=True):
        code = names.get(row["科目"], "total")
        for month in range(1, 11):
            paid = months.filter(
                (pl.col("function_code") == code) & (pl.col("month") == date(2026, month, 1))
            )["paid"].item()
            assert fen(row[f"{month}月（元）"]) == paid
        assert row["11月·状态"] == "not_reported"


def test_the_flow_has_a_row_for_every_released_line_and_its_ribbons_sum_to_them(flowing: Edition) -> None:
    chart = chart_named(flowing, "spending-flow", {"year": ["2026"]})
    released = flowing.frame("fund_flow")
    shown = rows_of(chart)
    assert shown.height == released.height == 12
    assert sorted(fen(value) or 0 for value in shown["已支付（元）"].drop_nulls()) == sorted(
        released["paid"].drop_nulls()
    )
    assert sorted(shown["已支付·状态"]) == sorted(released["paid_status"])
    assert isinstance(chart.body, Flow)
    first = [ribbon for ribbon in chart.body.ribbons if ribbon.source < chart.body.layers[0]]
    assert sum(ribbon.size.value or 0 for ribbon in first) == released["paid"].sum()
    assert {ribbon.size.status for ribbon in first} == {"published", "withheld", "merged"}
    assert "<b>" not in json.dumps(plot_of(chart))


def test_a_project_with_five_hundred_contracts_and_a_strange_name_stays_light(tmp_path: Path) -> None:
    tables = province_tables()
    strange = "<b>\u202e'\"&" + "很长的名称" * 40
    works = tables["projects"].with_columns(
        pl.when(pl.col("project_id") == "P202100000").then(pl.lit(strange)).otherwise("name").alias("name")
    )
    contracts = table(
        "contracts",
        [
            {
                "contract_id": f"C{index}",
                "title": f"{strange}{index}",
                "project_id": "P202100000",
                "supplier_id": f"S{index % 9:03d}",
                "supplier_name": strange,
                "amount": (index + 1) * 100_000_00,
            }
            for index in range(500)
        ],
    )
    publish_with_flows(tmp_path, projects=works, contracts=contracts)
    visitor = visitor_to(tmp_path)
    answer = visitor.ask("GET", "/projects/P202100000", {"accept-encoding": "gzip", "accept": "text/html"})
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) < 60_000
    assert "取用全部 500 份" in answer.text
    assert "<b>\u202e" not in answer.text
    assert visitor.get("/charts/project-way@1.png?id=P202100000").status_code == 200
    assert visitor.browse("/embed/project-way@1?id=P202100000").status_code == 200
    assert visitor.browse("/compare?kind=project&with=P202100000&with=P202200001").status_code == 200


QUERIES = {
    "spending": "?region=990100&by=sector",
    "compare": "?kind=project&with=P202100000&with=P202200001",
    "project": "?id=P202100000",
    "receipt": "?region=990100&amount=12.34",
    "forecast": "?region=990100",
    "map": "?region=990000&measure=rate",
    "organisation": "?id=U001",
}


@pytest.mark.parametrize("name", list(CHARTS))
def test_every_chart_is_drawn_or_refused_in_words(province: Visitor, sheets: Visitor, name: str) -> None:
    for visitor in (province, sheets):
        for ending in ("json", "svg", "csv"):
            answer = visitor.get(f"/charts/{name}.{ending}{QUERIES[name.partition('-')[0]]}")
            assert answer.status_code in (200, 404)
            if answer.status_code == 404:
                assert "detail" in answer.json()


def test_a_state_has_one_address(province: Visitor) -> None:
    for path in (
        "/charts/spending-tree.csv?x=1",
        "/embed/spending-tree?id=P1",
        "/charts/receipt.png?by=sector",
    ):
        answer = province.get(path)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] in ("x", "id", "by")
    assert province.browse("/embed/spending-tree?lang=en&mode=elder").status_code == 200


# ---------------------------------------------------------------- files


def test_the_files_open_and_say_the_same(province: Visitor) -> None:
    base = "/charts/spending-tree@1"
    query = "?region=990101&year=2025"
    book = openpyxl.load_workbook(io.BytesIO(province.get(f"{base}.xlsx{query}").content))
    sheet = list(book["数据"].iter_rows(values_only=True))
    table = pl.read_csv(io.BytesIO(province.get(f"{base}.csv{query}").content), infer_schema=False)
    assert [str(row[0]) for row in sheet[1:]] == table["代码"].to_list()
    assert [row[3] for row in sheet[1:]] == [
        None if value is None else float(value) for value in table["已支付（元）"]
    ]
    assert book.sheetnames[-1] == "说明"
    picture = Image.open(io.BytesIO(province.get(f"{base}.png{query}").content))
    assert picture.width > 1500
    assert len(picture.convert("RGB").resize((60, 60)).getcolors(3600) or ()) > 10
    document = province.get(f"{base}.pdf{query}").content
    assert document.startswith(b"%PDF-")
    assert document == province.get(f"{base}.pdf{query}").content
    parsed(province.get(f"{base}.svg{query}").content)


def test_a_pinned_file_is_kept_for_ever_and_an_unpinned_one_is_not(province: Visitor) -> None:
    pinned = province.get("/charts/spending-tree@1.csv")
    assert "immutable" in pinned.headers["cache-control"]
    assert pinned.headers["access-control-allow-origin"] == "*"
    assert "immutable" not in province.get("/charts/spending-tree.csv").headers["cache-control"]
    assert province.get("/charts/spending-tree@9.csv").status_code == 404


@pytest.mark.parametrize(
    "path", ["/charts/nothing.png", "/charts/spending-tree.exe", "/charts/spending-tree", "/embed/x"]
)
def test_what_is_no_chart_says_what_there_is(province: Visitor, path: str) -> None:
    answer = province.get(path)
    assert answer.status_code == 404
    assert len(answer.json()["detail"]) > 10


def test_an_embed_may_be_framed_by_anybody_and_leaves_nothing_behind(province: Visitor) -> None:
    answer = province.browse("/embed/spending-tree@1?year=2025")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert "第 1 号发布" in answer.text
    assert "frame-ancestors 'none'" in province.browse("/spending").headers["content-security-policy"]


def test_a_receipt_divides_the_amount_as_spending_was_divided(province: Visitor, edition: Edition) -> None:
    chart = chart_named(edition, "receipt", {"amount": ["1000"], "region": ["990200"], "year": ["2025"]})
    table = rows_of(chart)
    parts = [fen(value) or 0 for value in table["分到的钱（元）"]]
    assert abs(sum(parts) - 100_000) <= len(parts)
    assert "请写一个大于零" in province.browse("/receipt?amount=-5").text
    assert "请写一个大于零" in province.browse("/receipt?amount=%E5%BE%88%E5%A4%9A").text
    assert province.browse("/receipt?amount=1e999999").status_code == 200


def test_links_in_a_drawing_keep_language_and_mode(province: Visitor) -> None:
    page = province.browse("/spending?mode=elder&year=2025").text
    drawing = page[page.index('<svg class="chart"') :]
    links = re.findall(r'<a href="([^"]+)"', drawing[: drawing.index('class="chart-tools"')])
    assert len(links) > 1
    assert all("mode=elder" in link for link in links)


def test_the_white_paper_is_a_page_and_a_document(province: Visitor, sheets: Visitor) -> None:
    assert "白皮书" in province.browse("/reports/1").text
    assert province.get("/reports/1.pdf").content.startswith(b"%PDF-")
    assert sheets.browse("/reports/1").status_code == 200
    assert province.get("/reports/7").status_code == 404


def test_the_library_is_sent_packed_and_only_the_pages_script_asks_for_it(province: Visitor) -> None:
    page = province.browse("/spending").text
    address = re.search(r'data-library="([^"]+)"', page)
    assert address
    assert "<script" not in page[page.index("<main") :]
    sent = province.ask("GET", address[1], {"accept-encoding": "gzip"})
    assert sent.headers["content-encoding"] == "gzip"
    assert int(sent.headers["content-length"]) < 1_600_000
    script = (Path(__file__).parents[2] / "templates/static/charts.js").read_text()
    mark = re.search(r'MAP_STYLES = "([0-9a-f]+)"', script)
    assert mark
    assert mark[1] in sent.text  # a newer plotly: read the new id of its style element out of its script


def test_the_name_of_a_tile_is_all_there_is_in_its_link(province: Visitor) -> None:
    """What lies in a link and is not in its name cannot be spoken to a voice control; axe counts the tooltip too."""
    page = province.browse("/spending").text
    tiles = re.findall(
        r'<a href="[^"]*" aria-label="([^"]*)"><rect[^>]*><title>([^<]*)</title></rect></a>', page
    )
    assert len(tiles) > 2
    assert all(name == tooltip for name, tooltip in tiles)
