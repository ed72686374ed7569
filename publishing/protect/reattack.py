"""Attacking what is out already as every single payee, who knows what was paid to itself.

`prove` does the same before a release goes out, with the certificate at hand to leave out what needs no attack. Here
nothing is believed: every payee that is alone in a cell is tried against every cell whose safety rests on its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anonymize.attack import Exposure, attack_as_insiders
from anonymize.policy import Policy
from publishing.protect.tables import PastRelease, spending_out


@dataclass(frozen=True, slots=True)
class PayeeAttack:
    """What single payees can do to one measure.

    payees     how many attacked: those who are alone in a cell
    attempts   pairs of payee and cell
    exposures  cells that some payee can estimate too closely and that no merge list names
    named      how many more are on the merge lists, where the disclosure page says so
    """

    payees: int
    attempts: int
    exposures: tuple[Exposure, ...]
    named: int


def attack_as_payees(
    past: Sequence[PastRelease], policy: Policy, named: frozenset[str]
) -> Iterator[tuple[str, PayeeAttack]]:
    """Attack all releases at once, one measure of money after the other.

    In: past, oldest first, at least one; named, keys of the cells on the merge lists of these releases.
    """
    for measure, system in spending_out(past, policy):
        found = attack_as_insiders(system, ~system.pinned, system.insiders)
        unnamed = tuple(one for one in found.exposures if one.key not in named)
        yield (
            measure,
            PayeeAttack(len(system.insiders), found.checked, unnamed, len(found.exposures) - len(unnamed)),
        )


def merge_list(report: bytes) -> frozenset[str]:
    """Keys of the cells that a published disclosure report says a payee may narrow."""
    measures: Mapping[str, Any] = json.loads(report).get("measures", {})
    return frozenset(
        str(one["cell"]) for measure in measures.values() for one in measure.get("merge_list", ())
    )
