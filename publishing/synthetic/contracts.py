"""Contracts: one per part of a project, large enough for everything that will ever be paid on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from publishing.synthetic.anomalies import GRADES, Anomaly
from publishing.synthetic.arrays import Ints, generator
from publishing.synthetic.classes import OPEN_TENDER, PROCUREMENT_METHODS
from publishing.synthetic.lines import PROJECT, Lines
from publishing.synthetic.projects import Project
from publishing.synthetic.suppliers import Pool, Register
from publishing.synthetic.units import SECTORS, Unit

WORKS = {"building", "municipal", "road", "water"}
CONTRACTS_OF_A_STAR = 14


@dataclass(frozen=True, slots=True)
class Contract:
    """One row of `contracts`; `number` is the part it was made for, over all projects."""

    number: int
    contract_id: str
    project: int
    unit: int
    supplier: int
    title: str
    signed_on: dt.date
    amount_fen: int
    method: str
    ends_on: dt.date


def build_contracts(
    projects: tuple[Project, ...], lines: Lines, paid_fen: Ints, register: Register, seed: int, per_kind: int,
    units: tuple[Unit, ...],
) -> tuple[dict[int, Contract], list[Anomaly]]:  # fmt: skip
    """Contracts by part number, and suppliers that were made to win too many. `paid_fen` is each line's final total."""
    rng = generator(seed, "contracts")
    due: dict[int, int] = {}
    first_year: dict[int, int] = {}
    for row in np.flatnonzero(lines.role == PROJECT).tolist():
        line = lines.rows[row]
        if line.contract >= 0:
            due[line.contract] = due.get(line.contract, 0) + int(paid_fen[row])
            first_year.setdefault(line.contract, line.year)
    drafts: dict[int, Contract] = {}
    number = -1
    for project_number, project in enumerate(projects):
        for part in project.parts:
            number += 1
            if number not in due:
                continue
            amount = -(-round(due[number] * rng.uniform(1.01, 1.06)) // 10_000) * 10_000
            start = project.starts_on.replace(day=1)
            signed_on = _working_day(start - dt.timedelta(days=int(rng.integers(6, 45))))
            pool = register.pool(project.region, part.trade)
            drafts[number] = Contract(
                number, f"HT{signed_on.year}{number:05d}", project_number, project.unit,
                pool.start + _specialist(units[project.unit].sector, pool, rng), f"{project.name}{part.title}合同", signed_on, amount,
                _method(amount, part.trade, project.secrecy, rng), project.planned_end,
            )  # fmt: skip
    return _with_stars(drafts, projects, units, register, rng, per_kind)


def _specialist(sector: str, pool: Pool, rng: np.random.Generator) -> int:
    """One of two or three companies of a trade that know the sector: few work for everybody."""
    first = SECTORS.index(sector) * 2
    return (first + int(rng.integers(2))) % pool.count


def _working_day(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _method(amount_fen: int, trade: str, secrecy: str, rng: np.random.Generator) -> str:
    _, invited, negotiated, quoted, single, consulted, framework, innovation, mall, shop, own = (
        PROCUREMENT_METHODS
    )
    if secrecy != "public":
        return str(rng.choice((single, invited), p=(0.7, 0.3)))
    if amount_fen >= 400_000_000:
        return str(rng.choice((OPEN_TENDER, invited, consulted), p=(0.92, 0.04, 0.04)))
    if trade in WORKS and amount_fen >= 60_000_000:
        return str(rng.choice((OPEN_TENDER, consulted, negotiated), p=(0.55, 0.33, 0.12)))
    if trade not in WORKS and amount_fen < 150_000_000:
        return str(rng.choice((own, mall, shop, quoted, consulted), p=(0.28, 0.16, 0.10, 0.20, 0.26)))
    options = (OPEN_TENDER, consulted, negotiated, quoted, single, framework, innovation, mall)
    return str(rng.choice(options, p=(0.30, 0.30, 0.10, 0.08, 0.05, 0.10, 0.02, 0.05)))


def _with_stars(
    drafts: dict[int, Contract], projects: tuple[Project, ...], units: tuple[Unit, ...], register: Register,
    rng: np.random.Generator, per_kind: int,
) -> tuple[dict[int, Contract], list[Anomaly]]:  # fmt: skip
    """Give a few companies a dozen contracts of one year from units of many sectors."""
    years = sorted({contract.signed_on.year for contract in drafts.values()})
    companies = [
        register.pools[code, "supply"].start for code, group in sorted(register.pools) if group == "supply"
    ]
    free = [number for number in sorted(drafts) if projects[drafts[number].project].secrecy == "public"]
    rng.shuffle(free)
    anomalies: list[Anomaly] = []
    for place in range(max(1, min(per_kind // 2, len(companies)))):
        supplier, year = companies[place], years[-1 - place % len(years)]
        won = _from_many_sectors([n for n in free if drafts[n].signed_on.year == year], drafts, units)
        if len(won) < CONTRACTS_OF_A_STAR // 2:
            continue
        free = [number for number in free if number not in won]
        for number in won:
            drafts[number] = _awarded(drafts[number], supplier)
        month = max(drafts[number].signed_on for number in won).month
        kind = "supplier_many_unrelated_contracts"
        name = register.suppliers[supplier].name
        evidence = f"“{name}”{year}年中标{len(won)}个不同部门的合同"
        anomalies.append(Anomaly(kind, GRADES[kind], year, month, None, evidence, supplier, tuple(won)))
    return drafts, anomalies


def _from_many_sectors(free: list[int], drafts: dict[int, Contract], units: tuple[Unit, ...]) -> list[int]:
    """Contracts of as many sectors as possible, at most two of each, each of another unit."""
    won: list[int] = []
    per_sector: dict[str, int] = {}
    seen_units: set[int] = set()
    for number in free:
        unit = drafts[number].unit
        sector = units[unit].sector
        if len(won) < CONTRACTS_OF_A_STAR and per_sector.get(sector, 0) < 2 and unit not in seen_units:
            won.append(number)
            per_sector[sector] = per_sector.get(sector, 0) + 1
            seen_units.add(unit)
    return won


def _awarded(contract: Contract, supplier: int) -> Contract:
    return Contract(
        contract.number, contract.contract_id, contract.project, contract.unit, supplier, contract.title,
        contract.signed_on, contract.amount_fen, contract.method, contract.ends_on,
    )  # fmt: skip
