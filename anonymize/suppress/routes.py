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

from anonymize.suppress.graph import CellGraph, Neighbourhood, Positions
from anonymize.suppress.solver import Columns, Floats, LinearSolver
from anonymize.system import Booleans, Integers, System

_TINY = 1e-7
_FREE_CELL_COST = 1e-4
"""What a unit through a withheld cell costs, beside 1e3 for the dearest cell: shorter witnesses win ties."""
_MOST_UNITS = 1e3
_GRIDS = (1, 2, 12, 120)


@dataclass(frozen=True, eq=False)
class Route:
    """A witness: `shifts` (whole units, not zero) of `cells`; `added` cells are not withheld yet and cost `cost`."""

    cells: Positions
    shifts: Integers
    added: Positions
    cost: float


class RouteFinder:
    """Finds cheapest witnesses in a system."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.graph = CellGraph(system)
        self.solver = LinearSolver()
        self.room = system.room_below.astype(np.float64)
        self.weight = system.weight

    def cheapest(
        self,
        centre: int,
        level: int,
        movable: Booleans,
        withheld: Booleans,
        *,
        radius: int,
        most_cells: int = 1 << 30,
        bias: Floats | None = None,
    ) -> Route | None:
        """Find the cheapest witness that moves `centre` by `level` through movable cells of its ball."""
        ball = self.graph.ball(centre, movable, radius, most_cells)
        if self.graph.cell_start[centre] == self.graph.cell_start[centre + 1]:
            return self._alone(centre, level, withheld)
        place = self.graph.neighbourhood(ball)
        if place is None:
            return None
        shifts = self._shifts(place, level, withheld, bias)
        if shifts is None:
            return None
        moving = shifts != 0
        cells = place.cells[moving]
        added = cells[~withheld[cells]]
        return Route(cells, shifts[moving], added, float(self.weight[added].sum()))

    def _alone(self, centre: int, level: int, withheld: Booleans) -> Route:
        cells = np.array([centre], dtype=np.int32)
        added = cells[~withheld[cells]]
        return Route(cells, np.array([level], dtype=np.int64), added, float(self.weight[added].sum()))

    def _shifts(
        self, place: Neighbourhood, level: int, withheld: Booleans, bias: Floats | None
    ) -> Integers | None:
        """Solve for whole shifts, at first on the grid of whole units, then on coarser ones.

        Corners of these programmes are nearly always whole multiples of the level or of some room. Where a corner
        has halves or thirds, level and rooms that are multiples of 12 make it whole again.
        """
        price = self._price(place, withheld, bias)
        room = self.room[place.cells]
        for grid in _GRIDS:
            level_on_grid = -(-level // grid) * grid
            if level <= room[0] < level_on_grid:
                return None
            room_on_grid = np.floor(room / grid) * grid if grid > 1 else room
            units = self._units(place, level_on_grid, room_on_grid, price)
            if units is None:
                return None
            shifts = np.rint(np.where(np.abs(units) < _TINY, 0.0, units) * level_on_grid)
            shifts[0] = level_on_grid
            if (np.abs(shifts[1:]) <= room[1:]).all() and not place.residual(shifts).any():
                whole: Integers = shifts.astype(np.int64)
                return whole
        return None

    def _price(self, place: Neighbourhood, withheld: Booleans, bias: Floats | None) -> Floats:
        """What a unit through each cell costs; cells that are withheld anyway are nearly free."""
        weight = self.weight[place.cells]
        price = np.where(withheld[place.cells], 0.0, weight)
        if bias is not None:
            price *= bias[place.cells]
        scale = 1e3 / max(float(price.max()), 1.0)
        return price * scale + (_FREE_CELL_COST + 1e-4 * scale * weight)

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
