"""What the commands of the portal share: where the home is, the settings, and how a refusal ends the program.

Loads nothing of the database, because `sunshine serve` uses it for the public surface too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import rich_click as click

from portal.settings import SettingRefused, Settings

REFUSED, WRONG_USE = 1, 2

home_option = click.option(
    "--home", type=click.Path(path_type=Path), help="数据目录；默认 SUNSHINE_HOME，否则 var/。"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


def settings_of(home: Path | None) -> Settings:
    """The settings, with `--home` where it is given; one that cannot be used ends the program with status 2."""
    if home is not None:
        os.environ["SUNSHINE_HOME"] = str(home)  # for the processes that are started from here, too
    with ending(WRONG_USE, SettingRefused):
        return Settings.read()


@contextmanager
def ending(status: int, *refusals: type[Exception]) -> Iterator[None]:
    """Say what was refused, and end the program with the status."""
    try:
        yield
    except refusals as error:
        click.echo(str(error), err=True)
        sys.exit(status)
