"""Code tables as positions: what a payment points at becomes a small integer, and its facts a gather.

The position of a code is its row number in the staged table, which is sorted by that code.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from publishing.intake.table_rows import TableRows
from publishing.intake.tables_spending import PAYEE_KINDS


@dataclass(frozen=True)
class CodeList:
    """The sorted codes of a table."""

    codes: pl.Series

    def positions(self, values: pl.Series) -> pl.Series:
        """Row numbers in the staged table as u32; null where the value is null or not a known code."""
        if self.codes.is_empty():
            return pl.Series(values.name, [None], dtype=pl.UInt32).new_from_index(0, values.len())
        return values.cast(self._enum, strict=False).to_physical().cast(pl.UInt32)

    @cached_property
    def _enum(self) -> pl.Enum:
        return pl.Enum(self.codes)  # building it costs more than a batch of look-ups


@dataclass(frozen=True)
class PaymentLookups:
    """What is known about the lines, contracts and suppliers that payments point at; frames are sorted by code."""

    lists: dict[str, CodeList]
    """By the payments column that points there."""
    lines: pl.DataFrame
    contracts: pl.DataFrame
    suppliers: pl.DataFrame
    cut_short: frozenset[str] = frozenset()
    """Tables that could not be read to their end: a code that is not known may stand in the rest."""


def _list(rows: TableRows) -> CodeList:
    codes = rows.frame.get_column(rows.table.key[0]).drop_nulls().unique().sort()
    return CodeList(codes)


def _facts(rows: TableRows, *columns: pl.Expr) -> pl.DataFrame:
    key = rows.table.key[0]
    return rows.frame.drop_nulls(key).unique(key, keep="first").sort(key).select(key, *columns)


def build_lookups(tables: dict[str, TableRows], cut_short: AbstractSet[str] = frozenset()) -> PaymentLookups:
    """From the checked tables, and the names of the files that could not be read to their end."""
    projects, organisations = _list(tables["projects"]), _list(tables["organisations"])
    suppliers = _list(tables["suppliers"])
    lines = _facts(
        tables["budget_lines"],
        pl.col("fiscal_year"),
        pl.col("project_id"),
        pl.col("org_id"),
        pl.col("adjusted_fen"),
    )
    contracts = _facts(
        tables["contracts"],
        pl.col("project_id"),
        pl.col("supplier_id"),
        pl.col("signed_on"),
        pl.col("amount_fen"),
    )
    kinds = pl.col("kind").replace_strict(
        list(PAYEE_KINDS), list(range(len(PAYEE_KINDS))), default=None, return_dtype=pl.UInt8
    )
    return PaymentLookups(
        lists={
            "line_id": _list(tables["budget_lines"]),
            "project_id": projects,
            "contract_id": _list(tables["contracts"]),
            "org_id": organisations,
            "supplier_id": suppliers,
        },
        lines=lines.with_columns(
            projects.positions(lines["project_id"]).alias("line_project_ix"),
            organisations.positions(lines["org_id"]).alias("line_org_ix"),
        ),
        contracts=contracts.with_columns(
            projects.positions(contracts["project_id"]).alias("contract_project_ix"),
            suppliers.positions(contracts["supplier_id"]).alias("contract_supplier_ix"),
        ),
        suppliers=_facts(tables["suppliers"], kinds.alias("supplier_kind")),
        cut_short=frozenset(name for name, rows in tables.items() if rows.file in cut_short),
    )
