"""Which cells are sensitive, why, and how wide an attacker's interval must stay: the primary rules.

A *contributor* is a distinct protected payee inside the cell. A cell is sensitive when

* it has fewer than `min_contributors` of them (threshold), or
* value - largest - second < p % of largest: the second largest, who knows its own part, would estimate the largest
  closer than p % (p% rule), or
* the n largest hold more than k % of the value ((n,k) dominance), where the policy asks for it.

A cell without protected contributors is not sensitive. All arithmetic is in whole units and exact.
Source: Hundepool et al., Statistical Disclosure Control (2012), chapter 4; Eurostat/ESSnet SDC handbook, section 4.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anonymize.errors import PolicyError

THRESHOLD = "threshold"
P_PERCENT = "p_percent"
DOMINANCE = "dominance"

_LARGEST_FACTOR = 1 << 20
_LARGEST_MONEY = 1 << 42
"""Products below 2^63: money up to 4.4e12 units times a factor up to 1e6; anything larger is done in Python integers."""

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


@dataclass(frozen=True)
class Dominance:
    """Sensitive when the `n` (1 or 2) largest contributors hold more than `k_pct` % of the value."""

    n: int
    k_pct: Fraction

    def __post_init__(self) -> None:
        if self.n not in {1, 2}:
            raise PolicyError(
                "rules.dominance.n", f"{self.n} is not 1 or 2; cells carry the two largest only"
            )
        if not 0 < self.k_pct < 100:
            raise PolicyError("rules.dominance.k_pct", f"{self.k_pct} is not between 0 and 100")


@dataclass(frozen=True)
class PrimaryRules:
    """The thresholds of the primary rules. `p_pct` is a percentage, exact."""

    min_contributors: int = 3
    p_pct: Fraction = Fraction(10)
    dominance: Dominance | None = None

    def __post_init__(self) -> None:
        if self.min_contributors < 1:
            raise PolicyError("rules.min_contributors", f"{self.min_contributors} is less than 1")
        if not 0 <= self.p_pct <= 100:
            raise PolicyError("rules.p", f"{self.p_pct} is not between 0 and 100 percent")


def assess(cells: pl.DataFrame, rules: PrimaryRules) -> pl.DataFrame:
    """Add what the rules say about each cell.

    In:   value i64 · contributors int · largest i64 · second i64; optional lower i64 (smallest value an outsider
          thinks possible, default 0)
    Out:  the same rows and columns, and
          reason str?   threshold, p_percent or dominance (the first that applies); null: not sensitive
          upl i64       upper protection level: an attacker must think value + upl possible; 0 when not sensitive
          lpl i64       lower protection level: likewise value - lpl

    UPL = max(p % of largest - (value - largest - second), 1), rounded up; LPL = min(UPL, value - lower).
    """
    value, largest, second = (_integers(cells, name) for name in ("value", "largest", "second"))
    contributors = _integers(cells, "contributors")
    lower = _integers(cells, "lower") if "lower" in cells.columns else np.zeros_like(value)
    rest = value - largest - second
    needed = _ceiling_share(largest, rules.p_pct)
    protected = contributors > 0
    threshold = protected & (contributors < rules.min_contributors)
    p_percent = protected & _below_share(rest, largest, rules.p_pct)
    missing = needed - rest
    dominated = np.zeros_like(protected)
    if rules.dominance is not None:
        dominated, lacking = _dominated(value, largest, second, rules.dominance)
        dominated &= protected
        missing = np.where(dominated, np.maximum(missing, lacking), missing)
    sensitive = threshold | p_percent | dominated
    upl = np.where(sensitive, np.maximum(missing, 1), 0)
    lpl = np.where(sensitive, np.clip(np.minimum(upl, value - lower), 0, None), 0)
    reason = np.select([threshold, p_percent, dominated], [THRESHOLD, P_PERCENT, DOMINANCE], default="")
    return cells.with_columns(
        pl.Series("reason", reason).replace("", None),
        pl.Series("upl", upl, dtype=pl.Int64),
        pl.Series("lpl", lpl, dtype=pl.Int64),
    )


def _integers(cells: pl.DataFrame, column: str) -> Integers:
    return cells[column].cast(pl.Int64).to_numpy().astype(np.int64)


def _ceiling_share(amount: Integers, share_pct: Fraction) -> Integers:
    """Round share_pct % of each amount up to the next whole unit."""
    over = share_pct.numerator
    under = share_pct.denominator * 100
    if over < _LARGEST_FACTOR and np.abs(amount).max(initial=0) < _LARGEST_MONEY:
        return -((-amount * over) // under)
    exact = [-((-int(one) * over) // under) for one in amount]
    return np.array(exact, dtype=np.int64)


def _below_share(rest: Integers, largest: Integers, share_pct: Fraction) -> Booleans:
    """Whether rest < share_pct % of largest. Whole units: that is rest < the share rounded up."""
    return rest < _ceiling_share(largest, share_pct)


def _dominated(
    value: Integers, largest: Integers, second: Integers, rule: Dominance
) -> tuple[Booleans, Integers]:
    """Cells whose n largest hold more than k %, and what the value lacks for them to hold k % only."""
    top = largest + (second if rule.n == 2 else 0)
    enough = _ceiling_share(top, Fraction(100) / rule.k_pct * 100)
    return enough > value, enough - value
