"""The feed of releases (Atom), for whoever wants to be told."""

from __future__ import annotations

from html import escape

from litestar import Response, get

from portal.reading.shelf import ReleaseNote
from portal.web.asking import CURRENT_HEADERS, AnyRequest, edition_of, standing_of
from portal.web.pages import site_of

ENTRIES = 50


@get("/feeds/releases.atom", sync_to_thread=False)
def releases_feed(request: AnyRequest) -> Response[bytes]:
    """The newest releases; a withdrawal changes its entry."""
    edition = edition_of(request)
    base = site_of(request).settings.base_url
    notes = standing_of(request).notes[:ENTRIES]
    lineage = edition.release.lineage
    author = escape(lineage.attribution or lineage.title or "阳光财政")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<id>urn:sunshine:releases:{escape(lineage.title)}</id>\n<title>{escape(lineage.title)}：发布</title>\n"
        f"<updated>{edition.release.published_at.isoformat()}</updated>\n<author><name>{author}</name></author>\n"
        f'<link rel="self" href="{escape(base)}/feeds/releases.atom"/>\n<link href="{escape(base)}/releases"/>\n'
        + "".join(_entry(note, base) for note in notes)
        + "</feed>\n"
    )
    return Response(body.encode(), media_type="application/atom+xml; charset=utf-8", headers=CURRENT_HEADERS)


def _entry(note: ReleaseNote, base: str) -> str:
    state = f"已撤回：{note.withdrawn}。" if note.withdrawn is not None else ""
    summary = escape(f"{state}{note.note} 数据截至 {note.as_of}，{len(note.datasets)} 个数据集。".strip())
    return (
        f"<entry><id>urn:{escape(note.id)}:{note.number}</id><title>第 {note.number} 号发布</title>"
        f"<updated>{note.published_at.isoformat()}</updated>"
        f'<link href="{escape(base)}/releases/{note.number}"/><summary>{summary}</summary></entry>\n'
    )
