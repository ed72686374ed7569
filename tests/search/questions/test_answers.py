"""The answer card: value, unit, scope, formula, words, rows as an API call, choices, suggestions."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from portal.reading.answer_words import say
from portal.reading.answers import Answerer
from publishing.release.query import run
from search.plan import from_parameters
from search.vocabulary import Vocabulary
from tests.search.questions.province import MemoryRelease


def test_an_answer_has_everything_the_card_shows(answerer: Answerer) -> None:
    answer = answerer.ask("去年澜州市教育支出是多少？")
    assert answer.scope == "2025年 · 澜州市 · 教育支出 · 支出"
    assert answer.value is not None
    assert answer.value.unit == "元"
    assert "亿元（" in answer.text
    assert answer.formula == "支出 = Σ 国库支付金额（退款为负）"
    told = answer.to_json()
    assert told["status"] == "answered"
    assert told["answer"]["value"] == answer.value.number
    assert told["reading"]["filters"] == {"function_code": "205", "region_code": "990100"}
    assert told["reading"]["period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert json.dumps(told, ensure_ascii=False)


def test_the_rows_behind_an_answer_are_an_api_call_that_gives_the_same_number(
    answerer: Answerer, release: MemoryRelease
) -> None:
    answer = answerer.ask("2025年澜州市教育支出")
    parts = urlsplit(answer.rows_url)
    assert parts.path == "/api/v1/datasets/spending@1/rows"
    rows = run(release, from_parameters("spending", parse_qsl(parts.query))).frame
    assert answer.value is not None
    assert rows["paid"].to_list() == [round(float(answer.value.number or 0) * 100)]


def test_budget_alone_is_asked_back_with_both_numbers(answerer: Answerer) -> None:
    answer = answerer.ask("2025年澜州市教育预算是多少")
    assert answer.status == "ambiguous"
    assert [choice.label for choice in answer.choices] == ["年初预算", "调整预算"]
    assert all(choice.value is not None and choice.value.unit == "元" for choice in answer.choices)
    assert answerer.ask(answer.choices[0].question).value == answer.choices[0].value


def test_a_year_that_is_not_over_says_until_when(answerer: Answerer) -> None:
    answer = answerer.ask("今年全省教育支出是多少")
    assert "截至2026年10月31日" in answer.text


def test_no_year_is_read_as_the_current_one_and_said(answerer: Answerer) -> None:
    answer = answerer.ask("全省教育支出是多少")
    assert answer.scope.startswith("2026年")
    assert any("没有说时间" in note for note in answer.notes)


def test_the_whole_city_without_a_city_is_the_whole_territory_and_said(answerer: Answerer) -> None:
    answer = answerer.ask("去年全市修了多少公里农村公路?")
    assert answer.status == "answered"
    assert answer.value is not None
    assert answer.value.unit == "公里"
    assert any("全市" in note for note in answer.notes)


def test_today_is_an_argument(answerer: Answerer) -> None:
    assert answerer.ask("去年全省教育支出", date(2025, 6, 1)).scope.startswith("2024年")


def test_a_year_without_figures_is_refused_with_the_years_there_are(answerer: Answerer) -> None:
    answer = answerer.ask("2015年全省教育支出")
    assert str(answer.code) == "period_not_covered"
    assert "2021年" in answer.reason


def test_a_class_of_many_names_is_asked_back_with_counted_choices(answerer: Answerer) -> None:
    answer = answerer.ask("2025年全省行政运行支出")
    assert answer.status == "ambiguous"
    assert len(answer.choices) >= 8
    assert any(choice.value is not None for choice in answer.choices)


def test_a_definition_needs_no_number(answerer: Answerer) -> None:
    answer = answerer.ask("执行率是什么意思")
    assert "已支付 ÷ 调整预算" in answer.text


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (123_456_789.1, "元", "1.23亿元（123,456,789.10元）"),
        (15_000, "元", "1.50万元（15,000.00元）"),
        (99.5, "元", "99.50元"),
        (-20_000, "元", "-2.00万元（-20,000.00元）"),
        (87.654, "%", "87.65%"),
        (12.5, "公里", "12.5公里"),
        (3, "个", "3个"),
        (1234.5, "元/人", "1,234.50元"),
    ],
)
def test_numbers_are_scaled_for_people_and_exact_beside(number: float, unit: str, said: str) -> None:
    assert say(number, unit) == said


def test_examples_are_answerable(answerer: Answerer, vocabulary: Vocabulary) -> None:
    for question in answerer.reader.examples(vocabulary.as_of):
        assert answerer.ask(question).status == "answered"
