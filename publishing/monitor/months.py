"""Rules over months: what a budget line was planned to have spent, and what it spent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import polars as pl

from publishing.aggregate.rows import SourceRows
from publishing.aggregate.spending import planned_by_month
from publishing.monitor.rules import RuleBook

SPECIAL_FUNDS = ("transfer", "bond", "fund")
"""Fund sources whose money is given for one purpose (专项)."""

FOUND = ("subject_kind", "subject_id", "line_ix", "month", "observed", "rule")


def line_months(rows: SourceRows, *, as_of: date) -> pl.DataFrame:
    """Each budget line in each month of its year that is over.

    Out: one row per (line_ix, month), sorted: line_ix · line_id · month · adjusted_fen · fund_source · planned_fen ·
         planned_cumulative_fen (the last known plan; null where the source has no plan for the line) · paid_fen ·
         paid_cumulative_fen. Months without payment are zero: the treasury has reported them.
    """
    over = pl.date(pl.col("fiscal_year"), pl.col("number"), 1)
    months = pl.DataFrame({"number": range(1, 13)}, schema={"number": pl.Int8})
    grid = (
        rows.lines.select("line_ix", "line_id", "fiscal_year", "adjusted_fen", "fund_source")
        .join(months, how="cross")
        .with_columns(over.alias("month"))
        .filter(pl.col("month").dt.month_end() <= as_of)
        .drop("number")
    )
    paid = rows.sums.flows.group_by("line_ix", "month").agg(pl.col("amount_fen").sum().alias("paid_fen"))
    plans = planned_by_month(rows).select("line_id", "month", "planned_fen", "planned_cumulative_fen")
    return (
        grid.join(paid, on=["line_ix", "month"], how="left")
        .join(plans, on=["line_id", "month"], how="left")
        .sort("line_ix", "month")
        .with_columns(
            pl.col("paid_fen").fill_null(0), pl.col("planned_cumulative_fen").forward_fill().over("line_ix")
        )
        .with_columns(pl.col("paid_fen").cum_sum().over("line_ix").alias("paid_cumulative_fen"))
    )


def month_findings(months: pl.DataFrame, book: RuleBook) -> Iterable[pl.DataFrame]:
    """Every rule that looks at a line month by month.

    Out: frames with the columns of FOUND; `month` is the month in which the rule was broken first.
    """
    for rule_id, (broken, observed) in _CONDITIONS.items():
        rule = book.rule(rule_id)
        fired = months.with_columns(observed.alias("observed")).filter(broken(rule.threshold))
        # One alert per line and rule: a line that stays over its plan is one matter, not seven.
        yield (
            fired.sort("line_ix", "month")
            .group_by("line_ix", maintain_order=True)
            .first()
            .select(
                pl.lit("budget_line").alias("subject_kind"), pl.col("line_id").alias("subject_id"), "line_ix", "month",
                pl.col("observed").cast(pl.Float64), pl.lit(rule_id).alias("rule"),
            )
        )  # fmt: skip


Broken = Callable[[float], pl.Expr]

_PAID_OF_PLAN = pl.col("paid_fen") / pl.col("planned_fen")
_CUMULATIVE = pl.col("paid_cumulative_fen") / pl.col("planned_cumulative_fen")
_OF_BUDGET = pl.col("paid_cumulative_fen") / pl.col("adjusted_fen")
_PLANNED = pl.col("planned_fen") > 0
_BUDGETED = pl.col("adjusted_fen") > 0


def _before(expression: pl.Expr, months: int = 1) -> pl.Expr:
    return expression.shift(months).over("line_ix").fill_null(value=False)


def _running(expression: pl.Expr, months: float) -> pl.Expr:
    """True in a month when the condition held in it and in the months before, `months` in all."""
    expression = expression.fill_null(value=False)
    return pl.all_horizontal(expression, *(_before(expression, back) for back in range(1, int(months))))


def _idle(months: float, also: pl.Expr) -> pl.Expr:
    return _running((pl.col("paid_fen") == 0) & also, months) & (
        pl.col("adjusted_fen") > pl.col("paid_cumulative_fen")
    )


_CONDITIONS: dict[str, tuple[Broken, pl.Expr]] = {
    "month_above_80_percent_of_plan": (
        lambda share: _PLANNED & (_PAID_OF_PLAN > share) & (_PAID_OF_PLAN <= 1),
        _PAID_OF_PLAN,
    ),
    "above_plan_two_months": (lambda share: _running(_PLANNED & (_PAID_OF_PLAN > share), 2), _PAID_OF_PLAN),
    "below_70_percent_two_months": (
        lambda share: _running((pl.col("planned_cumulative_fen") > 0) & (_CUMULATIVE < share), 2),
        _CUMULATIVE,
    ),
    "month_above_20_percent_of_budget": (
        lambda share: _BUDGETED & (pl.col("paid_fen") > pl.col("adjusted_fen") * share),
        pl.col("paid_fen") / pl.col("adjusted_fen"),
    ),
    "three_months_at_zero": (lambda months: _idle(months, _PLANNED), pl.lit(3.0)),
    "special_balance_untouched_six_months": (
        lambda months: _idle(months, pl.col("fund_source").is_in(SPECIAL_FUNDS) & _BUDGETED),
        pl.lit(6.0),
    ),
    "year_end_deviation": (
        lambda share: (
            (pl.col("month").dt.month() == 12)
            & (pl.col("planned_cumulative_fen") > 0)
            & ((_CUMULATIVE - 1).abs() > share)
        ),
        _CUMULATIVE - 1,
    ),
    "over_budget_up_to_10_percent": (
        lambda share: _BUDGETED & (_OF_BUDGET > 1) & (_OF_BUDGET <= 1 + share),
        _OF_BUDGET - 1,
    ),
    "over_budget_beyond_10_percent": (lambda share: _BUDGETED & (_OF_BUDGET > 1 + share), _OF_BUDGET - 1),
    "payment_without_budget": (
        lambda _share: (pl.col("adjusted_fen") == 0) & (pl.col("paid_cumulative_fen") > 0),
        pl.col("paid_cumulative_fen") / 100,
    ),
}
