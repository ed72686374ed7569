"""Single payees as attackers: what each knows that outsiders do not.

A payee knows what it received. Where it is the only contributor and nothing else is in the cell, it knows the cell, and
its own cells, of all tables and releases together, protect nobody from it. (What it learns about a cell that it shares is
the business of the primary rules.) Payees are told apart by the same numbers everywhere; they do not pool what they know.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from anonymize.system import Insider, System

PART_SCHEMA = {"variable": pl.String, "payee": pl.UInt64, "own": pl.Int64}


def parts_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Who is alone in which cell.

    In:   variable str · value i64 · contributors u32 · largest i64 · largest_by u64?
    Out:  one row per cell with a sole payee: variable · payee u64 · own i64
    """
    alone = (pl.col("contributors") == 1) & (pl.col("value").abs() == pl.col("largest"))
    return cells.filter(alone & pl.col("largest_by").is_not_null()).select(
        "variable", pl.col("largest_by").alias("payee"), pl.col("value").alias("own")
    )


def insiders_of(system: System, parts: pl.DataFrame) -> Iterator[Insider]:
    """Each payee with its cells, in the order of their numbers.

    In: variable str · payee u64 · own i64; cells that are known to everybody are left out
    """
    placed = (
        pl.DataFrame({"variable": system.keys})
        .with_row_index("cell")
        .filter(pl.Series(~system.pinned))
        .join(parts, on="variable")
        .group_by("payee", "cell")
        .agg(pl.col("own").first())
        .sort("payee", "cell")
    )
    for number, (_, of_payee) in enumerate(placed.group_by("payee", maintain_order=True)):
        yield Insider(
            f"payee {number}",
            of_payee["cell"].to_numpy().astype(np.int64),
            of_payee["own"].to_numpy().astype(np.int64),
            np.ones(of_payee.height, dtype=np.bool_),
        )
