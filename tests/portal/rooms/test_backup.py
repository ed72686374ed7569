from __future__ import annotations

import itertools
import json
import shutil
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.backup import ROWS, BackupRefused, back_up, restore
from portal.backup_rows import RowsRefused, restore_rows, save_rows
from portal.cli import main
from portal.writing.audit import read_head
from portal.writing.database import Database
from portal.writing.migrating import migrate
from portal.writing.models import Base
from publishing.home import Home
from tests.builders.postgresql import Server
from tests.builders.rooms import House, build_house

_NUMBERS = itertools.count(1)


def _other(house: House) -> Database | None:
    """The house's database when it is no file of the home."""
    return None if house.room.database.is_sqlite else house.room.database


def _empty_database(request: pytest.FixtureRequest, house: House) -> str:
    """Where the copy goes: a fresh database beside the house's own; nothing for the file in the home."""
    if house.room.database.is_sqlite:
        return ""
    server: Server = request.getfixturevalue("postgresql_server")
    return server.new_database(f"sunshine_restored_{next(_NUMBERS)}")


def _url(house: House) -> str:
    return house.room.settings.database_url


def _run(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"SUNSHINE_DATABASE_URL": database_url})


def test_everything_comes_back_as_it_was(
    house: House, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    house.sign_in("citizen")
    home, file = house.room.settings.home, tmp_path / "all.tar"
    for folder in ("queries", "api-keys"):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / "0123abcd").write_text("{}")
    made = _run(_url(house), "backup", str(file), "--home", str(home), "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["database"] is True
    assert file.stat().st_mode & 0o077 == 0
    other, url = tmp_path / "other", _empty_database(request, house)
    back = _run(url, "restore", str(file), "--home", str(other))
    assert back.exit_code == 0, back.output
    for folder in ("public", "internal", "keys", "queries", "api-keys"):
        assert _contents(other / folder) == _contents(home / folder)
    again = build_house(other, SUNSHINE_DATABASE_URL=url)
    with house.room.database.reading() as before, again.room.database.reading() as after:
        assert read_head(after) == read_head(before)
        for table in Base.metadata.sorted_tables:
            rows = [
                sorted(map(repr, session.connection().execute(table.select()))) for session in (before, after)
            ]
            assert rows[0] == rows[1], table.name
    again.clock.now = house.clock.now
    assert again.sign_in("finance").get("/desk").status_code == 200  # new rows get ids of their own
    assert Home(other).public.numbers() == Home(home).public.numbers()
    again.room.database.close()
    assert not (other / ROWS).exists()


def test_a_backup_of_postgresql_can_be_restored_into_a_file(postgresql_house: House, tmp_path: Path) -> None:
    house = postgresql_house
    home, file, other = house.room.settings.home, tmp_path / "all.tar", tmp_path / "other"
    assert _run(_url(house), "backup", str(file), "--home", str(home)).exit_code == 0
    back = _run("", "restore", str(file), "--home", str(other))
    assert back.exit_code == 0, back.output
    again = build_house(other)
    again.clock.now = house.clock.now
    assert again.sign_in("citizen").get("/account").status_code == 200
    again.room.database.close()


def test_a_database_that_holds_anything_is_not_restored_into(house: House, tmp_path: Path) -> None:
    file, other = tmp_path / "all.tar", _other(house)
    back_up(house.room.settings.home, file, house.clock.now, other)
    if other is None:
        other = Database.at(tmp_path / "elsewhere")
        migrate(other)
    with pytest.raises(BackupRefused, match="不是空的"):
        restore(file, tmp_path / "fresh", other)
    assert not (tmp_path / "fresh").exists()


def test_saved_rows_of_another_state_of_the_tables_or_damaged_ones_are_refused(tmp_path: Path) -> None:
    made = Database.at(tmp_path / "made")
    migrate(made)
    path, other = tmp_path / "rows", tmp_path / "other.jsonl"
    save_rows(made, path)
    made.close()
    header, *rest = path.read_text().splitlines(keepends=True)
    for number, text in enumerate(
        (
            header.replace("0002", "9999") + "".join(rest),
            "".join(rest),
            header + '{"table":"nothing","columns":[]}\n',
            header + rest[0] + "[1]\n",
            header + "[",
            "",
        )
    ):
        other.write_text(text)
        target = Database.at(tmp_path / f"target-{number}")
        with pytest.raises(RowsRefused):
            restore_rows(target, other)
        target.close()


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_nothing_is_ever_overwritten(house: House, tmp_path: Path) -> None:
    home, file = house.room.settings.home, tmp_path / "all.tar"
    back_up(home, file, house.clock.now, _other(house))
    with pytest.raises(BackupRefused, match="已经存在"):
        back_up(home, file, house.clock.now, _other(house))
    with pytest.raises(BackupRefused, match="不是空的"):
        restore(file, home)
    with pytest.raises(BackupRefused, match="不是一个数据目录"):
        back_up(tmp_path / "nowhere", tmp_path / "b.tar", house.clock.now)
    assert list(tmp_path.glob(".*.new")) == []


def test_a_damaged_backup_is_refused_wherever_it_is_damaged(filed_house: House, tmp_path: Path) -> None:
    file = tmp_path / "all.tar"
    back_up(filed_house.room.settings.home, file, filed_house.clock.now)
    whole = file.read_bytes()
    for number, place in enumerate(range(600, len(whole) - 20_000, len(whole) // 6)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        if _same_content(bytes(damaged), file, tmp_path):
            continue  # the bit lies in padding or in a time: nothing was lost
        bad = tmp_path / f"bad-{number}.tar"
        bad.write_bytes(damaged)
        with pytest.raises(BackupRefused):
            restore(bad, tmp_path / f"home-{number}")
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupRefused):
        restore(cut, tmp_path / "cut")


def _same_content(damaged: bytes, file: Path, tmp_path: Path) -> bool:
    probe = tmp_path / "probe.tar"
    probe.write_bytes(damaged)
    try:
        with tarfile.open(probe) as changed, tarfile.open(file) as whole:
            pairs = zip(changed.getmembers(), whole.getmembers(), strict=True)
            return all(
                left.name == right.name and _read(changed, left) == _read(whole, right)
                for left, right in pairs
            )
    except (tarfile.TarError, ValueError, OSError):
        return False


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()


def test_a_file_that_wants_to_be_elsewhere_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("x")
    for name in ("../escaped", "/escaped", "keys/../../escaped", "etc/passwd"):
        bad = tmp_path / "bad.tar"
        with tarfile.open(bad, "w") as archive:
            archive.add(outside, name)
        with pytest.raises(BackupRefused):
            restore(bad, tmp_path / "home")
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        assert not (tmp_path / "escaped").exists()
