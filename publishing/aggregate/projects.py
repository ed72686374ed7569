"""Projects, their months, milestones, contracts and suppliers. Secret and internal projects are in none of them."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from publishing.aggregate.draft import Draft, draft
from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import planned_by_month, where_reported

Scrub = Callable[[pl.Series], pl.Series]


def projects(rows: SourceRows, scrub: Scrub) -> Draft:
    """One row per public project with its budget, payments, contracts and progress over its whole life.

    `contracted` is null where the source has no contracts; `progress` is that of the latest completed milestone
    (0 when none is done, null without milestones). `execution_rate`, `light` are filled in later, from protected
    values. Names and descriptions are scrubbed.
    """
    public = open_projects(rows)
    budget = rows.lines.group_by("project_ix").agg(
        pl.col("approved_fen").sum().alias("approved"), pl.col("adjusted_fen").sum().alias("adjusted")
    )
    contracted = rows.contracts.group_by("project_id").agg(pl.col("amount_fen").sum().alias("contracted"))
    has_contracts = "contracts" in rows.present
    done = pl.col("progress").filter(pl.col("done_on").is_not_null()).max().fill_null(0.0)
    progress = rows.milestones.group_by("project_id").agg(done.alias("progress"))
    frame = (
        public.join(budget, on="project_ix", how="left")
        .join(_paid_by_project(rows), on="project_ix", how="left")
        .join(contracted, on="project_id", how="left")
        .join(progress, on="project_id", how="left")
        .join(rows.regions.select("region_code", region_name="name"), on="region_code", how="left")
        .join(rows.organisations.select("org_id", "sector", org_name="name"), on="org_id", how="left")
        .join(rows.functions.select("function_code", function_name="name"), on="function_code", how="left")
        .with_columns(
            pl.col("approved", "adjusted", "paid").fill_null(0),
            pl.col("contracted").fill_null(0)
            if has_contracts
            else pl.lit(None, dtype=pl.Int64).alias("contracted"),
            pl.col("total_investment_fen").alias("total_investment"),
            scrub(public["name"]).alias("name"),
            scrub(public["description"]).alias("description"),
            scrub(public["address"]).alias("address"),
        )
    )
    return draft("projects", frame)


def project_months(rows: SourceRows) -> Draft:
    """Paid and cumulative plan per public project and calendar month.

    A month with a plan and no payment has paid = 0, or null (not reported) where the source has no payment at all of
    that month, as of those still to come; a month with neither is absent. `planned_cumulative` is the sum over the
    project's lines of the latest cumulative plan within the month's year; null where the source has no plans.
    """
    public = open_projects(rows).select("project_ix", "project_id", project_name="name")
    keys = ("project_ix", "month")
    paid = (
        rows.sums.flows.drop_nulls("project_ix").group_by(*keys).agg(pl.col("amount_fen").sum().alias("paid"))
    )
    plans = (
        planned_by_month(rows)
        .drop_nulls("project_ix")
        .group_by(*keys)
        .agg(pl.col("planned_cumulative_fen").sum().alias("planned_cumulative"))
    )
    frame = paid.join(plans, on=keys, how="full", coalesce=True).with_columns(pl.col("paid").fill_null(0))
    told = where_reported("month", frame, rows.sums.flows)
    return draft("project_months", told.join(public, on="project_ix"))


def milestones(rows: SourceRows) -> Draft:
    """Planned and completed steps of public projects."""
    public = open_projects(rows).select("project_id", project_name="name")
    return draft("milestones", rows.milestones.join(public, on="project_id"))


def contracts(rows: SourceRows, scrub: Scrub) -> Draft:
    """One row per contract that belongs to no secret or internal project, with what was paid on it."""
    public = open_contracts(rows)
    frame = (
        public.join(rows.sums.contracts, on="contract_ix", how="left", suffix="_paid")
        .join(rows.organisations.select("org_id", org_name="name"), on="org_id", how="left")
        .join(rows.suppliers.select("supplier_id", supplier_name="name"), on="supplier_id", how="left")
        .with_columns(
            pl.col("amount_fen").alias("amount"),
            pl.col("amount_fen_paid").fill_null(0).alias("paid"),
            scrub(public["title"]).alias("title"),
        )
    )
    return draft("contracts", frame)


def suppliers(rows: SourceRows) -> Draft:
    """One row per supplier: its public contracts, and what was paid on them.

    Not all it was ever paid: the flow of funds less that would be what secret projects paid to suppliers.
    """
    awarded = (
        open_contracts(rows)
        .join(rows.sums.contracts.rename({"amount_fen": "paid"}), on="contract_ix", how="left")
        .group_by("supplier_id")
        .agg(
            pl.len().cast(pl.Int64).alias("contracts"),
            pl.col("amount_fen").sum().alias("amount"),
            pl.col("paid").sum(),
        )
    )
    frame = rows.suppliers.join(awarded, on="supplier_id", how="left").with_columns(
        pl.col("contracts", "amount", "paid").fill_null(0)
    )
    if "contracts" not in rows.present:
        frame = frame.with_columns(
            pl.lit(None, dtype=pl.Int64).alias(name) for name in ("contracts", "amount", "paid")
        )
    return draft("suppliers", frame)


def open_projects(rows: SourceRows) -> pl.DataFrame:
    """The projects that may be named in public."""
    return rows.projects.filter(~pl.col("closed"))


def open_contracts(rows: SourceRows) -> pl.DataFrame:
    """The contracts that may be named in public: all but those of secret and internal projects."""
    closed = rows.projects.filter("closed").select("project_id")
    return rows.contracts.join(closed, on="project_id", how="anti")


def _paid_by_project(rows: SourceRows) -> pl.DataFrame:
    return (
        rows.sums.flows.drop_nulls("project_ix")
        .group_by("project_ix")
        .agg(pl.col("amount_fen").sum().alias("paid"))
    )
