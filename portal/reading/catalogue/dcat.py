"""The catalogue in DCAT-AP 3.0.1: a catalogue of dataset series, each release of a dataset a version with its files.

Source: DCAT-AP 3.0.1 (SEMIC), DCAT 3 (W3C). Codes of formats, languages and frequencies are those of the EU's
vocabularies, named by address; they are declared here with the class the profile wants, so that the graph is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import quote

from portal.reading.catalogue.graph import Iri, Node, Term, Text
from portal.reading.catalogue.model import Area, Catalogue, Distribution, Period, Series, Version
from portal.reading.words import THEMES

EU = "http://publications.europa.eu/resource/authority/"
FILE_TYPES = {"csv": "CSV", "xlsx": "XLSX", "parquet": "PARQUET", "jsonl": "JSON"}
FREQUENCIES = {"monthly": "MONTHLY", "quarterly": "QUARTERLY", "yearly": "ANNUAL", "daily": "DAILY"}
LANGUAGE = Iri(EU + "language/ZHO")
STABLE = Iri(EU + "planned-availability/STABLE")
PUBLIC = Iri(EU + "access-right/PUBLIC")
GOVERNMENT = Iri(EU + "data-theme/GOVE")
AUTHORITY = Iri("http://purl.org/adms/publishertype/RegionalAuthority")
ATTRIBUTION = Iri("http://purl.org/adms/licencetype/Attribution")
SHA_256 = Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
OPENAPI = Iri("https://spec.openapis.org/oas/v3.1.0")
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def dcat_graph(catalogue: Catalogue) -> tuple[Node, ...]:
    """All nodes, the catalogue itself first."""
    writer = _Writer(catalogue)
    nodes = [writer.catalogue(), writer.service()]
    for series in catalogue.series:
        nodes.append(writer.series(series))
        nodes += [writer.version(series, version) for version in series.versions]
    nodes += writer.distributions
    return (*nodes, *writer.surroundings())


def _zh(text: str) -> Text:
    return Text(text, language="zh")


def _en(text: str) -> Text:
    return Text(text, language="en")


def _moment(value: datetime) -> Text:
    return Text(value.isoformat(timespec="seconds"), "xsd:dateTime")


def _day(value: date) -> Text:
    return Text(value.isoformat(), "xsd:date")


class _Writer:
    """Turns parts of one catalogue into nodes; remembers which outside terms they speak of."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.source = catalogue
        self.distributions: list[Node] = []
        self._terms: dict[Iri, Node] = {}

    def _iri(self, path: str) -> Iri:
        return Iri(self.source.identity.address(path))

    def _term(self, iri: Iri, kind: str, label: str, *, is_concept: bool = False) -> Iri:
        """Speak of an outside term, and declare it."""
        name = "skos:prefLabel" if is_concept else "rdfs:label"
        self._terms[iri] = Node(iri, (kind,), ((name, _en(label)),))
        return iri

    def _concept(self, iri: Iri, label: str) -> Iri:
        return self._term(iri, "skos:Concept", label, is_concept=True)

    @property
    def _publisher(self) -> Iri:
        return self._iri("/#publisher")

    @property
    def _contact(self) -> Iri:
        return self._iri("/#contact")

    @property
    def _scheme(self) -> Iri:
        return self._iri("/datasets#themes")

    @property
    def _place(self) -> Iri:
        code = self.source.area.code
        return self._iri(f"/regions/{quote(code, safe='')}" if code else "/#place")

    @property
    def _licence(self) -> Iri:
        return Iri(self.source.identity.terms_url)

    def _common(self) -> list[tuple[str, Term]]:
        """What catalogue, series, datasets and service share."""
        return [("dct:publisher", self._publisher)]

    def catalogue(self) -> Node:
        """The catalogue."""
        source = self.source
        text = "财政预算、支付、项目、合同和绩效的公开数据；每一版都有编号和指纹，永远不变。"
        properties: list[tuple[str, Term]] = [
            ("dct:title", _zh(source.title)),
            ("dct:description", _zh(text + ("虚构的演示数据。" if source.is_fictional else ""))),
            *self._common(),
            ("dct:language", self._term(LANGUAGE, "dct:LinguisticSystem", "Chinese")),
            ("dct:issued", _moment(source.issued)),
            ("dct:modified", _moment(source.modified)),
            ("dct:license", self._licence),
            ("dct:spatial", self._place),
            ("dcat:themeTaxonomy", self._scheme),
            ("foaf:homepage", self._iri("/")),
            ("dcat:service", self._iri("/api/v1")),
        ]
        properties += [
            ("dcat:dataset", self._iri(version.path))
            for series in source.series
            for version in series.versions
        ]
        return Node(self._iri("/catalog"), ("dcat:Catalog",), tuple(properties))

    def service(self) -> Node:
        """The query interface."""
        properties: list[tuple[str, Term]] = [
            ("dct:title", _zh("阳光财政 数据接口")),
            ("dct:description", _zh("按列筛选、分组、排序和导出；不用注册。")),
            ("dcat:endpointURL", self._iri("/api/v1")),
            ("dcat:endpointDescription", self._iri("/openapi.json")),
            ("dct:conformsTo", self._term(OPENAPI, "dct:Standard", "OpenAPI 3.1")),
            ("dcat:landingPage", self._document("/api")),
            ("dcat:contactPoint", self._contact),
            ("dcat:theme", self._concept(GOVERNMENT, "Government and public sector")),
            ("dcat:keyword", _zh("接口")),
            ("dct:license", self._licence),
            ("dct:accessRights", self._term(PUBLIC, "dct:RightsStatement", "public")),
            *self._common(),
        ]
        properties += [("dcat:servesDataset", self._iri(found.newest.path)) for found in self.source.series]
        return Node(self._iri("/api/v1"), ("dcat:DataService",), tuple(properties))

    def _frequency(self, cadence: str) -> Iri:
        code = FREQUENCIES.get(cadence, "UNKNOWN")
        return self._term(Iri(EU + "frequency/" + code), "dct:Frequency", code.lower())

    def series(self, series: Series) -> Node:
        """A dataset through its releases."""
        newest = series.newest
        return Node(
            self._iri(series.path),
            ("dcat:DatasetSeries",),
            (
                ("dct:title", _zh(newest.spec.title)),
                ("dct:title", _en(newest.spec.title_en)),
                ("dct:description", _zh(f"“{newest.spec.title}”的各次发布。每一行是：{newest.spec.grain}。")),
                ("dcat:contactPoint", self._contact),
                ("dct:accrualPeriodicity", self._frequency(newest.spec.cadence)),
                ("dct:issued", _moment(series.versions[-1].issued)),
                ("dct:modified", _moment(newest.issued)),
                ("dct:spatial", self._place),
                ("dct:temporal", _period(Period(series.versions[-1].period.first, newest.period.last))),
                ("dcat:first", self._iri(series.versions[-1].path)),
                ("dcat:last", self._iri(newest.path)),
                *self._common(),
            ),
        )

    def version(self, series: Series, version: Version) -> Node:
        """A dataset in one release."""
        spec = version.spec
        properties: list[tuple[str, Term]] = [
            ("dct:title", _zh(f"{spec.title}（第 {version.number} 号发布）")),
            ("dct:title", _en(f"{spec.title_en} (release {version.number})")),
            ("dct:description", _zh(self.source.description(version))),
            ("dct:identifier", Text(f"{spec.name}@{version.number}")),
            ("dcat:version", Text(str(version.number))),
            ("adms:versionNotes", _zh(version.note or f"第 {version.number} 号发布")),
            ("dcat:inSeries", self._iri(series.path)),
            ("dct:issued", _moment(version.issued)),
            ("dct:modified", _moment(version.issued)),
            ("dct:accrualPeriodicity", self._frequency(spec.cadence)),
            ("dct:language", LANGUAGE),
            ("dct:spatial", self._place),
            ("dct:temporal", _period(version.period)),
            ("dct:accessRights", PUBLIC),
            ("dcat:contactPoint", self._contact),
            ("dcat:landingPage", self._document(version.path)),
            ("dcat:theme", self._iri(f"/datasets#theme-{spec.theme}")),
            ("dcat:theme", self._concept(GOVERNMENT, "Government and public sector")),
            *(("dcat:keyword", _zh(word)) for word in keywords(version)),
            *self._common(),
        ]
        if version.previous is not None:
            properties.append(("dcat:prev", self._iri(f"/datasets/{spec.name}@{version.previous}")))
        for found in version.distributions:
            self.distributions.append(self._distribution(version, found))
            properties.append(("dcat:distribution", self._iri(found.path)))
        return Node(self._iri(version.path), ("dcat:Dataset",), tuple(properties))

    def _document(self, path: str) -> Iri:
        iri = self._iri(path + "#page")
        self._terms[iri] = Node(iri, ("foaf:Document",), (("foaf:primaryTopic", self._iri(path)),))
        return iri

    def _distribution(self, version: Version, found: Distribution) -> Node:
        address = self._iri(found.path)
        media_type = Iri(MEDIA_TYPES + found.bare_media_type)
        code = FILE_TYPES.get(found.format, found.format.upper())
        file_type = self._term(Iri(EU + "file-type/" + code), "dct:MediaTypeOrExtent", code)
        checksum = Node(
            None,
            ("spdx:Checksum",),
            (("spdx:algorithm", SHA_256), ("spdx:checksumValue", Text(found.sha256, "xsd:hexBinary"))),
        )
        self._terms[SHA_256] = Node(SHA_256, ("spdx:ChecksumAlgorithm",), ())
        return Node(
            address,
            ("dcat:Distribution",),
            (
                ("dct:title", _zh(f"{version.spec.title}·{found.label}")),
                (
                    "dct:description",
                    _zh(f"第 {version.number} 号发布的整个数据集，{found.label}；内容永远不变。"),
                ),
                ("dcat:accessURL", self._iri(version.path)),
                ("dcat:downloadURL", address),
                (
                    "dcat:mediaType",
                    self._term(media_type, "dct:MediaType", found.bare_media_type),
                ),
                ("dct:format", file_type),
                ("dcat:byteSize", Text(str(found.size), "xsd:nonNegativeInteger")),
                ("spdx:checksum", checksum),
                ("dct:license", self._licence),
                ("dct:issued", _moment(version.issued)),
                ("dct:language", LANGUAGE),
                ("dcatap:availability", self._concept(STABLE, "stable")),
                ("dcat:accessService", self._iri("/api/v1")),
            ),
        )

    def surroundings(self) -> Iterator[Node]:
        """Publisher, contact, terms, place, themes, and the outside terms that were spoken of."""
        source = self.source
        yield Node(
            self._publisher,
            ("foaf:Agent",),
            (
                ("foaf:name", _zh(source.publisher)),
                ("dct:type", self._concept(AUTHORITY, "Regional authority")),
            ),
        )
        yield self._contact_node()
        yield Node(
            self._licence,
            ("dct:LicenseDocument",),
            (
                ("rdfs:label", _zh("无条件开放，请注明来源和发布号")),
                ("dct:type", self._concept(ATTRIBUTION, "Attribution")),
            ),
        )
        yield Node(self._iri("/"), ("foaf:Document",), (("dct:title", _zh(source.title)),))
        yield _location(self._place, source.area)
        yield Node(self._scheme, ("skos:ConceptScheme",), (("dct:title", _zh("数据领域")),))
        for code in dict.fromkeys(series.newest.spec.theme for series in source.series):
            concept = (("skos:prefLabel", _zh(THEMES.get(code, code))), ("skos:inScheme", self._scheme))
            yield Node(self._iri(f"/datasets#theme-{code}"), ("skos:Concept",), concept)
        yield from self._terms.values()

    def _contact_node(self) -> Node:
        contact = self.source.identity.contact
        name = "vcard:hasEmail" if contact.startswith("mailto:") else "vcard:hasURL"
        address = Iri(contact) if contact else self._iri("/")
        properties = (("vcard:fn", _zh(self.source.publisher)), (name, address))
        return Node(self._contact, ("vcard:Kind", "vcard:Organization"), properties)


def keywords(version: Version) -> tuple[str, ...]:
    """Words to find a dataset by: its theme, its title, and its measures."""
    spec = version.spec
    found = [THEMES.get(spec.theme, spec.theme), spec.title, *(measure.title for measure in spec.measures)]
    return tuple(dict.fromkeys(["财政", *found]))


def _period(period: Period) -> Node:
    days = (("dcat:startDate", _day(period.first)), ("dcat:endDate", _day(period.last)))
    return Node(None, ("dct:PeriodOfTime",), days)


def _location(iri: Iri, area: Area) -> Node:
    properties: list[tuple[str, Term]] = [("skos:prefLabel", _zh(area.name))]
    if area.code:
        properties.append(("dct:identifier", Text(area.code)))
    if area.box is not None:
        properties.append(("dcat:bbox", Text(area.box.polygon, "geo:wktLiteral")))
        properties.append(("dcat:centroid", Text(area.box.centre, "geo:wktLiteral")))
    return Node(iri, ("dct:Location",), tuple(properties))
