"""Improving a finished pattern, corner by corner, with the covering problem."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from anonymize.suppress.construct import Stop, build, clean
from anonymize.suppress.cover import Block, Cover
from anonymize.suppress.draft import Draft
from anonymize.suppress.graph import Reach
from anonymize.suppress.routes import Search
from anonymize.system import Booleans

_CORNER = Reach(5, 350)
_CORNER_CELLS = 40
_WORTH_TRYING = 0.995
_PATIENCE = 12


def polish_whole(draft: Draft, work: int, stop: Stop) -> Draft:
    """Dive and reconsider over the whole of a small system; gives the better of the old draft and the new one.

    `work` bounds the simplex iterations, so that the same system gives the same pattern on any machine.
    """
    cells = np.flatnonzero(~draft.system.pinned)
    cover = Cover(_block(draft, cells, draft.system.must_withhold[cells], range(len(draft.demands))))
    best = draft
    dive = cover.dive()
    if dive is not None:
        for withheld in (dive, dive | draft.withheld[cells]):
            best = min(best, _adopted(draft, cells, withheld), key=Draft.cost)
    generator = np.random.default_rng(0)
    failures = 0
    while cover.work < work and failures < _PATIENCE and not stop():
        secondary = np.flatnonzero(best.secondary()[cells])
        if not len(secondary):
            break
        corner = _corner_of(cover.block, secondary, int(generator.choice(secondary)))
        better = cover.reconsider(best.withheld[cells], corner)
        before = best.cost()
        if better is not None:
            best = min(best, _adopted(draft, cells, better), key=Draft.cost)
        failures = 0 if best.cost() < before else failures + 1
    return best


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
            _take_over(draft, cells, better, demands)
    return cover.work + 1


def _take_over(draft: Draft, cells: NDArray[np.int64], withheld: Booleans, demands: list[int]) -> None:
    """Change the pattern in place, or leave it as it was if a witness is missing or nothing is won."""
    before, was = draft.cost(), draft.withheld.copy()
    old = {demand: draft.witness[demand] for demand in demands}
    draft.withheld[cells] = withheld
    for demand in demands:
        draft.forget(demand)
    touched = set(cells.tolist())
    for demand in demands:
        if demand in draft.witness:
            continue
        route = draft.protect(demand)
        if route is None or draft.cost() + route.cost >= before:
            break
        draft.withheld[route.added] = True
        touched.update(route.added.tolist())
        for met in draft.met_by(demand, route):
            if met not in draft.witness:
                draft.accept(met, route)
    else:
        clean(draft, touched)
        if draft.cost() < before:
            return
    for demand, route in old.items():
        draft.accept(demand, route)
    draft.withheld[:] = was


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


def _adopted(draft: Draft, cells: NDArray[np.int64], withheld: Booleans) -> Draft:
    """Start a draft from a pattern, find its witnesses, and clean it."""
    fresh = Draft(draft.system)
    fresh.withheld[cells] |= withheld
    build(fresh, lambda: False)
    clean(fresh)
    return fresh


def _corner_of(block: Block, secondary: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """A fifth of the secondary cells, those nearest to the seed by common relations."""
    wanted = max(6, len(secondary) // 5)
    touching = abs(block.relations)
    heat = np.zeros(len(block.weight))
    heat[seed] = 1.0
    for _ in range(4):
        heat = np.asarray(touching.T @ (touching @ heat))
        heat /= heat.max()
    return secondary[np.lexsort((secondary, -heat[secondary]))[:wanted]]
