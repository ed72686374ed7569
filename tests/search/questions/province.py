"""A small fictional province in memory: generated, checked and aggregated by the real code, a few cells withheld.

Which cells are withheld is decided here by the plainest rule (one or two protected payees), because these tests are
about questions, not about protection: any pattern of withheld cells must be respected.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from publishing.aggregate import aggregate, read_rows
from publishing.aggregate.draft import CONTRIBUTORS, Draft, behind
from publishing.intake import read_package
from publishing.protect.apply import unprotected
from publishing.specs import ColumnType, DatasetSpec, dataset_spec
from publishing.synthetic import generate

AS_OF = date(2026, 10, 31)
PAYMENTS = 20_000
TOO_FEW = 3
LIGHTS = ("green",) * 60 + ("yellow", "yellow", "orange", "red")


@dataclass(frozen=True)
class MemoryRelease:
    """What questions need of a release, held in memory."""

    tables: dict[str, pl.DataFrame]
    number: int = 1
    as_of: date = AS_OF
    specs: dict[str, DatasetSpec] = field(default_factory=dict)

    def spec(self, name: str) -> DatasetSpec:
        return dataset_spec(name)

    def table(self, name: str) -> pl.DataFrame:
        return self.tables[name]


class PlainScrubber:
    """Leaves text as it is: nothing here is about real people."""

    def __call__(self, column: pl.Series) -> pl.Series:
        return column


def make_province() -> MemoryRelease:
    """Generate, check and aggregate a province, and withhold the smallest cells."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        generate(source, payments=PAYMENTS, seed=7, years=(2021, 2026), as_of=AS_OF, file_format="parquet")
        package = read_package(source, workdir=Path(folder) / "work")
        aggregates = aggregate(read_rows(package.tables), PlainScrubber())
    tables = {name: withheld(draft) for name, draft in aggregates.drafts.items()}
    tables["projects"] = _with_lights(tables["projects"])
    return MemoryRelease(tables)


def withheld(draft: Draft) -> pl.DataFrame:
    """The public table: cells with one or two protected payees have no value and say so."""
    frame = unprotected(draft)
    if draft.spec.name not in (
        "spending",
        "spending_monthly",
        "fund_flow",
        "projects",
        "spending_by_organisation",
    ):
        return frame
    for measure in draft.spec.protected:
        few = draft.frame[behind(measure, CONTRIBUTORS)].is_between(1, TOO_FEW - 1)
        if "region_level" in draft.frame.columns:
            few &= draft.frame["region_level"] != "province"
        frame = frame.with_columns(
            pl.when(few).then(None).otherwise(pl.col(measure)).alias(measure),
            pl.when(few)
            .then(pl.lit("withheld"))
            .otherwise(pl.col(f"{measure}_status"))
            .alias(f"{measure}_status"),
        )
    return frame


def _with_lights(projects: pl.DataFrame) -> pl.DataFrame:
    lights = [LIGHTS[place % len(LIGHTS)] for place in range(projects.height)]
    rate = pl.when(pl.col("adjusted") > 0).then(pl.col("paid") * 100.0 / pl.col("adjusted"))
    return projects.with_columns(pl.Series("light", lights), rate.alias("execution_rate"))


def open_books(release: MemoryRelease) -> duckdb.DuckDBPyConnection:
    """The same tables for a reader that shares no code with the program: SQL over Parquet, money in yuan."""
    books = duckdb.connect()
    folder = Path(tempfile.mkdtemp(prefix="books-"))
    for name, frame in release.tables.items():
        money = [column.name for column in dataset_spec(name).columns if column.type is ColumnType.MONEY]
        yuan = frame.with_columns(
            (pl.col(column).cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)) for column in money
        )
        yuan.write_parquet(folder / f"{name}.parquet")
        books.execute(f"create view {name} as select * from read_parquet('{folder / name}.parquet')")
    return books
