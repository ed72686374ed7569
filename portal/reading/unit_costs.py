"""What a unit of something costs here, from the release's own projects: the yardsticks of relatable amounts.

The price of a unit is the median, over completed projects that report exactly one quantity, of what was paid divided
by the quantity reached. A price rests on at least five such projects; each use of it says on how many.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from portal.reading.edition import Edition
from portal.reading.tongue import tell

LEAST = 5


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one unit of an indicator cost: the median over so many projects, in fen."""

    indicator: str
    unit: str
    median_fen: int
    projects: int


@dataclass(frozen=True, slots=True)
class Likened:
    """An amount in units of something that can be seen."""

    count: float
    cost: UnitCost

    @property
    def said(self) -> str:
        """How many, to three digits: a median is no more exact than that."""
        digits = 3 - len(str(int(self.count)))
        return f"{round(self.count, digits):,.0f}" if self.count >= 100 else f"{self.count:,.1f}"

    @property
    def source(self) -> str:
        """Where the price comes from, in words."""
        return tell(
            "按本号发布里 {} 个已完成、只报一项数量指标的项目，已支付 ÷ 完成数量的中位数", self.cost.projects
        )


def project_costs(edition: Edition) -> pl.DataFrame:
    """One row per completed project with exactly one reported quantity.

    project_id str · indicator str · unit str · quantity f64 (> 0, summed over years) · paid i64 (fen, > 0) ·
    unit_fen f64. Sorted by project.
    """
    return edition.keep("project costs", lambda: _project_costs(edition))


def _project_costs(edition: Edition) -> pl.DataFrame:
    reached = (
        edition.frame("indicators")
        .filter((pl.col("kind") == "quantity") & (pl.col("actual") > 0))
        .group_by("project_id")
        .agg(
            pl.col("indicator").n_unique().alias("kinds"),
            pl.col("indicator").first(),
            pl.col("unit").first(),
            pl.col("actual").sum().alias("quantity"),
        )
        .filter(pl.col("kinds") == 1)
    )
    done = edition.frame("projects").filter(
        (pl.col("status") == "completed") & (pl.col("paid_status") == "published") & (pl.col("paid") > 0)
    )
    return (
        reached.join(done.select("project_id", "paid"), on="project_id")
        .with_columns((pl.col("paid") / pl.col("quantity")).alias("unit_fen"))
        .select("project_id", "indicator", "unit", "quantity", "paid", "unit_fen")
        .sort("project_id")
    )


def unit_costs(edition: Edition) -> tuple[UnitCost, ...]:
    """All yardsticks, those with most projects first."""
    return edition.keep("unit costs", lambda: _unit_costs(edition))


def _unit_costs(edition: Edition) -> tuple[UnitCost, ...]:
    rows = (
        project_costs(edition)
        .group_by("indicator", "unit")
        .agg(pl.col("unit_fen").median().alias("median"), pl.len().alias("projects"))
        .filter((pl.col("projects") >= LEAST) & (pl.col("median") >= 1))
        .sort(["projects", "indicator"], descending=[True, False])
    )
    return tuple(
        UnitCost(indicator, unit or "", round(median), projects)
        for indicator, unit, median, projects in rows.iter_rows()
    )


def liken(edition: Edition, fen: int, most: int = 3) -> tuple[Likened, ...]:
    """The amount in units of which it buys at least one, the dearest first: few large things say more than many small."""
    found = [Likened(fen / cost.median_fen, cost) for cost in unit_costs(edition) if fen >= cost.median_fen]
    return tuple(sorted(found, key=lambda item: (item.count, item.cost.indicator))[:most])
