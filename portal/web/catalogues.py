"""The catalogue for machines: each address asks `portal.reading.catalogue` and gives the answer its media type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream
from markupsafe import Markup

from portal.reading.catalog import citation, spec_of
from portal.reading.catalogue.build import MOST_VERSIONS, build_catalogue
from portal.reading.catalogue.changes import changes_feed
from portal.reading.catalogue.croissant import croissant
from portal.reading.catalogue.csvw import csv_metadata
from portal.reading.catalogue.data_json import data_json
from portal.reading.catalogue.dcat import dcat_graph
from portal.reading.catalogue.discovery import api_catalog, llms_txt, security_txt
from portal.reading.catalogue.graph import json_ld, turtle
from portal.reading.catalogue.model import Catalogue, Identity, Series, Version
from portal.reading.catalogue.ocds import contract_years, record_package, release_lines, release_package
from portal.reading.catalogue.rdf_xml import rdf_xml
from portal.reading.catalogue.schema_org import dataset_schema, inert_json
from portal.reading.changes import changes_between
from portal.reading.edition import Edition
from portal.reading.query import nearest
from portal.web.asking import (
    CURRENT_HEADERS,
    AnyRequest,
    edition_of,
    missing_dataset,
    pinned,
    printable,
    standing_of,
)
from portal.web.pages import site_of
from publishing.errors import DatasetNotFound

JSON_LINES = "application/jsonl; charset=utf-8"
LINK_SET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
PLAIN = "text/plain; charset=utf-8"


def identity_of(request: AnyRequest) -> Identity:
    """Who answers for the site, from the settings alone."""
    settings = site_of(request).settings
    return Identity(settings.base_url, settings.contact, settings.licence_url, settings.ocid_prefix)


def catalogue_of(request: AnyRequest) -> Catalogue:
    """The catalogue of the current release and of those before it that stand."""
    edition, shelf = edition_of(request), site_of(request).library.shelf
    standing = [note.number for note in standing_of(request).notes if note.withdrawn is None]
    older = [number for number in standing if number < edition.number][: MOST_VERSIONS - 1]
    manifests = [shelf.open(number).manifest for number in older]
    return build_catalogue(edition, manifests, identity_of(request))


def dataset_markup(request: AnyRequest, edition: Edition, name: str) -> Markup:
    """What stands in the page of a dataset for search engines; safe inside a `<script>`."""
    catalogue, version = _described(request, edition, name)
    return Markup(inert_json(dataset_schema(catalogue, version)))  # noqa: S704 - inert_json escapes


def _described(request: AnyRequest, edition: Edition, name: str) -> tuple[Catalogue, Version]:
    """A dataset of one release, and that release's catalogue alone.

    Raises: DatasetNotFound.
    """
    spec_of(edition, name)
    catalogue = build_catalogue(edition, (), identity_of(request))
    return catalogue, _series(catalogue, name).newest


def _series(catalogue: Catalogue, name: str) -> Series:
    return next(series for series in catalogue.series if series.name == name)


def _kept(body: bytes, media_type: str) -> Response[bytes]:
    return Response(body, media_type=media_type, headers=CURRENT_HEADERS)


def _json(value: Mapping[str, Any], media_type: str = "application/json") -> Response[bytes]:
    return _kept(msgspec.json.encode(value), media_type)


@get("/catalog.ttl", sync_to_thread=True)
def catalog_turtle(request: AnyRequest) -> Response[bytes]:
    """DCAT-AP in Turtle."""
    return _kept(turtle(dcat_graph(catalogue_of(request))), "text/turtle; charset=utf-8")


@get("/catalog.jsonld", sync_to_thread=True)
def catalog_json_ld(request: AnyRequest) -> Response[bytes]:
    """DCAT-AP in JSON-LD."""
    return _kept(json_ld(dcat_graph(catalogue_of(request))), "application/ld+json")


@get("/catalog.rdf", sync_to_thread=True)
def catalog_rdf_xml(request: AnyRequest) -> Response[bytes]:
    """DCAT-AP in RDF/XML."""
    return _kept(rdf_xml(dcat_graph(catalogue_of(request))), "application/rdf+xml")


@get("/catalog", sync_to_thread=False)
def catalog_by_accept(request: AnyRequest) -> Response[bytes]:
    """Where the catalogue is in the spelling that is accepted; the page of all datasets for browsers."""
    accepted = request.headers.get("accept", "").lower()
    path = next((found for kind, found in CATALOGUE_SPELLINGS if kind in accepted), "/catalog.ttl")
    headers = {"location": path, "vary": "Accept", "cache-control": "public, max-age=60"}
    return Response(b"", status_code=303, media_type=PLAIN, headers=headers)


CATALOGUE_SPELLINGS = (
    ("text/html", "/datasets"),
    ("text/turtle", "/catalog.ttl"),
    ("application/ld+json", "/catalog.jsonld"),
    ("application/json", "/catalog.jsonld"),
    ("application/rdf+xml", "/catalog.rdf"),
)
"""What a client accepts, and where it is sent; the first that it names."""


@get("/data.json", sync_to_thread=True)
def catalog_data_json(request: AnyRequest) -> Response[bytes]:
    """DCAT-US."""
    return _json(data_json(catalogue_of(request)))


@get("/datasets/{name:str}/croissant.json", sync_to_thread=True)
def dataset_croissant(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A dataset in Croissant."""
    plain, edition, is_pinned = _known(request, name)
    catalogue, version = _described(request, edition, plain)
    address = identity_of(request).address(version.path)
    document = croissant(catalogue, version, citation(edition, version.spec.title, address))
    return _of_version(document, "application/ld+json", edition, is_pinned=is_pinned)


@get("/datasets/{name:str}/csv-metadata.json", sync_to_thread=True)
def dataset_csv_metadata(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """A dataset's CSV file as CSV on the Web describes it."""
    plain, edition, is_pinned = _known(request, name)
    catalogue, version = _described(request, edition, plain)
    return _of_version(
        csv_metadata(catalogue, version), "application/csvm+json", edition, is_pinned=is_pinned
    )


def _known(request: AnyRequest, name: str) -> tuple[str, Edition, bool]:
    plain, edition, is_pinned = pinned(request, name)
    if plain not in edition.specs:
        raise missing_dataset(edition, plain, nearest(plain, list(edition.specs)))
    return plain, edition, is_pinned


def _of_version(
    document: Mapping[str, Any], media_type: str, edition: Edition, *, is_pinned: bool
) -> Response[bytes]:
    """Descriptions name the terms and the contact, which may change: an hour at most, even of a pinned version."""
    headers = {**CURRENT_HEADERS, "x-sunshine-release": str(edition.number)}
    if is_pinned:
        headers["cache-control"] = "public, max-age=3600"
    return Response(msgspec.json.encode(document), media_type=media_type, headers=headers)


@get("/feeds/datasets/{file_name:str}", sync_to_thread=True)
def dataset_feed(request: AnyRequest, file_name: FromPath[str]) -> Response[bytes]:
    """What changed in a dataset from release to release."""
    name, mark, ending = file_name.rpartition(".")
    if not mark or ending != "atom":
        raise NotFoundException
    edition = edition_of(request)
    if name not in edition.specs:
        raise missing_dataset(edition, name, nearest(name, list(edition.specs)))
    catalogue = catalogue_of(request)
    series = _series(catalogue, name)
    newest = None
    if series.newest.previous is not None:
        before = site_of(request).library.edition(series.newest.previous)
        newest = next((found for found in changes_between(before, edition) if found.name == name), None)
    body = changes_feed(catalogue, series, newest)
    return _kept(body.encode(), "application/atom+xml; charset=utf-8")


@get("/ocds/releases.jsonl", sync_to_thread=True)
def all_contracts(request: AnyRequest) -> Response[Any]:
    """Every public contract in OCDS, one a line."""
    edition = edition_of(request)
    return _streamed(release_lines(edition, identity_of(request)), JSON_LINES, edition, "ocds-releases.jsonl")


@get("/ocds/releases/{file_name:str}", sync_to_thread=True)
def contracts_of_year(request: AnyRequest, file_name: FromPath[str]) -> Response[Any]:
    """The public contracts of a year in OCDS: a release package, or one release a line."""
    edition, identity = edition_of(request), identity_of(request)
    stem, _, ending = file_name.partition(".")
    years = contract_years(edition)
    if stem not in map(str, years) or ending not in ("json", "jsonl"):
        known = "、".join(map(str, years)) or "（本次发布没有合同）"
        raise DatasetNotFound(
            f"没有 {printable(file_name)}；有合同的年份是 {known}，写成 年份.json 或 年份.jsonl。"
        )
    if ending == "json":
        pieces, media_type = release_package(edition, identity, int(stem)), "application/json"
    else:
        pieces, media_type = release_lines(edition, identity, int(stem)), JSON_LINES
    return _streamed(pieces, media_type, edition, f"ocds-releases-{file_name}")


@get("/ocds/records/{ocid:str}", sync_to_thread=True)
def contract_record(request: AnyRequest, ocid: FromPath[str]) -> Response[bytes]:
    """One contract in OCDS: a record package."""
    edition = edition_of(request)
    body = record_package(edition, identity_of(request), ocid)
    if body is None:
        raise DatasetNotFound(
            f"没有编号为 {printable(ocid)} 的合同；编号写成 {identity_of(request).ocid_prefix}-合同号，"
            "全部编号在 /ocds/releases.jsonl 里。"
        )
    answer = _kept(body, "application/json")
    answer.headers["x-sunshine-release"] = str(edition.number)
    return answer


def _streamed(pieces: Iterator[bytes], media_type: str, edition: Edition, file_name: str) -> Response[Any]:
    headers = {
        "cache-control": CURRENT_HEADERS["cache-control"],
        "x-sunshine-release": str(edition.number),
        "content-disposition": f'inline; filename="{file_name}"',
    }
    return Stream(_gathered(pieces), media_type=media_type, headers=headers)


def _gathered(pieces: Iterator[bytes], enough: int = 128 * 1024) -> Iterator[bytes]:
    """The same octets in larger pieces: every piece costs a turn of the event loop."""
    waiting, size = [], 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= enough:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


@get("/.well-known/api-catalog", sync_to_thread=False)
def well_known_interfaces(request: AnyRequest) -> Response[bytes]:
    """The interfaces of this site (RFC 9727)."""
    return _json(api_catalog(identity_of(request)), LINK_SET)


@get("/.well-known/security.txt", sync_to_thread=False)
def well_known_security(request: AnyRequest) -> Response[bytes]:
    """Whom to tell of a weakness (RFC 9116)."""
    body = security_txt(identity_of(request), datetime.now(UTC)).encode()
    return Response(body, media_type=PLAIN, headers={"cache-control": "public, max-age=86400"})


@get("/llms.txt", sync_to_thread=True)
def guide_for_language_models(request: AnyRequest) -> Response[bytes]:
    """What a language model should know."""
    return _kept(llms_txt(catalogue_of(request)).encode(), PLAIN)


CATALOGUES = [
    catalog_turtle,
    catalog_json_ld,
    catalog_rdf_xml,
    catalog_by_accept,
    catalog_data_json,
    dataset_croissant,
    dataset_csv_metadata,
    dataset_feed,
    all_contracts,
    contracts_of_year,
    contract_record,
    well_known_interfaces,
    well_known_security,
    guide_for_language_models,
]
