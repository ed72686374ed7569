"""Secondary suppression: which further cells to withhold so that no sensitive cell can be worked out.

`suppress` looks for the pattern that withholds least value. It only ever returns a pattern in which every demand has an
integer witness, so what it returns can be certified without a solver.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anonymize.suppress.components import parts
from anonymize.suppress.strategy import solve
from anonymize.system import Booleans, Integers, System


@dataclass(frozen=True, eq=False)
class Witness:
    """Shifts of some cells that keep every total: value + shifts is as possible as value.

    cells   positions
    shifts  whole units, none zero
    """

    cells: Integers
    shifts: Integers


@dataclass(frozen=True)
class Merge:
    """A way out where no pattern can help: publish two cells only as their sum."""

    cell: int
    sibling: int


@dataclass(frozen=True)
class InsiderMerge:
    """A cell that one payee (its number in `System.insiders`) can estimate too closely, and what to merge it with."""

    cell: int
    insider: int
    merge: Merge | None


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern in which every sensitive cell is protected.

    withheld    every cell that must not be published (hidden cells included)
    secondary   those of them withheld only to protect others
    witnesses   the proof: for each sensitive cell, one of these moves it far enough, up and down
    programmes  linear programmes solved on the way
    narrowed    cells that some single payee can estimate too closely, and nothing helps that may be spent on it: merge
                each with the named sibling
    """

    withheld: Booleans
    secondary: Booleans
    witnesses: tuple[Witness, ...]
    programmes: int
    narrowed: tuple[InsiderMerge, ...] = ()

    def cost(self, system: System) -> int:
        """Add up the values of the secondary cells."""
        return int(system.value[self.secondary].sum())


@dataclass(frozen=True, eq=False)
class Infeasible:
    """Sensitive cells that no pattern protects: what is already known or published determines them.

    Withholding everything that is still free does not help; publish each with its sibling as one number instead.
    """

    cells: Integers
    merges: tuple[Merge, ...]


@dataclass(frozen=True)
class TimeLimit:
    """Stopped before every demand was met; nothing may be published on this ground."""

    unmet: int


def suppress(
    system: System, *, stop: Callable[[], bool] = lambda: False, insider_share: float = math.inf
) -> Pattern | Infeasible | TimeLimit:
    """Find a pattern of little value withheld in which every sensitive cell is protected.

    insider_share  how much protecting against single payees may cost, as a share of what is withheld to protect against
                   outsiders; cells that would cost more are named in `Pattern.narrowed`, to be merged

    The same system always gives the same pattern, unless `stop` (asked now and then) cuts the search short: before
    every demand is met the answer is TimeLimit, later it is the pattern as far as it was improved.
    """
    withheld = system.must_withhold.copy()
    witnesses: list[Witness] = []
    impossible: list[Integers] = []
    narrowed: list[InsiderMerge] = []
    unmet = programmes = 0
    for part in parts(system):
        solved = solve(part.system, stop, insider_share)
        programmes += solved.programmes
        unmet += solved.unmet
        if len(solved.impossible):
            impossible.append(part.cells[solved.impossible])
            continue
        withheld[part.cells] = solved.withheld
        witnesses += [Witness(part.cells[route.cells], route.shifts) for route in solved.routes]
        for one in solved.narrowed:
            cell = int(part.cells[one.cell])
            narrowed.append(InsiderMerge(cell, one.insider, next(iter(_sibling(system, cell)), None)))
    if impossible:
        return _infeasible(system, np.unique(np.concatenate(impossible)))
    if unmet:
        return TimeLimit(unmet)
    return Pattern(withheld, withheld & ~system.must_withhold, tuple(witnesses), programmes, tuple(narrowed))


def _infeasible(system: System, cells: Integers) -> Infeasible:
    merges = [merge for cell in cells.tolist() for merge in _sibling(system, cell)]
    return Infeasible(cells, tuple(merges))


def _sibling(system: System, cell: int) -> list[Merge]:
    """Suggest the smallest cell that stands beside this one in a relation, on the same side of the sum."""
    by_cell = system.relations.tocsc()
    found: list[tuple[float, int]] = []
    for entry in range(by_cell.indptr[cell], by_cell.indptr[cell + 1]):
        row = system.relations[by_cell.indices[entry]]
        beside = row.indices[(row.data == by_cell.data[entry]) & (row.indices != cell)]
        found += [(float(system.weight[one]), int(one)) for one in beside]
    return [Merge(cell, min(found)[1])] if found else []
