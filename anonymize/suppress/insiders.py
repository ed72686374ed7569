"""Protection against single payees, who know the cells in which they are alone.

A witness that moves a payee's own cell proves nothing to that payee. A sensitive cell needs one witness that moves no
payee's own cells, or for each payee whose cells it moves another that leaves those still. What a payee knows about its own
cells is its own affair; the demand is for the cells of others. Payees do not pool what they know.

These demands come last, when the pattern for outsiders is finished: withholding more cells only widens what anybody must
think possible, so nothing that was proved before is lost.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from anonymize.suppress.construct import Stop, build
from anonymize.suppress.demands import knows
from anonymize.suppress.draft import Draft
from anonymize.system import Booleans, System


@dataclass(frozen=True)
class Narrowed:
    """A sensitive cell that one payee can estimate too closely, and it would cost too much, or nothing helps.

    Positions in the system.
    """

    cell: int
    insider: int


def blind_insiders(draft: Draft, stop: Stop, share: float) -> tuple[Draft, tuple[Narrowed, ...]]:
    """Withhold what it takes that no single payee can tell.

    Names the cells for which nothing helps, or nothing that costs no more than this share of what is withheld for others.
    """
    if not draft.system.insiders:
        return draft, ()
    owners = Owners(draft.system)
    _avoid(draft, owners)
    pairs = [
        (demand, payee)
        for demand, route in sorted(draft.witness.items())
        for payee in owners.among(route.cells.tolist())
        if not owners.is_own(payee, int(draft.demands.cell[demand]))
        and knows(draft.system.insiders[payee], route, draft.system)
    ]
    if not pairs:
        return draft, ()
    withheld = float(draft.weight[draft.secondary()].sum())
    budget = share * withheld if math.isfinite(share) else math.inf
    wary = _with_pairs(draft, pairs)
    impossible = build(
        wary,
        stop,
        order=[one for one in range(len(draft.demands), len(wary.demands)) if not wary.is_wide(one)],
        budget=budget,
    )
    found = {(int(wary.demands.cell[one]), int(wary.demands.insider[one])) for one in impossible}
    return wary, tuple(Narrowed(cell, payee) for cell, payee in sorted(found))


class Owners:
    """Who knows what."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._sole = [set(insider.cells[insider.sole].tolist()) for insider in system.insiders]
        self._of: dict[int, list[int]] = {}
        for number, insider in enumerate(system.insiders):
            for cell in insider.cells.tolist():
                self._of.setdefault(cell, []).append(number)

    def among(self, cells: list[int]) -> list[int]:
        """List the payees that have a part in any of the cells."""
        return sorted({payee for cell in cells for payee in self._of.get(cell, ())})

    def is_own(self, payee: int, cell: int) -> bool:
        """Whether the payee is alone in the cell."""
        return cell in self._sole[payee]

    def known_to_others(self, cell: int) -> Booleans:
        """Mark the cells in which somebody has a part who is not alone in `cell` too."""
        known = np.zeros(self._system.size, dtype=np.bool_)
        for one, payees in self._of.items():
            known[one] = any(not self.is_own(payee, cell) for payee in payees)
        known[cell] = False
        return known


def _avoid(draft: Draft, owners: Owners) -> None:
    """Give demands witnesses that move nobody's own cells, where what is withheld already allows it."""
    for demand, route in sorted(draft.witness.items()):
        if not owners.among(route.cells.tolist()):
            continue
        draft.shun(demand, owners.known_to_others(int(draft.demands.cell[demand])))
        other = draft.protect_within(demand)
        draft.shun(demand, None)
        if other is not None:
            draft.accept(demand, other)


def _with_pairs(draft: Draft, pairs: list[tuple[int, int]]) -> Draft:
    fresh = Draft(
        draft.system, draft.demands.against([one for one, _ in pairs], [payee for _, payee in pairs])
    )
    fresh.withheld = draft.withheld
    for demand, route in draft.witness.items():
        fresh.accept(demand, route)
    return fresh
