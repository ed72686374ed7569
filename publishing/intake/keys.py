"""Keys are there and stand once; what points at another table finds its row there."""

from __future__ import annotations

import polars as pl

from publishing.intake.report import ReportBuilder
from publishing.intake.table_rows import ROW, TableRows


def check_key(rows: TableRows, report: ReportBuilder) -> None:
    """Each key stands once; a second row that is the same in every column is told as such."""
    key = [rows.table.by_name[name].staged_name for name in rows.table.key]
    complete = rows.frame.drop_nulls(key)
    again = complete.filter(~pl.struct(key).is_first_distinct())
    if not again.height:
        return
    columns = [column.staged_name for column in rows.table.columns]
    whole = complete.filter(~pl.struct(columns).is_first_distinct()).get_column(ROW)
    first = rows.table.key[0]
    is_whole = pl.col(ROW).is_in(whole.implode())
    rows.tell(report, "row_duplicated", again.filter(is_whole), first)
    rows.tell(report, "key_duplicated", again.filter(~is_whole), first, " + ".join(rows.table.key))


def check_references(rows: TableRows, tables: dict[str, TableRows], report: ReportBuilder) -> None:
    """Every code that points at another table is a key there; a table may point at itself.

    Where a table could not be read to its end, that is what is told, not every row that points into it.
    """
    for reference in rows.table.references:
        target = rows if reference.table == rows.table.name else tables[reference.table]
        if target.file in report.cut_short:
            continue
        known = target.frame.get_column(reference.code).drop_nulls().unique()
        column = pl.col(reference.column)
        broken = rows.frame.filter(column.is_not_null() & ~column.is_in(known.implode()))
        rows.tell(
            report,
            "reference_broken",
            broken,
            reference.column,
            f"{reference.table} 表没有此代码 (not in {reference.table})",
        )
