"""The neighbourhood of a cell: the part of a system in which its protection is sought.

A system is a bipartite graph of cells and relations. The witness that protects a cell touches a handful of cells a
few relations away, so each search looks at a *ball* around the cell and not at the whole family of tables. Cells that
cannot move inside the ball (alone in one of its relations) are taken out before a solver sees it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.system import Booleans, System

Positions = NDArray[np.int32]


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

    def ball(self, centre: int, movable: Booleans, radius: int, most_cells: int) -> Positions:
        """Movable cells at most `radius` relations away from the centre, in order of distance.

        Stops growing when `most_cells` have been found.
        """
        frontier = np.array([centre], dtype=np.int32)
        rings = [frontier]
        seen_rows: list[Positions] = []
        self._cell_seen[centre] = True
        found = 1
        for _ in range(radius):
            rows = gather(self.cell_start, self.cell_rows, frontier)
            rows = np.unique(rows[~self._row_seen[rows]])
            self._row_seen[rows] = True
            seen_rows.append(rows)
            near = gather(self.row_start, self.row_cells, rows)
            near = near[movable[near] & ~self._cell_seen[near]]
            frontier = np.unique(near)
            if not len(frontier):
                break
            self._cell_seen[frontier] = True
            rings.append(frontier)
            found += len(frontier)
            if found > most_cells:
                break
        cells = np.concatenate(rings)
        self._cell_seen[cells] = False
        for rows in seen_rows:
            self._row_seen[rows] = False
        return cells

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


def gather(start: Positions, items: Positions, wanted: Positions) -> Positions:
    """Concatenate the items of the wanted rows of a compressed matrix."""
    first = start[wanted]
    counts = start[wanted + 1] - first
    ends = np.cumsum(counts)
    if not len(ends):
        return items[:0]
    found: Positions = items[np.arange(ends[-1]) + np.repeat(first - ends + counts, counts)]
    return found
