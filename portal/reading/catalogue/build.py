"""Build the catalogue from the manifests of all releases that stand. No table is read but the current regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from portal.reading.catalog import publisher
from portal.reading.catalogue.model import (
    Area,
    Box,
    Catalogue,
    Distribution,
    Identity,
    Period,
    Series,
    Version,
)
from portal.reading.edition import Edition
from portal.reading.words import FORMAT_WORDS
from publishing.release.manifest import Manifest, TableEntry
from publishing.specs import ColumnType

MOST_VERSIONS = 24
"""How many versions of a dataset machines are told about; the page of the dataset lists all."""


@dataclass(frozen=True, slots=True)
class _Times:
    """First day a release's budgets begin, and the last day it knows of."""

    first_year: int
    as_of: date


def build_catalogue(edition: Edition, earlier: Sequence[Manifest], identity: Identity) -> Catalogue:
    """The catalogue of the current release and of the `earlier` ones, newest first, that still stand."""
    release = edition.release
    manifests = [release.manifest, *earlier][:MOST_VERSIONS]
    first_year = edition.years[0] if edition.years else release.as_of.year
    oldest = min((manifest.published_at for manifest in manifests), default=release.published_at)
    return Catalogue(
        identity=identity,
        title=release.lineage.title or "阳光财政",
        publisher=publisher(edition),
        is_fictional=release.lineage.fictional,
        currency=release.lineage.currency,
        area=_area(edition),
        issued=oldest,
        modified=release.published_at,
        series=tuple(_series(name, manifests, first_year) for name in edition.specs),
    )


def _series(name: str, manifests: Sequence[Manifest], first_year: int) -> Series:
    holding = [(manifest, entry) for manifest in manifests for entry in manifest.tables if entry.name == name]
    previous = [before.number for _, (before, _) in pairwise(holding)]
    return Series(
        name,
        tuple(
            _version(manifest, entry, before, _Times(first_year, manifest.lineage.as_of))
            for (manifest, entry), before in zip(holding, [*previous, None], strict=True)
        ),
    )


def _version(manifest: Manifest, entry: TableEntry, previous: int | None, times: _Times) -> Version:
    return Version(
        spec=entry.spec,
        number=manifest.number,
        release_id=manifest.id,
        digest=entry.digest,
        rows=entry.rows,
        issued=manifest.published_at,
        as_of=manifest.lineage.as_of,
        period=_period(entry, times),
        note=manifest.note,
        distributions=_distributions(entry, manifest.number),
        previous=previous,
    )


def _period(entry: TableEntry, times: _Times) -> Period:
    """Budget years from the first one on; code tables hold as of the day they were handed over.

    Rows of a running fiscal year say what is known on the as-of day, so no period ends after it.
    """
    is_timed = any(
        column.type in (ColumnType.YEAR, ColumnType.MONTH, ColumnType.DATE) for column in entry.spec.columns
    )
    first = date(min(times.first_year, times.as_of.year), 1, 1) if is_timed else times.as_of
    return Period(first, times.as_of)


def _distributions(entry: TableEntry, number: int) -> tuple[Distribution, ...]:
    return tuple(
        Distribution(
            stored.format,
            FORMAT_WORDS[stored.format],
            stored.media_type,
            f"/datasets/{entry.name}@{number}/{entry.name}.{stored.format}",
            stored.bytes,
            stored.sha256,
        )
        for stored in entry.files
        if stored.format in FORMAT_WORDS
    )


def _area(edition: Edition) -> Area:
    regions = edition.frame("regions")
    tops = regions.filter(pl.col("parent_code").is_null())
    code, name = (tops["region_code"][0], tops["name"][0]) if tops.height else ("", "")
    placed = regions.select("lon", "lat").drop_nulls()
    if placed.is_empty():
        return Area(code, name or code, None)
    (west, south), (east, north) = placed.min().row(0), placed.max().row(0)
    return Area(code, name or code, Box(west, south, east, north))
