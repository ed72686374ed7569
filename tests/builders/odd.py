"""A province whose things bear names that nobody hopes for."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.builders.published import province_tables, publish, regions, square_geometry

LONG = ("云岭省澜州市滨江新区农村公路提档升级与桥梁加固改造及沿线排水照明标识绿化一体化工程" * 6)[:200]
UNBROKEN = "A" * 200
HOSTILE = "<img src=x onerror=alert(1)>\"'&amp;</title><script>alert(1)</script>"
FROM_RIGHT = "مشروع الطريق الريفي \u202e123 \u202c حتى النهاية"
NAMES = (LONG, UNBROKEN, HOSTILE, FROM_RIGHT)


SIZES = {"cities": 3, "counties": 2, "projects": 24}
PROJECTS: tuple[str, ...] = tuple(province_tables(**SIZES)["projects"]["project_id"].head(len(NAMES)))
"""The projects that bear them, in the same order."""


def renamed(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The first rows under names that nobody hopes for."""
    names = [NAMES[index] if index < len(NAMES) else name for index, name in enumerate(frame[column])]
    return frame.with_columns(pl.Series(column, names, dtype=pl.String))


def odd_home(home: Path) -> Path:
    """Publish it: the first projects, suppliers and offices have these names, and one region the longest."""
    tables = province_tables(**SIZES)
    tables |= {
        "projects": renamed(tables["projects"], "name"),
        "suppliers": renamed(tables["suppliers"], "name"),
        "organisations": renamed(tables["organisations"], "name"),
        "regions": tables["regions"].with_columns(
            pl.when(pl.col("region_code") == "990100")
            .then(pl.lit(LONG))
            .otherwise(pl.col("name"))
            .alias("name")
        ),
    }
    publish(home, tables, documents={"regions.geojson": square_geometry(regions(3, 2))})
    return home
