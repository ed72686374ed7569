"""Projects: where, by whom, how big, from when to when; and the parts they are contracted in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from publishing.synthetic.arrays import Floats, generator, share_out
from publishing.synthetic.catalogue import PROJECT_KINDS, SECRET_NAMES, TOPICS, ProjectKind
from publishing.synthetic.geography import Geography, Region
from publishing.synthetic.place_names import STREETS, TOWN_FIRST, TOWN_SECOND
from publishing.synthetic.policies import Policy
from publishing.synthetic.units import Unit

PROJECT_COUNT = 2460
YEAR_SHARES = {1: (1.0,), 2: (0.46, 0.54), 3: (0.30, 0.40, 0.30)}
SECRET_OFFICES = {"203": "国防动员办公室", "204": "公安厅", "206": "科学技术厅", "222": "粮食和物资储备局"}
INTERNAL_EVERY = 3
DIVISIBLE = {"公里", "万亩", "万吨/日", "万亩次", "万立方米", "公顷"}


@dataclass(frozen=True, slots=True)
class Part:
    """What is contracted as one: works, supervision, equipment. `share` is of the project's money."""

    title: str
    trade: str
    economic: str
    share: float


@dataclass(frozen=True, slots=True)
class Project:
    """One project as it will turn out; what of it is visible on a day is decided when it is written.

    `budget_yuan` is per fiscal year; `quantity` counts the kind's first output. `fate` is normal, suspended
    (no money in its last year) or cancelled (no money at all).
    """

    project_id: str
    name: str
    kind: ProjectKind | None
    region: Region
    unit: int
    function: str
    policy_id: str | None
    starts_on: dt.date
    planned_end: dt.date
    ended_on: dt.date
    fate: str
    budget_yuan: dict[int, int]
    total_yuan: int
    quantity: float
    description: str
    lon: float | None
    lat: float | None
    address: str | None
    livelihood: bool
    secrecy: str
    parts: tuple[Part, ...]


class _Towns:
    """Town names that sound right and differ inside a county."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def pair(self) -> tuple[str, str]:
        first = self._rng.choice(len(TOWN_FIRST), 2, replace=False)
        last = self._rng.integers(len(TOWN_SECOND), size=2)
        names = [TOWN_FIRST[a] + TOWN_SECOND[b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        ending = "乡" if self._rng.random() < 0.22 else "镇"
        return names[0] + ending, names[1] + "镇"


def build_projects(
    geography: Geography,
    units: tuple[Unit, ...],
    policies: tuple[Policy, ...],
    seed: int,
    years: tuple[int, int],
) -> tuple[Project, ...]:
    """All projects in the order of their ids; the secret ones come last in drawing but are numbered among the rest."""
    rng = generator(seed, "projects")
    towns, names = _Towns(rng), set[str]()
    shares = np.array([kind.share for kind in PROJECT_KINDS])
    counts = share_out(PROJECT_COUNT, shares)
    queue = [kind for kind, count in zip(PROJECT_KINDS, counts.tolist(), strict=True) for _ in range(count)]
    order = rng.permutation(len(queue))
    by_place = {(unit.region.code, unit.sector): number for number, unit in reversed(list(enumerate(units)))}
    weights = _county_weights(geography)
    projects: list[Project] = []
    for serial, position in enumerate(order.tolist(), start=1):
        kind = queue[position]
        county = geography.counties[int(rng.choice(len(geography.counties), p=weights))]
        unit = _owner(kind, county, by_place)
        projects.append(_project(serial, kind, county, unit, geography, policies, rng, towns, names, years))
    secret = _secret_projects(geography, units, rng, years, len(projects) + 1)
    return (*projects, *secret)


def _county_weights(geography: Geography) -> Floats:
    people = np.array([county.population**0.55 for county in geography.counties])
    return np.asarray(people / people.sum())


def _owner(kind: ProjectKind, county: Region, by_place: dict[tuple[str, str], int]) -> int:
    """The bureau of the kind's level; counties without one leave the work to their city, cities to the province."""
    codes = (county.code, county.code[:4] + "00", county.code[:2] + "0000")
    lowest = ("county", "city", "province").index(kind.level)
    return next(by_place[code, kind.sector] for code in codes[lowest:] if (code, kind.sector) in by_place)


def _project(  # noqa: PLR0913, PLR0917 - one project is made of everything there is
    serial: int,
    kind: ProjectKind,
    county: Region,
    unit: int,
    geography: Geography,
    policies: tuple[Policy, ...],
    rng: np.random.Generator,
    towns: _Towns,
    names: set[str],
    years: tuple[int, int],
) -> Project:
    first_year = int(rng.integers(years[0], years[1] + 1))
    starts_on = _start(first_year, rng)
    length = max(1, min(3, kind.years + int(rng.choice((-1, 0, 0, 0, 1)))))
    last_year = first_year + length - 1
    planned_end = dt.date(last_year, int(rng.integers(10, 13)), int(rng.integers(8, 29)))
    delay = int(rng.integers(20, 140)) if rng.random() < 0.16 else -int(rng.integers(0, 20))
    town, town2 = towns.pair()
    name = _name(kind, county, geography, town, town2, first_year, rng, names)
    low, high = kind.output.low, kind.output.high
    quantity = _rounded(low * (high / low) ** float(rng.beta(1.6, 2.2)), kind.output.unit)
    total = round(quantity * rng.uniform(*kind.yuan_per_unit) / 10_000) * 10_000
    fate = str(rng.choice(("normal", "suspended", "cancelled"), p=(0.965, 0.02, 0.015)))
    placed = kind.trade not in {"grant", "service"} or rng.random() < 0.3
    lon, lat = geography.points_in(county, 1, rng)[0].tolist() if placed else (None, None)
    address = (
        f"{county.name}{town}{STREETS[rng.integers(len(STREETS))]}{int(rng.integers(1, 390))}号"
        if placed
        else None
    )
    policy = _policy(policies, kind.sector, starts_on, rng)
    region = county if kind.level != "province" or rng.random() < 0.5 else geography.province
    return Project(
        f"P{serial:05d}", name, kind, region, unit, kind.function, policy, starts_on, planned_end,
        planned_end + dt.timedelta(days=delay), fate, _budget(total, first_year, length, years, fate), total,
        quantity, _description(kind, town, county, quantity, total, starts_on, planned_end), lon, lat, address,
        kind.livelihood, "public", _parts(kind, total, rng),
    )  # fmt: skip


def _start(year: int, rng: np.random.Generator) -> dt.date:
    month = int(rng.choice((1, 2, 3), p=(0.26, 0.32, 0.42)))
    return dt.date(year, month, int(rng.integers(3, 27)))


def _rounded(quantity: float, unit: str) -> float:
    """As an official would write it: no third of a bridge, no odd metre of a long road."""
    if unit not in DIVISIBLE and quantity < 100:
        return float(max(1, round(quantity)))
    if quantity >= 100:
        return float(round(quantity, -1) if quantity < 10_000 else round(quantity, -2))
    return (
        float(round(quantity))
        if quantity >= 12
        else round(quantity, 1)
        if quantity < 3
        else float(round(quantity))
    )


def _name(  # noqa: PLR0913, PLR0917 - everything a title may mention
    kind: ProjectKind,
    county: Region,
    geography: Geography,
    town: str,
    town2: str,
    year: int,
    rng: np.random.Generator,
    names: set[str],
) -> str:
    city = next(city for city in geography.cities if city.code == county.code[:4] + "00")
    siblings = [
        other for other in geography.counties if other.parent_code == county.parent_code and other != county
    ]
    title = kind.titles[rng.integers(len(kind.titles))].format(
        county=county.name, city=city.name, town=town, town2=town2, no="一二三四五六七八"[rng.integers(8)],
        county2=siblings[rng.integers(len(siblings))].name, topic=TOPICS[rng.integers(len(TOPICS))],
    )  # fmt: skip
    for suffix in ("", f"（{year}年度）", f"（{town}）", *(f"（{year}年第{n}批）" for n in range(1, 40))):
        if title + suffix not in names:
            names.add(title + suffix)
            return title + suffix
    return title


def _budget(total: int, first_year: int, length: int, years: tuple[int, int], fate: str) -> dict[int, int]:
    if fate == "cancelled":
        return {}
    money = {
        first_year + n: round(total * 0.965 * share / 100) * 100
        for n, share in enumerate(YEAR_SHARES[length])
    }
    if fate == "suspended" and length > 1:
        money.pop(first_year + length - 1)
    return {year: yuan for year, yuan in money.items() if year <= years[1]}


def _description(
    kind: ProjectKind, town: str, county: Region, quantity: float, total: int, starts: dt.date, ends: dt.date
) -> str:
    more = "，".join(
        f"{output.indicator.removesuffix(output.unit)}约{_rounded(quantity * (output.low + output.high) / 2, output.unit):.12g}{output.unit}"
        for output in kind.more_outputs
    )
    return (
        f"为{kind.reason.format(town=town)}，在{county.name}组织实施本项目。主要内容："
        f"{kind.output.indicator.removesuffix(kind.output.unit)}"
        f"{quantity:.12g}{kind.output.unit}{'，' + more if more else ''}。估算总投资{total / 10_000:,.0f}万元，"
        f"计划{starts.year}年{starts.month}月启动，{ends.year}年{ends.month}月完成。"
    )


def _policy(policies: tuple[Policy, ...], sector: str, day: dt.date, rng: np.random.Generator) -> str | None:
    fitting = [policy for policy in policies if policy.sector == sector and policy.issued_on < day]
    if not fitting or rng.random() < 0.06:
        return None
    return fitting[int(rng.integers(len(fitting)))].policy_id


def _parts(kind: ProjectKind, total: int, rng: np.random.Generator) -> tuple[Part, ...]:
    if kind.trade == "grant":
        return (Part("补助资金", "grant", kind.economic, 1.0),)
    label = {"it": "软硬件采购", "equipment": "设备采购", "service": "服务采购"}.get(kind.trade, "施工")
    if total < 12_000_000 or label != "施工":
        return (Part(label, kind.trade, kind.economic, 1.0),)
    share = round(float(rng.uniform(0.05, 0.11)), 3)
    return (
        Part(label, kind.trade, kind.economic, 1 - share),
        Part("勘察设计与监理", "design", "50205", share),
    )


def _secret_projects(
    geography: Geography,
    units: tuple[Unit, ...],
    rng: np.random.Generator,
    years: tuple[int, int],
    serial: int,
) -> list[Project]:
    """Provincial projects through all years, so that every total they enter holds as many of them each year."""
    projects: list[Project] = []
    for number, (division, function, name) in enumerate(SECRET_NAMES):
        unit = next(
            n for n, candidate in enumerate(units) if candidate.name.endswith(SECRET_OFFICES[division])
        )
        yearly = {year: int(rng.integers(180, 320)) * 100_000 for year in range(years[0], years[1] + 1)}
        title = name.format(no=int(rng.integers(10, 99)))
        starts, ends = dt.date(years[0], 1, 4), dt.date(years[1], 12, 20)
        secrecy = "internal" if number % INTERNAL_EVERY == 1 else "secret"
        part = Part("专项采购", "it", "50306", 1.0)
        projects.append(
            Project(
                f"P{serial + number:05d}", title, None, geography.province, unit, function, None, starts, ends, ends,
                "normal", yearly, round(sum(yearly.values()) * 1.05 / 10_000) * 10_000, 0.0, f"{title}建设与运行保障。",
                None, None, None, False, secrecy, (part,),
            )
        )  # fmt: skip
    return projects
