"""Secondary suppression: which further cells to withhold so that no sensitive cell can be worked out.

`suppress` looks for the pattern that withholds least value. It only ever returns a pattern in which every demand has an
integer witness, so what it returns can be certified without a solver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anonymize.suppress.construct import build, clean
from anonymize.suppress.draft import Draft
from anonymize.suppress.routes import Route
from anonymize.system import Booleans, Integers, System


@dataclass(frozen=True, eq=False)
class Witness:
    """Shifts of some cells that keep every total: value + shifts is as possible as value.

    demand   the sensitive cell it was found for, and `level` how far it moves it
    cells    positions, and `shifts` whole units, none zero
    """

    cells: Integers
    shifts: Integers


@dataclass(frozen=True, eq=False)
class Pattern:
    """A pattern in which every sensitive cell is protected.

    withheld    every cell that must not be published (hidden cells included)
    secondary   those of them withheld only to protect others
    witnesses   the proof: for each sensitive cell, one of these moves it far enough, up and down
    programmes  linear programmes solved on the way
    """

    withheld: Booleans
    secondary: Booleans
    witnesses: tuple[Witness, ...]
    programmes: int

    def cost(self, system: System) -> int:
        """Add up the values of the secondary cells."""
        return int(system.value[self.secondary].sum())


@dataclass(frozen=True)
class Merge:
    """A way out where no pattern can help: publish two cells only as their sum."""

    cell: int
    sibling: int


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


def suppress(system: System, *, stop: Callable[[], bool] = lambda: False) -> Pattern | Infeasible | TimeLimit:
    """Find a pattern of little value withheld in which every sensitive cell is protected.

    The same system always gives the same pattern, unless `stop` (asked now and then) cuts the search short: before
    every demand is met the answer is TimeLimit, later it is the pattern as far as it was improved.
    """
    draft = Draft(system)
    impossible = build(draft, stop)
    if impossible:
        return _infeasible(system, draft.demands.cell[impossible].astype(np.int64))
    unmet = len(draft.demands) - len(draft.witness)
    if unmet:
        return TimeLimit(unmet)
    clean(draft, stop=stop)
    return _pattern(draft)


def _pattern(draft: Draft) -> Pattern:
    distinct: dict[int, Route] = {id(route): route for route in draft.witness.values()}
    return Pattern(
        draft.withheld.copy(),
        draft.secondary(),
        tuple(Witness(route.cells.astype(np.int64), route.shifts) for route in distinct.values()),
        draft.finder.solver.solved,
    )


def _infeasible(system: System, cells: Integers) -> Infeasible:
    unique = np.unique(cells)
    merges = [merge for cell in unique.tolist() for merge in _sibling(system, cell)]
    return Infeasible(unique, tuple(merges))


def _sibling(system: System, cell: int) -> list[Merge]:
    """Suggest the smallest cell that stands beside this one in a relation, on the same side of the sum."""
    by_cell = system.relations.tocsc()
    found: list[tuple[float, int]] = []
    for entry in range(by_cell.indptr[cell], by_cell.indptr[cell + 1]):
        row = system.relations[by_cell.indices[entry]]
        beside = row.indices[(row.data == by_cell.data[entry]) & (row.indices != cell)]
        found += [(float(system.weight[one]), int(one)) for one in beside]
    return [Merge(cell, min(found)[1])] if found else []
