"""The first pattern, and taking back what it withholds needlessly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from anonymize.suppress.draft import Draft
from anonymize.suppress.routes import Route

Stop = Callable[[], bool]


def build(
    draft: Draft, stop: Stop, order: Iterable[int] | None = None, budget: float = math.inf
) -> list[int]:
    """Meet every demand in some order, each by its cheapest witness given what is withheld by then.

    Gives back the demands that no pattern can meet, or none whose weight is left in the budget. A demand that an earlier
    witness also meets needs no search.
    """
    impossible: list[int] = []
    for demand in range(len(draft.demands)) if order is None else order:
        if stop():
            break
        if demand in draft.witness:
            continue
        route = draft.protect(demand)
        if route is None or route.cost > budget:
            impossible.append(demand)
            continue
        budget -= route.cost
        draft.withheld[route.added] = True
        for met in draft.met_by(demand, route):
            if met not in draft.witness:
                draft.accept(met, route)
    return impossible


def clean(draft: Draft, cells: Iterable[int] | None = None, stop: Stop = lambda: False) -> float:
    """Publish again what need not be withheld, dearest first; gives back the weight won."""
    chosen = np.flatnonzero(draft.secondary()) if cells is None else np.array(sorted(cells), dtype=np.int64)
    chosen = chosen[draft.secondary()[chosen]]
    won = 0.0
    for cell in chosen[np.argsort(-draft.weight[chosen], kind="stable")].tolist():
        if stop():
            break
        if release(draft, cell):
            won += float(draft.weight[cell])
    return won


def release(draft: Draft, cell: int) -> bool:
    """Publish one secondary cell if every demand that leans on it finds another witness."""
    leaning = draft.leaning_on([cell])
    if leaning and draft.is_needed(cell):
        return False
    draft.withheld[cell] = False
    found: dict[int, Route] = {}
    waiting = set(leaning)
    for demand in leaning:
        if demand not in waiting:
            continue
        route = draft.protect_within(demand)
        if route is None:
            draft.withheld[cell] = True
            return False
        for met in draft.met_by(demand, route):
            if met in waiting:
                waiting.discard(met)
                found[met] = route
    for demand, route in found.items():
        draft.accept(demand, route)
    return True
