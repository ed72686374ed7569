from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.rooms import House, build_house, copied_home


@pytest.fixture(scope="session")
def staffed_home(tmp_path_factory: pytest.TempPathFactory, province_home: Path) -> Path:
    """A home with people and an internal release, to be copied."""
    home = copied_home(province_home, tmp_path_factory.mktemp("staffed") / "home")
    build_house(home).room.database.close()
    return home


@pytest.fixture(scope="session")
def staffed(tmp_path_factory: pytest.TempPathFactory, staffed_home: Path) -> House:
    """One house for tests that change nothing which another one looks at."""
    return build_house(copied_home(staffed_home, tmp_path_factory.mktemp("shared") / "home"))


@pytest.fixture
def house(tmp_path: Path, staffed_home: Path) -> Iterator[House]:
    """A house of one's own."""
    made = build_house(copied_home(staffed_home, tmp_path / "home"))
    yield made
    made.room.database.close()
