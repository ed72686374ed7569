"""The auditor: tries to work out every sensitive cell from what is published.

It shares no code with the suppressor and does not look at its witnesses. For each sensitive cell it solves, with
linear programmes over the withheld cells, how far the cell could be from its true value while every published total
and every bound still holds. A cell whose interval does not contain [value - LPL, value + UPL] is exposed.

Three steps keep this fast without making it less exact:
1. *Subtraction*: a withheld cell that is alone in a relation follows at once; it is put in, and so on.
2. *A wide interval needs one witness only*: a small programme over the cell's surroundings (everything else held
   still) that moves the cell far enough is proof, and often proof for its neighbours too.
3. *A narrow interval is reported only after the whole connected system* has been asked in that direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from anonymize.system import Booleans, Insider, System

_RELATIVE = 1e-6
"""Slack for the solver's arithmetic: an interval this much too narrow still counts as wide enough."""
_FAR_ENOUGH = 1.01
"""How far an interval is followed, in protection levels: whether it is wider still does not matter."""
_SURROUNDINGS = (3, 6)
_MODERATE = 1e3
_INFINITE = highspy.kHighsInf
_ANSWERED = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
Floats = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Exposure:
    """A sensitive cell that can be estimated too closely.

    low, high  the attacker's interval; equal when the cell is recovered exactly
    insider    the payee whose own knowledge it takes; None: anybody can
    """

    key: str
    value: int
    low: float
    high: float
    needed_low: int
    needed_high: int
    insider: str | None = None

    @property
    def recovered(self) -> bool:
        """Whether the attacker learns the value itself."""
        return self.high - self.low < 0.5


@dataclass(frozen=True)
class AttackReport:
    """What the attacker found. `checked` sensitive cells, `programmes` solved."""

    exposures: tuple[Exposure, ...]
    checked: int
    programmes: int

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.exposures


def attack(system: System, withheld: Booleans) -> AttackReport:
    """Attack every sensitive cell of a pattern as an outsider who has read everything published."""
    auditor = _Auditor(system, withheld)
    cells = np.flatnonzero(system.sensitive)
    exposures = [exposure for cell in cells.tolist() if (exposure := auditor.examine(cell)) is not None]
    return AttackReport(tuple(exposures), len(cells), auditor.programmes)


def attack_as_insiders(
    system: System,
    withheld: Booleans,
    insiders: Iterable[Insider],
    *,
    pairs: frozenset[tuple[int, int]] | None = None,
) -> AttackReport:
    """Attack as each single payee, who subtracts its own part.

    A payee is no danger to a cell that it knows anyway because nobody else is in it. For a cell it shares, only what
    the others have must stay uncertain. What outsiders cannot tell for reasons that leave the payee's cells untouched,
    the payee cannot tell either; only the other cells are attacked once more. Cells open to outsiders are not repeated,
    nor, where `pairs` are given, as (number of the insider, cell), any others.
    """
    exposures: list[Exposure] = []
    programmes = checked = 0
    outsider = _Auditor(system, withheld)
    safe = [cell for cell in np.flatnonzero(system.sensitive).tolist() if outsider.examine(cell) is None]
    reasons = outsider.reasons(safe)
    for number, insider in enumerate(insiders):
        own = set(insider.cells[insider.sole].tolist())
        doubtful = sorted({cell for one in insider.cells.tolist() for cell in reasons.get(one, ())} - own)
        doubtful = [cell for cell in doubtful if pairs is None or (number, cell) in pairs]
        checked += len(safe) - len(own.intersection(safe))
        if not doubtful:
            continue
        auditor = outsider.as_insider(insider)
        found = [exposure for cell in doubtful if (exposure := auditor.examine(cell)) is not None]
        exposures += found
        programmes += auditor.programmes
    return AttackReport(tuple(exposures), checked, programmes + outsider.programmes)


def attack_pairs(
    system: System, withheld: Booleans, pairs: Iterable[tuple[int, int]], *, checked: int
) -> AttackReport:
    """Attack as single payees, but only these pairs of payee (its number) and cell; the others are proved otherwise.

    `checked` pairs in all are reported as attacked or proved.
    """
    by_payee: dict[int, list[int]] = {}
    for number, cell in sorted(pairs):
        by_payee.setdefault(number, []).append(cell)
    exposures: list[Exposure] = []
    programmes = 0
    for number, cells in by_payee.items():
        auditor = _Auditor(system, withheld, insider=system.insiders[number])
        exposures += [found for cell in cells if (found := auditor.examine(cell)) is not None]
        programmes += auditor.programmes
    return AttackReport(tuple(exposures), checked, programmes)


class _Auditor:
    """One attacker: what moves, how far down, and what has been seen possible so far."""

    def __init__(self, system: System, withheld: Booleans, *, insider: Insider | None = None) -> None:
        self.system = system
        self.insider = insider
        self.room = system.room_below.astype(np.float64)
        self.moves = withheld & ~system.pinned
        if insider is not None:
            self.moves = self.moves.copy()
            self.moves[insider.cells[insider.sole]] = False
            self.room[insider.cells] = np.minimum(
                self.room[insider.cells], (system.value - system.lower)[insider.cells]
            )
            self.room[insider.cells] = np.minimum(
                self.room[insider.cells], (system.value[insider.cells] - insider.own).clip(0)
            )
        self._subtract()
        self.highest = np.zeros(system.size)
        self.lowest = np.zeros(system.size)
        self._highest_by = np.full(system.size, -1, dtype=np.int64)
        self._lowest_by = np.full(system.size, -1, dtype=np.int64)
        self._shifts: list[Positions] = []
        self.programmes = 0
        self._solver = _quiet_solver()
        self._components: NDArray[np.int32] | None = None

    def as_insider(self, insider: Insider) -> _Auditor:
        """The same attacker with one payee's knowledge added."""
        return _Auditor(self.system, self.moves, insider=insider)

    def reasons(self, cells: Sequence[int]) -> dict[int, set[int]]:
        """List for every cell the given cells that are safe only thanks to a shift that moves it."""
        found: dict[int, set[int]] = {}
        for cell in cells:
            used = {int(self._highest_by[cell]), int(self._lowest_by[cell])} - {-1}
            for moving in {int(one) for number in used for one in self._shifts[number]} | {cell}:
                found.setdefault(moving, set()).add(cell)
        return found

    def _subtract(self) -> None:
        """Hold still every cell that a chain of subtractions reveals."""
        full = self.system.relations
        by_row = sparse.csr_matrix((np.ones(full.nnz), full.indices, full.indptr), shape=full.shape)
        while True:
            moving = np.asarray(by_row @ self.moves)
            alone = moving == 1
            if not alone.any():
                break
            revealed = np.asarray(by_row[alone].sum(axis=0)).ravel() > 0
            self.moves = self.moves & ~revealed
        self._by_row = by_row
        self._by_cell = sparse.csc_matrix(by_row)
        self._signed = sparse.csc_matrix(full, dtype=np.float64)

    # ------------------------------------------------------------ one cell

    def examine(self, cell: int) -> Exposure | None:
        """Say whether this cell can be estimated too closely."""
        up, down = self._needed(cell)
        if not self.moves[cell]:
            return self._exposure(cell, 0.0, 0.0) if up or down else None
        if self._seen(cell, up, down):
            return None
        level = float(max(up, down))
        for radius in _SURROUNDINGS:
            near = self._surroundings(np.array([cell]), radius)
            if self._try_both_ways(near, cell, level) and self._seen(cell, up, down):
                return None
        self._examine_each_way(near, cell, level)
        if self._seen(cell, up, down):
            return None
        return self._examine_exactly(cell, up, down)

    def _examine_each_way(self, near: Positions, cell: int, level: float) -> None:
        """Follow the cell up, and down, within its surroundings: what is wide there is wide."""
        if level > 0:
            self._extreme(near, cell, level, upward=True)
            self._extreme(near, cell, level, upward=False)

    def _needed(self, cell: int) -> tuple[int, int]:
        up, down = int(self.system.upl[cell]), int(self.system.lpl[cell])
        if self.insider is not None:
            down = min(down, int(self.room[cell]))
        return up, down

    def _seen(self, cell: int, up: float, down: float) -> bool:
        slack = 1 - _RELATIVE
        return bool(self.highest[cell] >= up * slack and self.lowest[cell] <= -down * slack)

    def _examine_exactly(self, cell: int, up: int, down: int) -> Exposure | None:
        whole = np.flatnonzero(self._component_of() == self._component_of()[cell])
        whole = whole[self.moves[whole]]
        level = float(max(up, down, 1))
        highest = self._extreme(whole, cell, level, upward=True)
        lowest = self._extreme(whole, cell, level, upward=False)
        if self._seen(cell, up, down):
            return None
        return self._exposure(cell, lowest, highest)

    def _exposure(self, cell: int, lowest: float, highest: float) -> Exposure:
        value = int(self.system.value[cell])
        up, down = self._needed(cell)
        return Exposure(
            key=str(self.system.keys[cell]),
            value=value,
            low=value + lowest,
            high=value + highest,
            needed_low=value - down,
            needed_high=value + up,
            insider=self.insider.name if self.insider else None,
        )

    # ------------------------------------------------------------ programmes

    def _try_both_ways(self, cells: Positions, cell: int, level: float) -> bool:
        """Look for a shift of these cells that is possible with either sign and moves `cell` by `level`."""
        room = np.minimum(self.room[cells] / level, 1e3)
        centre = int(np.searchsorted(cells, cell))
        width = len(cells)
        high = np.concatenate([room, room])
        low = np.zeros(2 * width)
        if room[centre] < 1:
            return False
        low[centre] = high[centre] = 1.0
        high[width + centre] = 0.0
        matrix = self._columns(cells)
        both = sparse.hstack([matrix, -matrix], format="csc")
        solution = self._solve(both, np.ones(2 * width), low, high)
        if solution is None:
            return False
        shift = np.abs(solution[:width] - solution[width:]) * level
        self._remember(cells, shift, -shift)
        return True

    def _extreme(self, cells: Positions, cell: int, level: float, *, upward: bool) -> float:
        """Find how far `cell` can go in one direction (no further than needed), all cells free to move.

        First with no cell going further than a thousand levels, which solvers find easier; if that falls short or the
        solver gives up, without. An answer that no solver gives counts as no protection.
        """
        furthest = 0.0
        for most in (_MODERATE, _INFINITE):
            shift = self._furthest(cells, cell, level, most, upward=upward)
            if shift is None:
                continue
            self._remember(cells, shift, shift)
            reached = float(shift[int(np.searchsorted(cells, cell))])
            furthest = max(furthest, reached) if upward else min(furthest, reached)
            if abs(reached) >= level:
                break
        return furthest

    def _furthest(
        self, cells: Positions, cell: int, level: float, most: float, *, upward: bool
    ) -> Floats | None:
        centre = int(np.searchsorted(cells, cell))
        low = -np.minimum(self.room[cells] / level, most)
        high = np.full(len(cells), most)
        low[centre], high[centre] = max(low[centre], -_FAR_ENOUGH), _FAR_ENOUGH
        cost = np.zeros(len(cells))
        cost[centre] = -1.0 if upward else 1.0
        # Presolving pays for a whole component, not for the small programmes around a cell.
        self._solver.setOptionValue("presolve", "on")
        solution = self._solve(self._columns(cells), cost, low, high)
        self._solver.setOptionValue("presolve", "off")
        return None if solution is None else solution * level

    def _remember(self, cells: Positions, highest: Floats, lowest: Floats) -> None:
        """Note how far each cell can go, and by which shift."""
        higher, lower = highest > self.highest[cells], lowest < self.lowest[cells]
        self.highest[cells[higher]], self.lowest[cells[lower]] = highest[higher], lowest[lower]
        self._highest_by[cells[higher]] = self._lowest_by[cells[lower]] = len(self._shifts)
        self._shifts.append(cells[(highest != 0) | (lowest != 0)])

    def _columns(self, cells: Positions) -> sparse.csc_matrix:
        matrix = self._signed[:, cells]
        used, rows = np.unique(matrix.indices, return_inverse=True)
        return sparse.csc_matrix((matrix.data, rows, matrix.indptr), shape=(len(used), len(cells)))

    def _solve(self, matrix: sparse.csc_matrix, cost: Floats, low: Floats, high: Floats) -> Floats | None:
        rows, width = matrix.shape
        still = np.zeros(rows)
        self._solver.passModel(
            width, rows, matrix.nnz, 1, 1, 0.0, cost, low, high, still, still,
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data,
            np.zeros(width, dtype=np.int32),
        )  # fmt: skip
        self._solver.run()
        self.programmes += 1
        if self._solver.getModelStatus() not in _ANSWERED:
            self._solver.setOptionValue("presolve", "on")
            self._solver.clearSolver()
            self._solver.run()
            self._solver.setOptionValue("presolve", "off")
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(self._solver.getSolution().col_value)

    # ------------------------------------------------------------ where to look

    def _surroundings(self, cells: Positions, radius: int) -> Positions:
        """Moving cells at most `radius` relations away, sorted; the given cells included."""
        inside = cells
        for _ in range(radius):
            rows = np.unique(_slices(self._by_cell, inside))
            near = np.unique(_slices(self._by_row, rows))
            near = np.union1d(near[self.moves[near]], cells)
            if len(near) == len(inside):
                break
            inside = near
        return inside

    def _component_of(self) -> NDArray[np.int32]:
        if self._components is None:
            moving = sparse.diags_array(self.moves.astype(np.float64))
            touching = sparse.csr_matrix(self._by_row @ moving)
            touching.eliminate_zeros()
            rows, cells = touching.nonzero()
            size = touching.shape[0] + touching.shape[1]
            links = (np.ones(len(rows)), (rows, cells + touching.shape[0]))
            graph = sparse.csr_matrix(links, shape=(size, size))
            _, labels = csgraph.connected_components(graph, directed=False)
            self._components = labels[touching.shape[0] :]
        return self._components


def _slices(matrix: sparse.csr_matrix | sparse.csc_matrix, wanted: Sequence[int] | Positions) -> Positions:
    start, stop = matrix.indptr[wanted], matrix.indptr[np.asarray(wanted) + 1]
    pieces = [matrix.indices[one:other] for one, other in zip(start.tolist(), stop.tolist(), strict=True)]
    return np.concatenate(pieces).astype(np.int64) if pieces else np.zeros(0, dtype=np.int64)


def _quiet_solver() -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    settings: dict[str, bool | int | str] = {
        "output_flag": False,
        "threads": 1,
        "presolve": "off",
        "solver": "simplex",
    }
    for name, setting in settings.items():
        highs.setOptionValue(name, setting)
    return highs
