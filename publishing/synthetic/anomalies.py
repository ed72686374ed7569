"""What was planted for the early-warning rules to find: which kind, in which line and month, and how it was done.

Two ways: a line is paid along a path that breaks a rule (`plant_paths`), or single payments are added that do
(`irregular.py`). Kinds and grades follow the monitoring rules of the portal; the finding is listed once the month
of its evidence is over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from publishing.synthetic.arrays import Bools, Floats, generator
from publishing.synthetic.lines import PROJECT, Lines
from publishing.synthetic.projects import Project
from publishing.synthetic.schedule import NEVER, Paths

NOTICE, ATTENTION, URGENT = "提醒", "关注", "紧急"
SPECIAL_FUNDS = {"transfer", "bond", "fund"}
SMALLEST_BUDGET_FEN = 50_000_000
EVEN = np.arange(1, 13) / 12


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One planted finding. `month` is the first day of the month of its evidence; rows are numbers of lines."""

    kind: str
    grade: str
    year: int
    month: int
    line: int | None
    evidence: str
    supplier: int | None = None
    contracts: tuple[int, ...] = ()
    payments: tuple[str, ...] = ()
    more_lines: tuple[int, ...] = field(default=())

    def visible_on(self) -> dt.date:
        """The first day on which all of its evidence is in the books."""
        return dt.date(self.year + self.month // 12, self.month % 12 + 1, 1)


GRADES = {
    "month_above_80_percent_of_plan": NOTICE,
    "above_plan_two_months": URGENT,
    "below_70_percent_two_months": ATTENTION,
    "month_above_20_percent_of_budget": ATTENTION,
    "three_months_at_zero": NOTICE,
    "special_balance_untouched_six_months": ATTENTION,
    "year_end_deviation": NOTICE,
    "over_budget_up_to_10_percent": ATTENTION,
    "over_budget_beyond_10_percent": URGENT,
    "payment_without_budget": URGENT,
    "split_payments": URGENT,
    "supplier_many_unrelated_contracts": ATTENTION,
    "received_and_scattered": URGENT,
    "payee_not_registered": ATTENTION,
}
PATH_KINDS = tuple(GRADES)[:9]
YEAR_END_KINDS = {"year_end_deviation"}


def plant_paths(
    lines: Lines, paths: Paths, projects: tuple[Project, ...], seed: int, per_kind: int
) -> tuple[list[Anomaly], Bools]:
    """Overwrite the paths of a few project lines; returns what was planted and a mask of the lines touched."""
    rng = generator(seed, "planted paths")
    years = (int(lines.year.min()), int(lines.year.max()))
    free = _candidates(lines, projects)
    rng.shuffle(free)
    planted = np.zeros(len(lines), dtype=bool)
    anomalies: list[Anomaly] = []
    for number in range(per_kind):
        for kind in PATH_KINDS:
            row = _take(free, lines, kind, number, years)
            if row is None:
                continue
            planted[row] = True
            in_last_year = int(lines.year[row]) == years[1]
            month, spent, evidence = _path(kind, in_last_year, rng)
            paths.spent[row] = spent
            paths.even[row] = paths.planned[row] = EVEN
            paths.approved_share[row], paths.adjusted_month[row] = 1.0, NEVER
            anomalies.append(Anomaly(kind, GRADES[kind], int(lines.year[row]), month, row, evidence))
    return anomalies, planted


def _candidates(lines: Lines, projects: tuple[Project, ...]) -> list[int]:
    rows = np.flatnonzero(
        (lines.role == PROJECT) & (lines.starts == 1) & (lines.budget_fen >= SMALLEST_BUDGET_FEN)
    )
    fitting = []
    for row in rows.tolist():
        project = projects[lines.rows[row].project]
        if project.secrecy == "public" and project.fate == "normal" and project.parts[0].share == 1.0:
            fitting.append(row)
    return fitting


def _take(free: list[int], lines: Lines, kind: str, number: int, years: tuple[int, int]) -> int | None:
    """The next free line that suits: a special fund where the rule asks for one, years spread over all."""
    span = years[1] - years[0] + 1
    wanted_year = years[1] - number % span
    if kind in YEAR_END_KINDS and span > 1:
        wanted_year = years[1] - 1 - number % (span - 1)
    special = kind == "special_balance_untouched_six_months"
    for exact in (True, False):
        for place, row in enumerate(free):
            line = lines.rows[row]
            if special and line.fund not in SPECIAL_FUNDS:
                continue
            if line.year == wanted_year or not exact:
                return free.pop(place)
    return None


def _organic() -> Floats:
    """An exemplary year: 78 % of plan each month, caught up in June and December."""
    spent = np.zeros(12)
    for month in range(12):
        before = spent[month - 1] if month else 0.0
        spent[month] = EVEN[month] * 0.985 if month in {5, 11} else before + 0.78 / 12
    return spent


def _path(kind: str, in_last_year: bool, rng: np.random.Generator) -> tuple[int, Floats, str]:  # noqa: FBT001
    """(month of the evidence, cumulative spending as a share of the budget, the evidence in words)."""
    if kind in {"over_budget_up_to_10_percent", "over_budget_beyond_10_percent"}:
        return _over_budget(kind, in_last_year, rng)
    return {
        "month_above_80_percent_of_plan": _hot_month,
        "above_plan_two_months": _two_hot_months,
        "below_70_percent_two_months": _lagging,
        "month_above_20_percent_of_budget": _lump,
        "three_months_at_zero": _silent_quarter,
        "special_balance_untouched_six_months": _untouched,
        "year_end_deviation": _underspent,
    }[kind](rng)


def _increments(spent: Floats) -> Floats:
    return np.diff(spent, prepend=0.0)


def _hot_month(rng: np.random.Generator) -> tuple[int, Floats, str]:
    month = int(rng.choice((2, 3, 4, 8, 9)))
    steps, share = _increments(_organic()), float(rng.uniform(0.86, 0.97))
    extra = share / 12 - steps[month - 1]
    steps[month - 1] += extra
    steps[5 if month < 6 else 11] -= extra
    return month, np.cumsum(steps), f"当月支付为当月计划的{share:.0%}"


def _two_hot_months(rng: np.random.Generator) -> tuple[int, Floats, str]:
    month = int(rng.choice((2, 3, 8)))
    steps, share = _increments(_organic()), float(rng.uniform(1.10, 1.25))
    for hot in (month, month + 1):
        extra = share / 12 - steps[hot - 1]
        steps[hot - 1] += extra
        steps[5 if month < 5 else 11] -= extra
    return month + 1, np.cumsum(steps), f"连续两个月支付为当月计划的{share:.0%}"


def _lagging(rng: np.random.Generator) -> tuple[int, Floats, str]:
    share = float(rng.uniform(0.42, 0.58))
    ratio = np.full(12, share)
    ratio[0] = 0.78
    return 3, EVEN * ratio, f"全年累计支付约为序时进度的{share:.0%}"


def _lump(rng: np.random.Generator) -> tuple[int, Floats, str]:
    month, share = int(rng.integers(2, 10)), float(rng.uniform(0.27, 0.38))
    steps = np.full(12, (0.985 - share) / 11)
    steps[month - 1] = share
    return month, np.cumsum(steps), f"单月支付占全年预算的{share:.0%}"


def _silent_quarter(rng: np.random.Generator) -> tuple[int, Floats, str]:
    steps = _increments(_organic())
    steps[7:10] = 0.0
    left = float(rng.uniform(0.95, 0.97)) - steps.sum() + steps[10] + steps[11]
    steps[10] = steps[11] = left / 2
    return 10, np.cumsum(steps), "8月至10月连续三个月零支付"


def _untouched(rng: np.random.Generator) -> tuple[int, Floats, str]:
    steps = np.zeros(12)
    steps[7:] = float(rng.uniform(0.92, 0.96)) / 5
    return 6, np.cumsum(steps), "专项资金1月至7月未动用"


def _underspent(rng: np.random.Generator) -> tuple[int, Floats, str]:
    spent, share = _organic(), float(rng.uniform(0.86, 0.93))
    spent[11] = share
    return 12, np.maximum.accumulate(spent), f"年末累计支付为计划的{share:.1%}"


def _over_budget(kind: str, in_last_year: bool, rng: np.random.Generator) -> tuple[int, Floats, str]:  # noqa: FBT001
    low, high = (1.02, 1.09) if kind == "over_budget_up_to_10_percent" else (1.13, 1.36)
    share = float(rng.uniform(low, high))
    last = 9 if in_last_year else 12
    spent = np.minimum(np.arange(1, 13) * share / last, share)
    crossed = 1.0 if high < 1.1 else 1.1
    return int(np.argmax(spent > crossed)) + 1, spent, f"累计支付为调整预算的{share:.1%}"
