"""The arrays answer what Polars answers: the same rows, order, sums and statuses, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.reading.aggregation import aggregate_all, aggregate_page, groups_query
from portal.reading.coded import EXACT_IN_A_DOUBLE, CodedTable
from portal.reading.edition import Edition
from portal.reading.errors import QueryRefused
from portal.reading.query import Query, rows_query
from portal.reading.selection import ROW, as_rows, narrowed, select_page
from portal.reading.shelf import Shelf
from publishing.release.store import ReleaseStore
from publishing.specs import dataset_spec
from tests.builders.published import province_tables, publish

QUIET = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CODES = st.sampled_from(["990000", "990100", "990101", "990102", "990201", "nowhere"])
CONDITIONS: dict[str, st.SearchStrategy[str]] = {
    "region_code": CODES,
    "region_code__ne": CODES,
    "region_code__gte": CODES,
    "region_name__contains": st.sampled_from(["市", "县", "第1", "z", ""]),
    "region_level": st.sampled_from(["province", "city", "county"]),
    "function_level": st.sampled_from(["total", "class", "section"]),
    "function_code": st.sampled_from(["total", "205", "208", "20502", "x"]),
    "fiscal_year": st.sampled_from(["2024", "2025", "2026", "1999"]),
    "fiscal_year__lt": st.sampled_from(["2024", "2025"]),
    "paid__gte": st.sampled_from(["0", "20000000", "41000000.07"]),
    "paid__isnull": st.sampled_from(["true", "false"]),
    "paid__ne": st.sampled_from(["7000000.07", "1"]),
    "paid_status": st.sampled_from(["published", "withheld"]),
    "approved__lte": st.sampled_from(["30000000", "1"]),
    "paid_rule__isnull": st.sampled_from(["true", "false"]),
}
KEYS = ["region_code", "region_level", "function_code", "function_level", "fiscal_year", "paid_rule"]
MEASURES = ["paid", "paid:mean", "paid:min", "paid:max", "paid:count", "adjusted", "execution_rate"]
SORTS = ["paid", "-paid", "region_name", "-fiscal_year", "-paid_rule", "approved", "-function_code"]


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, list[str]]:
    names = draw(st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=4, unique=True))
    single = ("gte", "lt", "lte", "isnull")
    return {
        name: draw(st.lists(CONDITIONS[name], min_size=1, max_size=1 if name.endswith(single) else 2))
        for name in names
    }


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    home = tmp_path_factory.mktemp("swift")
    publish(home, province_tables(cities=2, counties=2, projects=10))
    release = Shelf(ReleaseStore(home / "public")).open_current()
    assert release is not None
    return Edition(release)


def plain(rows: list[Any]) -> list[dict[str, Any]]:
    return [
        row if isinstance(row, dict) else {name: getattr(row, name) for name in row.__struct_fields__}
        for row in rows
    ]


def answered(ask: Callable[..., Any], edition: Edition, query: Query) -> Any:
    """The answer, or the faults it was refused for."""
    try:
        return ask(edition, edition.specs["spending"], query)
    except QueryRefused as refused:
        return refused.faults


@given(conditions(), st.lists(st.sampled_from(SORTS), max_size=2, unique_by=lambda text: text.strip("-")))
@QUIET
def test_rows_are_those_of_polars_in_the_same_order(
    edition: Edition, filters: dict[str, list[str]], sort: list[str]
) -> None:
    spec = edition.specs["spending"]
    query = rows_query(spec, filters | {"sort": sort, "limit": ["20"]})
    found = narrowed(edition, spec, query.conditions)
    keys = [key.column for key in query.sort]
    descending = [key.is_descending for key in query.sort]
    expected = found.sort([*keys, ROW], descending=[*descending, False], nulls_last=True)
    page = select_page(edition, spec, query)
    assert plain(page.rows) == as_rows(expected.head(20), spec.columns)
    assert page.total == expected.height


@given(
    conditions(),
    st.lists(st.sampled_from(KEYS), max_size=3, unique=True),
    st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3, unique=True),
    st.booleans(),
)
@QUIET
def test_groups_are_those_of_polars_to_the_fen(
    edition: Edition, filters: dict[str, list[str]], keys: list[str], measures: list[str], is_ranked: bool
) -> None:
    spec = edition.specs["spending"]
    sort = [f"-{measures[0].replace(':', '_')}", *keys[:1]] if is_ranked else []
    asked = filters | {"group_by": keys, "measure": measures, "sort": sort, "limit": ["50"]}
    query = groups_query(spec, asked)
    expected = answered(aggregate_all, edition, query)
    page = answered(aggregate_page, edition, query)
    if isinstance(expected, tuple):
        assert page == expected
        return
    assert page.total == expected.frame.height
    wanted = as_rows(expected.frame.head(50), expected.columns)
    assert [set(row) for row in plain(page.rows)] == [set(row) for row in wanted]
    for row, want in zip(plain(page.rows), wanted, strict=True):
        for name, value in want.items():
            exact = not name.startswith(("execution_rate", "paid_mean"))
            assert row[name] == (value if exact or not isinstance(value, float) else pytest.approx(value)), (
                name
            )


def test_sums_too_large_for_a_double_are_exact(tmp_path: Path) -> None:
    tables = province_tables(cities=1, counties=2, projects=4)
    fen = EXACT_IN_A_DOUBLE - 1
    spending = tables["spending"].with_columns(paid=pl.lit(fen), paid_status=pl.lit("published"))
    publish(tmp_path, tables | {"spending": spending})
    release = Shelf(ReleaseStore(tmp_path / "public")).open_current()
    assert release is not None
    query = groups_query(
        release.spec("spending"),
        {"measure": ["paid"], "region_level": ["county"], "function_level": ["class"]},
    )
    page = aggregate_page(Edition(release), release.spec("spending"), query)
    rows = spending.filter(region_level="county", function_level="class").height
    assert round(page.rows[0].paid * 100) == rows * fen


def test_what_arrays_cannot_hold_is_left_to_polars() -> None:
    spec = dataset_spec("project_months")
    months = [date(2026, 1, 1)] * 70_000
    frame = pl.DataFrame({"project_id": [f"P{n}" for n in range(70_000)], "month": months})
    frame = frame.with_columns(
        [
            pl.lit(None, dtype=kind).alias(name)
            for name, kind in spec.schema.items()
            if name not in frame.columns
        ]
    ).select(list(spec.schema))
    table = CodedTable(frame, spec)
    assert table.coded("project_id") is None
    assert table.coded("month") is not None
    assert table.json_of("project_id", frame.with_row_index().head(3)["index"].to_numpy()) == [
        "P0",
        "P1",
        "P2",
    ]
