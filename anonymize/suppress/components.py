"""Splitting a system into parts that have nothing to do with each other.

Two cells belong together when a relation holds both and neither is pinned. Fiscal years, measures and regions whose
totals are all known fall apart this way, and each part is solved by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from anonymize.system import Insider, Integers, System


@dataclass(frozen=True, eq=False)
class Part:
    """A connected part: a system of its own, and where its cells are in the whole."""

    system: System
    cells: Integers


def parts(system: System) -> Iterator[Part]:
    """Give each connected part that has a sensitive cell, in the order of their first cells."""
    for cells in _groups(system):
        if system.sensitive[cells].any():
            yield Part(part_of(system, cells), cells)


def part_of(system: System, cells: Integers) -> System:
    """Cut out some cells with the relations among them; what is not cut out is held still."""
    columns = sparse.csc_matrix(system.relations)[:, cells]
    rows = np.unique(columns.indices)
    return System(
        keys=system.keys.gather(cells),
        value=system.value[cells],
        lower=system.lower[cells],
        upl=system.upl[cells],
        lpl=system.lpl[cells],
        weight=system.weight[cells],
        state=system.state[cells],
        relations=sparse.csr_matrix(sparse.csr_matrix(columns)[rows]),
        insiders=tuple(_within(insider, cells) for insider in system.insiders),
    )


def _within(insider: Insider, cells: Integers) -> Insider:
    _, mine, place = np.intersect1d(insider.cells, cells, assume_unique=True, return_indices=True)
    return Insider(insider.name, place.astype(np.int64), insider.own[mine], insider.sole[mine])


def _groups(system: System) -> list[Integers]:
    open_cells = np.flatnonzero(~system.pinned)
    if not len(open_cells):
        return []
    touching = sparse.csc_matrix(abs(system.relations))[:, open_cells]
    height = touching.shape[0]
    entries = touching.tocoo()
    graph = sparse.csr_matrix(
        (np.ones(entries.nnz, dtype=np.int8), (entries.row, entries.col + height)),
        shape=(height + len(open_cells), height + len(open_cells)),
    )
    _, labels = csgraph.connected_components(graph, directed=False)
    label = labels[height:]
    order = np.argsort(label, kind="stable")
    bounds = np.flatnonzero(np.diff(label[order])) + 1
    groups = [open_cells[group].astype(np.int64) for group in np.split(order, bounds)]
    return sorted(groups, key=lambda group: int(group[0]))
