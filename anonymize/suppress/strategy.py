"""How a connected part is solved: a first pattern, cleaned, then improved as far as the budget goes.

In a large part the first pattern is guided by the relaxation of the whole (`relax.py`). A small part has two of them, and
their union is cleaned.

The first patterns differ in the order of the demands. Hardest first is fast, since one witness of a hard demand often
meets many easier ones. Easiest first withholds less, since hard demands find more cells withheld already. Their union,
cleaned dearest first, is better than either: it has room to choose. All limits count simplex iterations, not seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.suppress.construct import Stop, build, clean
from anonymize.suppress.draft import Draft
from anonymize.suppress.exchange import exchange
from anonymize.suppress.insiders import Narrowed, blind_insiders
from anonymize.suppress.polish import polish_corners, polish_whole
from anonymize.suppress.relax import Relaxation
from anonymize.suppress.routes import Route
from anonymize.system import Booleans, Integers, System

_WHOLE_CELLS = 700
"""Parts up to this size are improved as a whole, larger ones corner by corner."""
_WHOLE_WORK = 25
_GUIDED_CELLS = 20_000
"""Up to this size the relaxation is worth its time; beyond, it would have to be broken off before it says much."""
_CORNER_WORK = 3
_WORTH_REPEATING = 0.0005
_CLEANING = 90
_EXCHANGING = 15
"""Budgets in simplex iterations per cell: for polishing, for building and cleaning together, for exchanging."""


@dataclass(frozen=True, eq=False)
class Solved:
    """The outcome for one part; positions count within it.

    impossible  cells that no pattern protects (then the rest means nothing)
    narrowed    cells that a single payee can estimate too closely, and what helps costs too much, if anything does
    unmet       demands left when the search was stopped
    """

    withheld: Booleans
    routes: tuple[Route, ...]
    impossible: Integers
    narrowed: tuple[Narrowed, ...]
    unmet: int
    programmes: int


def solve(system: System, stop: Stop, insider_share: float) -> Solved:
    """Find a pattern for one connected part."""
    draft = Draft(system)
    impossible = _build(draft, stop)
    unmet = len(draft.demands) - len(draft.witness) - len(impossible)
    narrowed: tuple[Narrowed, ...] = ()
    if not impossible and not unmet:
        draft = _improved(draft, stop)
        draft, narrowed = blind_insiders(draft, stop, insider_share)
    routes = {id(route): route for route in draft.witness.values()}
    return Solved(
        draft.withheld,
        tuple(routes.values()),
        np.unique(draft.demands.cell[impossible]).astype(np.int64),
        narrowed,
        unmet,
        draft.finder.solver.solved,
    )


def _build(draft: Draft, stop: Stop) -> list[int]:
    """Make the first pattern; in a large part cells that the relaxation would withhold anyway are cheap for everybody."""
    shares = None
    if _WHOLE_CELLS < draft.system.size <= _GUIDED_CELLS:
        shares = Relaxation(draft).shares(stop)
    if shares is None:
        return build(draft, stop)
    true_weight = draft.weight
    draft.weight = np.where(draft.system.must_withhold, 1.0, 1.0 - np.sqrt(shares)) * true_weight + 1.0
    impossible = build(draft, stop)
    draft.weight = true_weight
    return impossible


def _improved(draft: Draft, stop: Stop) -> Draft:
    """Clean, exchange and polish; a small part from two first patterns."""
    small = draft.system.size <= _WHOLE_CELLS
    guided = not small and draft.system.size <= _GUIDED_CELLS
    if small:
        draft = _second(draft, stop)
    _clean(draft, stop)
    slow = draft.is_slow
    if not slow:
        solver = draft.finder.solver
        most = solver.iterations + _EXCHANGING * draft.system.size
        won = exchange(draft, lambda: stop() or solver.iterations > most)
        while guided and won > _WORTH_REPEATING * draft.cost():
            won = exchange(draft, lambda: stop() or solver.iterations > most)
    if small:
        return polish_whole(draft, _WHOLE_WORK * draft.system.size, stop)
    # A corner of a slow system costs as much as the whole pattern did, and one of a guided pattern wins next to nothing.
    if not slow and not guided:
        polish_corners(draft, _CORNER_WORK * draft.system.size, stop)
    return draft


def _clean(draft: Draft, stop: Stop) -> None:
    solver = draft.finder.solver
    most = max(solver.iterations, _CLEANING * draft.system.size)
    clean(draft, stop=lambda: stop() or solver.iterations > most)


def _second(draft: Draft, stop: Stop) -> Draft:
    """Build once more, easiest first, and put both patterns together."""
    second = Draft(draft.system)
    build(second, stop, order=range(len(second.demands))[::-1])
    if len(second.witness) < len(second.demands):
        return draft
    second.withheld |= draft.withheld
    return second
