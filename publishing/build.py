"""The recipe: one source package in, one internal and one public release out. Read it from top to bottom.

    intake (+ participation) -> rows -> monitor -> tables -> protect (with all earlier releases) -> coverage -> write

Both releases are written at the same time, but the internal one counts first: it holds the books behind the public one,
and a public release whose books are unknown could never be protected together with a later one. Whoever is killed
between the two leaves an internal release too many, which nothing refers to; the public release before is still served.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from publishing.aggregate import Aggregates, aggregate, read_rows
from publishing.aggregate.participation import books_of
from publishing.aggregate.rows import SourceRows
from publishing.coverage import coverage
from publishing.errors import ReleaseWithdrawn, SameAgain
from publishing.home import Home
from publishing.index import ReportFacts, build_search_index, renamed_places
from publishing.intake import SourcePackage, read_package
from publishing.intake.participation import ParticipationSource, read_participation
from publishing.monitor import Alerts, monitor
from publishing.past import past_releases
from publishing.protect import PolicyFile, Protected, participation, protect, unprotected
from publishing.release.content import PublishedTable, ReleaseContent
from publishing.release.describe import Edition
from publishing.release.manifest import Audience, Lineage, Manifest
from publishing.release.reader import open_release
from publishing.release.writer import write_release
from publishing.scrubbing import ColumnScrubber, free_texts
from publishing.specs import DATASETS, METRICS
from search.engines.embedded import index_directory

Progress = Callable[[str], None]
_GEOMETRY = "regions.geojson"


@dataclass(frozen=True, slots=True)
class Publication:
    """What one run brought about. `attack` is the auditor's verdict in words."""

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
    policy: PolicyFile
    maker: str
    now: datetime
    program_version: str
    note: str = ""
    stage: bool = False
    rejects: Path | None = None
    participation: Path | None = None
    """The hand-over of the writing room: ratings and cases."""
    refuse_same: bool = False
    """Whether to stop where the new release would say exactly what the current one says."""


def publish(request: Request, progress: Progress = lambda _step: None) -> Publication:
    """Build one release from a source package and publish it, or stage it as a candidate.

    Raises: PackageRefused, PolicyError, SameAgain, ProtectionFailed, CoverageMismatch, StoreBusy, StoreFull. Whatever is
    raised, the release before this one is still served and nothing of this one can be seen.
    """
    with tempfile.TemporaryDirectory(prefix="sunshine-") as folder:
        progress("检查来源数据 checking the source package")
        package = read_package(request.source, workdir=Path(folder), rejects=request.rejects)
        progress("汇总 summing the payments")
        voices = _participation(request, package)
        scrub = ColumnScrubber(package.tables.get("person_names"), free_texts(package.tables))
        rows = read_rows(package.tables, request.policy.policy.protected_kinds)
        books = books_of(None if voices is None else voices.rows, rows)
        progress("预警 monitoring")  # before the tables: what needs no text goes on while text is scrubbed
        alerts = monitor(rows, package.tables["payments"], as_of=_as_of(request, package))
        progress("制表 making the tables")
        aggregates = aggregate(rows, scrub, books)
        geometry = package.geometry.read_bytes() if package.geometry is not None else None
        # The folder goes, from which the digest is taken meanwhile.
        package = package.under(_together(package.digest, voices))
    if request.refuse_same:
        _refuse_the_same(request, package, geometry)
    progress("保护 protecting, together with all earlier releases")
    past = past_releases(request.home)
    protected = protect(
        rows, aggregates, request.policy.policy, past=past, lights=alerts.lights, voices=books
    )
    public = _public_content(request, package, rows, protected, scrub, alerts, geometry)
    internal = _internal_content(package, aggregates, protected, alerts, public.lineage, books)
    progress("写入 writing")
    manifest = _write_both(request, internal, public)
    return Publication(
        manifest, protected.withheld_cells, protected.attack, package.report.warning_count, alerts.count
    )


def _participation(request: Request, package: SourcePackage) -> ParticipationSource | None:
    if request.participation is None:
        return None
    return read_participation(
        request.participation,
        package.tables,
        as_of=_as_of(request, package),
        today=request.now.date(),
        rejects=request.rejects,
    )


def _together(package: str, voices: ParticipationSource | None) -> str:
    """The digest of both hand-overs: what stands behind a release is found by it."""
    if voices is None:
        return package
    return "sha256:" + hashlib.sha256(f"{package} {voices.digest}".encode()).hexdigest()


def _refuse_the_same(request: Request, package: SourcePackage, geometry: bytes | None) -> None:
    """Stop where hand-over, policy and program are those of the release that is served."""
    number = request.home.public.current_number()
    if number is None:
        return
    try:
        current = open_release(request.home.public, number)
    except ReleaseWithdrawn:
        return
    shape = current.document(_GEOMETRY) if _GEOMETRY in current.documents else None
    if (_lineage(request, package), geometry) == (current.lineage, shape):
        raise SameAgain(
            f"没有发布：源数据、披露规则和程序都与第 {number} 版完全相同，新版本不会有任何不同。确要再发布一次，请加 --again。 "
            f"Nothing was published: hand-over, policy and program are those of release {number}, so a new release would "
            f"say the same ({package.digest}). --again publishes it all the same."
        )


def _write_both(request: Request, internal: ReleaseContent, public: ReleaseContent) -> Manifest:
    """Write both releases side by side; the public one counts when its search index and the internal one are there."""
    index = _indexer(request.home, public)
    with ThreadPoolExecutor(max_workers=1) as beside:
        books = beside.submit(_write, request, internal, "internal", before_it_counts=_nothing_more)

        def index_and_books(edition: Edition) -> None:
            index(edition)
            books.result()

        return _write(request, public, "public", before_it_counts=index_and_books)


def _write(
    request: Request,
    content: ReleaseContent,
    audience: Audience,
    *,
    before_it_counts: Callable[[Edition], None],
) -> Manifest:
    public = audience == "public"
    return write_release(
        request.home.public if public else request.home.internal,
        content,
        stage=request.stage and public,
        maker=request.maker,
        note=request.note,
        audience=audience,
        published_at=request.now,
        keys=request.home.key(audience),
        before_it_counts=before_it_counts,
    )


def _indexer(home: Home, content: ReleaseContent) -> Callable[[Edition], None]:
    """Makes the search index of a public release, in a folder named by its id: no reader can meet half of it."""

    def index(edition: Edition) -> None:
        reports = [ReportFacts(edition.number, content.lineage.title, content.lineage.as_of)]
        synonyms = renamed_places(content.tables, home.public, before=edition.number)
        folder = index_directory(home.search, edition.id)
        build_search_index(content.tables, folder, reports=reports, synonyms=synonyms)

    return index


def _nothing_more(_edition: Edition) -> None:
    """An internal release has no search index."""


def _as_of(request: Request, package: SourcePackage) -> date:
    # A package without a declared day and without a single payment tells no day: take today's.
    return package.meta.as_of or request.now.date()


def _public_content(
    request: Request,
    package: SourcePackage,
    rows: SourceRows,
    protected: Protected,
    scrub: ColumnScrubber,
    alerts: Alerts,
    geometry: bytes | None,
) -> ReleaseContent:
    ledger = coverage(rows, protected.tables, package.control_totals, protected.verdicts)
    tables = {**protected.tables, "coverage": ledger.frame}
    documents = {
        "disclosure.json": _json(
            {**protected.report, "text": {"removed": dict(sorted(scrub.removed.items()))}}
        ),
        "metrics.json": _json([_plain(metric) for metric in METRICS]),
        "rules.json": _json(alerts.rules),
        "policy.txt": request.policy.source,
    }
    if geometry is not None:
        documents[_GEOMETRY] = geometry
    return ReleaseContent(
        [PublishedTable(spec, tables[spec.name]) for spec in DATASETS], documents, _lineage(request, package)
    )


def _lineage(request: Request, package: SourcePackage) -> Lineage:
    return Lineage(
        source_digest=package.digest,
        policy_digest=request.policy.policy.digest,
        as_of=_as_of(request, package),
        title=package.meta.title,
        fictional=package.meta.fictional,
        currency=package.meta.currency,
        attribution=package.meta.attribution,
        program_version=request.program_version,
    )


def _internal_content(
    package: SourcePackage,
    aggregates: Aggregates,
    protected: Protected,
    alerts: Alerts,
    lineage: Lineage,
    voices: pl.DataFrame,
) -> ReleaseContent:
    """The release for officials: every cell, the alerts, the books and the proofs; no person, no closed project by name."""
    tables = [PublishedTable(draft.spec, unprotected(draft)) for draft in aggregates.drafts.values()]
    return ReleaseContent(
        [*tables, PublishedTable(alerts.spec, alerts.frame)],
        {
            "findings.json": _json(package.report.to_json()),
            "rules.json": _json(alerts.rules),
            **protected.recorded.to_documents(),
            **({participation.DOCUMENT: participation.to_document(voices)} if voices.height else {}),
            **{f"certificate-{measure}.bin": proof for measure, proof in protected.certificates.items()},
        },
        lineage,
    )


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n").encode()


def _plain(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
