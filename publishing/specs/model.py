"""What a dataset spec is made of."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl


class ColumnType(StrEnum):
    """How a value is held in memory, in files and in answers."""

    TEXT = "text"  # free text
    CODE = "code"  # an identifier or class code: text, leading zeros kept
    MONEY = "money"  # Int64 fen inside; yuan with two decimals in files and answers
    INTEGER = "integer"
    NUMBER = "number"  # Float64: rates, quantities, coordinates
    BOOLEAN = "boolean"
    DATE = "date"
    MONTH = "month"  # first day of the month inside; `YYYY-MM` in files and answers
    YEAR = "year"
    STATUS = "status"  # the twin of a measure under disclosure control


class Role(StrEnum):
    """What a column does in its table."""

    DIMENSION = "dimension"  # part of the key: what the row is about
    ATTRIBUTE = "attribute"  # describes the row
    MEASURE = "measure"  # a number to sum or compare
    STATUS = "status"  # says why a measure is or is not there


class Disclosure(StrEnum):
    """What keeps a table from giving anybody away."""

    PUBLIC = "public"  # about things and organisations only
    CELLS = "cells"  # sums over payees: primary and complementary rules
    SAMPLE = "sample"  # statistics about people's answers: minimum sample


PolarsType = type[pl.DataType]

MEMORY_TYPES: dict[ColumnType, PolarsType] = {
    ColumnType.TEXT: pl.String,
    ColumnType.CODE: pl.String,
    ColumnType.MONEY: pl.Int64,
    ColumnType.INTEGER: pl.Int64,
    ColumnType.NUMBER: pl.Float64,
    ColumnType.BOOLEAN: pl.Boolean,
    ColumnType.DATE: pl.Date,
    ColumnType.MONTH: pl.Date,
    ColumnType.YEAR: pl.Int32,
    ColumnType.STATUS: pl.String,
}

STATUSES: dict[str, str] = {
    "published": "已公布",
    "withheld": "依规不公开",
    "merged": "合并公布",
    "not_reported": "尚未报送",
    "not_applicable": "不适用",
}

RULES: dict[str, str] = {
    "threshold": "受保护收款人不足三人",
    "p_percent": "可由一人推算另一人所得",
    "dominance": "少数收款人占绝大部分",
    "sample": "参与人数不足，样本太小",
    "unanimous": "所有人评分相同",
    "secondary": "防止由合计相减推算",
    "history": "防止与以往发布相减推算",
}
"""Why a figure is withheld; the policy gives the legal basis of each."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published table.

    `hierarchy` names the dimension table whose tree the codes belong to; `level_of` marks the column that
    says on which level of that tree a row stands. `additive` says whether the measure may be summed over rows
    of one level; `protected` whether a status twin stands beside it.
    """

    name: str
    title: str
    title_en: str
    type: ColumnType
    role: Role
    description: str = ""
    unit: str | None = None
    hierarchy: str | None = None
    level_of: str | None = None
    references: str | None = None
    additive: bool = False
    protected: bool = False
    enum: tuple[str, ...] = ()

    @property
    def memory_type(self) -> PolarsType:
        """The Polars type of the column inside the program (money: Int64 fen)."""
        return MEMORY_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """One published table: what a row is, its columns in order, its key, and where it comes from."""

    name: str
    title: str
    title_en: str
    grain: str
    grain_en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    disclosure: Disclosure
    sources: tuple[str, ...]
    theme: str
    cadence: str = "monthly"
    description: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def schema(self) -> dict[str, PolarsType]:
        """Column name to Polars type, in order, as frames hold it inside the program."""
        return {column.name: column.memory_type for column in self.columns}

    @property
    def measures(self) -> tuple[Column, ...]:
        """The columns that are numbers to sum or compare."""
        return tuple(column for column in self.columns if column.role is Role.MEASURE)

    @property
    def protected(self) -> tuple[str, ...]:
        """The measures that have a status twin."""
        return tuple(column.name for column in self.columns if column.protected)

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises: KeyError when the dataset has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """The spec as it is kept in a release's manifest."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> DatasetSpec:
        """Read a spec back from a manifest; fields a later version added are ignored."""
        columns = tuple(
            Column(
                **{
                    **{name: item for name, item in column.items() if name in Column.__dataclass_fields__},
                    "type": ColumnType(column["type"]),
                    "role": Role(column["role"]),
                    "enum": tuple(column.get("enum", ())),
                }
            )
            for column in value["columns"]
        )
        known = {name: item for name, item in value.items() if name in cls.__dataclass_fields__}
        return cls(
            **{
                **known,
                "columns": columns,
                "key": tuple(value["key"]),
                "sources": tuple(value["sources"]),
                "notes": tuple(value.get("notes", ())),
                "disclosure": Disclosure(value["disclosure"]),
            }
        )
