"""A table that is computed but not yet protected."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from publishing.specs import DatasetSpec, dataset_spec

CONTRIBUTORS = "contributors"
LARGEST = "largest_fen"
SECOND = "second_fen"
BEHIND = (CONTRIBUTORS, LARGEST, SECOND)


def behind(measure: str, what: str) -> str:
    """Name the column that says who stands behind a measure: `paid__contributors`, `paid__largest_fen`, …"""
    return f"{measure}__{what}"


@dataclass(frozen=True, slots=True)
class Draft:
    """One table before protection.

    `frame` has every column of the spec but the status twins. A protected measure is null where it was not
    reported, and carries three columns that never leave: `<measure>__contributors` u32 (distinct protected
    contributors), `<measure>__largest_fen` and `<measure>__second_fen` i64. `not_applicable` names measures that
    this source cannot have (contracts without a contracts table).
    """

    spec: DatasetSpec
    frame: pl.DataFrame
    not_applicable: frozenset[str] = frozenset()


def draft(name: str, frame: pl.DataFrame, *, not_applicable: frozenset[str] = frozenset()) -> Draft:
    """Bring a frame into the shape of its spec: missing columns null, order of the spec, sorted by the key.

    Measures under disclosure control get "nobody" behind them unless the frame says otherwise.
    """
    spec = dataset_spec(name)
    twins = {f"{measure}_{what}" for measure in spec.protected for what in ("status", "rule")}
    columns = [column for column in spec.columns if column.name not in twins]
    missing = [
        pl.lit(None, dtype=column.memory_type).alias(column.name)
        for column in columns
        if column.name not in frame.columns
    ]
    frame = frame.with_columns(missing)
    nobody = [
        pl.lit(0, dtype=pl.UInt32 if what == CONTRIBUTORS else pl.Int64).alias(behind(measure, what))
        for measure in spec.protected
        for what in BEHIND
        if behind(measure, what) not in frame.columns
    ]
    shadows = [behind(measure, what) for measure in spec.protected for what in BEHIND]
    ordered = frame.with_columns(nobody).select(
        *[pl.col(column.name).cast(column.memory_type) for column in columns],
        *[pl.col(name).fill_null(0) for name in shadows],
    )
    return Draft(spec, ordered.sort(*spec.key), not_applicable)
