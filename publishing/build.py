"""The recipe: one source package in, one public and one internal release out. Read it from top to bottom.

    intake -> rows -> tables -> protect -> coverage -> monitor -> write public release -> index -> write internal release

The public release is published before the internal one. Whoever is killed between them has published a complete public
release; the next run writes both again.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from publishing.aggregate import Aggregates, aggregate, read_rows
from publishing.aggregate.rows import SourceRows
from publishing.coverage import coverage
from publishing.home import Home
from publishing.intake import SourcePackage, read_package
from publishing.monitor import Alerts, monitor
from publishing.protect import Policy, Protected, protect
from publishing.release.content import PublishedTable, ReleaseContent
from publishing.release.diff import diff_releases
from publishing.release.manifest import Lineage, Manifest
from publishing.release.reader import Release, open_release
from publishing.release.writer import write_release
from publishing.scrubbing import ColumnScrubber
from publishing.specs import DATASETS, METRICS

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Publication:
    """What one run brought about.

    `attack` is the auditor's verdict in one word: `none recovered`, or what stopped the build.
    """

    manifest: Manifest
    withheld_cells: int
    attack: str
    findings: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Request:
    """Who publishes what, when, and how."""

    source: Path
    home: Home
    policy: Policy
    maker: str
    now: datetime
    program_version: str
    note: str = ""
    stage: bool = False
    rejects: Path | None = None


def publish(request: Request, progress: Progress = lambda _step: None) -> Publication:
    """Build one release from a source package and publish it, or stage it as a candidate.

    Raises: PackageRefused, PolicyError, ProtectionFailed, CoverageMismatch, StoreBusy, StoreFull. Whatever is raised, the
    release before this one is still served and nothing of this one can be seen.
    """
    with tempfile.TemporaryDirectory(prefix="sunshine-") as folder:
        progress("检查来源数据 checking the source package")
        package = read_package(request.source, workdir=Path(folder), rejects=request.rejects)
        progress("汇总 aggregating")
        rows = read_rows(package.tables)
        scrub = ColumnScrubber(package.tables.get("person_names"))
        aggregates = aggregate(rows, scrub)
        progress("预警 monitoring")
        alerts = monitor(rows, package.tables["payments"], as_of=_as_of(request, package))
        progress("脱敏与压制 protecting")
        previous = _previous(request.home)
        protected = protect(rows, aggregates, request.policy, lights=alerts.lights)
        content = _public_content(request, package, rows, protected, scrub, alerts)
    progress("写入公开版本 writing the public release")
    manifest = write_release(
        request.home.public,
        content,
        stage=request.stage,
        maker=request.maker,
        note=request.note,
        audience="public",
        published_at=request.now,
        keys=request.home.key("public"),
    )
    progress("写入内部版本 writing the internal release")
    _write_internal(request, package, aggregates, alerts, manifest, content.lineage)
    del previous
    return Publication(
        manifest, protected.withheld_cells, protected.attack, package.report.warning_count, alerts.count
    )


def _previous(home: Home) -> Release | None:
    return open_release(home.public) if home.public.current_number() is not None else None


def _as_of(request: Request, package: SourcePackage) -> date:
    # A package without a declared day and without a single payment tells no day: take today's.
    return package.meta.as_of or request.now.date()


def _lineage(request: Request, package: SourcePackage) -> Lineage:
    return Lineage(
        source_digest=package.digest,
        policy_digest=request.policy.digest,
        as_of=_as_of(request, package),
        title=package.meta.title,
        fictional=package.meta.fictional,
        currency=package.meta.currency,
        attribution=package.meta.attribution,
        program_version=request.program_version,
    )


def _public_content(
    request: Request,
    package: SourcePackage,
    rows: SourceRows,
    protected: Protected,
    scrub: ColumnScrubber,
    alerts: Alerts,
) -> ReleaseContent:
    ledger = coverage(rows, protected.tables, package.control_totals)
    tables = {**protected.tables, "coverage": ledger.frame}
    documents = {
        "disclosure.json": _json(
            {**protected.report, "text": {"removed": dict(sorted(scrub.removed.items()))}}
        ),
        "metrics.json": _json([_plain(metric) for metric in METRICS]),
        "rules.json": _json(alerts.rules),
        "policy.txt": request.policy.source,
    }
    if package.geometry is not None:
        documents["regions.geojson"] = package.geometry.read_bytes()
    return ReleaseContent(
        [PublishedTable(spec, tables[spec.name]) for spec in DATASETS], documents, _lineage(request, package)
    )


def _write_internal(
    request: Request,
    package: SourcePackage,
    aggregates: Aggregates,
    alerts: Alerts,
    public: Manifest,
    lineage: Lineage,
) -> None:
    """The looser release for officials: every cell, and the alerts; still no person and no closed project by name."""
    tables = [
        PublishedTable(draft.spec, unprotected(draft.frame, draft.spec.protected))
        for draft in aggregates.drafts.values()
    ]
    tables.append(PublishedTable(alerts.spec, alerts.frame))
    content = ReleaseContent(
        [PublishedTable(table.spec, table.frame.select(list(table.spec.schema))) for table in tables],
        {
            "public-release.json": _json({"number": public.number, "id": public.id}),
            "findings.json": _json(package.report.to_json()),
            "rules.json": _json(alerts.rules),
        },
        lineage,
    )
    write_release(
        request.home.internal,
        content,
        stage=False,
        maker=request.maker,
        note=request.note,
        audience="internal",
        published_at=request.now,
        keys=request.home.key("internal"),
    )


def unprotected(frame: pl.DataFrame, measures: tuple[str, ...]) -> pl.DataFrame:
    """Status twins for a table nothing was withheld from."""
    return frame.with_columns(
        pl.when(pl.col(measure).is_null())
        .then(pl.lit("not_reported"))
        .otherwise(pl.lit("published"))
        .alias(f"{measure}_status")
        for measure in measures
    )


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n").encode()


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


__all__ = ["Publication", "Request", "diff_releases", "publish"]
