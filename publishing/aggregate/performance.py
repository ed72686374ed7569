"""Performance indicators and their sums: what was promised and what was done."""

from __future__ import annotations

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.projects import open_projects
from publishing.aggregate.rows import SourceRows

ADDITIVE_KINDS = ("quantity",)
"""Only quantities may be summed over projects; a rate, a date or a satisfaction score may not."""

NOT_ADDITIVE_UNITS = ("%", "％", "‰", "分", "倍", "天", "元/人", "元／人", "级", "名次")
"""Units whose sum over projects means nothing, whatever the kind says."""


def indicators(rows: SourceRows) -> Draft:
    """One row per public project, indicator and fiscal year: target and actual (null = not yet reported)."""
    public = open_projects(rows).select("project_id", project_name="name")
    return draft("indicators", rows.indicators.join(public, on="project_id"))


def outputs(rows: SourceRows) -> Draft:
    """Sum additive indicators per region (every level), indicator, unit and fiscal year, over public projects.

    `actual` sums what was reported; it is null while no project has reported. `reported` says how many have.
    """
    ancestors = rows.regions.select("region_code", "region_province", "region_city", "region_county")
    placed = (
        rows.indicators.filter(
            pl.col("kind").is_in(ADDITIVE_KINDS) & ~pl.col("unit").is_in(NOT_ADDITIVE_UNITS)
        )
        .join(open_projects(rows).select("project_id", "region_code"), on="project_id")
        .join(ancestors, on="region_code")
        .sort("project_id", "indicator", "fiscal_year")  # float sums depend on their order
    )
    levels = [
        placed.drop_nulls(column)
        .group_by(
            pl.col(column).alias("region_code"), "indicator", "unit", "fiscal_year", maintain_order=True
        )
        .agg(
            pl.col("project_id").n_unique().cast(pl.Int64).alias("projects"),
            pl.col("target").sum().round(6),
            pl.when(pl.col("actual").count() > 0).then(pl.col("actual").sum()).round(6).alias("actual"),
            pl.col("actual").count().cast(pl.Int64).alias("reported"),
        )
        .with_columns(pl.lit(level).alias("region_level"))
        for column, level in (
            ("region_province", "province"),
            ("region_city", "city"),
            ("region_county", "county"),
        )
    ]
    names = rows.regions.select("region_code", region_name="name")
    return draft("outputs", pl.concat(levels).join(names, on="region_code", how="left"))
