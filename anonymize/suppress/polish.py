"""Improving a finished pattern, corner by corner, with the covering problem."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.construct import Stop
from anonymize.suppress.corners import take_over
from anonymize.suppress.cover import Block, Cover
from anonymize.suppress.draft import Draft
from anonymize.suppress.graph import Reach
from anonymize.suppress.routes import Search
from anonymize.system import Booleans

_CORNER = Reach(5, 350)
_CORNER_CELLS = 40
_WORTH_TRYING = 0.995


def polish_corners(draft: Draft, work: int, stop: Stop) -> None:
    """Reconsider the corners around the dearest secondary cells of a large system, in place."""
    spent = 0
    seen: set[int] = set()
    while spent < work and not stop():
        waiting = [cell for cell in np.flatnonzero(draft.secondary()).tolist() if cell not in seen]
        if not waiting:
            break
        centre = max(waiting, key=lambda cell: (draft.weight[cell], -cell))
        seen.add(centre)
        spent += _reconsider_corner(draft, centre, seen)


def _reconsider_corner(draft: Draft, centre: int, seen: set[int]) -> int:
    floor = 0.02 * float(draft.weight[centre])
    terms = Search(draft.withheld, draft.weight, draft.room, draft.system.pinned, floor)
    near = draft.finder.graph.ball(centre, terms, _CORNER)
    secondary = draft.secondary()
    corner = [cell for cell in near.tolist() if secondary[cell]][:_CORNER_CELLS]
    seen.update(corner)
    demands = draft.leaning_on(corner)
    support = [draft.witness[demand].cells for demand in demands]
    cells = np.unique(np.concatenate([near, *support])).astype(np.int64)
    freed = np.zeros(draft.system.size, dtype=np.bool_)
    freed[corner] = True
    cover = Cover(_block(draft, cells, (draft.withheld & ~freed)[cells], demands))
    places = np.searchsorted(cells, np.array(sorted(corner), dtype=np.int64))
    withheld = draft.withheld[cells]
    now = float(draft.weight[corner].sum())
    if cover.bound(withheld, places) < now * _WORTH_TRYING:
        better = cover.reconsider(withheld, places)
        if better is not None:
            chosen = draft.withheld.copy()
            chosen[cells] = better
            take_over(draft, chosen, demands)
    return cover.work + 1


def _block(draft: Draft, cells: NDArray[np.int64], fixed: Booleans, demands: range | list[int]) -> Block:
    matrix = sparse.csc_matrix(sparse.csc_matrix(draft.system.relations)[:, cells])
    rows, numbered = np.unique(matrix.indices, return_inverse=True)
    chosen = np.array(list(demands), dtype=np.int64)
    return Block(
        relations=sparse.csc_matrix((matrix.data, numbered, matrix.indptr), shape=(len(rows), len(cells))),
        weight=draft.weight[cells],
        room=draft.room[cells],
        fixed=fixed,
        closed=draft.system.pinned[cells],
        centre=np.searchsorted(cells, draft.demands.cell[chosen]),
        level=draft.demands.level[chosen].astype(np.float64),
    )
