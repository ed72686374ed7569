"""Generate a source package: decide the world, write its tables, then stream the payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from publishing.synthetic.geojson import regions_geojson
from publishing.synthetic.package import (
    FileFormat,
    TableFile,
    clear_package,
    write_descriptor,
    write_table,
)
from publishing.synthetic.payments import Group, PaymentWriter, groups_of
from publishing.synthetic.tables import ControlTotal, build_tables
from publishing.synthetic.truth import visible_anomalies, write_truth
from publishing.synthetic.world import World, build_world

FEWEST_PAYMENTS = 10_000
MOST_PAYMENTS = 100_000_000
EARLIEST_YEAR, LATEST_YEAR = 2000, 2098
Progress = Callable[[int, int], None]


class GenerationRefused(ValueError):
    """The world asked for cannot be made; the message says what to ask for instead."""


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """What was written: rows by table, planted anomalies by kind."""

    out: Path
    as_of: dt.date
    rows: dict[str, int]
    anomalies: dict[str, int]


def generate(  # noqa: PLR0913 - one keyword per option of the command
    out: Path,
    *,
    payments: int,
    seed: int,
    years: tuple[int, int],
    as_of: dt.date,
    file_format: FileFormat = "csv",
    truth: Path | None = None,
    progress: Progress | None = None,
) -> GenerationSummary:
    """Write a source package of the fictional province into `out`.

    The same arguments give the same bytes. A later `as_of` gives the same world: all earlier payments, plus those
    made or recorded since. `payments` is how many are recorded by 31 October of the last year (or in all, when
    `as_of` is in March of the following year or later). `progress(done, all)` is called after each group.

    Raises: GenerationRefused when the size, the years or the day make no world.
    """
    _check(payments, years, as_of)
    world = build_world(payments=payments, seed=seed, years=years, as_of=as_of)
    clear_package(out)
    tables, totals = build_tables(world, as_of)
    for name, frame in tables.items():
        write_table(out, name, frame, file_format)
    (out / "regions.geojson").write_text(regions_geojson(world.geography), encoding="utf-8")
    count, payment_totals = _write_payments(out, world, as_of, file_format, progress)
    write_descriptor(out, as_of=as_of, seed=seed, totals=[*totals, *payment_totals], file_format=file_format)
    if truth is not None:
        write_truth(truth, world, as_of)
    rows = {name: frame.height for name, frame in tables.items()} | {"payments": count}
    kinds = [anomaly.kind for anomaly in visible_anomalies(world, as_of)]
    return GenerationSummary(out, as_of, rows, {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)})


def _check(payments: int, years: tuple[int, int], as_of: dt.date) -> None:
    if not FEWEST_PAYMENTS <= payments <= MOST_PAYMENTS:
        raise GenerationRefused(
            f"payments must be between {FEWEST_PAYMENTS:,} and {MOST_PAYMENTS:,}, not {payments:,}"
        )
    if not EARLIEST_YEAR <= years[0] <= years[1] <= LATEST_YEAR:
        raise GenerationRefused(
            f"years must be FIRST-LAST within {EARLIEST_YEAR}-{LATEST_YEAR}, not {years[0]}-{years[1]}"
        )
    if as_of < dt.date(years[0], 2, 1):
        raise GenerationRefused(
            f"as-of {as_of} lies before the first payments; use {years[0]}-02-01 or later"
        )


def _write_payments(
    out: Path, world: World, as_of: dt.date, file_format: FileFormat, progress: Progress | None
) -> tuple[int, list[ControlTotal]]:
    writer = PaymentWriter(world, as_of)
    groups = [
        group
        for group in groups_of(world)
        if (world.lines.year[group.first : group.last] <= as_of.year).any()
    ]
    totals: dict[int, int] = {}
    count = 0
    with TableFile(out, "payments", file_format) as target:
        for done, (frame, year) in enumerate(_frames(writer, groups), start=1):
            target.append(frame)
            count += frame.height
            _add_totals(totals, frame, year)
            if progress is not None:
                progress(done, len(groups) + 1)
    return count, [ControlTotal("payments", "amount", year, totals[year]) for year in sorted(totals)]


def _frames(writer: PaymentWriter, groups: list[Group]) -> Iterator[tuple[pl.DataFrame, pl.Series]]:
    yield writer.irregular_frame()
    for group in groups:
        yield writer.frame(group)


def _add_totals(totals: dict[int, int], frame: pl.DataFrame, year: pl.Series) -> None:
    """Add a frame's amounts to the totals by fiscal year of the line, in whole fen."""
    fen = (frame["amount"].cast(pl.Decimal(28, 2)) * 100).cast(pl.Int64)
    summed = pl.DataFrame({"year": year, "fen": fen}).group_by("year").agg(pl.col("fen").sum())
    for fiscal_year, total in summed.iter_rows():
        totals[fiscal_year] = totals.get(fiscal_year, 0) + total
