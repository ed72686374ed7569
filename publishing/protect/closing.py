"""Withholding more until an attacker who knows more than the suppressor assumes finds nothing either.

The suppressor looks for witnesses that hold in both directions and takes cells to have no upper end. Counts and stars
are narrower: a row stands for somebody, stars end at five. Such an attacker is asked after the fact; for each cell that
he finds, the cheapest way to move it that he could not rule out is sought (one linear programme), and what that way
passes through is withheld too. Nothing that was safe becomes unsafe by it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse import csgraph

from anonymize.attack import AttackReport, attack
from anonymize.suppress import Pattern
from anonymize.system import FREE, STATES, Booleans, Integers, System
from publishing.protect.eras import EraSystem

_FREE_OF_CHARGE = 1e-3
"""What a cell costs that is withheld anyway: so little that it never decides, but shorter ways win."""
_MOVED = 1e-6


def closed_further(pattern: Pattern, built: EraSystem, strict: EraSystem) -> tuple[Pattern, AttackReport]:
    """Give the pattern with what had to be added, and what the attacker of `strict` finds all the same."""
    system, known = built.system, strict.system
    pairs = built.variables.filter("shown").join(strict.variables.filter("shown"), on="key", suffix="_known")
    here = system.keys.search_sorted(pairs["variable"]).to_numpy().astype(np.int64)
    there = known.keys.search_sorted(pairs["variable_known"]).to_numpy().astype(np.int64)
    free = system.state[here] == STATES.index(FREE)
    withheld, seen = pattern.withheld.copy(), ~known.pinned
    asked, ways = known, _Ways(known)
    while True:
        seen[there] = withheld[here] & ~known.pinned[there]
        found = attack(asked, seen)
        exposed = np.array([known.position(one.key) for one in found.exposures], dtype=np.int64)
        on_offer = np.zeros(known.size, dtype=np.bool_)
        on_offer[there[free & ~withheld[here]]] = True
        more = np.zeros(known.size, dtype=np.bool_)
        for cell in exposed.tolist():
            more[ways.cheapest(cell, int(known.upl[cell]), seen | more, on_offer & ~more)] = True
        if not more.any():
            return replace(pattern, withheld=withheld, secondary=withheld & ~system.must_withhold), found
        withheld[here[more[there]]] = True
        asked = _asking_only(known, exposed)


class _Ways:
    """The ways in which a cell can move upwards without breaking a sum or a bound."""

    def __init__(self, system: System) -> None:
        self._system = system
        movable = sparse.diags_array((~system.pinned).astype(np.float64))
        self._sums = sparse.csr_matrix(system.relations @ movable)
        touching = abs(self._sums)
        _, self._component = csgraph.connected_components(touching.T @ touching, directed=False)

    def cheapest(self, cell: int, level: int, withheld: Booleans, on_offer: Booleans) -> Integers:
        """The cells on offer that the cheapest way passes through; none where there is no way at all."""
        system = self._system
        usable = (self._component == self._component[cell]) & (withheld | on_offer) & ~system.pinned
        cells = np.flatnonzero(usable)
        price = np.where(on_offer[cells], system.weight[cells], 0.0) + _FREE_OF_CHARGE
        sums = sparse.csc_matrix(self._sums)[:, cells]
        room = system.room_below[cells].astype(np.float64)
        at = int(np.searchsorted(cells, cell))
        up: NDArray[np.float64] = np.full(len(cells), np.inf)
        low = np.zeros(len(cells))
        low[at] = up[at] = float(level)
        room[at] = 0.0
        answer = linprog(  # type: ignore[call-overload]  # takes sparse sums, which the stubs do not know
            np.concatenate([price, price]),
            A_eq=sparse.hstack([sums, -sums]),
            b_eq=np.zeros(sums.shape[0]),
            bounds=np.column_stack([np.concatenate([low, np.zeros(len(cells))]), np.concatenate([up, room])]),
            method="highs",
        )
        if answer.status != 0:
            return np.zeros(0, dtype=np.int64)
        moved: Booleans = np.abs(answer.x[: len(cells)] - answer.x[len(cells) :]) > _MOVED
        passed: Integers = cells[moved & on_offer[cells]].astype(np.int64)
        return passed


def _asking_only(system: System, cells: Integers) -> System:
    """The same system with only these cells to protect."""
    asked = np.zeros(system.size, dtype=np.bool_)
    asked[cells] = True
    return replace(system, upl=np.where(asked, system.upl, 0), lpl=np.where(asked, system.lpl, 0))
