"""`sunshine publish`: internal files in, a release out."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import rich_click as click

from publishing.build import Publication, Request
from publishing.build import publish as build_and_publish
from publishing.cli.options import home_option, json_option, print_json, refuse, rejects_option, steps
from publishing.errors import PublishingError
from publishing.home import Home
from publishing.intake import PackageRefused
from publishing.protect import default_policy, read_policy


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@home_option
@click.option("--stage", is_flag=True, help="Leave it a candidate; another person approves it.")
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Disclosure policy (TOML).",
)
@click.option(
    "--participation",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Ratings and cases, as `sunshine participation` writes them (CSV or Parquet).",
)
@click.option("--again", is_flag=True, help="Publish even if nothing changed since the current release.")
@click.option("--note", default="", help="What is new in this release, for its readers.")
@click.option(
    "--by", "maker", default=getpass.getuser, show_default="the user", help="Who makes the release."
)
@rejects_option
@json_option
def publish(
    source: Path,
    home: Path,
    stage: bool,
    policy_file: Path | None,
    participation: Path | None,
    again: bool,
    note: str,
    maker: str,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Build a release from a source package and move the pointer to it.

    Exit status 1: refused, with the reasons; the release before it is still served.
    """
    try:
        policy = read_policy(policy_file) if policy_file else default_policy()
        request = Request(
            source,
            Home(home),
            policy,
            maker,
            datetime.now(UTC),
            program_version(),
            note,
            stage,
            rejects,
            participation,
            refuse_same=not again,
        )
        made = build_and_publish(request, steps(quiet=as_json))
    except PackageRefused as refused:
        if as_json:
            print_json({"refused": True, "error": "PackageRefused", **refused.report.to_json()})
        else:
            click.echo(refused.report.to_text(), err=True)
        raise SystemExit(1) from None
    except PublishingError as error:
        refuse(error, as_json=as_json)
    _report(made, stage=stage, as_json=as_json)


def _report(made: Publication, *, stage: bool, as_json: bool) -> None:
    manifest = made.manifest
    if as_json:
        print_json(
            {
                "number": manifest.number,
                "id": manifest.id,
                "candidate": stage,
                "datasets": {table.name: table.rows for table in manifest.tables},
                "withheld_cells": made.withheld_cells,
                "attack": made.attack,
                "warnings": made.findings,
                "alerts": made.alerts,
            }
        )
        return
    word = "候选版本 candidate" if stage else "已发布 published: 版本 release"
    click.echo(f"{word} {manifest.number}  {manifest.id}")
    for table in manifest.tables:
        click.echo(f"  {table.name:<26} {table.rows:>10,} 行 rows")
    click.echo(
        f"依规不公开的单元格 withheld cells: {made.withheld_cells:,} · 攻击检验 attack: {made.attack} · 预警 alerts: {made.alerts:,}"
    )


def program_version() -> str:
    """The installed version, or `source` when run from a checkout."""
    try:
        return version("sunshine-portal")
    except PackageNotFoundError:
        return "source"
