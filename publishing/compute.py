"""Where the heavy group-bys run: payments in, sums out, on coded integers and in a stream.

Everything here groups the staged payments (see docs/design.md, *Intake*), in which lines, projects, contracts and
suppliers are row numbers and a payee is a 64-bit hash. Grouping on integers and decoding the small result is what
keeps ten million payments within seconds and a few hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

COMPANY, INSTITUTION, INDIVIDUAL = 0, 1, 3
"""Positions in the list of payee kinds (company, institution, public_body, individual)."""

PROJECT_CONTRIBUTOR = 1 << 62
"""Contributors that are projects start here; a payee's hash may meet one in 1 of 2**60 cases."""

# The place of a payment in one u64: line, month, kind of payee, under contract, project.
_LINE_BITS, _MONTH_BITS, _KIND_BITS, _CONTRACT_BITS, _PROJECT_BITS = 26, 13, 2, 1, 22


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """The few sums over payments from which every published table is made.

    flows          one row per atom, that is per (line_ix, project_ix, month, payee_kind, under_contract): atom u32 ·
                   those five · amount_fen i64. under_contract: paid on a contract that is public, to nobody protected
    contributions  one row per (atom, contributor): atom u32 · contributor u64 · amount_fen i64; protected contributors
                   only: payees of the protected kinds, and each secret or internal project as one contributor
    contracts      one row per contract_ix: amount_fen, without what belongs to secret or internal projects

    Each is sorted by its key. `project_ix` is the payment's project, else its line's; null when there is none.
    """

    flows: pl.DataFrame
    contributions: pl.DataFrame
    contracts: pl.DataFrame


def sum_payments(
    payments: Path,
    *,
    line_projects: pl.Series,
    closed_projects: pl.Series,
    closed_contracts: pl.Series,
    protected_kinds: Sequence[int] = (INDIVIDUAL,),
) -> PaymentSums:
    """Sum the staged payments in a stream.

    In:   payments         staged Parquet, one row per payment (line_ix u32, project_ix u32?, contract_ix u32?,
                           payee_kind u8, payee_key u64, paid_on date, amount_fen i64)
          line_projects    project_ix? per line, by line_ix
          closed_projects  project_ix of secret and internal projects
          closed_contracts contract_ix of their contracts
          protected_kinds  kinds of payee that are protected contributors
    Out:  PaymentSums; refunds are netted in the month in which they were paid back.
    Raises: ValueError for more than 67 million lines or 4 million projects.
    """
    if len(line_projects) >= 1 << _LINE_BITS:
        raise ValueError(f"{len(line_projects)} budget lines are more than a place can number")
    numbers = pl.arange(0, len(line_projects), eager=True, dtype=pl.UInt32)
    lines = pl.LazyFrame({"line_ix": numbers, "_line_project": line_projects.cast(pl.UInt32)})
    rows = (
        pl.scan_parquet(payments)
        .select(
            "line_ix",
            "project_ix",
            "contract_ix",
            "payee_kind",
            "payee_key",
            "paid_on",
            "amount_fen",
        )
        .join(lines, on="line_ix", how="left")
        .with_columns(pl.coalesce("project_ix", "_line_project").alias("project_ix"))
    )
    closed = pl.col("project_ix").is_in(closed_projects.implode()).fill_null(value=False)
    is_protected = pl.col("payee_kind").is_in(list(protected_kinds)) | closed
    of_open_contract = (
        pl.col("contract_ix").is_not_null()
        & ~pl.col("contract_ix").is_in(closed_contracts.implode()).fill_null(value=False)
        & ~is_protected
    )
    rows = rows.with_columns(_place(of_open_contract).alias("place"))
    contributor = (
        pl.when(closed)
        .then(pl.col("project_ix").cast(pl.UInt64) + PROJECT_CONTRIBUTOR)
        .otherwise("payee_key")
        .alias("contributor")
    )
    protected = rows.filter(is_protected).with_columns(contributor)
    flows, contributions, contracts = pl.collect_all(
        [
            _summed(rows, "place"),
            _summed(protected, "place", "contributor"),
            _summed(rows.filter(pl.col("contract_ix").is_not_null() & ~closed), "contract_ix"),
        ],
        engine="streaming",
    )
    atoms = flows.with_row_index("atom")
    numbered = contributions.join(atoms.select("atom", "place"), on="place", maintain_order="left")
    return PaymentSums(_decoded(atoms), numbered.select("atom", "contributor", "amount_fen"), contracts)


def _place(under_contract: pl.Expr) -> pl.Expr:
    month = (
        pl.col("paid_on").dt.year().cast(pl.UInt64) * 12 + pl.col("paid_on").dt.month().cast(pl.UInt64) - 1
    )
    months = month - 1900 * 12
    project = (pl.col("project_ix").cast(pl.UInt64) + 1).fill_null(0)
    kind = (pl.col("line_ix").cast(pl.UInt64) * (1 << _MONTH_BITS) + months) * (1 << _KIND_BITS) + pl.col(
        "payee_kind"
    )
    return (kind * (1 << _CONTRACT_BITS) + under_contract.cast(pl.UInt64)) * (1 << _PROJECT_BITS) + project


def _decoded(atoms: pl.DataFrame) -> pl.DataFrame:
    place = pl.col("place")
    project = place % (1 << _PROJECT_BITS)
    kind = place // (1 << (_PROJECT_BITS + _CONTRACT_BITS))
    month = (kind // (1 << _KIND_BITS)) % (1 << _MONTH_BITS)
    return atoms.select(
        "atom",
        (kind // (1 << (_KIND_BITS + _MONTH_BITS))).cast(pl.UInt32).alias("line_ix"),
        pl.when(project > 0).then(project - 1).cast(pl.UInt32).alias("project_ix"),
        pl.date((month // 12 + 1900).cast(pl.Int32), (month % 12 + 1).cast(pl.Int8), 1).alias("month"),
        (kind % (1 << _KIND_BITS)).cast(pl.UInt8).alias("payee_kind"),
        ((place // (1 << _PROJECT_BITS)) % (1 << _CONTRACT_BITS) == 1).alias("under_contract"),
        "amount_fen",
    )


def _summed(rows: pl.LazyFrame, *keys: str) -> pl.LazyFrame:
    # group_by order is random; everything downstream must not be
    return rows.group_by(*keys).agg(pl.col("amount_fen").sum()).sort(*keys)
