"""What a writer does before and after its own work: finish what counts, remove what does not.

Only the signed head of the log says what counts. Nothing is removed that a release, even a withdrawn one, or a
candidate still needs; and when something looks as if the *log* had lost its end, nothing is removed at all.
"""

from __future__ import annotations

import json
from contextlib import suppress

from publishing.errors import CorruptObject
from publishing.release.log import LogState, remove_leftovers
from publishing.release.manifest import Manifest
from publishing.release.records import CURRENT, Candidate, candidate_path, manifest_path, proof_path
from publishing.release.storage import STAGING, Storage


def recover(storage: Storage, state: LogState) -> None:
    """Put the store in the state that follows from its log. Call under the writer's lock.

    Raises: CorruptObject when releases are there that the log should know and does not.
    """
    for path in storage.list(STAGING):
        storage.delete(path)
    _refuse_a_shortened_log(storage, state)
    remove_leftovers(storage, state)
    _remove_what_never_counted(storage, state)
    settle(storage, state)
    _remove_orphans(storage)
    storage.sync()


def settle(storage: Storage, state: LogState) -> None:
    """Do what follows from the log: a proof for each release, no candidate that is published, the pointer last."""
    for number in state.releases:
        if not storage.exists(proof_path(number)):
            storage.put((proof_path(number), state.proof_text(number).encode()))
        storage.delete(candidate_path(number))
    _move_pointer(storage, state)
    storage.sync()


def _move_pointer(storage: Storage, state: LogState) -> None:
    """The pointer names the newest release that stands; none, and there is no pointer."""
    if not state.standing:
        storage.delete(CURRENT)
        return
    number = state.standing[-1]
    with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
        if json.loads(storage.read(CURRENT))["number"] == number:
            return
    try:
        manifest = Manifest.from_bytes(storage.read(manifest_path(number)))
    except (FileNotFoundError, CorruptObject):
        return  # readers fall back by themselves; a damaged release must not keep a new one from being made
    storage.put((CURRENT, pointer_to(manifest)))


def pointer_to(manifest: Manifest) -> bytes:
    """The content of the pointer."""
    return (json.dumps({"number": manifest.number, "id": manifest.id}) + "\n").encode()


def _refuse_a_shortened_log(storage: Storage, state: LogState) -> None:
    """A release with a proof was once covered by the log: if it is not now, the log has lost its end."""
    known = {proof_path(number) for number in state.releases}
    lost = [path for path in storage.list("proofs") if path not in known]
    unlogged = [path for path in _manifests(storage) if path not in _logged(state)]
    if lost or len(unlogged) > 1 or (storage.exists(CURRENT) and not state.size):
        named = ", ".join(lost or unlogged or [CURRENT])
        raise CorruptObject(
            f"the release log ends too early: it does not know {named}. Restore log/ from the backup before publishing"
        )


def _remove_what_never_counted(storage: Storage, state: LogState) -> None:
    logged = _logged(state)
    for path in _manifests(storage):
        if path not in logged:
            storage.delete(path)
    for path in storage.list("tombstones"):
        if _number(path) not in state.withdrawn:
            storage.delete(path)
    for path in storage.list("acts"):
        known = state.withdrawn if path.endswith("-withdrawn.json") else state.releases
        if _number(path) not in known:
            storage.delete(path)


def _remove_orphans(storage: Storage) -> None:
    """Remove objects that nothing refers to; when some manifest cannot be read, remove none."""
    needed: set[str] = set()
    try:
        for path in _manifests(storage):
            needed |= Manifest.from_bytes(storage.read(path)).objects()
        for path in storage.list("candidates"):
            needed |= Candidate.from_bytes(storage.read(path)).manifest.objects()
    except (CorruptObject, ValueError, KeyError, TypeError):
        return
    for path in storage.list("objects"):
        if path.rsplit("/", 1)[-1] not in needed:
            storage.delete(path)


def _manifests(storage: Storage) -> tuple[str, ...]:
    return storage.list("releases")


def _logged(state: LogState) -> set[str]:
    return {manifest_path(number) for number in state.releases}


def _number(path: str) -> int:
    return int(path.rsplit("/", 1)[-1][:6])
