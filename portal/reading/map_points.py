"""Where the projects lie, as one small file: a reader's own device finds what is near, so nobody tells us a place.

The file belongs to one release and never changes; a device that has read it once can look again without a network.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from portal.reading.edition import Edition
from portal.reading.maps import datum_of
from portal.reading.projects import prepared

COLUMNS = ("project_id", "name", "region", "lon", "lat", "light", "status")
LONGEST_NAME = 80
DECIMALS = 5  # about a metre: more would be noise


def points_document(edition: Edition) -> dict[str, Any]:
    """Every public project with a place, in the order of its id.

    `points` holds one list per project, its values named by `columns`: degrees for `lon` and `lat`, in `datum`.
    `unplaced` counts the public projects that report no place.
    """
    return edition.keep("map points", lambda: _document(edition))


def _document(edition: Edition) -> dict[str, Any]:
    projects = prepared(edition)
    placed = projects.filter(pl.col("lon").is_not_null(), pl.col("lat").is_not_null()).sort("project_id")
    release = edition.release
    return {
        "release": release.number,
        "as_of": release.as_of.isoformat(),
        "datum": datum_of(edition),
        "columns": list(COLUMNS),
        "points": [
            [
                row["project_id"],
                row["name"][:LONGEST_NAME],
                edition.places.name(row["region_code"]),
                round(row["lon"], DECIMALS),
                round(row["lat"], DECIMALS),
                row["light"] or "",
                row["status"] or "",
            ]
            for row in placed.select(
                "project_id", "name", "region_code", "lon", "lat", "light", "status"
            ).iter_rows(named=True)
        ],
        "unplaced": projects.height - placed.height,
    }
