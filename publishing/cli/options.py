"""Options that several commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import rich_click as click
from rich.console import Console

from publishing.errors import PublishingError

Command = TypeVar("Command", bound=Callable[..., Any])


def home_option(command: Command) -> Command:
    """`--home DIR`, else SUNSHINE_HOME, else var/."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: Path(os.environ.get("SUNSHINE_HOME", "var")),
        show_default="SUNSHINE_HOME, else var/",
        help="Where releases, keys and the index are kept.",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`: one JSON object on standard output, nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")(command)


def rejects_option(command: Command) -> Command:
    """`--rejects FILE`: every broken rule, as Parquet or CSV by the name of the file."""
    return click.option(
        "--rejects",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=_table_file,
        help="Write every broken rule to this file (.parquet or .csv).",
    )(command)


def _table_file(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in {".csv", ".parquet"}:
        raise click.BadParameter(f"{path.name}: the name must end in .parquet or .csv")
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}")
    return path


def print_json(value: Any) -> None:
    """Print one JSON value for another program."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def refuse(error: PublishingError, *, as_json: bool) -> NoReturn:
    """Say why nothing was done, and leave with exit status 1."""
    if as_json:
        print_json({"refused": True, "error": type(error).__name__, "message": str(error)})
    else:
        click.secho(f"未执行 refused: {error}", fg="red", err=True)
    sys.exit(1)


def steps(*, quiet: bool) -> Callable[[str], None]:
    """A progress line per step on a terminal; silent otherwise."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        return lambda _step: None
    return lambda step: console.print(f"[dim]· {step} …[/dim]")
