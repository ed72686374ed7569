"""Per-line look-up columns for writing payments: ids, payees, and what the payment order says it is for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from publishing.synthetic.arrays import Floats, Ints, generator
from publishing.synthetic.classes import ECONOMICS
from publishing.synthetic.lines import SUBSIDY, Line
from publishing.synthetic.programmes import PROGRAMMES
from publishing.synthetic.world import World

GENERAL_STEMS = {
    "501": "统发工资及社会保险缴费", "502": "日常公用经费", "503": "基本建设与设备购置", "504": "基本建设支出", "505": "事业单位运转补助",
    "506": "事业单位建设补助", "507": "企业补助资金", "510": "社会保险基金补助", "511": "政府债券利息", "599": "村级组织运转经费",
}  # fmt: skip
ORGANIC_SPREAD = 0.35
YEARLY_TURNOVER = 0.3


@dataclass(frozen=True, slots=True)
class Texts:
    """Columns by line, and by supplier with one empty entry at the end (for payees in no register)."""

    line_ids: pl.Series
    project_ids: pl.Series
    contract_ids: pl.Series
    org_ids: pl.Series
    stems: pl.Series
    supplier_ids: pl.Series
    supplier_names: pl.Series
    supplier_kinds: pl.Series
    supplier_accounts: pl.Series
    county: Ints
    payee_start: Ints
    payee_count: Ints
    person_start: Ints
    person_count: Ints
    spread: Floats
    yearly: Ints


def build_texts(world: World) -> Texts:
    """All look-ups for one world."""
    rows, suppliers = world.lines.rows, world.register.suppliers
    contracts = [world.contracts.get(line.contract) for line in rows]
    person_start, person_count = _persons(world)
    return Texts(
        pl.Series(world.line_ids),
        pl.Series(
            [world.projects[r.project].project_id if r.project >= 0 else None for r in rows], dtype=pl.String
        ),
        pl.Series([c.contract_id if c else None for c in contracts], dtype=pl.String),
        pl.Series([world.units[r.unit].org_id for r in rows]),
        pl.Series([_stem(world, r) for r in rows]),
        pl.Series([*(s.supplier_id for s in suppliers), None], dtype=pl.String),
        pl.Series([*(s.name for s in suppliers), None], dtype=pl.String),
        pl.Series([*(s.kind for s in suppliers), None], dtype=pl.String),
        pl.Series([*(s.account for s in suppliers), None], dtype=pl.String),
        np.array([r.county for r in rows]),
        np.array([c.supplier if c else r.payees.start for c, r in zip(contracts, rows, strict=True)]),
        np.array([1 if c else max(1, r.payees.count) for c, r in zip(contracts, rows, strict=True)]),
        person_start,
        person_count,
        np.array([PROGRAMMES[r.programme].spread if r.role == SUBSIDY else ORGANIC_SPREAD for r in rows]),
        world.volume.slots.sum(axis=1),
    )


def _stem(world: World, line: Line) -> str:
    if line.role == SUBSIDY:
        return line.stem
    if line.project >= 0:
        name = world.projects[line.project].name
        return f"{name}{line.stem}" + ("" if line.contract < 0 else "进度款")
    return GENERAL_STEMS[line.economic[:3]] + f"（{ECONOMICS[line.economic]}）"


def _persons(world: World) -> tuple[Ints, Ints]:
    """Which persons of its county a programme pays: most stay from year to year, and programmes overlap."""
    rng = generator(world.seed, "persons")
    yearly = world.volume.slots.sum(axis=1)
    count = np.maximum(3, np.rint(yearly / rng.uniform(1.3, 2.6, len(yearly)))).astype(np.int64)
    sparse = np.array([line.sparse for line in world.lines.rows])
    count = np.where(sparse, 1 + (rng.random(len(yearly)) < 0.5), count)
    programme = np.array([line.programme for line in world.lines.rows])
    typical = max(12, int(np.median(count[world.lines.role == SUBSIDY])))
    years_on = world.lines.year - world.years[0]
    start = 1 + programme * round(typical * 1.1) + np.floor(years_on * typical * YEARLY_TURNOVER)
    return start.astype(np.int64), count
