"""The operational database: SQLite (WAL) or PostgreSQL behind two kinds of session.

`reading()` gives a session that cannot write; `writing()` one unit of work that is committed once, when the block ends
well, and rolled back when it does not. Events are added to the operation log by that commit. On SQLite a unit of work
takes the write lock when it begins, so two of them never deadlock half-way; on PostgreSQL rows are locked as they are
changed, and the end of the log last of all.

Races are for the database to decide: `insert_once` and `swap` tell whether this one won.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import ColumnElement, Connection, Engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session, create_engine, update

from portal.writing.audit import Event, seal
from portal.writing.errors import DatabaseBusy
from portal.writing.models import Base

BUSY_SECONDS = 15


class ReadingSession(Session):
    """A session for looking only; the database itself refuses to write in it."""

    def commit(self) -> NoReturn:
        """Nothing to commit."""
        raise TypeError("a reading session has nothing to commit; use Database.writing()")


class WritingSession(Session):
    """One unit of work. What happened is told with `tell`, and logged by the commit."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, expire_on_commit=False)
        self._events: list[Event] = []

    def tell(self, happened: Event) -> None:
        """Have the event logged in the same transaction as the change."""
        self._events.append(happened)

    def commit(self) -> None:
        """Write everything, then the log entries, then commit."""
        self.flush()
        seal(self, self._events)
        self._events.clear()
        super().commit()


class Database:
    """The engines of one database. Threads may share it; every process makes its own."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.writer = self._engine(pool_size, is_writer=True)
        self.reader = self._engine(pool_size, is_writer=False)

    @classmethod
    def at(cls, home: Path, url: str = "") -> Database:
        """The database of a data folder: `url` when it is given, else `sunshine.db` in the folder."""
        if not url:
            home.mkdir(parents=True, exist_ok=True)
        return cls(_with_driver(url) if url else f"sqlite:///{home / 'sunshine.db'}")

    def _engine(self, pool_size: int, *, is_writer: bool) -> Engine:
        if self.is_sqlite:
            engine = create_engine(
                self.url, pool_size=pool_size, max_overflow=50, connect_args={"timeout": BUSY_SECONDS}
            )
            _prepare_sqlite(engine, is_writer=is_writer)
            return engine
        return create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=20,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,
            execution_options={"postgresql_readonly": not is_writer},
            connect_args={
                "connect_timeout": 5,
                "options": f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC",
            },
        )

    @contextmanager
    def reading(self) -> Iterator[ReadingSession]:
        """A session that sees one state of the database and cannot change it."""
        with _busy_in_our_words(), ReadingSession(self.reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[WritingSession]:
        """One unit of work: committed at the end of the block, rolled back when the block raises."""
        with _busy_in_our_words(), WritingSession(self.writer) as session:
            yield session
            session.commit()

    def close(self) -> None:
        """Give back every connection."""
        self.writer.dispose()
        self.reader.dispose()


def _with_driver(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _prepare_sqlite(engine: Engine, *, is_writer: bool) -> None:
    """WAL, foreign keys, full durability; transactions begun by us, because the driver begins them too late."""

    def connected(connection: Any, record: ConnectionPoolEntry) -> None:
        del record
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if not is_writer:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    def began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)


@contextmanager
def _busy_in_our_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise DatabaseBusy from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseBusy from error
        raise


def insert_once(session: Session, row: Base) -> int | None:
    """Insert the row unless it would break a UNIQUE; the new id, or None when somebody was faster.

    For tables without an `id` the answer is 1 for an insertion.
    """
    table = Base.metadata.tables[str(type(row).__tablename__)]
    values = {column.name: getattr(row, column.name) for column in table.columns if column.name != "id"}
    returned = table.c.id if "id" in table.c else next(iter(table.primary_key))
    session.flush()
    insert = dialect_of(session).insert(table).values(values).on_conflict_do_nothing()
    found = session.connection().execute(insert.returning(returned)).first()
    if found is None:
        return None
    return int(found[0]) if "id" in table.c else 1


def dialect_of(session: Session) -> Any:
    """The module whose `insert` knows ON CONFLICT as this database says it."""
    return sqlite if session.get_bind().dialect.name == "sqlite" else postgresql


def swap(session: Session, model: type[Base], *where: ColumnElement[bool], **values: object) -> bool:
    """Change the one row that still is as the conditions say; False when somebody was faster."""
    session.flush()
    changed = session.exec(
        update(model).where(*where).values(**values).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)
