"""Hand-overs of the writing room: ratings and cases of invented persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from publishing.intake.participation import PARTICIPATION

HEADER = tuple(PARTICIPATION.by_name)


@dataclass
class Voices:
    """Rows of a hand-over of the writing room; invented persons."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def rate(self, project: str, person: str, stars: int, *, quarter: str = "2026Q3", **more: Any) -> Voices:
        self.rows.append(
            {"record_id": f"r-{project}-{person}", "record": "rating", "quarter": quarter, "person": person}
            | {"project_id": project, "overall": stars}
            | more
        )
        return self

    def many(
        self,
        project: str,
        count: int,
        *,
        first: int = 0,
        stars: Sequence[int] = (3, 4, 5),
        aspects: Sequence[str] = (),
    ) -> Voices:
        for number in range(first, first + count):
            more: dict[str, Any] = {
                name: stars[(number + turn) % len(stars)] for turn, name in enumerate(aspects, 1)
            }
            self.rate(project, f"{project}-{number}", stars[number % len(stars)], **more)
        return self

    def case(self, org: str, region: str, person: str, *, reply: str = "on_time", **more: Any) -> Voices:
        self.rows.append(
            {"record_id": f"c-{len(self.rows)}", "record": "case", "quarter": "2026Q3", "person": person}
            | {
                "org_id": org,
                "region_code": region,
                "case_kind": "question",
                "is_listed": True,
                "reply": reply,
            }
            | more
        )
        return self

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(
            self.rows, schema={name: PARTICIPATION.by_name[name].staged_type for name in HEADER}
        )

    def write(self, path: Path) -> Path:
        pl.DataFrame(self.rows, schema=dict.fromkeys(HEADER, pl.Object)).select(
            pl.col(name).map_elements(
                lambda value: str(value).lower() if isinstance(value, bool) else str(value),
                return_dtype=pl.String,
            )
            for name in HEADER
        ).write_csv(path)
        return path
