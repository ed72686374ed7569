"""The catalogue: which datasets a release has, what stands in them, how to take them away and how to cite them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.reading.edition import Edition
from portal.reading.lights import LightRule, light_rules
from portal.reading.quantities import Said, amount_in, exact_text, quantity
from portal.reading.shelf import ReleaseNote
from portal.reading.tongue import tell
from portal.reading.words import FORMAT_WORDS, THEMES
from publishing.errors import DatasetNotFound
from publishing.specs import METRICS, Column, ColumnType, DatasetSpec, Disclosure, Metric
from publishing.specs.model import STATUSES

PREVIEW_ROWS = 8
DISCLOSURE_WORDS = {
    Disclosure.PUBLIC: "只涉及事务和机构，全部公开",
    Disclosure.CELLS: "含付给个人的款项，达不到规则的格子依规不公开",
    Disclosure.SAMPLE: "来自个人的意见，样本不足时不公布",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a dataset: format, address, size in octets and digest."""

    format: str
    label: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """A dataset as it stands in the catalogue."""

    name: str
    title: str
    grain: str
    cadence: str
    rows: int
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogGroup:
    """The datasets of one theme."""

    theme: str
    cards: tuple[DatasetCard, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value in a preview: its text, whether it is a number, or the mark that stands for it."""

    text: str
    is_number: bool = False
    mark: Said | None = None


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """The page of a dataset in one release."""

    spec: DatasetSpec
    number: int
    is_current: bool
    rows: int
    hidden: int
    theme: str
    disclosure: str
    twins: tuple[str, ...]
    columns: tuple[Column, ...]
    preview_columns: tuple[Column, ...]
    preview: tuple[tuple[Cell, ...], ...]
    downloads: tuple[Download, ...]
    versions: tuple[ReleaseNote, ...]
    citation: str
    bibtex: str
    currency: str


def catalog(edition: Edition) -> tuple[CatalogGroup, ...]:
    """The datasets of a release, by theme, in the order of the specs."""
    groups: dict[str, list[DatasetCard]] = {}
    for spec in edition.specs.values():
        card = DatasetCard(
            spec.name,
            spec.title,
            spec.grain,
            spec.cadence,
            edition.frame(spec.name).height,
            tuple(found.format for found in downloads(edition, spec.name)),
        )
        groups.setdefault(THEMES.get(spec.theme, spec.theme), []).append(card)
    return tuple(CatalogGroup(theme, tuple(cards)) for theme, cards in groups.items())


def spec_of(edition: Edition, name: str) -> DatasetSpec:
    """The spec of a dataset of this release.

    Raises: DatasetNotFound when the release has none of that name.
    """
    try:
        return edition.specs[name]
    except KeyError:
        raise DatasetNotFound(f"第 {edition.number} 号发布没有名为 {name} 的数据集。") from None


def dataset_page(
    edition: Edition, name: str, notes: tuple[ReleaseNote, ...], current: int, base_url: str
) -> DatasetPage:
    """The page of a dataset: dictionary, preview, downloads, versions, citation.

    Raises: DatasetNotFound.
    """
    spec = spec_of(edition, name)
    frame = edition.frame(name)
    shown = tuple(column for column in spec.columns if column.type is not ColumnType.STATUS)
    address = f"{base_url}/datasets/{name}@{edition.number}"
    return DatasetPage(
        spec=spec,
        number=edition.number,
        is_current=edition.number == current,
        rows=frame.height,
        hidden=_hidden(edition, spec),
        theme=THEMES.get(spec.theme, spec.theme),
        disclosure=DISCLOSURE_WORDS[spec.disclosure],
        twins=tuple(f"{measure}_status" for measure in spec.protected),
        columns=shown,
        preview_columns=shown,
        preview=tuple(
            tuple(cell(row, column) for column in shown) for row in frame.head(PREVIEW_ROWS).to_dicts()
        ),
        downloads=downloads(edition, name),
        versions=tuple(note for note in notes if name in note.datasets and note.withdrawn is None),
        citation=citation(edition, spec.title, address),
        bibtex=bibtex(edition, spec, address),
        currency=edition.currency.label,
    )


def _hidden(edition: Edition, spec: DatasetSpec) -> int:
    frame = edition.frame(spec.name)
    return sum(
        int(frame[f"{measure}_status"].is_in(["withheld", "merged"]).sum()) for measure in spec.protected
    )


def downloads(edition: Edition, name: str) -> tuple[Download, ...]:
    """The files of a dataset, at addresses whose bytes never change."""
    return tuple(
        Download(
            stored.format,
            FORMAT_WORDS.get(stored.format, stored.format),
            f"/datasets/{name}@{edition.number}/{name}.{stored.format}",
            stored.bytes,
            stored.sha256,
        )
        for stored in edition.release.entry(name).files
        if stored.format in FORMAT_WORDS
    )


def cell(row: Mapping[str, Any], column: Column) -> Cell:
    """A value of a row as text in a table; money exact, in the unit of account."""
    value = row[column.name]
    if column.type is ColumnType.MONEY:
        amount = amount_in(row, column.name)
        return (
            Cell(exact_text(amount.fen), is_number=True) if amount.fen is not None else _absent(amount.status)
        )
    if value is None:
        twin = row.get(f"{column.name}_status")
        return _absent(twin) if twin else Cell("")
    return Cell(_plain(value, column), column.type in (ColumnType.INTEGER, ColumnType.NUMBER))


def _absent(status: str) -> Cell:
    marks = {"withheld": "◫", "merged": "⊕", "not_reported": "…", "not_applicable": "—"}
    return Cell("", mark=Said("", "", "", marks.get(status, "…"), STATUSES.get(status, status)))


def _plain(value: Any, column: Column) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.type is ColumnType.MONTH and isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, date):
        return value.isoformat()
    if column.type is ColumnType.NUMBER and column.unit != "°":
        return quantity(value)
    return f"{value:,}" if column.type is ColumnType.INTEGER else str(value)


def citation(edition: Edition, title: str, address: str) -> str:
    """A citation in the form of GB/T 7714 for electronic resources."""
    release = edition.release
    return (
        f"{publisher(edition)}. {tell(title)}{tell('（第 {} 号发布）', release.number)}[DS/OL]. "
        f"{tell('（{}）', release.published_at.date())}. {address}."
    )


def bibtex(edition: Edition, spec: DatasetSpec, address: str) -> str:
    """The same for those who write in LaTeX."""
    release = edition.release
    return (
        f"@misc{{sunshine-{spec.name}-{release.number},\n"
        f"  author = {{{publisher(edition)}}},\n"
        f"  title = {{{tell(spec.title)}{tell('（第 {} 号发布）', release.number)}}},\n"
        f"  year = {{{release.published_at.year}}},\n"
        f"  note = {{{release.id}}},\n"
        f"  url = {{{address}}}\n}}"
    )


def publisher(edition: Edition) -> str:
    """Who publishes: the attribution of the release, else the name of the portal."""
    lineage = edition.release.lineage
    return lineage.attribution or lineage.title or "阳光财政"


@dataclass(frozen=True, slots=True)
class DictionaryView:
    """Every metric with its one formula, every dataset with its columns."""

    metrics: tuple[Metric, ...]
    specs: tuple[DatasetSpec, ...]
    statuses: tuple[tuple[str, str, str], ...]
    rules: tuple[LightRule, ...]


def dictionary(edition: Edition) -> DictionaryView:
    """The dictionary as this release was published with it."""
    marks = {"published": "0", "withheld": "◫", "merged": "⊕", "not_reported": "…", "not_applicable": "—"}
    return DictionaryView(
        METRICS,
        tuple(edition.specs.values()),
        tuple((marks[code], code, title) for code, title in STATUSES.items()),
        light_rules(edition),
    )
