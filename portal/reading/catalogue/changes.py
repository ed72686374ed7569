"""What changed in one dataset from release to release, as an Atom feed: for whoever keeps a copy up to date."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from portal.reading.catalogue.model import Catalogue, Series, Version
from portal.reading.changes import DatasetChanges


def changes_feed(catalogue: Catalogue, series: Series, newest: DatasetChanges | None) -> str:
    """The feed; `newest` says how many rows changed between the two newest versions, when that is known.

    An entry never changes once it stands, so its moment is that of its release.
    """
    address = catalogue.identity.address
    title = escape(f"{series.newest.spec.title}：版本和变化")
    before: list[Version | None] = [older for _, older in pairwise(series.versions)]
    entries = [
        _entry(catalogue, version, older, newest if position == 0 else None)
        for position, (version, older) in enumerate(zip(series.versions, [*before, None], strict=True))
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n'
        f"<id>{escape(address(series.path) or series.path)}</id>\n<title>{title}</title>\n"
        f"<updated>{series.newest.issued.isoformat()}</updated>\n"
        f"<author><name>{escape(catalogue.publisher)}</name></author>\n"
        f'<link rel="self" href="{escape(address(f"/feeds/datasets/{series.name}.atom"))}"/>\n'
        f'<link href="{escape(address(series.path))}"/>\n' + "".join(entries) + "</feed>\n"
    )


def _entry(
    catalogue: Catalogue, version: Version, older: Version | None, changed: DatasetChanges | None
) -> str:
    address = escape(catalogue.identity.address(version.path))
    releases = escape(catalogue.identity.address(f"/releases/{version.number}"))
    return (
        f"<entry><id>{address}</id>"
        f"<title>{escape(version.spec.title)}，第 {version.number} 号发布</title>"
        f"<updated>{version.issued.isoformat()}</updated>"
        f'<link href="{address}"/><link rel="related" href="{releases}"/>'
        f"<summary>{escape(''.join(_sentences(version, older, changed)))}</summary></entry>\n"
    )


def _sentences(version: Version, older: Version | None, changed: DatasetChanges | None) -> list[str]:
    said = [f"{version.note.rstrip('。')}。"] if version.note else []
    said.append(f"数据截至 {version.as_of.isoformat()}。")
    if older is None:
        return [*said, f"{version.rows:,} 行。"]
    if version.digest == older.digest:
        return [*said, f"内容和第 {older.number} 号发布相同。"]
    said.append(f"{version.rows:,} 行，第 {older.number} 号发布是 {older.rows:,} 行。")
    if changed is not None:
        said.append(
            f"新增 {changed.added:,} 行，减少 {changed.removed:,} 行，改动 {changed.changed:,} 行；"
            "各合计为何变化，见发布页。"
        )
    return [*said, *_column_changes(version, older)]


def _column_changes(version: Version, older: Version) -> list[str]:
    now = [column.name for column in version.spec.columns]
    before = [column.name for column in older.spec.columns]
    new = [name for name in now if name not in before]
    gone = [name for name in before if name not in now]
    said = [f"新增列：{'、'.join(new)}。"] if new else []
    return [*said, f"取消列：{'、'.join(gone)}。"] if gone else said
