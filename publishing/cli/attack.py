"""`sunshine attack`: try to undo the protection of everything published so far."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from anonymize.attack import AttackReport
from anonymize.policy import Policy
from publishing.cli.options import home_option, json_option, print_json, refuse, steps
from publishing.errors import PublishingError
from publishing.home import Home
from publishing.past import certificates_of, past_releases
from publishing.protect import PastRelease, attack_releases, default_policy, read_policy
from publishing.protect.reattack import PayeeAttack, attack_as_payees, merge_list
from publishing.release.reader import open_release


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
@click.option(
    "payees_too",
    "--payees/--no-payees",
    default=True,
    help="Attack as every single payee as well (default). Where the internal store holds no certificate that still proves "
    "the cells safe, this can take an hour.",
)
@json_option
def attack(home: Path, number: int | None, policy_file: Path | None, payees_too: bool, as_json: bool) -> None:
    """Attack all public releases together, with linear programmes, as an outsider and as every single payee.

    Exit status 1 if an outsider recovers a protected cell, or a payee one that is not on the published merge list.
    """
    try:
        policy = read_policy(policy_file) if policy_file else default_policy()
        past = [
            release for release in past_releases(Home(home)) if number is None or release.number <= number
        ]
        if not past:
            refuse(PublishingError(f"{home} holds no public release to attack"), as_json=as_json)
        reports = attack_releases(past, policy.policy)
        payees = _as_payees(Home(home), past, policy.policy, quiet=as_json) if payees_too else {}
    except PublishingError as error:
        refuse(error, as_json=as_json)
    exposed = sum(len(report.exposures) for report in reports.values())
    exposed += sum(len(one.exposures) for one in payees.values())
    if as_json:
        print_json(
            {
                "releases": [release.number for release in past],
                "exposed": exposed,
                "measures": _rows(reports),
                "as_payees": _payee_rows(payees),
            }
        )
    else:
        _tell(reports, payees, exposed)
    sys.exit(1 if exposed else 0)


def _as_payees(
    home: Home, past: Sequence[PastRelease], policy: Policy, *, quiet: bool
) -> dict[str, PayeeAttack]:
    step = steps(quiet=quiet)
    listed = [
        merge_list(open_release(home.public, release.number, withdrawn_too=True).document("disclosure.json"))
        for release in past
    ]
    found = {}
    step("attacking as every single payee")
    certificates = certificates_of(home, past[-1].number)
    for measure, outcome in attack_as_payees(past, policy, frozenset[str]().union(*listed), certificates):
        step(f"payees have attacked {measure}")
        found[measure] = outcome
    return found


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


def _payee_rows(payees: dict[str, PayeeAttack]) -> dict[str, object]:
    return {
        measure: {
            "payees": one.payees,
            "attempts": one.attempts,
            "certified": one.certified,
            "on_merge_list": one.named,
            "exposed": [{"cell": found.key, "by": found.insider} for found in one.exposures],
        }
        for measure, one in payees.items()
    }


def _tell(reports: dict[str, AttackReport], payees: dict[str, PayeeAttack], exposed: int) -> None:
    for measure, report in reports.items():
        click.echo(
            f"{measure:<10} 攻击 attacked {report.checked:>7,} 个单元格 cells · 推算出 exposed {len(report.exposures):,}"
        )
        for one in report.exposures:
            click.secho(f"  {one.key}: {one.low:,.0f} … {one.high:,.0f}", fg="red")
    for measure, outcome in payees.items():
        click.echo(
            f"{measure:<10} {outcome.payees:,} 个收款人 payees 各自攻击 · {outcome.attempts:,} 次 attempts，"
            f"其中有证书 certified {outcome.certified:,} · "
            f"推算出 exposed {len(outcome.exposures):,} · 已列入合并清单 on the merge list {outcome.named:,}"
        )
        for found in outcome.exposures:
            click.secho(f"  {found.key}", fg="red")
    click.secho(
        "没有一个受保护的数字能被推算出来。" if not exposed else f"{exposed} 个受保护的数字能被推算出来！",
        fg="green" if not exposed else "red",
    )
