"""Where the heavy group-bys run: payments in, sums out, on coded integers and in a stream.

Everything here groups the staged payments (see docs/design.md, *Intake*), in which lines, projects, contracts and
suppliers are row numbers and a payee is a 64-bit hash. Grouping on integers and decoding the small result is what
keeps ten million payments within a few seconds and a few hundred megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

INDIVIDUAL = 3
"""Position of `individual` in the list of payee kinds (company, institution, public_body, individual)."""

PROJECT_CONTRIBUTOR = 1 << 62
"""Contributors that are projects start here; a payee's hash may collide with one in 1 of 2**60 cases."""


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """The few sums over payments from which every published table is made.

    flows          one row per (line_ix, project_ix, month, payee_kind): amount_fen i64
    contributions  one row per (line_ix, project_ix, month, payee_kind, contributor): amount_fen i64; protected only:
                   natural persons, and each secret or internal project as one contributor
    contracts      one row per contract_ix: amount_fen
    suppliers      one row per supplier_ix: amount_fen, without what belongs to secret or internal projects

    Each is sorted by its key. `project_ix` is the payment's project, else its line's; null when there is none.
    """

    flows: pl.DataFrame
    contributions: pl.DataFrame
    contracts: pl.DataFrame
    suppliers: pl.DataFrame


def sum_payments(payments: Path, *, line_projects: pl.Series, closed_projects: pl.Series) -> PaymentSums:
    """Sum the staged payments in a stream.

    In:   payments         staged Parquet, one row per payment (line_ix u32, project_ix u32?, contract_ix u32?,
                           supplier_ix u32?, payee_kind u8, payee_key u64, paid_on date, amount_fen i64)
          line_projects    project_ix? per line, by line_ix
          closed_projects  project_ix of secret and internal projects
    Out:  PaymentSums; refunds are netted in the month in which they were paid back.
    """
    lines = pl.LazyFrame(
        {
            "line_ix": pl.arange(0, len(line_projects), eager=True, dtype=pl.UInt32),
            "_line_project": line_projects,
        }
    )
    rows = (
        pl.scan_parquet(payments)
        .select(
            "line_ix",
            "project_ix",
            "contract_ix",
            "supplier_ix",
            "payee_kind",
            "payee_key",
            "paid_on",
            "amount_fen",
        )
        .join(lines, on="line_ix", how="left")
        .with_columns(
            pl.coalesce("project_ix", "_line_project").alias("project_ix"),
            pl.col("paid_on").dt.truncate("1mo").alias("month"),
        )
    )
    closed = pl.col("project_ix").is_in(closed_projects.implode()).fill_null(value=False)
    flows = _summed(rows, "line_ix", "project_ix", "month", "payee_kind")
    contributor = (
        pl.when(closed)
        .then(pl.col("project_ix").cast(pl.UInt64) + PROJECT_CONTRIBUTOR)
        .otherwise("payee_key")
        .alias("contributor")
    )
    protected = rows.filter((pl.col("payee_kind") == INDIVIDUAL) | closed).with_columns(contributor)
    contributions = _summed(protected, "line_ix", "project_ix", "month", "payee_kind", "contributor")
    contracts = _summed(rows.filter(pl.col("contract_ix").is_not_null()), "contract_ix")
    suppliers = _summed(rows.filter(pl.col("supplier_ix").is_not_null() & ~closed), "supplier_ix")
    frames = pl.collect_all([flows, contributions, contracts, suppliers], engine="streaming")
    return PaymentSums(*frames)


def _summed(rows: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    # group_by order is random; everything downstream must not be
    return rows.group_by(*keys).agg(pl.col("amount_fen").sum()).sort(*keys, nulls_last=True)


class ContributorIndex:
    """Who stands behind each cell, on any level of any hierarchy, without grouping the payees again each time.

    Most contributors stand in one leaf only. For these a leaf needs just its count and two largest, which merge upwards
    exactly; the few who stand in several leaves are summed per cell and contributor, as they must be: counting one
    person twice would let a cell of two pass for a cell of four.
    """

    def __init__(self, sums: pl.DataFrame) -> None:
        """Index contributions.

        In: one row per (leaf u32, contributor u64): amount_fen i64. Contributors that net to zero in a leaf are left out.
        """
        sums = sums.filter(pl.col("amount_fen") != 0)
        leaves = sums.group_by("contributor").agg(pl.len().alias("leaves"))
        several = leaves.filter(pl.col("leaves") > 1).select("contributor")
        self._several = sums.join(several, on="contributor", how="semi")
        single = sums.join(several, on="contributor", how="anti")
        self._single = two_largest(single.select(pl.col("leaf").alias("cell"), pl.col("amount_fen").abs()))

    def cells(self, cell_of_leaf: pl.DataFrame) -> pl.DataFrame:
        """Merge leaves into cells.

        In:   one row per leaf that belongs to a cell: leaf u32 · cell u32 (a leaf belongs to at most one)
        Out:  one row per cell with a contributor, sorted by cell:
              cell u32 · contributors u32 · largest_fen i64 · second_fen i64 (0 when there is no second)
        """
        single = (
            self._single.rename({"cell": "leaf"})
            .join(cell_of_leaf, on="leaf")
            .select("cell", "contributors", "largest_fen", "second_fen")
        )
        several = (
            self._several.join(cell_of_leaf, on="leaf")
            .group_by("cell", "contributor")
            .agg(pl.col("amount_fen").sum().abs())
            .filter(pl.col("amount_fen") != 0)
            .select("cell", pl.col("amount_fen"))
        )
        together = pl.concat([single, two_largest(several)])
        amounts = pl.concat([pl.col("largest_fen"), pl.col("second_fen")]).sort(descending=True)
        return (
            together.group_by("cell")
            .agg(
                pl.col("contributors").sum(),
                amounts.get(0).alias("largest_fen"),
                amounts.get(1).alias("second_fen"),
            )
            .sort("cell")
        )


def two_largest(rows: pl.DataFrame) -> pl.DataFrame:
    """Count contributors and find the two largest amounts of each cell.

    In:   one row per (cell, contributor): cell u32 · amount_fen i64
    Out:  one row per cell, sorted: cell · contributors u32 · largest_fen · second_fen (0 when there is no second)
    """
    # Not top_k: it is unordered, and largest and second come out swapped in 1 % of cells.
    ranked = rows.lazy().sort("cell", "amount_fen", descending=[False, True])
    return (
        ranked.group_by("cell", maintain_order=True)
        .agg(
            pl.len().cast(pl.UInt32).alias("contributors"),
            pl.col("amount_fen").first().alias("largest_fen"),
            pl.col("amount_fen").slice(1, 1).first().fill_null(0).alias("second_fen"),
        )
        .collect()
    )
