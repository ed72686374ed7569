"""Drafts in, public tables out: values that would give somebody away are null, with status and rule beside them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from publishing.aggregate import Draft
from publishing.protect.keys import SHOWN_BY, cell_key

WITHHELD = "withheld"
PUBLISHED = "published"
VERDICT_SCHEMA = {"key": pl.String, "withheld": pl.Boolean, "rule": pl.String}


def with_statuses(draft: Draft, verdicts: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Null what is withheld, name every status and rule, drop everything about contributors.

    In: measure -> verdicts: key str · withheld bool · rule str? (why)
    """
    frame = draft.frame
    for measure in draft.spec.protected:
        frame = _marked(frame, draft, measure, verdicts.get(measure))
    return frame.select(list(draft.spec.schema))


def unprotected(draft: Draft) -> pl.DataFrame:
    """The same table with nothing withheld, for officials."""
    return with_statuses(draft, {})


def _marked(frame: pl.DataFrame, draft: Draft, measure: str, verdicts: pl.DataFrame | None) -> pl.DataFrame:
    dataset = draft.spec.name
    if verdicts is None or (dataset, measure) not in SHOWN_BY:
        verdicts = pl.DataFrame(schema=VERDICT_SCHEMA)
        key = pl.lit(None, dtype=pl.String)
    else:
        key = cell_key(dataset, measure)
    judged = frame.with_columns(key.alias("_key")).join(
        verdicts.select(
            pl.col("key").alias("_key"), pl.col("withheld").alias("_withheld"), pl.col("rule").alias("_rule")
        ),
        on="_key",
        how="left",
        maintain_order="left",
    )
    never = draft.never.get(measure, pl.lit(measure in draft.not_applicable))
    withheld = pl.col("_withheld").fill_null(value=False)
    status = (
        pl.when(withheld)
        .then(pl.lit(WITHHELD))
        .when(pl.col(measure).is_null())
        .then(pl.when(never).then(pl.lit("not_applicable")).otherwise(pl.lit("not_reported")))
        .otherwise(pl.lit(PUBLISHED))
    )
    columns = [status.alias(f"{measure}_status"), pl.when(~withheld).then(pl.col(measure)).alias(measure)]
    if f"{measure}_rule" in draft.spec.schema:
        columns.append(pl.when(withheld).then("_rule").alias(f"{measure}_rule"))
    return judged.with_columns(columns).drop("_key", "_withheld", "_rule")


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
