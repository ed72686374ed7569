from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.server import Site, serving
from tests.conftest import Province


@pytest.fixture(scope="session")
def site(province: Province) -> Iterator[Site]:
    with serving(province.home.root) as running:
        yield running
