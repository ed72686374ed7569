"""`sunshine check SOURCE`: read a source package, tell every broken rule, write nothing."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from publishing.cli.options import rejects_option
from publishing.intake import CheckReport, PackageRefused, SourcePackage, read_package
from publishing.intake.contracts import all_schemas_json
from publishing.intake.package import Progress as Notice


@click.command(name="check")
@click.argument("source", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@rejects_option
@click.option("--schemas", is_flag=True, help="Print the Table Schemas of all tables and stop.")
def check(source: Path | None, *, as_json: bool, rejects: Path | None, schemas: bool) -> None:
    """Validate the source package in the folder SOURCE and report every broken rule.

    Exit status: 0 accepted (warnings are findings, not mistakes), 1 refused, 2 wrong use.
    """
    if schemas:
        click.echo(all_schemas_json())
        return
    if source is None:
        message = "name the folder of a source package, or ask for --schemas"
        raise click.UsageError(message)
    with tempfile.TemporaryDirectory(prefix="sunshine-check-") as workdir:
        try:
            with progress_on_terminal() as progress:
                package = read_package(source, workdir=Path(workdir), rejects=rejects, progress=progress)
        except PackageRefused as refusal:
            _tell(refusal.report, None, as_json=as_json)
            sys.exit(1)
        except (OSError, MemoryError) as error:
            message = f"检查没有做完 the check could not be finished: {error or type(error).__name__}"
            click.echo(
                json.dumps({"accepted": False, "message": message}) if as_json else message, err=not as_json
            )
            sys.exit(1)
        _tell(package.report, package, as_json=as_json)


@contextmanager
def progress_on_terminal() -> Iterator[Notice | None]:
    """A moving line with the table and the rows read so far, if anybody is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} 行"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def notice(table: str, rows: int) -> None:
            if table not in tasks:
                tasks[table] = bar.add_task(table, total=None)
            bar.update(tasks[table], completed=rows)  # type: ignore[arg-type]  # TaskID is an int

        yield notice


def _tell(report: CheckReport, package: SourcePackage | None, *, as_json: bool) -> None:
    if as_json:
        about = {
            "digest": None if package is None else package.digest,
            "rows": {} if package is None else package.row_counts,
        }
        click.echo(json.dumps({**report.to_json(), **about}, ensure_ascii=False))
        return
    click.echo(report.to_text())
    if package is not None:
        click.echo(f"{sum(package.row_counts.values()):,} 行 rows, {package.digest}")
