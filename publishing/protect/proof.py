"""One measure, protected and proved: a pattern, its certificate, and an attacker who found nothing.

No certificate, no publication; one recovered cell, no publication.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from anonymize.attack import AttackReport, attack, attack_as_insiders
from anonymize.certificate import make_certificate, pairs_left_open, verify_certificate
from anonymize.suppress import Infeasible, Pattern, suppress
from anonymize.system import System
from publishing.errors import ProtectionFailed
from publishing.protect.closing import closed_further
from publishing.protect.eras import EraSystem

_NAMED = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """What was decided for the newest release, and why it may be believed.

    verdicts     key str · withheld bool · rule str?; one row per cell that the newest release shows
    certificate  witnesses; internal, because their size says something about withheld values
    """

    measure: str
    verdicts: pl.DataFrame
    certificate: bytes
    report: dict[str, Any]


def prove(
    measure: str, built: EraSystem, *, insider_share: float, several: bool, strict: EraSystem | None = None
) -> Proof:
    """Protect the newest era together with all before it.

    In:  insider_share  what protecting against single payees may cost
         several        whether there are earlier eras
         strict         the same as seen by an attacker who knows more; what he still finds is closed as well
    Raises: ProtectionFailed when no pattern protects every sensitive cell, or when the attacker gets through; the cells
    are named.
    """
    system = built.system
    pattern = _pattern(measure, system, insider_share)
    if strict is not None:
        pattern, remaining = closed_further(pattern, built, strict)
        refuse_if_exposed(measure, remaining)
    certificate = make_certificate(system, pattern)
    proved = verify_certificate(system, pattern.withheld, certificate)
    found = attack(system, pattern.withheld)
    refuse_if_exposed(measure, found)
    # Where a certified witness leaves a payee's own cells still, nothing is left to attack; the merge list is said anyway.
    named = {(one.insider, one.cell) for one in pattern.narrowed}
    left = pairs_left_open(system, certificate) - named
    inside = attack_as_insiders(system, pattern.withheld, system.insiders, pairs=left)
    refuse_if_exposed(measure, inside)
    verdicts = _verdicts(system, pattern, built.variables, several=several)
    report = _report(system, pattern, verdicts, found, proved) | {"attacked_by_payees": inside.checked}
    return Proof(measure, verdicts, certificate.to_bytes(), report)


def _merge_list(system: System, pattern: Pattern) -> list[dict[str, str]]:
    """Cells that a single payee may narrow too far, each with the cell it should be merged with."""
    merges = {
        str(system.keys[one.cell]): str(system.keys[one.merge.sibling]) if one.merge else ""
        for one in pattern.narrowed
    }
    return [{"cell": cell, "with": sibling} for cell, sibling in sorted(merges.items())]


def refuse_if_exposed(measure: str, found: AttackReport) -> None:
    """Stop when the attacker estimated a sensitive cell too closely."""
    if found.clean:
        return
    keys = tuple(exposure.key for exposure in found.exposures)
    raise ProtectionFailed(
        f"{measure}: {len(keys)} protected cells can be worked out, among them {', '.join(keys[:_NAMED])}; nothing was published",
        keys,
    )


def _pattern(measure: str, system: System, insider_share: float) -> Pattern:
    result = suppress(system, insider_share=insider_share)
    if isinstance(result, Pattern):
        return result
    if isinstance(result, Infeasible):
        keys = tuple(str(system.keys[int(cell)]) for cell in result.cells)
        siblings = [
            f"{system.keys[merge.cell]} + {system.keys[merge.sibling]}" for merge in result.merges[:_NAMED]
        ]
        raise ProtectionFailed(
            f"{measure}: no pattern protects {len(keys)} cells, among them {', '.join(keys[:_NAMED])}; "
            f"merge their classes or places (for example {'; '.join(siblings)}) and publish again",
            keys,
        )
    raise ProtectionFailed(
        f"{measure}: protection was stopped with {result.unmet} cells unprotected; nothing was published"
    )


def _verdicts(system: System, pattern: Pattern, variables: pl.DataFrame, *, several: bool) -> pl.DataFrame:
    cells = pl.DataFrame(
        {"variable": system.keys, "withheld": pattern.withheld, "secondary": pattern.secondary}
    )
    # With earlier releases in the system a secondary cell may protect a difference to them; without, only a sum.
    other = "history" if several else "secondary"
    why = pl.coalesce(
        "reason",
        pl.when(pl.col("variable").str.contains("@")).then(pl.lit(other)).otherwise(pl.lit("secondary")),
    )
    return (
        variables.filter("shown")
        .join(cells, on="variable")
        .with_columns(pl.col("withheld") | pl.col("closed"))
        .with_columns(pl.when("withheld").then(why).alias("rule"))
        .select("key", "withheld", "rule")
        .sort("key")
    )


def _report(
    system: System, pattern: Pattern, verdicts: pl.DataFrame, found: AttackReport, proved: int
) -> dict[str, Any]:
    return {
        "cells": system.size,
        "sensitive": int(system.sensitive.sum()),
        "secondary": int(pattern.secondary.sum()),
        "secondary_value": _roughly(pattern.cost(system)),
        "withheld_by_rule": dict(verdicts.filter("withheld").group_by("rule").len().sort("rule").iter_rows()),
        "witnesses": len(pattern.witnesses),
        "certified": proved,
        "attacked": found.checked,
        "exposed": len(found.exposures),
        "payees": len(system.insiders),
        "merge_list": _merge_list(system, pattern),
    }


def _roughly(amount: int) -> str:
    """An amount of fen to one digit: the exact sum of what is withheld would be one more equation for an attacker."""
    digits = len(str(amount))
    rounded = round(amount, 1 - digits)
    return f"约 {rounded / 100:,.0f} 元" if amount else "0 元"
