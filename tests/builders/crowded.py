"""A province as crowded as a map must bear: 124 areas on one drawing, 3,000 projects in one of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.builders.published import project_rows, province_tables, publish, region_row, table

AREAS = 124
PINS = 3_000
COLUMNS = 14
CROWDED = "990001"


def crowded_home(home: Path) -> Path:
    """Publish it. Places and amounts are the same every time."""
    places = [region_row("990000", "云岭省", None, "province", 0, 0, AREAS * 400_000)]
    corners = {}
    for index in range(AREAS):
        code = f"99{index + 1:04d}"
        place = region_row(code, f"第{index + 1}市", "990000", "city", 0, 0, 400_000)
        place["lon"], place["lat"] = 110.5 + index % COLUMNS, 20.5 + index // COLUMNS
        corners[code] = (110.0 + index % COLUMNS, 20.0 + index // COLUMNS)
        places.append(place)
    spending = [
        {
            "region_code": place["region_code"],
            "region_name": place["name"],
            "region_level": place["level"],
            "function_code": "total",
            "function_name": "全部支出",
            "function_level": "total",
            "fiscal_year": year,
            "approved": 900_000_000_00,
            "adjusted": 1_000_000_000_00,
            "paid": 300_000_000_00 + (int(place["region_code"]) * 7_919 + year * 104_729) % 690_000_000_00,
        }
        for place in places
        for year in (2024, 2025, 2026)
    ]
    projects = project_rows(places, PINS)
    for index, project in enumerate(projects):
        project["region_code"], project["region_name"] = CROWDED, "第1市"
        project["lon"], project["lat"] = (
            110 + index * 0.618_034 % 1,
            20 + index * 0.754_878 % 1,
        )  # evenly strewn
    tables = province_tables(cities=1, counties=1, projects=1) | {
        "regions": table("regions", places),
        "spending": table("spending", spending),
        "projects": table("projects", projects),
    }
    publish(home, tables, documents={"regions.geojson": _geometry(corners)})
    return home


def _geometry(corners: dict[str, tuple[float, float]]) -> bytes:
    """A grid of areas whose borders have as many corners as real ones keep after thinning out."""
    features = []
    for code, (x, y) in corners.items():
        sides = [(step / 20, 0.0) for step in range(20)] + [(1.0, step / 20) for step in range(20)]
        sides += [(1 - step / 20, 1.0) for step in range(20)] + [(0.0, 1 - step / 20) for step in range(21)]
        ring = [[x + across, y + up] for across, up in reversed(sides)]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"region_code": code}, "geometry": geometry})
    said = {"source": "虚构的几何", "datum": "WGS-84", "review_number": "不适用"}
    return json.dumps({"type": "FeatureCollection", **said, "features": features}).encode()
