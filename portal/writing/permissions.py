"""Decisions by the permission table: as a WHERE clause, for one row, and in words.

The clause is the permission: a row that it does not let through is, for this person, not there. `allows` answers the
same question for one row in memory, and `why` says which rule allowed it or what each rule was missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, or_, true
from sqlmodel import col

from portal.writing.acting import Held, Subject, Whereabouts
from portal.writing.errors import NotAllowed
from portal.writing.models import AlertHandling, Case, ReplyTemplate
from portal.writing.models.words import PUBLIC_STATUSES, ROLE_NAMES
from portal.writing.permission_table import (
    ACTION_NAMES,
    FIELD_CLEARANCE,
    RESOURCE_NAMES,
    RULES,
    SCOPE_NAMES,
    Rule,
    Scope,
)


@dataclass(frozen=True, slots=True)
class ScopeColumns:
    """The columns of a table by which rows belong to somebody; a missing one lets nobody through by it."""

    unit: SQLColumnExpression[str] | None = None
    sector: SQLColumnExpression[str] | None = None
    region_path: SQLColumnExpression[str] | None = None
    owner: SQLColumnExpression[int | None] | None = None
    public: ColumnElement[bool] | None = None


CASE_COLUMNS = ScopeColumns(
    unit=col(Case.unit_id),
    sector=col(Case.sector),
    region_path=col(Case.region_path),
    owner=col(Case.asker_id),
    public=col(Case.status).in_([status.value for status in PUBLIC_STATUSES]),
)
ALERT_COLUMNS = ScopeColumns(
    unit=col(AlertHandling.unit_id),
    sector=col(AlertHandling.sector),
    region_path=col(AlertHandling.region_path),
)
TEMPLATE_COLUMNS = ScopeColumns(unit=col(ReplyTemplate.unit_id))
NO_COLUMNS = ScopeColumns()


@dataclass(frozen=True, slots=True)
class Row:
    """What matters of one row: where it belongs, whose it is, whether it is public."""

    where: Whereabouts | None = None
    owner_id: int | None = None
    is_public: bool = False


def _rules(subject: Subject, resource: str, action: str) -> Iterator[tuple[Held, Rule]]:
    """Pairs of grant and rule that speak of the action, whatever their clearance."""
    for held in subject.grants:
        for rule in RULES:
            if rule.role is held.role and rule.resource == resource and action in rule.actions:
                yield held, rule


def scope_clause(
    subject: Subject,
    resource: str,
    action: str,
    columns: ScopeColumns,
    scopes: Collection[Scope] = tuple(Scope),
) -> ColumnElement[bool]:
    """The WHERE clause that lets through what the subject may do `action` to; nothing by default.

    `scopes` narrows the rules that count: a desk, say, does not show what one sees as a member of the public.
    """
    parts = [
        _clause(subject, held, rule, columns)
        for held, rule in _rules(subject, resource, action)
        if held.clearance >= rule.clearance and rule.scope in scopes
    ]
    return or_(false(), *parts)


def _clause(subject: Subject, held: Held, rule: Rule, columns: ScopeColumns) -> ColumnElement[bool]:
    if rule.scope is Scope.ALL:
        return true()
    if rule.scope is Scope.PUBLIC:
        return false() if columns.public is None else columns.public
    if rule.scope is Scope.OWN:
        if subject.account_id is None or columns.owner is None:
            return false()
        return columns.owner == subject.account_id
    return _granted_clause(held, columns)


def _granted_clause(held: Held, columns: ScopeColumns) -> ColumnElement[bool]:
    """Every limit of the grant must hold; a grant without any limit reaches nothing."""
    limits: list[ColumnElement[bool]] = []
    for value, column in ((held.unit_id, columns.unit), (held.sector, columns.sector)):
        if value is not None:
            limits.append(false() if column is None else column == value)
    if held.region_code is not None:
        inside = columns.region_path
        limits.append(
            false() if inside is None else inside.contains(f"/{held.region_code}/", autoescape=True)
        )
    return and_(*limits) if limits else false()


@dataclass(frozen=True, slots=True)
class Considered:
    """One rule that spoke of the action, and what it was missing (empty: nothing, it allows)."""

    rule: str
    missing: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether something is allowed, in a sentence, with every rule that was looked at."""

    is_allowed: bool
    sentence: str
    considered: tuple[Considered, ...]


def _missing(subject: Subject, held: Held, rule: Rule, row: Row) -> str:
    """What keeps the rule from allowing the row; empty when nothing does."""
    if held.clearance < rule.clearance:
        return f"密级 {held.clearance} 低于所需的 {rule.clearance}"
    if rule.scope is Scope.PUBLIC:
        return "" if row.is_public else "尚未公开"
    if rule.scope is Scope.OWN:
        return "" if subject.account_id is not None and row.owner_id == subject.account_id else "不是本人的"
    return _outside(held, row.where) if rule.scope is Scope.GRANTED else ""


def _outside(held: Held, where: Whereabouts | None) -> str:
    if held.unit_id is None and held.region_code is None and held.sector is None:
        return "授权没有写明单位、地区或领域"
    if where is None:
        return "对象不属于任何单位"
    if held.unit_id not in {None, where.unit_id}:
        return f"对象属于单位 {where.unit_id}，授权只限 {held.unit_id}"
    if held.sector not in {None, where.sector}:
        return f"对象属于领域 {where.sector}，授权只限 {held.sector}"
    if held.region_code is not None and f"/{held.region_code}/" not in where.region_path:
        return f"对象不在地区 {held.region_code} 之内"
    return ""


def why(subject: Subject, resource: str, action: str, row: Row, field: str | None = None) -> Explanation:
    """Which rule allows the action on the row (and the field), or what each rule is missing."""
    considered: list[Considered] = []
    for held, rule in _rules(subject, resource, action):
        missing = _missing(subject, held, rule, row) or _field_missing(held, rule, field)
        considered.append(Considered(rule.name, missing))
        if not missing:
            reach = SCOPE_NAMES[rule.scope]
            sentence = f"允许：{ROLE_NAMES[held.role]}可以对{reach}{said_action(resource, action)}。"
            return Explanation(True, sentence, tuple(considered))
    if not considered:
        return Explanation(False, f"拒绝：没有任何规则允许这个角色对{said_action(resource, action)}。", ())
    reasons = "；".join(dict.fromkeys(found.missing for found in considered))
    return Explanation(False, f"拒绝：{reasons}。", tuple(considered))


def said_action(resource: str, action: str) -> str:
    """An action on a kind of thing, as people say it."""
    return f"{RESOURCE_NAMES.get(resource, resource)}做“{ACTION_NAMES.get(action, action)}”"


def _field_missing(held: Held, rule: Rule, field: str | None) -> str:
    if field is None:
        return ""
    if field not in rule.fields:
        return f"规则不含字段 {field}"
    needed = FIELD_CLEARANCE[rule.resource][field]
    if rule.scope in {Scope.OWN, Scope.PUBLIC} or held.clearance >= needed:
        return ""
    return f"字段 {field} 需要密级 {needed}，您的是 {held.clearance}"


def allows(subject: Subject, resource: str, action: str, row: Row, field: str | None = None) -> bool:
    """Whether the subject may do the action to the row, and see the field when one is named."""
    return why(subject, resource, action, row, field).is_allowed


def visible_fields(subject: Subject, resource: str, row: Row) -> frozenset[str]:
    """The fields of one row that the subject may read."""
    return frozenset(
        field for field in FIELD_CLEARANCE[resource] if allows(subject, resource, "read", row, field)
    )


def may_ever(subject: Subject, resource: str, action: str) -> bool:
    """Whether some row could be reached: what a menu asks, never what an action rests on."""
    return any(held.clearance >= rule.clearance for held, rule in _rules(subject, resource, action))


def require(subject: Subject, resource: str, action: str, row: Row | None = None) -> None:
    """For things without rows to hide. Raises: NotAllowed with the explanation."""
    found = why(subject, resource, action, row or Row())
    if not found.is_allowed:
        raise NotAllowed(found.sentence)
