"""How much of each cell the cheapest pattern would withhold if cells could be withheld in part: a guide for building.

The covering problem of `cover.py` over a whole system, without whole decisions. A share between 0 and 1 per cell is
chosen so that every cut found so far holds; then each demand is tried against these shares, and whatever they cannot
carry becomes a cut. Cells that the answer withholds nearly whole are worth withholding for everybody's sake, which a
witness for a single demand cannot know.

Trying a demand looks only at the relations that it can reach through cells with a share, and at most so many of them.
Relations further away are left out, which makes the problem easier, never harder: every cut that is found holds for the
whole system. So the shares are a guide and their cost a lower bound; the proof is the witnesses' part.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.construct import Stop
from anonymize.suppress.draft import Draft
from anonymize.suppress.graph import gather
from anonymize.suppress.solver import Columns, Floats, LinearSolver, choice_model

_MOST_LEVELS = 50.0
_MET = 1 - 1e-6
_NOTHING = 1e-6
_MOST_RELATIONS = 400
_RADIUS = 12
_MOST_WORK = 500_000
_MANY_ITERATIONS = 80
"""A demand that takes more than so many iterations on average: tables of three and more dimensions."""
_GAIN = 0.004
"""A round that raises the cost by less than this share of it is the last."""


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """What a demand can reach through cells with a share: the cells (the centre first) and the relations."""

    cells: NDArray[np.int32]
    relations: NDArray[np.int32]


class Relaxation:
    """Shares of all cells of a draft's system that meet the cuts found so far."""

    def __init__(self, draft: Draft) -> None:
        self._demands = draft.demands
        self._graph = draft.finder.graph
        self._weight = draft.weight
        self._room = draft.room
        self._fixed = draft.system.must_withhold
        relations = sparse.csr_matrix(draft.system.relations)
        self._row_signs = relations.data.astype(np.float64)
        self._number = np.full(relations.shape[0], -1, dtype=np.int32)
        self._size = draft.system.size
        self._free = ~draft.system.pinned
        self._solver = LinearSolver()
        self._carried: dict[int, tuple[NDArray[np.int32], Floats]] = {}
        self._choice = choice_model(self._weight, self._fixed, self._free)
        self.work = 0

    def shares(self, stop: Stop) -> Floats | None:
        """Give the shares when they cost hardly more than the round before; None where looking for them takes too long.

        Limits count simplex iterations: the same system gives the same shares on any machine.
        """
        share = np.where(self._fixed, 1.0, 0.0)
        cost = 0.0
        while self.work < _MOST_WORK and not stop():
            if not self._cut(share):
                break
            if self.work > _MANY_ITERATIONS * self._solver.solved:
                return None
            found = self._solution()
            if found is None:
                break
            share, before = np.clip(found, 0.0, 1.0), cost
            cost = float(self._weight @ np.where(self._fixed, 0.0, share))
            if cost - before < _GAIN * cost:
                break
        return share

    def _cut(self, share: Floats) -> int:
        share = np.where(share < _NOTHING, 0.0, np.minimum(share, 1.0))
        cuts = 0
        for demand in range(len(self._demands)):
            if self._is_met(demand, share):
                continue
            cut = self._cut_for(demand, share)
            if cut is None:
                continue
            cells, coefficients = cut
            self._choice.addRow(1.0, highspy.kHighsInf, len(cells), cells.astype(np.int32), coefficients)
            cuts += 1
        self.work += self._solver.iterations
        self._solver.iterations = 0
        return cuts

    def _is_met(self, demand: int, share: Floats) -> bool:
        """Whether these shares carry what carried the demand before."""
        carried = self._carried.get(demand)
        return carried is not None and bool((share[carried[0]] >= carried[1]).all())

    def _cut_for(self, demand: int, share: Floats) -> tuple[NDArray[np.int64], Floats] | None:
        centre, level = int(self._demands.cell[demand]), float(self._demands.level[demand])
        around = self._around(centre, share)
        cells = around.cells
        high = np.minimum(self._room[cells] / level, _MOST_LEVELS) * share[cells]
        high[0] = 1.0
        found = self._solver.with_duals(self._programme(around, high))
        if found is None:
            return None
        if found.solution[0] >= _MET:
            used = np.flatnonzero(np.abs(found.solution) > 1e-9)[1:]
            most = np.minimum(self._room[cells[used]] / level, _MOST_LEVELS)
            self._carried[demand] = (cells[used], np.abs(found.solution[used]) / most - 1e-6)
            return None
        return self._coefficients(centre, level, around.relations, found.duals)

    def _programme(self, around: _Surroundings, high: Floats) -> Columns:
        """Move the first cell as far up as the bounds allow."""
        graph, cells = self._graph, around.cells
        self._number[around.relations] = np.arange(len(around.relations), dtype=np.int32)
        rows = self._number[gather(graph.cell_start, graph.cell_rows, cells)]
        signs = gather(graph.cell_start, graph.cell_signs, cells)
        self._number[around.relations] = -1
        inside = rows >= 0
        ends = np.cumsum(graph.cell_start[cells + 1] - graph.cell_start[cells])
        start = np.zeros(len(cells) + 1, dtype=np.int32)
        start[1:] = np.cumsum(inside)[ends - 1]
        objective = np.zeros(len(cells))
        objective[0] = -1.0
        return Columns(start, rows[inside], signs[inside], len(around.relations), objective, -high, high)

    def _coefficients(
        self, centre: int, level: float, relations: NDArray[np.int32], duals: Floats
    ) -> tuple[NDArray[np.int64], Floats] | None:
        telling = np.abs(duals) > 1e-9
        relations, duals = relations[telling], duals[telling]
        graph = self._graph
        counts = graph.row_start[relations + 1] - graph.row_start[relations]
        entries = gather(graph.row_start, self._row_signs, relations) * np.repeat(duals, counts)
        touched, place = np.unique(gather(graph.row_start, graph.row_cells, relations), return_inverse=True)
        capacity = np.minimum(self._room[touched] / level, _MOST_LEVELS)
        coefficients = np.minimum(np.abs(np.bincount(place, weights=entries)) * capacity, 1.0)
        coefficients[(touched == centre) | ~self._free[touched]] = 0.0
        useful = coefficients > 1e-9
        return (touched[useful], coefficients[useful]) if useful.any() else None

    def _around(self, centre: int, share: Floats) -> _Surroundings:
        graph = self._graph
        cells = np.array([centre], dtype=np.int32)
        frontier = cells
        relations = np.zeros(0, dtype=np.int32)
        for _ in range(_RADIUS):
            new = np.setdiff1d(gather(graph.cell_start, graph.cell_rows, frontier), relations)
            if not len(new) or len(relations) + len(new) > _MOST_RELATIONS:
                break
            relations = np.concatenate([relations, new])
            near = np.unique(gather(graph.row_start, graph.row_cells, new))
            near = near[share[near] > 0]
            frontier = np.setdiff1d(near, cells)
            if not len(frontier):
                break
            cells = np.concatenate([cells, frontier])
        return _Surroundings(cells, relations)

    def _solution(self) -> Floats | None:
        self._choice.run()
        self.work += max(int(self._choice.getInfo().simplex_iteration_count), 0)
        solution = np.array(self._choice.getSolution().col_value)
        return solution if len(solution) == self._size else None
