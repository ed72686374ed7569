"""Reading a source package: check everything, stage typed Parquet files, or refuse with the whole report.

Required tables: regions, organisations, functions, economics, projects, budget_lines, payments. The others
(policies, plans, suppliers, contracts, indicators, milestones) may be missing or empty; what is built on them is
then empty too, and the report says so as a warning.

Every table but the payments is held in memory while it is checked (a province has some 10,000 lines and 100,000
plan months a year); payments go through in batches. Nothing is left in `workdir` when the package is refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import polars as pl

from publishing.intake.ahead import typed_batches
from publishing.intake.contracts import TABLES
from publishing.intake.declared import DESCRIPTOR, ControlTotal, PackageMeta
from publishing.intake.digest import digest_of_table, package_digest
from publishing.intake.errors import PackageRefused
from publishing.intake.geometry import check_geometry
from publishing.intake.hierarchies import with_parents_of_classes
from publishing.intake.keys import check_key, check_references
from publishing.intake.layout import Layout, read_layout
from publishing.intake.lookups import build_lookups
from publishing.intake.payments import PaymentsIntake, payment_rules
from publishing.intake.readers import SourceFile, read_batches
from publishing.intake.reconcile import (
    StagedPayments,
    check_largest_sums,
    check_refunds,
    check_repeated_ids,
    check_sums,
)
from publishing.intake.report import CheckReport, ReportBuilder
from publishing.intake.row_rules import check_rows, fiscal_year
from publishing.intake.schema import Table
from publishing.intake.table_rows import ROW, TableRows, yuan_text
from publishing.intake.values import BatchTyper

Progress = Callable[[str, int], None]
"""Called with the name of the table and the number of rows read so far."""

ControlTotals = dict[tuple[str, str, int], int]
"""(table, column, fiscal year) -> fen."""


@dataclass(frozen=True)
class SourcePackage:
    """A checked package: see docs/design.md. `tables` are Parquet files in the work folder.

    The digest of the payments is still being taken when the package is handed over, from files in the work folder:
    `digest` waits for it, and must be asked for once before the folder goes.
    """

    take_digest: Callable[[], str]
    tables: dict[str, Path]
    meta: PackageMeta
    control_totals: ControlTotals
    geometry: Path | None
    report: CheckReport
    row_counts: dict[str, int] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """The digest of the whole package."""
        return self.take_digest()

    def under(self, digest: str) -> SourcePackage:
        """The same package under the digest of several hand-overs together."""
        return replace(self, take_digest=lambda: digest)


def read_package(
    source: Path,
    *,
    workdir: Path,
    rejects: Path | None = None,
    progress: Progress | None = None,
) -> SourcePackage:
    """Read, check and stage a source package.

    Raises PackageRefused with the whole report when a rule of severity error is broken.
    """
    staging = workdir / "staged"
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir(parents=True)
    try:
        with ReportBuilder(rejects) as report:
            package = _Reading(source, staging, report, progress or (lambda _table, _rows: None)).run()
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    if package is None:
        shutil.rmtree(staging, ignore_errors=True)
        raise PackageRefused(report.build())
    return package


class _Reading:
    """One run over one package."""

    def __init__(self, source: Path, staging: Path, report: ReportBuilder, progress: Progress) -> None:
        self._source = source
        self._staging = staging
        self._report = report
        self._progress = progress
        self._tables: dict[str, TableRows] = {}
        self._digests: dict[str, str] = {}
        self._row_counts: dict[str, int] = {}
        self._paid_by_year: dict[int, int] = {}
        self._payments_digest: Future[str] = Future()

    def run(self) -> SourcePackage | None:
        """The package, or None when it is refused."""
        layout = read_layout(self._source, self._report)
        if layout is None:
            return None
        for name, table in TABLES.items():
            if name != "payments":
                self._tables[name] = self._read_table(table, layout.files.get(name))
        for rows in self._tables.values():
            self._check_table(rows, layout.meta)
        self._check_province(layout.meta.province)
        last_paid_on = self._read_payments(layout)
        if layout.geometry is not None:
            check_geometry(layout.geometry, self._tables["regions"], self._report)
        totals = self._control_totals(layout)
        if self._report.has_errors:
            return None
        return self._staged(layout, last_paid_on, totals)

    def _read_table(self, table: Table, source: SourceFile | None) -> TableRows:
        if source is None:
            return TableRows(
                table, f"{table.name}.csv", _numbered(table.empty(), np.empty(0, dtype=np.int64))
            )
        typer = BatchTyper(table, source.name, self._report, skip_text_checks=frozenset())
        frames = [_numbered(table.empty(), np.empty(0, dtype=np.int64))]
        count = 0
        for batch in read_batches(source, table, self._report):
            typed = typer.type(batch)
            frames.append(_numbered(typed.frame, typed.rows))
            count += len(typed.rows)
            self._progress(table.name, count)
        if table.required and not count and not self._report.has_fault(source.name):
            self._report.add("table_empty", source.name)
        return TableRows(table, source.name, pl.concat(frames, rechunk=True))

    def _check_table(self, rows: TableRows, meta: PackageMeta) -> None:
        check_key(rows, self._report)
        check_references(rows, self._tables, self._report)
        check_rows(rows, self._tables, self._report, meta.fiscal_year_first_month)

    def _check_province(self, code: str) -> None:
        regions = self._tables["regions"].frame
        if code and regions.height and code not in regions["region_code"]:
            self._report.add(
                "descriptor_wrong",
                DESCRIPTOR,
                column="sunshine.province",
                value=code,
                detail="regions 表没有此代码 (not in regions)",
            )

    def _read_payments(self, layout: Layout) -> date | None:
        table = TABLES["payments"]
        source = layout.files.get("payments")
        staged = self._staging / "payments.parquet"
        lookups = build_lookups(self._tables, self._report.cut_short)
        rules = payment_rules(layout.meta.as_of, layout.meta.fiscal_year_first_month)
        file = "payments.csv" if source is None else source.name
        intake = PaymentsIntake(table, file, staged, lookups, self._report, rules)
        count = 0
        try:
            if source is not None:
                looked_up = frozenset(reference.column for reference in table.references)
                for batch in typed_batches(source, table, self._report, skip_text_checks=looked_up):
                    intake.take(batch)
                    count += len(batch.rows)
                    self._progress(table.name, count)
        finally:
            intake.close()
        if source is not None and not count and not self._report.has_fault(file):
            self._report.add("table_empty", file)
        payments = StagedPayments(staged, file, intake.row_numbers())
        check_repeated_ids(payments, intake.possible_repeats(), self._report)
        check_refunds(payments, self._report)
        self._paid_by_year = check_sums(
            payments, lookups, self._tables["budget_lines"], self._tables["contracts"], self._report
        )
        if self._report.has_errors:
            intake.digest.discard()
        else:
            self._payments_digest = intake.digest.finished()
            intake.person_names().write_parquet(self._staging / "person_names.parquet")
        self._row_counts["payments"] = count
        return intake.last_paid_on

    def _control_totals(self, layout: Layout) -> ControlTotals:
        """Sums by fiscal year; declared ones must be met."""
        lines = self._tables["budget_lines"].frame.select("fiscal_year", "approved_fen", "adjusted_fen")
        contracts = self._tables["contracts"].frame.select(
            fiscal_year(pl.col("signed_on"), layout.meta.fiscal_year_first_month).alias("fiscal_year"),
            "amount_fen",
        )
        totals: ControlTotals = {}
        plans = self._tables["plans"].frame.select("month", fen="planned_cumulative_fen")
        check_largest_sums(self._tables["plans"].file, "planned_cumulative", plans, self._report)
        for table, column, frame in (
            ("budget_lines", "approved", lines),
            ("budget_lines", "adjusted", lines),
            ("contracts", "amount", contracts),
        ):
            by_year = frame.select("fiscal_year", fen=f"{column}_fen")
            check_largest_sums(self._tables[table].file, column, by_year, self._report)
            sums = by_year.group_by("fiscal_year").agg(pl.col("fen").cast(pl.Int128).sum())
            for year, fen in sums.drop_nulls().sort("fiscal_year").iter_rows():
                totals[table, column, int(year)] = int(fen)
        for year, fen in self._paid_by_year.items():
            totals["payments", "amount", year] = fen
        for declared in layout.control_totals:
            self._compare(declared, totals.get((declared.table, declared.column, declared.fiscal_year), 0))
        return totals

    def _compare(self, declared: ControlTotal, found_fen: int) -> None:
        if declared.total_fen == found_fen:
            return
        said, found = yuan_text(pl.Series([declared.total_fen, found_fen], dtype=pl.Int128))
        self._report.add(
            "control_total_mismatch",
            DESCRIPTOR,
            column=f"{declared.table}.{declared.column}",
            value=said,
            detail=f"{declared.fiscal_year} 年各行合计 {found} (the rows sum to {found})",
        )

    def _staged(self, layout: Layout, last_paid_on: date | None, totals: ControlTotals) -> SourcePackage:
        paths: dict[str, Path] = {}
        for name, rows in self._tables.items():
            frame = rows.frame.drop(ROW)
            if name in {"functions", "economics"}:
                frame = with_parents_of_classes(frame, rows.table.key[0])
            frame = frame.sort([rows.table.by_name[key].staged_name for key in rows.table.key])
            if frame.height or not rows.table.younger:
                self._digests[name] = digest_of_table(rows.table, frame)
            self._row_counts[name] = frame.height
            paths[name] = self._staging / f"{name}.parquet"
            frame.write_parquet(paths[name])
        paths["payments"] = self._staging / "payments.parquet"
        paths["person_names"] = self._staging / "person_names.parquet"
        meta = layout.meta if layout.meta.as_of is not None else replace(layout.meta, as_of=last_paid_on)
        return SourcePackage(
            take_digest=partial(_digest_of, self._digests, self._payments_digest),
            tables=paths,
            meta=meta,
            control_totals=totals,
            geometry=layout.geometry,
            report=self._report.build(),
            row_counts=self._row_counts,
        )


def _digest_of(tables: Mapping[str, str], payments: Future[str]) -> str:
    return package_digest({**tables, "payments": payments.result()})


def _numbered(frame: pl.DataFrame, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(ROW, rows, dtype=pl.Int64))
