"""Check what somebody holds against the signed log, offline: a file, a folder, a store, or a whole home.

Files and folders are checked by the very code of `standalone_verify`, so both always agree. A store is checked to the
last byte: head, entries and proofs of the log, every manifest and tombstone, every object, and the canonical digest of
every table read back from its Parquet file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from publishing.errors import CorruptObject, ReleaseError
from publishing.release.canonical import table_digest
from publishing.release.keys import load_public_key
from publishing.release.log import KEY, LogState
from publishing.release.manifest import Manifest
from publishing.release.merkle import tree_root
from publishing.release.reader import Release, open_release
from publishing.release.records import CURRENT, proof_path
from publishing.release.recovery import pointer_to
from publishing.release.standalone_verify import (
    Checkpoint,
    Mismatch,
    Proof,
    PublicKey,
    check_file,
    check_folder,
    check_manifest,
    open_checkpoint,
)
from publishing.release.store import ReleaseStore


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked. `mismatch` names the first thing that is wrong; None when all is well.

    `pinned` says whether the key came from the person who checks. With the key that lies beside the bytes, accidents
    are found, but not somebody who replaced all of it.
    """

    target: str
    checked: tuple[str, ...]
    mismatch: str | None
    pinned: bool

    @property
    def ok(self) -> bool:
        """Whether everything matches."""
        return self.mismatch is None


Note = Callable[[str], None]


def verify_path(path: Path, *, key: PublicKey | None = None, checkpoint: str | None = None) -> Verification:
    """Check a file, a folder with a manifest, a store or a home. `checkpoint` is a signed head kept from earlier.

    Raises: ReleaseError when the path is nothing that can be checked.
    """
    checked: list[str] = []
    try:
        _verify(path, key, checkpoint, checked.append)
    except (Mismatch, CorruptObject) as error:
        return Verification(str(path), tuple(checked), str(error), key is not None)
    return Verification(str(path), tuple(checked), None, key is not None)


def _verify(path: Path, key: PublicKey | None, checkpoint: str | None, note: Note) -> None:
    if (path / "releases").is_dir() and (path / "log").is_dir():
        verify_store(ReleaseStore(path, trusted=key or _nearby_key(path)), checkpoint, note)
    elif (path / "public").is_dir():
        _verify_home(path, key, checkpoint, note)
    elif (path / "manifest.json").is_file():
        _verify_folder(path, key or _folder_key(path), note)
    elif path.is_file() and (path.parent / "manifest.json").is_file():
        _verify_file(path, key or _folder_key(path.parent), note)
    else:
        raise ReleaseError(
            f"{path} is no file with manifest.json and manifest.proof beside it, no folder with both, and no store "
            "of releases. Both are at /releases/N/manifest.json and /releases/N/manifest.proof of the portal"
        )


def _nearby_key(store: Path) -> PublicKey | None:
    """The key in `keys/` beside the store, where the publisher keeps it; None leaves the one in the store."""
    path = store.parent / "keys" / f"{store.name}.pub"
    return load_public_key(path) if path.is_file() else None


def _folder_key(folder: Path) -> PublicKey:
    keys = sorted(folder.glob("*.pub"))
    if not keys:
        raise ReleaseError(f"{folder} holds no public key; give one with --key (the portal's is at /log/key)")
    return load_public_key(keys[0])


def _verify_home(home: Path, key: PublicKey | None, checkpoint: str | None, note: Note) -> None:
    for name in ("public", "internal"):
        if (home / name / "log").is_dir():
            trusted = key if key is not None and name == "public" else _nearby_key(home / name)
            verify_store(
                ReleaseStore(home / name, trusted=trusted), checkpoint if name == "public" else None, note
            )


def _verify_folder(folder: Path, key: PublicKey, note: Note) -> None:
    manifest, files = check_folder(folder, key)
    note(f"release {manifest['number']}, {manifest['id']}: signature, log and id")
    for checked in files:
        note(f"{checked.name}: {checked.what}")


def _verify_file(path: Path, key: PublicKey, note: Note) -> None:
    folder = path.parent
    proof = folder / "manifest.proof"
    if not proof.is_file():
        raise Mismatch(f"{proof} is missing")
    manifest = check_manifest((folder / "manifest.json").read_bytes(), proof.read_text("utf-8"), key)
    note(f"release {manifest['number']}, {manifest['id']}: signature, log and id")
    checked = check_file(path, manifest)
    note(f"{checked.name}: {checked.what}")


# ---------------------------------------------------------------- stores
def verify_store(store: ReleaseStore, checkpoint: str | None = None, note: Note = lambda _: None) -> None:
    """Check everything a store holds.

    Raises: CorruptObject or Mismatch at the first thing that is wrong.
    """
    name = store.root.name
    state = store.log()
    note(f"{name}: log of {state.size} entries, signed head and root")
    key = store.trusted or (PublicKey.parse(store.storage.read(KEY).decode()) if state.size else None)
    if checkpoint is not None and key is not None:
        _check_prefix(state, open_checkpoint(checkpoint, key), "the head that was kept")
        note(f"{name}: the log continues the head that was kept")
    for number in store.numbers():
        release = open_release(store, number, withdrawn_too=True)
        _check_release(store, state, release, key)
        note(f"{name}: release {number}, {release.id}: manifest, proof, all files and tables")
    _check_pointer(store, state)
    note(f"{name}: pointer")


def _check_prefix(state: LogState, head: Checkpoint, what: str) -> None:
    if head.size > state.size or tree_root(list(state.leaves[: head.size])) != head.root:
        raise Mismatch(f"the log does not continue {what} ({head.size} entries): it was cut or rewritten")


def _check_release(store: ReleaseStore, state: LogState, release: Release, key: PublicKey | None) -> None:
    try:
        text = store.storage.read(proof_path(release.number)).decode()
    except FileNotFoundError:
        raise CorruptObject(f"the proof of release {release.number} is missing") from None
    if key is not None:
        check_manifest(release.manifest_bytes, text, key)
        _check_prefix(
            state,
            open_checkpoint(Proof.parse(text).checkpoint, key),
            f"the head in the proof of release {release.number}",
        )
    problems = release.recheck()
    if problems:
        raise CorruptObject(problems[0])
    for entry in release.manifest.tables:
        if table_digest(release.table(entry.name), entry.spec) != entry.digest:
            raise CorruptObject(
                f"release {release.number}, {entry.name}: its rows do not have the canonical digest"
            )


def _check_pointer(store: ReleaseStore, state: LogState) -> None:
    found = store.storage.read(CURRENT) if store.storage.exists(CURRENT) else None
    expected = None
    if state.standing:
        expected = pointer_to(Manifest.from_bytes(store.manifest_bytes(state.standing[-1])))
    if found != expected:
        named = f"release {state.standing[-1]}" if state.standing else "no release"
        raise CorruptObject(f"the pointer {store.root / CURRENT} does not name {named}")
