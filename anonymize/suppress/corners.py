"""Improving a finished pattern, corner by corner, with all cuts found so far.

A corner is a dear secondary cell and those that stand in the same cuts. It is published for a moment, and the cheapest
choice that respects all cuts takes its place. Where that choice does not meet a demand, a cut is added that forbids it, and
the corner is decided again. What is cheaper and meets every demand is taken over if witnesses confirm it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anonymize.suppress.construct import Stop, clean
from anonymize.suppress.cuts import CORNER, Cuts
from anonymize.suppress.draft import Draft
from anonymize.suppress.separate import Separation
from anonymize.system import Booleans

_CORNER_CELLS = 25
_MOST_ROUNDS = 10
_GAP = 0.003
_LESS = 1 - 1e-6
_RINGS = 3


def improve_corners(draft: Draft, separation: Separation, stop: Stop) -> float:
    """Reconsider the corners around all secondary cells, dearest first, in place; gives back the weight won."""
    before = draft.cost()
    likely = separation.cuts.likely()
    if likely is None:
        return 0.0
    seen: set[int] = set()
    secondary = np.flatnonzero(draft.secondary())
    for cell in secondary[np.argsort(-draft.weight[secondary], kind="stable")].tolist():
        if stop():
            break
        if cell in seen or not draft.withheld[cell]:
            continue
        corner = _corner_around(cell, draft, separation.cuts)
        # The far half of a corner deserves one of its own.
        seen.update(corner[: _CORNER_CELLS // 2].tolist())
        _reconsider(draft, separation, corner, likely)
    return before - draft.cost()


def _corner_around(seed: int, draft: Draft, cuts: Cuts) -> NDArray[np.int64]:
    """List the secondary cells that share most cuts with the seed, the seed first."""
    rows, secondary = cuts.rows(), draft.secondary()
    heat = np.zeros(cuts.size)
    heat[seed] = 1.0
    for _ in range(_RINGS):
        heat = (rows.T @ (rows @ heat)) * secondary
        if not heat.any():
            return np.array([seed], dtype=np.int64)
        heat /= heat.max()
        if np.count_nonzero(heat) > 4 * _CORNER_CELLS:
            break
    heat[seed] = 2.0
    cells = np.flatnonzero(heat)
    return cells[np.argsort(-heat[cells], kind="stable")[:_CORNER_CELLS]]


def _reconsider(draft: Draft, separation: Separation, corner: NDArray[np.int64], likely: Booleans) -> None:
    """Decide a corner anew, until what is decided meets the demands that leaned on it or nothing is won.

    Only `likely` cells may be added: around a dear corner thousands can be afforded, and few of them are ever chosen.
    """
    cuts = separation.cuts
    now = float(draft.weight[corner].sum()) * _LESS
    demands = draft.leaning_on(corner.tolist())
    given = np.where(draft.withheld, 1.0, 0.0)
    given[corner] = 0.0
    affordable = (draft.weight < now) & draft.removable & (likely | draft.withheld)
    for _ in range(_MOST_ROUNDS):
        chosen = cuts.decided(affordable, given, _GAP, CORNER)
        if chosen is None or float(draft.weight[chosen].sum()) >= now:
            return
        share = given.copy()
        share[chosen] = 1.0
        if not separation.cut(share, demands):
            break
    take_over(draft, share > 0.5, demands)


def take_over(draft: Draft, withheld: Booleans, demands: list[int]) -> None:
    """Change the pattern in place, or leave it as it was if a witness is missing or nothing is won."""
    before, was = draft.cost(), draft.withheld.copy()
    old = {demand: draft.witness[demand] for demand in demands}
    released = was & ~withheld
    touched = set(np.flatnonzero(withheld & ~was).tolist())
    draft.withheld[:] = withheld
    for demand in demands:
        if released[draft.witness[demand].cells].any():
            draft.forget(demand)
    if _protected_again(draft, demands, before, touched):
        clean(draft, touched)
        if draft.cost() < before:
            return
    for demand, route in old.items():
        draft.accept(demand, route)
    draft.withheld[:] = was


def _protected_again(draft: Draft, demands: list[int], budget: float, touched: set[int]) -> bool:
    """Find a witness for every demand that has lost its own, while the pattern costs less than the budget."""
    for demand in demands:
        if demand in draft.witness:
            continue
        route = draft.protect_within(demand) or draft.protect(demand)
        if route is None or draft.cost() + route.cost >= budget:
            return False
        draft.withheld[route.added] = True
        touched.update(route.added.tolist())
        for met in draft.met_by(demand, route):
            if met not in draft.witness:
                draft.accept(met, route)
    return True
