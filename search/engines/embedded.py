"""Search inside the process: tantivy over tokens of our own making.

One writer builds a whole generation beside the one that is served (`generations.py`); readers follow the pointer
and keep what they opened. The index gives the interpreter lock back while it searches, so threads help.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import tantivy

from search.analysis import Analyzer
from search.documents import SearchDocument
from search.engine import Hits, IndexReport, Query, Suggestion
from search.engines.fields import FORMAT, TOKENS, index_rows, index_schema, token_analyzer
from search.engines.generations import current_name, new_generation, pointer_stamp
from search.engines.snapshot import FORMAT_FILE, LEXICON_FILE, Snapshot
from search.errors import IndexMissing
from search.lexicon import Lexicon

_CHUNK = 1_000  # documents whose tokens are made at once
_HEAP_BYTES = 384_000_000
_WRITER_THREADS = 1  # tokens are made by the calling thread, which is the slower half


def index_directory(root: Path, release_id: str) -> Path:
    """The directory under `root` that holds the index of one release (`sha256:...` becomes `sha256-...`)."""
    return root / release_id.replace(":", "-")


class EmbeddedIndexBuilder:
    """Builds an index in a directory; whoever reads it sees the old one until the new one is complete."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def build(self, documents: Iterable[SearchDocument], lexicon: Lexicon) -> IndexReport:
        """Index all documents and serve them.

        Raises: IndexBusy when another build runs in the same directory.
        """
        started = time.perf_counter()
        with new_generation(self._directory) as building:
            count = _write(building, documents, lexicon)
            (building / LEXICON_FILE).write_bytes(lexicon.to_json())
            (building / FORMAT_FILE).write_text(str(FORMAT), encoding="ascii")
            size = sum(path.stat().st_size for path in building.iterdir())
        return IndexReport(count, time.perf_counter() - started, size, current_name(self._directory))


def _write(building: Path, documents: Iterable[SearchDocument], lexicon: Lexicon) -> int:
    analyzer = Analyzer(lexicon)
    index = tantivy.Index(index_schema(), path=str(building))
    index.register_tokenizer(TOKENS, token_analyzer())
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=_WRITER_THREADS)
    count, source = 0, iter(documents)
    while chunk := list(islice(source, _CHUNK)):
        for row in index_rows(zip(chunk, analyzer.streams(chunk), strict=True)):
            writer.add_json(row)
        count += len(chunk)
    writer.commit()
    writer.wait_merging_threads()
    return count


class EmbeddedEngine:
    """Searches the index of a directory, always the generation that its pointer names."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._opened: tuple[tuple[int, int] | None, Snapshot] | None = None

    def search(self, query: Query) -> Hits:
        """Find one page of documents, with counts.

        Raises: IndexMissing when there is no complete index.
        """
        return self.snapshot().search(query)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Complete what is being typed: vocabulary first, then titles.

        Raises: IndexMissing when there is no complete index.
        """
        return self.snapshot().suggest(text, limit)

    def warm(self) -> None:
        """Open the index and load what a first search would wait for.

        Raises: IndexMissing when there is no complete index.
        """
        self.snapshot().warm()

    def snapshot(self) -> Snapshot:
        """The generation that is served now; it stays usable when another takes its place.

        Raises: IndexMissing when there is no complete index.
        """
        stamp = pointer_stamp(self._directory)
        opened = self._opened
        if opened is not None and opened[0] == stamp:
            return opened[1]
        with self._lock:
            snapshot = _open_current(self._directory)
            self._opened = (stamp, snapshot)
            return snapshot


def _open_current(directory: Path) -> Snapshot:
    name = current_name(directory)
    try:
        return Snapshot(directory / name)
    except IndexMissing:
        newer = current_name(directory)
        if newer == name:
            raise
        return Snapshot(directory / newer)  # replaced and removed between the two steps
