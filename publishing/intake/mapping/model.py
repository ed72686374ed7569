"""What a mapping file says.

    [package]                          title, currency, attribution, fictional, fiscal_year_first_month, decimals
    [lists]                            named lists of words for expressions
    [conditions]                       named expressions, used as $name
    [map.NAME]                         a code map: values = {...}; number_from = 950 numbers what is not in it
    [[source]]                         name, files (glob), format, encoding, delimiter, skip_rows, sheet, records, columns
    [[records]]                        name, from, explode = "列表" (ordinal = ["字段"]) | allot = {...}, keep, drop
    [[table]]                          name, from, keep, drop, distinct, [table.columns]: one rule per column

A column rule is the path of a field, or a table with some of
    field, fields, value               where the value comes from: a path, the first of several paths, a constant
    cases                              [{when = "expression", field | fields | value | key = ...}], the first that holds
    key = [paths], hash = 10, prefix   a key made of several values, joined by "-" or hashed
    join = " "                         several fields (or a list) as one text
    sum = "列表[].字段"                 the sum of a number over a nested list
    map = "NAME" or {...}, otherwise   replaces values
    unit = "万元", factor = "0.9"      multiplies an amount exactly
    date = ["%Y/%m/%d", "roc"]         how a date is written; see `dates`
    default                            when empty or unreadable
    clip = 200, one_line = true        shortens a text, folds its lines
    minimum, not_before                lifts a number to a bound, a date to a date or to another column
    repeats = "number"                 a text that would repeat a key gets （2）

`reading` turns the TOML file into these values.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from publishing.intake.mapping.dates import DateReader
from publishing.intake.mapping.expressions import Predicate

FORMATS = ("csv", "json", "ndjson", "xlsx", "parquet")


@dataclass(frozen=True)
class SourceRule:
    """Which files, and how they are read."""

    name: str
    files: str = "*"
    format: str | None = None
    encoding: str | None = None
    delimiter: str = ","
    skip_rows: int = 0
    sheet: str | None = None
    records: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """Which records pass: `keep` must hold, `drop` must not."""

    keep: Predicate | None = None
    keep_text: str = ""
    drop: Predicate | None = None
    drop_text: str = ""
    paths: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Allotment:
    """A total shared out to the parts of a list, in their order, as far as they fit; the rest is one more record."""

    total: str
    parts: str
    amount: str
    same: str
    tolerance: Decimal
    factor: Decimal


@dataclass(frozen=True)
class RecordRule:
    """Records made from other records."""

    name: str
    source: str
    explode: str | None = None
    ordinal: tuple[str, ...] = ()
    """Items of one list with equal texts here get `_ordinal`: empty, then `（2）`, `（3）` ..."""
    allot: Allotment | None = None
    filter: Filter = Filter()


@dataclass(frozen=True)
class KeyRule:
    """A key made of several values: joined by "-", or hashed to so many hexadecimal digits. Empty values at the
    end do not count, so that a shorter path names the level above.
    """

    paths: tuple[str, ...]
    hash: int | None = None
    prefix: str = ""


@dataclass(frozen=True)
class Choice:
    """Where a value comes from: the first filled field, or a constant, if `when` holds."""

    fields: tuple[str, ...] = ()
    value: Any = None
    key: KeyRule | None = None
    when: Predicate | None = None


@dataclass(frozen=True)
class CodeMap:
    """Foreign values to codes; with `number_from`, values that are not in it get the next free number."""

    name: str
    values: MappingType[str, str]
    number_from: int | None = None


@dataclass(frozen=True)
class ColumnRule:
    """How one column of a table is made."""

    choices: tuple[Choice, ...] = ()
    prefix: str = ""
    join: str | None = None
    sum: str | None = None
    map: CodeMap | None = None
    otherwise: str | None = None
    factor: Decimal = Decimal(1)
    dates: tuple[DateReader, ...] = ()
    default: str | None = None
    clip: int | None = None
    one_line: bool = False
    minimum: Decimal | None = None
    not_before: str | None = None
    repeats: bool = False
    paths: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TableRule:
    """Rows of one table from one set of records."""

    table: str
    source: str
    columns: MappingType[str, ColumnRule]
    filter: Filter = Filter()
    distinct: bool = False


@dataclass(frozen=True)
class PackageRule:
    """What the package says about itself."""

    name: str = "imported"
    title: str = ""
    currency: str = "CNY"
    attribution: str = ""
    province: str = ""
    as_of: str | None = None
    fictional: bool = False
    fiscal_year_first_month: int = 1
    decimals: int = 2
    empty: tuple[str, ...] = ("", "-", "－", "—", "―", "–", "…", "N/A", "n/a", "null", "NULL", "None")


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file."""

    package: PackageRule
    sources: tuple[SourceRule, ...]
    records: tuple[RecordRule, ...]
    tables: tuple[TableRule, ...]
    maps: MappingType[str, CodeMap] = field(default_factory=dict)
