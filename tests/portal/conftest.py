from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from portal.app import build_app
from portal.settings import Settings
from tests.builders.published import publish, publish_province, review_sheet_tables
from tests.builders.visitor import Visitor


@pytest.fixture(scope="session")
def province_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("province")
    publish_province(home, is_indexed=True)
    return home


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
