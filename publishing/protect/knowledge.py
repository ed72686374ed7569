"""What an attacker knows without any table of ours that protects somebody: contracts, suppliers, what the law makes public.

Such an amount is subtracted from every cell that holds it: the cell is the known part and a rest, and the rest is a cell
of its own, with its own contributors and its own primary rule. A hundred million paid to known companies does not hide
what two persons in the same cell received.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from publishing.protect.pieces import Rows, hidden, leaves_of, sum_relation
from publishing.protect.tree import CELL_SCHEMA, RELATION_SCHEMA, CellTable, key_of, tree_table

_NOTHING = CellTable(pl.DataFrame(schema=CELL_SCHEMA), pl.DataFrame(schema=RELATION_SCHEMA))


def by_law(rows: Rows) -> CellTable:
    """Split each unit's economic class into what the law makes public (三公经费) and the rest.

    A cell that is public by law altogether is known, and never withheld.
    """
    keys = ["fiscal_year", "org_id", "economic_class"]
    return _split("spending_by_organisation", keys, rows, pl.col("by_law"), name="by_law")


def under_contract(rows: Rows) -> CellTable:
    """Split what each unit spent in a year, and what each project was paid, into public contracts and the rest.

    Contracts are published with what was paid on each over their whole life; a unit's year is taken for known as well,
    since later releases tell it by their differences.
    """
    of_contract = pl.col("under_contract")
    units = rows.with_total("economic_total")
    projects = rows.where(pl.col("project_id").is_not_null()).with_total("month_total")
    return _together(
        _split(
            "spending_by_organisation",
            ["fiscal_year", "org_id", "economic_total"],
            units,
            of_contract,
            name="contracts_of_unit",
        ),
        _split(
            "project_months",
            ["project_id", "month_total"],
            projects,
            of_contract,
            name="contracts_of_project",
        ),
    )


def to_suppliers(rows: Rows) -> CellTable:
    """Tie the flow of funds to each group of payees, over all years, to what suppliers' pages and contracts tell of it."""
    leaves, behind = leaves_of(rows, ["payee_group"], [])
    groups = tree_table("payee_group", leaves, [["payee_group"]], contributors=behind)
    flows = rows.values.select(
        key_of("fund_flow", ["fiscal_year", "fund_source", "sector", "payee_group"]).alias("key"),
        key_of("payee_group", ["payee_group"]).alias("parent"),
    ).unique()
    totals = CellTable(hidden(groups.cells), sum_relation(flows, "/flows"))
    of_contract = pl.col("under_contract")
    return _together(totals, _split("payee_group", ["payee_group"], rows, of_contract, name="suppliers"))


def _split(table: str, keys: Sequence[str], rows: Rows, is_known: pl.Expr, *, name: str) -> CellTable:
    """Each cell of `table` with a known part is that part and the rest.

    A cell without a rest is known itself. Cells without a known part are left as they are.
    """
    known = rows.where(is_known)
    if known.values.is_empty():
        return _NOTHING
    known_parts = _known_cells(f"known_{name}", keys, known.values)
    cell, part = key_of(table, keys), key_of(f"known_{name}", keys)
    of_known = known.values.select(part.alias("key"), cell.alias("parent")).unique()
    beside = rows.where(~is_known)
    beside = Rows(
        beside.values.with_columns(cell.alias("_cell")).join(
            of_known.select(pl.col("parent").alias("_cell")), on="_cell", how="semi"
        ),
        rows.contributors,
    )
    whole = _known_cells(table, keys, known.values).join(
        beside.values.select(pl.col("_cell").alias("key")), on="key", how="anti"
    )
    if beside.values.is_empty():
        return CellTable(pl.concat([known_parts, whole]), sum_relation(of_known, f"/{name}"))
    leaves, behind = leaves_of(beside, keys, [])
    rest = tree_table(
        f"beside_{name}",
        leaves.with_columns(pl.col(key).cast(pl.String) for key in keys),
        [[keys[-1]]],
        contributors=behind,
        fixed=keys[:-1],
    )
    of_rest = beside.values.select(key_of(f"beside_{name}", keys).alias("key"), cell.alias("parent")).unique()
    return CellTable(
        pl.concat([known_parts, whole, hidden(rest.cells)]),
        sum_relation(pl.concat([of_known, of_rest]), f"/{name}"),
    )


def _known_cells(name: str, keys: Sequence[str], values: pl.DataFrame) -> pl.DataFrame:
    return (
        values.group_by(key_of(name, keys).alias("key"))
        .agg(pl.col("value_fen").sum())
        .select(
            "key",
            "value_fen",
            pl.lit(0, dtype=pl.UInt32).alias("contributors"),
            pl.lit(0, dtype=pl.Int64).alias("largest_fen"),
            pl.lit(0, dtype=pl.Int64).alias("second_fen"),
            pl.lit(None, dtype=pl.UInt64).alias("largest_by"),
            pl.lit(value=False).alias("shown"),
            pl.lit(value=True).alias("known"),
        )
    )


def _together(*tables: CellTable) -> CellTable:
    return CellTable(
        pl.concat([table.cells for table in tables]), pl.concat([table.relations for table in tables])
    )
