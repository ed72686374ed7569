"""What the interface says about releases, datasets and projects: documents of plain JSON values."""

from __future__ import annotations

from typing import Any

from portal.reading.catalog import downloads, spec_of
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease
from portal.reading.project_page import nearest_projects
from portal.reading.selection import as_rows
from portal.reading.shelf import ReleaseNote
from portal.reading.tongue import tell
from publishing.specs import Column, DatasetSpec

JsonObject = dict[str, Any]
PROJECT_PARTS = ("milestones", "project_months", "contracts", "indicators")


def release_document(edition: Edition) -> JsonObject:
    """Which release an answer comes from."""
    release = edition.release
    return {"number": release.number, "id": release.id, "published_at": release.published_at.isoformat()}


def releases_document(notes: tuple[ReleaseNote, ...]) -> list[JsonObject]:
    """All releases, newest first."""
    return [
        {
            "number": note.number,
            "id": note.id,
            "published_at": note.published_at.isoformat(),
            "as_of": note.as_of.isoformat(),
            "note": note.note,
            "withdrawn": note.withdrawn,
            "datasets": list(note.datasets),
        }
        for note in notes
    ]


def dataset_summary(edition: Edition, spec: DatasetSpec, base_url: str) -> JsonObject:
    """A dataset in the list of datasets."""
    pinned = f"{spec.name}@{edition.number}"
    return {
        "name": spec.name,
        "title": spec.title,
        "title_en": spec.title_en,
        "grain": spec.grain,
        "grain_en": spec.grain_en,
        "cadence": spec.cadence,
        "rows": edition.release.entry(spec.name).rows,
        "url": f"{base_url}/api/v1/datasets/{pinned}",
        "page": f"{base_url}/datasets/{pinned}",
    }


def dataset_document(edition: Edition, name: str, base_url: str) -> JsonObject:
    """A dataset with its dictionary and its files.

    Raises: DatasetNotFound.
    """
    spec = spec_of(edition, name)
    return {
        **dataset_summary(edition, spec, base_url),
        "description": spec.description,
        "key": list(spec.key),
        "columns": [column_document(column) for column in spec.columns],
        "files": [
            {"format": file.format, "url": base_url + file.path, "bytes": file.size, "sha256": file.sha256}
            for file in downloads(edition, name)
        ],
    }


def column_document(column: Column) -> JsonObject:
    """A column of the dictionary."""
    return {
        "name": column.name,
        "title": column.title,
        "title_en": column.title_en,
        "type": column.type.value,
        "role": column.role.value,
        "description": column.description,
        "unit": column.unit,
        "hierarchy": column.hierarchy,
        "level_of": column.level_of,
        "references": column.references,
        "additive": column.additive,
        "enum": list(column.enum) or None,
    }


def project_document(edition: Edition, project_id: str) -> JsonObject:
    """A project with its milestones, months, contracts and indicators.

    Raises: NotInRelease.
    """
    found = edition.runs("projects", "project_id").of(project_id)
    if not found.height:
        raise NotInRelease(
            tell("没有编号为 {} 的公开项目。", project_id[:60]), nearest_projects(edition, project_id)
        )
    document: JsonObject = as_rows(found, edition.specs["projects"].columns)[0]
    for name in PROJECT_PARTS:
        if name in edition.specs:
            rows = edition.runs(name, "project_id").of(project_id)
            document[name] = as_rows(rows, edition.specs[name].columns)
    return document
