"""What a difference between two releases consists of, as values: JSON and readable text come from these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from publishing.specs import Column, ColumnType


class Reason(StrEnum):
    """Why a total moved, as far as the two releases alone can tell."""

    NEW_PERIOD = "new_period"
    RUNNING_PERIOD = "running_period"
    CORRECTION = "correction"
    RECLASSIFIED = "reclassified"
    DISCLOSURE = "disclosure"
    NEW_ROW = "new_row"
    REMOVED_ROW = "removed_row"
    CHANGED_ROW = "changed_row"
    NOT_EXPLAINED = "not_explained"


REASON_TITLES: dict[Reason, str] = {
    Reason.NEW_PERIOD: "新增期间：上一版数据截止之后的月份或年度",
    Reason.RUNNING_PERIOD: "在途期间：上一版截止时尚未结束的月份或年度的后续收支",
    Reason.CORRECTION: "补记或更正：上一版截止时已结束的期间",
    Reason.RECLASSIFIED: "调整归类：在科目、地区之间移动，合计不变",
    Reason.DISCLOSURE: "公开状态变化：由公布改为不公布，或相反",
    Reason.NEW_ROW: "新增的行",
    Reason.REMOVED_ROW: "不再出现的行",
    Reason.CHANGED_ROW: "数值更新",
    Reason.NOT_EXPLAINED: "未能解释：变化发生在两版都不公布的单元格内",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One reason's share of a change; the shares of a change sum to it exactly. Money in fen."""

    reason: Reason
    amount: int
    cells: int


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell's own share of a change: what moved there and in none of the published cells below it."""

    key: Mapping[str, str]
    reason: Reason
    amount: int


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """How the total of one measure in one fiscal year moved. Money in fen.

    `before`, `after` and `change` are None when the total itself is not published in one of the releases; then
    there are no parts either. A table without years has `fiscal_year` None. Where the total is a sum of several top
    cells (units, months), `hidden_before` and `hidden_after` say how many of them are not published and so not in it.
    """

    measure: str
    title: str
    is_money: bool
    fiscal_year: int | None
    before: int | None
    after: int | None
    hidden_before: int = 0
    hidden_after: int = 0
    parts: tuple[Part, ...] = ()
    largest: tuple[CellChange, ...] = ()

    @property
    def change(self) -> int | None:
        """After less before."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class StatusChange:
    """How many cells of a measure went from one mark to another."""

    measure: str
    before: str
    after: str
    rows: int


@dataclass(frozen=True, slots=True)
class DatasetDiff:
    """What happened to one dataset. `presence` is `both`, `added` or `removed`."""

    name: str
    title: str
    presence: str
    rows_before: int = 0
    rows_after: int = 0
    rows_added: int = 0
    rows_removed: int = 0
    rows_changed: int = 0
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    statuses: tuple[StatusChange, ...] = ()
    measures: tuple[MeasureChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happened to it."""
        moved = self.rows_added or self.rows_removed or self.rows_changed
        return self.presence == "both" and not (moved or self.columns_added or self.columns_removed)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases."""

    number: int
    id: str
    as_of: date
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """The difference of two releases, dataset by dataset."""

    before: Side
    after: Side
    datasets: tuple[DatasetDiff, ...]
    documents_changed: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return self.before.id == self.after.id

    def dataset(self, name: str) -> DatasetDiff:
        """The difference in one dataset. Raises: KeyError."""
        for found in self.datasets:
            if found.name == name:
                return found
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """For programs: money in yuan with two decimals."""
        return {
            "before": _side_json(self.before),
            "after": _side_json(self.after),
            "documents_changed": list(self.documents_changed),
            "datasets": [_dataset_json(found) for found in self.datasets],
        }

    def to_text(self, *, everything: bool = False) -> str:
        """For people: one paragraph per dataset that changed, or per dataset."""
        lines = [
            f"版本 {self.before.number}（截至 {self.before.as_of}）→ 版本 {self.after.number}（截至 {self.after.as_of}）"
        ]
        if self.is_empty:
            return f"{lines[0]}\n两版内容完全相同。\n"
        for found in self.datasets:
            if everything or not found.is_empty:
                lines.extend(_dataset_lines(found))
        if self.documents_changed:
            lines.append(f"附属文件有变化：{'、'.join(self.documents_changed)}")
        return "\n".join(lines) + "\n"


def is_money(column: Column) -> bool:
    """Whether a measure is money (fen inside)."""
    return column.type is ColumnType.MONEY


# ---------------------------------------------------------------- JSON
def _side_json(side: Side) -> dict[str, Any]:
    return {
        "number": side.number,
        "id": side.id,
        "as_of": side.as_of.isoformat(),
        "published_at": side.published_at.isoformat(),
    }


def _dataset_json(found: DatasetDiff) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": found.title,
        "presence": found.presence,
        "rows": {
            "before": found.rows_before,
            "after": found.rows_after,
            "added": found.rows_added,
            "removed": found.rows_removed,
            "changed": found.rows_changed,
        },
        "columns_added": list(found.columns_added),
        "columns_removed": list(found.columns_removed),
        "statuses": [
            {"measure": moved.measure, "before": moved.before, "after": moved.after, "rows": moved.rows}
            for moved in found.statuses
        ],
        "measures": [_measure_json(moved) for moved in found.measures],
    }


def _measure_json(moved: MeasureChange) -> dict[str, Any]:
    return {
        "measure": moved.measure,
        "title": moved.title,
        "unit": "元" if moved.is_money else "",
        "fiscal_year": moved.fiscal_year,
        "before": _amount_json(moved.before, moved.is_money),
        "after": _amount_json(moved.after, moved.is_money),
        "change": _amount_json(moved.change, moved.is_money),
        "not_in_totals": {"before": moved.hidden_before, "after": moved.hidden_after},
        "parts": [
            {
                "reason": part.reason.value,
                "title": REASON_TITLES[part.reason],
                "amount": _amount_json(part.amount, moved.is_money),
                "cells": part.cells,
            }
            for part in moved.parts
        ],
        "largest": [
            {
                "key": dict(cell.key),
                "reason": cell.reason.value,
                "amount": _amount_json(cell.amount, moved.is_money),
            }
            for cell in moved.largest
        ],
    }


def _amount_json(amount: int | None, money: bool) -> float | int | None:  # noqa: FBT001 - a fact of the amount
    """Yuan as a JSON number; the nearest double of fen/100 prints with the same two decimals up to 9e13 yuan."""
    return amount / 100 if money and amount is not None else amount


# ---------------------------------------------------------------- text
_PRESENCES = {"added": "新数据集", "removed": "不再发布"}


def _dataset_lines(found: DatasetDiff) -> Sequence[str]:
    heading = f"\n■ {found.title}（{found.name}）"
    if found.presence != "both":
        return [f"{heading}：{_PRESENCES[found.presence]}，{max(found.rows_before, found.rows_after):,} 行"]
    rows = f"新增 {found.rows_added:,} 行，减少 {found.rows_removed:,} 行，变动 {found.rows_changed:,} 行"
    lines = [f"{heading}：{rows}"]
    if found.columns_added or found.columns_removed:
        lines.append(f"  新增列 {list(found.columns_added)}，取消列 {list(found.columns_removed)}")
    lines.extend(
        f"  {moved.measure}：{moved.rows:,} 格由 {moved.before} 变为 {moved.after}"
        for moved in found.statuses
    )
    for change in found.measures:
        lines.extend(_measure_lines(change))
    return lines


def _measure_lines(moved: MeasureChange) -> list[str]:
    year = "" if moved.fiscal_year is None else f" {moved.fiscal_year} 年"
    if moved.change is None:
        return [f"  {moved.title}{year}：合计在其中一版不公布，无法比较"]
    before, after = (_amount_text(value or 0, moved.is_money) for value in (moved.before, moved.after))
    sign = "+" if moved.change >= 0 else ""
    lines = [
        f"  {moved.title}{year}：{before} → {after}（{sign}{_amount_text(moved.change, moved.is_money)}）"
    ]
    if moved.hidden_before or moved.hidden_after:
        lines.append(
            f"    合计不含不公布的顶层单元格：原 {moved.hidden_before} 格，现 {moved.hidden_after} 格"
        )
    for part in moved.parts:
        amount = _amount_text(part.amount, moved.is_money)
        lines.append(f"    {amount:>20}  {REASON_TITLES[part.reason]}（{part.cells:,} 格）")
    return lines


def _amount_text(amount: int, money: bool) -> str:  # noqa: FBT001 - a fact of the amount
    if not money:
        return f"{amount:,}"
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100:,}.{abs(amount) % 100:02d} 元"
