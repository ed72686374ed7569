"""What pages do with what nobody hopes for: names of 200 characters, foreign scripts, nothing, less than nothing."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from portal.app import build_app
from portal.settings import Settings
from publishing.release.keys import load_or_create_signing_key
from publishing.release.store import ReleaseStore
from tests.builders.odd import NAMES, PROJECTS, odd_home
from tests.builders.published import province_tables, publish, regions, square_geometry
from tests.builders.visitor import Visitor


def visitor_to(home: Path) -> Visitor:
    return Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(home)}), "public"))


def test_names_are_shown_as_they_are_and_never_as_markup(tmp_path: Path) -> None:
    visitor = visitor_to(odd_home(tmp_path))
    for project, name in zip(PROJECTS, NAMES, strict=True):
        page = visitor.browse(f"/projects/{project}").text
        assert name in html.unescape(page)
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_totals_of_zero_and_less_have_their_pages(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=1, projects=6)
    spending = tables["spending"].with_columns(
        pl.when(pl.col("region_code") == "990100").then(-5_000_00).otherwise(0).alias("paid").cast(pl.Int64),
        pl.lit(0).alias("adjusted").cast(pl.Int64),
        pl.lit("published").alias("paid_status"),
        pl.lit("published").alias("adjusted_status"),
    )
    publish(
        tmp_path,
        tables | {"spending": spending},
        documents={"regions.geojson": square_geometry(regions(2, 1))},
    )
    visitor = visitor_to(tmp_path)
    for path in (
        "/",
        "/map",
        "/map?measure=paid",
        "/map?measure=rate",
        "/regions/990100",
        "/regions/990200",
        "/spending",
    ):
        answer = visitor.browse(path)
        assert answer.status_code == 200, path
        assert "inf" not in answer.text.split("<main")[1].split("</main>")[0].replace("info", ""), path
        assert "nan" not in answer.text.split("<main")[1].split("</main>")[0], path
    assert "-5,000" in visitor.browse("/regions/990100").text
    home = visitor.browse("/").text
    assert "各科目还没有支付" in home
    assert ">-0<" not in home
    compared = visitor.browse("/compare?with=990100&with=990200").text
    assert " 倍</h" not in compared


def test_a_withdrawn_release_says_why_and_where_to_go_instead(tmp_path: Path) -> None:
    publish(tmp_path, province_tables(cities=2, counties=1, projects=6))
    publish(tmp_path, province_tables(cities=2, counties=1, projects=8))
    key = load_or_create_signing_key(tmp_path / "keys", "public")
    ReleaseStore(tmp_path / "public").withdraw(
        1, reason="误收了一张表", by="officer", at=datetime.now(UTC), key=key
    )
    visitor = visitor_to(tmp_path)
    answer = visitor.browse("/releases/1")
    assert answer.status_code == 410
    assert "这一号发布已经撤回" in answer.text
    assert "误收了一张表" in answer.text
    assert 'href="/releases"' in answer.text
    listed = visitor.browse("/releases").text
    assert "已撤回" in listed
    assert "撤回的原因：误收了一张表" in listed


def test_a_portal_without_any_release_has_pages_that_say_so(tmp_path: Path) -> None:
    visitor = visitor_to(tmp_path)
    for path in ("/", "/map", "/disclosure", "/regions/990100"):
        answer = visitor.browse(path)
        assert answer.status_code == 503, path
        assert "还没有发布任何数据" in answer.text
    assert visitor.browse("/design").status_code == 200


def test_a_region_without_any_figure_says_so_and_offers_the_one_above(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=1, projects=6)
    nowhere = pl.col("region_code") != "990101"
    spending = tables["spending"].filter(nowhere)
    projects = tables["projects"].filter(nowhere)
    publish(tmp_path, tables | {"spending": spending, "projects": projects})
    page = visitor_to(tmp_path).browse("/regions/990101").text
    assert "这里没有登记公开项目" in page
    assert 'href="/projects?region=990100"' in page
