"""Exchanging a dear secondary cell for cheaper ones: a local search over a finished pattern."""

from __future__ import annotations

import numpy as np

from anonymize.suppress.construct import Stop, clean
from anonymize.suppress.draft import Draft
from anonymize.suppress.routes import Route

_LESS = 0.999


def exchange(draft: Draft, stop: Stop) -> float:
    """Publish secondary cells, dearest first, wherever others that cost less together can stand in; in place.

    Gives back the weight won.
    """
    secondary = np.flatnonzero(draft.secondary())
    won = 0.0
    for cell in secondary[np.argsort(-draft.weight[secondary], kind="stable")].tolist():
        if stop():
            break
        if draft.withheld[cell]:
            won += _swap(draft, cell)
    return won


def _swap(draft: Draft, cell: int) -> float:
    draft.close(cell)
    found = _stand_ins(draft, cell, float(draft.weight[cell]) * _LESS)
    draft.reopen(cell)
    if found is None:
        return 0.0
    draft.withheld[cell] = False
    before = float(draft.weight[cell])
    touched: set[int] = set()
    for demand, route in found.items():
        before -= float(draft.weight[route.added[~draft.withheld[route.added]]].sum())
        draft.withheld[route.added] = True
        touched.update(draft.witness[demand].cells.tolist())
        draft.accept(demand, route)
    return before + clean(draft, touched)


def _stand_ins(draft: Draft, cell: int, budget: float) -> dict[int, Route] | None:
    """Find new witnesses for all demands that lean on a closed cell, within a budget; leaves the pattern as it was."""
    was = draft.withheld.copy()
    draft.withheld[cell] = False
    leaning = draft.leaning_on([cell])
    waiting = set(leaning)
    found: dict[int, Route] = {}
    for demand in leaning:
        if demand not in waiting:
            continue
        route = draft.protect_for_less(demand, budget)
        if route is None:
            break
        budget -= route.cost
        draft.withheld[route.added] = True
        for met in draft.met_by(demand, route):
            if met in waiting:
                waiting.discard(met)
                found[met] = route
    draft.withheld[:] = was
    return found if not waiting else None
