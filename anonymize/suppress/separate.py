"""Finding cuts: which demands a choice of withheld cells does not meet, and of which cells more must be withheld.

A demand is met when the withheld cells can carry its level: when the largest possible shift of its cell is at least one
level. Where they cannot, the programme's dual names a *cut* (`cuts.py`). Cells may be withheld in part: a cell with a share of
one half can carry half of its room. Source: Fischetti & Salazar-González (2000), Models and algorithms for optimizing cell
suppression in tabular data with linear constraints, JASA 95.

Trying a demand looks only at the relations that it can reach through cells with a share, and at most so many of them.
Relations further away are left out, which makes the problem easier, never harder: every cut that is found holds for the
whole system. So no cut found means "probably met"; the proof is the witnesses' part.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.cuts import Cuts
from anonymize.suppress.draft import Draft
from anonymize.suppress.graph import gather
from anonymize.suppress.solver import Columns, Floats, LinearSolver

_MOST_LEVELS = 50.0
_MET = 1 - 1e-6
_NOTHING = 1e-6


@dataclass(frozen=True)
class Depth:
    """How far a demand is followed: relations from its cell, and how many relations at most."""

    radius: int
    most_relations: int


IN_PART = Depth(12, 400)
WHOLE = Depth(25, 1500)
"""Cells withheld in part are many and reach everything at once; whole ones are few, and worth following further."""


@dataclass(frozen=True, eq=False)
class _Surroundings:
    """What a demand can reach through cells with a share: the cells (the centre first) and the relations."""

    cells: NDArray[np.int32]
    relations: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class _Carried:
    """What carried a demand when it was last met: the cells, and the share that each needs."""

    cells: NDArray[np.int32]
    needed: Floats


class Separation:
    """Tries the demands of a draft against choices of withheld cells, and adds cuts."""

    def __init__(self, draft: Draft, cuts: Cuts) -> None:
        self.cuts = cuts
        self.depth = IN_PART
        self.solver = LinearSolver()
        self._demands = draft.demands
        self._graph = draft.finder.graph
        self._room = draft.room
        self._free = ~draft.system.pinned
        relations = sparse.csr_matrix(draft.system.relations)
        self._row_signs = relations.data.astype(np.float64)
        self._number = np.full(relations.shape[0], -1, dtype=np.int32)
        self._row_seen = np.zeros(relations.shape[0], dtype=np.bool_)
        self._cell_seen = np.zeros(draft.system.size, dtype=np.bool_)
        self._carried: dict[int, _Carried] = {}
        self._demand_of = np.full(draft.system.size, -1, dtype=np.int64)
        shared = np.flatnonzero(~self._demands.up_only)
        self._demand_of[self._demands.cell[shared[::-1]]] = shared[::-1]

    def look_further(self, depth: Depth) -> None:
        """Follow demands further from now on; what was found met before is tried again."""
        self.depth = depth
        self._carried = {}

    def cut(self, share: Floats, demands: Iterable[int] | None = None) -> int:
        """Add a cut for every demand (of some) that these shares do not meet; say how many were not met."""
        share = np.where(share < _NOTHING, 0.0, np.minimum(share, 1.0))
        unmet = 0
        for demand in range(len(self._demands)) if demands is None else demands:
            carried = self._carried.get(demand)
            if carried is not None and (share[carried.cells] >= carried.needed).all():
                continue
            cut = self._cut_for(demand, share)
            if cut is not None:
                self.cuts.add(*cut)
                unmet += 1
        return unmet

    def _cut_for(self, demand: int, share: Floats) -> tuple[NDArray[np.int64], Floats] | None:
        centre, level = int(self._demands.cell[demand]), float(self._demands.level[demand])
        around = self._around(centre, share)
        high = self._capacity(around.cells, level) * share[around.cells]
        high[0] = 1.0
        found = self.solver.with_duals(self._programme(around, high))
        if found is None:
            return None
        if found.solution[0] >= _MET:
            self._remember(demand, around.cells, np.abs(found.solution))
            return None
        return self._coefficients(centre, level, around.relations, found.duals)

    def _capacity(self, cells: NDArray[np.int32] | NDArray[np.int64], level: float) -> Floats:
        """How far the cells can be moved, in levels."""
        return np.minimum(self._room[cells] / level, _MOST_LEVELS)

    def _remember(self, demand: int, cells: NDArray[np.int32], moved: Floats) -> None:
        """Note what carried a demand; it carries the demands of all cells that it moves by their levels, too."""
        used = np.flatnonzero(moved > 1e-9)
        cells, moved = cells[used], moved[used]
        level = float(self._demands.level[demand])
        needed = moved / self._capacity(cells, level) - 1e-6
        carried = _Carried(cells[1:], needed[1:])
        if not self._demands.up_only[demand]:
            others = self._demand_of[cells]
            met = others[(others >= 0) & (moved * level >= self._demands.level[others])]
            self._carried.update(dict.fromkeys(met.tolist(), carried))
        self._carried[demand] = carried

    def _programme(self, around: _Surroundings, high: Floats) -> Columns:
        """Move the first cell as far up as the bounds allow."""
        graph, cells = self._graph, around.cells
        self._number[around.relations] = np.arange(len(around.relations), dtype=np.int32)
        rows = self._number[gather(graph.cell_start, graph.cell_rows, cells)]
        signs = gather(graph.cell_start, graph.cell_signs, cells)
        self._number[around.relations] = -1
        inside = rows >= 0
        ends = np.cumsum(graph.cell_start[cells + 1] - graph.cell_start[cells])
        start = np.concatenate([[0], np.cumsum(inside)])[np.concatenate([[0], ends])].astype(np.int32)
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
        coefficients = np.abs(np.bincount(place, weights=entries)) * self._capacity(touched, level)
        coefficients[(touched == centre) | ~self._free[touched]] = 0.0
        useful = coefficients > 1e-9
        if not useful.any():
            return None
        return touched[useful].astype(np.int64), np.minimum(coefficients[useful], 1.0)

    def _around(self, centre: int, share: Floats) -> _Surroundings:
        graph = self._graph
        frontier = np.array([centre], dtype=np.int32)
        rings, relations, found = [frontier], [np.zeros(0, dtype=np.int32)], 0
        self._cell_seen[centre] = True
        for _ in range(self.depth.radius):
            new = gather(graph.cell_start, graph.cell_rows, frontier)
            new = np.unique(new[~self._row_seen[new]])
            found += len(new)
            if not len(new) or found > self.depth.most_relations:
                break
            self._row_seen[new] = True
            relations.append(new)
            near = gather(graph.row_start, graph.row_cells, new)
            frontier = np.unique(near[(share[near] > 0) & ~self._cell_seen[near]])
            self._cell_seen[frontier] = True
            rings.append(frontier)
        around = _Surroundings(np.concatenate(rings), np.concatenate(relations))
        self._cell_seen[around.cells] = False
        self._row_seen[around.relations] = False
        return around
