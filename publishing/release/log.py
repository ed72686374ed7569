"""The append-only log of what was published and withdrawn: a Merkle tree with a signed head.

    log/key                the public key, for whoever has no better source of it
    log/entries/00000000   one file per entry: canonical JSON {"at", "digest", "kind", "subject"}
    log/checkpoint         the head: origin, size, root; a note signed with Ed25519 (the text form of C2SP)

An entry counts from the moment the head that covers it is in place. Killed before that, the entry is a leftover that
the next writer removes; killed after, the entry stands for ever. So the log is what decides what is published.

| kind | subject | digest: SHA-256 of |
| --- | --- | --- |
| release | its number | the manifest's bytes |
| withdrawal | its number | the tombstone's bytes |
| anchor | what is anchored, e.g. the operation log | the head of it |
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from publishing.errors import CorruptObject
from publishing.release.keys import SigningKey, public_key_text
from publishing.release.merkle import consistency_proof, inclusion_proof, tree_root
from publishing.release.standalone_verify import (
    Checkpoint,
    Mismatch,
    PublicKey,
    canonical_json,
    inclusion_holds,
    leaf_hash,
    open_checkpoint,
)
from publishing.release.storage import Storage

CHECKPOINT = "log/checkpoint"
KEY = "log/key"
ENTRIES = "log/entries"
PROOF_FORMAT = "c2sp.org/tlog-proof@v1"
Kind = Literal["release", "withdrawal", "anchor"]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One thing that happened and can never be taken back."""

    kind: Kind
    subject: str
    digest: str
    at: datetime

    def to_bytes(self) -> bytes:
        """The entry as it is stored and hashed."""
        moment = self.at.isoformat(timespec="seconds")
        return canonical_json(
            {"kind": self.kind, "subject": self.subject, "digest": self.digest, "at": moment}
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> LogEntry:
        """Read an entry back."""
        value = json.loads(content)
        return cls(value["kind"], value["subject"], value["digest"], datetime.fromisoformat(value["at"]))


@dataclass(frozen=True, slots=True)
class LogState:
    """The whole log as its signed head covers it."""

    entries: tuple[LogEntry, ...]
    leaves: tuple[bytes, ...]
    checkpoint: str

    @property
    def size(self) -> int:
        """How many entries."""
        return len(self.entries)

    @property
    def releases(self) -> dict[int, LogEntry]:
        """Every release that was ever published, by number."""
        return {int(entry.subject): entry for entry in self.entries if entry.kind == "release"}

    @property
    def withdrawn(self) -> dict[int, LogEntry]:
        """Every release that was withdrawn, by number."""
        return {int(entry.subject): entry for entry in self.entries if entry.kind == "withdrawal"}

    @property
    def standing(self) -> tuple[int, ...]:
        """Numbers of the releases that were published and not withdrawn, oldest first."""
        withdrawn = self.withdrawn
        return tuple(sorted(number for number in self.releases if number not in withdrawn))

    def proof_text(self, number: int) -> str:
        """The proof, checkable offline, that the manifest of a release is in this log."""
        index = next(
            position
            for position, entry in enumerate(self.entries)
            if entry.kind == "release" and entry.subject == str(number)
        )
        hashes = [base64.b64encode(found).decode() for found in inclusion_proof(index, list(self.leaves))]
        return "\n".join([PROOF_FORMAT, f"index {index}", *hashes]) + "\n\n" + self.checkpoint

    def consistency(self, old_size: int) -> list[bytes]:
        """The proof that this log begins with the log of `old_size` entries."""
        return consistency_proof(old_size, list(self.leaves))


EMPTY_LOG = LogState((), (), "")


def read_log(storage: Storage, key: PublicKey | None) -> LogState:
    """Read and check the log. Without a key of their own, readers take the one that lies in the store.

    Raises: CorruptObject when the head is not signed by the key or does not cover the entries.
    """
    if not storage.exists(CHECKPOINT):
        return EMPTY_LOG
    try:
        trusted = key if key is not None else PublicKey.parse(storage.read(KEY).decode())
        note = storage.read(CHECKPOINT).decode()
        head = open_checkpoint(note, trusted)
        contents = [storage.read(_entry_path(position)) for position in range(head.size)]
        entries = tuple(LogEntry.from_bytes(content) for content in contents)
    except (Mismatch, FileNotFoundError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise CorruptObject(f"the release log cannot be trusted: {error}") from error
    leaves = tuple(leaf_hash(content) for content in contents)
    if tree_root(list(leaves)) != head.root:
        raise CorruptObject(
            "the release log cannot be trusted: its entries are not those that its head covers"
        )
    return LogState(entries, leaves, note)


def appended(
    state: LogState, entry: LogEntry, key: SigningKey, origin: str
) -> tuple[LogState, list[tuple[str, bytes]]]:
    """The log with one more entry, and the files to put for it in this order; the last makes the entry count."""
    content = entry.to_bytes()
    leaves = (*state.leaves, leaf_hash(content))
    note = signed_checkpoint(Checkpoint(origin, len(leaves), tree_root(list(leaves))), key)
    files = [(_entry_path(state.size), content), (CHECKPOINT, note.encode())]
    if not state.size:
        files.insert(0, (KEY, public_key_text(key.public).encode()))
    return LogState((*state.entries, entry), leaves, note), files


def remove_leftovers(storage: Storage, state: LogState) -> None:
    """Remove entries that no head covers: an append that was killed before it counted."""
    covered = {_entry_path(position) for position in range(state.size)}
    for path in storage.list(ENTRIES):
        if path not in covered:
            storage.delete(path)


def signed_checkpoint(head: Checkpoint, key: SigningKey) -> str:
    """The head of the log as a signed note."""
    text = f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
    return f"{text}\n{key.signature_line(text)}"


def is_included(state: LogState, index: int, proof: Sequence[bytes]) -> bool:
    """Whether a proof holds against this log's own root."""
    return inclusion_holds(index, state.size, state.leaves[index], list(proof), tree_root(list(state.leaves)))


def _entry_path(position: int) -> str:
    return f"{ENTRIES}/{position:08d}"
