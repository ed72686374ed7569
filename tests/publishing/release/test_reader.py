from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from publishing.errors import CorruptObject, DatasetNotFound, ReleaseError, ReleaseNotFound
from publishing.release.keys import new_signing_key
from publishing.release.reader import Release, open_release
from publishing.release.store import ReleaseStore
from tests.publishing.release.builders import (
    KEY,
    MOMENT,
    THINGS,
    content,
    publish,
    store_in,
    things,
)


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """Two releases: release 1 pays 1 fen, release 2 pays 2."""
    made = store_in(tmp_path)
    for paid in (1, 2):
        publish(made, content(things({"paid": paid}), documents={"notes.json": b'{"paid": %d}' % paid}))
    return made


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def everything(release: Release) -> Iterator[object]:
    """All that a reader can get out of a release."""
    for entry in release.manifest.tables:
        yield release.table(entry.name).to_dicts()
        for stored in entry.files:
            yield release.file(entry.name, stored.format).path.read_bytes()
            if stored.gzip_sha256:
                yield release.file(entry.name, stored.format, encoding="gzip").path.read_bytes()
    for name in release.documents:
        yield release.document(name)
        yield release.document_file(name).path.read_bytes()
        yield release.document_file(name, encoding="gzip").path.read_bytes()


def test_a_table_comes_back_with_exactly_the_types_of_its_spec(store: ReleaseStore) -> None:
    release = open_release(store)
    frame = release.table("things")
    assert dict(frame.schema) == THINGS.schema
    assert frame.equals(things({"paid": 2}).frame)
    assert release.scan("things").collect().equals(frame)
    assert release.spec("things") == THINGS
    assert release.as_of.isoformat() == "2026-10-31"


def test_what_is_not_there_is_said_to_be_missing(store: ReleaseStore) -> None:
    release = open_release(store)
    for missing in (
        lambda: release.table("nothing"),
        lambda: release.file("things", "sas"),
        lambda: release.file("things", "parquet", encoding="gzip"),
        lambda: release.document("nothing.json"),
    ):
        with pytest.raises(DatasetNotFound):
            missing()


def test_no_flipped_bit_in_any_file_of_a_release_is_ever_served(store: ReleaseStore) -> None:
    good = list(everything(open_release(store, 2)))
    chance = random.Random(20261101)  # noqa: S311 - the same bits every time
    objects = [store.storage.local(path) for path in store.storage.list("objects")]
    needed = open_release(store, 2).manifest.objects()
    for path in objects:
        whole = path.read_bytes()
        for bit in chance.sample(range(len(whole) * 8), 15) if whole else []:
            overwrite(path, flipped(whole, bit))
            if path.name in needed:
                with pytest.raises(CorruptObject):
                    list(everything(open_release(store, 2)))
                assert (
                    open_release(store).number == 1 or path.name in open_release(store, 1).manifest.objects()
                )
            else:
                assert list(everything(open_release(store, 2))) == good
        overwrite(path, whole)
    assert list(everything(open_release(store, 2))) == good


def test_no_flipped_bit_in_manifest_log_or_proof_passes_for_a_release(store: ReleaseStore) -> None:
    good = {number: list(everything(open_release(store, number))) for number in (1, 2)}
    chance = random.Random(7)  # noqa: S311 - the same bits every time
    for name in (
        "releases/000002.json",
        "log/checkpoint",
        "log/entries/00000000",
        "log/entries/00000001",
        "current",
    ):
        path = store.storage.local(name)
        whole = path.read_bytes()
        for bit in chance.sample(range(len(whole) * 8), 25):
            overwrite(path, flipped(whole, bit))
            fresh = ReleaseStore(store.root, trusted=KEY.public)
            release = open_release(fresh)
            assert list(everything(release)) == good[release.number]
            assert release.degraded or release.number == 2
            if name != "current":
                assert release.degraded
        overwrite(path, whole)


@pytest.mark.parametrize("damage", ["truncate", "swap", "remove", "empty"])
def test_a_damaged_current_release_gives_way_to_the_one_before_it(store: ReleaseStore, damage: str) -> None:
    path = open_release(store, 2).file("things", "parquet").path
    whole = path.read_bytes()
    if damage == "remove":
        path.unlink()
    else:
        other = open_release(store, 1).file("things", "parquet").path.read_bytes()
        overwrite(path, {"truncate": whole[:-10], "swap": other, "empty": b""}[damage])
    release = open_release(store)
    assert release.number == 1
    assert "release 2, things.parquet" in release.degraded_reason
    with pytest.raises(CorruptObject, match=r"things\.parquet"):
        open_release(store, 2).table("things")
    overwrite(path, whole) if path.exists() else path.write_bytes(whole)
    assert open_release(store).number == 2
    assert not open_release(store).degraded


def test_a_file_that_changes_while_the_release_is_open_is_noticed(store: ReleaseStore) -> None:
    release = open_release(store)
    path = release.file("things", "csv").path
    overwrite(path, flipped(path.read_bytes(), 5))
    with pytest.raises(CorruptObject, match=r"release 2, things\.csv"):
        release.file("things", "csv")
    assert release.damage
    assert len(release.recheck()) == 1


def test_two_changes_within_one_tick_of_the_clock_are_both_noticed(store: ReleaseStore) -> None:
    release = open_release(store)
    path = release.file("things", "csv").path
    whole = path.read_bytes()
    for bit in range(30):
        overwrite(path, whole)
        assert release.file("things", "csv").path == path
        overwrite(path, flipped(whole, bit))
        with pytest.raises(CorruptObject):
            release.file("things", "csv")


def test_a_check_names_every_damaged_file(store: ReleaseStore) -> None:
    release = open_release(store)
    assert release.recheck(thorough=False) == ()
    assert release.recheck() == ()
    shutil.rmtree(store.root / "objects")
    assert len(release.recheck()) == len(
        [digest for file in release.manifest.files() for digest in file.objects()]
    )


def test_a_damaged_old_release_does_not_disturb_the_others(store: ReleaseStore) -> None:
    path = open_release(store, 1).file("things", "csv").path
    overwrite(path, b"")
    overwrite(store.storage.local("releases/000001.json"), b"{}")
    with pytest.raises(CorruptObject, match="release 1"):
        open_release(store, 1)
    assert not open_release(store).degraded
    assert publish(store).number == 3
    assert open_release(store, 2).recheck() == ()


def test_with_every_release_damaged_nothing_is_served(store: ReleaseStore) -> None:
    for number in (1, 2):
        overwrite(open_release(store, number).file("things", "parquet").path, b"")
    with pytest.raises(CorruptObject, match="no release can be served"):
        open_release(store)


def test_a_manifest_signed_by_somebody_else_is_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    publish(store)
    stranger = ReleaseStore(store.root, trusted=new_signing_key("sunshine-test").public)
    with pytest.raises(CorruptObject, match="cannot be trusted"):
        open_release(stranger, 1)
    with pytest.raises(CorruptObject):
        open_release(stranger)


def test_a_store_without_a_log_shows_nothing_of_its_manifests(store: ReleaseStore) -> None:
    shutil.rmtree(store.root / "log")
    fresh = ReleaseStore(store.root, trusted=KEY.public)
    with pytest.raises(ReleaseError):
        open_release(fresh, 2)


def test_a_manifest_that_never_reached_the_log_is_not_there(store: ReleaseStore) -> None:
    store.storage.put(("releases/000003.json", store.storage.read("releases/000002.json")))
    with pytest.raises(ReleaseNotFound):
        open_release(store, 3)
    assert open_release(store).number == 2


def test_with_a_damaged_log_a_withdrawn_release_stays_hidden(store: ReleaseStore) -> None:
    store.withdraw(2, reason="错", by="乙", at=MOMENT + timedelta(days=1), key=KEY)
    overwrite(store.storage.local("log/checkpoint"), b"")
    release = open_release(ReleaseStore(store.root, trusted=KEY.public))
    assert release.number == 1
    assert "cannot be trusted" in release.degraded_reason


def test_many_threads_share_one_release(store: ReleaseStore) -> None:
    release = open_release(store)
    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(lambda _: release.table("things"), range(64)))
        paths = list(pool.map(lambda _: release.file("things", "csv").path, range(64)))
    assert all(isinstance(frame, pl.DataFrame) and frame is frames[0] for frame in frames)
    assert len(set(paths)) == 1
