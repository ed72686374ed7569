"""Villages: houses whose staff work for the units behind published projects, over SQLite and over PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.people import staff_of_the_project
from tests.builders.postgresql import Server
from tests.builders.rooms import House, build_house, copied_home

BACKENDS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def filed_village(tmp_path_factory: pytest.TempPathFactory, staffed_home: Path) -> Iterator[House]:
    """A village over SQLite, shared by the tests of a file; for what a browser sees, whatever lies below."""
    made = build_house(copied_home(staffed_home, tmp_path_factory.mktemp("village") / "home"))
    staff_of_the_project(made)
    yield made
    made.room.database.close()


@pytest.fixture(scope="module")
def postgresql_village(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: Server, staffed_database: tuple[str, Path]
) -> Iterator[House]:
    """The same over PostgreSQL."""
    template, model = staffed_database
    url = postgresql_server.new_database(f"sunshine_village_{next(_NUMBERS)}", template)
    home = copied_home(model, tmp_path_factory.mktemp("village") / "home")
    made = build_house(home, SUNSHINE_DATABASE_URL=url)
    staff_of_the_project(made)
    yield made
    made.room.database.close()


@pytest.fixture(scope="module", params=BACKENDS)
def village(request: pytest.FixtureRequest) -> House:
    """A village for the tests of a file; once over SQLite, once over PostgreSQL."""
    name = "filed_village" if request.param == "sqlite" else "postgresql_village"
    made: House = request.getfixturevalue(name)
    return made
