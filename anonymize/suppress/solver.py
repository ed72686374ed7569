"""A thin, typed layer over HiGHS for many small programmes.

One solver object is kept and refilled: passing a model of a few hundred columns costs microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int32]

DEAREST = 1e3
"""What the dearest cell costs in a choice model."""


@dataclass(frozen=True, eq=False)
class Columns:
    """A column-wise sparse matrix with bounds and costs; every row sums to zero.

    start has one entry more than there are columns.
    """

    start: Indices
    rows: Indices
    entries: Floats
    height: int
    cost: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Solution:
    """The cheapest x, and by how much the cost changes with each row's balance."""

    solution: Floats
    duals: Floats


class LinearSolver:
    """Minimises `cost @ x` subject to `A x = 0`, `low <= x <= high`.

    Counts the programmes solved and their simplex iterations: work that is the same on every machine, so that limits on
    it keep the result reproducible where limits on time would not.
    """

    def __init__(self) -> None:
        self._highs = new_solver()
        self.solved = 0
        self.iterations = 0

    def minimum(self, columns: Columns) -> Floats | None:
        """Give the cheapest x, or None when there is no x at all."""
        return np.array(self._highs.getSolution().col_value) if self._is_solved(columns) else None

    def with_duals(self, columns: Columns) -> Solution | None:
        """Give the cheapest x and what each row's balance is worth, or None when there is no x at all."""
        if not self._is_solved(columns):
            return None
        solution = self._highs.getSolution()
        return Solution(np.array(solution.col_value), np.array(solution.row_dual))

    def _is_solved(self, columns: Columns) -> bool:
        width = len(columns.cost)
        zeros = np.zeros(columns.height)
        self._highs.passModel(
            width,
            columns.height,
            len(columns.rows),
            _COLUMNWISE,
            _MINIMISE,
            0.0,
            columns.cost,
            columns.low,
            columns.high,
            zeros,
            zeros,
            columns.start,
            columns.rows,
            columns.entries,
            np.zeros(width, dtype=np.int32),
        )
        self._highs.run()
        self.solved += 1
        self.iterations += max(int(self._highs.getInfo().simplex_iteration_count), 0)
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)


def new_solver(*, presolve: bool = False, **options: float) -> highspy.Highs:
    """Make a silent solver on one thread, so that the same input gives the same answer."""
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    settings: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "presolve": "on" if presolve else "off",
        "threads": 1,
        "random_seed": 0,
        **options,
    }
    if not presolve:
        settings["solver"] = "simplex"
    for name, setting in settings.items():
        highs.setOptionValue(name, setting)
    return highs


def choice_model(weight: Floats, fixed: NDArray[np.bool_], free: NDArray[np.bool_]) -> highspy.Highs:
    """Which cells to withhold: columns between 0 and 1 at the price of their weight, and no rows until there are cuts.

    What is `fixed` is withheld at no price; what is not `free` never is.
    """
    size = len(weight)
    cost = np.where(fixed, 0.0, weight * (DEAREST / max(float(weight.max()), 1.0)) + 1e-3)
    empty, none = np.zeros(0), np.zeros(0, dtype=np.int32)
    model = new_solver()
    model.passModel(
        size, 0, 0, _COLUMNWISE, _MINIMISE, 0.0, cost, fixed.astype(np.float64), np.where(free, 1.0, 0.0),
        empty, empty, np.zeros(size + 1, dtype=np.int32), none, empty, np.zeros(size, dtype=np.int32),
    )  # fmt: skip
    return model


_COLUMNWISE = 1
_MINIMISE = 1
