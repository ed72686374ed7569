"""A project among its like: cost of a unit, time, satisfaction and targets as ranks, each with what it rests on.

A score is the share of like projects (in percent) that are not better. Like are, for the cost of a unit, the projects
that report the same quantity; for the rest, those of the same department. A rank needs at least five of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from portal.reading.charts.model import Reading
from portal.reading.edition import Edition, Runs
from portal.reading.quantities import NOT_REPORTED, Amount, percent, quantity, say
from portal.reading.tongue import tell
from portal.reading.unit_costs import LEAST, project_costs

AXES = ("单位成本", "工期", "满意度", "目标完成")
MOST_LIKE = 5


@dataclass(frozen=True, slots=True)
class Rank:
    """A score from 0 to 100 (more is better) and its basis in words."""

    score: Reading
    basis: str


NO_RANK = Rank(Reading(None, "…", NOT_REPORTED), "没有报送，或同类项目不足五个")


def likeness_table(edition: Edition) -> pl.DataFrame:
    """One row per project: project_id · sector · indicator · unit · unit_fen f64 · days i64 (late, negative early) ·
    satisfaction f64 (%) · reached f64 (% of targets, at most 150). Null where it is not reported.
    """
    return edition.keep("likeness", lambda: _likeness_table(edition))


def _likeness_table(edition: Edition) -> pl.DataFrame:
    as_of = edition.release.as_of
    ends = pl.coalesce("ended_on", pl.when(pl.col("planned_end") < as_of).then(pl.lit(as_of)))
    projects = edition.frame("projects").select(
        "project_id", "sector", (ends - pl.col("planned_end")).dt.total_days().alias("days")
    )
    indicators = edition.frame("indicators")
    happy = (
        indicators.filter((pl.col("kind") == "satisfaction") & pl.col("actual").is_not_null())
        .sort("fiscal_year")
        .group_by("project_id")
        .agg(pl.col("actual").last().alias("satisfaction"))
    )
    reached = (
        indicators.filter(
            (pl.col("kind") == "quantity") & (pl.col("target") > 0) & pl.col("actual").is_not_null()
        )
        .group_by("project_id")
        .agg((pl.col("actual") / pl.col("target") * 100).clip(0, 150).mean().alias("reached"))
    )
    costs = project_costs(edition).select("project_id", "indicator", "unit", "unit_fen")
    found = projects
    for part in (happy, reached, costs):
        found = found.join(part, on="project_id", how="left")
    return found.sort("project_id")


def ranks_of(edition: Edition, project_id: str) -> tuple[Rank, ...]:
    """The ranks of a project, one for each of `AXES`."""
    runs: Runs = edition.keep("likeness runs", lambda: Runs(likeness_table(edition), ("project_id",)))
    rows = runs.rows(project_id)
    if not rows:
        return (NO_RANK,) * len(AXES)
    row = rows[0]
    currency = edition.currency

    def cost(value: float) -> str:
        return tell("每{} {}", row["unit"] or tell("单位"), say(Amount(round(value)), currency))

    def days(value: float) -> str:
        return (
            tell("晚 {:.0f} 天", value)
            if value > 0
            else tell("提前 {:.0f} 天", -value)
            if value < 0
            else tell("按期")
        )

    return (
        _rank(
            edition, ("indicator", row["indicator"]), "unit_fen", row["unit_fen"], cost, is_less_better=True
        ),
        _rank(edition, ("sector", row["sector"]), "days", row["days"], days, is_less_better=True),
        _rank(edition, ("sector", row["sector"]), "satisfaction", row["satisfaction"], percent),
        _rank(edition, ("sector", row["sector"]), "reached", row["reached"], percent),
    )


def like_projects(edition: Edition, project_id: str) -> tuple[str, ...]:
    """Up to `MOST_LIKE` projects to compare one with: of its kind, with most to compare, nearest in cost."""
    table = likeness_table(edition).join(
        edition.frame("projects").select("project_id", "total_investment"), on="project_id", how="left"
    )
    own = table.filter(pl.col("project_id") == project_id)
    if not own.height:
        return ()
    column = "indicator" if own["indicator"][0] is not None else "sector"
    size = own["total_investment"][0] or 0
    like = table.filter((pl.col(column) == own[column][0]) & (pl.col("project_id") != project_id))
    scores = pl.sum_horizontal(pl.col("unit_fen", "days", "satisfaction", "reached").is_not_null())
    distance = (pl.col("total_investment").fill_null(0) - size).abs()
    found = like.sort(-scores.cast(pl.Int32), distance, "project_id").head(MOST_LIKE)
    return tuple(found["project_id"].to_list())


def _rank(
    edition: Edition,
    like: tuple[str, str | None],
    measure: str,
    value: float | None,
    said: Callable[[float], str],
    *,
    is_less_better: bool = False,
) -> Rank:
    column, group = like
    if value is None or group is None:
        return NO_RANK
    sizes: list[float] = edition.keep(
        ("like", column, group, measure),
        lambda: sorted(
            likeness_table(edition).filter(pl.col(column) == group)[measure].drop_nulls().to_list()
        ),
    )
    if len(sizes) < LEAST:
        return NO_RANK
    worse = sum(1 for other in sizes if (other >= value if is_less_better else other <= value))
    score = worse / len(sizes) * 100
    middle = (sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2
    basis = tell("{}；同类 {} 个的中位数：{}", said(value), len(sizes), said(middle))
    return Rank(Reading(score, tell("不差于 {}% 的同类", quantity(round(score)))), basis)
