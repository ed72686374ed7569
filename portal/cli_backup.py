"""`sunshine backup FILE` and `sunshine restore FILE`: the whole home in one file, and back."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from portal.backup import BackupRefused, Saved, back_up
from portal.backup import restore as restore_home
from portal.settings import SettingRefused, Settings

home_option = click.option(
    "--home", type=click.Path(path_type=Path), help="数据目录；默认 SUNSHINE_HOME，否则 var/。"
)
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON。")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
@json_option
def backup(file: Path, home: Path | None, as_json: bool) -> None:
    """把整个数据目录（发布、密钥、索引、SQLite 数据库）存成一个文件 FILE；服务不必停。"""
    settings = _settings(home)

    def save() -> Saved:
        return back_up(settings.home, file, datetime.now(UTC), has_other_database=bool(settings.database_url))

    saved = _done(save)
    _report(saved, f"已备份到 {file}", as_json=as_json)
    if settings.database_url:
        click.echo("注意：SUNSHINE_DATABASE_URL 指向的数据库不在其中，请用它自己的工具同时备份。", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@home_option
@json_option
def restore(file: Path, home: Path | None, as_json: bool) -> None:
    """把备份 FILE 恢复到一个空的数据目录，并核验每一个文件、签名日志和操作日志。绝不覆盖。"""
    settings = _settings(home)
    saved = _done(lambda: restore_home(file, settings.home))
    _report(saved, f"已恢复到 {settings.home}，全部通过核验", as_json=as_json)


def _settings(home: Path | None) -> Settings:
    if home is not None:
        os.environ["SUNSHINE_HOME"] = str(home)
    try:
        return Settings.read()
    except SettingRefused as error:
        click.echo(str(error), err=True)
        sys.exit(2)


def _done(act: Callable[[], Saved]) -> Saved:
    try:
        return act()
    except BackupRefused as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def _report(saved: Saved, words: str, *, as_json: bool) -> None:
    if as_json:
        document = {"files": saved.files, "octets": saved.octets, "database": saved.has_database}
        click.echo(json.dumps(document))
        return
    kept = "含数据库" if saved.has_database else "没有数据库"
    click.echo(f"{words}：{saved.files:,} 个文件，{saved.octets / 1e6:,.1f} MB，{kept}。")
