"""Witnesses: integer shifts of withheld cells that leave every total as it is.

A witness for cell p is a vector d with M d = 0 and value + d >= lower, in whole units, that moves p by its protection
level. The attacker cannot tell `value` from `value + d`. All shifts here are also bounded by |d| <= value - lower, so
that `value - d` is possible as well and one witness protects in both directions.

A witness is found as a cheapest route: a linear programme in units of the protection level, in which every cell costs
its weight per unit, and cells that are withheld anyway cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anonymize.suppress.graph import CellGraph, Neighbourhood, Positions, Reach
from anonymize.suppress.solver import Columns, Floats, LinearSolver
from anonymize.system import Booleans, Integers, System

_TINY = 1e-7
_FREE_CELL_COST = 1e-4
"""What a unit through a withheld cell costs, beside 1e3 for the dearest cell."""
_MOST_UNITS = 1e3
_GRIDS = (1, 2, 12, 120, 5040)
_STEPS = (5040, 2520, 1680, 1260, 840, 720, 420, 120, 60, 40, 30, 24, 20, 12, 6, 4, 3, 2, 1)


@dataclass(frozen=True, eq=False)
class Route:
    """A witness: `shifts` (whole units, not zero) of `cells`; `added` cells are not withheld yet and cost `cost`."""

    cells: Positions
    shifts: Integers
    added: Positions
    cost: float


@dataclass(frozen=True, eq=False)
class Search:
    """On what terms a witness is sought.

    withheld  cells that are withheld already: they cost nothing
    weight    what adding another costs
    room      how far each cell can move either way
    closed    cells that may not move at all
    floor     cells with less room than this are not worth a place in the programme
    ceiling   cells that cost more than this may not be added (negative: none may)
    """

    withheld: Booleans
    weight: Floats
    room: Floats
    closed: Booleans
    floor: float = 0.0
    ceiling: float = np.inf

    def movable(self, cells: Positions) -> Booleans:
        """Mark those of the cells that may move."""
        usable = (self.room[cells] >= self.floor) & ~self.closed[cells]
        if self.ceiling == np.inf:
            return usable
        return usable & (self.withheld[cells] | (self.weight[cells] <= self.ceiling))

    def price(self, cells: Positions) -> Floats:
        """What each of the cells costs; nothing if it is withheld anyway."""
        return np.where(self.withheld[cells], 0.0, self.weight[cells])


class RouteFinder:
    """Finds cheapest witnesses in a system."""

    def __init__(self, system: System) -> None:
        self.graph = CellGraph(system)
        self.solver = LinearSolver()
        self.work = 0

    def cheapest(self, centre: int, level: int, search: Search, reach: Reach) -> Route | None:
        """Find the cheapest witness that moves `centre` by `level` through movable cells of its ball."""
        place = self._place(centre, search, reach)
        if place is None:
            return None
        shifts = (
            np.array([level], dtype=np.int64) if place.height == 0 else self._shifts(place, level, search)
        )
        if shifts is None:
            return None
        moving = shifts != 0
        cells = place.cells[moving]
        added = cells[~search.withheld[cells]]
        return Route(cells, shifts[moving], added, float(search.weight[added].sum()))

    def can_move(self, centre: int, level: int, search: Search, reach: Reach) -> bool:
        """Whether `centre` can move by `level` (down if negative) when only lower bounds hold, not their mirror image."""
        place = self._place(centre, search, reach)
        if place is None or place.height == 0:
            return place is not None
        size = abs(level)
        low = -np.minimum(search.room[place.cells] / size, _MOST_UNITS)
        high = np.full(len(place.cells), _MOST_UNITS)
        sign = 1.0 if level > 0 else -1.0
        low[0] = max(low[0], -1.0)
        high[0] = 1.0
        start = np.zeros(len(place.cells) + 1, dtype=np.int32)
        np.cumsum(place.counts, out=start[1:])
        cost = np.zeros(len(place.cells))
        cost[0] = -sign
        solution = self.solver.minimum(Columns(start, place.rows, place.signs, place.height, cost, low, high))
        return solution is not None and float(solution[0]) * sign >= 1 - 1e-6

    def _place(self, centre: int, search: Search, reach: Reach) -> Neighbourhood | None:
        if self.graph.cell_start[centre] == self.graph.cell_start[centre + 1]:
            return self.graph.alone(centre)
        return self.graph.neighbourhood(self.graph.ball(centre, search, reach))

    def _shifts(self, place: Neighbourhood, level: int, search: Search) -> Integers | None:
        """Solve for whole shifts, at first on the grid of whole units, then on coarser ones.

        Corners of these programmes are nearly always whole multiples of the level or of some room. Where a corner
        has halves or thirds, a level and rooms that are multiples of 12 make it whole again.
        """
        price = _tilted(search.price(place.cells), search.weight[place.cells])
        room = search.room[place.cells]
        for grid in _GRIDS:
            level_on_grid = -(-level // grid) * grid
            if level <= room[0] < level_on_grid:
                return None
            room_on_grid = np.floor(room / grid) * grid if grid > 1 else room
            units = self._units(place, level_on_grid, room_on_grid, price)
            if units is None:
                return None
            shifts = _snapped(place, np.where(np.abs(units) < _TINY, 0.0, units) * level_on_grid, grid)
            if shifts is not None and shifts[0] == level_on_grid and (np.abs(shifts[1:]) <= room[1:]).all():
                return shifts.astype(np.int64)
        return None

    def _units(self, place: Neighbourhood, level: int, room: Floats, price: Floats) -> Floats | None:
        """Solve in units of the protection level: the centre moves by exactly one."""
        width = len(place.cells)
        most = np.minimum(room / level, _MOST_UNITS)
        high = np.concatenate([most, most])
        high[0], high[width] = 1.0, 0.0
        low = np.zeros(2 * width)
        low[0] = 1.0
        start = np.zeros(2 * width + 1, dtype=np.int32)
        np.cumsum(np.concatenate([place.counts, place.counts]), out=start[1:])
        solution = self.solver.minimum(
            Columns(
                start,
                np.concatenate([place.rows, place.rows]),
                np.concatenate([place.signs, -place.signs]),
                place.height,
                np.concatenate([price, price]),
                low,
                high,
            )
        )
        return None if solution is None else solution[:width] - solution[width:]


def _tilted(price: Floats, weight: Floats) -> Floats:
    """Scale prices to 1e3 and add a little for every cell, so that shorter and lighter witnesses win ties."""
    scale = 1e3 / max(float(price.max()), 1.0)
    return price * scale + (_FREE_CELL_COST + 1e-4 * scale * weight)


def _snapped(place: Neighbourhood, shifts: Floats, grid: int) -> Floats | None:
    """Round shifts so that every total is kept exactly, to the coarsest part of the grid that does it.

    The solver is exact to about one part in 10^7; large shifts on a grid can be read through that blur.
    """
    for step in (step for step in _STEPS if grid % step == 0):
        whole = np.rint(shifts / step) * step
        if not place.residual(whole).any():
            return whole
    return None
