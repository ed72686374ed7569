"""Content in, release out: check it, write every file, then publish it or keep it as a candidate.

Files are written by a few threads (compression and Polars leave the interpreter free), each straight into the store's
staging folder and from there to its place under its own digest. Until the last step nothing refers to them.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from publishing.errors import ReleaseError
from publishing.release.canonical import spec_digest, table_digest
from publishing.release.content import PublishedTable, ReleaseContent, checked_content
from publishing.release.describe import Edition, about_sheet, data_package, parquet_metadata
from publishing.release.exports import (
    CSV_MEDIA_TYPE,
    JSON_LINES_MEDIA_TYPE,
    csv_chunks,
    json_lines_chunks,
)
from publishing.release.keys import SigningKey
from publishing.release.manifest import Audience, Manifest, StoredFile, TableEntry, release_id
from publishing.release.parquet import PARQUET_MEDIA_TYPE, write_parquet
from publishing.release.records import Act, Candidate, in_seconds, object_path
from publishing.release.storage import StagedFile, Storage, disk_refusals
from publishing.release.store import ReleaseStore
from publishing.release.xlsx import XLSX_MEDIA_TYPE, write_xlsx

LONGEST_WORKBOOK = 3_000_000  # rows; three sheets, and more than Excel opens in a minute
_GZIP_HEADER_AND_TRAILER = 31  # zlib's way of asking for the gzip form; its header holds no time
_DOCUMENT_TYPES = {
    "json": "application/json",
    "geojson": "application/geo+json",
    "jsonl": JSON_LINES_MEDIA_TYPE,
    "csv": CSV_MEDIA_TYPE,
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


def write_release(  # noqa: PLR0913 - each is a fact of the release, all but two by keyword
    store: ReleaseStore,
    content: ReleaseContent,
    *,
    stage: bool,
    maker: str,
    note: str,
    audience: Audience,
    published_at: datetime,
    keys: SigningKey,
    before_it_counts: Callable[[Edition], None] = lambda _edition: None,
) -> Manifest:
    """Write a release and return its manifest; with `stage` it waits as a candidate for another person.

    `before_it_counts` is called as soon as the release has its id, beside the writing of its files (the search index is
    made then). Nothing refers to the release until it is done; what it raises stops the release.

    Raises: ReleaseError when the content is not what its specs say; StoreBusy; StoreFull. In each case the release
    before this one is still served and nothing of this one can be seen.
    """
    if not maker.strip():
        raise ReleaseError("say who makes the release")
    checked = checked_content(content)
    moment = in_seconds(published_at)
    with store.exclusive():
        with disk_refusals(store.root):
            documents = _written_documents(store.storage, checked)
            tables = _identified(checked)
            identity = release_id(audience, tables, documents, checked.lineage)
            edition = Edition(store.next_number(), identity, checked.lineage)
        with ThreadPoolExecutor(max_workers=1) as beside:
            companion = beside.submit(before_it_counts, edition)
            with disk_refusals(store.root):
                entries = _written_tables(store.storage, checked, edition, tables)
            companion.result()
        manifest = Manifest(
            number=edition.number,
            id=edition.id,
            audience=audience,
            published_at=moment,
            lineage=checked.lineage,
            tables=entries,
            documents=documents,
            note=note,
        )
        if stage:
            store.stage(Candidate(manifest, maker))
        else:
            act = Act(manifest.number, "published", maker, maker, moment, note)
            store.publish(manifest, act=act, key=keys)
    return manifest


def _written_documents(storage: Storage, content: ReleaseContent) -> tuple[StoredFile, ...]:
    return tuple(
        _written_document(storage, name, document) for name, document in sorted(content.documents.items())
    )


def _identified(content: ReleaseContent) -> tuple[TableEntry, ...]:
    """The tables with their digests, before any file of theirs is there."""
    with _few_threads() as pool:
        digests = pool.map(lambda table: table_digest(table.frame, table.spec), content.tables)
        return tuple(map(_entry_without_files, content.tables, digests))


def _written_tables(
    storage: Storage, content: ReleaseContent, edition: Edition, tables: tuple[TableEntry, ...]
) -> tuple[TableEntry, ...]:
    scribe = _Scribe(storage, edition)
    with _few_threads() as pool:
        entries = tuple(pool.map(scribe.written, content.tables, tables))
    storage.sync()
    return entries


def _few_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1)


def _entry_without_files(table: PublishedTable, digest: str) -> TableEntry:
    spec = table.spec
    return TableEntry(spec.name, digest, table.frame.height, spec, spec_digest(spec), files=())


def _written_document(storage: Storage, name: str, document: bytes) -> StoredFile:
    ending = name.rsplit(".", 1)[-1]
    media_type = _DOCUMENT_TYPES.get(ending, "application/octet-stream")
    if ending == "parquet":  # compressed inside: packing it again costs seconds and saves nothing
        with storage.stage() as staged:
            staged.write(document)
            return _placed(staged, ending, name, media_type)
    return _stored_text(storage, ending, name, media_type, [document])


@dataclass(frozen=True, slots=True)
class _Scribe:
    """Writes the files of one table after the other for one edition."""

    storage: Storage
    edition: Edition

    def written(self, table: PublishedTable, entry: TableEntry) -> TableEntry:
        spec, frame, name = table.spec, table.frame, table.spec.name
        files = [
            _stored_text(self.storage, "csv", f"{name}.csv", CSV_MEDIA_TYPE, csv_chunks(frame, spec.columns)),
            self._parquet(table),
            _stored_text(
                self.storage,
                "jsonl",
                f"{name}.jsonl",
                JSON_LINES_MEDIA_TYPE,
                json_lines_chunks(frame, spec.columns),
            ),
        ]
        skipped = {}
        if frame.height > LONGEST_WORKBOOK:
            skipped["xlsx"] = f"表格软件打不开 {frame.height:,} 行；请用 CSV 或 Parquet。"
        else:
            files.append(self._xlsx(table))
        package = data_package(spec, self.edition, files, frame.height)
        files.append(
            _stored_text(self.storage, "datapackage", "datapackage.json", "application/json", [package])
        )
        return TableEntry(
            entry.name, entry.digest, entry.rows, spec, entry.spec_digest, tuple(files), skipped
        )

    def _parquet(self, table: PublishedTable) -> StoredFile:
        spec = table.spec
        with self.storage.stage() as staged:
            write_parquet(table.frame, spec, staged.sink, parquet_metadata(spec, self.edition))
            return _placed(staged, "parquet", f"{spec.name}.parquet", PARQUET_MEDIA_TYPE)

    def _xlsx(self, table: PublishedTable) -> StoredFile:
        spec = table.spec
        about = about_sheet(spec, self.edition, table.frame.height)
        with self.storage.stage() as staged:
            write_xlsx(table.frame, spec.columns, staged.sink, name=spec.name, about=about)
            return _placed(staged, "xlsx", f"{spec.name}.xlsx", XLSX_MEDIA_TYPE)


def _stored_text(
    storage: Storage, format_name: str, name: str, media_type: str, chunks: Iterable[bytes]
) -> StoredFile:
    """Store bytes as they are and compressed, in one pass."""
    with storage.stage() as plain, storage.stage() as packed:
        for chunk, compressed in _compressed_alongside(chunks):
            plain.write(chunk)
            packed.write(compressed)
        stored = _placed(plain, format_name, name, media_type)
        squeezed = _placed(packed, format_name, name, media_type)
    return StoredFile(
        stored.format, name, media_type, stored.sha256, stored.bytes, squeezed.sha256, squeezed.bytes
    )


def _compressed_alongside(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    compressor = zlib.compressobj(6, wbits=_GZIP_HEADER_AND_TRAILER)
    for chunk in chunks:
        yield chunk, compressor.compress(chunk)
    yield b"", compressor.flush()


def _placed(staged: StagedFile, format_name: str, name: str, media_type: str) -> StoredFile:
    """Move a staged file to its place. Equal bytes that are there already are replaced, which mends them."""
    sha256, size = staged.finish()
    staged.move_to(object_path(sha256))
    return StoredFile(format_name, name, media_type, sha256, size)
