"""The questions of `./run bench api`: each as our interface and as Datasette has it, no two alike in one list.

`prepared` are the paths that pages, facets and common calls of the interface use; `other` is what somebody may ask
besides. Both servers read the same rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.api_tables import YEARS, function_table, region_table

OURS = "/api/v1/datasets/spending"
TABLE = "/bench/spending.json"
SQL = "/bench.json"
PAGE = 50
TUNED = {"_size": PAGE, "_nocount": 1, "_nofacet": 1, "_nosuggest": 1, "_shape": "objects"}
"""Datasette without what makes its pages slow: no count (ours counts), no facets, no suggestions."""


@dataclass(frozen=True, slots=True)
class Questions:
    """One kind of question: its name, whether it is a page of rows, and the same list of both servers' addresses."""

    name: str
    is_prepared: bool
    is_page: bool
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def _grouped(column: str, conditions: dict[str, object], *, ordered: str) -> tuple[str, str]:
    ours = urlencode({**conditions, "group_by": column, "measure": "paid", "sort": ordered, "limit": 200})
    order = "paid desc" if ordered == "-paid" else ordered
    where = " and ".join(f"{name} = :{name}" for name in conditions)
    statement = (
        f"select {column}, sum(paid) as paid from spending where {where} group by {column} order by {order}"  # noqa: S608 - our own names
    )
    theirs = urlencode({"sql": statement, "_shape": "objects", **conditions})
    return f"{OURS}/aggregate?{ours}", f"{SQL}?{theirs}"


def _by_region() -> Iterator[tuple[str, str]]:
    """A function over the cities or counties: the map, the comparison."""
    for code, year, level in itertools.product(function_table()["function_code"], YEARS, ("city", "county")):
        conditions = {"fiscal_year": year, "function_code": code, "region_level": level}
        yield _grouped("region_code", conditions, ordered="-paid")


def _by_function() -> Iterator[tuple[str, str]]:
    """A region's spending by class, or a function over the years."""
    for code, year, level in itertools.product(region_table()["region_code"], YEARS, ("class", "section")):
        conditions = {"region_code": code, "fiscal_year": year, "function_level": level}
        yield _grouped("function_code", conditions, ordered="-paid")


def _pages() -> Iterator[tuple[str, str]]:
    """Fifty rows of one region and year in the order of the key."""
    for code, year in itertools.product(region_table()["region_code"], YEARS):
        conditions = {"fiscal_year": year, "region_code": code}
        yield (
            f"{OURS}/rows?{urlencode({**conditions, 'limit': PAGE})}",
            f"{TABLE}?{urlencode({**conditions, **TUNED})}",
        )


def _ranked_pages() -> Iterator[tuple[str, str]]:
    """The fifty largest of a year among the regions of a level, for one function."""
    for code, year, level in itertools.product(function_table()["function_code"], YEARS, ("city", "county")):
        conditions = {"fiscal_year": year, "function_code": code, "region_level": level}
        yield (
            f"{OURS}/rows?{urlencode({**conditions, 'sort': '-paid', 'limit': PAGE})}",
            f"{TABLE}?{urlencode({**conditions, '_sort_desc': 'paid', **TUNED})}",
        )


def _other_sums() -> Iterator[tuple[str, str]]:
    """Two keys, a mean beside the sum, a span of years, a threshold: nothing of it is prepared."""
    for position in range(600):
        least, first = 1_000_000 + position * 7_001, YEARS[position % 4]
        ours = {
            "fiscal_year__gte": first,
            "region_level": "county",
            "function_level": "section",
            "paid__gte": least,
            "group_by": "function_code",
            "measure": "paid,adjusted:mean",
            "limit": 200,
        }
        statement = (
            "select function_code, sum(paid) as paid, avg(adjusted) as mean from spending"
            " where fiscal_year >= :first and region_level = 'county' and function_level = 'section'"
            " and paid >= :least group by function_code order by function_code"
        )
        theirs = {"sql": statement, "_shape": "objects", "first": first, "least": least}
        yield f"{OURS}/aggregate?{urlencode(ours)}", f"{SQL}?{urlencode(theirs)}"


def _other_pages() -> Iterator[tuple[str, str]]:
    """Fifty rows above a threshold, in the order of another measure."""
    for position in range(600):
        least = 100_000_000 + position * 1_000_003
        conditions = {"paid__gte": least, "region_level": "county"}
        theirs = {"paid__gte": least, "region_level": "county", "_sort_desc": "adjusted", **TUNED}
        yield (
            f"{OURS}/rows?{urlencode({**conditions, 'sort': '-adjusted', 'limit': PAGE})}",
            f"{TABLE}?{urlencode(theirs)}",
        )


def questions() -> tuple[Questions, ...]:
    """All kinds."""
    kinds = (
        ("page of 50, by key", True, True, _pages()),
        ("page of 50, ranked", True, True, _ranked_pages()),
        ("sum by region", True, False, _by_region()),
        ("sum by function", True, False, _by_function()),
        ("any other page", False, True, _other_pages()),
        ("any other sum", False, False, _other_sums()),
    )
    found = []
    for name, is_prepared, is_page, pairs in kinds:
        ours, theirs = zip(*pairs, strict=True)
        found.append(Questions(name, is_prepared, is_page, tuple(ours), tuple(theirs)))
    return tuple(found)
