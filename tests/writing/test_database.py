from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from portal.writing import errors
from portal.writing.database import Database
from portal.writing.errors import DatabaseBehind, DatabaseBusy, WritingError
from portal.writing.migrating import check_tables, migrate
from portal.writing.models import Account, Base, Counter
from tests.writing.office import Office, answered


def test_the_migration_makes_the_tables_the_models_describe(database: Database) -> None:
    check_tables(database)
    with database.reader.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_every_foreign_key_has_an_index() -> None:
    for table in Base.metadata.tables.values():
        indexed = {next(iter(index.columns)).name for index in table.indexes}
        indexed |= {next(iter(table.primary_key.columns)).name}
        for column in table.columns:
            assert not column.foreign_keys or column.name in indexed, f"{table.name}.{column.name}"


def test_every_check_of_the_models_is_in_the_database(database: Database) -> None:
    inspector = inspect(database.reader)
    for table in Base.metadata.tables.values():
        wanted = {str(check.name) for check in table.constraints if str(check.name).startswith("ck_")}
        present = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        assert wanted <= present, table.name


def test_tables_that_are_missing_are_said_and_two_workers_make_them_once(empty_database: Database) -> None:
    with pytest.raises(DatabaseBehind):
        check_tables(empty_database)
    gate = threading.Barrier(2)

    def start(_: int) -> None:
        worker = Database(empty_database.url.render_as_string(hide_password=False))
        gate.wait()
        migrate(worker)
        worker.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, range(2)))
    check_tables(empty_database)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rating SET overall = 6",
        "UPDATE public_case SET status = 'lost'",
        "UPDATE approval SET decided_by = author_id",
        "UPDATE account_grant SET clearance = 13",
        "UPDATE public_case SET asker_id = 9999",
        "UPDATE clock SET working_days = 0",
    ],
)
def test_the_database_itself_refuses_what_cannot_be(office: Office, statement: str) -> None:
    answered(office)
    with office.database.writing() as session:
        session.connection().execute(
            text(
                "INSERT INTO rating (project_id, unit_id, region_path, person_key, overall, rated_at, changed_at, version)"
                " VALUES ('P', 'U', '/', 'k', 3, '2026-11-02 00:00:00', '2026-11-02 00:00:00', 0)"
            )
        )
    with pytest.raises(IntegrityError), office.database.writing() as session:
        session.connection().execute(text(statement))


def test_a_reading_session_cannot_write(office: Office) -> None:
    with (
        pytest.raises((DBAPIError, DatabaseBusy)),
        office.database.reading() as session,
    ):
        session.connection().execute(text("UPDATE account SET is_disabled = NULL"))
    with office.database.reading() as session, pytest.raises(TypeError):
        session.commit()


def test_an_error_in_the_middle_rolls_everything_back(office: Office) -> None:
    def fail() -> None:
        with office.database.writing() as session:
            session.add(Counter(name="half", last=1))
            session.flush()
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        fail()
    with office.database.reading() as session:
        assert session.get(Counter, "half") is None


def test_an_unreachable_database_is_said_in_our_words() -> None:
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseBusy), nowhere.reading() as session:
        session.exec(select(Account)).all()
    with pytest.raises(DatabaseBusy):
        check_tables(nowhere)
    nowhere.close()


def test_the_database_of_a_data_folder(tmp_path: Path) -> None:
    made = Database.at(tmp_path / "home")
    migrate(made)
    assert (tmp_path / "home" / "sunshine.db").exists()
    with made.reading() as session:
        assert session.connection().execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.connection().execute(text("PRAGMA foreign_keys")).scalar() == 1
    made.close()
    assert Database.at(tmp_path, "postgres://u@h/d").url.drivername == "postgresql+psycopg"


def every_error(kind: type[WritingError]) -> Iterator[type[WritingError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from every_error(child)


def test_the_tree_of_errors_is_drawn_where_it_is_declared() -> None:
    drawn = errors.__doc__ or ""
    for kind in every_error(WritingError):
        assert kind.__module__ == errors.__name__, kind
        assert kind.__name__ in drawn.split(), kind


def test_no_module_with_tables_postpones_its_annotations() -> None:
    folder = Path(errors.__file__).parent / "models"
    for name in ("people.py", "cases.py", "desk.py", "columns.py"):
        assert "import annotations" not in (folder / name).read_text(encoding="utf-8").replace(
            "No `from __future__ import annotations`", ""
        )
