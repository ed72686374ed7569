"""The pattern as a covering problem over cuts: choose cells, find the demands that are not met, cut, choose again.

At first cells are chosen in part, which takes milliseconds, until a round raises the cost by next to nothing. Then whole
cells are chosen by diving, whose faults teach the cuts that matter to whole choices; at last by branch and bound. What is
still not met then is the builder's part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.suppress.construct import Stop
from anonymize.suppress.cuts import Cuts
from anonymize.suppress.draft import Draft
from anonymize.suppress.separate import WHOLE, Separation
from anonymize.suppress.solver import Floats

_MOST_ROUNDS = 16
_GAIN = 0.001
"""A round that raises the cost by less than this share of it is the last."""
_MANY_ITERATIONS = 150
_HARD_ITERATIONS = 60
_PROBES = 200
"""Demands that take more than so many iterations on average: tables of three and more dimensions."""


@dataclass(frozen=True)
class Effort:
    """How many whole choices are tried, by diving and by branching, and how near to the cheapest the latter must be."""

    dives: int
    branchings: int
    gap: float


class Covering:
    """The covering problem of a draft."""

    def __init__(self, draft: Draft) -> None:
        system = draft.system
        self.cuts = Cuts(draft.weight, system.must_withhold, ~system.pinned)
        self.separation = Separation(draft, self.cuts)
        self._nothing = np.where(system.must_withhold, 1.0, 0.0)

    @property
    def is_hard(self) -> bool:
        """Whether demands take so many iterations that branching would take minutes: tables of three dimensions."""
        solver = self.separation.solver
        return solver.iterations > _HARD_ITERATIONS * solver.solved

    @property
    def work(self) -> int:
        """Simplex iterations so far."""
        return self.cuts.work + self.separation.solver.iterations

    def in_part(self, stop: Stop) -> Floats | None:
        """Give the shares that would be withheld if cells could be withheld in part; None where that takes too long."""
        share, cost = self._nothing, 0.0
        solver = self.separation.solver
        for _ in range(_MOST_ROUNDS):
            if not self.separation.cut(share) or stop():
                break
            if solver.solved > _PROBES and solver.iterations > _MANY_ITERATIONS * solver.solved:
                return None
            found = self.cuts.in_part()
            if found is None:
                break
            share, before = found, cost
            cost = self.cuts.cost(share)
            if cost - before < _GAIN * cost:
                break
        return share

    def whole(self, effort: Effort, stop: Stop) -> Floats | None:
        """Give a whole choice, best after `in_part`; it may leave some demands unmet. None when the solver finds nothing."""
        self.separation.look_further(WHOLE)
        share = self._dived(effort.dives, stop)
        for _ in range(effort.branchings):
            found = None if share is None or stop() else self.cuts.whole(share, effort.gap)
            if found is None:
                break
            share = found
            if not self.separation.cut(share):
                break
        return share

    def _dived(self, dives: int, stop: Stop) -> Floats | None:
        share: Floats | None = None
        for _ in range(dives):
            found = self.cuts.dive()
            if found is None or stop():
                break
            share = found
            if not self.separation.cut(share):
                break
        return share
