"""`sunshine users`: accounts from the command line. There is no default account; the first administrator is made here."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from anonymize.text import scrub
from portal.cli_parts import REFUSED, ending, home_option, json_option, settings_of
from portal.writing.accounts import (
    AccountOut,
    account_id_of,
    create_account,
    disable,
    give,
    list_accounts,
    one_time_password,
)
from portal.writing.acting import VISITOR, Acting, Rules, Work
from portal.writing.clocks import china_day
from portal.writing.database import Database
from portal.writing.deadlines import Deadlines
from portal.writing.errors import WritingError
from portal.writing.inputs import AccountIn, GrantIn
from portal.writing.migrating import migrate
from portal.writing.models.words import GRANTABLE, ROLE_NAMES, Role
from portal.writing.recovery import clear_second_factor

ROLES = [role.value for role in GRANTABLE]
role_option = click.option("--role", type=click.Choice(ROLES), required=True, help="角色。")
clearance_option = click.option(
    "--clearance", type=click.IntRange(1, 12), default=1, show_default=True, help="密级，1 至 12。"
)
unit_option = click.option("--unit", help="只限这个预算单位（org_id）。")
region_option = click.option("--region", help="只限这个地区及其下级（region_code）。")
sector_option = click.option("--sector", help="只限这个领域（主管部门）。")


@click.group()
def users() -> None:
    """账户和授权。第一个管理员在这里建立；初始密码只显示一次。"""


@users.command()
@click.argument("login")
@click.option("--name", help="显示名称；默认与用户名相同。")
@role_option
@clearance_option
@unit_option
@region_option
@sector_option
@home_option
@json_option
def add(
    login: str,
    name: str | None,
    role: str,
    clearance: int,
    unit: str | None,
    region: str | None,
    sector: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """新建账户 LOGIN，授予一个角色，显示一次性密码。"""
    grant = GrantIn(role=Role(role), clearance=clearance, unit_id=unit, region_code=region, sector=sector)
    with _work(home) as work:
        account_id = create_account(work, AccountIn(login=login, display_name=name or login))
        give(work, account_id, grant)
        password = one_time_password(work, account_id)
    _report(
        {"id": account_id, "login": login.strip().casefold(), "one_time_password": password},
        f"已建立 {login}（{ROLE_NAMES[Role(role)]}）。一次性密码：{password}\n首次登录须更换；此后不再显示。",
        as_json=as_json,
    )


@users.command("list")
@home_option
@json_option
def list_(home: Path | None, as_json: bool) -> None:
    """列出账户和现行授权。"""
    with _work(home) as work:
        accounts = list_accounts(work.session, work.subject, is_system=True)
    _report([_plain(account) for account in accounts], "\n".join(map(_line, accounts)), as_json=as_json)


@users.command()
@click.argument("login")
@role_option
@clearance_option
@unit_option
@region_option
@sector_option
@home_option
def grant(
    login: str,
    role: str,
    clearance: int,
    unit: str | None,
    region: str | None,
    sector: str | None,
    home: Path | None,
) -> None:
    """给账户 LOGIN 再授予一个角色。"""
    wanted = GrantIn(role=Role(role), clearance=clearance, unit_id=unit, region_code=region, sector=sector)
    with _work(home) as work:
        give(work, account_id_of(work.session, login), wanted)
    click.echo(f"已授予 {login} {ROLE_NAMES[Role(role)]}。")


@users.command("disable")
@click.argument("login")
@home_option
def disable_(home: Path | None, login: str) -> None:
    """停用账户 LOGIN；它的所有会话和链接立即失效。"""
    with _work(home) as work:
        disable(work, account_id_of(work.session, login))
    click.echo(f"已停用 {login}。")


@users.command()
@click.argument("login")
@home_option
def reset(home: Path | None, login: str) -> None:
    """给账户 LOGIN 一个新的一次性密码；第二因素不受影响。"""
    with _work(home) as work:
        password = one_time_password(work, account_id_of(work.session, login))
    click.echo(f"{login} 的一次性密码：{password}")


@users.command("clear-factor")
@click.argument("login")
@home_option
def clear_factor(login: str, home: Path | None) -> None:
    """取消账户 LOGIN 丢失的第二因素（唯一的管理员丢了手机时用）；下次登录须重新设置，密码不变。"""
    with _work(home) as work:
        clear_second_factor(work, account_id_of(work.session, login))
    click.echo(f"{login} 的第二因素和恢复码已取消，下次登录时重新设置。")


@contextmanager
def _work(home: Path | None) -> Iterator[Work]:
    """One unit of work by the command line; what is refused ends the program with status 1."""
    settings = settings_of(home)
    with ending(REFUSED, WritingError):
        database = Database.at(settings.home, settings.database_url)
        migrate(database)
        now = datetime.now(UTC)
        today = settings.today or china_day(now)
        acting = Acting(VISITOR, now, today, request_id="command line", is_system=True)
        with database.writing() as session:
            yield Work(session, acting, Rules(Deadlines.read(), scrub, secrets.token_bytes))
        database.close()


def _report(document: object, text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1) if as_json else text)


def _plain(account: AccountOut) -> dict[str, object]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.display_name,
        "disabled": account.is_disabled,
        "second_factor": account.has_second_factor,
        "grants": [
            {
                "id": found.id,
                "role": found.held.role.value,
                "clearance": found.held.clearance,
                "unit": found.held.unit_id,
                "region": found.held.region_code,
                "sector": found.held.sector,
            }
            for found in account.grants
        ],
    }


def _line(account: AccountOut) -> str:
    grants = "；".join(
        " ".join(
            filter(
                None,
                (
                    ROLE_NAMES[found.held.role],
                    f"密级{found.held.clearance}",
                    found.held.unit_id,
                    found.held.region_code,
                    found.held.sector,
                ),
            )
        )
        for found in account.grants
    )
    return f"{account.login}{'（已停用）' if account.is_disabled else ''}\t{account.display_name}\t{grants}"
