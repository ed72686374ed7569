"""Letters to followers when a new release is out: once to each, and only where what they follow has changed.

What is followed is compared between the new release and the one before it that still stands: the published rows of a
project, a region or a unit, the first finds of a search. The letter names what changed and where to read it, and ends
with the link for leaving. Whoever began to follow after the release was published is not told of it.

Every process may do this: the database lets each letter be written once, and a mark says when all are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from portal.reading.edition import Edition
from portal.reading.finders import finder_of
from portal.reading.shelf import Shelf
from portal.web.following import said
from portal.web.writing_room import WritingRoom
from portal.writing.acting import Work
from portal.writing.follow import Followed, Following, all_following, mark_told, was_told, write_letter
from portal.writing.models.words import FollowKind
from publishing.release.store import ReleaseStore
from publishing.specs import dataset_spec
from search.engine import Query

LETTERS_AT_ONCE = 200
FINDS_COMPARED = 50
NAMED_AT_MOST = 6

TABLES: dict[FollowKind, tuple[tuple[str, str], ...]] = {
    FollowKind.PROJECT: (("projects", "project_id"), ("project_months", "project_id")),
    FollowKind.REGION: (("spending", "region_code"), ("projects", "region_code")),
    FollowKind.UNIT: (("spending_by_organisation", "org_id"), ("projects", "org_id")),
}
"""Where the rows of what is followed stand, and by which column they are found."""


@dataclass(frozen=True, slots=True)
class News:
    """What a release changed about one followed thing. `fields` are titles of columns, in the order of the tables."""

    path: str
    fields: tuple[str, ...] = ()
    finds: int | None = None

    @property
    def sentence(self) -> str:
        """The change in words."""
        if self.finds is not None:
            return f"检索结果有变化，现有 {self.finds:,} 条"
        shown = "、".join(self.fields[:NAMED_AT_MOST])
        return f"有变化的内容：{shown}{' 等' if len(self.fields) > NAMED_AT_MOST else ''}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The new release beside the one before; `before` is None when there is none to compare with."""

    after: Edition
    before: Edition | None
    indexes: Path

    def news_of(self, followed: Followed) -> News | None:
        """What changed about the thing; None when nothing did, or when the new release does not know it."""
        if followed.kind is FollowKind.SEARCH:
            return self._news_of_search(followed.target)
        tables = TABLES.get(followed.kind, ())
        titles = [title for table, key in tables for title in self._changed(table, key, followed.target)]
        return News(path_of(followed), tuple(dict.fromkeys(titles))) if titles else None

    def _changed(self, table: str, key: str, code: str) -> Iterator[str]:
        """Titles of the columns in which the rows of the code differ; that of the table when rows came or went."""
        spec = dataset_spec(table)
        after = _rows(self.after, table, key, code)
        before = _rows(self.before, table, key, code) if self.before is not None else {}
        if not after:
            return
        if after.keys() != before.keys():
            yield spec.title
        for column in spec.columns:
            if any(
                after[found].get(column.name) != before[found].get(column.name)
                for found in after.keys() & before.keys()
            ):
                yield column.title

    def _news_of_search(self, words: str) -> News | None:
        finds, found = self._finds(self.after, words)
        if self.before is not None and self._finds(self.before, words) == (finds, found):
            return None
        return News(path_of(Followed(FollowKind.SEARCH, words)), finds=finds)

    def _finds(self, edition: Edition, words: str) -> tuple[int, tuple[str, ...]]:
        hits = finder_of(edition, self.indexes).engine.search(Query(words, page_size=FINDS_COMPARED))
        return hits.total, tuple(sorted(hit.document.url for hit in hits.hits))


def _rows(edition: Edition, table: str, key: str, code: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows of a code by the key of their table."""
    columns = dataset_spec(table).key
    return {tuple(row[column] for column in columns): row for row in edition.runs(table, key).rows(code)}


def path_of(followed: Followed) -> str:
    """The page of what is followed."""
    if followed.kind is FollowKind.SEARCH:
        return f"/search?{urlencode({'q': followed.target})}"
    folder = {FollowKind.PROJECT: "projects", FollowKind.REGION: "regions", FollowKind.UNIT: "organisations"}
    return f"/{folder[followed.kind]}/{quote(followed.target, safe='')}"


def write_release_letters(room: WritingRoom, store: ReleaseStore, indexes: Path) -> int:
    """Write every letter of the current release that is not written yet; returns how many were."""
    shelf = Shelf(store)
    release = shelf.open_current()
    if release is None:
        return 0
    with room.database.reading() as session:
        if was_told(session, release.number):
            return 0
        readers = all_following(session, release.published_at, room.keys.followers)
    written = 0
    if readers:
        earlier = [note for note in shelf.notes() if note.number < release.number and note.withdrawn is None]
        before = Edition(shelf.open(earlier[0].number)) if earlier else None
        written = _write(room, Comparison(Edition(release), before, indexes), readers)
    with room.database.writing() as session:
        mark_told(Work(session, room.by_system(), room.rules), release.number, written)
    return written


def _write(room: WritingRoom, comparison: Comparison, readers: Sequence[Following]) -> int:
    known: dict[Followed, News | None] = {}
    written = 0
    for start in range(0, len(readers), LETTERS_AT_ONCE):
        batch = readers[start : start + LETTERS_AT_ONCE]
        for reader in batch:
            if reader.followed not in known:
                known[reader.followed] = comparison.news_of(reader.followed)
        with room.database.writing() as session:
            work = Work(session, room.by_system(), room.rules)
            for reader in batch:
                news = known[reader.followed]
                if news is not None:
                    written += _tell(work, comparison.after, reader, news, room.settings.base_url)
    return written


def _tell(work: Work, edition: Edition, reader: Following, news: News, base_url: str) -> bool:
    what = said(reader.followed, edition)
    body = (
        f"第 {edition.number} 号发布已公开，数据截至 {edition.release.as_of.isoformat()}。\n\n"
        f"您关注的{what}：{news.sentence}。\n\n"
        f"查看：{base_url}{news.path}\n"
        f"与上一次发布的差别：{base_url}/releases/{edition.number}\n"
    )
    once_key = f"release {edition.number} {reader.to.subscription_id}"
    return write_letter(work, once_key, reader.to, f"{what}：第 {edition.number} 号发布有更新", body)
