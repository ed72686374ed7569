"""`sunshine backup FILE` and `sunshine restore FILE`: the whole home in one file, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from portal.backup import BackupRefused, Saved, back_up
from portal.backup import restore as restore_home
from portal.cli_parts import REFUSED, ending, home_option, json_option, settings_of
from portal.settings import Settings
from portal.writing.database import Database
from portal.writing.errors import DatabaseBusy


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
@json_option
def backup(file: Path, home: Path | None, as_json: bool) -> None:
    """把整个数据目录（发布、密钥、索引、短链接、接口密钥和业务数据库）存成一个文件 FILE；服务不必停。

    业务数据库在 PostgreSQL 时，各表的内容逐行存入，不需要 pg_dump。
    """
    settings = settings_of(home)
    with ending(REFUSED, BackupRefused, DatabaseBusy), _other(settings) as other:
        saved = back_up(settings.home, file, datetime.now(UTC), other)
    _report(saved, f"已备份到 {file}", as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@home_option
@json_option
def restore(file: Path, home: Path | None, as_json: bool) -> None:
    """把备份 FILE 恢复到一个空的数据目录（和一个空的数据库），并核验每一个文件、签名日志和操作日志。绝不覆盖。"""
    settings = settings_of(home)
    with ending(REFUSED, BackupRefused, DatabaseBusy), _other(settings) as other:
        saved = restore_home(file, settings.home, other)
    _report(saved, f"已恢复到 {settings.home}，全部通过核验", as_json=as_json)


@contextmanager
def _other(settings: Settings) -> Iterator[Database | None]:
    """The database that is no file of the home, where the settings name one."""
    if not settings.database_url:
        yield None
        return
    database = Database.at(settings.home, settings.database_url)
    try:
        yield database
    finally:
        database.close()


def _report(saved: Saved, words: str, *, as_json: bool) -> None:
    if as_json:
        document = {"files": saved.files, "octets": saved.octets, "database": saved.has_database}
        click.echo(json.dumps(document))
        return
    kept = "含数据库" if saved.has_database else "没有数据库"
    click.echo(f"{words}：{saved.files:,} 个文件，{saved.octets / 1e6:,.1f} MB，{kept}。")
