"""How a connected part is solved: a first pattern, cleaned, then improved as far as the budget goes.

The first pattern is the answer to a covering problem (`covering.py`): exact, as a rule, for some hundred cells, near the
cheapest for ten thousand. Whatever it leaves unmet is built on top, demand by demand. Where programmes are slow (three
dimensions) or cells very many there is no covering problem of the whole: the pattern is built, cleaned, exchanged, and the
dearest corners of a large one are decided anew (`polish.py`). All limits count simplex
iterations, not seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.suppress.construct import Stop, build, clean
from anonymize.suppress.corners import improve_corners
from anonymize.suppress.covering import Covering, Effort
from anonymize.suppress.draft import Draft
from anonymize.suppress.exchange import exchange
from anonymize.suppress.insiders import Narrowed, blind_insiders
from anonymize.suppress.polish import polish_corners
from anonymize.suppress.routes import Route
from anonymize.system import Booleans, Integers, System

_SMALL = 700
_MIDDLING = 20_000
_TO_THE_END = Effort(dives=8, branchings=12, gap=0.001)
_NEARLY = Effort(dives=8, branchings=1, gap=0.01)
_HARDLY = Effort(dives=8, branchings=0, gap=0.0)
_CLEANING = 90
_EXCHANGING = 15
_CORNERS = 20
_LARGE_CORNERS = 3
"""Budgets in simplex iterations per cell: for building and cleaning together, for exchanging, for corners (with and
without a covering problem of the whole)."""


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
    covering = _covered(draft, stop)
    impossible = build(draft, stop)
    unmet = len(draft.demands) - len(draft.witness) - len(impossible)
    narrowed: tuple[Narrowed, ...] = ()
    if not impossible and not unmet:
        _improve(draft, covering, stop)
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


def _covered(draft: Draft, stop: Stop) -> Covering | None:
    """Withhold what the covering problem says; None where it is too slow to say anything."""
    if draft.system.size > _MIDDLING:
        return None
    covering = Covering(draft)
    if covering.in_part(stop) is None:
        return None
    share = covering.whole(_effort(draft, covering), stop)
    if share is None:
        return None
    draft.withheld |= share > 0.5
    return covering


def _effort(draft: Draft, covering: Covering) -> Effort:
    if covering.is_hard:
        return _HARDLY
    return _TO_THE_END if draft.system.size <= _SMALL else _NEARLY


def _improve(draft: Draft, covering: Covering | None, stop: Stop) -> None:
    """Clean, exchange, and decide corners anew."""
    solver, size = draft.finder.solver, draft.system.size
    most = max(solver.iterations, _CLEANING * size)
    clean(draft, stop=lambda: stop() or solver.iterations > most)
    if draft.is_slow:
        return
    most_exchanging = solver.iterations + _EXCHANGING * size
    exchange(draft, lambda: stop() or solver.iterations > most_exchanging)
    if covering is not None:
        most_corners = covering.work + _CORNERS * size
        improve_corners(draft, covering.separation, lambda: stop() or covering.work > most_corners)
    else:
        polish_corners(draft, _LARGE_CORNERS * size, stop)
