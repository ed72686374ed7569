from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from publishing.synthetic import GenerationSummary, generate

AS_OF = dt.date(2026, 10, 31)
YEARS = (2024, 2026)
PAYMENTS = 40_000
FEN = (pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64)).alias("fen")


@dataclass(frozen=True)
class Package:
    """A generated package, read back as plain text: what a stranger would see."""

    out: Path
    summary: GenerationSummary

    def table(self, name: str) -> pl.DataFrame:
        return pl.read_csv(self.out / f"{name}.csv", infer_schema=False)

    @cached_property
    def payments(self) -> pl.DataFrame:
        return self.table("payments").with_columns(FEN)

    @cached_property
    def lines(self) -> pl.DataFrame:
        cents = (
            pl.col(c).str.replace(".", "", literal=True).cast(pl.Int64) for c in ("approved", "adjusted")
        )
        return self.table("budget_lines").with_columns(cents)

    @cached_property
    def truth(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.out.parent / "truth.json").read_text(encoding="utf-8"))
        return content

    @cached_property
    def map(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.out / "regions.geojson").read_text(encoding="utf-8"))
        return content


def make_package(folder: Path, *, as_of: dt.date = AS_OF, payments: int = PAYMENTS, seed: int = 7) -> Package:
    out = folder / "package"
    truth = folder / "truth.json"
    summary = generate(out, payments=payments, seed=seed, years=YEARS, as_of=as_of, truth=truth)
    return Package(out, summary)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return make_package(tmp_path_factory.mktemp("province"))


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The hand-over of the same world one month before."""
    return make_package(tmp_path_factory.mktemp("earlier"), as_of=dt.date(2026, 9, 30))
