"""What follows from a spec and is asked for with every request is worked out once for each spec."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from publishing.specs import DatasetSpec

Made = TypeVar("Made")
MOST_SPECS = 512


def once_per_spec(make: Callable[[DatasetSpec], Made]) -> Callable[[DatasetSpec], Made]:
    """Keep what is made of a spec, by the spec's identity: to compare two specs takes longer than most of what is made."""
    made: dict[int, tuple[DatasetSpec, Made]] = {}

    @wraps(make)
    def kept(spec: DatasetSpec) -> Made:
        found = made.get(id(spec))  # the spec is held beside it, so that no other can come to have its number
        if found is None:
            if len(made) >= MOST_SPECS:
                made.clear()
            found = made[id(spec)] = (spec, make(spec))
        return found[1]

    return kept
