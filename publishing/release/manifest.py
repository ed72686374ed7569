"""What a release says about itself: its tables, files and documents, each with a digest, and where it comes from.

The id of a release is the SHA-256 of canonical JSON over what it *says*: format, audience, the canonical digest,
row count and spec digest of each table, the digest of each document, and the lineage that is content. Not in it:
the number, the time, the note, the program's version, and the bytes of files, which differ between library
versions. So the same input under the same policy gives the same id anywhere, at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from publishing.errors import CorruptObject, DatasetNotFound
from publishing.release.canonical import canonical_json, sha256_of
from publishing.specs import DatasetSpec

RELEASE_FORMAT = "sunshine-release/1"
Audience = Literal["public", "internal"]


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a release comes from. Everything but `program_version` is content and part of the id."""

    source_digest: str
    policy_digest: str
    as_of: date
    title: str
    fictional: bool
    currency: str
    attribution: str
    program_version: str

    def content(self) -> dict[str, Any]:
        """What of it enters the id."""
        value = self.to_json()
        del value["program_version"]
        return value

    def to_json(self) -> dict[str, Any]:
        """As it stands in the manifest."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Lineage:
        """Read it back from a manifest."""
        return cls(**{**value, "as_of": date.fromisoformat(value["as_of"])})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a release: the object it is stored as, and the same bytes compressed, when that was made."""

    format: str
    name: str
    media_type: str
    sha256: str
    bytes: int
    gzip_sha256: str | None = None
    gzip_bytes: int | None = None

    def objects(self) -> tuple[str, ...]:
        """Digests of the objects this file needs."""
        return (self.sha256,) if self.gzip_sha256 is None else (self.sha256, self.gzip_sha256)

    def compressed(self, encoding: str) -> tuple[str, int]:
        """Digest and size of the compressed bytes.

        Raises: DatasetNotFound when they were not made in that encoding.
        """
        if encoding != "gzip" or self.gzip_sha256 is None or self.gzip_bytes is None:
            raise DatasetNotFound(f"{self.name} is not kept in encoding {encoding!r}")
        return self.gzip_sha256, self.gzip_bytes


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table of a release: its canonical digest, its spec and its files by format.

    `skipped` says of a format that was not made why not.
    """

    name: str
    digest: str
    rows: int
    spec: DatasetSpec
    spec_digest: str
    files: tuple[StoredFile, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)

    def file(self, format: str) -> StoredFile:  # noqa: A002 - the word everybody uses for it
        """Return the file of that format.

        Raises: DatasetNotFound when the table was not published in it; the message says why.
        """
        for stored in self.files:
            if stored.format == format:
                return stored
        reason = self.skipped.get(format, f"there are: {', '.join(stored.format for stored in self.files)}")
        raise DatasetNotFound(f"dataset {self.name} has no {format} file: {reason}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of a release in digests. `published_at` is UTC; for a candidate, when it was staged."""

    number: int
    id: str
    audience: Audience
    published_at: datetime
    lineage: Lineage
    tables: tuple[TableEntry, ...]
    documents: tuple[StoredFile, ...]
    note: str = ""
    approved_by_another: bool = False
    format: str = RELEASE_FORMAT

    def table(self, name: str) -> TableEntry:
        """Return the entry of that table.

        Raises: DatasetNotFound when the release has no such table.
        """
        for entry in self.tables:
            if entry.name == name:
                return entry
        raise DatasetNotFound(f"release {self.number} has no dataset {name!r}")

    def document(self, name: str) -> StoredFile:
        """Return the entry of that document.

        Raises: DatasetNotFound when the release has no such document.
        """
        for entry in self.documents:
            if entry.name == name:
                return entry
        raise DatasetNotFound(f"release {self.number} has no document {name!r}")

    def files(self) -> tuple[StoredFile, ...]:
        """Every file of the release: those of the tables, then the documents."""
        return (*(stored for entry in self.tables for stored in entry.files), *self.documents)

    def objects(self) -> frozenset[str]:
        """Digests of all objects the release needs."""
        return frozenset(digest for stored in self.files() for digest in stored.objects())

    def to_bytes(self) -> bytes:
        """The manifest as it is stored, signed and served."""
        return (json.dumps(self._to_json(), ensure_ascii=False, indent=1) + "\n").encode()

    def _to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "number": self.number,
            "id": self.id,
            "audience": self.audience,
            "published_at": self.published_at.isoformat(timespec="seconds"),
            "note": self.note,
            "approved_by_another": self.approved_by_another,
            "lineage": self.lineage.to_json(),
            "tables": [_table_json(entry) for entry in self.tables],
            "documents": [_file_json(entry) for entry in self.documents],
        }

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Read a manifest and check that its id is the digest of what it says.

        Raises: CorruptObject when it cannot be read or the id does not follow from it.
        """
        try:
            manifest = cls._from_json(json.loads(content))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CorruptObject(f"a manifest cannot be read: {error!r}") from error
        expected = release_id(manifest.audience, manifest.tables, manifest.documents, manifest.lineage)
        if expected != manifest.id:
            raise CorruptObject(
                f"the manifest of release {manifest.number} says {manifest.id}, but its content has {expected}"
            )
        return manifest

    @classmethod
    def _from_json(cls, value: Mapping[str, Any]) -> Manifest:
        if value["format"] != RELEASE_FORMAT:
            raise ValueError(f"format {value['format']!r} is not {RELEASE_FORMAT}")
        return cls(
            number=int(value["number"]),
            id=value["id"],
            audience=value["audience"],
            published_at=datetime.fromisoformat(value["published_at"]),
            note=value["note"],
            approved_by_another=value["approved_by_another"],
            lineage=Lineage.from_json(value["lineage"]),
            tables=tuple(_table_from_json(item) for item in value["tables"]),
            documents=tuple(StoredFile(**item) for item in value["documents"]),
        )


def release_id(
    audience: Audience, tables: Sequence[TableEntry], documents: Sequence[StoredFile], lineage: Lineage
) -> str:
    """The digest of what a release says (see the module's text)."""
    content = {
        "format": RELEASE_FORMAT,
        "audience": audience,
        "tables": {
            entry.name: {"digest": entry.digest, "rows": entry.rows, "spec": entry.spec_digest}
            for entry in tables
        },
        "documents": {entry.name: entry.sha256 for entry in documents},
        "lineage": lineage.content(),
    }
    return f"sha256:{sha256_of(canonical_json(content))}"


def _file_json(stored: StoredFile) -> dict[str, Any]:
    return {name: value for name, value in asdict(stored).items() if value is not None}


def _table_json(entry: TableEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "digest": entry.digest,
        "rows": entry.rows,
        "spec_digest": entry.spec_digest,
        "files": [_file_json(stored) for stored in entry.files],
        "skipped": dict(entry.skipped),
        "spec": entry.spec.to_json(),
    }


def _table_from_json(value: Mapping[str, Any]) -> TableEntry:
    spec_json = value["spec"]
    if f"sha256:{sha256_of(canonical_json(spec_json))}" != value["spec_digest"]:
        raise ValueError(f"the spec of {value['name']} does not match its digest")
    return TableEntry(
        name=value["name"],
        digest=value["digest"],
        rows=int(value["rows"]),
        spec=DatasetSpec.from_json(spec_json),
        spec_digest=value["spec_digest"],
        files=tuple(StoredFile(**item) for item in value["files"]),
        skipped=value["skipped"],
    )
