"""The tree of regions: which place lies in which, and what they are called."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True)
class Place:
    """A region: province, city or county."""

    code: str
    name: str
    level: str
    parent: str | None
    population: int | None = None
    lon: float | None = None
    lat: float | None = None


LEVEL_WORDS = {"province": "全省", "city": "市", "county": "县（市、区）"}


@dataclass(frozen=True)
class Places:
    """All regions of a release, by code, with their children in code order."""

    by_code: dict[str, Place]
    children_of: dict[str | None, tuple[Place, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, regions: pl.DataFrame, spending: pl.DataFrame) -> Places:
        """Take the tree from `regions`; a release without it still names the regions of its spending."""
        found = [
            Place(*row)
            for row in regions.select(
                "region_code", "name", "level", "parent_code", "population", "lon", "lat"
            ).iter_rows()
        ]
        if not found:
            named = spending.select("region_code", "region_name", "region_level").unique().sort("region_code")
            found = [Place(code, name, level, None) for code, name, level in named.iter_rows()]
        by_code = {place.code: place for place in found}
        grouped: dict[str | None, list[Place]] = {}
        for place in found:
            parent = place.parent if place.parent in by_code and place.parent != place.code else None
            grouped.setdefault(parent, []).append(place)
        return cls(by_code, {parent: tuple(places) for parent, places in grouped.items()})

    @property
    def root(self) -> Place | None:
        """The place that contains all others; None when the release names no region."""
        tops = self.children_of.get(None, ())
        return next((place for place in tops if place.level == "province"), tops[0] if tops else None)

    def get(self, code: str | None) -> Place | None:
        """The place of that code, or None."""
        return self.by_code.get(code) if code else None

    def name(self, code: str | None) -> str:
        """Its name; the code itself when the release does not know it."""
        place = self.get(code)
        return place.name if place else (code or "")

    def children(self, code: str) -> tuple[Place, ...]:
        """The places directly below."""
        return self.children_of.get(code, ())

    def line(self, code: str) -> tuple[Place, ...]:
        """From the root down to the place itself."""
        found: list[Place] = []
        place = self.by_code.get(code)
        while place is not None and place not in found:
            found.append(place)
            place = self.by_code.get(place.parent) if place.parent else None
        return tuple(reversed(found))

    def subtree(self, code: str) -> frozenset[str]:
        """The codes of the place and of everything in it."""
        found = {code}
        waiting = [code]
        while waiting:
            for child in self.children_of.get(waiting.pop(), ()):
                if child.code not in found:
                    found.add(child.code)
                    waiting.append(child.code)
        return frozenset(found)
