"""Rows of an internal release that somebody may see: the scope of each grant as a filter, nothing by default.

A grant narrows by unit, sector and region (with everything below it); each limit needs a column to hold on to, in the
table itself or, for tables about projects, in the table of projects. A limit without such a column lets nothing through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from portal.reading.edition import Edition
from publishing.specs import Column, DatasetSpec

PAYEE_COLUMNS = ("supplier", "payee")
"""Columns that begin so tell who was paid; they need a clearance of their own."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one grant reaches. `is_all` reaches every row; without it and without limits it reaches none."""

    unit_id: str | None = None
    sector: str | None = None
    region_code: str | None = None
    is_all: bool = False
    sees_payees: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """One page of rows: the columns that may be seen, the rows from `offset` on, and how many there are."""

    spec: DatasetSpec
    columns: tuple[Column, ...]
    rows: tuple[tuple[object, ...], ...]
    offset: int
    total: int


def visible_tables(edition: Edition, reaches: Sequence[Reach]) -> tuple[tuple[DatasetSpec, int], ...]:
    """The tables of which at least one row can be seen, with the number of these rows."""
    found = ((spec, scoped(edition, name, reaches)) for name, spec in edition.specs.items())
    counted = ((spec, frame.select(pl.len()).collect().item()) for spec, frame in found)
    return tuple((spec, count) for spec, count in counted if count)


def scoped(edition: Edition, name: str, reaches: Sequence[Reach]) -> pl.LazyFrame:
    """The rows of a table that lie within one of the reaches, in the order of the release."""
    frame = edition.frame(name)
    conditions = [_condition(edition, frame, reach) for reach in reaches]
    return frame.lazy().filter(reduce(or_, conditions, pl.lit(value=False)))


def _condition(edition: Edition, frame: pl.DataFrame, reach: Reach) -> pl.Expr:
    if reach.is_all:
        return pl.lit(value=True)
    limits = [
        _limit(edition, frame, column, values)
        for column, values in (
            ("org_id", _one(reach.unit_id)),
            ("sector", _one(reach.sector)),
            ("region_code", _subtree(edition, reach.region_code)),
        )
        if values is not None
    ]
    return pl.all_horizontal(limits) if limits else pl.lit(value=False)


def _one(value: str | None) -> list[str] | None:
    return None if value is None else [value]


def _subtree(edition: Edition, code: str | None) -> list[str] | None:
    return None if code is None else sorted(edition.places.subtree(code))


def _limit(edition: Edition, frame: pl.DataFrame, column: str, values: list[str]) -> pl.Expr:
    if column in frame.columns:
        return pl.col(column).is_in(values).fill_null(value=False)
    if "project_id" in frame.columns:
        projects = edition.frame("projects")
        inside = projects.filter(pl.col(column).is_in(values))["project_id"].to_list()
        return pl.col("project_id").is_in(inside).fill_null(value=False)
    return pl.lit(value=False)


def visible_columns(spec: DatasetSpec, reaches: Sequence[Reach]) -> tuple[Column, ...]:
    """The columns that may be seen: who was paid only with the clearance for it."""
    if any(reach.sees_payees for reach in reaches):
        return spec.columns
    return tuple(column for column in spec.columns if not column.name.startswith(PAYEE_COLUMNS))


def window(
    edition: Edition,
    name: str,
    reaches: Sequence[Reach],
    *,
    sought: str = "",
    offset: int = 0,
    limit: int = 50,
) -> Window:
    """Rows in reach whose text holds what is sought, from `offset` on."""
    spec = edition.specs[name]
    columns = visible_columns(spec, reaches)
    found = scoped(edition, name, reaches)
    if sought:
        texts = [column.name for column in columns if edition.frame(name).schema[column.name] == pl.String]
        holds = [pl.col(text).str.contains(sought, literal=True).fill_null(value=False) for text in texts]
        found = found.filter(pl.any_horizontal(holds)) if holds else found.filter(pl.lit(value=False))
    selected = found.select(column.name for column in columns).collect()
    rows = tuple(selected.slice(offset, limit).iter_rows())
    return Window(spec, columns, rows, offset, selected.height)
