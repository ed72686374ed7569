"""The publisher is killed before every rename, flush, removal and folder it makes, and refused by the disk at each
write: a complete release is served, and the next run completes. Needs strace."""

from __future__ import annotations

import errno
import io
import os
import resource
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from publishing.errors import StoreFull
from publishing.release.reader import open_release
from publishing.release.storage import LocalStagedFile, LocalStorage
from publishing.release.store import ReleaseStore
from publishing.release.verify import verify_path
from tests.publishing.release.builders import KEY, MEMORY, publish, store_in
from tests.publishing.release.publisher import BUSY, FULL, Publisher, paying

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

MOST_STEPS = 200


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as process:
        yield process


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    """A home with one release, that pays 1 fen."""
    with TemporaryDirectory(dir=MEMORY) as home:
        publish(store_in(Path(home)), paying(1))
        yield Path(home)


def copied(base: Path, target: Path) -> ReleaseStore:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(base, target)
    return store_in(target)


def assert_whole(store: ReleaseStore, expected: set[int]) -> None:
    """A reader finds a complete release, and it is one of those it may find."""
    release = open_release(store)
    assert release.number in expected
    assert not release.degraded
    assert release.recheck() == ()
    assert release.table("things")["paid"].to_list() == [release.number]
    assert len(store.numbers()) <= 2


def assert_next_run_completes(store: ReleaseStore) -> None:
    """The next publisher gets the next number, and all is as if nobody had been killed."""
    number = len(store.numbers()) + 1
    assert publish(store, paying(number)).number == number
    assert_put_right(store)


def assert_put_right(store: ReleaseStore) -> None:
    """Whoever takes the lock next puts everything right: nothing is left over, everything verifies."""
    with store.exclusive():
        pass
    assert store.storage.list("staging") == ()
    kept = [open_release(store, each, withdrawn_too=True).manifest.objects() for each in store.numbers()]
    kept += [candidate.manifest.objects() for candidate in store.candidates()]
    assert {path.rsplit("/", 1)[-1] for path in store.storage.list("objects")} == frozenset().union(*kept)
    assert verify_path(store.root, key=KEY.public).mismatch is None


# What others can see changes with a rename or a removal, so these are all tried; of the rest every third or so.
@pytest.mark.parametrize(("call", "stride"), [("rename", 1), ("unlink", 1), ("fsync", 3), ("mkdir", 4)])
def test_killed_at_any_step_of_publishing_a_complete_release_is_served(
    base: Path, tmp_path: Path, publisher: Publisher, call: str, stride: int
) -> None:
    numbers = []
    for step in range(1, MOST_STEPS, stride):
        store = copied(base, tmp_path / "home")
        status = publisher.run_with_fault(
            "publish_second", tmp_path / "home", f"{call}:signal=KILL:when={step}"
        )
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert_whole(store, {1, 2})
        numbers.append(open_release(store).number)
        if step % 5 == 2:
            assert_next_run_completes(store)
        else:
            assert_put_right(store)
    assert 0 < len(numbers) < MOST_STEPS - 4
    assert numbers == sorted(numbers)
    assert open_release(store).number == 2


@pytest.mark.parametrize("work", ["stage_and_approve", "withdraw_newest"])
def test_killed_at_any_step_of_approving_or_withdrawing_a_complete_release_is_served(
    base: Path, tmp_path: Path, publisher: Publisher, work: str
) -> None:
    start = copied(base, tmp_path / "start")
    if work == "withdraw_newest":
        publish(start, paying(2))
    for step in range(1, MOST_STEPS):
        store = copied(tmp_path / "start", tmp_path / "home")
        status = publisher.run_with_fault(work, tmp_path / "home", f"rename:signal=KILL:when={step}")
        if status == 0:
            break
        assert status == -signal.SIGKILL
        assert_whole(store, {1, 2})
        assert_put_right(store)
        assert_whole(store, {1, 2})
    assert 3 < step < MOST_STEPS - 4
    assert open_release(store).number == (1 if work == "withdraw_newest" else 2)


@pytest.mark.parametrize(
    ("fault", "stride"),
    [
        ("fsync:error=EIO", 4),
        ("rename:error=ENOSPC", 3),
        ("mkdir:error=ENOSPC", 4),
    ],
)
def test_refused_by_the_disk_at_any_step_the_publisher_says_so_and_a_complete_release_is_served(
    base: Path, tmp_path: Path, publisher: Publisher, fault: str, stride: int
) -> None:
    refused = 0
    for step in range(1, MOST_STEPS, stride):
        store = copied(base, tmp_path / "home")
        status = publisher.run_with_fault("publish_second", tmp_path / "home", f"{fault}:when={step}")
        if status == 0:
            break
        assert status == FULL
        refused += 1
        assert_whole(store, {1, 2})
        assert store.storage.list("staging") == ()
        assert_put_right(store)  # cleaning up may have been refused as well
    assert 0 < refused < MOST_STEPS - 4


class BoundedFile(io.FileIO):
    """A file on a disk that has only so much room left."""

    def __init__(self, path: Path, disk: FullDisk) -> None:
        super().__init__(path, "x+")
        self._disk = disk

    def write(self, content: ReadableBuffer) -> int:
        size = memoryview(content).nbytes
        fitting = min(size, self._disk.room)
        if size and not fitting:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._disk.room -= fitting
        return super().write(memoryview(content).cast("B")[:fitting])


class FullDisk(LocalStorage):
    """A folder on a disk that has only so many bytes left."""

    def __init__(self, root: Path, room: int) -> None:
        super().__init__(root)
        self.room = room

    def stage(self) -> LocalStagedFile:
        staged = super().stage()
        staged._file.close()
        staged.path.unlink()
        staged._file = io.BufferedRandom(BoundedFile(staged.path, self))
        return staged


def test_on_a_disk_that_fills_up_at_any_byte_nothing_is_published_and_all_is_cleaned(
    base: Path, tmp_path: Path
) -> None:
    refused = 0
    for room in range(0, 100_000, 1201):
        store = copied(base, tmp_path / "home")
        before = store.storage.list(".")
        full = ReleaseStore(store.root, trusted=KEY.public, storage=FullDisk(store.root, room))
        try:
            publish(full, paying(2))
        except StoreFull:
            refused += 1
        else:
            break
        assert_whole(store, {1, 2})
        if open_release(store).number == 1:
            assert store.storage.list(".") == before
    assert refused > 10
    assert_whole(store, {2})


def test_with_files_limited_in_size_the_publisher_says_so_and_cleans_up(base: Path, tmp_path: Path) -> None:
    store = copied(base, tmp_path / "home")
    before = store.storage.list(".")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, limits[1]))
    try:
        with pytest.raises(StoreFull, match="Nothing was published") as refusal:
            publish(store, paying(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(refusal.value.__cause__, OSError)
    assert refusal.value.__cause__.errno == errno.EFBIG
    assert store.storage.list(".") == before
    assert_whole(store, {1})
    assert_next_run_completes(store)


def test_of_several_processes_at_once_one_publishes_and_the_others_are_told(
    base: Path, tmp_path: Path, publisher: Publisher
) -> None:
    store = copied(base, tmp_path / "home")
    children = [publisher.prepare("publish_second", tmp_path / "home") for _ in range(4)]
    for child in children:
        publisher.go(child)
    ends = [publisher.finish(child) for child in children]
    assert set(ends) <= {0, BUSY}
    assert 0 in ends
    assert store.numbers() == tuple(range(1, ends.count(0) + 2))
    assert verify_path(store.root, key=KEY.public).ok
