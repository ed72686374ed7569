"""A pattern in the making: which cells are withheld, and the witness that meets each demand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anonymize.suppress.demands import OUTSIDER, Demands, Shares
from anonymize.suppress.graph import Reach
from anonymize.suppress.routes import Route, RouteFinder, Search
from anonymize.system import FREE, STATES, Booleans, System


@dataclass(frozen=True)
class Reaches:
    """How far to look.

    near, far  among cells that are withheld already
    wide       among cheap cells first, then among dearer ones
    all_round  where a cell was found dear to protect: round wide relations too (a total with a hundred parts)
    """

    near: Reach
    far: Reach
    wide: Reach
    all_round: Reach


QUICK = Reaches(Reach(4, 800), Reach(8, 1500), Reach(8, 3000), Reach(64, 5000))
SLOW = Reaches(Reach(4, 250), Reach(8, 600), Reach(8, 2000), Reach(64, 2500))
"""For tables of three and more dimensions, whose programmes take many more iterations."""
_ANYWHERE = Reach(64, 1 << 30)
_PROBES = 30
_MANY_ITERATIONS = 100
_WORTHWHILE = 0.002
"""Cells with less room than this share of the level only swell the programmes."""
_LADDER = (2.0, 5.0, 12.0, 30.0)
"""Cells that cost more than so many levels are left out at first: small programmes, and mostly the same routes."""
_DEAR = 4.0
"""A witness that costs more than so many times the cell itself is worth another look."""


class Draft:
    """Which cells are withheld, a witness per demand, and which demands lean on which cell.

    Every cell of a witness is withheld; a withheld cell that no witness uses, and that need not be withheld, may go.
    """

    def __init__(self, system: System, demands: Demands | None = None) -> None:
        self.system = system
        self.finder = RouteFinder(system)
        self.demands = Demands.of(system) if demands is None else demands
        self.shares = Shares(self.demands, system)
        self.withheld = system.must_withhold.copy()
        self.weight = system.weight
        self.room = system.room_below.astype(np.float64)
        self._closed = system.pinned.copy()
        self._shunned: dict[int, Booleans] = {}
        self.removable = (system.state == STATES.index(FREE)) & ~system.sensitive
        self.witness: dict[int, Route] = {}
        self.leaning: dict[int, set[int]] = {}
        self.level = np.zeros(system.size)
        np.maximum.at(self.level, self.demands.cell, self.demands.level.astype(np.float64))

    # ------------------------------------------------------------ searching

    def protect(self, demand: int) -> Route | None:
        """Find a cheap witness for a demand, adding cells where it must."""
        terms = self._terms(demand)
        best = self._climb(demand, terms)
        if best is None:
            return self._search(demand, replace(terms, floor=0.0), _ANYWHERE)
        return self._less_dear(demand, terms, best)

    def _climb(self, demand: int, terms: Search) -> Route | None:
        """Look among cheap cells; if they do not do, among dearer ones, and at last among all."""
        level = float(self.demands.level[demand])
        for step in (*_LADDER, np.inf):
            ceiling = step * level
            found = self._search(demand, replace(terms, ceiling=ceiling), self.reaches.wide)
            if found is None:
                continue
            if found.cost > ceiling:
                # Nothing dearer than what was found can be part of something cheaper.
                found = self._cheaper(demand, replace(terms, ceiling=found.cost), self.reaches.wide, found)
            return found
        return None

    def _less_dear(self, demand: int, terms: Search, best: Route) -> Route:
        """Look all round among cheap cells, lest a grand total is withheld for the sake of one small part."""
        modest = _DEAR * max(1.0, float(self.system.value[self.demands.cell[demand]]))
        if best.cost <= modest:
            return best
        for ceiling in (modest, best.cost / _DEAR, best.cost):
            other = self._cheaper(demand, replace(terms, ceiling=ceiling), self.reaches.all_round, best)
            if other is not best:
                return other
        return best

    def _cheaper(self, demand: int, terms: Search, reach: Reach, best: Route) -> Route:
        other = self._search(demand, terms, reach)
        return other if other is not None and other.cost < best.cost else best

    def protect_for_less(self, demand: int, limit: float) -> Route | None:
        """Find a witness that costs less than a limit."""
        terms = replace(self._terms(demand), ceiling=limit)
        for reach in (self.reaches.near, self.reaches.far):
            route = self._search(demand, terms, reach)
            if route is not None and route.cost < limit:
                return route
        return None

    def protect_within(self, demand: int) -> Route | None:
        """Find a witness among cells that are withheld already."""
        terms = replace(self._terms(demand), ceiling=-1.0)
        reach = self.reaches
        near = self._search(demand, terms, reach.near)
        return near if near is not None else self._search(demand, terms, reach.far)

    @property
    def reaches(self) -> Reaches:
        """How far to look in this system, judged by what the programmes have taken so far."""
        return SLOW if self.is_slow else QUICK

    @property
    def is_slow(self) -> bool:
        """Whether the programmes of this system take many iterations; counted, not timed."""
        solver = self.finder.solver
        return solver.solved >= _PROBES and solver.iterations > _MANY_ITERATIONS * solver.solved

    def _terms(self, demand: int) -> Search:
        floor = float(self.demands.level[demand]) * _WORTHWHILE
        return Search(self.withheld, self.weight, self.room, self._closed, floor)

    def _search(self, demand: int, terms: Search, reach: Reach) -> Route | None:
        cell, level = int(self.demands.cell[demand]), int(self.demands.level[demand])
        return self.finder.cheapest(cell, level, self._known_to_payee(demand, terms), reach)

    def _known_to_payee(self, demand: int, terms: Search) -> Search:
        """Narrow the terms by what the payee of the demand knows, and by the cells it shuns."""
        if demand in self._shunned:
            terms = replace(terms, closed=terms.closed | self._shunned[demand])
        number = int(self.demands.insider[demand])
        if number == OUTSIDER:
            return terms
        insider = self.system.insiders[number]
        room, closed = terms.room.copy(), terms.closed.copy()
        room[insider.cells] = np.minimum(room[insider.cells], insider.leeway(self.system.value))
        closed[insider.cells] |= insider.sole
        return replace(terms, room=room, closed=closed)

    def is_wide(self, demand: int) -> bool:
        """Whether its payee must think the cell can be a level higher, and a level lower, though by different witnesses."""
        terms = self._known_to_payee(demand, replace(self._terms(demand), ceiling=-1.0, floor=0.0))
        cell, level = int(self.demands.cell[demand]), int(self.demands.level[demand])
        up = self.finder.can_move(cell, level, terms, self.reaches.far)
        if not up or self.demands.up_only[demand]:
            return up
        lower = min(level, int(terms.room[cell]))
        return lower == 0 or self.finder.can_move(cell, -lower, terms, self.reaches.far)

    def shun(self, demand: int, cells: Booleans | None) -> None:
        """Let no new witness of this demand use these cells; None: any it likes."""
        if cells is None:
            self._shunned.pop(demand, None)
        else:
            self._shunned[demand] = cells

    def close(self, cell: int) -> None:
        """Let no witness use a cell for now."""
        self._closed[cell] = True

    def reopen(self, cell: int) -> None:
        """Allow a closed cell again."""
        self._closed[cell] = self.system.pinned[cell]

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
        others = [other for other in self.shares.met_by(route) if other != demand]
        if self._shunned:
            others = [other for other in others if not self._is_shunned(other, route)]
        return [demand, *others]

    def _is_shunned(self, demand: int, route: Route) -> bool:
        shunned = self._shunned.get(demand)
        return shunned is not None and bool(shunned[route.cells].any())

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
                    room = self.room[others]
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
        return float(self.weight[self.secondary()].sum())
