"""What a published table says about itself inside its files: Table Schema, Data Package and the sheet 说明."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from publishing.release.manifest import Lineage, StoredFile
from publishing.release.xlsx import LONGEST_CELL, Sheet
from publishing.specs import Column, ColumnType, DatasetSpec
from publishing.specs.model import RULES, STATUSES

_FIELD_TYPES: dict[ColumnType, dict[str, Any]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.CODE: {"type": "string"},
    ColumnType.STATUS: {"type": "string"},
    ColumnType.MONEY: {"type": "number", "decimalChar": ".", "bareNumber": True},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.NUMBER: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    ColumnType.DATE: {"type": "date"},
    ColumnType.MONTH: {"type": "yearmonth"},
    ColumnType.YEAR: {"type": "year"},
}
_TYPE_TITLES = {
    ColumnType.TEXT: "文本",
    ColumnType.CODE: "代码（文本）",
    ColumnType.MONEY: "金额",
    ColumnType.INTEGER: "整数",
    ColumnType.NUMBER: "数值",
    ColumnType.BOOLEAN: "是/否",
    ColumnType.DATE: "日期",
    ColumnType.MONTH: "月份",
    ColumnType.YEAR: "年度",
    ColumnType.STATUS: "状态",
}
_CADENCES = {"monthly": "每月", "quarterly": "每季", "yearly": "每年"}
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which release a file belongs to: all of it is known before the first file is written."""

    number: int
    id: str
    lineage: Lineage


def table_schema(spec: DatasetSpec) -> dict[str, Any]:
    """The Table Schema (Data Package v2) of the CSV file."""
    return {
        "$schema": SCHEMA_PROFILE,
        "fields": [_field(column, spec) for column in spec.columns],
        "missingValues": [""],
        "primaryKey": list(spec.key),
    }


def _field(column: Column, spec: DatasetSpec) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.name in spec.key else {}
    if column.enum:
        constraints["enum"] = list(column.enum)
    described = {
        "name": column.name,
        "title": column.title,
        "description": column.description,
        "unit": column.unit,
        "constraints": constraints,
    }
    return {**{key: value for key, value in described.items() if value}, **_FIELD_TYPES[column.type]}


def parquet_metadata(spec: DatasetSpec, edition: Edition) -> dict[str, Any]:
    """What stands in the metadata of the Parquet file."""
    return {
        "table_schema": table_schema(spec),
        "release": _release_json(edition),
        "description": {
            "title": spec.title,
            "grain": spec.grain,
            "units": "元（Decimal(18,2)）；月份为当月第一天",
        },
    }


def data_package(spec: DatasetSpec, edition: Edition, files: Sequence[StoredFile], rows: int) -> bytes:
    """`datapackage.json`: the CSV file as a resource with its schema, the other formats beside it."""
    csv = next(stored for stored in files if stored.format == "csv")
    package = {
        "$schema": PACKAGE_PROFILE,
        "name": spec.name.replace("_", "-"),
        "id": f"{edition.id}#{spec.name}",
        "title": spec.title,
        "description": spec.description or spec.grain,
        "version": str(edition.number),
        "sources": [{"title": f"{edition.lineage.title}：{'、'.join(spec.sources)}"}],
        "contributors": [
            {"title": edition.lineage.attribution or edition.lineage.title, "roles": ["publisher"]}
        ],
        "resources": [_resource(spec, csv)],
        "sunshine": {
            "release": _release_json(edition),
            "rows": rows,
            "grain": spec.grain,
            "notes": _remarks(edition.lineage),
            "files": [
                {
                    "format": stored.format,
                    "path": stored.name,
                    "bytes": stored.bytes,
                    "hash": f"sha256:{stored.sha256}",
                }
                for stored in files
            ],
        },
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(spec: DatasetSpec, csv: StoredFile) -> dict[str, Any]:
    return {
        "name": spec.name.replace("_", "-"),
        "title": spec.title,
        "type": "table",
        "path": csv.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "bytes": csv.bytes,
        "hash": f"sha256:{csv.sha256}",
        "schema": table_schema(spec),
    }


def _release_json(edition: Edition) -> dict[str, Any]:
    return {
        "number": edition.number,
        "id": edition.id,
        "title": edition.lineage.title,
        "as_of": edition.lineage.as_of.isoformat(),
        "currency": edition.lineage.currency,
        "fictional": edition.lineage.fictional,
    }


def about_sheet(spec: DatasetSpec, edition: Edition, rows: int, name: str = "说明") -> Sheet:
    """The sheet 说明: title, source, release, units, marks, and the dictionary of all columns."""
    lineage = edition.lineage
    facts = [
        (spec.title, ""),
        ("每行是什么", spec.grain),
        ("来源", f"{lineage.title}（{'、'.join(spec.sources)}）"),
        ("公布机关", lineage.attribution),
        ("版本", f"第 {edition.number} 版"),
        ("版本标识", edition.id),
        ("数据截至", lineage.as_of.isoformat()),
        ("更新频率", _CADENCES.get(spec.cadence, spec.cadence)),
        ("行数", f"{rows:,}"),
        ("币种", f"{lineage.currency}；金额保留两位小数，单位见各列"),
        *(("注意", remark) for remark in (*_remarks(lineage), *spec.notes)),
    ]
    marks = [("■ 状态标记", ""), *((code, title) for code, title in STATUSES.items())]
    rules = [("■ 不公开所依的规则", ""), *RULES.items()]
    heading = ("■ 列名", "中文名", "类型", "单位", "说明", "取值")
    columns = [
        (
            column.name,
            column.title,
            _TYPE_TITLES[column.type],
            column.unit or "",
            column.description,
            "、".join(column.enum),
        )
        for column in spec.columns
    ]
    blank: tuple[str, ...] = ()
    return Sheet(
        name, [*facts, blank, *marks, blank, *rules, blank, heading, *columns], (24, 40, 14, 10, 60, 40)
    )


def _remarks(lineage: Lineage) -> list[str]:
    remarks = [
        "某数为空时看同名的状态列：依规不公开、合并公布、尚未报送、不适用是不同的情况，都不等于零。",
        "不同层级（如省、市、县）的行不能相加。",
        "CSV 文件中以 = + - @ 或制表符开头的文本前加了一个单引号，防止被表格软件当作公式；数字不受影响。",
        f"表格文件中超过 {LONGEST_CELL:,} 字的文本被截断，全文见 CSV 文件。",
    ]
    return (
        ["虚构数据：地区、单位、人名和金额都是虚构的，仅供演示。", *remarks] if lineage.fictional else remarks
    )
