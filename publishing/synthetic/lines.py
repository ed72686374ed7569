"""Budget lines: general spending of every unit, the parts of every project, and the subsidy programmes.

Lines are columns (one array per field), because there are tens of thousands of them. Row numbers are stable: the
same arguments but a later day give the same lines in the same order.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

from publishing.synthetic.arrays import Floats, Ints, generator
from publishing.synthetic.geography import Geography, Region
from publishing.synthetic.programmes import PROGRAMMES
from publishing.synthetic.projects import Project
from publishing.synthetic.suppliers import INSTITUTION, PUBLIC_BODIES, Pool, Register
from publishing.synthetic.units import Unit

GENERAL, PROJECT, SUBSIDY, UNBUDGETED = 0, 1, 2, 3
YEARLY_GROWTH = 1.045
BASE_YEAR = 2021
NOBODY = Pool(0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One budget line before its money is spread over months. Money in fen; `project`, `contract` -1 for none.

    `contract` numbers the part of the project that is contracted as one. `starts` is the first month with money.
    """

    year: int
    unit: int
    project: int
    contract: int
    function: str
    economic: str
    fund: str
    role: int
    budget_fen: int
    starts: int
    payees: Pool
    programme: int
    county: int
    stem: str
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines and those of their fields that are computed with, as arrays."""

    rows: tuple[Line, ...]
    year: Ints = field(init=False)
    role: Ints = field(init=False)
    starts: Ints = field(init=False)
    budget_fen: Ints = field(init=False)

    def __post_init__(self) -> None:
        for name in ("year", "role", "starts", "budget_fen"):
            column = np.array([getattr(row, name) for row in self.rows], dtype=np.int64)
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.rows)

    def ids(self) -> list[str]:
        """`YS2024` and a serial number within the year."""
        serial: dict[int, itertools.count[int]] = {}
        return [
            f"YS{row.year}{next(serial.setdefault(row.year, itertools.count(1))):05d}" for row in self.rows
        ]


def general_lines(
    units: tuple[Unit, ...], register: Register, seed: int, years: tuple[int, int], per_year: int
) -> list[Line]:
    """About `per_year` lines a year: every unit's most important ones first; a unit's money is shared among them."""
    rng = generator(seed, "general lines")
    priority = [
        (unit.yuan_per_head * unit.region.population) ** 0.15 * item.weight * rng.uniform(0.55, 1.45)
        for unit in units
        for item in unit.spending
    ]
    owner = [(number, item) for number, unit in enumerate(units) for item in unit.spending]
    first: dict[int, int] = {}
    for place, (number, _) in enumerate(owner):
        if number not in first or priority[place] > priority[first[number]]:
            first[number] = place
    foremost = sorted(first.values(), key=lambda place: -priority[place])
    others = sorted(set(range(len(owner))) - set(foremost), key=lambda place: -priority[place])
    chosen = sorted([*foremost, *others][:per_year])
    weight_of: dict[int, float] = {}
    for place in chosen:
        number, item = owner[place]
        weight_of[number] = weight_of.get(number, 0.0) + item.weight
    lines = []
    for year in range(years[0], years[1] + 1):
        growth = YEARLY_GROWTH ** (year - BASE_YEAR)
        for place in chosen:
            number, item = owner[place]
            unit = units[number]
            yuan = unit.yuan_per_head * unit.region.population * growth * rng.uniform(0.97, 1.03)
            budget = round(yuan * item.weight / weight_of[number] / 10_000) * 1_000_000
            payees = _general_payees(item.economic, item.function, unit.region, register)
            lines.append(
                Line(year, number, -1, -1, item.function, item.economic, item.fund, GENERAL, max(budget, 1_000_000),
                     1, payees, -1, int(unit.region.code), "")
            )  # fmt: skip
    return lines


def _general_payees(economic: str, function: str, region: Region, register: Register) -> Pool:
    """Who is paid follows from the economic class; works also from the function: roads, water, or the town."""
    if economic in {"50302", "50402", "50209"}:
        return register.pool(region, {"214": "road", "213": "water"}.get(function[:3], "municipal"))
    return register.pool(region, _PAYEES.get(economic) or _PAYEES.get(economic[:3], "supply"))


_PAYEES = {
    "501": PUBLIC_BODIES[0], "510": PUBLIC_BODIES[1], "511": PUBLIC_BODIES[2], "59908": PUBLIC_BODIES[3],
    "505": INSTITUTION, "506": INSTITUTION, "507": "grant", "50306": "equipment", "50205": "service", "50203": "service",
}  # fmt: skip


def project_lines(
    projects: tuple[Project, ...], units: tuple[Unit, ...], register: Register, seed: int
) -> list[Line]:
    """One line per project, part and fiscal year. The contract number counts parts over all projects."""
    rng = generator(seed, "project lines")
    lines: list[Line] = []
    contract = itertools.count()
    for number, project in enumerate(projects):
        fund = "general" if project.secrecy != "public" else str(rng.choice(_FUNDS, p=_FUND_SHARES))
        for part in project.parts:
            part_number = next(contract)
            contracted = part.trade != "grant"
            group = INSTITUTION if part.economic.startswith("509") else part.trade
            payees = NOBODY if contracted else register.pool(project.region, group)
            for year, yuan in project.budget_yuan.items():
                starts = project.starts_on.month if year == project.starts_on.year else 1
                lines.append(
                    Line(year, project.unit, number, part_number if contracted else -1, project.function,
                         part.economic, fund, PROJECT, round(yuan * part.share) * 100, starts, payees, -1,
                         int(units[project.unit].region.code), part.title)
                )  # fmt: skip
    return lines


_FUNDS = ("general", "transfer", "bond", "fund", "state_capital")
_FUND_SHARES = (0.46, 0.28, 0.17, 0.07, 0.02)


def subsidy_lines(
    geography: Geography, units: tuple[Unit, ...], seed: int, years: tuple[int, int], per_year: int
) -> tuple[list[Line], Floats]:
    """Programmes that pay persons, `per_year` of them; and the share of all subsidy payments each line has.

    A few are sparse on purpose: one or two persons a year, whose cells must never be published.
    """
    rng = generator(seed, "subsidy lines")
    by_place = {(unit.region.code, unit.sector): number for number, unit in reversed(list(enumerate(units)))}
    choices = [
        (programme, county)
        for county in range(len(geography.counties))
        for programme in range(len(PROGRAMMES))
    ]
    order = rng.permutation(len(choices))[:per_year]
    sparse = rng.random(len(choices)) < 0.05
    lines, weights = [], []
    for year in range(years[0], years[1] + 1):
        for place in sorted(order.tolist()):
            number, county_number = choices[place]
            programme, county = PROGRAMMES[number], geography.counties[county_number]
            unit = by_place[county.code, programme.sector]
            lines.append(
                Line(year, unit, -1, -1, programme.function, programme.economic, programme.fund, SUBSIDY, 0, 1,
                     NOBODY, number, int(county.code), programme.stem, bool(sparse[place]))
            )  # fmt: skip
            weights.append(programme.reach * county.population * float(rng.uniform(0.7, 1.3)))
    return lines, np.array(weights)
