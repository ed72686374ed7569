"""The contracts of all thirteen tables of a source package, in the order in which they are read.

Whatever a table points at comes before it, except for tables that point at themselves.
"""

from __future__ import annotations

import json
from typing import Any

from publishing.intake.schema import Column, ColumnType, Table
from publishing.intake.tables_budget import BUDGET_TABLES
from publishing.intake.tables_codes import CODE_TABLES
from publishing.intake.tables_spending import SPENDING_TABLES

TABLES: dict[str, Table] = {table.name: table for table in (*CODE_TABLES, *BUDGET_TABLES, *SPENDING_TABLES)}
"""Contracts by table name."""

_SCHEMA_TYPES = {
    ColumnType.CODE: "string",
    ColumnType.TEXT: "string",
    ColumnType.URL: "string",
    ColumnType.CHOICE: "string",
    ColumnType.MONEY: "number",
    ColumnType.INTEGER: "integer",
    ColumnType.DECIMAL: "number",
    ColumnType.DATE: "date",
    ColumnType.MONTH: "yearmonth",
    ColumnType.BOOLEAN: "boolean",
}


def table_schema(table: Table) -> dict[str, Any]:
    """The contract as a Frictionless Table Schema; what that standard has no word for stands under `sunshine:`."""
    return {
        "name": table.name,
        "title": table.title,
        "description": table.description,
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": [
            {
                "fields": [reference.column],
                "reference": {
                    "resource": "" if reference.table == table.name else reference.table,
                    "fields": [reference.code],
                },
            }
            for reference in table.references
        ],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.pattern:
        constraints["pattern"] = column.pattern
    field: dict[str, Any] = {
        "name": column.name,
        "type": _SCHEMA_TYPES[column.type],
        "title": column.title,
        "description": column.description,
        "constraints": constraints,
        "sunshine:sensitivity": column.sensitivity.value,
    }
    if column.type is ColumnType.URL:
        field["format"] = "uri"
    if column.unit:
        field["sunshine:unit"] = column.unit
    return field


def all_schemas_json() -> str:
    """Every Table Schema, for `sunshine check --schemas`."""
    return json.dumps([table_schema(table) for table in TABLES.values()], ensure_ascii=False, indent=2)
