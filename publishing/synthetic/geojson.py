"""`regions.geojson`: province, cities and counties from one set of shared border lines."""

from __future__ import annotations

import json

from publishing.synthetic.geography import Geography, Region
from publishing.synthetic.subdivision import Ring, Subdivision, chained, clockwise

ORIGIN = {
    "source": "虚构地图：由程序生成，不对应任何真实地点",
    "licence": "CC0-1.0",
    "datum": "虚构坐标（按 WGS-84 经纬度书写）",
    "review_number": "不适用（虚构地图，无审图号）",
    "fictional": True,
}


def regions_geojson(geography: Geography) -> str:
    """A FeatureCollection with the rings clockwise; the last word on who drew it is in its own members."""
    features = [_feature(region, _polygons(region, geography.subdivision)) for region in geography.regions]
    collection = {"type": "FeatureCollection", "metadata": ORIGIN, **ORIGIN, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"


def _feature(region: Region, rings: list[Ring]) -> dict[str, object]:
    properties = {"region_code": region.code, "name": region.name, "level": region.level}
    if len(rings) == 1:
        geometry: dict[str, object] = {"type": "Polygon", "coordinates": rings}
    else:
        geometry = {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}
    return {"type": "Feature", "id": region.code, "properties": properties, "geometry": geometry}


def _polygons(region: Region, subdivision: Subdivision) -> list[Ring]:
    if region.level == "county":
        return [subdivision.rings[region.area]]
    city_of = subdivision.city_of
    lines: list[Ring] = []
    for (a, b), shared in sorted(subdivision.borders.items()):
        left = -1 if a < 0 else int(city_of[a])
        right = int(city_of[b])
        at_the_edge = (
            left < 0 if region.level == "province" else (left == region.area) != (right == region.area)
        )
        if at_the_edge:
            lines.extend(shared)
    return [clockwise(ring) for ring in chained(lines)]
