"""What is already out: every earlier public release with the books behind it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from publishing.errors import ProtectionFailed
from publishing.home import Home
from publishing.protect import PastRelease, participation
from publishing.protect.keys import SHOWN_BY
from publishing.protect.recorded import Recorded, document_names
from publishing.release.reader import Release, open_release


def past_releases(home: Home) -> list[PastRelease]:
    """All public releases so far, oldest first; withdrawn ones too, because what was once out is known.

    Raises: ProtectionFailed when the internal store does not know what stood behind one of them: without it, nobody can
    say what a new release would give away.
    """
    public, internal = home.public, home.internal
    behind = {
        release.lineage.source_digest: release
        for release in _releases_of(internal.numbers(), home, audience="internal")
    }
    past = []
    for release in _releases_of(public.numbers(), home, audience="public"):
        books = behind.get(release.lineage.source_digest)
        if books is None:
            raise ProtectionFailed(
                f"the internal store does not hold the books behind public release {release.number}, so a new release "
                f"cannot be protected together with it; restore {home.root / 'internal'} from its backup"
            )
        documents = {name: books.document(name) for name in document_names()}
        tables = {
            name: release.table(name)
            for name in {"regions", "functions", "coverage", *(dataset for dataset, _ in SHOWN_BY)}
        }
        recorded = Recorded.from_documents(documents)
        past.append(PastRelease(release.number, recorded, tables, _voices(books)))
    return past


def certificates_of(home: Home, number: int) -> dict[str, bytes]:
    """The certificates of a public release by measure, from the internal store; none where it holds none."""
    source = open_release(home.public, number, withdrawn_too=True).lineage.source_digest
    found: dict[str, bytes] = {}
    for release in _releases_of(home.internal.numbers(), home, audience="internal"):
        if release.lineage.source_digest == source:
            found = {
                name.removeprefix("certificate-").removesuffix(".bin"): release.document(name)
                for name in release.documents
                if name.startswith("certificate-")
            }
    return found


def _voices(books: Release) -> pl.DataFrame | None:
    """The books of participation, where people took part."""
    if participation.DOCUMENT not in books.documents:
        return None
    return participation.from_document(books.document(participation.DOCUMENT))


def _releases_of(numbers: tuple[int, ...], home: Home, *, audience: str) -> Iterator[Release]:
    store = home.public if audience == "public" else home.internal
    for number in numbers:
        yield open_release(store, number, withdrawn_too=True)
