"""Grouping published rows: sums that never mix levels of a hierarchy and never step over a withheld cell.

Only what is published can be grouped, so nothing new is disclosed. A group that contains a withheld or merged cell is
null and says so: a partial sum would be a wrong number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from portal.reading.coded import Coded, CodedTable, as_records, coded_table
from portal.reading.edition import Edition
from portal.reading.errors import Fault, QueryRefused
from portal.reading.once import once_per_spec
from portal.reading.query import GROUP_WORDS, HOW, Measured, Parameters, Parser, Query, nearest, shown
from portal.reading.selection import Page, as_rows, narrowed, read_cursor, write_cursor
from portal.reading.swift_groups import Groups, Measures, groups_of, measured, ordered_groups
from portal.reading.swift_rows import matching_rows
from publishing.specs import METRICS, Column, ColumnType, DatasetSpec, Metric, Role

MOST_GROUPS = 100_000
GROUPABLE = (Role.DIMENSION, Role.ATTRIBUTE)


@dataclass(frozen=True, slots=True)
class Grouped:
    """The whole result of an aggregation, ordered, with the columns it has."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]


def groups_query(spec: DatasetSpec, parameters: Parameters) -> Query:
    """Read the parameters of `aggregate`.

    Raises: QueryRefused with every fault.
    """
    parser = Parser(spec, parameters)
    conditions = parser.conditions(GROUP_WORDS)
    group_by = _group_by(parser)
    measures = _measures(parser)
    labels = [*group_by, *(measure.label for measure in measures)]
    sort, limit, cursor = parser.sort(labels), parser.limit(), parser.single("cursor") or ""
    parser.done()
    return Query(
        conditions, group_by=tuple(group_by), measures=tuple(measures), sort=sort, limit=limit, cursor=cursor
    )


@once_per_spec
def _groupable(spec: DatasetSpec) -> tuple[str, ...]:
    return tuple(column.name for column in spec.columns if column.role in GROUPABLE)


def _group_by(parser: Parser) -> list[str]:
    choices = _groupable(parser.spec)
    asked = list(dict.fromkeys(parser.listed("group_by")))
    for name in asked:
        if name not in choices:
            parser.fault("group_by", f"不能按 {shown(name)} 分组。", nearest(name, choices))
    return asked


@once_per_spec
def _measurable(spec: DatasetSpec) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The measures of a dataset, and everything that may be asked for as a measure."""
    columns = {column.name: column for column in spec.measures}
    return columns, (*columns, *(metric.name for metric in ratios(spec)))


def _measures(parser: Parser) -> list[Measured]:
    spec = parser.spec
    columns, choices = _measurable(spec)
    asked = list(dict.fromkeys(parser.listed("measure")))
    if not asked:
        parser.fault(
            "measure", f"请用 measure 说明要哪个数：{'、'.join(choices) or '这个数据集没有可以汇总的数'}。"
        )
    found = []
    for text in asked:
        name, _, how = text.partition(":")
        how = how or "sum"
        if name not in choices:
            parser.fault("measure", f"没有名为 {shown(name)} 的指标。", nearest(name, choices))
        elif how not in HOW:
            parser.fault("measure", f"没有 {shown(how)} 这种汇总。", nearest(how, HOW))
        elif how == "sum" and name in columns and not columns[name].additive:
            near = "execution_rate" if name == "execution_rate" else f"{name}:mean"
            parser.fault(
                "measure", f"{name} 不能相加（{columns[name].unit or '不可加'}）；可以用 {name}:mean。", near
            )
        else:
            found.append(Measured(name, how))
    return list(dict.fromkeys(found))  # `paid` and `paid:sum` are one


@once_per_spec
def ratios(spec: DatasetSpec) -> tuple[Metric, ...]:
    """The metrics with a formula over two sums that this dataset has and that are no column of it."""
    additive = {column.name for column in spec.measures if column.additive}
    names = {column.name for column in spec.columns}
    return tuple(
        metric
        for metric in METRICS
        if metric.denominator
        and metric.name not in names
        and {metric.numerator, metric.denominator} <= additive
    )


def aggregate_page(edition: Edition, spec: DatasetSpec, query: Query) -> Page:
    """A page of groups.

    Raises: QueryRefused when levels would be mixed, there are too many groups, or the cursor is not of this query.
    """
    offset = read_cursor(edition, spec.name, query)
    found = _swift_page(edition, spec, query, offset)
    if found is None:
        whole = aggregate_all(edition, spec, query)
        found = as_rows(whole.frame.slice(offset, query.limit), whole.columns), whole.frame.height
    rows, total = found
    end = min(offset + query.limit, total)
    return Page(rows, total, write_cursor(edition, spec.name, query, end) if end < total else None)


def _swift_page(
    edition: Edition, spec: DatasetSpec, query: Query, offset: int
) -> tuple[list[Any], int] | None:
    """The page from arrays alone, and the number of groups; None when they cannot tell."""
    table = coded_table(edition, spec)
    rows = matching_rows(table, query.conditions)
    groups = None if rows is None else groups_of(table, rows, query.group_by)
    if groups is None or not is_on_one_level(table, spec, query, groups):
        return None  # Polars looks again, and says what is wrong
    measures = measures_of(table, spec, groups, query.measures)
    if measures is None or groups.size > MOST_GROUPS:
        return None
    order = ordered_groups(groups, query.group_by, measures, query.sort)[offset : offset + query.limit]
    keys = dict(zip(query.group_by, groups.keys, strict=True))
    return as_records(shown_groups(keys, measures, order)), groups.size


def measures_of(
    table: CodedTable, spec: DatasetSpec, groups: Groups, asked: Sequence[Measured]
) -> list[Measures] | None:
    """Every measure that is asked for, of all groups; None when the arrays cannot tell."""
    metrics = {metric.name: metric for metric in ratios(spec)}
    measures = []
    for wanted in asked:
        found = measured(table, groups, wanted, metrics.get(wanted.name))
        if found is None:
            return None
        measures.append(found)
    return measures


def shown_groups(
    keys: Mapping[str, tuple[Coded, NDArray[np.intp]]], measures: Sequence[Measures], chosen: NDArray[np.intp]
) -> list[tuple[str, list[Any]]]:
    """These groups as columns of JSON values: the keys, then the measures."""
    columns = [(name, coded.shown_of(codes[chosen])) for name, (coded, codes) in keys.items()]
    for measure in measures:
        columns += measure.json_of(chosen)
    return columns


def is_on_one_level(table: CodedTable, spec: DatasetSpec, query: Query, groups: Groups) -> bool:
    """Whether no group adds rows of different levels; False also when the arrays cannot tell."""
    fixed = {found.column for found in query.conditions if found.operator == "eq" and len(found.values) == 1}
    for column in _levels(spec, query):
        if column.name in fixed:
            continue
        coded = table.coded(column.name)
        if coded is None or not groups.shared_by(coded):
            return False
    return True


@once_per_spec
def _all_levels(spec: DatasetSpec) -> tuple[Column, ...]:
    return tuple(column for column in spec.columns if column.level_of or column.name == "level")


def _levels(spec: DatasetSpec, query: Query) -> list[Column]:
    """The columns that tell levels and are not grouped by."""
    return [column for column in _all_levels(spec) if column.name not in query.group_by]


def aggregate_all(edition: Edition, spec: DatasetSpec, query: Query) -> Grouped:
    """All groups, in the order asked for, then by the group columns.

    Raises: QueryRefused when levels would be mixed or there are too many groups.
    """
    rows = narrowed(edition, spec, query.conditions)
    _refuse_mixed_levels(spec, query, rows)
    metrics = {metric.name: metric for metric in ratios(spec)}
    values = [found for measure in query.measures for found in _values(spec, measure, metrics)]
    keys = list(query.group_by)
    frame = rows.group_by(keys).agg(values) if keys else rows.select(values)
    if frame.height > MOST_GROUPS:
        raise QueryRefused(
            Fault("group_by", f"结果有 {frame.height:,} 组，最多 {MOST_GROUPS:,}；请加上筛选，或下载整表。")
        )
    columns = tuple(_columns(spec, query, metrics))
    frame = frame.select([column.name for column in columns])
    order = [key.column for key in query.sort]
    rest = [name for name in keys if name not in order]
    if order or rest:
        descending = [key.is_descending for key in query.sort] + [False] * len(rest)
        frame = frame.sort([*order, *rest], descending=descending, nulls_last=True)
    return Grouped(frame, columns)


def _refuse_mixed_levels(spec: DatasetSpec, query: Query, rows: pl.DataFrame) -> None:
    """A sum over a province and its cities counts everything twice: say which level is meant."""
    keys = list(query.group_by)
    levels = _levels(spec, query)
    if not levels or not rows.height:
        return
    names = [column.name for column in levels]
    counts = [pl.col(name).n_unique() for name in names]
    found = rows.group_by(keys).agg(counts).select(names) if keys else rows.select(counts)
    faults = []
    for column in levels:
        if int(str(found[column.name].max())) < 2:
            continue
        choices = "、".join(column.enum)
        faults.append(
            Fault(
                column.name,
                f"会把{column.title}不同的行加在一起，重复计算。请选定一个层级（{column.name}={column.enum[-1]} 等：{choices}），"
                f"或按 {column.level_of or column.name} 分组。",
                f"{column.name}={column.enum[0]}",
            )
        )
    if faults:
        raise QueryRefused(*faults)


def _values(spec: DatasetSpec, measure: Measured, metrics: dict[str, Metric]) -> list[pl.Expr]:
    metric = metrics.get(measure.name)
    if metric is not None:
        return [*_ratio(spec, measure, metric)]
    column = spec.column(measure.name)
    hidden = _hidden(column)
    value = pl.col(column.name)
    how = {
        "sum": value.sum(),
        "mean": value.mean().round(2) if column.type is ColumnType.MONEY else value.mean(),
        "min": value.min(),
        "max": value.max(),
        "count": value.count().cast(pl.Int64),
    }[measure.how]
    if measure.how == "mean" and column.type is ColumnType.MONEY:
        how = value.mean().round(0).cast(pl.Int64)
    if measure.how == "count":
        return [how.alias(measure.label)]
    there = value.count() > 0
    found = pl.when(~hidden & there).then(how).alias(measure.label)
    if not column.protected:
        return [found]
    return [found, _status(hidden, there).alias(f"{measure.label}_status")]


def _hidden(column: Column) -> pl.Expr:
    if not column.protected:
        return pl.lit(value=False)
    return pl.col(f"{column.name}_status").is_in(["withheld", "merged"]).any()


def _status(hidden: pl.Expr, there: pl.Expr) -> pl.Expr:
    return (
        pl.when(hidden)
        .then(pl.lit("withheld"))
        .when(there)
        .then(pl.lit("published"))
        .otherwise(pl.lit("not_reported"))
    )


def _ratio(spec: DatasetSpec, measure: Measured, metric: Metric) -> list[pl.Expr]:
    """The one formula of the metric over the sums of the group."""
    top, bottom = spec.column(metric.numerator), spec.column(metric.denominator or "")
    hidden = _hidden(top) | _hidden(bottom)
    below = pl.col(bottom.name).sum()
    value = pl.col(top.name).sum() / below * metric.scale
    found = pl.when(~hidden & (below > 0)).then(value).alias(measure.label)
    status = (
        pl.when(hidden)
        .then(pl.lit("withheld"))
        .when(below > 0)
        .then(pl.lit("published"))
        .otherwise(pl.lit("not_applicable"))
    )
    return [found, status.alias(f"{measure.label}_status")]


def answer_columns(spec: DatasetSpec, query: Query) -> tuple[Column, ...]:
    """The columns of an aggregation's answer: its keys, its measures, their states."""
    return tuple(_columns(spec, query, {metric.name: metric for metric in ratios(spec)}))


def _columns(spec: DatasetSpec, query: Query, metrics: dict[str, Metric]) -> list[Column]:
    found = [spec.column(name) for name in query.group_by]
    for measure in query.measures:
        metric = metrics.get(measure.name)
        if metric is not None:
            base = Column(
                measure.label,
                metric.title,
                metric.title_en,
                ColumnType.NUMBER,
                Role.MEASURE,
                metric.formula,
                metric.unit,
            )
        else:
            base = replace(spec.column(measure.name), name=measure.label)
        if measure.how == "count":
            found.append(replace(base, type=ColumnType.INTEGER, unit="个", protected=False))
            continue
        found.append(base)
        if metric is not None or base.protected:
            found.append(
                Column(f"{measure.label}_status", f"{base.title}·状态", "", ColumnType.STATUS, Role.STATUS)
            )
    return found
