"""Drafts in, public tables out: values that would give somebody away are null, with their status beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from publishing.aggregate import Aggregates, Draft
from publishing.aggregate.draft import CONTRIBUTORS, LARGEST, SECOND, behind

WITHHELD = "withheld"
PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Protected:
    """The public tables, and what protecting them cost.

    tables   name -> frame in the shape of its spec, status twins included; nothing about contributors
    report   the disclosure report, as published
    """

    tables: dict[str, pl.DataFrame]
    report: dict[str, Any]
    withheld_cells: int
    attack: str


def with_statuses(draft: Draft, hidden: dict[str, pl.Series]) -> pl.DataFrame:
    """Null what is hidden, name every status, drop everything about contributors.

    In: measure -> one boolean per row of the draft, true where the value must not be shown.
    """
    frame = draft.frame
    for measure in draft.spec.protected:
        absent = "not_applicable" if measure in draft.not_applicable else "not_reported"
        withheld = hidden.get(measure, pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True))
        status = (
            pl.when(withheld)
            .then(pl.lit(WITHHELD))
            .when(pl.col(measure).is_null())
            .then(pl.lit(absent))
            .otherwise(pl.lit(PUBLISHED))
        )
        frame = frame.with_columns(status.alias(f"{measure}_status")).with_columns(
            pl.when(pl.col(f"{measure}_status") == PUBLISHED).then(pl.col(measure)).alias(measure)
        )
    return frame.select(list(draft.spec.schema))


def with_derived(projects: pl.DataFrame, lights: pl.DataFrame) -> pl.DataFrame:
    """Fill in what follows from protected values: the execution rate and the light.

    A project whose payments are withheld has neither: both would tell about them.
    """
    rate = pl.when(pl.col("adjusted") > 0).then((pl.col("paid") / pl.col("adjusted") * 100).round(2))
    shown = pl.col("paid").is_not_null()
    return (
        projects.drop("light", "light_reason")
        .join(lights, on="project_id", how="left", maintain_order="left")
        .with_columns(
            rate.alias("execution_rate"),
            pl.when(shown).then("light").alias("light"),
            pl.when(shown).then("light_reason").alias("light_reason"),
        )
        .select(projects.columns)
    )


def sensitive(draft: Draft, measure: str, *, minimum: int, p: int) -> pl.Series:
    """Which cells would give somebody away by themselves: too few contributors, or the p% rule."""
    count, largest, second = (pl.col(behind(measure, what)) for what in (CONTRIBUTORS, LARGEST, SECOND))
    too_few = count < minimum
    too_close = (pl.col(measure).abs() - largest - second) * 100 < largest * p
    return draft.frame.select(
        ((count > 0) & (too_few | too_close)).fill_null(value=False).alias("sensitive")
    )["sensitive"]


def protect(_rows: object, aggregates: Aggregates, policy: Any, *, lights: pl.DataFrame) -> Protected:
    """Primary rules only."""
    tables: dict[str, pl.DataFrame] = {}
    withheld = 0
    for name, draft in aggregates.drafts.items():
        hidden = {
            measure: sensitive(draft, measure, minimum=policy.min_contributors, p=policy.p)
            for measure in draft.spec.protected
            if draft.frame.schema[measure] == pl.Int64
        }
        withheld += sum(int(series.sum()) for series in hidden.values())
        tables[name] = with_statuses(draft, hidden)
    tables["projects"] = with_derived(tables["projects"], lights)
    return Protected(tables, {"withheld_cells": withheld}, withheld, "not run")
