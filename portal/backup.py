"""One file that holds a whole home: both release stores, the keys, the search index and the database.

The database is copied by SQLite's own online backup, so a backup may be made while people write. The stores are copied
as they are: their files never change once written. What moves, the pointer and the signed head of the log, is taken
first, so everything that it points to is there when its turn comes; the database comes last, so it holds every anchor.
Beside every file stands its SHA-256; `restore` writes into an empty place only, checks every file, and then the signed
logs and the operation log against each other.

A database that is no file of the home (PostgreSQL) is saved as lines of text, see `backup_rows`, and restored into an
empty one.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from portal.backup_rows import RowsRefused, refuse_unless_empty, restore_rows, save_rows
from portal.web.desk_log import anchors_of
from portal.writing.audit import verify_log
from portal.writing.database import Database
from portal.writing.errors import LogBroken
from publishing.errors import PublishingError
from publishing.home import Home
from publishing.release.reader import open_release

FOLDERS = ("keys", "internal", "public", "search", "queries", "api-keys")
DATABASE = "sunshine.db"
ROWS = "database.jsonl"
LIST = "backup.json"
FORMAT = "sunshine-backup-1"
MOVING = ("current", "log/checkpoint")
"""What moves in a store; taken before everything that it may point to."""


class BackupRefused(Exception):
    """A backup cannot be made or restored; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    files: int
    octets: int
    has_database: bool


def back_up(home: Path, target: Path, at: datetime, other: Database | None = None) -> Saved:
    """Write the whole home into one file, which appears under its name only when it is complete.

    `other` is the database when it is not the one in the home.
    Raises: BackupRefused when the file is there already, or the home is none.
    """
    if target.exists():
        raise BackupRefused(f"{target} 已经存在；请换一个文件名，旧的备份不会被覆盖。")
    if not (home / "public").is_dir():
        raise BackupRefused(f"{home} 里没有 public/，不是一个数据目录；请用 --home 指明。")
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    digests: dict[str, str] = {}
    octets = 0
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w|") as archive:
            for name, path in _files(home):
                with suppress(FileNotFoundError):  # a draft of somebody who writes just now
                    digests[name] = _add(archive, name, path)
                    octets += path.stat().st_size
            if other is not None:
                digests[ROWS] = _add_rows(archive, other, target.parent)
            elif (home / DATABASE).exists():
                digests[DATABASE] = _add_database(archive, home / DATABASE)
            listed = {"format": FORMAT, "made_at": at.isoformat(), "files": digests}
            _add_bytes(archive, LIST, json.dumps(listed, indent=1).encode())
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return Saved(len(digests), octets, not digests.keys().isdisjoint((DATABASE, ROWS)))


def _files(home: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the folders, what moves first."""
    for folder in FOLDERS:
        found = sorted(
            path for path in (home / folder).rglob("*") if path.is_file() and not path.is_symlink()
        )
        moving = [path for path in found if path.relative_to(home / folder).as_posix() in MOVING]
        for path in [*moving, *(path for path in found if path not in moving)]:
            yield path.relative_to(home).as_posix(), path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """A file as it is now; small ones that may be replaced meanwhile are read once and written from memory."""
    info = archive.gettarinfo(path, name)
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        archive.addfile(info, file)
    return digest


def _add_database(archive: tarfile.TarFile, path: Path) -> str:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        source, target = sqlite3.connect(path), sqlite3.connect(copy)
        try:
            source.backup(target, pages=2_000)
        finally:
            target.close()
            source.close()
        copy.chmod(0o600)
        return _add(archive, DATABASE, copy)


def _add_rows(archive: tarfile.TarFile, database: Database, near: Path) -> str:
    with tempfile.TemporaryDirectory(dir=near, prefix=".backup-") as folder:
        path = Path(folder) / ROWS
        save_rows(database, path)
        path.chmod(0o600)
        return _add(archive, ROWS, path)


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def restore(source: Path, home: Path, other: Database | None = None) -> Saved:
    """Put a backup into an empty place, and check all of it.

    `other` is the database to restore into when it is not to be the one in the home.
    Raises: BackupRefused when something is there already, or when the file is damaged or no backup.
    """
    if home.exists() and any(home.iterdir()):
        raise BackupRefused(f"{home} 不是空的；恢复不会覆盖任何东西。请指定一个空目录。")
    if other is not None:
        _in_our_words(lambda: refuse_unless_empty(other))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    digests: dict[str, str] = {}
    octets = 0
    try:
        with tarfile.open(source, "r|") as archive:
            listed: dict[str, str] = {}
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None:
                    raise BackupRefused(f"{source} 里有不该有的条目 {member.name}，没有采用。")
                if member.name == LIST:
                    listed = _listed(source, content.read())
                    continue
                digests[member.name] = _put(home, member, content)
                octets += member.size
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupRefused(f"{source} 不是完整的备份：{error}") from error
    if not listed or digests != listed:
        wrong = sorted(set(listed.items()) ^ set(digests.items()))
        named = wrong[0][0] if wrong else LIST
        raise BackupRefused(f"{source} 已损坏：{named} 与清单不符。{home} 里的内容不要使用。")
    _open_database(home, digests, other)
    return Saved(len(digests), octets, not digests.keys().isdisjoint((DATABASE, ROWS)))


def _open_database(home: Path, digests: Mapping[str, str], other: Database | None) -> None:
    """Put saved rows where they belong, then check everything."""
    if other is not None and DATABASE in digests:
        raise BackupRefused(
            "备份里是 SQLite 数据库，而 SUNSHINE_DATABASE_URL 指向另一个数据库。请先去掉这项设置再恢复。"
        )
    database = other or Database.at(home)
    try:
        if ROWS in digests:
            _in_our_words(lambda: restore_rows(database, home / ROWS))
            (home / ROWS).unlink()
        _verify(home, database if ROWS in digests or DATABASE in digests else None)
    finally:
        if other is None:
            database.close()


def _in_our_words(act: Callable[[], None]) -> None:
    try:
        act()
    except RowsRefused as error:
        raise BackupRefused(str(error)) from error


def _listed(source: Path, content: bytes) -> dict[str, str]:
    try:
        found = json.loads(content)
        if found["format"] != FORMAT:
            raise BackupRefused(f"{source} 是别的版本的备份（{found['format']}）。")
        return {str(name): str(digest) for name, digest in found["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupRefused(f"{source} 的清单读不出来。") from error


def _put(home: Path, member: tarfile.TarInfo, content: IO[bytes]) -> str:
    """One file, inside the home and nowhere else, written through to the disk."""
    name = PurePosixPath(member.name)
    is_ours = name.parts and (name.parts[0] in FOLDERS or member.name in (DATABASE, ROWS))
    if name.is_absolute() or ".." in name.parts or not is_ours:
        raise BackupRefused(f"备份里的 {member.name} 不在数据目录之内，没有采用。")
    path = home.joinpath(*name.parts)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    is_secret = name.parts[0] == "keys" and path.suffix != ".pub"
    mode = 0o600 if is_secret or member.name in (DATABASE, ROWS) else member.mode & 0o755
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        while piece := content.read(1 << 20):
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _verify(home: Path, database: Database | None) -> None:
    """The stores against their signed logs, every byte; the operation log against its anchors."""
    stores = Home(home)
    try:
        for store in (stores.public, stores.internal):
            if store.numbers():
                open_release(store, check_all=True)
        anchors = anchors_of(stores.public)
    except PublishingError as error:
        raise BackupRefused(f"恢复出来的发布没有通过核验：{error}") from error
    if database is None:
        return
    try:
        with database.reading() as session:
            verify_log(session, anchors)
    except LogBroken as error:
        raise BackupRefused(f"恢复出来的操作日志没有通过核验：{error}") from error
