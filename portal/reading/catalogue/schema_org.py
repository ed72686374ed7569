"""A dataset as search engines read it: schema.org/Dataset, to stand in the dataset's page."""

from __future__ import annotations

import json
from typing import Any

from portal.reading.catalogue.dcat import keywords
from portal.reading.catalogue.model import Area, Catalogue, Distribution, Version

_INERT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
SHORTEST_DESCRIPTION = 50
"""Google Dataset Search refuses shorter ones."""


def dataset_schema(catalogue: Catalogue, version: Version) -> dict[str, Any]:
    """The description of a dataset in one release."""
    spec, address = version.spec, catalogue.identity.address
    publisher = {"@type": "GovernmentOrganization", "name": catalogue.publisher, "url": address("/")}
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address(version.path),
        "url": address(version.path),
        "identifier": [address(version.path), version.release_id],
        "name": f"{spec.title}（{catalogue.title}，第 {version.number} 号发布）",
        "alternateName": spec.title_en,
        "description": _long_enough(catalogue.description(version)),
        "version": str(version.number),
        "isAccessibleForFree": True,
        "inLanguage": "zh-CN",
        "license": catalogue.identity.terms_url,
        "keywords": list(keywords(version)),
        "creator": publisher,
        "publisher": publisher,
        "isBasedOn": {
            "@type": "CreativeWork",
            "name": f"{catalogue.title}：{'、'.join(spec.sources)}",
        },
        "datePublished": version.issued.date().isoformat(),
        "dateModified": version.issued.isoformat(timespec="seconds"),
        "temporalCoverage": f"{version.period.first.isoformat()}/{version.period.last.isoformat()}",
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": column.title}
            | ({"unitText": column.unit} if column.unit else {})
            for column in spec.measures
        ],
        "distribution": [_download(catalogue, found) for found in version.distributions],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": catalogue.title,
            "url": address("/datasets"),
        },
    }
    if catalogue.area.name:
        described["spatialCoverage"] = _place(catalogue.area)
    return described


def _long_enough(text: str) -> str:
    if len(text) >= SHORTEST_DESCRIPTION:
        return text
    return f"{text}本数据集随发布编号，内容永远不变；可下载整表，也可用接口查询，附字段说明和指纹。"


def _download(catalogue: Catalogue, found: Distribution) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": found.label,
        "encodingFormat": found.bare_media_type,
        "contentUrl": catalogue.identity.address(found.path),
        "contentSize": f"{found.size} B",
        "sha256": found.sha256,
    }


def _place(area: Area) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": area.name}
    if area.code:
        place["identifier"] = area.code
    if area.box is not None:
        box = area.box
        place["geo"] = {"@type": "GeoShape", "box": f"{box.south} {box.west} {box.north} {box.east}"}
    return place


def inert_json(document: dict[str, Any]) -> str:
    """JSON that may stand inside a `<script>`: nothing in it can end the element or a line of script."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_INERT)
