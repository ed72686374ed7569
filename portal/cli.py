"""The `sunshine` command: commands that serve live here, those that publish come from `publishing.cli`.

They are looked up when they are asked for, so that serving never loads what makes releases.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

import rich_click as click

from portal.cli_parts import WRONG_USE, ending, home_option, json_option, settings_of
from portal.settings import SETTINGS, SURFACES, SettingRefused
from portal.surfaces import refuse_unguarded


class Sunshine(click.RichGroup):
    """A group whose publishing commands are loaded on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return sorted(
            {*super().list_commands(ctx), *(command.name or "" for command in _publishing_commands())}
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        found = super().get_command(ctx, cmd_name) or _of_any_table(cmd_name)
        if found is not None:
            return found
        return next((command for command in _publishing_commands() if command.name == cmd_name), None)


def _of_any_table(name: str) -> click.Command | None:
    """The commands that need no release: loading the others would take longer than what they do."""
    if name == "protect":
        from publishing.cli.protect import protect  # noqa: PLC0415 - serving must not load what makes releases

        return protect
    if name == "scrub":
        from publishing.cli.scrub import scrub  # noqa: PLC0415 - likewise

        return scrub
    return None


def _publishing_commands() -> tuple[click.Command, ...]:
    from portal.cli_ask import ask  # noqa: PLC0415 - serving must not load what makes releases
    from portal.cli_backup import backup, restore  # noqa: PLC0415 - likewise
    from portal.cli_demo import demo  # noqa: PLC0415 - likewise
    from portal.cli_participation import participation  # noqa: PLC0415 - the public surface needs no database
    from portal.cli_users import users  # noqa: PLC0415 - likewise
    from publishing.cli.commands import COMMANDS  # noqa: PLC0415 - likewise

    return (*COMMANDS, ask, backup, demo, participation, restore, users)


SETTINGS_HELP = "设置（环境变量）：\n\n" + "\n\n".join(
    f"{setting.name}（默认 {setting.default or '空'}）：{setting.help}" for setting in SETTINGS
)


@click.group(cls=Sunshine, epilog=SETTINGS_HELP)
@click.version_option(package_name="sunshine-portal", prog_name="sunshine")
def main() -> None:
    """阳光财政 Sunshine：把财政执行数据变成任何人都能查、能用、能核验的公开发布。"""


@main.command()
@home_option
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址。")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="监听的端口。")
@click.option(
    "--surface", type=click.Choice(SURFACES), default="public", show_default=True, help="提供哪一面。"
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="进程数。")
def serve(home: Path | None, host: str, port: int, surface: str, workers: int) -> None:
    """提供网站和接口；新的发布出现后自动换上，不必重启。"""
    import uvicorn  # noqa: PLC0415 - only this command needs it

    from portal.web.protocol import DoorProtocol  # noqa: PLC0415 - likewise

    os.environ["SUNSHINE_SURFACE"] = surface
    os.environ.setdefault("SUNSHINE_BASE_URL", f"http://{'[' + host + ']' if ':' in host else host}:{port}")
    settings = settings_of(home)
    with ending(WRONG_USE, SettingRefused):
        refuse_unguarded(settings, settings.surface, host)
    _allow_many_connections()
    click.echo(f"阳光财政 http://{host}:{port}  数据目录 {settings.home}", err=True)
    uvicorn.run(
        "portal.app:from_environment",
        factory=True,
        http=DoorProtocol,
        timeout_worker_healthcheck=60,  # opening a large release on a busy machine takes longer than uvicorn's 5 s
        host=host,
        port=port,
        workers=workers,
        proxy_headers=False,
        server_header=False,
        date_header=True,
        access_log=False,
        log_level="warning",
        timeout_keep_alive=20,
    )


def _allow_many_connections() -> None:
    """Every open connection takes a file; the usual soft limit of 1,024 is soon reached by idle ones."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@main.command()
@home_option
@json_option
def doctor(home: Path | None, as_json: bool) -> None:
    """检查运行条件：设置、发布库、模板、字体和剩余空间。"""
    from portal.reading.checkup import examine  # noqa: PLC0415 - opens the release store

    findings = examine(settings_of(home))
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.is_well else '✗'} {finding.subject}：{finding.detail}")
    sys.exit(0 if all(finding.is_well for finding in findings) else 1)


if __name__ == "__main__":
    main()
