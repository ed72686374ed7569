"""A pattern in the making: which cells are withheld, and the witness that meets each demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.suppress.demands import Demands, Shares
from anonymize.suppress.routes import Route, RouteFinder
from anonymize.system import FREE, STATES, Booleans, System


@dataclass(frozen=True)
class Reach:
    """How far to look: relations from the cell, and when to stop growing."""

    radius: int
    most_cells: int


NEAR = Reach(4, 800)
"""Mostly the cell's own block of the table."""
FAR = Reach(8, 1500)
ANYWHERE = Reach(64, 1 << 30)
_DEAR = 8
_WORTHWHILE = 0.002


class Draft:
    """Which cells are withheld, a witness per demand, and which demands lean on which cell.

    Every cell of a witness is withheld; a withheld cell that no witness uses, and that need not be withheld, may go.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.finder = RouteFinder(system)
        self.demands = Demands.of(system)
        self.shares = Shares(self.demands, system.size)
        self.withheld = system.must_withhold.copy()
        self.open = ~system.pinned
        self.removable = (system.state == STATES.index(FREE)) & ~system.sensitive
        self.witness: dict[int, Route] = {}
        self.leaning: dict[int, set[int]] = {}
        self.level = np.zeros(system.size)
        np.maximum.at(self.level, self.demands.cell, self.demands.level.astype(np.float64))

    # ------------------------------------------------------------ searching

    def protect(self, demand: int, *, limit: float = np.inf) -> Route | None:
        """Find the cheapest witness for a demand; cells dearer than `limit` may not be added."""
        useful = self.open & self._roomy(demand)
        movable = useful if limit == np.inf else useful & (self.withheld | (self.finder.weight <= limit))
        for reach in (NEAR, FAR):
            route = self._search(demand, movable, reach)
            if route is not None:
                return self._cheaper(demand, useful, route) if reach is NEAR and route.cost > 0 else route
        return self._search(demand, self.open, ANYWHERE) if limit == np.inf else None

    def _cheaper(self, demand: int, useful: Booleans, near: Route) -> Route:
        """Look further, among cells that alone cost no more than what was found."""
        affordable = useful & (self.withheld | (self.finder.weight <= near.cost))
        far = self._search(demand, affordable, FAR)
        best = far if far is not None and far.cost < near.cost else near
        return self._less_dear(demand, useful, best)

    def _less_dear(self, demand: int, useful: Booleans, best: Route) -> Route:
        """Where protecting a cell would cost many times the cell itself, look everywhere among much cheaper cells.

        A ball of limited size may not reach round a wide relation (a total with a hundred parts); without this a grand
        total is withheld for the sake of one small part.
        """
        if best.cost <= _DEAR * max(1.0, float(self.system.value[self.demands.cell[demand]])):
            return best
        modest = useful & (self.withheld | (self.finder.weight <= best.cost / _DEAR))
        anywhere = self._search(demand, modest, ANYWHERE)
        return anywhere if anywhere is not None and anywhere.cost < best.cost else best

    def protect_within(self, demand: int) -> Route | None:
        """Find a witness among cells that are withheld already."""
        movable = self.withheld & self._roomy(demand)
        near = self._search(demand, movable, NEAR)
        return near if near is not None else self._search(demand, movable, FAR)

    def _roomy(self, demand: int) -> Booleans:
        """Mark the cells that can carry a share of the level worth looking at; the rest only swell the programmes."""
        level = int(self.demands.level[demand])
        roomy = self.finder.room >= level * _WORTHWHILE
        roomy[self.demands.cell[demand]] = True
        return roomy

    def _search(self, demand: int, movable: Booleans, reach: Reach) -> Route | None:
        return self.finder.cheapest(
            int(self.demands.cell[demand]),
            int(self.demands.level[demand]),
            movable,
            self.withheld,
            radius=reach.radius,
            most_cells=reach.most_cells,
        )

    # ------------------------------------------------------------ bookkeeping

    def accept(self, demand: int, route: Route) -> None:
        """Let a demand lean on this witness from now on."""
        self.forget(demand)
        self.witness[demand] = route
        for cell in route.cells.tolist():
            self.leaning.setdefault(cell, set()).add(demand)

    def forget(self, demand: int) -> None:
        """Take a demand's witness away."""
        old = self.witness.pop(demand, None)
        if old is not None:
            for cell in old.cells.tolist():
                self.leaning[cell].discard(demand)

    def met_by(self, demand: int, route: Route) -> list[int]:
        """List this demand and the others that the route meets as well."""
        if self.demands.up_only[demand]:
            return [demand]
        return [demand, *(other for other in self.shares.met_by(route) if other != demand)]

    def leaning_on(self, cells: Iterable[int]) -> list[int]:
        """List the demands whose witnesses use any of these cells, hardest first."""
        return sorted({demand for cell in cells for demand in self.leaning.get(cell, ())})

    def is_needed(self, cell: int) -> bool:
        """Whether a sensitive cell is certainly exposed once this withheld cell is published.

        Looks at single relations only: a sensitive cell whose companions there cannot take up its level is exposed, and
        a cell left alone there is known, which may lay bare the next. False says nothing.
        """
        known = {cell}
        waiting = [cell]
        while waiting:
            for others in self._withheld_beside(waiting.pop(), known):
                if len(others) == 1:
                    if self.level[others[0]] > 0:
                        return True
                    known.add(int(others[0]))
                    waiting.append(int(others[0]))
                elif len(others):
                    room = self.finder.room[others]
                    level = self.level[others]
                    if ((level > 0) & (room.sum() - room < level)).any():
                        return True
        return False

    def _withheld_beside(self, cell: int, known: set[int]) -> Iterator[NDArray[np.int32]]:
        graph = self.finder.graph
        for row in graph.cell_rows[graph.cell_start[cell] : graph.cell_start[cell + 1]].tolist():
            cells = graph.row_cells[graph.row_start[row] : graph.row_start[row + 1]]
            cells = cells[self.withheld[cells]]
            yield cells[[one not in known for one in cells.tolist()]]

    def secondary(self) -> Booleans:
        """Mark the cells that are withheld only to protect others."""
        secondary: Booleans = self.withheld & self.removable
        return secondary

    def cost(self) -> float:
        """Add up the weights of the secondary cells."""
        return float(self.finder.weight[self.secondary()].sum())
