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
