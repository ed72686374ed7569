"""What titles claim: the largest of what is published is called the largest only where nothing hidden can be larger."""

from __future__ import annotations

import html
import re
from pathlib import Path

import polars as pl
import pytest

from portal.app import build_app
from portal.reading.leading import leads_for_sure
from portal.reading.quantities import NOT_REPORTED, WITHHELD, Amount
from portal.settings import Settings
from tests.builders.published import province_tables, publish
from tests.builders.visitor import Visitor

HIDDEN = Amount(None, WITHHELD)


@pytest.mark.parametrize(
    ("parts", "whole", "is_sure"),
    [
        ((Amount(50), Amount(30)), Amount(80), True),
        ((Amount(50), Amount(30), HIDDEN), Amount(100), True),
        ((Amount(50), Amount(30), HIDDEN), Amount(140), False),
        ((Amount(50), HIDDEN), Amount(None, WITHHELD), False),
        ((HIDDEN, HIDDEN), Amount(100), False),
        ((Amount(50), Amount(None, NOT_REPORTED)), Amount(90), True),
    ],
    ids=[
        "all is shown",
        "what is hidden is less than the largest",
        "what is hidden may be more than the largest",
        "the whole is hidden too",
        "nothing is shown",
        "a part that is not reported is less than the largest",
    ],
)
def test_the_largest_leads_for_sure_when_nothing_hidden_can_be_larger(
    parts: tuple[Amount, ...], whole: Amount, *, is_sure: bool
) -> None:
    assert leads_for_sure(parts, whole) is is_sure


@pytest.fixture
def province(tmp_path: Path) -> Visitor:
    """A province whose largest class is withheld, and one of whose cities is."""
    tables = province_tables(cities=3, counties=1, projects=6)
    of_classes = tables["spending"]["function_code"] != "total"
    codes = tables["spending"].filter(of_classes)["function_code"].unique().sort().to_list()
    top = next(code for code in codes if len(code) == 3)
    is_hidden = (pl.col("function_code") == top) | (pl.col("region_code") == "990300")
    spending = tables["spending"].with_columns(
        pl.when(is_hidden).then(None).otherwise(pl.col("paid")).alias("paid"),
        pl.when(is_hidden).then(pl.lit("withheld")).otherwise(pl.col("paid_status")).alias("paid_status"),
    )
    publish(tmp_path, tables | {"spending": spending})
    return Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(tmp_path)}), "public"))


def test_a_title_over_hidden_numbers_speaks_of_what_is_published(province: Visitor) -> None:
    assert "已公布的里面，" in province.browse("/spending").text
    assert "已公布的里面，" in province.browse("/").text
    compared = province.browse("/compare?with=990100&with=990200&with=990300").text
    assert "<h1>已公布的里面，" in compared
    assert "Of what is published: " in province.browse("/spending?lang=en").text


def test_rates_are_compared_by_their_difference(visitor: Visitor) -> None:
    page = visitor.browse("/compare?with=990100&with=990200").text
    assert "执行率：" in page
    rates = page.partition("执行率：")[2][:80]
    assert "个百分点" in rates or "都差不多" in rates
    assert "倍" not in rates.partition("</h2>")[0]


def test_amounts_are_said_to_the_fen_for_whoever_asks(visitor: Visitor) -> None:
    rounded, exact = visitor.browse("/spending").text, visitor.browse("/spending?exact=1").text
    assert 'class="to-fen"' in exact
    amounts = re.findall(r'<data class="amount[^"]*" value="(-?[\d.]+)">([^<]+)<', exact)
    assert len(amounts) > 5
    assert all(shown.replace(",", "") == value for value, shown in amounts)
    assert re.findall(r'<data class="amount[^"]*" value="(-?[\d.]+)"', rounded) == [
        value for value, _ in amounts
    ]
    assert 'href="/spending?exact=1"' in rounded
    assert "exact=1" in re.findall(r'<a href="(/regions/[^"]+|/map[^"]*)"', exact)[0]


@pytest.mark.parametrize(
    "path",
    ["/", "/spending?region=990100", "/regions/990100", "/organisations/U001", "/projects/P202100005"],
)
def test_every_table_with_bars_can_be_taken_along(visitor: Visitor, path: str) -> None:
    page = visitor.browse(path).text
    files = {html.unescape(found) for found in re.findall(r'href="(/charts/[^"]+)" download', page)}
    assert {found.partition("?")[0].rpartition(".")[2] for found in files} == {
        "png",
        "svg",
        "pdf",
        "csv",
        "xlsx",
    }
    for found in sorted(files):
        if ".csv" in found or ".svg" in found:
            answer = visitor.get(found)
            assert answer.status_code == 200, found
            assert answer.content
