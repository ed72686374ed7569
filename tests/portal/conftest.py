from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.app import build_app
from portal.settings import Settings
from tests.builders.postgresql import Server
from tests.builders.published import publish, publish_province, review_sheet_tables
from tests.builders.rooms import build_house, copied_home
from tests.builders.visitor import Visitor


@pytest.fixture(scope="session")
def province_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("province")
    publish_province(home, is_indexed=True)
    return home


@pytest.fixture(scope="session")
def staffed_home(tmp_path_factory: pytest.TempPathFactory, province_home: Path) -> Path:
    """A home with people and an internal release, to be copied."""
    home = copied_home(province_home, tmp_path_factory.mktemp("staffed") / "home")
    build_house(home).room.database.close()
    return home


@pytest.fixture(scope="session")
def staffed_database(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: Server, staffed_home: Path
) -> tuple[str, Path]:
    """The name of a database on PostgreSQL with the same people, to be copied, and the home whose keys it needs."""
    home = copied_home(staffed_home, tmp_path_factory.mktemp("staffed-postgresql") / "home")
    for path in home.glob("sunshine.db*"):
        path.unlink()
    url = postgresql_server.new_database("sunshine_staffed")
    build_house(home, SUNSHINE_DATABASE_URL=url).room.database.close()
    return "sunshine_staffed", home


@pytest.fixture(scope="session")
def sheets_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sheets")
    publish(
        home,
        review_sheet_tables(),
        currency="JPY",
        fictional=False,
        title="行政事業レビューシート",
        attribution="JUDGIT! (CC BY 4.0)",
        as_of=date(2020, 3, 31),
    )
    return home


def visitor_to(home: Path, **settings: str) -> Visitor:
    return Visitor(build_app(Settings.read({"SUNSHINE_HOME": str(home), **settings}), "public"))


@pytest.fixture(scope="session")
def province(province_home: Path) -> Visitor:
    return visitor_to(province_home)


@pytest.fixture(scope="session")
def sheets(sheets_home: Path) -> Visitor:
    return visitor_to(sheets_home)
