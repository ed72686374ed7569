"""What has to be protected: one demand per sensitive cell (two where a refund bound makes the directions differ).

Further demands ask the same against an insider, a payee who knows cells of its own: its witness must leave those still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from anonymize.suppress.routes import Route
from anonymize.system import Booleans, Insider, Integers, System

OUTSIDER: Final = -1


@dataclass(frozen=True, eq=False)
class Demands:
    """Parallel arrays, one entry per demand.

    cell     the cell to protect
    level    how far a witness must move it, in whole units
    up_only  the cell has less room below than `level`: only the witness itself counts, not its negative
    insider  number of the payee against whom, or OUTSIDER
    """

    cell: NDArray[np.int32]
    level: Integers
    up_only: Booleans
    insider: Integers

    @classmethod
    def of(cls, system: System) -> Demands:
        """Collect the demands of all sensitive cells, hardest first."""
        cells = np.flatnonzero(system.sensitive)
        upl, lpl, room = system.upl[cells], system.lpl[cells], system.room_below[cells]
        level = np.maximum(upl, lpl)
        short = room < level
        below = short & (lpl > 0)
        cell = np.concatenate([cells, cells[below]])
        levels = np.concatenate([level, lpl[below]])
        up_only = np.concatenate([short, np.zeros(int(below.sum()), dtype=np.bool_)])
        order = np.lexsort((cell, -levels))
        return cls(
            cell[order].astype(np.int32),
            levels[order],
            up_only[order],
            np.full(len(cell), OUTSIDER, dtype=np.int64),
        )

    def against(self, demands: Sequence[int], insiders: Sequence[int]) -> Demands:
        """Add the same demands against insiders, one by one; the old ones keep their numbers."""
        again = np.array(demands, dtype=np.int64)
        return Demands(
            np.concatenate([self.cell, self.cell[again]]),
            np.concatenate([self.level, self.level[again]]),
            np.concatenate([self.up_only, self.up_only[again]]),
            np.concatenate([self.insider, np.array(insiders, dtype=np.int64)]),
        )

    def __len__(self) -> int:
        return len(self.cell)


class Shares:
    """Finds the demands that a witness of one of them also meets."""

    def __init__(self, demands: Demands, system: System) -> None:
        self._demands = demands
        self._system = system
        self._demand = np.full(system.size, -1, dtype=np.int64)
        outsiders = demands.insider == OUTSIDER
        shared = np.flatnonzero(~demands.up_only & outsiders)
        # Hardest first: where a cell has two demands, the easier one is found last and overwritten by the harder.
        self._demand[demands.cell[shared[::-1]]] = shared[::-1]
        self._further: dict[int, list[int]] = {}
        for demand in np.flatnonzero(~demands.up_only & ~outsiders).tolist():
            self._further.setdefault(int(demands.cell[demand]), []).append(demand)

    def met_by(self, route: Route) -> list[int]:
        """List the two-way demands that this witness meets."""
        demand = self._demand[route.cells]
        has = demand >= 0
        demand = demand[has]
        met: list[int] = demand[np.abs(route.shifts[has]) >= self._demands.level[demand]].tolist()
        if self._further:
            met += [demand for demand in self._further_of(route) if self.is_blind(demand, route)]
        return met

    def is_blind(self, demand: int, route: Route) -> bool:
        """Whether the insider of a demand cannot tell the witness from the truth."""
        number = int(self._demands.insider[demand])
        return number == OUTSIDER or not knows(self._system.insiders[number], route, self._system)

    def _further_of(self, route: Route) -> list[int]:
        return [
            demand
            for cell, shift in zip(route.cells.tolist(), route.shifts.tolist(), strict=True)
            for demand in self._further.get(cell, ())
            if abs(shift) >= self._demands.level[demand]
        ]


def knows(insider: Insider, route: Route, system: System) -> bool:
    """Whether a payee knows that this witness is not the truth: it moves a cell further than the payee thinks possible."""
    _, mine, moved = np.intersect1d(insider.cells, route.cells, assume_unique=True, return_indices=True)
    return bool((np.abs(route.shifts[moved]) > insider.leeway(system.value)[mine]).any())
