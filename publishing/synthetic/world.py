"""The whole fictional budget, decided before the first payment is written; the same for every hand-over day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from publishing.synthetic.anomalies import Anomaly, plant_paths
from publishing.synthetic.arrays import Bools, Ints, generator
from publishing.synthetic.classes import FUNCTIONS
from publishing.synthetic.contracts import Contract, build_contracts
from publishing.synthetic.geography import Geography, build_geography
from publishing.synthetic.irregular import IrregularPayment, plant_payments, unbudgeted_lines
from publishing.synthetic.lines import (
    GENERAL,
    SUBSIDY,
    Line,
    Lines,
    general_lines,
    project_lines,
    subsidy_lines,
)
from publishing.synthetic.policies import Policy, build_policies
from publishing.synthetic.programmes import PROGRAMMES
from publishing.synthetic.projects import Project, build_projects
from publishing.synthetic.schedule import NEVER, Paths, amounts_fen, build_paths, sparse_year
from publishing.synthetic.suppliers import Register, build_register
from publishing.synthetic.units import Unit, build_units
from publishing.synthetic.volume import FixedLines, Volume, build_volume, sizing_month_index, targets

SMALL_SUM_YUAN = 1_000
SMALL_UNIT_FEN, LARGE_UNIT_FEN = 100, 1_000
RECLASSIFIED_PER_YEAR = 48


@dataclass(frozen=True, slots=True)
class Reclassification:
    """From `day` on, a line is shown under another function class."""

    line: int
    day: dt.date
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything that payments follow from. Arrays are by line, or by line and month; money in fen."""

    seed: int
    years: tuple[int, int]
    geography: Geography
    units: tuple[Unit, ...]
    policies: tuple[Policy, ...]
    register: Register
    projects: tuple[Project, ...]
    lines: Lines
    line_ids: tuple[str, ...]
    contracts: dict[int, Contract]
    paths: Paths
    volume: Volume
    adjusted_fen: Ints
    approved_fen: Ints
    due_fen: Ints
    unit_fen: Ints
    anomalies: tuple[Anomaly, ...]
    irregular: tuple[IrregularPayment, ...]
    reclassifications: tuple[Reclassification, ...]


def build_world(*, payments: int, seed: int, years: tuple[int, int], as_of: dt.date) -> World:
    """Decide everything. `as_of` matters only through the sizing day (see `volume`)."""
    geography = build_geography()
    units, register, policies, projects = _actors(seed, years)
    per_kind = int(np.clip(payments // 12_000, 3, 20))
    works = project_lines(projects, units, register, seed)
    fixed = FixedLines(len(units), len(geography.counties) * len(PROGRAMMES), len(works), 140 * per_kind)
    wanted = targets(payments, years, fixed)
    subsidies, shares = subsidy_lines(geography, units, seed, years, wanted.subsidy_lines)
    lines = Lines((
        *general_lines(units, register, seed, years, wanted.general_lines),
        *works,
        *unbudgeted_lines(units, seed, years, per_kind),
        *subsidies,
    ))  # fmt: skip
    closed = {number for number, project in enumerate(projects) if project.secrecy != "public"}
    steady = np.array([row.project in closed for row in lines.rows], dtype=bool)
    paths = build_paths(lines, seed, steady)
    anomalies, planted = plant_paths(lines, paths, projects, seed, per_kind)
    more, irregular = plant_payments(lines, units, register, seed, per_kind)
    sizing = sizing_month_index(years, as_of)
    seen = sum(
        (payment.paid_on.year - years[0]) * 12 + payment.paid_on.month - 1 <= sizing for payment in irregular
    )
    volume = build_volume(lines, paths, planted, shares, wanted, payments - seen, sizing, seed)
    adjusted = _adjusted(lines, paths, volume, seed)
    _make_room(paths, adjusted, irregular)
    _close_sparse_lines(lines, paths, volume, planted)
    unit_fen = np.array([_unit_fen(line) for line in lines.rows])
    due = amounts_fen(paths.spent, adjusted, volume.slots, unit_fen)
    contracts, stars = build_contracts(projects, lines, due.sum(axis=1), register, seed, per_kind, units)
    approved = np.rint(adjusted * paths.approved_share / 10_000).astype(np.int64) * 10_000
    approved = np.where(paths.adjusted_month == NEVER, adjusted, approved)
    return World(
        seed, years, geography, units, policies, register, projects, lines, tuple(lines.ids()), contracts, paths,
        volume, adjusted, approved, due, unit_fen, (*anomalies, *more, *stars), tuple(irregular),
        _reclassifications(lines, seed),
    )  # fmt: skip


@lru_cache(maxsize=2)
def _actors(
    seed: int, years: tuple[int, int]
) -> tuple[tuple[Unit, ...], Register, tuple[Policy, ...], tuple[Project, ...]]:
    """Who spends on what: the same for every size and day, so that a second hand-over need not ask again."""
    geography = build_geography()
    units = build_units(geography)
    policies = build_policies(seed)
    return (
        units,
        build_register(geography, units, seed),
        policies,
        build_projects(geography, units, policies, seed, years),
    )


def _unit_fen(line: Line) -> int:
    """Bodies are paid to the fen, persons in whole yuan, and larger subsidies in tens of yuan."""
    if line.role != SUBSIDY:
        return 1
    return SMALL_UNIT_FEN if PROGRAMMES[line.programme].yuan < SMALL_SUM_YUAN else LARGE_UNIT_FEN


def _adjusted(lines: Lines, paths: Paths, volume: Volume, seed: int) -> Ints:
    """Budgets; a subsidy's follows from how many payments it makes and how large they are."""
    rng = generator(seed, "subsidy budgets")
    adjusted = lines.budget_fen.copy()
    for row in np.flatnonzero(lines.role == SUBSIDY).tolist():
        programme = PROGRAMMES[lines.rows[row].programme]
        yuan = int(volume.slots[row].sum()) * programme.yuan * rng.uniform(0.9, 1.15) / paths.spent[row, 11]
        adjusted[row] = (int(yuan) // 100 + 1) * 10_000
    return adjusted


def _make_room(paths: Paths, adjusted: Ints, irregular: list[IrregularPayment]) -> None:
    """Irregular payments are made within the budget where there is one: the orderly ones shrink a little."""
    extra: dict[int, int] = {}
    for payment in irregular:
        extra[payment.line] = extra.get(payment.line, 0) + payment.amount_fen
    for row, fen in extra.items():
        if adjusted[row]:
            paths.spent[row] *= 1 - fen / int(adjusted[row])


def _close_sparse_lines(lines: Lines, paths: Paths, volume: Volume, planted: Bools) -> None:
    """Lines with fewer payments than months are planned for those months, in equal instalments."""
    months_with = (volume.slots > 0).sum(axis=1)
    sparse = (months_with < 13 - lines.starts) & (months_with > 0) & ~planted & (lines.role != SUBSIDY)
    for row in np.flatnonzero(sparse).tolist():
        paths.spent[row], paths.planned[row] = sparse_year(volume.slots[row] > 0, float(paths.spent[row, 11]))
        paths.even[row] = paths.planned[row]
    # One payment may be the whole year's money: it must not come before a budget that is raised later.
    paths.approved_share[sparse], paths.adjusted_month[sparse] = 1.0, NEVER


def _reclassifications(lines: Lines, seed: int) -> tuple[Reclassification, ...]:
    """A few general lines each year move to another item of the same class (类) in the course of the year."""
    rng = generator(seed, "reclassifications")
    items: dict[str, list[str]] = {}
    for code in sorted(FUNCTIONS):
        if len(code) == 7:
            items.setdefault(code[:3], []).append(code)
    found: list[Reclassification] = []
    for year in sorted(set(lines.year.tolist())):
        rows = np.flatnonzero((lines.role == GENERAL) & (lines.year == year))
        for row in rng.choice(rows, min(RECLASSIFIED_PER_YEAR, len(rows)), replace=False).tolist():
            old = lines.rows[row].function
            others = [code for code in items[old[:3]] if code != old]
            day = dt.date(year, 4, 1) + dt.timedelta(days=int(rng.integers(0, 300)))
            if others:
                found.append(Reclassification(row, day, old, others[int(rng.integers(len(others)))]))
    return tuple(found)


def planned_fen(world: World, as_of: dt.date) -> Ints:
    """Planned cumulative spending by line and month, on the budget that is in force on a day."""
    decided = world.paths.planned * world.adjusted_fen[:, None]
    undecided = world.paths.even * world.approved_fen[:, None]
    return np.rint(np.where(in_force_mask(world, as_of)[:, None], decided, undecided)).astype(np.int64)


def in_force_mask(world: World, as_of: dt.date) -> Bools:
    """Which lines' adjustments have been decided by a day (lines that are never adjusted count as decided)."""
    month = (as_of.year - world.lines.year) * 12 + as_of.month
    return np.asarray((world.paths.adjusted_month == NEVER) | (world.paths.adjusted_month <= month))
