"""Targets, results and milestones of projects, as far as they are known on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from publishing.synthetic.arrays import generator
from publishing.synthetic.catalogue import Effect, Output, effects_of
from publishing.synthetic.projects import DIVISIBLE, YEAR_SHARES, Project

WORKS_STEPS = (("项目申报", 0), ("立项批复", 5), ("招标完成", 15), ("开工建设", 20), ("中期检查", 50), ("主体完工", 80), ("竣工", 95), ("竣工验收", 100))  # fmt: skip
SERVICE_STEPS = (("项目申报", 0), ("方案批复", 10), ("采购完成", 20), ("启动实施", 30), ("中期评估", 60), ("实施完成", 90), ("绩效验收", 100))  # fmt: skip
MEASURED_ON = (1, 25)


@dataclass(frozen=True, slots=True)
class _Target:
    """One row of `indicators` before it is known whether it has been measured."""

    indicator: str
    unit: str
    kind: str
    year: int
    target: float
    result: float


def indicator_table(
    projects: list[Project], seed: int, years: tuple[int, int], as_of: dt.date
) -> pl.DataFrame:
    """Yearly targets of the years that have begun; results of the years that were measured by the day."""
    columns: dict[str, list[object]] = {
        name: []
        for name in (
            "project_id",
            "indicator",
            "unit",
            "kind",
            "fiscal_year",
            "target",
            "actual",
            "measured_on",
        )
    }
    for project in projects:
        rng = generator(seed, "indicators", int(project.project_id[1:]))
        for target in _targets(project, years, rng):
            if target.year > as_of.year:
                continue
            measured = dt.date(target.year + 1, *MEASURED_ON)
            known = measured <= as_of and project.fate == "normal"
            row = (project.project_id, target.indicator, target.unit, target.kind, target.year, target.target,
                   target.result if known else None, measured if known else None)  # fmt: skip
            for column, value in zip(columns.values(), row, strict=True):
                column.append(value)
    types = {"target": pl.Float64, "actual": pl.Float64, "measured_on": pl.Date}
    return pl.DataFrame({name: pl.Series(values, dtype=types.get(name)) for name, values in columns.items()})


def _targets(project: Project, years: tuple[int, int], rng: np.random.Generator) -> Iterator[_Target]:
    kind = project.kind
    if kind is None:
        return
    length = project.planned_end.year - project.starts_on.year + 1
    last = min(project.planned_end.year, years[1])
    for step, year in enumerate(range(project.starts_on.year, last + 1)):
        share = YEAR_SHARES[length][step]
        yield _quantity(kind.output, project.quantity * share, year, rng)
    for output in kind.more_outputs:
        total = project.quantity * float(rng.uniform(output.low, output.high))
        yield _quantity(output, total, last, rng)
    for effect in effects_of(kind):
        yield _effect(effect, last, rng)


def _quantity(output: Output, amount: float, year: int, rng: np.random.Generator) -> _Target:
    digits = 1 if output.unit in DIVISIBLE else 0
    target = max(round(amount, digits), 0.1 if digits else 1.0)
    share = (
        1.0 if rng.random() < 0.55 else float(rng.choice((rng.uniform(0.86, 0.99), rng.uniform(1.0, 1.08))))
    )
    return _Target(
        output.indicator, output.unit, "quantity", year, target, max(round(target * share, digits), 0.0)
    )


def _effect(effect: Effect, year: int, rng: np.random.Generator) -> _Target:
    digits = 2 if effect.high < 1 else 1 if effect.high < 20 else 0
    target = round(float(rng.uniform(effect.low, effect.high)), digits)
    low, high = (0.96, 1.03) if effect.unit == "%" else (0.93, 1.06)
    result = round(target * float(rng.uniform(low, high)), max(digits, 1))
    if effect.unit == "%" and effect.low >= 50:
        result = min(result, 100.0)
    return _Target(effect.indicator, effect.unit, effect.kind, year, target, result)


def milestone_table(projects: list[Project], seed: int, as_of: dt.date) -> pl.DataFrame:
    """Planned steps from application to acceptance; a step is done on the day it was, if that day has come."""
    columns: dict[str, list[object]] = {
        name: [] for name in ("project_id", "name", "planned_on", "done_on", "progress")
    }
    for project in projects:
        rng = generator(seed, "milestones", int(project.project_id[1:]))
        for row in _steps(project, rng, as_of):
            for column, value in zip(columns.values(), (project.project_id, *row), strict=True):
                column.append(value)
    dates = {"planned_on": pl.Date, "done_on": pl.Date}
    return pl.DataFrame({name: pl.Series(values, dtype=dates.get(name)) for name, values in columns.items()})


def _steps(
    project: Project, rng: np.random.Generator, as_of: dt.date
) -> Iterator[tuple[str, dt.date, dt.date | None, int]]:
    works = project.kind is not None and project.kind.trade in {"building", "municipal", "road", "water"}
    steps = WORKS_STEPS if works else SERVICE_STEPS
    started = 3
    planned_days, real_days = (
        (project.planned_end - project.starts_on).days,
        (project.ended_on - project.starts_on).days,
    )
    stopped = {"normal": 1.01, "suspended": 0.55, "cancelled": 0.0}[project.fate]
    for place, (name, progress) in enumerate(steps):
        if place < started:
            planned = project.starts_on - dt.timedelta(days=(started - place) * 38 + 10)
            done = planned + dt.timedelta(days=int(rng.integers(-4, 9)))
            happened = project.fate != "cancelled" or place < 2
        else:
            share = (place - started) / (len(steps) - 1 - started)
            planned = project.starts_on + dt.timedelta(days=round(planned_days * share))
            jitter = int(rng.integers(0, 12)) if 0 < share < 1 else 0
            done = project.starts_on + dt.timedelta(days=round(real_days * share) + jitter)
            happened = share < stopped
        yield name, planned, done if happened and done <= as_of else None, progress
