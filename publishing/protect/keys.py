"""Which cell a published row shows: the bridge between tables and the linear system."""

from __future__ import annotations

import polars as pl

from publishing.aggregate.participation import VOICES
from publishing.aggregate.rows import TOTAL
from publishing.protect.recorded import ADJUSTED, APPROVED, PAID, PLANNED
from publishing.protect.tree import key_of

_SPENDING = ("fiscal_year", "region_code", "function_code")
_MONTHLY = ("month", "region_code", "function_code")
_UNITS = ("fiscal_year", "org_id", "economic_code")

SHOWN_BY: dict[tuple[str, str], tuple[str, ...]] = {
    **{("spending", measure): _SPENDING for measure in (APPROVED, ADJUSTED, PAID)},
    **{("spending_by_organisation", measure): _UNITS for measure in (APPROVED, ADJUSTED, PAID)},
    **{("spending_monthly", measure): _MONTHLY for measure in (PAID, PLANNED)},
    ("fund_flow", PAID): ("fiscal_year", "fund_source", "sector", "payee_group"),
    ("project_months", PAID): ("project_id", "month"),
    ("projects", PAID): ("project_id",),
    **{("participation", voice.name): ("quarter", "subject_kind", "subject_id") for voice in VOICES},
}
"""(dataset, measure) -> the columns of its key. Other measures have nobody behind them who is protected."""


def cell_key(dataset: str, measure: str) -> pl.Expr:
    """The key of the cell that each row of a dataset shows for a measure."""
    columns = SHOWN_BY[dataset, measure]
    if dataset == "projects":
        return pl.concat_str(pl.lit("project_months"), "project_id", pl.lit(TOTAL), separator="|")
    return key_of(dataset, columns)
