"""A table that is computed but not yet protected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from publishing.specs import DatasetSpec, dataset_spec


@dataclass(frozen=True, slots=True)
class Draft:
    """One table before protection.

    `frame` has every column of the spec but the status and rule twins. A protected measure is null where it was not
    reported. `not_applicable` names measures that this source cannot have, `never` those that rows of some kind cannot.
    """

    spec: DatasetSpec
    frame: pl.DataFrame
    not_applicable: frozenset[str] = frozenset()
    never: Mapping[str, pl.Expr] = field(default_factory=dict)


def draft(name: str, frame: pl.DataFrame, *, not_applicable: frozenset[str] = frozenset()) -> Draft:
    """Bring a frame into the shape of its spec: missing columns null, order of the spec, sorted by the key."""
    spec = dataset_spec(name)
    twins = {f"{measure}_{what}" for measure in spec.protected for what in ("status", "rule")}
    columns = [column for column in spec.columns if column.name not in twins]
    missing = [
        pl.lit(None, dtype=column.memory_type).alias(column.name)
        for column in columns
        if column.name not in frame.columns
    ]
    ordered = frame.with_columns(missing).select(
        pl.col(column.name).cast(column.memory_type) for column in columns
    )
    return Draft(spec, ordered.sort(*spec.key), not_applicable)
