"""A dataset in Croissant 1.0 (MLCommons), for those who load it into models: files with digests, columns with types.

Rows are taken from the Parquet file, whose columns carry their types: codes stay text there. Croissant knows semantic
versions only, so release 12 is version 12.0.0.
"""

from __future__ import annotations

from typing import Any

from portal.reading.catalogue.dcat import keywords
from portal.reading.catalogue.model import Catalogue, Distribution, Version
from publishing.specs import Column, ColumnType

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
CONTEXT: dict[str, Any] = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
ENCODINGS = {"parquet": "application/x-parquet", "csv": "text/csv", "jsonl": "application/jsonlines"}
DATA_TYPES = {
    ColumnType.MONEY: "sc:Float",
    ColumnType.INTEGER: "sc:Integer",
    ColumnType.YEAR: "sc:Integer",
    ColumnType.NUMBER: "sc:Float",
    ColumnType.BOOLEAN: "sc:Boolean",
    ColumnType.DATE: "sc:Date",
    ColumnType.MONTH: "sc:Date",
}


def croissant(catalogue: Catalogue, version: Version, citation: str) -> dict[str, Any]:
    """The description of a dataset in one release."""
    spec, address = version.spec, catalogue.identity.address
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "@id": address(version.path),
        "conformsTo": CONFORMS_TO,
        "name": spec.name,
        "alternateName": spec.title,
        "description": catalogue.description(version),
        "url": address(version.path),
        "license": catalogue.identity.terms_url,
        "version": f"{version.number}.0.0",
        "datePublished": version.issued.isoformat(timespec="seconds"),
        "dateModified": version.issued.isoformat(timespec="seconds"),
        "inLanguage": "zh-CN",
        "keywords": list(keywords(version)),
        "creator": {"@type": "sc:Organization", "name": catalogue.publisher, "url": address("/")},
        "publisher": {"@type": "sc:Organization", "name": catalogue.publisher, "url": address("/")},
        "citeAs": citation,
        "isLiveDataset": False,
        "distribution": [_file(catalogue, found) for found in version.distributions],
    }
    source = version.distribution("parquet")
    if source is not None:
        described["recordSet"] = [_records(version, _file_id(source))]
    return described


def _file_id(found: Distribution) -> str:
    return found.path.rpartition("/")[2]


def _file(catalogue: Catalogue, found: Distribution) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _file_id(found),
        "name": _file_id(found),
        "description": found.label,
        "contentUrl": catalogue.identity.address(found.path),
        "contentSize": f"{found.size} B",
        "encodingFormat": ENCODINGS.get(found.format, found.bare_media_type),
        "sha256": found.sha256,
    }


def _records(version: Version, file_id: str) -> dict[str, Any]:
    spec = version.spec
    return {
        "@type": "cr:RecordSet",
        "@id": "rows",
        "name": "rows",
        "description": f"每一行是：{spec.grain}。",
        "key": [{"@id": f"rows/{name}"} for name in spec.key],
        "field": [_field(column, file_id) for column in spec.columns],
    }


def _field(column: Column, file_id: str) -> dict[str, Any]:
    unit = f"（单位：{column.unit}）" if column.unit else ""
    return {
        "@type": "cr:Field",
        "@id": f"rows/{column.name}",
        "name": column.name,
        "description": f"{column.title}{unit}。{column.description}",
        "dataType": DATA_TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": file_id}, "extract": {"column": column.name}},
    }
