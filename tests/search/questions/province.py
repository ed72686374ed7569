"""A small fictional province in memory: generated, checked and aggregated by the real code, a few cells withheld.

Which cells are withheld is decided here by lot among the small ones, because these tests are about questions, not about
protection: any pattern of withheld cells must be respected.
"""

from __future__ import annotations

import tempfile
import zlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from publishing.aggregate import aggregate, read_rows
from publishing.aggregate.draft import Draft
from publishing.intake import read_package
from publishing.specs import ColumnType, DatasetSpec, dataset_spec
from publishing.synthetic import generate

AS_OF = date(2026, 10, 31)
PAYMENTS = 20_000
WITHHOLDING = ("spending", "spending_monthly", "spending_by_organisation", "fund_flow", "projects")
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
    """The public table: some cells below the whole province have no value and say so."""
    spec, frame = draft.spec, draft.frame
    for measure in spec.protected:
        hidden = _hidden(frame, measure) if spec.name in WITHHOLDING else pl.lit(value=False)
        frame = frame.with_columns(
            pl.when(~hidden).then(pl.col(measure)).alias(measure),
            pl.when(hidden)
            .then(pl.lit("withheld"))
            .when(pl.col(measure).is_null())
            .then(pl.lit("not_reported"))
            .otherwise(pl.lit("published"))
            .alias(f"{measure}_status"),
        )
    others = [
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in spec.schema.items()
        if name not in frame.columns
    ]
    return frame.with_columns(others).select(list(spec.schema))


def _hidden(frame: pl.DataFrame, measure: str) -> pl.Expr:
    """One small cell in nine, chosen by its key; only what was paid, and never for the whole province."""
    if measure != "paid":
        return pl.lit(value=False)
    amounts = frame[measure].drop_nulls()
    small = pl.col(measure).abs() < int(amounts.abs().quantile(0.6) or 0)
    keys = [
        name
        for name in ("region_code", "function_code", "sector", "org_id", "project_id", "fiscal_year", "month")
        if name in frame.columns
    ]
    text = pl.concat_str([pl.col(name).cast(pl.String) for name in keys])
    chosen = pl.Series([zlib.crc32(key.encode()) % 9 == 0 for key in frame.select(text).to_series()])
    below = (
        pl.lit(value=True) if "region_level" not in frame.columns else pl.col("region_level") != "province"
    )
    return small & chosen & below


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
