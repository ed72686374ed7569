from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.people import staff_of_the_project
from tests.builders.rooms import House, build_house, copied_home


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory, province_home: Path) -> Iterator[House]:
    """A house with people of the units behind the published projects; the tests of a file share it."""
    made = build_house(copied_home(province_home, tmp_path_factory.mktemp("village") / "home"))
    staff_of_the_project(made)
    yield made
    made.room.database.close()
