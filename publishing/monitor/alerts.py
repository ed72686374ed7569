"""Alerts: what the rules found, with evidence and an id that stays the same from release to release."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from publishing.aggregate.rows import SourceRows
from publishing.monitor.months import line_months, month_findings
from publishing.monitor.rules import LIGHT_OF_GRADE, RuleBook, read_rules
from publishing.monitor.transactions import (
    payee_not_registered,
    received_and_scattered,
    split_payments,
    supplier_concentration,
)
from publishing.specs import Column, ColumnType, DatasetSpec, Disclosure, Role

LIGHT_MONTHS = 6
"""An alert colours its project's light while its month is one of the last six."""

_SEVERITY = {"green": 0, "yellow": 1, "orange": 2, "red": 3}


def _text(
    name: str, title: str, title_en: str, kind: ColumnType = ColumnType.TEXT, role: Role = Role.ATTRIBUTE
) -> Column:
    return Column(name, title, title_en, kind, role)


ALERTS = DatasetSpec(
    "alerts", "预警", "Alerts", "一条预警：一条规则 × 一个对象", "one rule fired for one subject",
    (
        _text("alert_id", "预警编号", "alert id", ColumnType.CODE, Role.DIMENSION),
        _text("rule", "规则", "rule", ColumnType.CODE), _text("rule_title", "规则名称", "rule title"),
        _text("grade", "等级", "grade", ColumnType.CODE), _text("light", "预警灯", "light", ColumnType.CODE),
        _text("subject_kind", "对象类别", "kind of subject", ColumnType.CODE), _text("subject_id", "对象", "subject", ColumnType.CODE),
        _text("project_id", "项目编号", "project id", ColumnType.CODE), _text("org_id", "预算单位代码", "budget unit id", ColumnType.CODE),
        _text("month", "月份", "month", ColumnType.MONTH),
        Column("observed", "观测值", "observed", ColumnType.NUMBER, Role.MEASURE), Column("threshold", "阈值", "threshold", ColumnType.NUMBER, Role.MEASURE),
        _text("explanation", "说明", "explanation"),
    ),
    ("alert_id",), Disclosure.PUBLIC, ("budget_lines", "plans", "payments", "contracts"), "monitoring",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alerts:
    """Everything that fired.

    frame   one row per alert, in the shape of `spec`
    lights  one row per public project: project_id · light · light_reason (the gravest alert of the last months)
    """

    frame: pl.DataFrame
    lights: pl.DataFrame
    rules: dict[str, Any]
    spec: DatasetSpec = ALERTS

    @property
    def count(self) -> int:
        """How many alerts there are."""
        return self.frame.height


def monitor(rows: SourceRows, payments: Path, *, as_of: date, book: RuleBook | None = None) -> Alerts:
    """Evaluate every rule on one source package.

    In: rows; the staged payments (for rules over single payments); the day up to which the books are kept.
    """
    book = book or read_rules()
    months = line_months(rows, as_of=as_of)
    found = pl.concat(
        [
            *month_findings(months, book),
            split_payments(payments, rows, book),
            payee_not_registered(payments, rows, book),
            received_and_scattered(payments, rows, book),
            supplier_concentration(rows, book),
        ]
    )
    frame = _alerts(_without_lesser_twins(found), rows, book)
    return Alerts(frame, _lights(frame, rows, as_of=as_of), book.to_json())


def _without_lesser_twins(found: pl.DataFrame) -> pl.DataFrame:
    """A line that is far over its budget is not also listed as slightly over."""
    far = found.filter(pl.col("rule") == "over_budget_beyond_10_percent").select("line_ix")
    slight = (pl.col("rule") == "over_budget_up_to_10_percent") & pl.col("line_ix").is_in(
        far["line_ix"].implode()
    )
    return found.filter(~slight)


def _alerts(found: pl.DataFrame, rows: SourceRows, book: RuleBook) -> pl.DataFrame:
    rules = pl.DataFrame(
        {
            "rule": [rule.id for rule in book.rules],
            "rule_title": [rule.title for rule in book.rules],
            "grade": [rule.grade for rule in book.rules],
            "light": [LIGHT_OF_GRADE[rule.grade] for rule in book.rules],
            "threshold": [rule.threshold for rule in book.rules],
            "explanation": [rule.explanation for rule in book.rules],
        }
    )
    identity = pl.concat_str("rule", "subject_kind", "subject_id", "month", separator="|")
    joined = (
        found.join(rows.lines.select("line_ix", "org_id", "project_id"), on="line_ix", how="left")
        .join(rules, on="rule")
        .with_columns(
            identity.map_elements(_alert_id, return_dtype=pl.String).alias("alert_id"),
            pl.col("observed").round(6),
        )
    )
    return joined.select(pl.col(column.name).cast(column.memory_type) for column in ALERTS.columns).sort(
        "alert_id"
    )


def _alert_id(identity: str) -> str:
    return "YJ" + hashlib.sha256(identity.encode()).hexdigest()[:14].upper()


def _lights(frame: pl.DataFrame, rows: SourceRows, *, as_of: date) -> pl.DataFrame:
    recent = frame.filter(
        pl.col("month") >= pl.lit(as_of).dt.month_start().dt.offset_by(f"-{LIGHT_MONTHS}mo"),
        pl.col("project_id").is_not_null(),
    )
    gravest = (
        recent.with_columns(pl.col("light").replace_strict(_SEVERITY).alias("severity"))
        .sort("severity", "month", "rule", descending=[True, True, False])
        .group_by("project_id", maintain_order=True)
        .agg(pl.col("light").first(), pl.col("rule_title").first().alias("light_reason"))
    )
    open_projects = rows.projects.filter(~pl.col("closed")).select("project_id")
    return (
        open_projects.join(gravest, on="project_id", how="left")
        .with_columns(pl.col("light").fill_null("green"))
        .sort("project_id")
    )
