"""`sunshine import --mapping M.toml FILES... --out DIR`: foreign files to a source package."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rich_click as click

from publishing.errors import MappingError
from publishing.intake.mapping import ImportReport, import_files, read_mapping


@click.command(name="import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--mapping",
    "mapping_file",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The TOML file that says how foreign columns become tables.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the new source package.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_(files: tuple[Path, ...], *, mapping_file: Path, out: Path, as_json: bool) -> None:
    """Turn foreign FILES (CSV, JSON, NDJSON, XLSX, Parquet) into a source package, and say what could not be placed.

    How a mapping is written: docs/mapping.md.

    Exit status: 0 written, 1 refused with nothing written, 2 wrong use. `sunshine check DIR` then tells whether the
    package may be published.
    """
    try:
        report = import_files(read_mapping(mapping_file), files, out)
    except MappingError as error:
        if as_json:
            click.echo(json.dumps({"refused": True, "message": str(error)}, ensure_ascii=False))
        else:
            click.secho(f"未导入 refused, nothing was written: {error}", fg="red", err=True)
        sys.exit(1)
    click.echo(json.dumps(report.to_json(), ensure_ascii=False) if as_json else _told(report))


def _told(report: ImportReport) -> str:
    lines = [f"{file}: {count:,} 条记录 records" for file, count in report.records.items()]
    lines += [f"  {table:14} {count:>10,} 行 rows" for table, count in report.rows.items() if count]
    changes = report.changes
    for title, counter in (
        ("四舍六入到最小单位 rounded to the minor unit", changes.roundings),
        ("抬到下限 lifted to a bound", changes.bounded),
        ("截短 shortened", changes.clipped),
        ("清除不可见字符 cleaned of unprintable characters", changes.cleaned),
        ("用了默认值 filled with a default", changes.defaults),
    ):
        if counter:
            lines.append(
                f"{title}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(counter.items()))
            )
    for name, numbered in changes.numbered.items():
        lines.append(
            f"新编号 numbered by [map.{name}]: "
            + ", ".join(f"{value} → {code}" for value, code in numbered.items())
        )
    if changes.unmapped:
        shown = ", ".join(f"{value} ({count:,})" for value, count in changes.unmapped.most_common(10))
        lines.append(f"不在代码表 not in its code map: {shown}")
    if report.left_out:
        lines.append("没有放入 left out:")
        for place, reason, count, examples in report.left_out:
            lines.append(
                f"  {count:>10,}  {place}: {reason}" + (f"  e.g. {'; '.join(examples)}" if examples else "")
            )
    if report.unused_fields:
        shown = ", ".join(f"{name} ({count:,})" for _, name, count in report.unused_fields)
        lines.append(f"没有用到的字段 fields that no rule looks at: {shown}")
    if report.unused_files:
        lines.append(f"没有用到的文件 files that no source asks for: {', '.join(report.unused_files)}")
    if report.without_rows:
        lines.append(
            f"必需的表没有行 required tables without rows: {', '.join(report.without_rows)}  "
            "(a [[table]] with distinct = true makes one from the columns of another)"
        )
    lines.append(f"写好了 written: {report.out}   下一步 next: sunshine check {report.out}")
    return "\n".join(lines)
