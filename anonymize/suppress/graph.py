"""The neighbourhood of a cell: the part of a system in which its protection is sought.

A system is a bipartite graph of cells and relations. The witness that protects a cell touches a handful of cells a
few relations away, so each search looks at a *ball* around the cell and not at the whole family of tables. Cells that
cannot move inside the ball (alone in one of its relations) are taken out before a solver sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.system import Booleans, System

Positions = NDArray[np.int32]
Item = TypeVar("Item", np.int32, np.float64)


@dataclass(frozen=True)
class Reach:
    """How far to look: relations from the centre, and how many cells at most."""

    radius: int
    most_cells: int


class Terms(Protocol):
    """Which cells may move, and what moving them costs."""

    def movable(self, cells: Positions) -> Booleans:
        """Mark those of the cells that may move."""

    def price(self, cells: Positions) -> NDArray[np.float64]:
        """What each of the cells costs; nothing if it is withheld anyway."""


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """Cells that may move together; everything outside is held still.

    cells   positions in the system, the centre first
    counts  entries of each cell (relations it is in)
    rows    relation of each entry, numbered within the neighbourhood, cell by cell
    signs   sign of each entry
    height  how many relations there are
    """

    cells: Positions
    counts: Positions
    rows: Positions
    signs: NDArray[np.float64]
    height: int

    def residual(self, shift: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum the shifts in every relation; all zeros when the shift keeps every total."""
        entries = self.signs * np.repeat(shift, self.counts)
        return np.bincount(self.rows, weights=entries, minlength=self.height).astype(np.float64, copy=False)


class CellGraph:
    """A system's relations, indexed both ways for growing balls."""

    def __init__(self, system: System) -> None:
        by_cell = sparse.csc_matrix(system.relations)
        by_row = sparse.csr_matrix(system.relations)
        self.cell_start = by_cell.indptr
        self.cell_rows = by_cell.indices
        self.cell_signs = by_cell.data.astype(np.float64)
        self.row_start = by_row.indptr
        self.row_cells = by_row.indices
        self._cell_seen = np.zeros(by_cell.shape[1], dtype=np.bool_)
        self._row_seen = np.zeros(by_cell.shape[0], dtype=np.bool_)
        self._row_number = np.zeros(by_cell.shape[0], dtype=np.int32)

    def ball(self, centre: int, terms: Terms, reach: Reach) -> Positions:
        """Movable cells at most `reach.radius` relations away from the centre, in order of distance.

        A ring that would make more than `most_cells` is the last, and only its most useful cells are taken: first those
        all of whose relations are in the ball already (they close circuits), then the least dear.
        """
        frontier = np.array([centre], dtype=np.int32)
        rings = [frontier]
        seen_rows: list[Positions] = []
        self._cell_seen[centre] = True
        found = 1
        for _ in range(reach.radius):
            rows = gather(self.cell_start, self.cell_rows, frontier)
            rows = np.unique(rows[~self._row_seen[rows]])
            self._row_seen[rows] = True
            seen_rows.append(rows)
            near = gather(self.row_start, self.row_cells, rows)
            near = np.unique(near[~self._cell_seen[near]])
            frontier = near[terms.movable(near)]
            found += len(frontier)
            if found > reach.most_cells:
                wanted = reach.most_cells - found + len(frontier)
                rings.append(self._most_useful(frontier, terms.price(frontier), wanted))
                break
            if not len(frontier):
                break
            self._cell_seen[frontier] = True
            rings.append(frontier)
        cells = np.concatenate(rings)
        self._cell_seen[cells] = False
        for rows in seen_rows:
            self._row_seen[rows] = False
        return cells

    def _most_useful(self, ring: Positions, price: NDArray[np.float64], wanted: int) -> Positions:
        start = self.cell_start[ring]
        counts = self.cell_start[ring + 1] - start
        unseen = ~self._row_seen[gather(self.cell_start, self.cell_rows, ring)]
        opens = np.add.reduceat(unseen, np.cumsum(counts) - counts)
        order = np.lexsort((ring, price, opens))
        return np.sort(ring[order[:wanted]])

    def alone(self, centre: int) -> Neighbourhood:
        """A cell that is in no relation at all."""
        none = np.zeros(0, dtype=np.int32)
        return Neighbourhood(
            np.array([centre], dtype=np.int32), np.zeros(1, dtype=np.int32), none, np.zeros(0), 0
        )

    def neighbourhood(self, cells: Positions) -> Neighbourhood | None:
        """Number the relations of these cells; None when the first of them cannot move among them."""
        centre = cells[0]
        while True:
            start = self.cell_start[cells]
            counts = self.cell_start[cells + 1] - start
            ends = np.cumsum(counts)
            entries = np.arange(ends[-1]) + np.repeat(start - ends + counts, counts)
            relations = self.cell_rows[entries]
            met = np.bincount(relations, minlength=0)
            alone = met[relations] == 1
            if not alone.any():
                used = np.flatnonzero(met)
                self._row_number[used] = np.arange(len(used), dtype=np.int32)
                return Neighbourhood(
                    cells,
                    counts.astype(np.int32),
                    self._row_number[relations],
                    self.cell_signs[entries],
                    len(used),
                )
            stuck = np.add.reduceat(alone, ends - counts) > 0
            cells = cells[~stuck]
            if not len(cells) or cells[0] != centre:
                return None


def gather(start: Positions, items: NDArray[Item], wanted: Positions) -> NDArray[Item]:
    """Concatenate the items of the wanted rows of a compressed matrix."""
    first = start[wanted]
    counts = start[wanted + 1] - first
    ends = np.cumsum(counts)
    if not len(ends):
        return items[:0]
    found: NDArray[Item] = items[np.arange(ends[-1]) + np.repeat(first - ends + counts, counts)]
    return found
