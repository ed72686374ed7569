from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.backup import BackupRefused, back_up, restore
from portal.cli import main
from portal.writing.audit import read_head
from publishing.home import Home
from tests.builders.rooms import House, build_house


def test_everything_comes_back_as_it_was(house: House, tmp_path: Path) -> None:
    house.sign_in("citizen")
    home, file = house.room.settings.home, tmp_path / "all.tar"
    made = CliRunner().invoke(main, ["backup", str(file), "--home", str(home), "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["database"] is True
    assert file.stat().st_mode & 0o077 == 0
    other = tmp_path / "other"
    back = CliRunner().invoke(main, ["restore", str(file), "--home", str(other)])
    assert back.exit_code == 0, back.output
    for folder in ("public", "internal", "keys"):
        assert _contents(other / folder) == _contents(home / folder)
    again = build_house(other)
    with house.room.database.reading() as before, again.room.database.reading() as after:
        assert read_head(after) == read_head(before)
    again.clock.now = house.clock.now
    assert again.sign_in("finance").get("/desk").status_code == 200
    assert Home(other).public.numbers() == Home(home).public.numbers()
    again.room.database.close()


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_nothing_is_ever_overwritten(house: House, tmp_path: Path) -> None:
    home, file = house.room.settings.home, tmp_path / "all.tar"
    back_up(home, file, house.clock.now)
    with pytest.raises(BackupRefused, match="已经存在"):
        back_up(home, file, house.clock.now)
    with pytest.raises(BackupRefused, match="不是空的"):
        restore(file, home)
    with pytest.raises(BackupRefused, match="不是一个数据目录"):
        back_up(tmp_path / "nowhere", tmp_path / "b.tar", house.clock.now)
    assert list(tmp_path.glob(".*.new")) == []


def test_a_damaged_backup_is_refused_wherever_it_is_damaged(house: House, tmp_path: Path) -> None:
    file = tmp_path / "all.tar"
    back_up(house.room.settings.home, file, house.clock.now)
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
