"""What the protection hid, by which rule, and what it cost.

The full report is for the maker of a release: sums over withheld cells are one more equation for an attacker, so
`public()` leaves out every amount and keeps counts and rounded shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import polars as pl

from anonymize.attack import AttackReport
from anonymize.suppress import Merge, Pattern
from anonymize.system import HIDDEN, STATES, System


@dataclass(frozen=True)
class RuleCount:
    """Cells that one rule withholds."""

    rule: str
    cells: int
    value: int


@dataclass(frozen=True)
class MergedCells:
    """Two cells published as one because nothing else helps, or two that should be."""

    cell: str
    sibling: str


@dataclass(frozen=True)
class DisclosureReport:
    """The account of one protection run.

    cells, published, withheld  counts of visible cells (hidden cells are in no table)
    rules                       per primary rule, and `secondary`
    secondary_value             value of the cells withheld only to protect others
    value_share_pct             share of the value of all visible cells that is withheld, of any reason
    exposed                     what the auditor found: must be empty
    insider_risks               cells that a single payee could narrow: must be empty, or merged
    """

    cells: int
    published: int
    withheld: int
    sensitive: int
    rules: tuple[RuleCount, ...]
    secondary_cells: int
    secondary_value: int
    value_share_pct: float
    attacked_cells: int
    exposed: tuple[str, ...]
    insider_risks: tuple[str, ...] = ()
    merges: tuple[MergedCells, ...] = ()
    programmes: int = 0
    policy: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The whole report, amounts included: internal."""
        return {"internal": True, **asdict(self)}

    def public(self) -> dict[str, Any]:
        """What everybody may read: counts, rounded shares and merges, no amounts."""
        return {
            "cells": self.cells,
            "published": self.published,
            "withheld": self.withheld,
            "rules": {rule.rule: rule.cells for rule in self.rules},
            "value_share_pct": round(self.value_share_pct),
            "attack": {"cells": self.attacked_cells, "exposed": len(self.exposed)},
            "merges": [asdict(merge) for merge in self.merges],
            "policy": dict(self.policy),
        }


def disclosure_report(
    system: System,
    pattern: Pattern,
    reasons: pl.DataFrame,
    outcome: AttackReport,
    *,
    insider_outcome: AttackReport | None = None,
    merges: Sequence[Merge] = (),
    policy: Mapping[str, str] | None = None,
) -> DisclosureReport:
    """Count what a pattern withholds. `reasons`: key str · reason str? of the primary rules."""
    visible = system.state != STATES.index(HIDDEN)
    withheld = pattern.withheld & visible
    by_rule = pl.DataFrame({"key": system.keys, "value": system.value, "withheld": withheld}).join(
        reasons.select("key", "reason"), on="key", how="left"
    )
    rules = (
        by_rule.filter("withheld")
        .group_by(pl.col("reason").fill_null("secondary"))
        .agg(pl.len().alias("cells"), pl.col("value").sum())
        .sort("reason")
    )
    total = float(np.abs(system.value[visible]).sum())
    hidden_value = float(np.abs(system.value[withheld]).sum())
    names = insider_outcome.exposures if insider_outcome is not None else ()
    return DisclosureReport(
        cells=int(visible.sum()),
        published=int((visible & ~withheld).sum()),
        withheld=int(withheld.sum()),
        sensitive=int((system.sensitive & visible).sum()),
        rules=tuple(RuleCount(*row) for row in rules.iter_rows()),
        secondary_cells=int(pattern.secondary.sum()),
        secondary_value=pattern.cost(system),
        value_share_pct=100 * hidden_value / total if total else 0.0,
        attacked_cells=outcome.checked,
        exposed=tuple(exposure.key for exposure in outcome.exposures),
        insider_risks=tuple(f"{exposure.key} by {exposure.insider}" for exposure in names),
        merges=tuple(
            MergedCells(str(system.keys[merge.cell]), str(system.keys[merge.sibling])) for merge in merges
        ),
        programmes=pattern.programmes,
        policy=dict(policy or {}),
    )
