"""Releases as others see them: verified, read-only, with money back in Int64 fen.

No byte leaves here that was not checked: the manifest against the signed log, every object against the manifest.
What was checked is remembered with the file's inode, times and size, so a file that is changed later is noticed by
one `stat` and checked again. Tables are parsed from the very bytes that were hashed.

A damaged current release is not served: the newest older one that is whole is, marked as `degraded`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

from publishing.errors import CorruptObject, ReleaseNotFound, ReleaseWithdrawn
from publishing.release.log import KEY
from publishing.release.manifest import Lineage, Manifest, StoredFile, TableEntry
from publishing.release.parquet import read_parquet
from publishing.release.records import Tombstone, manifest_path, object_path, proof_path
from publishing.release.standalone_verify import Mismatch, PublicKey, check_manifest
from publishing.release.store import ReleaseStore
from publishing.specs import DatasetSpec


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """A file whose bytes have been checked: where it lies, and what it is. `encoding` is `gzip` or None."""

    path: Path
    name: str
    sha256: str
    bytes: int
    media_type: str
    encoding: str | None = None


class _Seen:
    """Objects found whole in this process: path to the stamp they had then."""

    def __init__(self) -> None:
        self._stamps: dict[Path, Hashable] = {}
        self._lock = threading.Lock()

    def is_known(self, path: Path, stamp: Hashable) -> bool:
        with self._lock:
            return stamp is not None and self._stamps.get(path) == stamp

    def remember(self, path: Path, stamp: Hashable) -> None:
        if stamp is not None:
            with self._lock:
                self._stamps[path] = stamp

    def forget(self, path: Path) -> None:
        with self._lock:
            self._stamps.pop(path, None)


_SEEN = _Seen()


class Release:
    """One release. Safe to share between threads; tables and documents are kept in memory once read."""

    def __init__(
        self,
        store: ReleaseStore,
        manifest: Manifest,
        *,
        tombstone: Tombstone | None = None,
        degraded: str = "",
    ) -> None:
        self._store = store
        self._manifest = manifest
        self._entries = {entry.name: entry for entry in manifest.tables}
        self._tables: dict[str, pl.DataFrame] = {}
        self._lock = threading.Lock()
        self.tombstone = tombstone
        self.degraded_reason = degraded
        self.damage = ""

    def __repr__(self) -> str:
        return f"<Release {self.number} {self.id[:19]}>"

    @property
    def manifest(self) -> Manifest:
        """Everything the release says about itself."""
        return self._manifest

    @property
    def number(self) -> int:
        """Its number."""
        return self._manifest.number

    @property
    def id(self) -> str:
        """`sha256:…` of its content."""
        return self._manifest.id

    @property
    def published_at(self) -> datetime:
        """When it became public, UTC."""
        return self._manifest.published_at

    @property
    def as_of(self) -> date:
        """The last day its data know of."""
        return self._manifest.lineage.as_of

    @property
    def lineage(self) -> Lineage:
        """Where it comes from."""
        return self._manifest.lineage

    @property
    def specs(self) -> tuple[DatasetSpec, ...]:
        """The specs it was published with, in the order of the catalogue."""
        return tuple(entry.spec for entry in self._manifest.tables)

    @property
    def degraded(self) -> bool:
        """Whether this release stands in for a newer one that is damaged; `degraded_reason` says which."""
        return bool(self.degraded_reason)

    def entry(self, name: str) -> TableEntry:
        """The manifest's entry of a dataset. Raises: DatasetNotFound."""
        return self._manifest.table(name)

    def spec(self, name: str) -> DatasetSpec:
        """The spec of a dataset as it was when this release was made. Raises: DatasetNotFound."""
        return self._manifest.table(name).spec

    def table(self, name: str) -> pl.DataFrame:
        """A dataset with exactly `spec.schema`, sorted by its key; money in Int64 fen, months as first days.

        Raises: DatasetNotFound; CorruptObject when the stored bytes are not those of the manifest.
        """
        entry = self._manifest.table(name)
        with self._lock:
            frame = self._tables.get(name)
        if frame is None:
            frame = read_parquet(self._verified_bytes(entry.file("parquet")), entry.spec)
            with self._lock:
                frame = self._tables.setdefault(name, frame)
        return frame

    def scan(self, name: str) -> pl.LazyFrame:
        """The same dataset, lazily. Raises: as `table`."""
        return self.table(name).lazy()

    def file(self, name: str, format: str, *, encoding: str | None = None) -> VerifiedFile:  # noqa: A002
        """A file of a dataset: `csv`, `parquet`, `xlsx`, `jsonl` or `datapackage`; `encoding="gzip"` compressed.

        Raises: DatasetNotFound when there is none of that format or encoding; CorruptObject.
        """
        return self._verified_file(self._manifest.table(name).file(format), encoding)

    def document_file(self, name: str, *, encoding: str | None = None) -> VerifiedFile:
        """A document as a file. Raises: DatasetNotFound; CorruptObject."""
        return self._verified_file(self._manifest.document(name), encoding)

    def document(self, name: str) -> bytes:
        """The bytes of a document. Raises: DatasetNotFound; CorruptObject."""
        return self._verified_bytes(self._manifest.document(name))

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of all documents."""
        return tuple(stored.name for stored in self._manifest.documents)

    @property
    def manifest_bytes(self) -> bytes:
        """The manifest as it was signed."""
        return self._store.manifest_bytes(self.number)

    @property
    def proof_text(self) -> str:
        """The proof that the manifest is in the signed log."""
        return self._store.proof_text(self.number)

    def recheck(self, *, thorough: bool = True) -> tuple[str, ...]:
        """Check every object; return what is wrong, nothing if all is well.

        Thorough reads all bytes again; otherwise only files whose stamp changed since they were checked.
        """
        problems = []
        for stored in self._manifest.files():
            for digest in stored.objects():
                if thorough:
                    _SEEN.forget(self._store.storage.local(object_path(digest)))
                try:
                    self._verify(digest, stored.name)
                except CorruptObject as error:
                    problems.append(str(error))
        return tuple(problems)

    # ------------------------------------------------------------ checking
    def _verified_file(self, stored: StoredFile, encoding: str | None) -> VerifiedFile:
        digest, size = stored.sha256, stored.bytes
        if encoding is not None:
            digest, size = stored.compressed(encoding)
        path = self._verify(digest, stored.name)
        return VerifiedFile(path, stored.name, digest, size, stored.media_type, encoding)

    def _verify(self, digest: str, name: str) -> Path:
        storage = self._store.storage
        path, stamp = storage.local(object_path(digest)), storage.settled_stamp(object_path(digest))
        if not _SEEN.is_known(path, stamp):
            try:
                with path.open("rb") as source:
                    found = hashlib.file_digest(source, "sha256").hexdigest()
            except OSError as error:
                raise self._damaged(name, f"cannot be read ({error.strerror})") from error
            self._compare(found, digest, name)
            _SEEN.remember(path, stamp)
        return path

    def _verified_bytes(self, stored: StoredFile) -> bytes:
        try:
            content = self._store.storage.read(object_path(stored.sha256))
        except OSError as error:
            raise self._damaged(stored.name, f"cannot be read ({error.strerror})") from error
        self._compare(hashlib.sha256(content).hexdigest(), stored.sha256, stored.name)
        return content

    def _compare(self, found: str, expected: str, name: str) -> None:
        if found != expected:
            raise self._damaged(name, f"has digest {found[:16]}…, the manifest says {expected[:16]}…")

    def _damaged(self, name: str, what: str) -> CorruptObject:
        self.damage = f"release {self.number}, {name}: {what}"
        return CorruptObject(f"{self.damage}; restore the store from the backup")


def open_release(
    store: ReleaseStore,
    number: int | None = None,
    *,
    withdrawn_too: bool = False,
    check_all: bool | None = None,
) -> Release:
    """Open a release; without a number the current one, or the newest whole one before it.

    `check_all` reads every byte of the release first; by default that is done for the current release only.

    Raises: ReleaseNotFound; ReleaseWithdrawn (unless `withdrawn_too`); CorruptObject when it is damaged, and for the
    current release only when no older one is whole either.
    """
    if number is None:
        return _open_current(store, check_all=check_all is not False)
    release = _open_numbered(store, number)
    if release.tombstone is not None and not withdrawn_too:
        raise ReleaseWithdrawn(f"release {number} was withdrawn", release.tombstone.reason)
    if check_all:
        _refuse_damage(release)
    return release


def open_candidate(store: ReleaseStore, number: int) -> Release:
    """Open what waits for approval, for those who prepare and approve it; the public never sees it.

    Its objects are checked like those of a release; its manifest is not yet signed.

    Raises: ReleaseNotFound when no candidate waits under that number.
    """
    return Release(store, store.candidate(number).manifest)


def _open_current(store: ReleaseStore, *, check_all: bool) -> Release:
    problems: list[str] = []
    wanted = _pointed(store, problems)
    for number in _in_order_of_preference(store, wanted, problems):
        try:
            release = _open_numbered(store, number, problems)
            if release.tombstone is not None:
                continue
            if check_all:
                _refuse_damage(release)
        except (CorruptObject, ReleaseNotFound) as error:
            problems.append(str(error))
            continue
        release.degraded_reason = "; ".join(problems)
        return release
    if problems:
        raise CorruptObject(f"no release can be served: {'; '.join(problems)}")
    raise ReleaseNotFound("nothing has been published yet")


def _pointed(store: ReleaseStore, problems: list[str]) -> int | None:
    try:
        return store.current_number()
    except CorruptObject as error:
        problems.append(str(error))
        return None


def _in_order_of_preference(store: ReleaseStore, wanted: int | None, problems: list[str]) -> list[int]:
    """The release the pointer names, then all others, newest first."""
    try:
        numbers = store.log().standing
    except CorruptObject as error:
        problems.append(str(error))
        paths = store.storage.list("releases")
        numbers = tuple(int(path.rsplit("/", 1)[-1][:6]) for path in paths)
    newest = numbers[-1] if numbers else 0
    if wanted is None and numbers and not problems:
        problems.append("the pointer to the current release is missing")
    limit = wanted if wanted is not None else newest
    return sorted((number for number in numbers if number <= limit), reverse=True)


def _open_numbered(store: ReleaseStore, number: int, problems: list[str] | None = None) -> Release:
    """Open a release by the log, or by its own proof when the log is damaged and that may be tolerated."""
    try:
        store.log()
    except CorruptObject:
        if problems is None:
            raise
        return Release(store, _proven_manifest(store, number), tombstone=_unproven_tombstone(store, number))
    return Release(
        store, Manifest.from_bytes(store.manifest_bytes(number)), tombstone=store.tombstone(number)
    )


def _proven_manifest(store: ReleaseStore, number: int) -> Manifest:
    try:
        key = store.trusted or PublicKey.parse(store.storage.read(KEY).decode())
        content = store.storage.read(manifest_path(number))
        check_manifest(content, store.storage.read(proof_path(number)).decode(), key)
    except (Mismatch, OSError, UnicodeDecodeError) as error:
        raise CorruptObject(f"release {number} cannot be trusted: {error}") from error
    return Manifest.from_bytes(content)


def _unproven_tombstone(store: ReleaseStore, number: int) -> Tombstone | None:
    """Without a log, any tombstone counts: better to hide a good release than to show a withdrawn one."""
    try:
        return Tombstone.from_bytes(store.storage.read(f"tombstones/{number:06d}.json"))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptObject(f"the tombstone of release {number} cannot be read: {error}") from error


def _refuse_damage(release: Release) -> None:
    problems = release.recheck(thorough=False)
    if problems:
        raise CorruptObject("; ".join(problems[:3]))
