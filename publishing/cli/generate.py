"""`sunshine generate`: a synthetic source package of a fictional province."""

from __future__ import annotations

import datetime as dt
import json
import re
import sys
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from publishing.synthetic import GenerationRefused, GenerationSummary
from publishing.synthetic import generate as write_package
from publishing.synthetic.package import FileFormat

DEFAULT_PAYMENTS = 200_000
DEFAULT_YEARS = "2021-2026"
DEFAULT_AS_OF = "2026-10-31"


class _Years(click.ParamType[tuple[int, int]]):
    """FIRST-LAST, or a single year."""

    name = "FIRST-LAST"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", value.strip())
        if match is None:
            self.fail(f"{value!r} is not FIRST-LAST, for example 2023-2026", param, ctx)
        return int(match[1]), int(match[2] or match[1])


@click.command("generate")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the package; made if missing.",
)
@click.option(
    "--payments",
    default=DEFAULT_PAYMENTS,
    show_default=True,
    help="Payments recorded by 31 October of the last year.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(min=0),
    help="Another seed is another world on the same map.",
)
@click.option(
    "--years", default=DEFAULT_YEARS, show_default=True, type=_Years(), help="Fiscal years, FIRST-LAST."
)
@click.option(
    "--as-of", "as_of", default=DEFAULT_AS_OF, show_default=True, type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the hand-over. A later day gives the same world and what happened since.",
)  # fmt: skip
@click.option(
    "--format",
    "file_format",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "parquet"]),
    help="Format of the tables.",
)
@click.option(
    "--truth",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the planted anomalies to this JSON file.",
)
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object.")
def generate(
    *,
    out: Path,
    payments: int,
    seed: int,
    years: tuple[int, int],
    as_of: dt.datetime,
    file_format: FileFormat,
    truth: Path | None,
    as_json: bool,
) -> None:
    """Write a synthetic source package of a fictional province: any size, the same arguments give the same bytes."""
    columns = (TextColumn("{task.description}"), *Progress.get_default_columns()[1:3], TimeElapsedColumn())
    console = Console(stderr=True)
    try:
        with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
            task = bar.add_task("payments", total=None)
            summary = write_package(
                out,
                payments=payments,
                seed=seed,
                years=years,
                as_of=as_of.date(),
                file_format=file_format,
                truth=truth,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except GenerationRefused as refusal:
        raise click.UsageError(str(refusal)) from refusal
    click.echo(json.dumps(_report(summary), ensure_ascii=False) if as_json else _words(summary))


def _report(summary: GenerationSummary) -> dict[str, object]:
    return {
        "out": str(summary.out),
        "as_of": summary.as_of.isoformat(),
        "rows": summary.rows,
        "anomalies": summary.anomalies,
    }


def _words(summary: GenerationSummary) -> str:
    width = max(len(name) for name in summary.rows)
    rows = "\n".join(f"  {name:<{width}}  {count:>12,}" for name, count in summary.rows.items())
    return (
        f"{summary.out}: as of {summary.as_of}\n{rows}\nplanted anomalies: {sum(summary.anomalies.values())}"
    )
