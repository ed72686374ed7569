"""The operational database as lines of text, for backups of a database that is not a file of ours.

Neither `pg_dump` nor any other program is needed, and the lines fit either database: what was saved from PostgreSQL can
be restored into PostgreSQL or into SQLite. Every table is read in one snapshot, so a backup may be made while people
write. The first line names the state of the tables; it must be that of the program that restores.

    {"format": "sunshine-rows-1", "revision": "0002"}
    {"table": "account", "columns": ["id", "login", …]}
    [1, "admin", …]
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, Date, Integer, LargeBinary, Table, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.writing.database import Database
from portal.writing.errors import DatabaseBusy
from portal.writing.migrating import migrate
from portal.writing.models import Base
from portal.writing.models.columns import Instant

FORMAT = "sunshine-rows-1"
ROWS_AT_ONCE = 500


class RowsRefused(Exception):
    """Saved rows cannot be put into this database; the message says why."""


def save_rows(database: Database, path: Path) -> None:
    """Write every row of every table. Raises: DatabaseBusy."""
    options = {} if database.is_sqlite else {"isolation_level": "REPEATABLE READ"}
    try:
        with (
            database.reader.connect().execution_options(**options) as connection,
            path.open("w", encoding="utf-8") as file,
        ):
            for line in _lines(connection):
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    except DBAPIError as error:
        raise DatabaseBusy from error


def _lines(connection: Connection) -> Iterator[object]:
    yield {"format": FORMAT, "revision": _revision(connection)}
    for table in Base.metadata.sorted_tables:
        yield {"table": table.name, "columns": [column.name for column in table.columns]}
        rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
            table.select().order_by(*table.primary_key.columns)
        )
        for row in rows:
            yield [_plain(value) for value in row]


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def refuse_unless_empty(database: Database) -> None:
    """Raises: RowsRefused when the database holds any table of ours; DatabaseBusy when it cannot be reached."""
    try:
        present = set(inspect(database.reader).get_table_names()) & set(Base.metadata.tables)
    except DBAPIError as error:
        raise DatabaseBusy from error
    if present:
        raise RowsRefused("数据库不是空的；恢复不会覆盖任何东西。请建一个新的空数据库。")


def restore_rows(database: Database, path: Path) -> None:
    """Make the tables, and put the saved rows into them: all or none.

    Raises: RowsRefused when the file is damaged or of another state of the tables, or the database is not empty.
    """
    refuse_unless_empty(database)
    migrate(database)
    try:
        with database.writer.begin() as connection, path.open(encoding="utf-8") as file:
            lines = (json.loads(line) for line in file)
            _check_header(next(lines, None), _revision(connection))
            for table in reversed(Base.metadata.sorted_tables):
                if table.name != "operation_log":  # empty, and its guards let nobody delete
                    connection.execute(table.delete())
            _put(connection, lines)
            if not database.is_sqlite:
                _advance_sequences(connection)
    except (ValueError, KeyError, TypeError, binascii.Error, IntegrityError) as error:
        raise RowsRefused(f"数据库的备份已损坏：{type(error).__name__}。") from error


def _check_header(header: Any, present: str) -> None:
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise RowsRefused("数据库的备份是别的版本的，读不出来。")
    if header["revision"] != present:
        raise RowsRefused(
            f"备份里的表结构是 {header['revision'] or '空'}，程序是 {present}。请用做备份时的程序版本恢复。"
        )


def _put(connection: Connection, lines: Iterator[Any]) -> None:
    table: Table | None = None
    columns: Sequence[Column[Any]] = ()
    waiting: list[dict[str, Any]] = []

    def send() -> None:
        if table is not None and waiting:
            connection.execute(table.insert(), waiting)
        waiting.clear()

    for line in lines:
        if isinstance(line, dict):
            send()
            table = Base.metadata.tables[line["table"]]
            columns = [table.columns[name] for name in line["columns"]]
            continue
        pairs = zip(columns, line, strict=True)
        waiting.append({column.name: _typed(column, value) for column, value in pairs})
        if len(waiting) == ROWS_AT_ONCE:
            send()
    send()


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    return value


def _advance_sequences(connection: Connection) -> None:
    """The next ids follow those that were put in by hand."""
    for table in Base.metadata.sorted_tables:
        key = table.columns.get("id")
        if key is None or not isinstance(key.type, Integer):
            continue
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name}
        ).scalar()
        if sequence is None:
            continue
        highest = connection.execute(text(f'SELECT max(id) FROM "{table.name}"')).scalar()  # noqa: S608 - our own names
        if highest is not None:
            connection.execute(
                text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
            )
