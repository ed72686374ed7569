"""The small tables of the package, as they stand on the day of the hand-over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from publishing.synthetic.arrays import Ints
from publishing.synthetic.classes import ECONOMICS, FUNCTIONS, class_table
from publishing.synthetic.lines import UNBUDGETED
from publishing.synthetic.payments import money
from publishing.synthetic.performance import indicator_table, milestone_table
from publishing.synthetic.projects import Project
from publishing.synthetic.world import World, in_force_mask, planned_fen

DECLARED_AHEAD = dt.timedelta(days=75)


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What the rows of one fiscal year must add up to, in fen."""

    table: str
    column: str
    fiscal_year: int
    total_fen: int


def build_tables(world: World, as_of: dt.date) -> tuple[dict[str, pl.DataFrame], list[ControlTotal]]:
    """All tables but the payments, in the order of the contract, and their control totals."""
    lines, totals = _budget_lines(world, as_of)
    contracts, contract_totals = _contracts(world, as_of)
    shown = [project for project in world.projects if is_declared(project, as_of)]
    tables = {
        "regions": _regions(world),
        "region_groups": _region_groups(world),
        "organisations": _organisations(world),
        "functions": class_table(FUNCTIONS, "function_code"),
        "economics": class_table(ECONOMICS, "economic_code"),
        "policies": _policies(world, as_of),
        "projects": _projects(world, shown, as_of),
        "budget_lines": lines,
        "plans": _plans(world, as_of),
        "suppliers": _suppliers(world),
        "contracts": contracts,
        "indicators": indicator_table(shown, world.seed, world.years, as_of),
        "milestones": milestone_table(shown, world.seed, as_of),
    }
    return tables, [*totals, *contract_totals]


def is_declared(project: Project, as_of: dt.date) -> bool:
    """Projects are known once their budget year has begun, or some weeks before they start."""
    return project.starts_on.year <= as_of.year or project.starts_on - DECLARED_AHEAD <= as_of


def visible_lines(world: World, as_of: dt.date) -> Ints:
    """Lines of fiscal years that have begun."""
    return np.flatnonzero(world.lines.year <= as_of.year)


def _regions(world: World) -> pl.DataFrame:
    rows = world.geography.regions
    return pl.DataFrame({
        "region_code": [r.code for r in rows], "name": [r.name for r in rows],
        "parent_code": [r.parent_code for r in rows], "level": [r.level for r in rows], "lon": [r.lon for r in rows],
        "lat": [r.lat for r in rows], "population": [r.population for r in rows],
    })  # fmt: skip


def _region_groups(world: World) -> pl.DataFrame:
    rows = [(name, city.code) for name, cities in world.geography.groups.items() for city in cities]
    return pl.DataFrame(rows, schema={"group": pl.String, "region_code": pl.String}, orient="row")


def _organisations(world: World) -> pl.DataFrame:
    rows = world.units
    return pl.DataFrame({
        "org_id": [u.org_id for u in rows], "name": [u.name for u in rows],
        "region_code": [u.region.code for u in rows], "sector": [u.sector for u in rows],
        "parent_org_id": [u.parent_org_id for u in rows],
    })  # fmt: skip


def _policies(world: World, as_of: dt.date) -> pl.DataFrame:
    rows = [policy for policy in world.policies if policy.issued_on <= as_of]
    return pl.DataFrame({
        "policy_id": [p.policy_id for p in rows], "title": [p.title for p in rows],
        "issued_by": [p.issued_by for p in rows], "issued_on": pl.Series([p.issued_on for p in rows], dtype=pl.Date),
        "url": pl.Series([None] * len(rows), dtype=pl.String),
    })  # fmt: skip


def _suppliers(world: World) -> pl.DataFrame:
    rows = world.register.suppliers
    return pl.DataFrame({
        "supplier_id": [s.supplier_id for s in rows], "name": [s.name for s in rows],
        "credit_code": [s.credit_code for s in rows], "kind": [s.kind for s in rows],
        "region_code": [s.region_code for s in rows],
    })  # fmt: skip


def _projects(world: World, rows: list[Project], as_of: dt.date) -> pl.DataFrame:
    states = [status_of(project, as_of) for project in rows]
    ended = [p.ended_on if state == "completed" else None for p, state in zip(rows, states, strict=True)]
    return pl.DataFrame({
        "project_id": [p.project_id for p in rows], "name": [p.name for p in rows],
        "region_code": [p.region.code for p in rows], "org_id": [world.units[p.unit].org_id for p in rows],
        "function_code": [p.function for p in rows],
        "policy_id": pl.Series([p.policy_id for p in rows], dtype=pl.String), "status": states,
        "starts_on": pl.Series([p.starts_on for p in rows], dtype=pl.Date),
        "planned_end": pl.Series([p.planned_end for p in rows], dtype=pl.Date),
        "ended_on": pl.Series(ended, dtype=pl.Date),
        "total_investment": money(np.array([p.total_yuan * 100 for p in rows], dtype=np.int64)),
        "description": [p.description for p in rows], "lon": pl.Series([p.lon for p in rows], dtype=pl.Float64),
        "lat": pl.Series([p.lat for p in rows], dtype=pl.Float64),
        "address": pl.Series([p.address for p in rows], dtype=pl.String),
        "livelihood": [p.livelihood for p in rows], "secrecy": [p.secrecy for p in rows],
    })  # fmt: skip


def status_of(project: Project, as_of: dt.date) -> str:
    """What the unit would report on that day."""
    if as_of < project.starts_on:
        return "planned"
    if project.fate == "cancelled":
        return "cancelled"
    if project.fate == "suspended" and as_of >= dt.date(project.planned_end.year, 3, 1):
        return "suspended"
    return "completed" if project.ended_on <= as_of else "under_way"


def _budget_lines(world: World, as_of: dt.date) -> tuple[pl.DataFrame, list[ControlTotal]]:
    rows = visible_lines(world, as_of)
    moved = {change.line: change.new for change in world.reclassifications if change.day <= as_of}
    approved = world.approved_fen[rows]
    adjusted = np.where(in_force_mask(world, as_of), world.adjusted_fen, world.approved_fen)[rows]
    lines = [world.lines.rows[row] for row in rows.tolist()]
    frame = pl.DataFrame({
        "line_id": [world.line_ids[row] for row in rows.tolist()], "fiscal_year": [line.year for line in lines],
        "org_id": [world.units[line.unit].org_id for line in lines],
        "project_id": pl.Series(
            [world.projects[line.project].project_id if line.project >= 0 else None for line in lines], dtype=pl.String
        ),
        "function_code": [moved.get(row, line.function) for row, line in zip(rows.tolist(), lines, strict=True)],
        "economic_code": [line.economic for line in lines], "fund_source": [line.fund for line in lines],
        "approved": money(approved), "adjusted": money(adjusted),
    })  # fmt: skip
    year = world.lines.year[rows]
    totals = [
        ControlTotal("budget_lines", column, fiscal_year, int(values[year == fiscal_year].sum()))
        for column, values in (("approved", approved), ("adjusted", adjusted))
        for fiscal_year in sorted(set(year.tolist()))
    ]
    return frame, totals


def _plans(world: World, as_of: dt.date) -> pl.DataFrame:
    rows = visible_lines(world, as_of)
    rows = rows[world.lines.role[rows] != UNBUDGETED]
    planned = planned_fen(world, as_of)[rows]
    ids = pl.Series([world.line_ids[row] for row in rows.tolist()])
    place = np.repeat(np.arange(len(rows)), 12)
    months = pl.Series([f"{month:02d}" for month in range(1, 13)]).gather(np.tile(np.arange(12), len(rows)))
    years = pl.Series(world.lines.year[rows]).cast(pl.String).gather(place)
    return pl.DataFrame({
        "line_id": ids.gather(place),
        "month": pl.DataFrame({"y": years, "m": months}).select(pl.concat_str("y", "m", separator="-")).to_series(),
        "planned_cumulative": money(planned.ravel()),
    })  # fmt: skip


def _contracts(world: World, as_of: dt.date) -> tuple[pl.DataFrame, list[ControlTotal]]:
    rows = [c for _, c in sorted(world.contracts.items()) if c.signed_on <= as_of]
    frame = pl.DataFrame({
        "contract_id": [c.contract_id for c in rows],
        "project_id": [world.projects[c.project].project_id for c in rows],
        "org_id": [world.units[c.unit].org_id for c in rows],
        "supplier_id": [world.register.suppliers[c.supplier].supplier_id for c in rows],
        "title": [c.title for c in rows], "signed_on": pl.Series([c.signed_on for c in rows], dtype=pl.Date),
        "amount": money(np.array([c.amount_fen for c in rows], dtype=np.int64)), "method": [c.method for c in rows],
        "ends_on": pl.Series([c.ends_on for c in rows], dtype=pl.Date),
    })  # fmt: skip
    totals: dict[int, int] = {}
    for contract in rows:
        year = contract.signed_on.year
        totals[year] = totals.get(year, 0) + contract.amount_fen
    return frame, [ControlTotal("contracts", "amount", year, totals[year]) for year in sorted(totals)]
