"""The same suite on SQLite and on a throw-away PostgreSQL that is started here, once for the run."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.writing.database import Database
from portal.writing.migrating import migrate
from tests.builders.postgresql import Server, fast_folder
from tests.writing.office import Office, open_office, staff

BACKENDS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="sunshine-writing-", dir=fast_folder()))
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def new_database_url(request: pytest.FixtureRequest, folder: Path) -> Callable[[str], str]:
    """Makes a database (`sqlite`, `empty sqlite` without tables, `staffed sqlite` with people) and gives its address."""
    models: dict[str, str] = {}

    def empty(backend: str) -> str:
        number = next(_NUMBERS)
        if backend == "sqlite":
            return f"sqlite:///{folder}/{number}.db"
        server: Server = request.getfixturevalue("postgresql_server")
        return server.new_database(f"sunshine_{number}")

    def copy(backend: str, *, is_staffed: bool) -> str:
        name = f"{backend} {is_staffed}"
        if name not in models:
            models[name] = empty(backend)
            made = Database(models[name])
            migrate(made)
            if is_staffed:
                staff(made)
            made.close()
        model, number = models[name], next(_NUMBERS)
        if backend == "sqlite":
            shutil.copy(model.removeprefix("sqlite:///"), folder / f"{number}.db")
            return f"sqlite:///{folder}/{number}.db"
        server: Server = request.getfixturevalue("postgresql_server")
        return server.new_database(f"sunshine_{number}", template=model.rsplit("/", 1)[1])

    def make(kind: str) -> str:
        state, _, backend = kind.rpartition(" ")
        return empty(backend) if state == "empty" else copy(backend, is_staffed=state == "staffed")

    return make


@pytest.fixture(params=BACKENDS)
def office(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> Iterator[Office]:
    """A database with the people of two invented units; once on SQLite, once on PostgreSQL."""
    made = Database(new_database_url(f"staffed {request.param}"))
    yield open_office(made)
    made.close()


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, new_database_url: Callable[[str], str]) -> Iterator[Database]:
    """A migrated database with nothing in it; once on SQLite, once on PostgreSQL."""
    made = Database(new_database_url(request.param))
    yield made
    made.close()


@pytest.fixture(params=BACKENDS)
def empty_database(
    request: pytest.FixtureRequest, new_database_url: Callable[[str], str]
) -> Iterator[Database]:
    """A database without tables."""
    made = Database(new_database_url(f"empty {request.param}"))
    yield made
    made.close()
