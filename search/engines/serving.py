"""One index per release on a search server, and what happens when the server does not answer.

The index of a release has a name made from the release's id. It is complete before the release counts, and a reader
asks for the index of the release it serves: so the server's index moves with the release's pointer, whichever way
that moves, and is never seen half. The index inside the process is always built too; when the server is down,
slow or has lost the index, it answers instead, and the server is asked again after a pause.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from search.documents import SearchDocument
from search.engine import Engine, Hits, IndexReport, Query, Suggestion
from search.engines.embedded import EmbeddedEngine, EmbeddedIndexBuilder
from search.engines.meili import MeiliEngine, MeiliIndexBuilder
from search.errors import EngineUnavailable
from search.lexicon import Lexicon

PAUSE_SECONDS = 30.0
_LONGEST_NAME = 60
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SearchServer:
    """Where a Meilisearch server is; the key is None when it needs none."""

    url: str
    key: str | None = None

    @classmethod
    def configured(cls, environment: Mapping[str, str] | None = None) -> SearchServer | None:
        """The server of the settings, None when there is none."""
        given = os.environ if environment is None else environment
        url = given.get("SUNSHINE_MEILISEARCH_URL", "").strip()
        return cls(url, given.get("SUNSHINE_MEILISEARCH_KEY", "").strip() or None) if url else None


def index_name(directory: Path) -> str:
    """The server's name for the index that lies in a directory: the directory is named by the release's id."""
    return "sunshine-" + re.sub(r"[^A-Za-z0-9_-]", "-", directory.name)[-_LONGEST_NAME:]


class ServedIndexBuilder:
    """Builds the index in a directory, and on the server where there is one.

    A server that fails does not stop a release: what it lacks is answered inside the process.
    """

    def __init__(self, directory: Path, server: SearchServer | None) -> None:
        self._directory = directory
        self._server = server

    def build(self, documents: Iterable[SearchDocument], lexicon: Lexicon) -> IndexReport:
        """Index all documents in both places.

        Raises: IndexBusy when another build runs in the same directory.
        """
        kept = list(documents) if self._server is not None else documents
        report = EmbeddedIndexBuilder(self._directory).build(kept, lexicon)
        if self._server is not None:
            name = index_name(self._directory)
            try:
                MeiliIndexBuilder(self._server.url, self._server.key, name).build(kept, lexicon)
            except EngineUnavailable as error:
                _log.warning("search server: index %s was not built, searching in process: %s", name, error)
        return report


def engine_of(directory: Path, server: SearchServer | None) -> Engine:
    """The engine for the index in a directory, ready to answer.

    Raises: IndexMissing when there is no complete index.
    """
    embedded = EmbeddedEngine(directory)
    embedded.warm()
    if server is None:
        return embedded
    lexicon = embedded.snapshot().lexicon
    return FallingBack(MeiliEngine(server.url, server.key, index_name(directory), lexicon), embedded)


class FallingBack:
    """Asks the first engine, and the second one while the first does not answer."""

    def __init__(self, first: Engine, second: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._first = first
        self._second = second
        self._clock = clock
        self._silent_until = float("-inf")

    def search(self, query: Query) -> Hits:
        """Find one page of documents, with counts."""
        if self._clock() >= self._silent_until:
            try:
                return self._first.search(query)
            except EngineUnavailable as error:
                self._fall_silent(error)
        return self._second.search(query)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Complete what is being typed."""
        if self._clock() >= self._silent_until:
            try:
                return self._first.suggest(text, limit)
            except EngineUnavailable as error:
                self._fall_silent(error)
        return self._second.suggest(text, limit)

    def _fall_silent(self, error: EngineUnavailable) -> None:
        """Not asked for a while: a citizen must not wait for a server that is known to be away."""
        self._silent_until = self._clock() + PAUSE_SECONDS
        _log.warning(
            "search server does not answer, searching in process for %.0f s: %s", PAUSE_SECONDS, error
        )
