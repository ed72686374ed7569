"""What a source package consists of, before any table is read: files by table, meta, control totals, geometry.

A folder with a `datapackage.json` is taken at its word; a bare folder is searched for files named after the
tables. Nothing outside the folder is ever opened: no URLs, no absolute paths, no `..`, no links that leave.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from publishing.intake import limits
from publishing.intake.contracts import TABLES
from publishing.intake.declared import DESCRIPTOR, ControlTotal, PackageMeta, read_declared
from publishing.intake.readers import SourceFile
from publishing.intake.report import ReportBuilder

GEOMETRY = "regions.geojson"
_DIGESTS = frozenset(("md5", "sha1", "sha256", "sha384", "sha512"))
_ENDINGS = (".csv", ".csv.gz", ".csv.zst", ".parquet")


@dataclass(frozen=True)
class Layout:
    """The files of a package by table, in reading order."""

    files: dict[str, SourceFile]
    meta: PackageMeta = field(default_factory=PackageMeta)
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
        meta, totals = read_declared(content, report)
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
        if finding.files and name not in finding.files and not table.younger:
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
        if len(listed) > 1:
            report.add("several_parts", DESCRIPTOR, column=name, value=", ".join(map(str, listed)))
            continue
        _resource_file(source, str(listed[0]), resource, finding, report)


def _dialect(resource: dict[str, Any], place: str, report: ReportBuilder) -> None:
    schema = resource.get("schema")
    empty = schema.get("missingValues", [""]) if isinstance(schema, dict) else [""]
    if empty != [""]:
        report.add("unsupported_dialect", DESCRIPTOR, column=place, value=str(empty), detail="missingValues")
    dialect = resource.get("dialect")
    if not isinstance(dialect, dict):
        return
    wanted = {"delimiter": ",", "quoteChar": '"', "header": True, "doubleQuote": True}
    for key, value in wanted.items():
        if dialect.get(key, value) != value:
            report.add("unsupported_dialect", DESCRIPTOR, column=place, value=str(dialect[key]), detail=key)


def _resource_file(
    source: Path, path: str, resource: dict[str, Any], finding: _Finding, report: ReportBuilder
) -> None:
    name, pure = str(resource["name"]), PurePosixPath(path)
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
    encoding = resource.get("encoding")
    finding.files[name] = SourceFile(name, file, path, encoding if isinstance(encoding, str) else "")
    _compare(file, path, resource, report)


def _compare(file: Path, path: str, resource: dict[str, Any], report: ReportBuilder) -> None:
    """A file is as long as the descriptor says, and has the digest it names."""
    size, found = resource.get("bytes"), file.stat().st_size
    if size is not None and size != found:
        report.add("file_differs", path, column="bytes", value=str(size), detail=f"{found:,} 字节 (bytes)")
        return
    said = resource.get("hash")
    if said is None:
        return
    algorithm, _, digest = str(said).rpartition(":")
    algorithm = (
        algorithm.lower().replace("-", "") or "md5"
    )  # what the standard says of a digest without a name
    if algorithm not in _DIGESTS:
        report.add("digest_unknown", DESCRIPTOR, column=f"{path}: hash", value=str(said))
        return
    with file.open("rb") as stream:
        is_it = hashlib.file_digest(stream, algorithm).hexdigest() == digest.strip().lower()
    if not is_it:
        report.add("file_differs", path, column="hash", value=str(said))
