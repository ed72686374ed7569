"""The fictional province as a table: 21 cities, 122 counties and districts, where they lie and how many live there.

The map is the same for every seed: money changes from world to world, places do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from publishing.synthetic.arrays import GEOGRAPHY_SEED, Floats, generator
from publishing.synthetic.place_names import CITY_NAMES, COUNTY_NAMES, PROVINCE_CODE, PROVINCE_NAME
from publishing.synthetic.subdivision import Subdivision, build_subdivision, points_inside

PROVINCE_SEAT_COUNTY = 0
CITIES_IN_A_GROUP = 6
CITIES_AROUND_THE_CAPITAL = 5


@dataclass(frozen=True, slots=True)
class Region:
    """One row of `regions`. `wealth` scales what is spent per head; `area` is an index into the subdivision."""

    code: str
    name: str
    parent_code: str | None
    level: str
    lon: float
    lat: float
    population: int
    wealth: float
    area: int


@dataclass(frozen=True)
class Geography:
    """All regions, province first, then each city followed by its counties; and the shapes behind them."""

    regions: tuple[Region, ...]
    subdivision: Subdivision

    @property
    def province(self) -> Region:
        """The root of the tree."""
        return self.regions[0]

    @cached_property
    def cities(self) -> tuple[Region, ...]:
        """The 21 cities in the order of their codes."""
        return tuple(region for region in self.regions if region.level == "city")

    @cached_property
    def counties(self) -> tuple[Region, ...]:
        """All counties, districts and county-level cities in the order of their codes."""
        return tuple(region for region in self.regions if region.level == "county")

    @property
    def groups(self) -> dict[str, tuple[Region, ...]]:
        """What people call several cities together: by where they lie, and the capital with its nearest neighbours."""
        northern = sorted(self.cities, key=lambda city: -city.lat)[:CITIES_IN_A_GROUP]
        eastern = sorted(self.cities, key=lambda city: -city.lon)[:CITIES_IN_A_GROUP]
        capital = self.cities[0].name.removesuffix("市")
        return {
            "北部山区": _by_code(northern),
            "东部沿海": _by_code(eastern),
            f"{capital}都市圈": self.cities[:CITIES_AROUND_THE_CAPITAL],
        }

    def points_in(self, county: Region, count: int, rng: np.random.Generator) -> Floats:
        """`count` points (lon, lat) strictly inside a county."""
        return points_inside(self.subdivision, county.area, count, rng)


def _by_code(cities: list[Region]) -> tuple[Region, ...]:
    return tuple(sorted(cities, key=lambda city: city.code))


@cache
def build_geography() -> Geography:
    """The province, built once per process."""
    rng = generator(GEOGRAPHY_SEED, "geography")
    subdivision = build_subdivision(rng, counties=len(COUNTY_NAMES), cities=len(CITY_NAMES))
    cities_in_order = _cities_from_the_seat_outwards(subdivision)
    names = iter(COUNTY_NAMES)
    rows: list[Region] = []
    for number, city in enumerate(cities_in_order, start=1):
        rows.extend(_city_with_counties(number, city, subdivision, names, rng))
    population = sum(row.population for row in rows if row.level == "city")
    seat = next(row for row in rows if row.level == "city")
    province = Region(
        PROVINCE_CODE,
        PROVINCE_NAME,
        None,
        "province",
        seat.lon,
        seat.lat,
        population,
        1.0,
        PROVINCE_SEAT_COUNTY,
    )
    return Geography((province, *rows), subdivision)


def _cities_from_the_seat_outwards(subdivision: Subdivision) -> list[int]:
    """Number the cities as real codes are: the capital first, then by distance from it."""
    centres = np.array(
        [
            subdivision.sites[subdivision.city_of == city].mean(axis=0)
            for city in range(subdivision.city_count)
        ]
    )
    middle = centres.mean(axis=0) + np.array([0.35, -0.25])
    seat = int(np.argmin(((centres - middle) ** 2).sum(axis=1)))
    return [int(city) for city in np.argsort(((centres - centres[seat]) ** 2).sum(axis=1), kind="stable")]


def _city_with_counties(
    number: int, city: int, subdivision: Subdivision, names: object, rng: np.random.Generator
) -> list[Region]:
    areas = np.flatnonzero(subdivision.city_of == city)
    centre = subdivision.sites[areas].mean(axis=0)
    nearest_first = areas[np.argsort(((subdivision.sites[areas] - centre) ** 2).sum(axis=1), kind="stable")]
    code = f"99{number:02d}00"
    wealth = float(np.clip((1.32 if number == 1 else 1.0) * rng.lognormal(0.0, 0.13), 0.78, 1.35))
    districts = max(1, round(len(areas) * (0.7 if number == 1 else 0.35)))
    counties = [
        _county(number, place, area, districts, subdivision, next(names), wealth, rng)  # type: ignore[call-overload]
        for place, area in enumerate(nearest_first.tolist())
    ]
    counties.sort(key=lambda county: county.code)
    seat = next(county for county in counties if county.area == nearest_first[0])
    people = sum(county.population for county in counties)
    row = Region(
        code, CITY_NAMES[number - 1] + "市", PROVINCE_CODE, "city", seat.lon, seat.lat, people, wealth, city
    )
    return [row, *counties]


def _county(  # noqa: PLR0913, PLR0917 - one row needs all of its neighbours' facts
    number: int,
    place: int,
    area: int,
    districts: int,
    subdivision: Subdivision,
    name: str,
    wealth: float,
    rng: np.random.Generator,
) -> Region:
    if place < districts:
        suffix, serial, typical = "区", 2 + place, 620_000
    elif rng.random() < 0.22:
        suffix, serial, typical = "市", 81 + place, 560_000
    else:
        suffix, serial, typical = "县", 21 + place, 380_000
    people = int(typical * (1.5 if number == 1 else 1.0) * rng.lognormal(0.0, 0.38))
    lon, lat = (round(float(value), 4) for value in subdivision.sites[area])
    own_wealth = wealth * float(np.clip(rng.lognormal(0.0, 0.06), 0.85, 1.18))
    return Region(
        f"99{number:02d}{serial:02d}",
        name + suffix,
        f"99{number:02d}00",
        "county",
        lon,
        lat,
        people,
        own_wealth,
        area,
    )
