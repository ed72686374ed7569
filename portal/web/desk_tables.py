"""Internal tables on the desk: rows within the scope of one's grants, and files of them marked with who took them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from portal.back_office import office_of
from portal.reading.edition import Edition
from portal.reading.errors import NotInRelease
from portal.reading.scoped import Reach, Window, visible_tables, window
from portal.web.asking import parameters_of
from portal.web.desk_exports import csv_bytes, download
from portal.web.guarding import Desk
from portal.web.private_pages import private_page
from portal.web.writing_room import AnyRequest, caller_of, room_of
from portal.writing.acting import Held, Subject, Work
from portal.writing.audit import Change
from portal.writing.permission_table import FIELD_CLEARANCE, RULES, Scope
from publishing.specs import Column, ColumnType, DatasetSpec
from publishing.specs.model import Role

PAGE = 50
MOST_ROWS = 200_000
FEN = 100


@dataclass(frozen=True, slots=True)
class TablesView:
    """The tables of which somebody sees at least one row."""

    number: int
    as_of: date
    tables: tuple[tuple[DatasetSpec, int], ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One page of one table."""

    number: int
    window: Window
    rows: tuple[tuple[str, ...], ...]
    sought: str
    before: int | None
    after: int | None


def reaches_of(subject: Subject, action: str) -> tuple[Reach, ...]:
    """How far the grants reach that a rule lets do the action to internal tables."""
    return tuple(
        _reach(held, is_all=rule.scope is Scope.ALL)
        for held in subject.held
        for rule in RULES
        if rule.role is held.role
        and rule.resource == "internal_table"
        and action in rule.actions
        and held.clearance >= max(rule.clearance, FIELD_CLEARANCE["internal_table"]["rows"])
        and rule.scope in {Scope.ALL, Scope.GRANTED}
    )


def _reach(held: Held, *, is_all: bool) -> Reach:
    sees_payees = held.clearance >= FIELD_CLEARANCE["internal_table"]["payees"]
    return Reach(held.unit_id, held.sector, held.region_code, is_all=is_all, sees_payees=sees_payees)


@get("/desk/tables", guards=[Desk("internal_table", "read")])
async def tables_page(request: AnyRequest) -> Response[bytes]:
    """TablesView."""
    office, reaches = office_of(request), reaches_of(caller_of(request).subject, "read")

    def look() -> TablesView:
        edition = office.internal()
        return TablesView(edition.number, edition.release.as_of, visible_tables(edition, reaches))

    return private_page(request, "desk/tables.html", await to_thread.run_sync(look))


@get("/desk/tables/{name:str}", guards=[Desk("internal_table", "read")])
async def table_page(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """TableView."""
    office, given = office_of(request), parameters_of(request)
    reaches = reaches_of(caller_of(request).subject, "read")
    sought, start = given.get("q", [""])[-1].strip()[:100], given.get("from", ["0"])[-1]
    offset = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 0

    def look() -> TableView:
        edition = office.internal()
        found = _without_statuses(_window(edition, name, reaches, sought, offset, PAGE))
        rows = tuple(
            tuple(said(value, column) for value, column in zip(row, found.columns, strict=True))
            for row in found.rows
        )
        after = offset + PAGE if offset + PAGE < found.total else None
        before = max(0, offset - PAGE) if offset else None
        return TableView(edition.number, found, rows, sought, before, after)

    return private_page(request, "desk/table.html", await to_thread.run_sync(look))


def _window(
    edition: Edition, name: str, reaches: tuple[Reach, ...], sought: str, offset: int, limit: int
) -> Window:
    """The rows in reach. A table of which no row is in reach is, for this person, not there."""
    if name not in {spec.name for spec, _ in visible_tables(edition, reaches)}:
        raise NotInRelease("没有这张表，或您无权查看。")
    return window(edition, name, reaches, sought=sought, offset=offset, limit=limit)


def _without_statuses(found: Window) -> Window:
    """Inside, every value is there: the twins that say why one is not are left to the files."""
    kept = [
        at
        for at, column in enumerate(found.columns)
        if column.role is not Role.STATUS and not column.name.endswith("_rule")
    ]
    columns = tuple(found.columns[at] for at in kept)
    return replace(found, columns=columns, rows=tuple(tuple(row[at] for at in kept) for row in found.rows))


def said(value: object, column: Column) -> str:
    """A value as a table shows it: money in yuan."""
    if value is None:
        return ""
    if column.type is ColumnType.MONEY and isinstance(value, int):
        return f"{value / FEN:,.2f}" if abs(value) < 10**15 else f"{value // FEN:,}"
    if column.type is ColumnType.MONTH and isinstance(value, date):
        return f"{value:%Y-%m}"
    return str(value)


def _exact(value: object, column: Column) -> object:
    """A value as a file holds it: money in yuan with two decimals, from whole fen."""
    if column.type is ColumnType.MONEY and isinstance(value, int):
        sign, fen = ("-" if value < 0 else ""), abs(value)
        return _Plain(f"{sign}{fen // FEN}.{fen % FEN:02d}")
    if column.type is ColumnType.MONTH and isinstance(value, date):
        return f"{value:%Y-%m}"
    return value


class _Plain:
    """A number that must not be taken for text that begins with a minus."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


@post("/desk/tables/{name:str}/export", guards=[Desk("internal_table", "export")], status_code=200)
async def export_table(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """All rows in reach as CSV; each row names who took it and when, and the log notes that it was taken."""
    office, room, caller = office_of(request), room_of(request), caller_of(request)
    reaches = reaches_of(caller.subject, "export")
    sought = parameters_of(request).get("q", [""])[-1].strip()[:100]
    login = caller.visit.login if caller.visit else ""

    def take(work: Work) -> bytes:
        edition = office.internal()
        found = _window(edition, name, reaches, sought, 0, MOST_ROWS)
        work.tell(
            "internal_table.export",
            "internal_table",
            name,
            Change("rows", None, len(found.rows)),
            Change("release", None, edition.number),
        )
        marks = (f"内部第 {edition.number} 号", login, work.acting.at.isoformat())
        return csv_bytes([*(column.name for column in found.columns), *MARKS], _rows(found, marks))

    body = await room.write(caller.acting, take)
    return download(body, f"{name}-{caller.acting.today:%Y%m%d}-{login}.csv", "text/csv")


MARKS = ("release", "taken_by", "taken_at")


def _rows(found: Window, marks: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    for row in found.rows:
        values = (_exact(value, column) for value, column in zip(row, found.columns, strict=True))
        yield (*values, *marks)


DESK_TABLES = [tables_page, table_page, export_table]
