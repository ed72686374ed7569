"""What only the whole of the payments can tell: repeated ids, refunds against what they undo, sums against budgets.

Everything is read from the staged file, so that the source is read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from publishing.intake.lookups import PaymentLookups
from publishing.intake.report import ReportBuilder
from publishing.intake.table_rows import TableRows, yuan_text

_OFFSET = "__offset"
LARGEST_SUM_FEN = 1 << 53


@dataclass(frozen=True)
class StagedPayments:
    """The staged file and how its offsets translate to row numbers of the source file."""

    path: Path
    file: str
    rows: npt.NDArray[np.int64] | None
    """None when row number = offset + 2, which is so unless rows had to be left out."""

    def row_numbers(self, offsets: pl.Series) -> pl.Series:
        """Row numbers in the source file."""
        positions = offsets.cast(pl.Int64)
        return positions + 2 if self.rows is None else pl.Series(self.rows[positions.to_numpy()])

    def scan(self) -> pl.LazyFrame:
        """The staged rows with their offsets."""
        return pl.scan_parquet(self.path, row_index_name=_OFFSET)


def check_repeated_ids(staged: StagedPayments, hashes: pl.Series, report: ReportBuilder) -> None:
    """A payment id stands once. `hashes` (seed 0) are those that more than one row has."""
    if hashes.is_empty():
        return
    candidates = (
        staged.scan()
        .select(_OFFSET, "payment_id")
        .filter(pl.col("payment_id").hash(0).is_in(hashes.implode()))
        .collect(engine="streaming")
        .sort(_OFFSET)
    )
    again = candidates.drop_nulls().filter(~pl.col("payment_id").is_first_distinct())
    report.add_rows(
        "key_duplicated",
        staged.file,
        rows=staged.row_numbers(again[_OFFSET]),
        column="payment_id",
        values=again["payment_id"],
    )


def check_refunds(staged: StagedPayments, report: ReportBuilder) -> None:
    """Every refund undoes one earlier payment of the same line, and all refunds of it together no more than it."""
    columns = (_OFFSET, "payment_id", "reverses", "paid_on", "line_ix", "payee_key", "amount_fen")
    refunds = (
        staged.scan()
        .select(columns)
        .filter(pl.col("reverses").is_not_null())
        .collect(engine="streaming")
        .sort(_OFFSET)
    )
    if not refunds.height:
        return
    targets = refunds.get_column("reverses").unique().implode()
    originals = (
        staged.scan()
        .select(columns)
        .filter(pl.col("payment_id").is_in(targets))
        .collect(engine="streaming")
        .sort(_OFFSET)
        .unique("payment_id", keep="first", maintain_order=True)
        .select(
            pl.col("payment_id").alias("reverses"),
            pl.lit(value=True).alias("is_known"),
            pl.col("reverses").is_not_null().alias("is_refund"),
            pl.col("paid_on").alias("original_paid_on"),
            pl.col("line_ix").alias("original_line_ix"),
            pl.col("payee_key").alias("original_payee"),
            pl.col("amount_fen").alias("original_fen"),
        )
    )
    joined = refunds.join(originals, on="reverses", how="left", maintain_order="left").with_columns(
        pl.col("amount_fen").cast(pl.Int128).cum_sum().over("reverses").alias("refunded_fen")
    )
    is_other = pl.col("reverses") != pl.col("payment_id")
    is_payment = pl.col("is_known") & ~pl.col("is_refund") & is_other
    for rule, column, broken in (
        ("refund_of_unknown", "reverses", pl.col("is_known").is_null()),
        ("refund_of_refund", "reverses", pl.col("is_refund") & is_other),
        ("refund_on_other_line", "line_id", is_payment & (pl.col("line_ix") != pl.col("original_line_ix"))),
        ("refund_to_other_payee", "reverses", is_payment & (pl.col("payee_key") != pl.col("original_payee"))),
        ("refund_before_payment", "paid_on", is_payment & (pl.col("paid_on") < pl.col("original_paid_on"))),
        (
            "refund_exceeds_payment",
            "amount",
            is_payment & (pl.col("original_fen").cast(pl.Int128) + pl.col("refunded_fen") < 0),
        ),
    ):
        wrong = joined.filter(broken.fill_null(value=False))
        values = yuan_text(wrong["amount_fen"]) if column == "amount" else wrong["reverses"]
        report.add_rows(
            rule,
            staged.file,
            rows=staged.row_numbers(wrong[_OFFSET]),
            column=column,
            values=values,
            detail=_limit(wrong) if rule == "refund_exceeds_payment" else "",
        )


def _limit(wrong: pl.DataFrame) -> str:
    if not wrong.height:
        return ""
    amount = yuan_text(wrong["original_fen"].head(1))[0]
    return f"原支付 {amount} 元 (original payment)" if wrong.height == 1 else ""


def check_sums(
    staged: StagedPayments,
    lookups: PaymentLookups,
    lines: TableRows,
    contracts: TableRows,
    report: ReportBuilder,
) -> dict[int, int]:
    """Payments of a line against its adjusted budget, of a contract against its amount.

    Returns fen paid by fiscal year of the line.
    """
    by_line, by_contract = pl.collect_all(
        [
            staged.scan().group_by(position).agg(pl.col("amount_fen").cast(pl.Int128).sum().alias("paid_fen"))
            for position in ("line_ix", "contract_ix")
        ],
        engine="streaming",
    )
    paid_lines = _beside(lookups.lines, by_line, "line_ix")
    _tell(
        lines,
        "line_overspent",
        "adjusted",
        paid_lines.filter(pl.col("paid_fen") > pl.col("adjusted_fen")),
        report,
    )
    _tell(lines, "line_sum_negative", "line_id", paid_lines.filter(pl.col("paid_fen") < 0), report)
    paid_contracts = _beside(lookups.contracts, by_contract, "contract_ix")
    above = paid_contracts.filter(pl.col("paid_fen") > pl.col("amount_fen"))
    _tell(contracts, "contract_overpaid", "amount", above, report)
    check_largest_sums(staged.file, "amount", paid_lines.select("fiscal_year", fen="paid_fen"), report)
    years = paid_lines.group_by("fiscal_year").agg(pl.col("paid_fen").sum()).drop_nulls().sort("fiscal_year")
    return {int(year): int(fen) for year, fen in years.iter_rows()}


def check_largest_sums(file: str, column: str, parts: pl.DataFrame, report: ReportBuilder) -> None:
    """No cell of a period can leave the integers that a float holds exactly, which disclosure control reckons with.

    In: a period (any name) and fen; what is above zero and what is below are summed apart, since a cell may hold
    either alone.
    """
    period = parts.columns[0]
    fen = pl.col("fen").cast(pl.Int128)
    sums = (
        parts.drop_nulls()
        .group_by(period)
        .agg(fen.clip(lower_bound=0).sum().alias("above"), fen.clip(upper_bound=0).sum().alias("below"))
        .with_columns(pl.max_horizontal("above", pl.col("below").abs()).alias("fen"))
    )
    large = sums.filter(pl.col("fen") >= LARGEST_SUM_FEN).sort(period).select(period, "fen")
    for when, largest in large.iter_rows():
        said = yuan_text(pl.Series([int(largest)], dtype=pl.Int128))[0]
        report.add("sum_too_large", file, column=column, value=said, detail=str(when))


def _beside(facts: pl.DataFrame, sums: pl.DataFrame, position: str) -> pl.DataFrame:
    """The facts of each code with the sum of its payments."""
    return (
        facts.with_row_index(position)
        .with_columns(pl.col(position).cast(pl.UInt32))
        .join(sums.drop_nulls(position), on=position, how="inner", maintain_order="left")
    )


def _tell(rows: TableRows, rule: str, column: str, wrong: pl.DataFrame, report: ReportBuilder) -> None:
    if wrong.height:
        key = rows.table.key[0]
        chosen = rows.frame.join(wrong.select(key, "paid_fen"), on=key, how="inner", maintain_order="left")
        detail = ""
        if chosen.height == 1:
            detail = f"支付合计 {yuan_text(chosen['paid_fen'])[0]} 元 (paid)"
        rows.tell(report, rule, chosen, column, detail)
