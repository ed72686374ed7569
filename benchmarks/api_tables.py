"""The tables of `./run bench api`: a spending cube of 200 k rows, project months of any size, and the cube in SQLite.

Invented numbers, the same every time. The release is written by the real writer; SQLite gets the same rows and the
indexes its queries want.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from publishing.specs import dataset_spec
from tests.builders.published import AS_OF, province_tables, publish

YEARS = tuple(range(2020, 2027))
CITIES, COUNTIES = 14, 9
CLASSES, SECTIONS = 24, 8
MONTHS = 50
INDEXES = (
    "fiscal_year, region_code, function_code",
    "fiscal_year, function_code, region_level, region_code, paid",
    "fiscal_year, region_level, function_level, paid",
    "region_code, fiscal_year, function_level, function_code, paid",
    "function_code",
    "region_level",
    "function_level",
)


def region_table() -> pl.DataFrame:
    """One province, its cities, their counties."""
    codes, names, levels = ["990000"], ["云岭省"], ["province"]
    for city in range(1, CITIES + 1):
        codes.append(f"99{city:02d}00")
        names.append(f"第{city}市")
        levels.append("city")
        for county in range(1, COUNTIES + 1):
            codes.append(f"99{city:02d}{county:02d}")
            names.append(f"第{city}市第{county}县")
            levels.append("county")
    return pl.DataFrame({"region_code": codes, "region_name": names, "region_level": levels})


def function_table() -> pl.DataFrame:
    """All functions, their classes, the sections of these."""
    codes, names, levels = ["total"], ["全部支出"], ["total"]
    for position in range(CLASSES):
        code = str(201 + position)
        codes.append(code)
        names.append(f"第{position + 1}类支出")
        levels.append("class")
        for section in range(1, SECTIONS + 1):
            codes.append(f"{code}{section:02d}")
            names.append(f"第{position + 1}类第{section}款")
            levels.append("section")
    return pl.DataFrame({"function_code": codes, "function_name": names, "function_level": levels})


def spending_table() -> pl.DataFrame:
    """The cube, every level; one cell in a hundred withheld."""
    years = pl.DataFrame({"fiscal_year": list(YEARS)}, schema={"fiscal_year": pl.Int32})
    cube = region_table().join(function_table(), how="cross").join(years, how="cross")
    chance = np.random.default_rng(11)
    paid = chance.integers(10_000_00, 900_000_000_00, cube.height)
    status = pl.when(pl.col("hidden")).then(pl.lit("withheld")).otherwise(pl.lit("published"))
    cube = cube.with_columns(
        pl.Series("approved", paid * 11 // 10),
        pl.Series("adjusted", paid * 12 // 10),
        pl.Series("paid", paid),
        pl.Series("hidden", chance.random(cube.height) < 0.01),
        approved_status=pl.lit("published"),
        adjusted_status=pl.lit("published"),
    )
    cube = cube.with_columns(
        pl.when(~pl.col("hidden")).then("paid").alias("paid"), status.alias("paid_status")
    )
    return as_published("spending", cube)


def project_month_table(rows: int) -> pl.DataFrame:
    """That many rows: projects of fifty months each."""
    projects = max(1, rows // MONTHS)
    months = [date(2022 + index // 12, index % 12 + 1, 1) for index in range(MONTHS)]
    chance = np.random.default_rng(12)
    names = pl.DataFrame({"index": range(projects)}).select(
        pl.format("P{}", pl.col("index").cast(pl.String).str.zfill(6)).alias("project_id"),
        pl.format("第{}号公路改造工程", "index").alias("project_name"),
    )
    table = names.join(pl.DataFrame({"month": months}), how="cross")
    paid = chance.integers(0, 9_000_000_00, table.height)
    table = table.with_columns(
        pl.Series("paid", paid),
        pl.Series("planned_cumulative", paid * 3),
        paid_status=pl.lit("published"),
        planned_cumulative_status=pl.lit("published"),
    )
    return as_published("project_months", table)


def as_published(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Exactly the columns of the spec, sorted by key; what is not given is null."""
    schema = dataset_spec(name).schema
    columns = [
        (pl.col(column) if column in table.columns else pl.lit(None)).cast(kind).alias(column)
        for column, kind in schema.items()
    ]
    return table.select(columns).sort(dataset_spec(name).key)


def make_home(home: Path, month_rows: int) -> None:
    """A release with both tables, once: the folder is kept for the next run."""
    done = home / "done"
    if done.exists():
        return
    tables = province_tables(cities=2, counties=2, projects=20)
    tables |= {"spending": spending_table(), "project_months": project_month_table(month_rows)}
    publish(home, tables, as_of=AS_OF)
    done.touch()


def make_sqlite(path: Path) -> None:
    """The same cube in SQLite, money in yuan, with covering indexes and statistics."""
    if path.exists():
        return
    cube = spending_table()
    money = [column.name for column in dataset_spec("spending").columns if column.type == "money"]
    cube = cube.with_columns([(pl.col(name) / 100).alias(name) for name in money])
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with sqlite3.connect(draft) as connection:
        kinds = {
            name: "TEXT" if kind == pl.String else "INTEGER" if kind == pl.Int32 else "REAL"
            for name, kind in cube.schema.items()
        }
        connection.execute(f"CREATE TABLE spending ({', '.join(map(' '.join, kinds.items()))})")
        marks = ", ".join("?" * cube.width)
        connection.executemany(f"INSERT INTO spending VALUES ({marks})", cube.iter_rows())  # noqa: S608 - our names
        for number, columns in enumerate(INDEXES):
            connection.execute(f"CREATE INDEX spending_{number} ON spending ({columns})")
        connection.execute("ANALYZE")
    connection.close()
    draft.rename(path)
