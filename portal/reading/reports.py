"""Reports about releases: the list of them, one release with what changed, and what was withheld and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from portal.reading.catalog import CatalogGroup, catalog
from portal.reading.changes import DatasetChanges, changes_between
from portal.reading.edition import Edition
from portal.reading.quantities import Amount, amount_in, share
from portal.reading.shelf import ReleaseNote
from portal.reading.tongue import tell, tell_all
from publishing.specs.model import STATUSES


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release in the list: the note, and whether it is the one that stands for today."""

    note: ReleaseNote
    is_current: bool


def release_list(notes: tuple[ReleaseNote, ...], current: int | None) -> tuple[ListedRelease, ...]:
    """All releases, newest first."""
    return tuple(ListedRelease(note, note.number == current) for note in notes)


@dataclass(frozen=True, slots=True)
class ReleasePage:
    """One release: its identity, its content, what changed, the releases beside it."""

    number: int
    id: str
    note: ReleaseNote
    groups: tuple[CatalogGroup, ...]
    before: ReleaseNote | None
    after: ReleaseNote | None
    changes: tuple[DatasetChanges, ...]
    coverage: tuple[Coverage, ...]
    source_digest: str
    policy_digest: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """One line of the coverage ledger: published + merged + withheld = official total, to the fen."""

    dataset: str
    dataset_title: str
    measure: str
    year: int
    published: Amount
    merged: Amount
    withheld: Amount
    official: Amount
    is_balanced: bool
    published_pct: float | None
    explanation: str


def note_before(notes: tuple[ReleaseNote, ...], number: int) -> ReleaseNote | None:
    """The newest standing release before that number."""
    return next((note for note in notes if note.number < number and note.withdrawn is None), None)


def release_page(edition: Edition, notes: tuple[ReleaseNote, ...], earlier: Edition | None) -> ReleasePage:
    """The page of one release, compared with the standing one before it."""
    standing = [note for note in notes if note.withdrawn is None]
    own = next((note for note in notes if note.number == edition.number), _note_of(edition))
    before = note_before(notes, edition.number)
    after = next((note for note in reversed(standing) if note.number > edition.number), None)
    return ReleasePage(
        number=edition.number,
        id=edition.release.id,
        note=own,
        groups=catalog(edition),
        before=before,
        after=after,
        changes=() if earlier is None else changes_between(earlier, edition),
        coverage=coverage(edition),
        source_digest=edition.release.lineage.source_digest,
        policy_digest=edition.release.lineage.policy_digest,
    )


def _note_of(edition: Edition) -> ReleaseNote:
    release = edition.release
    return ReleaseNote(release.number, release.id, release.published_at, release.as_of, release.manifest.note)


def _json(edition: Edition, name: str) -> dict[str, Any] | None:
    content = edition.document(name)
    if content is None:
        return None
    value = json.loads(content)
    return value if isinstance(value, dict) else None


def coverage(edition: Edition) -> tuple[Coverage, ...]:
    """The coverage ledger, line by line."""
    return tuple(_coverage(edition, row) for row in edition.frame("coverage").to_dicts())


def _coverage(edition: Edition, row: Mapping[str, Any]) -> Coverage:
    parts = [row["published"] or 0, row["merged"] or 0, row["withheld"] or 0]
    spec = edition.specs.get(row["dataset"])
    measure = row["measure"]
    titles = {column.name: column.title for column in spec.columns} if spec else {}
    published, official = amount_in(row, "published"), amount_in(row, "official_total")
    return Coverage(
        row["dataset"],
        spec.title if spec else row["dataset"],
        titles.get(measure, measure),
        row["fiscal_year"],
        published,
        amount_in(row, "merged"),
        amount_in(row, "withheld"),
        official,
        official.fen is None or sum(parts) == official.fen,
        share(published, official),
        row["explanation"] or "",
    )


@dataclass(frozen=True, slots=True)
class HiddenTable:
    """How many values of a table are there, and how many are not, by reason."""

    name: str
    title: str
    measure: str
    values: int
    published: int
    withheld: int
    merged: int
    not_reported: int


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out of free text: a kind and how often."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Remark:
    """A statement of the disclosure report that has no place of its own here: its name and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class DisclosureView:
    """The disclosure report of a release in plain words."""

    number: int
    has_report: bool
    promise: str
    rules: tuple[Remark, ...]
    tables: tuple[HiddenTable, ...]
    removed: tuple[Removed, ...]
    limits: tuple[str, ...]
    attack: tuple[Remark, ...]
    coverage: tuple[Coverage, ...]
    policy_text: str


TEXT_KINDS = {
    "NAME": "姓名",
    "ADDRESS": "住址",
    "ID_CARD": "身份证号",
    "MOBILE": "手机号",
    "LANDLINE": "固定电话",
    "BANK_ACCOUNT": "银行账号",
    "USCC": "个体工商户信用代码",
    "PLATE": "车牌号",
    "PASSPORT": "护照号",
    "EMAIL": "电子邮箱",
    "WECHAT": "微信号",
    "QQ": "QQ 号",
}


def disclosure_view(edition: Edition) -> DisclosureView:
    """What the release withholds, by which rule, and what is not protected yet."""
    report = _json(edition, "disclosure.json") or {}
    removed = (report.get("text") or {}).get("removed") or {}
    policy = edition.document("policy.txt")
    return DisclosureView(
        number=edition.number,
        has_report=bool(report),
        promise=_text(report, "promise"),
        rules=_remarks(report.get("rules") or report.get("policy")),
        tables=_hidden_tables(edition),
        removed=tuple(Removed(TEXT_KINDS.get(kind, kind), count) for kind, count in removed.items() if count),
        limits=_texts(report, "limits", "not_yet", "not_protected", "open", "caveats"),
        attack=() if report.get("attack") in (None, "not run") else _remarks(report["attack"]),
        coverage=coverage(edition),
        policy_text=policy.decode("utf-8", "replace") if policy else "",
    )


def _text(report: Mapping[str, Any], name: str) -> str:
    value = report.get(name)
    return value if isinstance(value, str) else ""


def _texts(report: Mapping[str, Any], *names: str) -> tuple[str, ...]:
    for name in names:
        value = report.get(name)
        if isinstance(value, list):
            return tuple(str(item) for item in value)
        if isinstance(value, str):
            return (value,)
    return ()


def _remarks(value: object) -> tuple[Remark, ...]:
    if isinstance(value, str):
        return (Remark("", value),)
    if isinstance(value, list):
        return tuple(Remark("", _said(item)) for item in value)
    if isinstance(value, dict):
        return tuple(Remark(str(name), _said(item)) for name, item in value.items())
    return ()


def _said(value: object) -> str:
    if isinstance(value, dict):
        return tell("；").join(tell("{}：{}", name, _said(item)) for name, item in value.items())
    if isinstance(value, list):
        return tell_all(_said(item) for item in value)
    return (
        {True: tell("是"), False: tell("否"), None: tell("无")}.get(value, str(value))
        if isinstance(value, (bool, type(None)))
        else str(value)
    )


def _hidden_tables(edition: Edition) -> tuple[HiddenTable, ...]:
    return edition.keep("hidden tables", lambda: tuple(_count_hidden(edition)))


def _count_hidden(edition: Edition) -> list[HiddenTable]:
    found = []
    for spec in edition.specs.values():
        frame = edition.frame(spec.name)
        for measure in spec.protected:
            counts = dict(
                frame.group_by(f"{measure}_status").agg(pl.len()).iter_rows() if frame.height else ()
            )
            by_status = {status: counts.get(status, 0) for status in STATUSES}
            found.append(
                HiddenTable(
                    spec.name,
                    spec.title,
                    spec.column(measure).title,
                    frame.height,
                    by_status["published"],
                    by_status["withheld"],
                    by_status["merged"],
                    by_status["not_reported"],
                )
            )
    return found
