"""Protecting one table, whole: assess, suppress, certify, attack.

The pure part of `sunshine protect`: frames in, frames and bytes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from anonymize.attack import AttackReport, attack, attack_as_insiders
from anonymize.cells import CellTable, table_system
from anonymize.certificate import Certificate, make_certificate, verify_certificate
from anonymize.errors import CertificateError
from anonymize.policy import INSIDER_COST_PCT
from anonymize.report import DisclosureReport, disclosure_report
from anonymize.rules import PrimaryRules
from anonymize.suppress import Infeasible, Pattern, TimeLimit, suppress
from anonymize.system import Booleans, System

PUBLISHED = "published"
WITHHELD = "withheld"
_SHOWN = 20


class ProtectionError(CertificateError):
    """The table cannot be protected, or its protection could not be proved; nothing may be published."""


INSIDER_SHARE = float(INSIDER_COST_PCT / 100)


@dataclass(frozen=True, eq=False)
class ProtectedTable:
    """The result for one table.

    frame        the dimension columns in the order given, value (null unless published), status
    report       the account, internal
    certificate  the proof, internal
    """

    frame: pl.DataFrame
    report: DisclosureReport
    certificate: Certificate


def protect_table(
    table: CellTable,
    rules: PrimaryRules,
    *,
    lowest: int = 0,
    insiders: bool = True,
    insider_share: float = INSIDER_SHARE,
    policy: Mapping[str, str] | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> ProtectedTable:
    """Withhold what must be withheld, prove it, and try to break it.

    `insiders`: protect against every single payee that is alone in a cell, too. That may cost `insider_share` of what is
    withheld to protect against outsiders; cells that such a payee can still estimate too closely are named in the report,
    each with a cell to merge it with.

    Raises: TableError when totals do not add up; ProtectionError when no pattern protects, the certificate does not
    hold or the auditor finds an exposed cell.
    """
    step("linking cells")
    system, assessed = table_system(table, rules, lowest=lowest, insiders=insiders)
    step("choosing what to withhold")
    pattern = suppress(system, insider_share=insider_share)
    if not isinstance(pattern, Pattern):
        raise ProtectionError(_unprotected(system, pattern))
    step("certifying")
    certificate = make_certificate(system, pattern)
    verify_certificate(system, pattern.withheld, certificate)
    step("attacking")
    outcome = attack(system, pattern.withheld)
    if not outcome.clean:
        raise ProtectionError(_exposed(outcome))
    known = attack_as_insiders(system, pattern.withheld, system.insiders)
    _refuse_unnamed(system, pattern, known)
    merges = [one.merge for one in pattern.narrowed if one.merge is not None]
    report = disclosure_report(
        system, pattern, assessed, outcome, insider_outcome=known, merges=merges, policy=policy
    )
    return ProtectedTable(published_frame(table, system, pattern.withheld), report, certificate)


def _unprotected(system: System, result: Infeasible | TimeLimit) -> str:
    if isinstance(result, TimeLimit):
        return f"stopped with {result.unmet} cells unprotected; nothing may be published"
    names = ", ".join(str(system.keys[int(cell)]) for cell in result.cells[:_SHOWN])
    merges = "; ".join(
        f"{system.keys[merge.cell]} with {system.keys[merge.sibling]}" for merge in result.merges[:_SHOWN]
    )
    return (
        f"no pattern protects {len(result.cells)} cells, among them {names}; "
        f"merge codes so that cells become larger{f' ({merges})' if merges else ''}, and try again"
    )


def _refuse_unnamed(system: System, pattern: Pattern, known: AttackReport) -> None:
    """Every cell a payee can narrow must be on the pattern's own list of what cannot be helped."""
    listed = {str(system.keys[one.cell]) for one in pattern.narrowed}
    unlisted = [exposure for exposure in known.exposures if exposure.key not in listed]
    if unlisted:
        first = unlisted[0]
        raise ProtectionError(
            f"{first.insider} can estimate cell {first.key!r} too closely, and {len(unlisted) - 1} more such cells; "
            "nothing may be published"
        )


def published_frame(table: CellTable, system: System, withheld: Booleans) -> pl.DataFrame:
    """Make the public table: the rows as given; the value is null unless published; nothing about contributors."""
    marks = pl.DataFrame({"key": system.keys, "withheld": withheld})
    return (
        table.frame.with_columns(key=table.keys())
        .join(marks, on="key", how="left", maintain_order="left")
        .select(
            *table.dimensions,
            pl.when("withheld").then(None).otherwise("value").alias("value"),
            pl.when("withheld").then(pl.lit(WITHHELD)).otherwise(pl.lit(PUBLISHED)).alias("status"),
        )
    )


def verify_table(
    table: CellTable,
    rules: PrimaryRules,
    published: pl.DataFrame,
    certificate: Certificate,
    *,
    lowest: int = 0,
) -> int:
    """Check without a solver that a published table is safe and true; give back how many cells are protected.

    published  the dimension columns, value, status, as `published_frame` made it
    Raises: CertificateError when rows differ from the original, a published value is not the true one, a withheld value
    is not blank, or the certificate does not prove the pattern.
    """
    system, _ = table_system(table, rules, lowest=lowest)
    original = table.frame.with_columns(key=table.keys()).select("key", true_value="value")
    shown = published.select(
        pl.concat_str([pl.col(one).cast(pl.String) for one in table.dimensions], separator="|").alias("key"),
        pl.col("value").cast(pl.Int64),
        "status",
    )
    both = original.join(shown, on="key", how="full", coalesce=True)
    if both.height != original.height or shown.height != original.height:
        raise CertificateError("the published table does not have the same cells as the original")
    unknown = both.filter(~pl.col("status").is_in([PUBLISHED, WITHHELD]) | pl.col("status").is_null())
    if unknown.height:
        raise CertificateError(f"cell {unknown['key'][0]!r} has neither status published nor withheld")
    is_out = pl.col("status") == PUBLISHED
    untrue = both.filter(is_out & pl.col("true_value").ne_missing(pl.col("value")))
    if untrue.height:
        raise CertificateError(f"cell {untrue['key'][0]!r}: the published value is not the true one")
    leaked = both.filter(~is_out & pl.col("value").is_not_null())
    if leaked.height:
        raise CertificateError(f"cell {leaked['key'][0]!r} is withheld, but its value is in the table")
    marks = pl.DataFrame({"key": system.keys}).join(both, on="key", how="left", maintain_order="left")
    return verify_certificate(system, (marks["status"] == WITHHELD).to_numpy(), certificate)


def _exposed(outcome: AttackReport) -> str:
    first = outcome.exposures[0]
    return (
        f"the auditor can estimate {len(outcome.exposures)} cells too closely, first {first.key!r}: "
        f"between {first.low:.0f} and {first.high:.0f} where {first.needed_low} to {first.needed_high} must be possible"
    )
