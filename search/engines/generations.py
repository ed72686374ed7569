"""Complete indexes side by side in one directory, and a pointer to the one that is served.

    DIRECTORY/
      000001/           a complete index: never changed
      000002/
      building-.../     being made; removed by the next build when a build was killed
      current           the name of the index that is served; replaced last, in one step
      lock              held while a build runs

A reader that opened a generation keeps it, whatever happens to the pointer.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import IndexBusy, IndexMissing

POINTER = "current"
_BUILDING = "building-"


def current_name(directory: Path) -> str:
    """The name of the generation that is served.

    Raises: IndexMissing when no build was ever completed here.
    """
    try:
        return (directory / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise IndexMissing(f"{directory}: no search index here; build it from the release") from None


def pointer_stamp(directory: Path) -> tuple[int, int] | None:
    """Changes whenever the pointer is replaced; None when there is none."""
    try:
        state = (directory / POINTER).stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns


@contextmanager
def new_generation(directory: Path) -> Iterator[Path]:
    """A fresh directory to build in; when the block ends well it is served, when it fails it is gone.

    Raises: IndexBusy when another build runs in the same directory.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _locked(directory):
        for leftover in directory.glob(f"{_BUILDING}*"):
            shutil.rmtree(leftover)
        name = f"{_last_number(directory) + 1:06d}"
        building = directory / f"{_BUILDING}{name}"
        building.mkdir()
        try:
            yield building
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
        _sync_tree(building)
        building.rename(directory / name)
        _move_pointer(directory, name)
        _remove_old(directory, name)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(f"{directory}: another process is building this index; wait for it") from None
        yield


def _generations(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.is_dir() and path.name.isdigit())


def _last_number(directory: Path) -> int:
    return max((int(path.name) for path in _generations(directory)), default=0)


def _move_pointer(directory: Path, name: str) -> None:
    draft = directory / f"{POINTER}.new"
    draft.write_text(name, encoding="utf-8")
    _sync(draft)
    draft.replace(directory / POINTER)
    _sync(directory)


def _remove_old(directory: Path, name: str) -> None:
    """Keep the one before too: a reader may just have read its name."""
    older = [path for path in _generations(directory) if path.name < name]
    for path in older[:-1]:
        shutil.rmtree(path)


def _sync_tree(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file():
            _sync(path)
    _sync(directory)


def _sync(path: Path) -> None:
    """Ask the disk to keep it: a power cut must not leave a pointer to nothing."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
