"""Houses for the tests of the rooms: the same journeys over HTTP on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.postgresql import Server
from tests.builders.rooms import House, build_house, copied_home

BACKENDS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory, staffed_home: Path) -> House:
    """One house for tests that change nothing which another one looks at."""
    return build_house(copied_home(staffed_home, tmp_path_factory.mktemp("shared") / "home"))


@pytest.fixture
def filed_house(tmp_path: Path, staffed_home: Path) -> Iterator[House]:
    """A house of one's own over SQLite, for what is about files and the same over either database."""
    made = build_house(copied_home(staffed_home, tmp_path / "home"))
    yield made
    made.room.database.close()


@pytest.fixture
def postgresql_house(
    tmp_path: Path, postgresql_server: Server, staffed_database: tuple[str, Path]
) -> Iterator[House]:
    """A house of one's own over PostgreSQL."""
    template, home = staffed_database
    url = postgresql_server.new_database(f"sunshine_house_{next(_NUMBERS)}", template)
    made = build_house(copied_home(home, tmp_path / "home"), SUNSHINE_DATABASE_URL=url)
    yield made
    made.room.database.close()


@pytest.fixture(params=BACKENDS)
def house(request: pytest.FixtureRequest) -> House:
    """A house of one's own; once over SQLite, once over PostgreSQL."""
    made: House = request.getfixturevalue("filed_house" if request.param == "sqlite" else "postgresql_house")
    return made
