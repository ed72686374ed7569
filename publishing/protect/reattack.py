"""Attacking what is out already as every single payee, who knows what was paid to itself.

The newest release's certificate saves most of the work, and is not believed: its witnesses are checked again, with integers,
against everything that is out. A cell that a witness moves while it leaves still whatever a payee has a part in is safe from
that payee; every other pair of payee and cell is attacked with linear programmes. Without a certificate that holds, every
payee that is alone in a cell is tried against every cell whose safety rests on its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anonymize.attack import Exposure, attack_as_insiders, attack_pairs
from anonymize.certificate import Certificate, pairs_left_open, still_proves
from anonymize.policy import Policy
from anonymize.system import System
from publishing.protect.tables import PastRelease, spending_out


@dataclass(frozen=True, slots=True)
class PayeeAttack:
    """What single payees can do to one measure.

    payees     how many attacked: those who are alone in a cell
    attempts   pairs of payee and cell
    certified  how many of these pairs a witness answers
    exposures  cells that some payee can estimate too closely and that no merge list names
    named      how many more pairs are open because the cell is on a merge list, where the disclosure page says so
    """

    payees: int
    attempts: int
    certified: int
    exposures: tuple[Exposure, ...]
    named: int


def attack_as_payees(
    past: Sequence[PastRelease],
    policy: Policy,
    named: frozenset[str],
    certificates: Mapping[str, bytes],
) -> Iterator[tuple[str, PayeeAttack]]:
    """Attack all releases at once, one measure of money after the other.

    In: past, oldest first, at least one; named, keys of the cells on the merge lists of these releases; certificates of
    the last of them by measure, as far as there are any.
    """
    for measure, system in spending_out(past, policy):
        yield measure, payees_against(system, named, certificates.get(measure))


def payees_against(system: System, named: frozenset[str], certificate: bytes | None) -> PayeeAttack:
    """Attack one system as each of its payees; what is not pinned in it is withheld."""
    withheld = ~system.pinned
    proof = None if certificate is None else Certificate.from_bytes(certificate)
    if proof is None or not still_proves(system, withheld, proof):
        return _unaided(system, named)
    left = pairs_left_open(system, proof)
    unnamed = {(payee, cell) for payee, cell in left if str(system.keys[cell]) not in named}
    pairs = _pairs(system)
    found = attack_pairs(system, withheld, unnamed, checked=pairs)
    return PayeeAttack(
        len(system.insiders), pairs, pairs - len(left), found.exposures, len(left) - len(unnamed)
    )


def _unaided(system: System, named: frozenset[str]) -> PayeeAttack:
    found = attack_as_insiders(system, ~system.pinned, system.insiders)
    unnamed = tuple(one for one in found.exposures if one.key not in named)
    return PayeeAttack(len(system.insiders), found.checked, 0, unnamed, len(found.exposures) - len(unnamed))


def _pairs(system: System) -> int:
    """Count the pairs of a payee and a sensitive cell that it does not know anyway."""
    own = sum(int(system.sensitive[payee.cells[payee.sole]].sum()) for payee in system.insiders)
    return len(system.insiders) * int(system.sensitive.sum()) - own


def merge_list(report: bytes) -> frozenset[str]:
    """Keys of the cells that a published disclosure report says a payee may narrow."""
    measures: Mapping[str, Any] = json.loads(report).get("measures", {})
    return frozenset(
        str(one["cell"]) for measure in measures.values() for one in measure.get("merge_list", ())
    )
