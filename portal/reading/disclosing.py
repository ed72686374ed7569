"""Why a number is not shown: every rule with its words, its legal basis and its count, and the policy's own changelog.

The rules come from the disclosure report of the release, never from the program: a release made under an older policy
keeps explaining itself by that policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from portal.reading.edition import Edition

PLAIN: dict[str, str] = {
    "threshold": "这个数里受保护的收款人不到三个，公布出来就能看出是谁、收了多少。",
    "p_percent": "这个数里的一个收款人，用自己的数去减，就能把另一个人的所得算到误差 10% 以内。",
    "dominance": "这个数的绝大部分属于一两个受保护的收款人，公布合计就等于公布他们的所得。",
    "sample": "参与评分或来件的人太少，平均数说明不了问题，还可能让人看出是谁给的分。",
    "unanimous": "参与的人给分完全一样，公布平均分就等于公布每个人的评分。",
    "secondary": "这个数本身没有问题，但把它和别的公开的数相减，就能算出一个受保护的数，所以一起隐去。",
    "history": "这个数和以前发布过的数相减，会算出一个受保护的数；以前的发布不会收回，只能隐去这一个。",
    "insider": "某个收款人减去自己的所得，就能知道另一个人的所得。",
    "merged": "单独公布会泄露，所以和相邻的项目合成一个数公布，合计仍然完整。",
    "secrecy": "涉及国家秘密或者内部项目，依法不公开，也不能从别的数里减出来。",
    "text": "文字里的姓名、电话、证件号等个人信息，已经换成占位。",
    "micro": "逐条列出会让人认出是谁，所以只公布合计。",
}
"""In words for everybody; the release gives title and legal basis."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name in the data, its title, what it means, its legal basis, how many values it hides here."""

    name: str
    title: str
    meaning: str
    basis: str
    values: int


@dataclass(frozen=True, slots=True)
class PublicByLaw:
    """Something that must be public whatever the rules say, with the law that says so."""

    title: str
    basis: str


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A version of the policy: from when, and what it changed."""

    version: str
    day: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the release's own attacker found: values looked at, hidden ones, and those it could work out."""

    attacked: int
    exposed: int
    earlier: tuple[int, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Merge:
    """A hidden number that its neighbour's only payee could narrow too far: both should be published as one."""

    measure: str
    cell: str
    sibling: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything a reader needs who asks: why can I not see this?"""

    version: str
    rules: tuple[Rule, ...]
    public_by_law: tuple[PublicByLaw, ...]
    changes: tuple[PolicyChange, ...]
    proof: Proof | None
    merges: tuple[Merge, ...]


def reasons(edition: Edition) -> Reasons:
    """The reasons of a release; a rule that its report does not explain is still named and counted."""
    return edition.keep("reasons", lambda: _reasons(edition))


def _reasons(edition: Edition) -> Reasons:
    content = edition.document("disclosure.json")
    found = json.loads(content) if content else {}
    report: Mapping[str, Any] = found if isinstance(found, dict) else {}
    counts = hidden_by_rule(edition)
    return Reasons(
        version=_said(_mapping(report.get("policy")), "version"),
        rules=_rules(_items(report, "legal"), counts),
        public_by_law=tuple(
            PublicByLaw(_said(item, "title"), _said(item, "basis")) for item in _items(report, "known_by_law")
        ),
        changes=tuple(
            PolicyChange(_said(item, "version"), _said(item, "on"), _said(item, "text"))
            for item in sorted(_items(report, "changelog"), key=lambda item: _said(item, "on"), reverse=True)
        ),
        proof=_proof(report),
        merges=tuple(
            Merge(measure, _said(item, "cell"), _said(item, "with"))
            for measure, part in _mapping(report.get("measures")).items()
            for item in _items(_mapping(part), "merge_list")
        ),
    )


def _rules(stated: list[Mapping[str, Any]], counts: Mapping[str, int]) -> tuple[Rule, ...]:
    """Those that hide something first, the most frequent first; then those that hid nothing this time."""
    named = {_said(item, "rule"): item for item in stated}
    names = [*named, *(name for name in counts if name not in named)]
    rules = [
        Rule(
            name,
            _said(named.get(name, {}), "title") or name,
            PLAIN.get(name, ""),
            _said(named.get(name, {}), "basis"),
            counts.get(name, 0),
        )
        for name in names
        if name
    ]
    return tuple(sorted(rules, key=lambda rule: -rule.values))


def hidden_by_rule(edition: Edition) -> dict[str, int]:
    """How many values of all tables are hidden, by the rule that is written beside each."""
    found: dict[str, int] = {}
    for spec in edition.specs.values():
        frame = edition.frame(spec.name)
        for measure in spec.protected:
            column = f"{measure}_rule"
            if column not in frame.columns:
                continue
            rows = frame.filter(pl.col(column).is_not_null()).group_by(column).len()
            for rule, count in rows.iter_rows():
                found[rule] = found.get(rule, 0) + count
    return found


def _proof(report: Mapping[str, Any]) -> Proof | None:
    attack, measures = _mapping(report.get("attack")), _mapping(report.get("measures"))
    if not attack or not measures:
        return None
    parts = [_mapping(part) for part in measures.values()]
    earlier = report.get("earlier_releases")
    return Proof(
        attacked=sum(_count(part, "attacked") for part in parts),
        exposed=sum(_count(part, "exposed") for part in parts),
        earlier=tuple(number for number in earlier if isinstance(number, int))
        if isinstance(earlier, list)
        else (),
        method=_said(attack, "方法"),
    )


def _items(report: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = report.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _said(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _count(item: Mapping[str, Any], name: str) -> int:
    value = item.get(name)
    return value if isinstance(value, int) else 0
