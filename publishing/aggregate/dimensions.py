"""The dimension tables: what the codes in every other table stand for."""

from __future__ import annotations

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.rows import SourceRows


def dimensions(rows: SourceRows) -> list[Draft]:
    """Regions, organisations, functions, economics and policies, as handed over."""
    return [
        draft("regions", rows.regions),
        draft("organisations", rows.organisations),
        draft("functions", rows.functions),
        draft(
            "economics",
            rows.economics.with_columns(
                pl.when(pl.col("economic_code").str.len_chars() == 3)
                .then(pl.lit("class"))
                .otherwise(pl.lit("section"))
                .alias("level")
            ),
        ),
        draft("policies", rows.policies),
    ]
