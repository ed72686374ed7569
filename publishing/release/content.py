"""What the recipe hands to the writer, and what is checked before a byte of it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from publishing.errors import ProtectionFailed, ReleaseError
from publishing.release.manifest import Lineage
from publishing.specs import ColumnType, DatasetSpec

LARGEST_FEN = 10**18 - 1  # Decimal(18,2), the type of money in the Parquet files
_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table as it will be published: columns and types of `spec.schema`, money in Int64 fen, one row per key."""

    spec: DatasetSpec
    frame: pl.DataFrame


@dataclass(frozen=True, slots=True)
class ReleaseContent:
    """All a release says: tables, documents by name (`disclosure.json`, `regions.geojson` …) and lineage."""

    tables: Sequence[PublishedTable]
    documents: Mapping[str, bytes]
    lineage: Lineage


def checked_content(content: ReleaseContent) -> ReleaseContent:
    """Return the content with every table checked and sorted by its key.

    Raises: ReleaseError when a table is not what its spec says; ProtectionFailed when a withheld value is still there.
    """
    names = [table.spec.name for table in content.tables]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ReleaseError(f"tables handed over more than once: {', '.join(twice)}")
    for name in (*names, *content.documents):
        if not _SAFE_NAME.fullmatch(name):
            raise ReleaseError(
                f"{name!r} cannot be the name of a table or document: use a-z, 0-9, _, . and -"
            )
    return replace(content, tables=tuple(checked_table(table) for table in content.tables))


def checked_table(table: PublishedTable) -> PublishedTable:
    """Return the table sorted by its key, after checking schema, key, numbers and status twins."""
    spec, frame = table.spec, table.frame
    _check_schema(spec, frame)
    _check_numbers(spec, frame)
    _check_choices(spec, frame)
    _check_twins(spec, frame)
    ordered = frame.sort(spec.key)
    _check_key(spec, ordered)
    return PublishedTable(spec, ordered)


def _check_schema(spec: DatasetSpec, frame: pl.DataFrame) -> None:
    expected = dict(spec.schema)
    actual = dict(frame.schema)
    if list(expected) != list(actual):
        missing = [name for name in expected if name not in actual]
        extra = [name for name in actual if name not in expected]
        raise ReleaseError(
            f"table {spec.name}: columns differ from the spec (missing {missing}, unexpected {extra}, or out of order)"
        )
    for name, kind in expected.items():
        if actual[name] != kind:
            raise ReleaseError(
                f"table {spec.name}, column {name}: type is {actual[name]}, the spec says {kind}"
            )


def _check_key(spec: DatasetSpec, ordered: pl.DataFrame) -> None:
    for name in spec.key:
        if ordered[name].null_count():
            raise ReleaseError(
                f"table {spec.name}, column {name}: part of the key and empty in {ordered[name].null_count()} rows"
            )
    if ordered.height < 2:
        return
    same_as_next = pl.all_horizontal(pl.col(name) == pl.col(name).shift(-1) for name in spec.key)
    repeated = ordered.filter(same_as_next)
    if repeated.height:
        first = ", ".join(
            f"{name}={value}" for name, value in repeated.select(spec.key).row(0, named=True).items()
        )
        raise ReleaseError(f"table {spec.name}: {repeated.height} keys are repeated, the first is {first}")


def _check_numbers(spec: DatasetSpec, frame: pl.DataFrame) -> None:
    for column in spec.columns:
        values = frame[column.name]
        if column.type is ColumnType.NUMBER and not values.is_finite().fill_null(value=True).all():
            raise ReleaseError(f"table {spec.name}, column {column.name}: holds NaN or infinity; use null")
        if column.type is ColumnType.MONEY and not values.is_between(-LARGEST_FEN, LARGEST_FEN).all():
            raise ReleaseError(
                f"table {spec.name}, column {column.name}: an amount is beyond 16 digits of yuan"
            )
        if column.type is ColumnType.MONTH and (values.dt.day() != 1).any():
            raise ReleaseError(f"table {spec.name}, column {column.name}: a month is its first day")


def _check_choices(spec: DatasetSpec, frame: pl.DataFrame) -> None:
    """The Table Schema that we publish says which values there are; so there must be no others."""
    statuses = {f"{name}_status" for name in spec.protected}  # checked with their measures
    for column in spec.columns:
        if not column.enum or column.name in statuses:
            continue
        others = frame[column.name].drop_nulls().filter(~frame[column.name].drop_nulls().is_in(column.enum))
        if others.len():
            raise ReleaseError(
                f"table {spec.name}, column {column.name}: {others[0]!r} is none of {', '.join(column.enum)}"
            )


def _check_twins(spec: DatasetSpec, frame: pl.DataFrame) -> None:
    for name in spec.protected:
        status = pl.col(f"{name}_status")
        allowed = spec.column(f"{name}_status").enum
        unknown = frame.filter(status.is_null() | ~status.is_in(allowed))
        if unknown.height:
            raise ReleaseError(
                f"table {spec.name}, column {name}_status: {unknown.height} rows without a known status"
            )
        leaking = frame.filter((status != "published") & pl.col(name).is_not_null())
        if leaking.height:
            raise ProtectionFailed(
                f"table {spec.name}, column {name}: {leaking.height} values are marked as not published, yet present"
            )
        absent = frame.filter((status == "published") & pl.col(name).is_null())
        if absent.height:
            raise ReleaseError(
                f"table {spec.name}, column {name}: {absent.height} published values are missing"
            )
