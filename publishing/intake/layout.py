"""What a source package consists of, before any table is read: files by table, meta, control totals, geometry.

A folder with a `datapackage.json` is taken at its word; a bare folder is searched for files named after the
tables. Nothing outside the folder is ever opened: no URLs, no absolute paths, no `..`, no links that leave.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from publishing.intake import limits
from publishing.intake.contracts import TABLES
from publishing.intake.readers import SourceFile
from publishing.intake.report import ReportBuilder
from publishing.intake.scalars import money_fen

DESCRIPTOR = "datapackage.json"
GEOMETRY = "regions.geojson"
_ENDINGS = (".csv", ".csv.gz", ".csv.zst", ".parquet")
_TOTALS = {
    ("budget_lines", "approved"),
    ("budget_lines", "adjusted"),
    ("payments", "amount"),
    ("contracts", "amount"),
}


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


@dataclass(frozen=True)
class Layout:
    """The files of a package by table, in reading order."""

    files: dict[str, SourceFile]
    meta: PackageMeta = PackageMeta()
    control_totals: tuple[ControlTotal, ...] = ()
    geometry: Path | None = None


@dataclass
class _Finding:
    files: dict[str, SourceFile] = field(default_factory=dict)
    geometry: Path | None = None


def read_layout(source: Path, report: ReportBuilder) -> Layout | None:
    """What is there; None when there is nothing to read."""
    if not source.exists():
        report.add("source_missing", source.name or str(source))
        return None
    if not source.is_dir():
        report.add("source_not_a_folder", source.name)
        return None
    descriptor = source / DESCRIPTOR
    finding = _Finding()
    meta = PackageMeta()
    totals: tuple[ControlTotal, ...] = ()
    if descriptor.exists() or descriptor.is_symlink():
        content = _read_descriptor(source, report)
        if content is None:
            return None
        _resources(source, content, finding, report)
        meta, totals = _about(content, report)
    else:
        _bare_folder(source, finding, report)
    geometry = source / GEOMETRY
    if finding.geometry is None and geometry.is_file() and _is_inside(source, geometry, GEOMETRY, report):
        finding.geometry = geometry
    _tell_missing_tables(finding, report)
    files = {name: finding.files[name] for name in TABLES if name in finding.files}
    return Layout(files, meta, totals, finding.geometry)


def _tell_missing_tables(finding: _Finding, report: ReportBuilder) -> None:
    if not finding.files:
        report.add("no_tables", DESCRIPTOR)
    for name, table in TABLES.items():
        if finding.files and name not in finding.files:
            rule = "table_missing" if table.required else "optional_table_missing"
            report.add(rule, f"{name}.csv", detail=table.title)


def _bare_folder(source: Path, finding: _Finding, report: ReportBuilder) -> None:
    for path in sorted(source.iterdir()):
        table = _table_of(path.name)
        if table is None:
            continue
        if table not in TABLES:
            report.add("unknown_table", path.name)
        elif table in finding.files:
            report.add("table_twice", path.name, detail=finding.files[table].name)
        elif _is_inside(source, path, path.name, report):
            finding.files[table] = SourceFile(table, path, path.name)


def _table_of(name: str) -> str | None:
    """`payments` for payments.csv.gz; None for a file that is no table."""
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            return name[: -len(ending)].lower()
    return None


def _is_inside(source: Path, path: Path, name: str, report: ReportBuilder) -> bool:
    try:
        inside = path.resolve(strict=True).is_relative_to(source.resolve())
    except (OSError, RuntimeError):
        report.add("file_missing", name)
        return False
    if not inside:
        report.add("symlink_escapes", name)
    return inside


def _read_descriptor(source: Path, report: ReportBuilder) -> dict[str, Any] | None:
    path = source / DESCRIPTOR
    if not _is_inside(source, path, DESCRIPTOR, report):
        return None
    try:
        if path.stat().st_size > limits.LARGEST_DESCRIPTOR:
            report.add("descriptor_broken", DESCRIPTOR, detail="文件过大 (too large)")
            return None
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError, OSError) as error:
        where = (
            f"第 {error.lineno} 行 (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        )
        report.add(
            "descriptor_broken",
            DESCRIPTOR,
            row=error.lineno if isinstance(error, json.JSONDecodeError) else None,
            detail=where or error.__class__.__name__,
        )
        return None
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("resources"), list)
        or not content["resources"]
    ):
        report.add(
            "descriptor_wrong", DESCRIPTOR, column="resources", detail="必须是非空列表 (a non-empty list)"
        )
        return None
    return content


def _resources(source: Path, content: dict[str, Any], finding: _Finding, report: ReportBuilder) -> None:
    for position, resource in enumerate(content["resources"]):
        place = f"resources[{position}]"
        if not isinstance(resource, dict):
            report.add("descriptor_wrong", DESCRIPTOR, column=place, detail="必须是对象 (must be an object)")
            continue
        name = resource.get("name")
        paths = resource.get("path")
        listed = paths if isinstance(paths, list) else [paths]
        if (
            not isinstance(name, str)
            or not listed
            or not all(isinstance(path, str) and path for path in listed)
        ):
            report.add(
                "descriptor_wrong",
                DESCRIPTOR,
                column=place,
                detail="缺少 name 或 path (name and path are required)",
            )
            continue
        _dialect(resource, place, report)
        for path in listed:
            _resource_file(source, name, str(path), finding, report)


def _dialect(resource: dict[str, Any], place: str, report: ReportBuilder) -> None:
    dialect = resource.get("dialect")
    if not isinstance(dialect, dict):
        return
    wanted = {"delimiter": ",", "quoteChar": '"', "header": True, "doubleQuote": True}
    for key, value in wanted.items():
        if dialect.get(key, value) != value:
            report.add("unsupported_dialect", DESCRIPTOR, column=place, value=str(dialect[key]), detail=key)


def _resource_file(source: Path, name: str, path: str, finding: _Finding, report: ReportBuilder) -> None:
    pure = PurePosixPath(path)
    unsafe = (
        pure.is_absolute()
        or ".." in pure.parts
        or "://" in path
        or "\\" in path
        or "\0" in path
        or ":" in path
    )
    if unsafe:
        report.add("descriptor_path_unsafe", DESCRIPTOR, column=name, value=path)
        return
    file = source / pure
    if not file.exists() and not file.is_symlink():
        report.add("file_missing", path, column=name)
        return
    if not _is_inside(source, file, path, report):
        return
    if path.lower().endswith(".geojson"):
        finding.geometry = file
        return
    if _table_of(pure.name) is None or name not in TABLES:
        report.add("unknown_table", path, detail=name)
        return
    if name in finding.files:
        report.add("table_twice", path, detail=finding.files[name].name)
        return
    finding.files[name] = SourceFile(name, file, path)


def _about(content: dict[str, Any], report: ReportBuilder) -> tuple[PackageMeta, tuple[ControlTotal, ...]]:
    about = content.get("sunshine", {})
    if not isinstance(about, dict):
        report.add("descriptor_wrong", DESCRIPTOR, column="sunshine", detail="必须是对象 (must be an object)")
        return PackageMeta(), ()

    def text(key: str, default: str = "") -> str:
        value = about.get(key, default)
        if not isinstance(value, str):
            report.add(
                "descriptor_wrong",
                DESCRIPTOR,
                column=f"sunshine.{key}",
                value=str(value),
                detail="必须是文字 (must be text)",
            )
            return default
        return value

    title = content.get("title", "")
    meta = PackageMeta(
        title=title if isinstance(title, str) else "",
        as_of=_as_of(about.get("as_of"), report),
        fictional=about.get("fictional") is True,
        currency=text("currency", "CNY"),
        attribution=text("attribution"),
        province=text("province"),
        fiscal_year_first_month=_first_month(about.get("fiscal_year_first_month", 1), report),
    )
    return meta, _control_totals(about.get("control_totals", []), report)


def _as_of(value: object, report: ReportBuilder) -> date | None:
    if value is None:
        return None
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise ValueError  # noqa: TRY301 - one place tells what is wrong
        return date.fromisoformat(value)
    except ValueError:
        report.add(
            "descriptor_wrong", DESCRIPTOR, column="sunshine.as_of", value=str(value), detail="YYYY-MM-DD"
        )
        return None


def _first_month(value: object, report: ReportBuilder) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12:
        return value
    report.add(
        "descriptor_wrong",
        DESCRIPTOR,
        column="sunshine.fiscal_year_first_month",
        value=str(value),
        detail="1–12",
    )
    return 1


def _control_totals(value: object, report: ReportBuilder) -> tuple[ControlTotal, ...]:
    totals: list[ControlTotal] = []
    for position, item in enumerate(value if isinstance(value, list) else [value]):
        place = f"sunshine.control_totals[{position}]"
        if not isinstance(item, dict) or (item.get("table"), item.get("column")) not in _TOTALS:
            report.add("descriptor_wrong", DESCRIPTOR, column=place, detail="table, column")
            continue
        year, fen = item.get("fiscal_year"), money_fen(str(item.get("total", "")))
        if (
            not isinstance(year, int)
            or isinstance(year, bool)
            or isinstance(fen, str)
            or isinstance(item.get("total"), float)
        ):
            report.add("descriptor_wrong", DESCRIPTOR, column=place, detail='fiscal_year, total: "123.45"')
            continue
        totals.append(ControlTotal(str(item["table"]), str(item["column"]), year, fen))
    return tuple(totals)
