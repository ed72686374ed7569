"""A release in yen is answered in yen: in the interface, on the page, in the terminal and beside the search."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner

from portal.cli_ask import ask as ask_command
from portal.reading.answer_words import say, spoken_in
from portal.reading.quantities import CNY, JPY, currency_of
from tests.builders.visitor import Visitor
from tests.portal.test_api import asked

SPENT = "地域活性化推進事業11支出是多少"
PAID_YEN = 12_300_000 * 12 * 9 // 10


def test_an_answer_in_yen_names_yen_and_its_large_units(sheets: Visitor) -> None:
    found = asked(sheets, f"/api/v1/ask?q={quote(SPENT)}")
    assert found["status"] == "answered"
    assert (found["answer"]["value"], found["answer"]["unit"]) == (PAID_YEN, "円")
    assert "1.33億円（132,840,000円）" in found["answer"]["text"]
    assert "元" not in found["answer"]["text"]


def test_the_page_of_an_answer_in_yen_says_no_yuan(sheets: Visitor) -> None:
    for question in (SPENT, "支出最多的3个项目", "总投资超过1000万元的项目有哪些"):
        page = sheets.browse(f"/ask?q={quote(question)}").text
        said = page.replace(question, "").replace("1000万元", "")
        assert "亿元" not in said
        assert "万元" not in said
    assert "億円" in sheets.browse(f"/ask?q={quote(SPENT)}").text


def test_a_limit_in_the_scope_is_read_back_in_the_currency_of_the_release(sheets: Visitor) -> None:
    found = asked(sheets, f"/api/v1/ask?q={quote('支出超过1000万元的项目有几个')}")
    assert found["status"] == "answered", found["reason"]
    assert "超过1000万円" in found["reading"]["scope"]


def test_the_terminal_answers_in_yen(sheets_home: Path) -> None:
    shown = CliRunner().invoke(ask_command, [SPENT, "--home", str(sheets_home)])
    assert shown.exit_code == 0, shown.output
    assert "億円" in shown.output


def test_the_search_takes_its_limits_in_yen(sheets: Visitor) -> None:
    page = sheets.browse("/search?q=地域&min=1000").text
    assert "不低于 1000 円" in page


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1_234_567_890, "元", "12.35亿元（1,234,567,890.00元）"),
        (1_234_567_890, "円", "12.35億円（1,234,567,890円）"),
        (2_500_000, "円", "2.50百万円（2,500,000円）"),
        (0.5, "円", "0.50円"),
        (1234.5, "円/人", "1,234.50円"),
        (7, "个", "7个"),
    ],
)
def test_an_amount_is_said_in_the_units_of_its_currency(number: float, unit: str, said: str) -> None:
    assert say(number, unit) == said


def test_only_units_of_money_take_the_currency_of_the_release() -> None:
    assert [spoken_in(unit, JPY) for unit in ("元", "元/人", "%", "个")] == ["円", "円/人", "%", "个"]
    assert spoken_in("元", CNY) == "元"
    assert spoken_in("元", currency_of("USD")) == "USD"


def test_the_columns_of_a_release_in_yen_are_in_yen_wherever_they_are_described(sheets: Visitor) -> None:
    units = {column["unit"] for column in asked(sheets, "/api/v1/datasets/projects")["columns"]}
    assert "円" in units
    assert "元" not in units
    described = sheets.get("/openapi.json").text
    assert "单位为円" in described
    assert "（元）" not in described
    page = sheets.browse("/datasets/projects").text
    assert "円" in page
    assert "亿元" not in page
    assert ">元<" not in page
