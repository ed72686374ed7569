"""The vocabulary of questions, read from the tables of one release: another release has its own at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from publishing.errors import DatasetNotFound
from publishing.release.query import ReadableRelease
from publishing.specs.tables import GROUP_JOINT
from search.plan import TIME_COLUMNS, Period, end_of_month
from search.vocabulary import IndicatorName, Named, Node, Sources, Vocabulary
from search.vocabulary_build import build_vocabulary


def read_vocabulary(release: ReadableRelease) -> Vocabulary:
    """Build the vocabulary of a release from its published tables; tables it does not have are empty."""
    return build_vocabulary(read_sources(release))


def read_sources(release: ReadableRelease) -> Sources:
    """The plain rows a vocabulary is made from."""
    indicators, outputs = _table(release, "indicators"), _table(release, "outputs")
    flow, contracts = _table(release, "fund_flow"), _table(release, "contracts")
    return Sources(
        as_of=release.as_of,
        regions=_nodes(_table(release, "regions"), "region_code"),
        functions=_nodes(_table(release, "functions"), "function_code"),
        economics=_nodes(_table(release, "economics"), "economic_code"),
        organisations=_named(_table(release, "organisations"), "org_id"),
        suppliers=_named(_table(release, "suppliers"), "supplier_id"),
        projects=_named(_table(release, "projects"), "project_id"),
        indicators=_indicators(indicators, outputs),
        methods=_distinct(contracts, "method"),
        fund_sources=_distinct(flow, "fund_source"),
        payee_groups=_distinct(flow, "payee_group"),
        groups=_groups(_table(release, "regions")),
        covered=_covered(release),
    )


def _table(release: ReadableRelease, name: str) -> pl.DataFrame:
    try:
        return release.table(name)
    except (DatasetNotFound, KeyError):
        return pl.DataFrame()


def _nodes(frame: pl.DataFrame, key: str) -> Sequence[Node]:
    if frame.is_empty():
        return ()
    people = frame["population"].to_list() if "population" in frame.columns else [None] * frame.height
    rows = zip(frame[key], frame["name"], frame["parent_code"], frame["level"], people, strict=True)
    return [
        Node(code, name, parent, level or "", population) for code, name, parent, level, population in rows
    ]


def _named(frame: pl.DataFrame, key: str) -> Sequence[Named]:
    if frame.is_empty():
        return ()
    empty = [None] * frame.height
    regions = frame["region_code"].to_list() if "region_code" in frame.columns else empty
    sectors = frame["sector"].to_list() if "sector" in frame.columns else empty
    rows = zip(frame[key], frame["name"], regions, sectors, strict=True)
    return [Named(code, name, region, sector) for code, name, region, sector in rows if name]


def _indicators(indicators: pl.DataFrame, outputs: pl.DataFrame) -> Sequence[IndicatorName]:
    if indicators.is_empty() and outputs.is_empty():
        return ()
    columns = ["indicator", "unit"]
    additive = set() if outputs.is_empty() else set(outputs.select(columns).unique().iter_rows())
    known = set() if indicators.is_empty() else set(indicators.select(columns).unique().iter_rows())
    return [
        IndicatorName(name, unit or "", (name, unit) in additive)
        for name, unit in sorted(additive | known, key=str)
    ]


def _groups(regions: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Each group of regions with its members; releases without the column have none."""
    found: dict[str, list[str]] = {}
    if "groups" in regions.columns:
        for code, names in regions.select("region_code", "groups").drop_nulls().iter_rows():
            for name in names.split(GROUP_JOINT):
                found.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in sorted(found.items())}


def _distinct(frame: pl.DataFrame, column: str) -> Sequence[str]:
    if frame.is_empty():
        return ()
    return [str(value) for value in frame[column].drop_nulls().unique().sort()]


def _covered(release: ReadableRelease) -> dict[str, Period]:
    """For each dataset that has rows: its first and last day (datasets without a time column: the day itself)."""
    found: dict[str, Period] = {}
    names = (*TIME_COLUMNS, "projects", "suppliers", "regions", "organisations")
    for name in names:
        frame = _table(release, name)
        if frame.is_empty():
            continue
        column = TIME_COLUMNS.get(name)
        found[name] = Period(release.as_of, release.as_of) if column is None else _span(frame, column)
    return found


def _span(frame: pl.DataFrame, column: str) -> Period:
    first, last = frame[column].min(), frame[column].max()
    if column == "quarter":
        return Period(_quarter_start(str(first)), _quarter_end(str(last)))
    if isinstance(first, int) and isinstance(last, int):
        return Period(date(first, 1, 1), date(last, 12, 31))
    if isinstance(first, date) and isinstance(last, date):
        return Period(first, end_of_month(last.year, last.month) if column == "month" else last)
    return Period(date(1900, 1, 1), date(1900, 1, 1))


def _quarter_start(text: str) -> date:
    return date(int(text[:4]), 3 * int(text[5]) - 2, 1)


def _quarter_end(text: str) -> date:
    return end_of_month(int(text[:4]), 3 * int(text[5]))
