from __future__ import annotations

from collections import Counter
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from publishing.synthetic.place_names import CITY_NAMES, COUNTY_NAMES
from publishing.synthetic.subdivision import contains, signed_area
from tests.publishing.synthetic.conftest import Package

Segment = frozenset[tuple[float, float]]


def rings(package: Package, level: str) -> dict[str, list[list[tuple[float, float]]]]:
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in package.map["features"]:
        geometry: dict[str, Any] = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        if feature["properties"]["level"] == level:
            code = feature["properties"]["region_code"]
            found[code] = [[(x, y) for x, y in ring] for polygon in polygons for ring in polygon]
    return found


def segments(outlines: dict[str, list[list[tuple[float, float]]]]) -> Counter[Segment]:
    return Counter(
        frozenset(pair) for shapes in outlines.values() for ring in shapes for pair in pairwise(ring)
    )


def test_every_region_has_a_closed_clockwise_outline(package: Package) -> None:
    for level, count in (("province", 1), ("city", 21), ("county", 122)):
        outlines = rings(package, level)
        assert len(outlines) == count
        for shapes in outlines.values():
            assert all(ring[0] == ring[-1] and signed_area(ring) < 0 for ring in shapes)


def test_neighbours_share_their_border_and_the_rest_is_the_provinces_outline(package: Package) -> None:
    province = set(segments(rings(package, "province")))
    for level in ("city", "county"):
        used = segments(rings(package, level))
        assert set(used.values()) == {1, 2}
        assert {segment for segment, times in used.items() if times == 1} == province


def test_the_counties_fill_the_province_without_gap_or_overlap(package: Package) -> None:
    areas = {
        level: sum(signed_area(ring) for shapes in rings(package, level).values() for ring in shapes)
        for level in ("province", "city", "county")
    }

    assert np.isclose(areas["county"], areas["province"])
    assert np.isclose(areas["city"], areas["province"])


def test_region_points_and_projects_lie_inside_their_county(package: Package) -> None:
    counties = rings(package, "county")
    for table in ("regions", "projects"):
        rows = package.table(table).filter(
            pl.col("region_code").is_in(list(counties)), pl.col("lon").is_not_null()
        )
        for (code,), places in rows.group_by("region_code"):
            points = places.select(pl.col("lon", "lat").cast(pl.Float64)).to_numpy()
            assert contains(counties[str(code)][0], points).all()


def test_the_map_says_that_it_is_fictional(package: Package) -> None:
    assert package.map["fictional"] is True
    assert "虚构" in package.map["source"]
    assert {"licence", "datum", "review_number"} <= set(package.map["metadata"])


def test_no_place_of_the_province_exists(package: Package) -> None:
    real = files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8")

    assert not [name for name in (*CITY_NAMES, *COUNTY_NAMES, "澜江省") if name in real]
    assert len({*CITY_NAMES, *COUNTY_NAMES}) == len(CITY_NAMES) + len(COUNTY_NAMES)
    assert "99" not in {line[:2] for line in real.splitlines() if line[:1].isdigit()}
    assert all(code.startswith("99") for code in package.table("regions")["region_code"])
