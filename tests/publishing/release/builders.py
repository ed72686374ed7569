"""Small releases for tests: a table with a column of every type, and a tiny province."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from publishing.release.content import PublishedTable, ReleaseContent
from publishing.release.keys import SigningKey
from publishing.release.manifest import Lineage, Manifest
from publishing.release.store import ReleaseStore
from publishing.release.writer import write_release
from publishing.specs import Column, ColumnType, DatasetSpec, Disclosure, Role, dataset_spec
from publishing.specs.model import STATUSES

KEY = SigningKey("sunshine-test", bytes(range(32)))
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - made by TemporaryDirectory, for its owner
MOMENT = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def _column(name: str, kind: ColumnType, role: Role = Role.ATTRIBUTE, **more: Any) -> Column:
    return Column(name, f"{name}·名", name, kind, role, **more)


THINGS = DatasetSpec(
    "things",
    "各种东西",
    "things",
    "一件东西",
    "a thing",
    (
        _column("code", ColumnType.CODE, Role.DIMENSION),
        _column("name", ColumnType.TEXT),
        _column("paid", ColumnType.MONEY, Role.MEASURE, additive=True, protected=True),
        _column("paid_status", ColumnType.STATUS, Role.STATUS, enum=tuple(STATUSES)),
        _column("count", ColumnType.INTEGER, Role.MEASURE, additive=True),
        _column("rate", ColumnType.NUMBER, Role.MEASURE),
        _column("open", ColumnType.BOOLEAN),
        _column("begun_on", ColumnType.DATE),
        _column("month", ColumnType.MONTH),
        _column("fiscal_year", ColumnType.YEAR),
        _column("colour", ColumnType.CODE, enum=("red", "green")),
    ),
    ("code",),
    Disclosure.CELLS,
    ("payments",),
    "projects",
)

THING: dict[str, Any] = {
    "code": "001",
    "name": "桥",
    "paid": 123456,
    "paid_status": "published",
    "count": 3,
    "rate": 0.5,
    "open": True,
    "begun_on": date(2025, 2, 28),
    "month": date(2025, 2, 1),
    "fiscal_year": 2025,
    "colour": "red",
}
NOTHING: dict[str, Any] = {**dict.fromkeys(THING), "code": "002", "paid_status": "withheld"}


def table(spec: DatasetSpec, rows: Sequence[Mapping[str, Any]]) -> PublishedTable:
    """A table from rows; columns that a row does not name are null."""
    full = [{**dict.fromkeys(spec.schema), **row} for row in rows]
    return PublishedTable(spec, pl.DataFrame(full, schema=spec.schema))


def things(*rows: Mapping[str, Any]) -> PublishedTable:
    """Things, each with the given differences from a whole one."""
    return table(THINGS, [{**THING, **row} for row in rows])


def lineage(**more: Any) -> Lineage:
    """Where a test's release comes from."""
    facts: dict[str, Any] = {
        "source_digest": "sha256:source",
        "policy_digest": "sha256:policy",
        "as_of": date(2026, 10, 31),
        "title": "云岭省（虚构）",
        "fictional": True,
        "currency": "CNY",
        "attribution": "云岭省财政厅（虚构）",
        "program_version": "1",
    }
    return Lineage(**{**facts, **more})


def content(
    *tables: PublishedTable, documents: Mapping[str, bytes] | None = None, **more: Any
) -> ReleaseContent:
    """Content of a release; by default one thing and one document."""
    found = tables or (things({}, NOTHING),)
    return ReleaseContent(
        found, documents if documents is not None else {"notes.json": b"{}"}, lineage(**more)
    )


def publish(
    store: ReleaseStore,
    what: ReleaseContent | None = None,
    *,
    stage: bool = False,
    maker: str = "maker",
    note: str = "",
    at: datetime = MOMENT,
) -> Manifest:
    """Publish or stage a release."""
    return write_release(
        store,
        what if what is not None else content(),
        stage=stage,
        maker=maker,
        note=note,
        audience="public",
        published_at=at,
        keys=KEY,
    )


def store_in(folder: Path) -> ReleaseStore:
    """A store in a folder, whose readers trust the test's key only."""
    return ReleaseStore(folder / "public", trusted=KEY.public)


# ---------------------------------------------------------------- a tiny province
REGIONS: tuple[dict[str, Any], ...] = (
    {"region_code": "990000", "name": "云岭省", "parent_code": None, "level": "province"},
    {"region_code": "990100", "name": "甲市", "parent_code": "990000", "level": "city"},
    {"region_code": "990101", "name": "子县", "parent_code": "990100", "level": "county"},
    {"region_code": "990102", "name": "丑县", "parent_code": "990100", "level": "county"},
    {"region_code": "990200", "name": "乙市", "parent_code": "990000", "level": "city"},
)
FUNCTIONS: tuple[dict[str, Any], ...] = (
    {"function_code": "205", "name": "教育", "parent_code": None, "level": "class"},
    {"function_code": "20502", "name": "普通教育", "parent_code": "205", "level": "section"},
    {"function_code": "210", "name": "卫生", "parent_code": None, "level": "class"},
)


def province_tables() -> list[PublishedTable]:
    """The dimension tables of the tiny province."""
    return [table(dataset_spec("regions"), REGIONS), table(dataset_spec("functions"), FUNCTIONS)]


def spending_cells(
    payments: Mapping[tuple[int, str, str], int], withheld: frozenset[tuple[int, str, str]] = frozenset()
) -> PublishedTable:
    """Spending at every level from (year, region, function) -> fen; regions and functions of any level may be named."""
    region_parents = {row["region_code"]: row["parent_code"] for row in REGIONS}
    function_parents = {row["function_code"]: row["parent_code"] or "total" for row in FUNCTIONS}
    cells: dict[tuple[int, str, str], int] = {}
    for (year, region, function), fen in payments.items():
        for above in _upwards(region, region_parents):
            for over in _upwards(function, function_parents):
                cells[year, above, over] = cells.get((year, above, over), 0) + fen
    return table(dataset_spec("spending"), [_cell(key, fen, key in withheld) for key, fen in cells.items()])


def _upwards(code: str, parents: Mapping[str, str | None]) -> list[str]:
    found: list[str] = []
    step: str | None = code
    while step is not None:
        found.append(step)
        step = parents.get(step)
    return found


def _cell(key: tuple[int, str, str], fen: int, withheld: bool) -> dict[str, Any]:
    year, region, function = key
    levels = {row["region_code"]: row["level"] for row in REGIONS}
    function_levels = {"total": "total", **{row["function_code"]: row["level"] for row in FUNCTIONS}}
    return {
        "fiscal_year": year,
        "region_code": region,
        "region_level": levels[region],
        "function_code": function,
        "function_level": function_levels[function],
        "approved_status": "not_reported",
        "adjusted_status": "not_reported",
        "paid": None if withheld else fen,
        "paid_status": "withheld" if withheld else "published",
    }
