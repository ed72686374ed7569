"""Cuts: what must be withheld at least, found so far; and the cheapest choice of cells that respects them all.

A cut is a sum over cells, `coefficients @ withheld >= 1`: of these cells some must be withheld, or else a demand is not met.
Cells that are withheld in any case have been taken out of it, and no coefficient is above 1, which makes the cheapest
*partial* choice (cells withheld in part) tell more of the cheapest whole one.

Choosing comes in three qualities: in part, by one programme; whole by *diving* (fix what is nearly whole, solve again); whole
and close to the cheapest, by branch and bound. Limits count nodes and simplex iterations, never seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.solver import DEAREST, Floats, choice_model, new_solver
from anonymize.system import Booleans

_COLUMNWISE, _MINIMISE = 1, 1
_NOTHING = 1e-6
_SURE = 0.6
"""In a dive a cell of which this much is withheld is withheld."""
_AT_ONCE = 0.1
"""And at least this share of the undecided cells, so that a dive takes some forty programmes."""
_LIKELY = 0.4
_MANY = 1_000
"""With more cells than these, those that would have to be cheaper by more than so much of their weight to be chosen in part
are left out of branching."""
_BRANCHING_COSTS = 10
"""An iteration of branch and bound counts as so many: measured."""

Branching = dict[str, bool | int | float]
_MANY_CELLS: Branching = {
    "mip_max_nodes": 50,
    "mip_heuristic_effort": 0.01,
    "mip_detect_symmetry": False,
    "mip_allow_restart": False,
}
_FEW_CELLS = _MANY_CELLS | {
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
    "mip_heuristic_run_feasibility_jump": False,
}
"""In small programmes the solver's own heuristics take ten times as long as the answer."""
CORNER = _FEW_CELLS | {"mip_max_nodes": 5}


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose among some cells at least cost: `rows @ chosen >= 1`. Positions count within `cells`."""

    cells: NDArray[np.int64]
    rows: sparse.csr_matrix
    weight: Floats


class Cuts:
    """The cuts of one system, and what they leave to choose."""

    def __init__(self, weight: Floats, fixed: Booleans, free: Booleans) -> None:
        """`fixed` is withheld in any case, at no price; what is not `free` never is."""
        self.size = len(weight)
        self.fixed = fixed
        self.weight = np.where(fixed, 0.0, weight)
        self._per_unit = max(float(weight.max()), 1.0) / DEAREST
        self._low, self._high = fixed.astype(np.float64), free.astype(np.float64)
        self._everything = np.arange(self.size, dtype=np.int32)
        self._partial = choice_model(weight, fixed, free)
        self._settled = sparse.csr_matrix((0, self.size), dtype=np.float64)
        self._waiting: list[tuple[NDArray[np.int64], Floats]] = []
        self.work = 0

    def add(self, cells: NDArray[np.int64], coefficients: Floats) -> None:
        """Add a cut over free cells; one that can never be kept is left out (then nothing helps that demand)."""
        certain = self.fixed[cells]
        needed = 1.0 - float(coefficients[certain].sum())
        cells, coefficients = cells[~certain], coefficients[~certain]
        if needed <= _NOTHING or coefficients.sum() < needed:
            return
        coefficients = np.minimum(coefficients / needed, 1.0)
        self._waiting.append((cells, coefficients))
        self._partial.addRow(1.0, highspy.kHighsInf, len(cells), cells.astype(np.int32), coefficients)

    def cost(self, share: Floats) -> float:
        """What a choice costs."""
        return float(self.weight @ share)

    def rows(self) -> sparse.csr_matrix:
        """All cuts so far, one row each."""
        if self._waiting:
            cells, coefficients = zip(*self._waiting, strict=True)
            ends = np.cumsum([0, *(len(one) for one in cells)])
            new = sparse.csr_matrix(
                (np.concatenate(coefficients), np.concatenate(cells), ends),
                shape=(len(cells), self.size),
            )
            self._settled = sparse.csr_matrix(sparse.vstack([self._settled, new], format="csr"))
            self._waiting = []
        return self._settled

    # ------------------------------------------------------------ in part

    def in_part(self) -> Floats | None:
        """Give the cheapest choice of cells withheld in part; None when the solver gives up."""
        self._partial.run()
        self.work += max(int(self._partial.getInfo().simplex_iteration_count), 0)
        share = np.array(self._partial.getSolution().col_value)
        return np.clip(share, 0.0, 1.0) if len(share) == self.size else None

    def dive(self) -> Floats | None:
        """Choose whole cells: fix the likeliest, solve again, until nothing is left in part; then drop what is not needed."""
        low = self._low.copy()
        while (share := self.in_part()) is not None:
            undecided = np.flatnonzero((low < 0.5) & (share > _NOTHING))
            split = undecided[share[undecided] < 1 - _NOTHING]
            if not len(split):
                break
            most = max(1, int(_AT_ONCE * len(split)))
            low[split[np.argsort(-share[split], kind="stable")[:most]]] = 1.0
            low[undecided[share[undecided] > _SURE]] = 1.0
            self._partial.changeColsBounds(self.size, self._everything, low, self._high)
        self._partial.changeColsBounds(self.size, self._everything, self._low, self._high)
        return None if share is None else self._thinned(share > 0.5)

    def _thinned(self, chosen: Booleans) -> Floats:
        """Drop chosen cells that no cut needs, dearest first."""
        rows = self.rows()
        by_cell = sparse.csc_matrix(rows)
        spare = rows @ (chosen & ~self.fixed) - 1.0
        for cell in _dearest_first(np.flatnonzero(chosen & ~self.fixed), self.weight):
            entries = slice(by_cell.indptr[cell], by_cell.indptr[cell + 1])
            touched, coefficients = by_cell.indices[entries], by_cell.data[entries]
            if (spare[touched] >= coefficients - 1e-9).all():
                spare[touched] -= coefficients
                chosen[cell] = False
        return np.where(chosen, 1.0, self._low)

    # ------------------------------------------------------------ whole

    def whole(self, before: Floats, gap: float) -> Floats | None:
        """Choose whole cells by branch and bound, among those chosen `before` and those that are likely by their price."""
        likely = self.likely()
        if likely is None:
            return None
        few = self.size <= _MANY
        among = (likely | (before > 0.5)) & ~self.fixed
        chosen = self.decided(among, self._low, gap, _FEW_CELLS if few else _MANY_CELLS)
        if chosen is None:
            return None
        share = self._low.copy()
        share[chosen] = 1.0
        return share

    def likely(self) -> Booleans | None:
        """Mark the cells that a cheap choice may hold, judged by their price in part; None when the solver gives up."""
        if self.in_part() is None:
            return None
        if self.size <= _MANY:
            return np.ones(self.size, dtype=np.bool_)
        solution = self._partial.getSolution()
        price = np.array(solution.col_dual) * self._per_unit
        likely: Booleans = (price < _LIKELY * self.weight) | (np.array(solution.col_value) > _NOTHING)
        return likely

    def decided(self, among: Booleans, given: Floats, gap: float, how: Branching) -> NDArray[np.int64] | None:
        """Choose what to withhold besides what is `given`, so that every cut holds; None when the solver finds nothing."""
        problem = self._problem(among, given)
        if not problem.rows.shape[0]:
            return problem.cells[:0]
        chosen = self._branched(problem, gap, how)
        return None if chosen is None else problem.cells[chosen]

    def _problem(self, among: Booleans, given: Floats) -> Problem:
        """Take the cuts that do not hold yet, and what they need of cells that may still be chosen."""
        rows = self.rows()
        lacking = 1.0 - rows @ np.where(self.fixed, 0.0, given)
        open_rows = np.flatnonzero(lacking > _NOTHING)
        chosen = sparse.csr_matrix(rows[open_rows])
        entries = chosen.data / np.repeat(lacking[open_rows], np.diff(chosen.indptr))
        usable = (among & (given < 0.5))[chosen.indices]
        of_row = np.repeat(np.arange(len(open_rows)), np.diff(chosen.indptr))[usable]
        cells, place = np.unique(chosen.indices[usable], return_inverse=True)
        smaller = sparse.csr_matrix(
            (np.minimum(entries[usable], 1.0), (of_row, place)), shape=(len(open_rows), len(cells))
        )
        return Problem(cells.astype(np.int64), smaller, self.weight[cells])

    def _branched(self, problem: Problem, gap: float, how: Branching) -> Booleans | None:
        height, width = problem.rows.shape
        if not width:
            return None
        columns = sparse.csc_matrix(problem.rows)
        solver = new_solver(presolve=True, mip_rel_gap=gap, **how)
        cost = problem.weight * (DEAREST / max(float(problem.weight.max()), 1.0)) + 1e-3
        solver.passModel(
            width, height, columns.nnz, _COLUMNWISE, _MINIMISE, 0.0, cost, np.zeros(width), np.ones(width),
            np.ones(height), np.full(height, highspy.kHighsInf), columns.indptr.astype(np.int32),
            columns.indices.astype(np.int32), columns.data, np.ones(width, dtype=np.int32),
        )  # fmt: skip
        solver.run()
        self.work += _BRANCHING_COSTS * max(int(solver.getInfo().simplex_iteration_count), 0)
        found = np.array(solver.getSolution().col_value)
        usable = solver.getInfo().primal_solution_status == _FEASIBLE and len(found) == width
        return found > 0.5 if usable else None


_FEASIBLE = 2
"""HiGHS: kSolutionStatusFeasible."""


def _dearest_first(cells: NDArray[np.int64], weight: Floats) -> list[int]:
    order: list[int] = cells[np.argsort(-weight[cells], kind="stable")].tolist()
    return order
