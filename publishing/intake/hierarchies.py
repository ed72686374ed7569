"""Trees: regions below one province, units below units, classes below classes."""

from __future__ import annotations

import polars as pl

from publishing.intake.report import ReportBuilder
from publishing.intake.table_rows import TableRows
from publishing.intake.tables_codes import REGION_LEVELS


def check_regions(rows: TableRows, report: ReportBuilder) -> None:
    """One province and no other root; cities below it, counties below cities.

    A county that is run by the province directly stands below the pseudo-city that GB/T 2260 has for it (XX9000).
    """
    frame = rows.frame
    _check_cycles(rows, "region_code", "parent_code", report)
    roots = frame.filter(pl.col("parent_code").is_null())
    if roots.height != 1:
        if frame.height and not roots.height:
            report.add("hierarchy_roots", rows.file, column="parent_code", detail="没有根 (no root)")
        rows.tell(report, "hierarchy_roots", roots.slice(1), "region_code", "第二个根 (a second root)")
    depth = pl.col("level").replace_strict(list(REGION_LEVELS), [0, 1, 2], default=None, return_dtype=pl.Int8)
    known = frame.select("region_code", depth.alias("depth"), "level").unique("region_code", keep="first")
    joined = frame.with_columns(depth.alias("depth")).join(
        known.select(pl.col("region_code").alias("parent_code"), pl.col("depth").alias("parent_depth")),
        on="parent_code",
        how="left",
        maintain_order="left",
    )
    wrong = joined.filter(
        (pl.col("parent_code").is_null() & (pl.col("depth") != 0))
        | (pl.col("parent_code").is_not_null() & (pl.col("depth") == 0))
        | (pl.col("depth") != pl.col("parent_depth") + 1)
    )
    rows.tell(report, "region_level_wrong", wrong, "level")
    digits = pl.when(pl.col("depth") == 1).then(2).otherwise(4)
    strange = joined.filter(
        (pl.col("depth") == pl.col("parent_depth") + 1)
        & (pl.col("region_code").str.slice(0, digits) != pl.col("parent_code").str.slice(0, digits))
    )
    rows.tell(report, "region_prefix_differs", strange, "region_code")


def check_organisations(rows: TableRows, report: ReportBuilder) -> None:
    """Units may stand below units, never in a circle."""
    _check_cycles(rows, "org_id", "parent_org_id", report)


def check_classes(rows: TableRows, report: ReportBuilder) -> None:
    """A class of n digits stands below the class of its first n - 2 digits."""
    code = rows.table.key[0]
    prefix = pl.col(code).str.slice(0, pl.col(code).str.len_bytes() - 2)
    is_top = pl.col(code).str.len_bytes() == 3
    wrong = rows.frame.filter(
        pl.col("parent_code").is_not_null() & (is_top | (pl.col("parent_code") != prefix))
    )
    rows.tell(report, "class_parent_wrong", wrong, "parent_code")
    known = rows.frame.get_column(code).drop_nulls().implode()
    orphans = rows.frame.filter(pl.col("parent_code").is_null() & ~is_top & ~prefix.is_in(known))
    rows.tell(report, "class_parent_missing", orphans, code)


def with_parents_of_classes(frame: pl.DataFrame, code: str) -> pl.DataFrame:
    """Empty parents of 款 and 项 filled from their codes, which is what they mean."""
    length = pl.col(code).str.len_bytes()
    derived = pl.when(length > 3).then(pl.col(code).str.slice(0, length - 2))
    return frame.with_columns(pl.col("parent_code").fill_null(derived))


def _check_cycles(rows: TableRows, code: str, parent: str, report: ReportBuilder) -> None:
    parents: dict[str, str | None] = dict(rows.frame.select(code, parent).drop_nulls(code).iter_rows())
    on_cycle: set[str] = set()
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        seen: set[str] = set()
        node: str | None = start
        while node is not None and node in parents and node not in settled and node not in seen:
            seen.add(node)
            path.append(node)
            node = parents[node]
        if node is not None and node in seen:
            on_cycle.update(path[path.index(node) :])
        settled.update(path)
    if on_cycle:
        wrong = rows.frame.filter(pl.col(code).is_in(list(on_cycle)))
        rows.tell(report, "hierarchy_cycle", wrong, parent)
