"""`sunshine attack`: try to undo the protection of everything published so far."""

from __future__ import annotations

import sys
from pathlib import Path

import rich_click as click

from anonymize.attack import AttackReport
from publishing.cli.options import home_option, json_option, print_json, refuse
from publishing.errors import PublishingError
from publishing.home import Home
from publishing.past import past_releases
from publishing.protect import attack_releases, default_policy, read_policy


@click.command()
@home_option
@click.option(
    "--release",
    "number",
    type=click.IntRange(min=1),
    help="Attack the releases up to this one; default: all.",
)
@click.option(
    "--policy",
    "policy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Disclosure policy (TOML).",
)
@json_option
def attack(home: Path, number: int | None, policy_file: Path | None, as_json: bool) -> None:
    """Attack all public releases together, with linear programmes; exit status 1 if any protected cell is recovered."""
    try:
        policy = read_policy(policy_file) if policy_file else default_policy()
        past = [
            release for release in past_releases(Home(home)) if number is None or release.number <= number
        ]
        if not past:
            refuse(PublishingError(f"{home} holds no public release to attack"), as_json=as_json)
        reports = attack_releases(past, policy.policy)
    except PublishingError as error:
        refuse(error, as_json=as_json)
    exposed = sum(len(report.exposures) for report in reports.values())
    if as_json:
        print_json(
            {"releases": [release.number for release in past], "exposed": exposed, "measures": _rows(reports)}
        )
    else:
        _tell(reports, exposed)
    sys.exit(1 if exposed else 0)


def _rows(reports: dict[str, AttackReport]) -> dict[str, object]:
    return {
        measure: {
            "attacked": report.checked,
            "exposed": [
                {"cell": one.key, "low": one.low, "high": one.high, "recovered": one.recovered}
                for one in report.exposures
            ],
        }
        for measure, report in reports.items()
    }


def _tell(reports: dict[str, AttackReport], exposed: int) -> None:
    for measure, report in reports.items():
        click.echo(
            f"{measure:<10} 攻击 attacked {report.checked:>7,} 个单元格 cells · 推算出 exposed {len(report.exposures):,}"
        )
        for one in report.exposures:
            click.secho(f"  {one.key}: {one.low:,.0f} … {one.high:,.0f}", fg="red")
    click.secho(
        "没有一个受保护的数字能被推算出来。" if not exposed else f"{exposed} 个受保护的数字能被推算出来！",
        fg="green" if not exposed else "red",
    )
