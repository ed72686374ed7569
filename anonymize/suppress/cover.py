"""Deciding one corner of a very large system anew, as a covering problem of its own.

The same cuts as in `separate.py`, but found within a block and forgotten with it: in a system that is too large for a covering
problem of the whole. *Reconsidering* frees the withheld cells of the corner and decides them anew by branch and bound over
the cuts known by then. Source: Fischetti & Salazar-González (2000), Models and algorithms for optimizing cell suppression
in tabular data with linear constraints, JASA 95; reconsidering is an ordinary large-neighbourhood heuristic.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.solver import Floats, choice_model, new_solver
from anonymize.system import Booleans

_MOST_LEVELS = 50.0
_MET = 1 - 1e-6
_NOTHING = 1e-6
_FEASIBLE = 2
"""HiGHS: kSolutionStatusFeasible."""
_MOST_ROUNDS = 80
_MOST_REPAIRS = 5
_BRANCHING: dict[str, str | int | float] = {
    "presolve": "on",
    "solver": "choose",
    "mip_rel_gap": 0.002,
    "mip_max_nodes": 50,
}


@dataclass(frozen=True, eq=False)
class Block:
    """A part of a system small enough to be looked at as a whole. Positions count within the block.

    relations  signed relations between its cells
    weight     what withholding each cell costs
    room       how far each can move either way
    fixed      cells that are withheld in any case
    closed     cells that may not be withheld
    centre     the cell of each demand, the hardest first
    level      its level
    """

    relations: sparse.csc_matrix
    weight: Floats
    room: Floats
    fixed: Booleans
    closed: Booleans
    centre: NDArray[np.int64]
    level: Floats


class Cover:
    """The covering problem of one block."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.size = len(block.weight)
        self._everything = np.arange(self.size, dtype=np.int32)
        self._shifts = self._shift_model()
        self._asked = -1
        self._choice = choice_model(block.weight, block.fixed, ~block.closed)
        self._low = block.fixed.astype(np.float64)
        self._high = np.where(block.closed, 0.0, 1.0)
        self._capacity: dict[int, Floats] = {}
        self.programmes = 0
        self.work = 0
        self._whole = False

    def reconsider(self, withheld: Booleans, corner: NDArray[np.int64]) -> Booleans | None:
        """Decide anew whether to withhold the cells of one corner; any other may be withheld instead.

        Gives a pattern that costs less than `withheld`, or None. It meets every demand, or nearly every one where cuts
        run out; the caller adds what is missing and sees whether it is still worth it.
        """
        block = self.block
        low = np.where(withheld, 1.0, 0.0)
        low[corner] = block.fixed[corner]
        self._branching(low, self._high)
        cost = self._cost(withheld)
        chosen = None
        for _ in range(_MOST_REPAIRS):
            solution = self._solution()
            if not len(solution) or self._cost(solution > 0.5) >= cost * (1 - 1e-9):
                return None
            chosen = solution > 0.5
            if self._cut(chosen.astype(np.float64)) == 0:
                break
        return chosen

    def _cost(self, withheld: Booleans) -> float:
        return float(self.block.weight[withheld & ~self.block.fixed].sum())

    def _branching(self, low: Floats, high: Floats) -> None:
        """Whole decisions only, between these bounds."""
        if not self._whole:
            whole = np.full(self.size, highspy.HighsVarType.kInteger)
            self._choice.changeColsIntegrality(self.size, self._everything, whole)
            for name, setting in _BRANCHING.items():
                self._choice.setOptionValue(name, setting)
            self._whole = True
        self._choice.changeColsBounds(self.size, self._everything, low, high)

    def bound(self, withheld: Booleans, corner: NDArray[np.int64]) -> float:
        """What deciding the corner anew would cost at least; call before the first `reconsider`."""
        low = np.where(withheld, 1.0, 0.0)
        low[corner] = self.block.fixed[corner]
        self._choice.changeColsBounds(self.size, self._everything, low, self._high)
        share = self._relax(low, rounds=_MOST_ROUNDS)
        return (
            np.inf
            if share is None
            else float(self.block.weight[~self.block.fixed] @ share[~self.block.fixed])
        )

    def _relax(self, share: Floats, rounds: int = _MOST_ROUNDS) -> Floats | None:
        """Cut and solve until the shares meet every demand, or rounds are used up."""
        for _ in range(rounds):
            if self._cut(share) == 0:
                break
            share = self._solution()
            if not len(share):
                return None
        return share

    def _solution(self) -> Floats:
        self._choice.run()
        self.programmes += 1
        self.work += max(int(self._choice.getInfo().simplex_iteration_count), 0)
        solution = np.array(self._choice.getSolution().col_value)
        usable = self._choice.getInfo().primal_solution_status == _FEASIBLE
        return solution if usable and len(solution) == self.size else np.zeros(0)

    def _cut(self, share: Floats) -> int:
        """Add a cut for every demand that these shares do not meet; say how many."""
        share = np.where(share < _NOTHING, 0.0, np.minimum(share, 1.0))
        met = np.zeros(self.size, dtype=np.bool_)
        level_of = np.zeros(self.size)
        level_of[self.block.centre[::-1]] = self.block.level[::-1]
        cuts = 0
        for demand, (centre, level) in enumerate(
            zip(self.block.centre.tolist(), self.block.level.tolist(), strict=True)
        ):
            if met[centre]:
                continue
            reached, coefficients = self._reach(demand, centre, share)
            if coefficients is None:
                met |= np.abs(reached) * level >= level_of
                continue
            self._add_cut(coefficients)
            cuts += 1
        return cuts

    def _reach(self, demand: int, centre: int, share: Floats) -> tuple[Floats, Floats | None]:
        """Move a centre as far as shares of the room allow: the shifts if that is a level, else the cut as well."""
        capacity = self._capacity.get(demand)
        if capacity is None:
            capacity = np.minimum(self.block.room / self.block.level[demand], _MOST_LEVELS)
            self._capacity[demand] = capacity
        bound = capacity * share
        bound[centre] = 1.0
        if self._asked != centre:
            if self._asked >= 0:
                self._shifts.changeColCost(self._asked, 0.0)
            self._shifts.changeColCost(centre, -1.0)
            self._asked = centre
        self._shifts.changeColsBounds(self.size, self._everything, -bound, bound)
        self._shifts.run()
        self.programmes += 1
        self.work += max(int(self._shifts.getInfo().simplex_iteration_count), 0)
        solution = self._shifts.getSolution()
        reached = np.array(solution.col_value)
        if reached[centre] >= _MET:
            return reached, None
        coefficients = np.minimum(np.abs(np.array(solution.col_dual)) * capacity, 1.0)
        coefficients[centre] = 0.0
        return reached, coefficients

    def _add_cut(self, coefficients: Floats) -> None:
        cells = np.flatnonzero(coefficients > 1e-9).astype(np.int32)
        self._choice.addRow(1.0, highspy.kHighsInf, len(cells), cells, coefficients[cells])

    def _shift_model(self) -> highspy.Highs:
        matrix = self.block.relations
        still = np.zeros(matrix.shape[0])
        none = np.zeros(self.size)
        model = new_solver()
        model.passModel(
            self.size, matrix.shape[0], matrix.nnz, 1, 1, 0.0, none, none, none, still, still,
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data.astype(np.float64),
            np.zeros(self.size, dtype=np.int32),
        )  # fmt: skip
        return model
