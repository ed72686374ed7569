"""What the columns of a CSV file are, as CSV on the Web has it: `csv-metadata.json` in the folder of the file."""

from __future__ import annotations

from typing import Any

from portal.reading.catalogue.model import Catalogue, Version
from publishing.specs import Column, ColumnType

DATA_TYPES: dict[ColumnType, Any] = {
    ColumnType.MONEY: {"base": "decimal", "format": "#0.00"},
    ColumnType.INTEGER: "integer",
    ColumnType.NUMBER: "double",
    ColumnType.BOOLEAN: {"base": "boolean", "format": "true|false"},
    ColumnType.DATE: "date",
    ColumnType.MONTH: "gYearMonth",
    ColumnType.YEAR: "gYear",
}


def csv_metadata(catalogue: Catalogue, version: Version) -> dict[str, Any]:
    """The description of the CSV file of a dataset in one release."""
    spec, address = version.spec, catalogue.identity.address
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "@id": address(f"{version.path}/csv-metadata.json"),
        "url": f"{spec.name}.csv",
        "dc:title": spec.title,
        "dc:description": catalogue.description(version),
        "dc:publisher": catalogue.publisher,
        "dc:license": {"@id": catalogue.identity.terms_url},
        "dc:modified": {"@value": version.issued.date().isoformat(), "@type": "xsd:date"},
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True, "doubleQuote": True},
        "tableSchema": {
            "columns": [_column(column, column.name in spec.key) for column in spec.columns],
            "primaryKey": list(spec.key),
        },
    }


def _column(column: Column, is_key: bool) -> dict[str, Any]:  # noqa: FBT001 - the only question about a column
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.title,
        "datatype": DATA_TYPES.get(column.type, "string"),
        "required": is_key,
    }
    if column.description:
        described["dc:description"] = column.description
    return described
