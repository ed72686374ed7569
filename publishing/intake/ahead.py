"""Typing one batch ahead: while a batch is checked against the other tables, the next is read and typed.

What typing finds wrong is held back and told by the thread that owns the report when the batch's turn comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from publishing.intake.readers import RawBatch, SourceFile, read_batches
from publishing.intake.report import Finding, ReportBuilder
from publishing.intake.schema import Table
from publishing.intake.values import BatchTyper, TypedBatch


class HeldReport(ReportBuilder):
    """Remembers what it is told, at most what one batch holds, and tells it later to the real report."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[Finding] = []

    def take(self, finding: Finding) -> None:
        """Keep a finding."""
        self._held.append(finding)

    def released(self) -> list[Finding]:
        """What was told since the last time."""
        held, self._held = self._held, []
        return held


def typed_batches(
    source: SourceFile, table: Table, report: ReportBuilder, *, skip_text_checks: frozenset[str]
) -> Iterator[TypedBatch]:
    """All batches of a file that can be read, typed; never more than one is typed ahead."""
    held = HeldReport()
    typer = BatchTyper(table, source.name, held, skip_text_checks=skip_text_checks)

    def step(batch: RawBatch) -> tuple[TypedBatch, list[Finding]]:
        return typer.type(batch), held.released()

    ahead: Future[tuple[TypedBatch, list[Finding]]] | None = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        for batch in read_batches(source, table, report):
            before, ahead = ahead, pool.submit(step, batch)
            if before is not None:
                yield _told(before, report)
        if ahead is not None:
            yield _told(ahead, report)


def _told(ahead: Future[tuple[TypedBatch, list[Finding]]], report: ReportBuilder) -> TypedBatch:
    typed, findings = ahead.result()
    for finding in findings:
        report.take(finding)
    return typed
