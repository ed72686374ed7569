"""Rules over single payments and contracts: splitting, scattering, strangers to the register, one winner everywhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl

from publishing.aggregate.rows import SourceRows
from publishing.compute import COMPANY, INSTITUTION
from publishing.monitor.months import FOUND
from publishing.monitor.rules import RuleBook


def split_payments(payments: Path, rows: SourceRows, book: RuleBook) -> pl.DataFrame:
    """Several payments of one line to one payee within some days, each just under the approval limit, over it together."""
    rule = book.rule("split_payments")
    limit = int(rule.parameters["limit_yuan"] * 100)
    near = pl.col("amount_fen").is_between(int(limit * rule.parameters["near"]), limit, closed="left")
    window = timedelta(days=rule.threshold)
    pairs = (
        pl.scan_parquet(payments)
        .filter(near)
        .select("line_ix", "payee_key", "paid_on", "amount_fen")
        .collect(engine="streaming")
        .sort("line_ix", "payee_key", "paid_on")
    )
    runs = (
        pairs.rolling("paid_on", period=window, group_by=["line_ix", "payee_key"])
        .agg(pl.len().alias("count"), pl.col("amount_fen").sum().alias("total"))
        .filter((pl.col("count") >= rule.parameters["payments"]) & (pl.col("total") > limit))
    )
    first = runs.sort("line_ix", "paid_on").group_by("line_ix", maintain_order=True).first()
    return _of_lines(first.with_columns(pl.col("count").alias("observed")), rows, rule.id)


def payee_not_registered(payments: Path, rows: SourceRows, book: RuleBook) -> pl.DataFrame:
    """Payments to a company or an institution that is not in the register of suppliers.

    Public bodies are no suppliers: what they receive are transfers.
    """
    rule = book.rule("payee_not_registered")
    if "suppliers" not in rows.present:
        return _nothing()
    strangers = (
        pl.scan_parquet(payments)
        .filter(
            pl.col("payee_kind").is_in([COMPANY, INSTITUTION])
            & pl.col("supplier_ix").is_null()
            & (pl.col("amount_fen") > 0)
        )
        .group_by("line_ix")
        .agg(pl.col("paid_on").min(), (pl.col("amount_fen").sum() / 100).alias("observed"))
        .collect(engine="streaming")
        .sort("line_ix")
    )
    return _of_lines(strangers, rows, rule.id)


def received_and_scattered(payments: Path, rows: SourceRows, book: RuleBook) -> pl.DataFrame:
    """A budget unit is paid a sum and within two weeks passes nearly all of it on, from one line, to many payees."""
    rule = book.rule("received_and_scattered")
    units = rows.suppliers.join(rows.organisations.select("org_id", "name"), on="name").select(
        "supplier_ix", "org_id"
    )
    scan = pl.scan_parquet(payments)
    received = (
        scan.join(units.lazy(), on="supplier_ix")
        .select("org_id", received_on="paid_on", received_fen="amount_fen")
        .collect(engine="streaming")
    )
    if received.is_empty():
        return _nothing()
    lines = rows.lines.select("line_ix", "org_id").join(
        received.select("org_id").unique(), on="org_id", how="semi"
    )
    # Only payments outside the unit's usual stream count: a unit that pays hundreds of persons a month does not scatter.
    paid = (
        scan.join(lines.lazy(), on="line_ix")
        .filter(pl.col("amount_fen") > 0)
        .select("line_ix", "org_id", "paid_on", "payee_key", "amount_fen")
        .collect(engine="streaming")
    )
    window = pl.col("paid_on").is_between(
        pl.col("received_on"), pl.col("received_on") + timedelta(days=rule.parameters["days"])
    )
    passed = (
        received.join(paid, on="org_id")
        .filter(window & (pl.col("amount_fen") < pl.col("received_fen")))
        .group_by("org_id", "line_ix", "received_on", "received_fen")
        .agg(pl.col("payee_key").n_unique().alias("observed"), pl.col("amount_fen").sum().alias("passed"))
        .filter(
            (pl.col("observed") >= rule.threshold)
            & (pl.col("passed") / pl.col("received_fen")).is_between(rule.parameters["share"], 1.0)
        )
        .rename({"received_on": "paid_on"})
        .sort("line_ix", "paid_on")
        .group_by("line_ix", maintain_order=True)
        .first()
    )
    return _of_lines(passed, rows, rule.id)


def supplier_concentration(rows: SourceRows, book: RuleBook) -> pl.DataFrame:
    """One supplier wins many contracts of one year in sectors that have nothing to do with each other."""
    rule = book.rule("supplier_many_unrelated_contracts")
    won = (
        rows.contracts.join(rows.organisations.select("org_id", "sector"), on="org_id")
        .group_by("supplier_id", pl.col("signed_on").dt.year().alias("year"))
        .agg(
            pl.len().alias("contracts"),
            pl.col("sector").n_unique().alias("observed"),
            pl.col("signed_on").max().alias("last"),
        )
        .filter(
            (pl.col("observed") >= rule.threshold) & (pl.col("contracts") >= rule.parameters["contracts"])
        )
        .sort("supplier_id", "year")
    )
    return won.select(
        pl.lit("supplier").alias("subject_kind"),
        pl.col("supplier_id").alias("subject_id"),
        pl.lit(None, dtype=pl.UInt32).alias("line_ix"),
        pl.col("last").dt.truncate("1mo").alias("month"),
        pl.col("observed").cast(pl.Float64),
        pl.lit(rule.id).alias("rule"),
    )


def _of_lines(found: pl.DataFrame, rows: SourceRows, rule: str) -> pl.DataFrame:
    return found.join(rows.lines.select("line_ix", "line_id"), on="line_ix").select(
        pl.lit("budget_line").alias("subject_kind"),
        pl.col("line_id").alias("subject_id"),
        "line_ix",
        pl.col("paid_on").dt.truncate("1mo").alias("month"),
        pl.col("observed").cast(pl.Float64),
        pl.lit(rule).alias("rule"),
    )


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(
        schema=dict(
            zip(FOUND, (pl.String, pl.String, pl.UInt32, pl.Date, pl.Float64, pl.String), strict=True)
        )
    )
