"""What a contract is made of: columns, references and tables as values.

A contract says, for every column, its Chinese title, meaning, unit, type, range and how sensitive it is;
for every table its key and which other tables it points at. Readers, checks, the staged files, the printed
Table Schemas and the dictionary page are all made from these values, so that they cannot disagree.
The contracts themselves are in `contracts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import polars as pl


class ColumnType(StrEnum):
    """How the text of a cell is read."""

    CODE = "code"
    TEXT = "text"
    URL = "url"
    CHOICE = "choice"
    MONEY = "money"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    MONTH = "month"
    BOOLEAN = "boolean"


class Sensitivity(StrEnum):
    """Who may see a value: everybody, officials, or nobody outside the bureau's own systems."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PERSONAL = "personal"


StagedType = type[pl.DataType]

STAGED_TYPES: dict[ColumnType, StagedType] = {
    ColumnType.CODE: pl.String,
    ColumnType.TEXT: pl.String,
    ColumnType.URL: pl.String,
    ColumnType.CHOICE: pl.String,
    ColumnType.MONEY: pl.Int64,
    ColumnType.INTEGER: pl.Int64,
    ColumnType.DECIMAL: pl.Float64,
    ColumnType.DATE: pl.Date,
    ColumnType.MONTH: pl.Date,
    ColumnType.BOOLEAN: pl.Boolean,
}


@dataclass(frozen=True)
class Column:
    """One column of a source table; `minimum` and `maximum` are in the unit of the file (yuan, not fen)."""

    name: str
    type: ColumnType
    title: str
    description: str
    required: bool = True
    unit: str | None = None
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    """A regular expression (Rust and Python syntax alike) that the whole value matches."""
    pattern_advice: str | None = None

    @cached_property
    def staged_name(self) -> str:
        """Name in the staged Parquet file: money carries its unit."""
        return f"{self.name}_fen" if self.type is ColumnType.MONEY else self.name

    @cached_property
    def staged_type(self) -> StagedType:
        """Polars type in the staged Parquet file."""
        return STAGED_TYPES[self.type]

    @property
    def is_personal(self) -> bool:
        """Whether values are masked even in reports to the person who must correct them."""
        return self.sensitivity is Sensitivity.PERSONAL


@dataclass(frozen=True)
class Reference:
    """Values of `column` are keys of `table`; `code` is the column of that table that holds the key."""

    column: str
    table: str
    code: str


@dataclass(frozen=True)
class Table:
    """One table of a source package."""

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    required: bool = False
    """Without this table nothing can be published; other tables may be missing or empty."""
    younger: bool = False
    """Added to the contract when sources knew it already: nobody is told that it is missing, and no digest changes."""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names in the file."""
        return {column.name: column for column in self.columns}

    def empty(self) -> pl.DataFrame:
        """A staged frame without rows."""
        return pl.DataFrame(schema={column.staged_name: column.staged_type for column in self.columns})
