"""Who finds things in one release: its search index, or where there is none a plain look through its projects.

The index belongs to the release: it was built before the release counted, and lies in a folder named by its id. A
release that came without one (another program's, an old one, the index deleted) can still be looked through; the
page then says that it is a plain look-up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.reading.edition import Edition
from portal.reading.projects import prepared
from portal.reading.quantities import amount_in
from search.documents import Kind, SearchDocument
from search.engine import Closeness, Engine, FacetField, Hit, Hits, Marked, Query, Suggestion
from search.engines.embedded import index_directory
from search.engines.serving import SearchServer, engine_of
from search.errors import IndexMissing

PLAIN_NOTE = "这一号发布没有检索索引，现在只按字面查找项目，不含合同、供应商和单位。"
_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Finder:
    """An engine for one release; `note` says what it cannot do, empty when it can do everything."""

    engine: Engine
    note: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the release has its index."""
        return not self.note


def finder_of(edition: Edition, indexes: Path) -> Finder:
    """The finder of a release; `indexes` is the folder that holds one index per release.

    An index that is made later is found when it is there: only a whole finder is kept.
    """
    try:
        return edition.keep(("finder", indexes), lambda: _whole(edition, indexes))
    except IndexMissing:
        return Finder(PlainLook(edition), PLAIN_NOTE)


def _whole(edition: Edition, indexes: Path) -> Finder:
    return Finder(engine_of(index_directory(indexes, edition.release.id), SearchServer.configured()))


class PlainLook:
    """Looks for the words of a query in names, places and numbers of the projects: no sounds, no spelling."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def search(self, query: Query) -> Hits:
        """Projects that hold every word, the most urgent first."""
        if query.filters.values(FacetField.KIND) not in ((), (Kind.PROJECT.value,)):
            return Hits((), 0)
        words = query.typed.lower().split()
        found = prepared(self._edition)
        for word in words:
            found = found.filter(found["haystack"].str.contains(word, literal=True))
        page = found.slice(query.offset, query.size)
        hits = tuple(self._hit(row, words) for row in page.iter_rows(named=True))
        return Hits(hits, found.height, Closeness.EXACT)

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Names of projects that hold the text."""
        hits = self.search(Query(text, page_size=max(1, limit))) if text.strip() else Hits((), 0)
        return tuple(
            Suggestion(hit.title, Kind.PROJECT.value, hit.document.url) for hit in hits.hits[: max(0, limit)]
        )

    def _hit(self, row: dict[str, object], words: list[str]) -> Hit:
        region = str(row["region_code"] or "")
        document = SearchDocument(
            id=f"project:{row['project_id']}",
            kind=Kind.PROJECT,
            title=str(row["name"] or ""),
            url=f"/projects/{row['project_id']}",
            body=str(row["description"] or ""),
            regions=tuple(place.code for place in self._edition.places.line(region)),
            sector=str(row["sector"] or "") or None,
            amount_fen=amount_in(row, "adjusted").fen,
            status=str(row["status"] or "") or None,
            light=str(row["light"] or "") or None,
        )
        excerpt = document.body[:_EXCERPT]
        return Hit(document, _marked(document.title, words), _marked(excerpt, words))


def _marked(text: str, words: list[str]) -> Marked:
    spans: list[tuple[int, int]] = []
    for start, end in sorted(_places(text.lower(), words)):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return Marked(text, tuple(spans))


def _places(text: str, words: list[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = text.find(word)
        while at >= 0 and at + len(word) <= len(text):
            yield at, at + len(word)
            at = text.find(word, at + len(word))
