"""Where releases live: objects, manifests, candidates, tombstones, the log and the pointer to the current one.

    objects/ab/abcd…        every file of every release, named by its SHA-256; written once, never changed
    releases/000001.json    manifest of release 1, immutable       proofs/000001.txt   its place in the signed log
    candidates/000002.json  staged, waiting for another person     acts/…              who made, approved, withdrew
    tombstones/000001.json  withdrawn, with a reason; the manifest and the files stay
    log/                    append-only signed log (see `log`)
    current                 {"number": 1, "id": "sha256:…"}, replaced last

A release is published from the moment the signed head of the log covers it; then the pointer moves. A writer that is
killed before leaves the old state and leftovers that the next writer removes; killed after, the next writer moves the
pointer. Names of officials stand in `acts/` only, which is never served.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from publishing.errors import CorruptObject, ReleaseError, ReleaseNotFound
from publishing.release.canonical import sha256_of
from publishing.release.keys import SigningKey
from publishing.release.log import CHECKPOINT, LogEntry, LogState, appended, read_log
from publishing.release.manifest import Manifest
from publishing.release.records import (
    CURRENT,
    Act,
    Candidate,
    Tombstone,
    candidate_path,
    in_seconds,
    manifest_path,
    proof_path,
    tombstone_path,
)
from publishing.release.recovery import pointer_to, recover, settle
from publishing.release.standalone_verify import PublicKey
from publishing.release.storage import LocalStorage, Storage


class ReleaseStore:
    """One store of releases: the public one or the internal one.

    `trusted` is the public key that must have signed the log; without it, the key that lies in the store is taken,
    which shows accidents but not somebody who replaced the whole store.
    """

    def __init__(
        self, root: Path, *, trusted: PublicKey | None = None, storage: Storage | None = None
    ) -> None:
        self.root = root
        self.trusted = trusted
        self.storage: Storage = storage if storage is not None else LocalStorage(root)
        self._reading = threading.Lock()
        self._writing = threading.RLock()
        self._depth = 0
        self._log: tuple[Hashable, LogState] | None = None

    # ------------------------------------------------------------ reading
    def log(self) -> LogState:
        """The signed log, read again only when its head changed.

        Raises: CorruptObject when it cannot be trusted.
        """
        stamp = self.storage.stamp(CHECKPOINT)
        with self._reading:
            if self._log is None or self._log[0] != stamp:
                self._log = (stamp, read_log(self.storage, self.trusted))
            return self._log[1]

    def current_number(self) -> int | None:
        """The number the pointer names; None before the first release.

        Raises: CorruptObject when the pointer cannot be read.
        """
        try:
            return int(json.loads(self.storage.read(CURRENT))["number"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptObject(f"the pointer {self.root / CURRENT} cannot be read: {error}") from error

    def numbers(self) -> tuple[int, ...]:
        """Numbers of all releases that were ever published, withdrawn ones too, oldest first."""
        return tuple(sorted(self.log().releases))

    def manifest_bytes(self, number: int) -> bytes:
        """The manifest of a published release, after checking it against the log.

        Raises: ReleaseNotFound; CorruptObject when it is not what the log holds.
        """
        entry = self.log().releases.get(number)
        if entry is None:
            raise ReleaseNotFound(f"there is no release {number}")
        try:
            content = self.storage.read(manifest_path(number))
        except FileNotFoundError:
            raise CorruptObject(f"the manifest of release {number} is missing") from None
        if sha256_of(content) != entry.digest:
            raise CorruptObject(f"the manifest of release {number} is not the one that the signed log holds")
        return content

    def proof_text(self, number: int) -> str:
        """The signed proof that release `number` is in the log; checkable offline with its manifest."""
        if number not in self.log().releases:
            raise ReleaseNotFound(f"there is no release {number}")
        return self.log().proof_text(number)

    def tombstone(self, number: int) -> Tombstone | None:
        """Why a release was withdrawn; None when it was not.

        Raises: CorruptObject when the tombstone is not the one that the log holds.
        """
        entry = self.log().withdrawn.get(number)
        if entry is None:
            return None
        try:
            content = self.storage.read(tombstone_path(number))
        except FileNotFoundError:
            raise CorruptObject(f"the tombstone of release {number} is missing") from None
        if sha256_of(content) != entry.digest:
            raise CorruptObject(f"the tombstone of release {number} is not the one that the signed log holds")
        return Tombstone.from_bytes(content)

    def candidates(self) -> tuple[Candidate, ...]:
        """Everything that waits for approval, oldest first."""
        paths = self.storage.list("candidates")
        return tuple(Candidate.from_bytes(self.storage.read(path)) for path in paths)

    def candidate(self, number: int) -> Candidate:
        """The candidate with that number.

        Raises: ReleaseNotFound when none waits under it.
        """
        try:
            return Candidate.from_bytes(self.storage.read(candidate_path(number)))
        except FileNotFoundError:
            raise ReleaseNotFound(f"no candidate {number} waits for approval") from None

    def acts(self, number: int) -> tuple[Act, ...]:
        """Who published, approved or withdrew a release."""
        found = [path for path in self.storage.list("acts") if path.startswith(f"acts/{number:06d}-")]
        return tuple(Act.from_bytes(self.storage.read(path)) for path in found)

    # ------------------------------------------------------------ writing
    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the writer's lock; what an earlier writer left behind is put right first. May be nested.

        Raises: StoreBusy when another publisher holds it; CorruptObject when the log cannot be trusted.
        """
        with self._writing:
            if self._depth:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                return
            with self.storage.exclusive():
                self._depth = 1
                try:
                    recover(self.storage, self.log())
                    yield
                except BaseException:
                    with suppress(Exception):  # a full disk, say: the next writer tries again
                        recover(self.storage, self.log())
                    raise
                finally:
                    self._depth = 0

    def next_number(self) -> int:
        """The number the next release or candidate gets."""
        waiting = [candidate.number for candidate in self.candidates()]
        return max((*self.log().releases, *waiting), default=0) + 1

    def stage(self, candidate: Candidate) -> None:
        """Keep a complete release for approval. Its objects must be in place."""
        with self.exclusive():
            self.storage.put((candidate_path(candidate.number), candidate.to_bytes()))

    def publish(self, manifest: Manifest, *, act: Act, key: SigningKey) -> Manifest:
        """Make a complete release public and current. Its objects must be in place."""
        with self.exclusive():
            self._check_newest(manifest.number)
            content = manifest.to_bytes()
            entry = LogEntry("release", str(manifest.number), sha256_of(content), manifest.published_at)
            files = [(manifest_path(manifest.number), content), (act.path, act.to_bytes())]
            self._append(entry, key, files, manifest)
            return manifest

    def approve(
        self,
        number: int,
        *,
        approver: str,
        at: datetime,
        key: SigningKey,
        single_person: bool = False,
    ) -> Manifest:
        """Publish a candidate.

        Raises: ReleaseNotFound; ReleaseError when the approver made it (unless `single_person`), or when a newer
        release has been published meanwhile.
        """
        with self.exclusive():
            candidate = self.candidate(number)
            another = approver.strip() != candidate.maker.strip()
            if not approver.strip():
                raise ReleaseError("say who approves")
            if not another and not single_person:
                raise ReleaseError(f"{approver} made release {number}; another person must approve it")
            manifest = replace(candidate.manifest, published_at=in_seconds(at), approved_by_another=another)
            act = Act(number, "approved", candidate.maker, approver, at, candidate.manifest.note)
            return self.publish(manifest, act=act, key=key)

    def discard(self, number: int) -> None:
        """Throw a candidate away. Its number becomes free again, for it was never public."""
        with self.exclusive():
            self.candidate(number)
            self.storage.delete(candidate_path(number))
            self.storage.sync()
            recover(self.storage, self.log())

    def withdraw(self, number: int, *, reason: str, by: str, at: datetime, key: SigningKey) -> Tombstone:
        """Stop offering a release, for a reason that everybody can read. Its manifest and files stay.

        If it is the current one, the pointer goes back to the newest release that was not withdrawn.

        Raises: ReleaseNotFound; ReleaseError without a reason or when it is withdrawn already.
        """
        with self.exclusive():
            if number not in self.log().releases:
                raise ReleaseNotFound(f"there is no release {number}")
            if number in self.log().withdrawn:
                raise ReleaseError(f"release {number} was withdrawn already")
            if not reason.strip():
                raise ReleaseError("a withdrawal needs a reason that the public can read")
            manifest = Manifest.from_bytes(self.manifest_bytes(number))
            tombstone = Tombstone(number, manifest.id, reason.strip(), in_seconds(at))
            content = tombstone.to_bytes()
            act = Act(number, "withdrawn", "", by, at, reason)
            entry = LogEntry("withdrawal", str(number), sha256_of(content), tombstone.withdrawn_at)
            files = [(tombstone_path(number), content), (act.path, act.to_bytes())]
            self._append(entry, key, files, self._newest_but(number))
            return tombstone

    def anchor(self, subject: str, digest: str, *, at: datetime, key: SigningKey) -> LogState:
        """Put the head of another log (the operation log, say) into this one, so that it cannot be rewritten."""
        with self.exclusive():
            self._append(LogEntry("anchor", subject, digest, in_seconds(at)), key, [], None)
            return self.log()

    def _append(
        self, entry: LogEntry, key: SigningKey, files: list[tuple[str, bytes]], current: Manifest | None
    ) -> None:
        """Put the files of an act, its entry in the log, and what follows from it: the proof, and the pointer last."""
        state, log_files = appended(self.log(), entry, key, origin=key.name)
        follows = []
        if entry.kind == "release":
            number = int(entry.subject)
            follows.append((proof_path(number), state.proof_text(number).encode()))
        if current is not None:
            follows.append((CURRENT, pointer_to(current)))
        self.storage.put(*files, *log_files, *follows)
        settle(self.storage, self.log())

    def _newest_but(self, number: int) -> Manifest | None:
        """The manifest of the newest release that stands once this one is gone; None when there is none, or damaged."""
        standing = [each for each in self.log().standing if each != number]
        with suppress(CorruptObject):
            return Manifest.from_bytes(self.manifest_bytes(standing[-1])) if standing else None
        return None

    def _check_newest(self, number: int) -> None:
        newest = max(self.log().releases, default=0)
        if number <= newest:
            raise ReleaseError(
                f"release {number} cannot be published after release {newest}: make it again from today's source"
            )
