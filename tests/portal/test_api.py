from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.published import province_tables, publish
from tests.builders.visitor import Visitor
from tests.portal.conftest import visitor_to

ROWS = "/api/v1/datasets/spending/rows"
GROUPS = "/api/v1/datasets/spending/aggregate"


def asked(visitor: Visitor, path: str) -> dict[str, Any]:
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def test_rows_name_their_release_and_give_money_in_yuan(province: Visitor) -> None:
    found = asked(province, f"{ROWS}?fiscal_year=2025&region_code=990000&function_code=total")
    assert found["release"]["number"] == 1
    assert found["release"]["id"].startswith("sha256:")
    assert found["dataset"] == "spending"
    assert found["count"] == 1
    assert found["next"] is None
    spending = province_tables()["spending"]
    row = spending.filter(fiscal_year=2025, region_code="990000", function_code="total").to_dicts()[0]
    assert found["rows"] == [
        row | {name: row[name] / 100 for name in ("approved", "adjusted", "paid")},
    ]


def test_a_withheld_value_is_null_and_says_so(province: Visitor) -> None:
    found = asked(
        province, f"{ROWS}?fiscal_year=2025&region_code=990101&function_code=208&select=paid,paid_status"
    )
    assert found["rows"] == [{"paid": None, "paid_status": "withheld"}]


@pytest.mark.parametrize(
    ("filters", "expression"),
    [
        ("fiscal_year=2025&fiscal_year=2024", pl.col("fiscal_year").is_in([2024, 2025])),
        ("paid__gte=100000000.07", pl.col("paid") >= 10_000_000_007),
        ("paid__lt=100000000", pl.col("paid") < 10_000_000_000),
        ("region_level__ne=county", pl.col("region_level") != "county"),
        ("function_name__contains=%E6%95%99%E8%82%B2", pl.col("function_name").str.contains("教育")),
        ("paid__isnull=true", pl.col("paid").is_null()),
        ("paid__isnull=false", pl.col("paid").is_not_null()),
        (
            "fiscal_year=2025&region_code=990101",
            (pl.col("fiscal_year") == 2025) & (pl.col("region_code") == "990101"),
        ),
        ("fiscal_year=2025&fiscal_year__gt=2024", pl.col("fiscal_year") == 2025),
    ],
)
def test_filters_keep_exactly_the_rows_they_name(
    province: Visitor, filters: str, expression: pl.Expr
) -> None:
    found = asked(province, f"{ROWS}?{filters}&limit=1000&select=fiscal_year,region_code,function_code")
    expected = province_tables()["spending"].filter(expression)
    assert found["count"] == expected.height
    keys = expected.select("fiscal_year", "region_code", "function_code").head(1000).rows()
    assert [tuple(row.values()) for row in found["rows"]] == keys


def test_months_dates_and_booleans_are_written_as_the_specs_say(province: Visitor) -> None:
    months = asked(province, "/api/v1/datasets/project_months/rows?month=2026-03&limit=1")
    assert months["rows"][0]["month"] == "2026-03"
    projects = asked(
        province, "/api/v1/datasets/projects/rows?livelihood=true&starts_on__gte=2025-01-01&limit=1"
    )
    assert projects["rows"][0]["livelihood"] is True
    assert projects["rows"][0]["starts_on"] >= "2025-01-01"


def walk(visitor: Visitor, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        page = asked(visitor, following)
        rows += page["rows"]
        following = page["next"]
    return rows


@pytest.mark.parametrize(
    "sort", ["", "&sort=-paid", "&sort=region_name,-fiscal_year", "&region_level=county"]
)
def test_a_walk_by_next_sees_every_key_once(province: Visitor, sort: str) -> None:
    rows = walk(province, f"{ROWS}?limit=97&select=fiscal_year,region_code,function_code,region_level{sort}")
    keys = [(row["fiscal_year"], row["region_code"], row["function_code"]) for row in rows]
    expected = province_tables()["spending"]
    if "county" in sort:
        expected = expected.filter(region_level="county")
    assert len(keys) == len(set(keys)) == expected.height


def test_a_walk_stays_in_its_release_while_a_newer_one_is_published(tmp_path: Path) -> None:
    tables = province_tables(cities=2, counties=2, projects=20)
    publish(tmp_path, tables)
    visitor = visitor_to(tmp_path)
    first = asked(visitor, "/api/v1/datasets/projects/rows?limit=7")
    publish(tmp_path, tables | {"projects": tables["projects"].head(3)})
    rest = walk(visitor, first["next"])
    assert len(first["rows"]) + len(rest) == 20


@pytest.mark.parametrize(
    ("path", "parameter", "nearest"),
    [
        (f"{ROWS}?piad=1", "piad", "paid"),
        (f"{ROWS}?paid__gtee=1", "paid__gtee", "gte"),
        (f"{ROWS}?select=pajd", "select", "paid"),
        (f"{ROWS}?sort=-pad", "sort", "paid"),
        (f"{ROWS}?limit=0", "limit", "1000"),
        (f"{ROWS}?limit=1001", "limit", "1000"),
        (f"{ROWS}?limit=5&limit=6", "limit", None),
        (f"{ROWS}?region_level=conty", "region_level", "county"),
        (f"{ROWS}?paid__gte=1.234", "paid__gte", None),
        (f"{ROWS}?paid__gte=1e400", "paid__gte", None),
        (f"{ROWS}?paid__gte=NaN", "paid__gte", None),
        (f"{ROWS}?paid=%EF%BC%91", "paid", None),
        (f"{ROWS}?fiscal_year=20O5", "fiscal_year", None),
        (f"{ROWS}?paid__contains=1", "paid__contains", "paid__gte"),
        (f"{ROWS}?paid__gte=1&paid__gte=2", "paid__gte", None),
        (f"{ROWS}?cursor=abc", "cursor", None),
        (f"{ROWS}?cursor=WzEsMiwzXQ", "cursor", None),
        (f"{ROWS}?group_by=region_code", "group_by", None),
        ("/api/v1/releases?x=1", "x", None),
        ("/api/v1/datasets/spending?limit=1", "limit", None),
        ("/api/v1/datasets/project_months/rows?month=2026-13", "month", None),
        ("/api/v1/datasets/projects/rows?starts_on=2026-02-30", "starts_on", None),
        ("/api/v1/datasets/projects/rows?livelihood=yes", "livelihood", None),
        (f"{GROUPS}?group_by=region_code", "measure", None),
        (f"{GROUPS}?measure=piad", "measure", "paid"),
        (f"{GROUPS}?measure=paid:median", "measure", None),
        (f"{GROUPS}?measure=paid&group_by=paid", "group_by", None),
        ("/api/v1/datasets/indicators/aggregate?measure=target", "measure", "target:mean"),
        (f"{ROWS}.csv?limit=5", "limit", None),
    ],
)
def test_what_the_grammar_does_not_have_is_refused_with_its_place(
    province: Visitor, path: str, parameter: str, nearest: str | None
) -> None:
    answer = province.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    fault = answer.json()["errors"][0]
    assert fault["parameter"] == parameter
    if nearest is not None:
        assert fault["nearest"] == nearest


def test_all_faults_are_told_at_once(province: Visitor) -> None:
    faults = province.get(f"{ROWS}?piad=1&limit=x&select=nothing&paid=abc").json()["errors"]
    assert [fault["parameter"] for fault in faults] == ["piad", "paid", "select", "limit"]


def test_a_cursor_of_another_query_or_release_is_refused(province: Visitor) -> None:
    following = asked(province, f"{ROWS}?limit=5&fiscal_year=2025")["next"]
    assert province.get(following.replace("fiscal_year=2025", "fiscal_year=2024")).status_code == 400
    assert "另一个查询" in province.get(following.replace("fiscal_year=2025", "fiscal_year=2024")).text


def test_a_sum_over_mixed_levels_is_refused_with_advice(province: Visitor) -> None:
    faults = province.get(f"{GROUPS}?measure=paid&group_by=fiscal_year").json()["errors"]
    assert [fault["parameter"] for fault in faults] == ["region_level", "function_level"]
    assert "重复计算" in faults[0]["detail"]
    one_level = f"{GROUPS}?measure=paid&group_by=fiscal_year&region_level=city&function_level=total"
    assert province.get(one_level).status_code == 200
    grouped = f"{GROUPS}?measure=paid&group_by=region_code&group_by=function_code&fiscal_year=2025"
    assert province.get(grouped).status_code == 200
    people = "/api/v1/datasets/regions/aggregate?measure=population"
    assert province.get(people).status_code == 400
    assert province.get(f"{people}&level=city").status_code == 200


def test_groups_are_the_sums_of_their_rows(province: Visitor) -> None:
    path = f"{GROUPS}?measure=paid&measure=paid:count&measure=execution_rate&group_by=region_name&sort=-paid"
    found = asked(province, f"{path}&region_level=city&function_level=class&fiscal_year=2025")
    rows = province_tables()["spending"].filter(region_level="city", function_level="class", fiscal_year=2025)
    expected = (
        rows.group_by("region_name")
        .agg(pl.col("paid").sum(), pl.col("adjusted").sum())
        .sort("paid", descending=True)
    )
    assert [row["paid"] for row in found["rows"]] == [paid / 100 for paid in expected["paid"]]
    assert found["rows"][0]["paid_count"] == 10
    rate = expected["paid"][0] / expected["adjusted"][0] * 100
    assert found["rows"][0]["execution_rate"] == pytest.approx(rate)
    assert found["count"] == 5


def test_a_group_that_contains_a_withheld_cell_is_null_and_says_so(province: Visitor) -> None:
    path = f"{GROUPS}?measure=paid&measure=paid:max&measure=execution_rate&measure=adjusted&group_by=function_level"
    row = asked(province, f"{path}&region_code=990101&function_level=class&fiscal_year=2025")["rows"][0]
    assert (row["paid"], row["paid_status"]) == (None, "withheld")
    assert (row["paid_max"], row["paid_max_status"]) == (None, "withheld")
    assert (row["execution_rate"], row["execution_rate_status"]) == (None, "withheld")
    assert row["adjusted_status"] == "published"


def test_one_query_gives_equal_rows_in_every_format(province: Visitor) -> None:
    query = "fiscal_year=2025&region_level=city&sort=-paid&select=region_code,region_name,fiscal_year,paid,paid_status"
    expected = walk(province, f"{ROWS}?{query}&limit=1000")
    lines = [json.loads(line) for line in province.get(f"{ROWS}.jsonl?{query}").text.splitlines()]
    assert lines == expected
    table = pl.read_csv(
        province.get(f"{ROWS}.csv?{query}").content,
        schema_overrides={"region_code": pl.String, "paid": pl.Decimal(18, 2)},
    )
    parquet = pl.read_parquet(io.BytesIO(province.get(f"{ROWS}.parquet?{query}").content))
    assert parquet["paid"].to_list() == table["paid"].to_list()
    assert [float(paid) for paid in parquet["paid"]] == [row["paid"] for row in expected]
    sheet = openpyxl.load_workbook(io.BytesIO(province.get(f"{ROWS}.xlsx?{query}").content)).worksheets[0]
    values = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in values] == [row["region_code"] for row in expected]
    assert [row[3] for row in values] == [row["paid"] for row in expected]


def test_aggregates_come_as_files_too(province: Visitor) -> None:
    path = "/api/v1/datasets/contracts/aggregate"
    query = "measure=amount&group_by=method"
    expected = asked(province, f"{path}?{query}")["rows"]
    lines = [json.loads(line) for line in province.get(f"{path}.jsonl?{query}").text.splitlines()]
    assert lines == expected
    for ending in ("csv", "xlsx", "parquet"):
        answer = province.get(f"{path}.{ending}?{query}")
        assert answer.status_code == 200
        assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    assert province.get(f"{path}.pdf?{query}").status_code == 404


def test_a_project_comes_with_all_its_parts(province: Visitor) -> None:
    project = asked(province, "/api/v1/projects/P202100000")["project"]
    assert project["project_id"] == "P202100000"
    assert [step["name"] for step in project["milestones"]]
    assert len(project["project_months"]) == 10
    assert len(project["contracts"]) == 1
    assert project["indicators"][0]["unit"] == "公里"
    missing = province.get("/api/v1/projects/P2021")
    assert missing.status_code == 404
    assert missing.json()["suggestions"]


def test_pinned_answers_may_be_kept_for_ever_and_others_may_not(province: Visitor) -> None:
    assert "immutable" in province.get("/api/v1/datasets/spending@1/rows?limit=1").headers["cache-control"]
    assert "immutable" not in province.get(f"{ROWS}?limit=1").headers["cache-control"]
    assert province.get("/api/v1/datasets/spending@7/rows").status_code == 404
    for mistaken, meant in (
        ("spending@7/rows", "/api/v1/datasets/spending@1/rows"),
        ("spendin/rows", "/datasets/spending"),
        ("spending/rowz", "/api/v1/datasets/spending/rows"),
        ("spending/rows.cvs", "/api/v1/datasets/spending/rows.csv"),
    ):
        refused = province.get(f"/api/v1/datasets/{mistaken}")
        assert refused.status_code == 404
        assert [found["path"] for found in refused.json()["suggestions"]] == [meant]
    for number in ("01", "0", "-1", "1.0", "x", "", "99999999999999999999"):
        assert province.get(f"/api/v1/datasets/spending@{number}/rows").status_code == 404


def test_the_description_for_machines_names_every_path_and_problem(province: Visitor) -> None:
    document = asked(province, "/openapi.json")
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/datasets/spending/rows" in document["paths"]
    assert "/api/v1/datasets/spending/aggregate" in document["paths"]
    for path, operations in document["paths"].items():
        assert "400" in operations["get"]["responses"], path
    assert len({operation["get"]["operationId"] for operation in document["paths"].values()}) == len(
        document["paths"]
    )


def test_public_answers_may_be_read_from_any_site_without_credentials(province: Visitor) -> None:
    answer = province.get(f"{ROWS}?limit=1", {"origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in province.browse("/").headers


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)


@given(WORDS, WORDS, st.sampled_from(["rows", "aggregate", "rows.csv", "aggregate.parquet"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_query_whatever_makes_the_server_fail(province: Visitor, name: str, value: str, view: str) -> None:
    from urllib.parse import urlencode

    query = urlencode({name: value, "region_name__contains": value, "sort": name, "group_by": value})
    assert province.get(f"/api/v1/datasets/spending/{view}?{query}").status_code in (200, 400, 414)


def test_rows_can_be_counted_before_they_are_downloaded(province: Visitor) -> None:
    counted = asked(province, "/api/v1/datasets/spending/count?region_level=city&fiscal_year=2025")
    lines = province.get(counted["files"]["jsonl"].removeprefix("http://portal.test"))
    assert len(lines.text.splitlines()) == counted["count"]
    assert lines.headers["x-sunshine-rows"] == str(counted["count"])
    assert province.get("/api/v1/datasets/spending/count?limit=3").status_code == 400


def test_the_form_of_a_result_can_be_asked_for_by_accept(province: Visitor) -> None:
    query = f"{ROWS}?fiscal_year=2025&region_level=city&select=region_code,paid"
    rows = walk(province, f"{query}&limit=1000")
    usual = province.get(query)
    assert "Accept" in usual.headers["vary"]
    found = province.get(query, {"accept": "text/csv;q=0.5, application/vnd.apache.arrow.stream"})
    assert found.headers["content-type"] == "application/vnd.apache.arrow.stream"
    frame = pl.read_ipc_stream(io.BytesIO(found.content))
    assert [float(paid) if paid is not None else None for paid in frame["paid"]] == [
        row["paid"] for row in rows
    ]
    lines = province.get(query, {"accept": "text/csv"}).content.decode("utf-8-sig").splitlines()
    assert len(lines) == len(rows) + 1
    refused = province.get(query, {"accept": "image/png"})
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["errors"][0]["detail"]
    assert province.get(query).json() == usual.json()


def test_an_answer_says_where_its_columns_are_described(province: Visitor) -> None:
    link = province.get(f"{ROWS}?limit=1").headers["link"]
    described = link.split(">")[0].removeprefix("<")
    assert 'rel="describedby"' in link
    assert province.get(described).json()["resources"]
