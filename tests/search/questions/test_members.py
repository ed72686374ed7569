"""Questions about several members at once: shares, averages to compare with, sums of the first few, both ends, changes.

Every expected number is computed by DuckDB over the same tables.
"""

from __future__ import annotations

import duckdb
import pytest

from portal.reading.answers import Answerer

EDUCATION = "select region_code, region_name, paid from spending where region_level = 'city' and function_code = '205' and fiscal_year = 2025"
TOTALS = "select region_code, paid from spending where region_level = 'city' and function_code = 'total' and fiscal_year = 2025"
WHOLE = "(select paid from spending where region_level = 'province' and function_code = '205' and fiscal_year = 2025)"
RATE = "(select 100.0 * paid / adjusted from spending where region_level = 'province' and function_code = 'total' and fiscal_year = 2025)"

NUMBERS = (
    (
        "2025年教育支出前三的市一共花了多少",
        f"select sum(paid) from ({EDUCATION} order by paid desc limit 3)",
        "元",
    ),
    (
        "2025年教育支出前三的市占全省多少",
        f"select round(100 * sum(paid) / {WHOLE}, 2) from ({EDUCATION} order by paid desc limit 3)",
        "%",
    ),
    ("2025年教育支出最多的市和最少的市差多少", f"select max(paid) - min(paid) from ({EDUCATION})", "元"),
    (
        "2025年教育支出最多的市是最少的几倍",
        f"select round(max(paid) / min(paid), 2) from ({EDUCATION})",
        "倍",
    ),
    (
        "2025年教育支出占比最高的市",
        f"select round(max(100 * e.paid / t.paid), 2) from ({EDUCATION}) e join ({TOTALS}) t using (region_code)",
        "%",
    ),
    (
        "2025年教育支出占比超过20%的市有几个",
        f"select count(*) from ({EDUCATION}) e join ({TOTALS}) t using (region_code) where 100 * e.paid / t.paid > 20",
        "个",
    ),
    (
        "2025年执行率高于全省平均的市有几个",
        f"select count(*) from spending where region_level = 'city' and function_code = 'total' and fiscal_year = 2025 and 100.0 * paid / adjusted > {RATE}",
        "个",
    ),
    (
        "2025年教育支出超过各市平均的市有几个",
        f"select count(*) from ({EDUCATION}) where paid > (select avg(paid) from ({EDUCATION}))",
        "个",
    ),
    (
        "2025年教育支出比上年下降的市有几个",
        f"select count(*) from ({EDUCATION}) a join ({EDUCATION.replace('2025', '2024')}) b using (region_code) where a.paid < b.paid",
        "个",
    ),
    (
        "2025年教育支出增长超过5%的市有几个",
        f"select count(*) from ({EDUCATION}) a join ({EDUCATION.replace('2025', '2024')}) b using (region_code) where round(100 * (a.paid - b.paid) / b.paid, 2) > 5",
        "个",
    ),
    (
        "2025年上半年教育支出占全年多少",
        f"select round(100 * sum(paid) / {WHOLE}, 2) from spending_monthly where region_level = 'province' and function_code = '205' and month between '2025-01-01' and '2025-06-30'",
        "%",
    ),
    (
        "2025年教育支出完成年初预算的百分之几",
        "select round(100 * paid / approved, 2) from spending where region_level = 'province' and function_code = '205' and fiscal_year = 2025",
        "%",
    ),
    (
        "黄灯以上的项目有几个",
        "select count(*) from projects where light in ('yellow', 'orange', 'red')",
        "个",
    ),
    (
        "农业农村项目总投资一共多少",
        "select sum(total_investment) from projects where sector = '农业农村'",
        "元",
    ),
)


@pytest.mark.parametrize(("question", "sql", "unit"), NUMBERS)
def test_the_number_is_what_independent_code_computes(
    question: str, sql: str, unit: str, answerer: Answerer, books: duckdb.DuckDBPyConnection
) -> None:
    found = books.execute(sql).fetchone()
    answer = answerer.ask(question)
    assert found is not None
    assert answer.status == "answered", answer.reason
    assert answer.value is not None
    assert answer.value.unit == unit
    assert answer.value.number is not None
    assert float(answer.value.number) == pytest.approx(float(found[0]), abs=0.006)


def test_each_share_of_the_province_is_divided_by_the_province_and_not_by_the_sum_of_the_cities(
    answerer: Answerer, books: duckdb.DuckDBPyConnection
) -> None:
    expected = books.execute(
        f"select region_code, round(100 * paid / {WHOLE}, 2) from ({EDUCATION}) where paid is not null"
    ).fetchall()
    rows = answerer.ask("2025年各市教育支出占全省的比重").rows
    assert {row["code"]: row["share_pct"] for row in rows} == pytest.approx(
        {code: float(share) for code, share in expected}
    )


def test_a_share_and_its_change_are_told_in_points(
    answerer: Answerer, books: duckdb.DuckDBPyConnection
) -> None:
    share = "select round(100 * a.paid / b.paid, 2) from spending a join spending b using (region_code, fiscal_year) where a.function_code = '205' and b.function_code = 'total' and a.region_level = 'province' and a.fiscal_year = "
    now, then = (float(books.execute(f"{share}{year}").fetchall()[0][0]) for year in (2025, 2024))
    answer = answerer.ask("2025年教育支出占总支出的比重比2024年提高了几个百分点")
    assert answer.value is not None
    assert answer.value.unit == "个百分点"
    assert float(answer.value.number or 0) == pytest.approx(now - then, abs=0.006)


@pytest.mark.parametrize(
    "question",
    [
        "单一来源采购的合同份数及金额",
        "教育支出以上各市",
        "教育支出今年底会到多少",
        "2025年教育支出占总支出的比重超过20%",
        "澜江省水利厅2025年新能源花了多少钱",
        "2025年教育支出比2021年减少几倍",
    ],
)
def test_what_cannot_be_told_is_refused_rather_than_told_in_part(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status == "refused"


def test_two_places_are_set_against_each_other_in_percent_when_percent_was_asked(
    answerer: Answerer, books: duckdb.DuckDBPyConnection
) -> None:
    paid = dict(
        books.execute(f"select region_name, paid from ({EDUCATION}) where paid is not null").fetchall()
    )
    answer = answerer.ask("2025年澜州市教育支出比霁港市多百分之几")
    assert answer.value is not None
    assert answer.value.unit == "%"
    expected = float(paid["澜州市"] / paid["霁港市"] * 100 - 100)
    assert float(answer.value.number or 0) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize(
    "question",
    ["2025年全省科技支出增速比教育支出增速高多少", "省博物馆2025年支出和预算", "2025年霁港市比澜州市少几倍"],
)
def test_two_numbers_asked_at_once_are_not_answered_with_one(question: str, answerer: Answerer) -> None:
    assert answerer.ask(question).status == "refused"
