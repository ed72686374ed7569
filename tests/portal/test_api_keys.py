"""Keys: a larger allowance, shown once, kept as a digest, ended everywhere at once."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from portal.api_keys import ApiKeys
from tests.builders.published import province_tables, publish
from tests.portal.conftest import visitor_to

PATH = "/api/v1/releases"
TODAY = date(2026, 11, 5)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    publish(tmp_path, province_tables(cities=1, counties=1, projects=4))
    return tmp_path


def test_a_key_has_an_allowance_of_its_own_and_a_larger_one(home: Path) -> None:
    visitor = visitor_to(home, SUNSHINE_RATE_LIMIT="2/minute", SUNSHINE_KEY_RATE_LIMIT="4/minute")
    key = ApiKeys.of(home).make(TODAY)
    keyed = [visitor.get(PATH, {"x-api-key": key}) for _ in range(5)]
    assert [answer.status_code for answer in keyed] == [200, 200, 200, 200, 429]
    assert keyed[0].headers["ratelimit-policy"] == '"api";q=4;w=60'
    assert [visitor.get(PATH).status_code for _ in range(3)] == [200, 200, 429]
    assert visitor.get("/api/v1/quota", {"x-api-key": key}).json()["tier"] == "key"
    assert visitor.get("/api/v1/quota").json()["tier"] == "anonymous"


def test_only_the_digest_of_a_key_is_kept_and_without_it_the_key_is_nothing(home: Path) -> None:
    keys = ApiKeys.of(home)
    key = keys.make(TODAY)
    assert re.fullmatch(r"sunshine_[\w-]{43}", key)
    (file,) = keys.root.iterdir()
    assert file.name == hashlib.sha256(key.encode()).hexdigest()
    assert key not in file.read_text()
    visitor = visitor_to(home)
    assert visitor.get("/api/v1/quota", {"x-api-key": key}).json()["tier"] == "key"
    assert keys.end(key.encode())
    assert not keys.end(key.encode())
    assert visitor.get("/api/v1/quota", {"x-api-key": key}).json()["tier"] == "anonymous"


@pytest.mark.parametrize("sent", ["", "x", "sunshine_" + "a" * 43, "../" * 20, "sunshine_" + "/" * 43])
def test_what_is_no_key_counts_as_nobodys(home: Path, sent: str) -> None:
    ApiKeys.of(home).make(TODAY)
    assert visitor_to(home).get("/api/v1/quota", {"x-api-key": sent}).json()["tier"] == "anonymous"


def test_the_internal_surface_has_no_limit(home: Path) -> None:
    visitor = visitor_to(home, SUNSHINE_RATE_LIMIT="1/minute", SUNSHINE_SURFACE="internal")
    assert [visitor.get(PATH).status_code for _ in range(3)] == [200] * 3
