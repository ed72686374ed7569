"""What a package says about itself in the block `sunshine` of its descriptor: meta and control totals.

A word that is nearly right is refused: a mistyped `fictional` would show an invented province as a real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from publishing.intake.report import ReportBuilder
from publishing.intake.scalars import money_fen

DESCRIPTOR = "datapackage.json"
_TOTALS = {
    ("budget_lines", "approved"),
    ("budget_lines", "adjusted"),
    ("payments", "amount"),
    ("contracts", "amount"),
}
_KEYS = frozenset(
    (
        "as_of",
        "attribution",
        "control_totals",
        "currency",
        "fictional",
        "fiscal_year_first_month",
        "geometry",
        "province",
        "province_name",
    )
)


@dataclass(frozen=True)
class PackageMeta:
    """What the package says about itself. `as_of` is None until declared or computed from the payments."""

    title: str = ""
    as_of: date | None = None
    fictional: bool = False
    currency: str = "CNY"
    attribution: str = ""
    province: str = ""
    fiscal_year_first_month: int = 1
    """1 where the fiscal year is the calendar year, as in China; 4 in Japan."""


@dataclass(frozen=True)
class ControlTotal:
    """A sum that the rows of one fiscal year must meet to the fen."""

    table: str
    column: str
    fiscal_year: int
    total_fen: int


def read_declared(
    content: dict[str, Any], report: ReportBuilder
) -> tuple[PackageMeta, tuple[ControlTotal, ...]]:
    """Meta and control totals of a descriptor; what cannot be taken is in the report."""
    about = content.get("sunshine", {})
    if not isinstance(about, dict):
        _wrong(report, "", None, "必须是对象 (must be an object)")
        return PackageMeta(), ()
    _refuse_unknown(content, about, report)

    def text(key: str, default: str = "") -> str:
        value = about.get(key, default)
        if not isinstance(value, str):
            _wrong(report, key, value, "必须是文字 (must be text)")
            return default
        return value

    title, fictional = content.get("title", ""), about.get("fictional", False)
    if not isinstance(fictional, bool):
        _wrong(report, "fictional", fictional, "true, false")
    currency = text("currency", "CNY")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        _wrong(report, "currency", currency, "ISO 4217: CNY, JPY")
    meta = PackageMeta(
        title=title if isinstance(title, str) else "",
        as_of=_as_of(about.get("as_of"), report),
        fictional=fictional is True,
        currency=currency,
        attribution=text("attribution"),
        province=text("province"),
        fiscal_year_first_month=_first_month(about.get("fiscal_year_first_month", 1), report),
    )
    return meta, _control_totals(about.get("control_totals", []), report)


def _wrong(report: ReportBuilder, key: str, value: object, detail: str) -> None:
    place = f"sunshine.{key}" if key else "sunshine"
    report.add(
        "descriptor_wrong",
        DESCRIPTOR,
        column=place,
        value=None if value is None else str(value),
        detail=detail,
    )


def _refuse_unknown(content: dict[str, Any], about: dict[str, Any], report: ReportBuilder) -> None:
    """A word that is nearly a known one is a mistake; any other is somebody's own, and told."""
    for key in sorted(set(map(str, about)) - _KEYS):
        near = get_close_matches(key, _KEYS, n=1, cutoff=0.75)
        if near:
            _wrong(report, key, None, f"是否指 {near[0]}？(did you mean {near[0]}?)")
        else:
            report.add("descriptor_key_unknown", DESCRIPTOR, column=f"sunshine.{key}")
    for key in sorted(str(key) for key in content if str(key).startswith(("sunshine:", "sunshine."))):
        report.add(
            "descriptor_wrong", DESCRIPTOR, column=key, detail='写在 "sunshine": {…} 里 (belongs inside it)'
        )


def _as_of(value: object, report: ReportBuilder) -> date | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError  # noqa: TRY301 - one place tells what is wrong
        return date.fromisoformat(value)
    except ValueError:
        _wrong(report, "as_of", value, "YYYY-MM-DD")
        return None


def _first_month(value: object, report: ReportBuilder) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return value
    _wrong(report, "fiscal_year_first_month", str(value), "1–12")
    return 1


def _control_totals(value: object, report: ReportBuilder) -> tuple[ControlTotal, ...]:
    totals: list[ControlTotal] = []
    for position, item in enumerate(value if isinstance(value, list) else [value]):
        place = f"control_totals[{position}]"
        if not isinstance(item, dict) or (item.get("table"), item.get("column")) not in _TOTALS:
            _wrong(report, place, None, "table, column")
            continue
        year, fen = item.get("fiscal_year"), money_fen(str(item.get("total", "")))
        if (
            not isinstance(year, int)
            or isinstance(year, bool)
            or isinstance(fen, str)
            or isinstance(item.get("total"), float)
        ):
            _wrong(report, place, None, 'fiscal_year, total: "123.45"')
            continue
        totals.append(ControlTotal(str(item["table"]), str(item["column"]), year, fen))
    return tuple(totals)
