"""What has to be protected: one demand per sensitive cell (two where a refund bound makes the directions differ)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anonymize.suppress.routes import Route
from anonymize.system import Booleans, Integers, System


@dataclass(frozen=True, eq=False)
class Demands:
    """Parallel arrays, one entry per demand.

    cell     the cell to protect
    level    how far a witness must move it, in whole units
    up_only  the cell has less room below than `level`: only the witness itself counts, not its negative
    """

    cell: NDArray[np.int32]
    level: Integers
    up_only: Booleans

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
        return cls(cell[order].astype(np.int32), levels[order], up_only[order])

    def __len__(self) -> int:
        return len(self.cell)


class Shares:
    """Finds the demands that a witness of one of them also meets."""

    def __init__(self, demands: Demands, size: int) -> None:
        self._level = demands.level
        self._demand = np.full(size, -1, dtype=np.int64)
        shared = np.flatnonzero(~demands.up_only)
        # Hardest first: where a cell has two demands, the easier one is found last and overwritten by the harder.
        self._demand[demands.cell[shared[::-1]]] = shared[::-1]

    def met_by(self, route: Route) -> list[int]:
        """List the two-way demands that this witness meets."""
        demand = self._demand[route.cells]
        has = demand >= 0
        demand = demand[has]
        met: list[int] = demand[np.abs(route.shifts[has]) >= self._level[demand]].tolist()
        return met
