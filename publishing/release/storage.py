"""Where a release store keeps its bytes: a few operations, each all or nothing, behind a small protocol.

On a disk, a file is written beside its place, flushed to the platter, and renamed; then the folder it is in is
flushed too. A program that is killed between any two of these steps leaves the old bytes or the new ones, never a
mixture, and perhaps a file in `staging/` that nobody looks at. An object store (S3) can offer the same operations.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Protocol, Self
from uuid import uuid4

from publishing.errors import StoreBusy, StoreFull

STAGING = "staging"
COARSEST_TICK_NS = 2_000_000_000
LOCK_PATIENCE_S = 2.0
LOCK_AGAIN_S = 0.02
_REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


class StagedFile(Protocol):
    """A file that is being written and is not yet in its place. Counts and hashes what goes through it."""

    @property
    def sink(self) -> IO[bytes]:
        """The open file, for writers that need one."""

    def write(self, content: bytes | memoryview) -> None:
        """Add bytes at the end."""

    def finish(self) -> tuple[str, int]:
        """Close it durably and return the SHA-256 and the number of its bytes."""

    def move_to(self, path: str) -> None:
        """Put it in its place, replacing what is there."""

    def __enter__(self) -> Self:
        """Leaving the context before `move_to` gives the file up."""

    def __exit__(self, *problem: object) -> None:
        """Close it, and remove it unless it was moved."""


class Storage(Protocol):
    """What a release store needs from the place it keeps its bytes in. Paths are relative, with `/`."""

    def read(self, path: str) -> bytes:
        """All bytes of a file; FileNotFoundError when there is none."""

    def exists(self, path: str) -> bool:
        """Whether there is a file."""

    def list(self, folder: str) -> tuple[str, ...]:
        """Paths of all files below a folder, sorted."""

    def stamp(self, path: str) -> Hashable:
        """A value that changes whenever the file may have changed; None when there is no file."""

    def settled_stamp(self, path: str) -> Hashable:
        """The stamp, or None while a further change could still leave it the same."""

    def local(self, path: str) -> Path:
        """A file on this machine with those bytes."""

    def stage(self) -> StagedFile:
        """Begin a file."""

    def put(self, *files: tuple[str, bytes]) -> None:
        """Write small files durably: all bytes first, then each into its place, in this order, all or nothing."""

    def delete(self, path: str) -> None:
        """Remove a file if it is there."""

    def sync(self) -> None:
        """Make every move and removal so far durable."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Keep other writers out while the context is open; StoreBusy when one is at work."""


def _locked(file: BinaryIO) -> bool:
    """Whether a lock could be had within `LOCK_PATIENCE_S`."""
    over = time.monotonic() + LOCK_PATIENCE_S
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > over:
                return False
            time.sleep(LOCK_AGAIN_S)
        else:
            return True


class LocalStorage:
    """A folder on a disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._touched: set[Path] = set()
        self._lock = threading.Lock()

    def read(self, path: str) -> bytes:
        """All bytes of a file; FileNotFoundError when there is none."""
        return (self.root / path).read_bytes()

    def exists(self, path: str) -> bool:
        """Whether there is a file."""
        return (self.root / path).is_file()

    def list(self, folder: str) -> tuple[str, ...]:
        """Paths of all files below a folder, sorted."""
        found = (self.root / folder).rglob("*")
        return tuple(sorted(path.relative_to(self.root).as_posix() for path in found if path.is_file()))

    def stamp(self, path: str) -> Hashable:
        """Inode, time of change to the nanosecond, and size; None when there is no file."""
        try:
            status = (self.root / path).stat()
        except FileNotFoundError:
            return None
        return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)

    def settled_stamp(self, path: str) -> Hashable:
        """The stamp, or None for a file that changed just now.

        The clocks of many file systems are coarse: two changes within one tick leave the same times behind.
        """
        try:
            changed_ns = (self.root / path).stat().st_ctime_ns
        except FileNotFoundError:
            return None
        return self.stamp(path) if time.time_ns() - changed_ns > COARSEST_TICK_NS else None

    def local(self, path: str) -> Path:
        """The file itself."""
        return self.root / path

    def stage(self) -> LocalStagedFile:
        """Begin a file in `staging/`."""
        with disk_refusals(self.root):
            return LocalStagedFile(self, self.root / STAGING / uuid4().hex)

    def put(self, *files: tuple[str, bytes]) -> None:
        """Write small files durably: all bytes first, then each into its place, in this order, all or nothing.

        A full disk refuses the bytes, hardly ever the moves: so it refuses before anything can be seen.
        """
        with ExitStack() as stack:
            staged = [(stack.enter_context(self.stage()), path, content) for path, content in files]
            for file, _, content in staged:
                file.write(content)
                file.finish()
            for file, path, _ in staged:
                file.move_to(path)
                self.sync()

    def delete(self, path: str) -> None:
        """Remove a file if it is there."""
        target = self.root / path
        with suppress(FileNotFoundError):
            target.unlink()
            self._touch(target.parent)

    def sync(self) -> None:
        """Flush every folder in which something was moved or removed."""
        with self._lock:
            touched, self._touched = sorted(self._touched), set()
        with disk_refusals(self.root):
            for folder in touched:
                _flush_folder(folder)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock file; the system frees it when the program dies, however it dies.

        An anchor or an approval holds it for milliseconds and is waited for; whoever holds it longer is publishing.
        """
        with disk_refusals(self.root):
            (self.root / STAGING).mkdir(parents=True, exist_ok=True)
            file = (self.root / ".lock").open("ab")
        with file:
            if not _locked(file):
                raise StoreBusy(f"another publisher is at work on {self.root}; wait until it is done")
            yield

    def _touch(self, folder: Path) -> None:
        with self._lock:
            self._touched.add(folder)

    def place(self, staged: Path, path: str) -> None:
        """Move a finished file to its place."""
        target = self.root / path
        with disk_refusals(self.root):
            for folder in reversed(target.parents):
                if folder.is_relative_to(self.root) and not folder.exists():
                    folder.mkdir(exist_ok=True)
                    self._touch(folder.parent)
            staged.replace(target)
        self._touch(target.parent)


class LocalStagedFile:
    """A file in `staging/` that hashes what is written to it."""

    def __init__(self, storage: LocalStorage, path: Path) -> None:
        self._storage = storage
        self.path = path
        try:
            self._file = path.open("xb+")
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb+")
        self._digest = hashlib.sha256()
        self._size = 0

    @property
    def sink(self) -> IO[bytes]:
        """The open file; bytes written here are hashed when it is finished."""
        return self._file

    def write(self, content: bytes | memoryview) -> None:
        """Add bytes at the end."""
        with disk_refusals(self._storage.root):
            self._file.write(content)
        self._digest.update(content)
        self._size += len(content)

    def finish(self) -> tuple[str, int]:
        """Flush to the platter, close, and return the SHA-256 and the number of bytes."""
        with disk_refusals(self._storage.root), self._file:
            self._file.flush()
            if self._file.tell() != self._size:  # somebody wrote or sought in the sink itself
                self._rehash()
            os.fchmod(self._file.fileno(), 0o444)
            os.fsync(self._file.fileno())
        return self._digest.hexdigest(), self._size

    def move_to(self, path: str) -> None:
        """Put it in its place, replacing what is there."""
        self._storage.place(self.path, path)

    def __enter__(self) -> Self:
        """Leaving the context before `move_to` gives the file up."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it, and remove it unless it was moved."""
        with suppress(OSError):  # closing writes what is buffered, which a full disk refuses once more
            self._file.close()
        with suppress(OSError):
            self.path.unlink()

    def _rehash(self) -> None:
        self._file.seek(0)
        self._digest = hashlib.file_digest(self._file, "sha256")
        self._size = self._file.tell()


@contextmanager
def disk_refusals(root: Path) -> Iterator[None]:
    """Turn the disk's refusals into StoreFull; other errors pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in _REFUSALS:
            raise
        raise StoreFull(
            f"the disk of {root} refused to take more ({os.strerror(error.errno or 0)}). Nothing was published; "
            "the release before this one is still served. Free some space and run the command again."
        ) from error


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
