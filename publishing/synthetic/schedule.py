"""How a line's money is planned and spent over the twelve months of its year, as shares of the adjusted budget.

Organic lines behave: nine or ten months at 76-80 % of plan, a catch-up in the middle and at the end of the year
(the year-end rush), closing within 3 % of the budget. That keeps them clear of the early-warning rules, so that
what fires was planted. The path does not depend on the day of the hand-over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from publishing.synthetic.arrays import Bools, Floats, Ints, generator
from publishing.synthetic.lines import Lines

NEVER = 13
CATCH_UPS = ((6, 12), (3, 6, 9, 12), (7, 12), (6, 9, 12))
CATCH_UP_SHARES = (0.6, 0.2, 0.2, 0.0)
LATE_START = 3
ADJUSTING_MONTHS = (4, 5, 8, 9, 10)
MONTHS = np.arange(1, 13)
UNDER = 1.266
OVER = 2.0 - UNDER


@dataclass(slots=True)
class Paths:
    """Cumulative by line and month, as shares of the adjusted budget; `approved_share` = approved / adjusted.

    `even` is the plan of a budget that is never adjusted; a line whose `adjusted_month` is 13 is none.
    """

    even: Floats
    planned: Floats
    spent: Floats
    approved_share: Floats
    adjusted_month: Ints


def build_paths(lines: Lines, seed: int, steady: Bools) -> Paths:
    """Plans and organic spending of all lines; `steady` ones are never adjusted.

    The budgets of secret and internal projects are steady: one of them adjusted between two hand-overs would be all
    that a grand total changes by for a protected contributor, and the total would have to be withheld.
    """
    rng = generator(seed, "paths")
    count = len(lines)
    window = MONTHS[None, :] >= lines.starts[:, None]
    weights = (1 + rng.uniform(-0.03, 0.03, (count, 12))) * window
    even = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    adjusted_month = np.where(rng.random(count) < 0.3, rng.choice(ADJUSTING_MONTHS, count), NEVER)
    adjusted_month = np.where(steady, NEVER, adjusted_month)
    change = np.where(adjusted_month < NEVER, rng.uniform(-0.05, 0.07, count), 0.0)
    approved_share = 1 / (1 + change)
    planned = even * np.where(MONTHS[None, :] < adjusted_month[:, None], approved_share[:, None], 1.0)
    pattern = rng.choice(len(CATCH_UPS), size=count, p=CATCH_UP_SHARES)
    pattern = np.where(lines.starts > 1, LATE_START, pattern)
    return Paths(even, planned, _spent(planned, pattern, rng), approved_share, adjusted_month)


def _spent(planned: Floats, pattern: Ints, rng: np.random.Generator) -> Floats:
    count = len(planned)
    catches = np.array([[month in months for month in range(1, 13)] for months in CATCH_UPS])[pattern]
    spent = np.zeros((count, 12))
    before, planned_before = np.zeros(count), np.zeros(count)
    closing = rng.uniform(0.972, 0.998, count)
    for month in range(12):
        usual = before + (planned[:, month] - planned_before) * rng.uniform(0.765, 0.795, count)
        caught_up = planned[:, month] * (closing if month == 11 else rng.uniform(0.975, 0.995, count))
        spent[:, month] = np.maximum(np.where(catches[:, month], caught_up, usual), before)
        before, planned_before = spent[:, month], planned[:, month]
    return spent


def instalments(counts: Ints, starts: Ints, phases: Floats) -> Ints:
    """Spread each line's yearly number of payments evenly over the months from its start."""
    length = (13 - starts)[:, None]
    elapsed = np.clip(MONTHS[None, :] - starts[:, None] + 1, 0, None)
    reached = np.floor(counts[:, None] * elapsed / length + phases[:, None])
    return np.asarray(np.diff(reached, axis=1, prepend=np.floor(phases)[:, None]).astype(np.int64))


def sparse_year(paid_in: Bools, closing: float) -> tuple[Floats, Floats]:
    """(spent, planned) of a line that is paid in a few months only: equal instalments, planned for those months.

    Plans alternate above and below what is paid, so that the line stays near its plan without running over it twice.
    """
    count = int(paid_in.sum())
    steps = [1.0] if count == 1 else [UNDER, OVER] * (count // 2)
    if count % 2 and count > 1:
        steps = [*steps[:-1], UNDER, 3.0 - 2 * UNDER]
    planned = np.zeros(12)
    planned[paid_in] = np.array(steps) / count
    return closing * np.cumsum(paid_in) / count, np.cumsum(planned)


def amounts_fen(spent: Floats, adjusted_fen: Ints, slots: Ints, unit_fen: Ints) -> Ints:
    """What is paid in each month that has payments: all that was spent on paper since the last such month.

    Whole units of `unit_fen` (subsidies come in tens of yuan), at least one per payment.
    """
    units = np.floor(spent * adjusted_fen[:, None] / unit_fen[:, None]).astype(np.int64)
    paid_at = np.where(slots > 0, units, 0)
    reached = np.maximum.accumulate(paid_at, axis=1)
    before = np.concatenate([np.zeros((len(units), 1), dtype=np.int64), reached[:, :-1]], axis=1)
    due = np.where(slots > 0, reached - before, 0)
    return np.maximum(due, slots) * unit_fen[:, None]
