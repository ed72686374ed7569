"""The map layer of a package: GeoJSON whose features carry a known `region_code`."""

from __future__ import annotations

import json
import math
from pathlib import Path

from publishing.intake import limits
from publishing.intake.report import ReportBuilder
from publishing.intake.table_rows import TableRows

_SHAPES = {"Polygon", "MultiPolygon", "Point", "LineString", "MultiLineString", "MultiPoint"}


def check_geometry(path: Path, regions: TableRows, report: ReportBuilder) -> None:
    """Report what would break the maps; regions without a shape are only mentioned."""
    name = path.name
    if path.stat().st_size > limits.LARGEST_GEOMETRY:
        report.add("geometry_broken", name, detail="文件过大 (too large)")
        return
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        report.add("geometry_broken", name, row=row, detail=error.__class__.__name__)
        return
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        report.add("geometry_broken", name, column="features", detail="必须是列表 (must be a list)")
        return
    known = set(regions.frame.get_column("region_code").drop_nulls().to_list())
    seen = {_code(feature, position, name, report) for position, feature in enumerate(features)}
    for code in sorted(code for code in seen if code and code not in known):
        report.add("geometry_unknown_region", name, column="region_code", value=code)
    for code in sorted(known - seen):
        report.add("geometry_region_missing", name, column="region_code", value=code)


def _refuse(text: str) -> float:
    raise ValueError(text)


def _code(feature: object, position: int, name: str, report: ReportBuilder) -> str:
    place = f"features[{position}]"
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        report.add("geometry_broken", name, column=place, detail="没有 properties (no properties)")
        return ""
    code = feature["properties"].get("region_code")
    geometry = feature.get("geometry")
    if not isinstance(code, str):
        report.add("geometry_broken", name, column=place, detail="没有 region_code (no region_code)")
        return ""
    if not isinstance(geometry, dict) or geometry.get("type") not in _SHAPES:
        report.add("geometry_broken", name, column=place, value=code, detail="geometry.type")
    elif not _all_positions(geometry.get("coordinates")):
        report.add("geometry_broken", name, column=place, value=code, detail="coordinates")
    return code


def _all_positions(coordinates: object) -> bool:
    """Whether nested lists end in finite pairs of degrees; iterative, because files may nest deeply."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    pending: list[object] = [coordinates]
    while pending:
        item = pending.pop()
        if not isinstance(item, list) or not item:
            return False
        if isinstance(item[0], list):
            pending.extend(item)
        elif not _is_position(item):
            return False
    return True


def _is_position(item: list[object]) -> bool:
    if len(item) < 2:
        return False
    lon, lat = item[0], item[1]
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return False
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90
