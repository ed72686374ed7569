"""All drafts of a release in, all public tables out, with the proof that nobody is given away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from anonymize.attack import AttackReport, attack
from anonymize.policy import Policy
from anonymize.system import System
from publishing.aggregate import Aggregates
from publishing.aggregate.rows import TOTAL, SourceRows
from publishing.protect import participation
from publishing.protect.apply import with_derived, with_statuses
from publishing.protect.eras import Era, spending_system
from publishing.protect.family import Trees
from publishing.protect.keys import SHOWN_BY, cell_key
from publishing.protect.proof import Proof, prove
from publishing.protect.recorded import MEASURES, PLANNED, MeasureRows, Recorded, record

PROMISE = (
    "每一个公布的数字都是真实的数字。任何外人、任何一位收款人，都不能用本门户这一版和以往所有版本的公开表，"
    "把任何一个受保护的数字推算到 {p}% 以内。"
)
ASSUMPTIONS = (
    "前提：金额不小于零（净退款除外）；收款人之间不互通所得；不计入本门户以外的数据；依法公开的合同视为人人知晓。",
    "独占某个单元格的收款人可能把别人的数字推算得更近、而防住他要多不公开很多的，列入合并清单，逐项写明，不算在上面的保证里。",
    "文字脱敏是经过测量的，不是完美的；发现遗漏请告诉我们，我们会撤下。",
)


@dataclass(frozen=True, slots=True)
class PastRelease:
    """An earlier public release: what its books said, and its public tables by name; `voices` when people took part."""

    number: int
    recorded: Recorded
    tables: Mapping[str, pl.DataFrame]
    voices: pl.DataFrame | None = None


@dataclass(frozen=True, slots=True)
class Protected:
    """The public tables, and what protecting them cost.

    tables        name -> frame in the shape of its spec, status twins included; nothing about contributors
    verdicts      measure -> key str · withheld bool · rule str?, for every cell that a table shows
    report        the disclosure report, as published
    recorded      what the next release must be protected together with; internal
    certificates  measure -> certificate; internal
    """

    tables: dict[str, pl.DataFrame]
    report: dict[str, Any]
    withheld_cells: int
    attack: str
    recorded: Recorded
    verdicts: Mapping[str, pl.DataFrame]
    certificates: dict[str, bytes] = field(default_factory=dict)


def protect(
    rows: SourceRows,
    aggregates: Aggregates,
    policy: Policy,
    *,
    past: Sequence[PastRelease],
    lights: pl.DataFrame,
    voices: pl.DataFrame | None = None,
) -> Protected:
    """Protect every table of a release, together with all earlier releases.

    In: past, oldest first, withdrawn ones too: what was once out is known; voices, the books of participation, if any.
    Raises: ProtectionFailed when no pattern protects every cell or the attacker gets through; the cells are named.
    """
    recorded, trees = record(rows, policy.known_by_law), Trees.of(rows)
    tasks = [
        *(partial(_proof, measure, recorded, trees, policy, past) for measure in MEASURES),
        *_voice_proofs(voices, trees, policy, past),
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:  # the solver and Polars leave the interpreter free
        proofs = list(pool.map(lambda task: task(), tasks))
    verdicts = participation.with_bases({proof.measure: proof.verdicts for proof in proofs}, voices, policy)
    tables = {name: with_statuses(draft, verdicts) for name, draft in aggregates.drafts.items()}
    tables["projects"] = with_derived(tables["projects"], lights)
    withheld = sum(
        int((frame[f"{measure}_status"] == "withheld").sum())
        for name, frame in tables.items()
        for measure in aggregates.drafts[name].spec.protected
    )
    certificates = {proof.measure: proof.certificate for proof in proofs}
    return Protected(
        tables,
        _report(policy, proofs, withheld, past),
        withheld,
        "none recovered",
        recorded,
        verdicts,
        certificates,
    )


def attack_releases(past: Sequence[PastRelease], policy: Policy) -> dict[str, AttackReport]:
    """Attack everything that is out: all releases at once, each measure.

    In: past, oldest first, at least one.
    """
    trees = _trees_of(past)
    reports = {measure: attack(system, ~system.pinned) for measure, system in spending_out(past, policy)}
    heard = _heard(past)
    for measure in participation.MEASURES:
        if not any(participation.is_heard(books, measure) for _, books, _ in heard):
            continue
        system = participation.voice_system(measure, heard, trees, policy, strict=True).system
        reports[measure] = attack(system, ~system.pinned)
    return reports


def spending_out(past: Sequence[PastRelease], policy: Policy) -> Iterator[tuple[str, System]]:
    """What an attacker has of each measure of money from all that is out.

    In: past, oldest first, at least one.
    """
    trees = _trees_of(past)
    for measure in MEASURES:
        eras = [_past_era(release, measure) for release in past]
        yield measure, spending_system(eras, trees, measure, policy).system


def _trees_of(past: Sequence[PastRelease]) -> Trees:
    newest = past[-1].tables
    return Trees.of_tables(newest["regions"], newest["functions"])


def _proof(
    measure: str, recorded: Recorded, trees: Trees, policy: Policy, past: Sequence[PastRelease]
) -> Proof:
    newest = Era(_next(past), recorded.measures[measure], None)
    eras = [*(_past_era(release, measure) for release in past), newest]
    built = spending_system(eras, trees, measure, policy)
    return prove(measure, built, insider_share=policy.insider_share, several=bool(past))


def _next(past: Sequence[PastRelease]) -> int:
    return max((release.number for release in past), default=0) + 1


def _voice_proofs(
    voices: pl.DataFrame | None, trees: Trees, policy: Policy, past: Sequence[PastRelease]
) -> list[Callable[[], Proof]]:
    """The proofs of participation, when the release has any."""
    if voices is None or voices.is_empty():
        return []
    heard = _heard(past)

    def proof(measure: str) -> Proof:
        eras = [*heard, (_next(past), voices, None)]
        built, strict = (
            participation.voice_system(measure, eras, trees, policy, strict=more) for more in (False, True)
        )
        share = policy.insider_share
        return prove(measure, built, insider_share=share, several=bool(heard), strict=strict)

    return [
        partial(proof, measure)
        for measure in participation.MEASURES
        if participation.is_heard(voices, measure)
    ]


def _heard(past: Sequence[PastRelease]) -> list[tuple[int, pl.DataFrame, pl.DataFrame | None]]:
    """The releases in which people took part."""
    return [
        (release.number, release.voices, release.tables[participation.DATASET])
        for release in past
        if release.voices is not None and release.voices.height
    ]


def _past_era(release: PastRelease, measure: str) -> Era[MeasureRows]:
    statuses = [
        release.tables[dataset].select(
            cell_key(dataset, measure).alias("key"),
            (pl.col(f"{measure}_status") == "published").alias("published"),
        )
        for dataset, of in SHOWN_BY
        if of == measure and dataset in release.tables
    ]
    if measure != PLANNED:
        statuses.append(_ledger_statuses(release, measure))
    once = pl.concat(statuses).group_by("key").agg(pl.col("published").any())
    return Era(release.number, release.recorded.measures[measure], once)


def _ledger_statuses(release: PastRelease, measure: str) -> pl.DataFrame:
    """The totals of all public projects by year, which only the coverage ledger shows."""
    regions = release.tables["regions"]
    root = regions.filter(pl.col("parent_code").is_null())["region_code"]
    ledger = release.tables["coverage"].filter(
        (pl.col("dataset") == "projects") & (pl.col("measure") == measure)
    )
    return ledger.join(root.to_frame("_root"), how="cross").select(
        pl.concat_str(pl.lit("inside_projects"), "fiscal_year", "_root", pl.lit(TOTAL), separator="|").alias(
            "key"
        ),
        pl.col("official_total").is_not_null().alias("published"),
    )


def _report(
    policy: Policy, proofs: Sequence[Proof], withheld: int, past: Sequence[PastRelease]
) -> dict[str, Any]:
    rules: dict[str, int] = {}
    for proof in proofs:
        for rule, count in proof.report["withheld_by_rule"].items():
            rules[rule] = rules.get(rule, 0) + count
    attacked = sum(proof.report["attacked"] for proof in proofs)
    return {
        "promise": PROMISE.format(p=float(policy.rules.p_pct).__format__("g")),
        "limits": list(ASSUMPTIONS),
        "policy": {"version": policy.version, "title": policy.title, "digest": policy.digest},
        "rules": {
            _title(policy, rule): f"{count} 个单元格；依据：{_basis(policy, rule)}"
            for rule, count in sorted(rules.items())
        },
        "legal": [{"rule": one.rule, "title": one.title, "basis": one.basis} for one in policy.legal],
        "known_by_law": [{"title": one.title, "basis": one.basis} for one in policy.known_by_law],
        "changelog": [{"version": one.version, "on": one.on, "text": one.text} for one in policy.changelog],
        "withheld_cells": withheld,
        "earlier_releases": [release.number for release in past],
        "measures": {
            proof.measure: {name: value for name, value in proof.report.items() if name != "withheld_by_rule"}
            for proof in proofs
        },
        "attack": {
            "方法": "线性规划攻击者，与压制程序没有共用代码，同时使用本版和以往所有版本的公开数字",
            "攻击的单元格": attacked,
            "以单个收款人身份攻击": f"{sum(proof.report['payees'] for proof in proofs):,} 个收款人，{sum(proof.report['attacked_by_payees'] for proof in proofs):,} 次",
            "被推算出的单元格": 0,
        },
    }


def _title(policy: Policy, rule: str) -> str:
    basis = policy.basis(rule)
    return basis.title if basis else rule


def _basis(policy: Policy, rule: str) -> str:
    basis = policy.basis(rule)
    return basis.basis if basis else "政策未列明"
